"""Graphs of micrograd: its README's, a network, the loss of its demo, a long chain, random ones. Says which files it wrote."""
import random
import sys
import threading

from micrograd.engine import Value
from micrograd.nn import MLP
from stepgrad_export import export


def write(root, file, **fields):
    root.backward()
    export(root, file, **fields)
    print(file)


def readme():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    write(g, "readme.json", names=locals())


def networks():
    random.seed(1337)
    net = MLP(3, [4, 4, 1])  # with a squared error: 128 values for one example
    write((net([2.0, 3.0, -1.0]) - 1.0) ** 2, "mlp.json", title="MLP(3, [4, 4, 1]), one example")
    net = MLP(2, [16, 16, 1])  # the demo's, with its loss: margin and regularization
    losses = [(1 + -y * net(x)).relu() for x, y in (((0.5, -1.2), 1), ((-0.3, 0.8), -1))]
    write(sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in net.parameters()), "demo.json")


def chain():
    one, value = Value(1.0), Value(0.5)
    for i in range(5000):
        value = value + one if i % 3 else value * 0.999
    write(value, "chain.json")


def drawn(seed):
    """Any operation on any values made so far, kept at a size where numbers stay numbers."""
    pick = random.Random(seed)
    values = [Value(pick.uniform(-2, 2)) for _ in range(pick.randint(1, 5))]
    for _ in range(pick.randint(5, 60)):
        a, b = pick.choice(values), pick.choice(values)
        made = pick.choice([
            lambda: a + b, lambda: a - b, lambda: a * b, lambda: -a, lambda: a.relu(), lambda: a + a, lambda: a - a, lambda: a * a,
            lambda: a / (b * b + 1), lambda: a**2, lambda: a**3, lambda: (a * a + 0.5) ** 0.5, lambda: (a * a + 1) ** -1.5,
            lambda: 2 - a, lambda: 3 / (a * a + 1), lambda: 1.5 * a, lambda: a + 1,
        ])()
        values.append(made if abs(made.data) < 50 else made * 0.01)
    write(sum(values), f"random-{seed}.json")


def all():
    readme()
    networks()
    chain()
    for seed in range(25):
        drawn(seed)


# micrograd's own backward() recurses.
sys.setrecursionlimit(100_000)
threading.stack_size(512 << 20)
thread = threading.Thread(target=all)
thread.start()
thread.join()
