#!/usr/bin/env bash
# Records demo.gif: the program in a window of kitty on a screen of its own, typed into and photographed after every key.
#
#   tests/demo/record.sh [FILE]     demo.gif at the top level if left out; STEPGRAD=path films a program that is built already
#
# Needs, by their names in Debian: xvfb kitty xdotool ffmpeg fonts-jetbrains-mono libgl1-mesa-dri. Takes about half a minute, and
# gives the same film on a slow machine: how long a picture stands is written below and not measured.
set -euo pipefail
cd "$(dirname "$0")/../.."
film=${1:-demo.gif}
stepgrad=${STEPGRAD:-target/release/stepgrad}
[ -n "${STEPGRAD:-}" ] || cargo build --release
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$stepgrad" "$work/bin/stepgrad"

# A screen, a window in it, and a shell that says nothing of who recorded this.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
until [ -s "$work/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
env PATH="$work/bin:$PATH" PS1='$ ' HISTFILE= LANG=C.UTF-8 \
    kitty --config tests/demo/kitty.conf --class film bash --noprofile --norc 2>/dev/null &
window=$(xdotool search --sync --onlyvisible --class film | tail -n 1)
eval "$(xdotool getwindowgeometry --shell "$window")"
xdotool mousemove $((X + WIDTH / 2)) $((Y + HEIGHT - 2)) # without a window manager the focus follows the pointer
sleep 2

look() { # look FILE: what the window shows now
    ffmpeg -loglevel error -f x11grab -draw_mouse 0 -video_size "${WIDTH}x$HEIGHT" -i "$DISPLAY+$X,$Y" -frames:v 1 -y "$1" </dev/null
}
count=0
: >"$work/last.ppm"
shot() { # shot SECONDS: once the window shows something new, and has come to rest. It stands that long, above the caption.
    local name
    for _ in {1..40}; do
        look "$work/a.ppm" && sleep 0.1 && look "$work/b.ppm"
        if cmp -s "$work/a.ppm" "$work/b.ppm" && ! cmp -s "$work/b.ppm" "$work/last.ppm"; then
            count=$((count + 1))
            name=$work/$(printf %03d $count).png
            ffmpeg -loglevel error -i "$work/b.ppm" -frames:v 1 -vf "pad=iw:ih+36:0:0:0x16181d,drawtext=textfile=$work/caption:\
expansion=none:font='JetBrains Mono':fontsize=18:fontcolor=0xffd479:x=16:y=h-12-ascent" -y "$name" </dev/null
            printf "file '%s'\nduration %s\n" "$name" "$1" >>"$work/shots"
            mv "$work/b.ppm" "$work/last.ppm"
            return
        fi
    done
    echo "nothing new is to be seen, or it does not come to rest: $(cat "$work/caption")" >&2
    return 1
}
press() { # press SECONDS KEY CAPTION
    printf '%s' "$3" >"$work/caption"
    xdotool key "$2"
    shot "$1"
}
run() { # run SECONDS COMMAND CAPTION CAPTION: typed letter by letter, under the first caption
    local letter
    printf '%s' "$3" >"$work/caption"
    while read -rN1 letter; do
        xdotool type "$letter"
        [ "$letter" = ' ' ] || shot 0.07
    done < <(printf '%s' "$2")
    press "$1" Return "$4"
}

printf 'a step debugger for backpropagation' >"$work/caption"
shot 0.5
run 2.2 stepgrad 'a step debugger for backpropagation' 'a neuron: o.grad = 1, everything before it is still 0'
press 1.7 n 'n   o._backward(): the gradient goes through tanh'
press 1.7 n 'n   n._backward(): a sum hands it on to both'
press 1.0 n 'n   b is a leaf: nothing to pass on'
press 1.6 n 'n   the next _backward'
press 1.8 n 'n   a product: each gets the other one, times the gradient'
press 1.7 N 'N   one step back'
press 1.2 n 'n   and forward again'
press 1.6 G 'G   to the end: every gradient is there'
press 0.2 q 'a value that is used twice'
run 2.0 'stepgrad a-plus-a' 'a value that is used twice' 'b = a + a: two edges between the same two values'
press 2.2 s 's   one line of b._backward(): a.grad is 1'
press 2.4 s 's   its second line: a.grad is 2'
press 3.2 equal "=   the notebook's old rule: the second line replaces the first, a.grad is 1"
press 4.0 exclam '!   why a.grad is 1: the second = threw away the first share; += adds it'

ffmpeg -loglevel error -f concat -safe 0 -i "$work/shots" -fps_mode vfr -loop 0 -vf "split[a][b];\
[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none:diff_mode=rectangle" -y "$film"
ffprobe -v error -show_entries format=duration,size -of default=noprint_wrappers=1 "$film"
