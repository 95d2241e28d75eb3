#!/usr/bin/env python3
"""The whole program beside others, in turn, in one run: time, memory, and time to the first frame.

    cargo build --release --bins --example minimal
    python3 tests/bench/whole.py [VALUES] [ROUNDS] [SHAPE]...    # 1,000,000 and 5; some minutes and 3 GB

Wants jq and the Python package micrograd. What is not there is said and skipped. Medians, and the median of the ratios
of each round.
"""

import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

VALUES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STEPGRAD = os.path.join(ROOT, "target", "release", "stepgrad")
SHAPES = sys.argv[3:] or ["chain", "mlp", "fan-out"]

# The notebook's class, on a file: what everybody would write first.
NOTEBOOK = f'''
import json, sys, threading
sys.path.insert(0, {os.path.join(ROOT, "tests", "exporters")!r})
from notebook import Value

def main():
    made = {{}}
    for name, value in json.load(open(sys.argv[1]))['values'].items():
        if 'data' in value:
            made[name] = Value(value['data'], label=name)
        else:
            args = [made[arg] for arg in value['args']]
            made[name] = {{'+': lambda: args[0] + args[1], '*': lambda: args[0] * args[1], 'tanh': lambda: args[0].tanh()}}[value['op']]()
            made[name].label = name
    made[name].backward()

# As deep as it has to be: the notebook's own limit is a depth of 997.
sys.setrecursionlimit(10**8)
threading.stack_size(2**30)
thread = threading.Thread(target=main)
thread.start()
thread.join()
'''

# What micrograd itself takes for `backward()` alone, in nanoseconds a value.
MICROGRAD = '''
import json, sys, threading, time
from micrograd.engine import Value

def main():
    made = {}
    for name, value in json.load(open(sys.argv[1]))['values'].items():
        if 'data' in value:
            made[name] = Value(value['data'])
        else:
            args = [made[arg] for arg in value['args']]
            # PyPI's has relu and no tanh.
            made[name] = {'+': lambda: args[0] + args[1], '*': lambda: args[0] * args[1], 'tanh': lambda: args[0].relu()}[value['op']]()
    start = time.perf_counter()
    made[name].backward()
    print((time.perf_counter() - start) * 1e9 / len(made))

sys.setrecursionlimit(10**8)
threading.stack_size(2**30)
thread = threading.Thread(target=main)
thread.start()
thread.join()
'''


def whole(command):
    """Seconds and peak bytes of a whole process."""
    start = time.perf_counter()
    with open(os.devnull, "w") as null:
        child = subprocess.Popen(command, stdout=null, stderr=null)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, used.ru_maxrss * 1024, child.returncode


def compare(what, ours, theirs, times_faster=False):
    rounds = []
    for _ in range(ROUNDS):
        mine, other = whole(ours), whole(theirs)
        if mine[2] != 0 or other[2] != 0:
            print(f"{what}: exit statuses {mine[2]} and {other[2]}: not compared")
            return
        rounds.append((mine, other))
    time_ratio = statistics.median(mine[0] / other[0] for mine, other in rounds)
    memory_ratio = statistics.median(mine[1] / other[1] for mine, other in rounds)
    middle = lambda side, at: statistics.median(round[side][at] for round in rounds)
    said = f"{1 / time_ratio:.1f} times faster" if times_faster else f"{time_ratio:.3f} of its time"
    print(
        f"{what}: {middle(0, 0):.2f} s and {middle(0, 1) / 1e6:.0f} MB, "
        f"{middle(1, 0):.2f} s and {middle(1, 1) / 1e6:.0f} MB: {said}, {memory_ratio:.3f} of its memory",
        flush=True,
    )


class Terminal:
    """A program in a pseudo-terminal of 120x35, and what it has written."""

    def __init__(self, command):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 35, 120, 0, 0))
            os.execv(command[0], command)
        self.written = b""

    def until(self, wanted, patience=60.0):
        """Seconds from the start until that has been written."""
        while wanted not in self.written:
            if not select.select([self.fd], [], [], patience)[0]:
                raise TimeoutError(f"{wanted!r} was never written")
            self.written += os.read(self.fd, 1 << 16)
        return time.perf_counter() - self.start

    def send(self, keys):
        while keys:
            keys = keys[os.write(self.fd, keys[:1024]):]
            while select.select([self.fd], [], [], 0)[0]:
                self.written += os.read(self.fd, 1 << 16)

    def memory(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


# The end of a synchronized update: a frame is on the screen.
FRAME = b"\x1b[?2026l"


def first_frame(command, wanted=FRAME):
    terminal = Terminal(command)
    seconds = terminal.until(wanted)
    terminal.end()
    return seconds


def frames(files):
    minimal = os.path.join(ROOT, "target", "release", "examples", "minimal")
    commands = {"ten values": [STEPGRAD, "neuron"], **{f"{shape}, the bar": [STEPGRAD, path] for shape, path in files.items()}}
    if os.path.exists(minimal):
        commands["a minimal ratatui program"] = [minimal]
    else:
        print("P8: no minimal ratatui program: cargo build --release --example minimal")
    times = {name: [] for name in commands}
    for _ in range(ROUNDS * 20):
        for name, command in commands.items():
            times[name].append(first_frame(command, b"minimal" if "minimal" in name else FRAME))
    for name, other in [("ten values", "a minimal ratatui program")] + [(name, "ten values") for name in commands if "bar" in name]:
        if other in times:
            ratio = statistics.median(mine / theirs for mine, theirs in zip(times[name], times[other]))
            print(
                f"P8 first frame, {name}: {statistics.median(times[name]) * 1e3:.1f} ms, "
                f"{other} {statistics.median(times[other]) * 1e3:.1f} ms: ratio {ratio:.2f}",
                flush=True,
            )


def held_key(files):
    """3,000 times `n` at once: how long until the screen says so."""
    for shape, path in files.items():
        terminal = Terminal([STEPGRAD, path])
        opened = terminal.until(b"node")
        start = time.perf_counter()
        before = len(terminal.written)
        terminal.send(b"n" * 3000)
        terminal.until(b"3000")
        seconds = time.perf_counter() - start
        count = terminal.written[before:].count(FRAME)
        print(
            f"P8 {shape}: debugger after {opened:.2f} s; 3000 n in {seconds * 1e3:.0f} ms, {count} frames; "
            f"{terminal.memory() / VALUES:.0f} bytes a value",
            flush=True,
        )
        terminal.end()


def micrograd(files, folder):
    code = os.path.join(folder, "micrograd_backward.py")
    with open(code, "w") as file:
        file.write(MICROGRAD)
    if subprocess.run([sys.executable, "-c", "import micrograd"], capture_output=True).returncode != 0:
        print("P2: the package micrograd is not there: skipped")
        return
    for shape, path in files.items():
        rounds = []
        for _ in range(ROUNDS):
            theirs = subprocess.run([sys.executable, code, path], capture_output=True, text=True)
            ours = subprocess.run(bench("backward", shape, str(VALUES)), cwd=ROOT, capture_output=True, text=True)
            if theirs.returncode != 0 or not theirs.stdout.strip():
                print(f"P2 {shape}: micrograd died: {theirs.stderr.strip().splitlines()[-1:]}")
                break
            rounds.append((float(theirs.stdout), float(ours.stdout)))
        if rounds:
            ratio = statistics.median(theirs / ours for theirs, ours in rounds)
            print(f"P2 backward(), {shape}: {ratio:.0f} times faster than PyPI micrograd's, ns a value {rounds[0]}", flush=True)


def bench(*arguments):
    """The engine's benchmark, asked for something."""
    return ["cargo", "bench", "-q", "--bench", "engine", "--", *arguments]


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = {shape: os.path.join(folder, f"{shape}.json") for shape in SHAPES}
        for shape, path in files.items():
            subprocess.run(bench("write", shape, str(VALUES), path), cwd=ROOT, check=True)
        notebook = os.path.join(folder, "notebook.py")
        with open(notebook, "w") as file:
            file.write(NOTEBOOK)
        frames(files)
        held_key(files)
        for shape, path in files.items():
            size = os.path.getsize(path) / 1e6
            test = [STEPGRAD, "test", path]
            if shutil.which("jq"):
                compare(f"P4 stepgrad test, {shape}, {size:.0f} MB, against jq empty", test, ["jq", "empty", path])
            else:
                print("P4: jq is not there: skipped")
            compare(f"P5, P10 the same against the notebook's class, {shape}", test, [sys.executable, notebook, path], True)
        micrograd(files, folder)


if __name__ == "__main__":
    main()
