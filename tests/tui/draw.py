#!/usr/bin/python3
"""draw.py [SESSION]: digits drawn on the workbench's canvas, by keys and by mouse, on a terminal and in tmux: they are recognised, kept and
saved, whatever happens meanwhile. With the file of a session that knows 0 to 4: its model recognises them, on either."""
import math, os, random, re, shutil, struct, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
work = tempfile.mkdtemp()
env = dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work, TMUX=None)
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
MODEL = 'build "flatten | dense 64, relu, dense 5, softmax"\r'

def check(good, what, t):
    if not good:
        print(t.text())
        raise SystemExit("FAIL: " + what)

def opened(cols=80, rows=24, argv=None, **more):
    t = Pty(argv or [thaw], cols, rows, pyte=pyte, env=dict(env, **more))
    t.until(lambda: "thaw>" in t.text(), 60, "the first frame")
    return t

def drawing(t):
    t.type("draw\r")
    t.until(lambda: " drawn " in t.text() and "brush" in t.text(), what="the canvas")

def away(t):
    """Back to the prompt: what is typed right behind Esc would be a key with Alt."""
    t.type("\x1b")
    t.until(lambda: " drawn " not in t.text(), what="the prompt")

def trained(t):
    """A small model that knows 0 to 4 well, within a second or two."""
    t.type(MODEL + "train lt5 epochs=2 batch=64\r")
    t.until(lambda: "Test accuracy" in t.text(), 300, "the end of the run")
    accuracy = float(re.search(r"Test accuracy: ([\d.]+)", t.text()).group(1))
    check(accuracy >= .97, f"an accuracy of {accuracy}", t)

def canvas(t):
    """The canvas on the screen: its left column, its upper row, columns, rows. Nothing as long as it is not all there."""
    lines = t.text().split("\n")
    for y, line in enumerate(lines):
        x = line.find(" drawn ") - 2
        right = line.find("╮", x)
        for bottom in range(y + 1, len(lines)) if x >= 0 and right > x else ():
            if lines[bottom][x:x + 1] == "╰":
                return x + 1, y + 1, right - x - 1, bottom - y - 1
    return None

def place(t):
    t.until(lambda: canvas(t), what="a whole canvas")
    return canvas(t)

def mouse(t, points, button=0):
    """A stroke through points of the canvas, 28 pixels each way."""
    x0, y0, w, h = place(t)
    cell = [f"{int(x0 + x * w / 28) + 1};{int(y0 + y * h / 28) + 1}" for x, y in points]
    t.type(f"\x1b[<{button};{cell[0]}M" + "".join(f"\x1b[<{button + 32};{c}M" for c in cell[1:]) + f"\x1b[<{button};{cell[-1]}m")

def ring():
    return [(14 + 6.5 * math.sin(a / 12 * math.pi), 14 - 8.5 * math.cos(a / 12 * math.pi)) for a in range(25)]

def verdict(t, digit):
    t.until(lambda: re.search(rf"(?<![\d.]){digit}  (1\.0|\.[5-9]\d)", t.text()), 30, f"a drawing that is predicted as {digit}")

def empty(t):
    t.type("c")
    t.until(lambda: "draw a digit" in t.text(), what="an empty canvas")

def keys_one(t):
    t.type(UP * 8 + " " + DOWN * 17 + " ")

def keys_zero(t):
    """Eight sides, the slanted ones in steps."""
    t.type(UP * 8 + LEFT * 2 + " " + RIGHT * 4 + (RIGHT + DOWN) * 4 + DOWN * 8 + (LEFT + DOWN) * 4 + LEFT * 4 + (LEFT + UP) * 4 + UP * 8 + (RIGHT + UP) * 4 + " ")

def middle(t):
    """The cursor, whose corner is known, in the middle."""
    t.type(UP * 28 + LEFT * 28 + DOWN * 14 + RIGHT * 14)

def loaded(t):
    t.type(f"load {sys.argv[1]}\r")
    t.until(lambda: "weights, " in t.text(), 60, "the session of the file")

def both(t):
    loaded(t) if sys.argv[1:] else trained(t)
    drawing(t)
    keys_one(t); verdict(t, 1); empty(t)
    middle(t)
    keys_zero(t); verdict(t, 0); empty(t)
    mouse(t, [(15, 5), (14, 23)]); verdict(t, 1); empty(t)
    mouse(t, ring()); verdict(t, 0)

def left(t):
    away(t)
    t.type("quit\r")
    check(t.end() == 0, "its end", t)
    t.close()

def on_a_terminal():
    t = opened()
    both(t)
    t.settled() # what is predicted of the last stroke comes later than its ink
    whole = t.text()
    mouse(t, [(2, y) for y in range(4, 26)] + [(14, y) for y in range(26, 4, -1)] + [(24, y) for y in range(4, 26)], button=2)
    t.until(lambda: t.text() != whole, what="ink that the right button takes away")
    t.type("u"); t.until(lambda: t.text() == whole, what="the drawing as it was")
    t.type("u"); t.until(lambda: "draw a digit" in t.text(), what="nothing behind the last stroke")
    mouse(t, [(15, 5), (14, 23)], button=4) # Shift makes an eraser of it, where the terminal lets it through
    t.settled()
    check("draw a digit" in t.text(), "Shift draws", t)
    left(t)

def recognised():
    t = opened()
    both(t)
    left(t)
    in_tmux()

def in_tmux():
    if shutil.which("tmux") is None:
        return
    conf = os.path.join(work, "tmux.conf")
    with open(conf, "w") as f:
        f.write("set -g mouse on\nset -g status off\nset -g default-terminal tmux-256color\nset -sg escape-time 0\n")
    t = opened(argv=["tmux", "-L", f"thaw-draw-{os.getpid()}", "-f", conf, "new-session", thaw])
    both(t)
    left(t)

def keys():
    """`?` has the keys of drawing, Esc comes back to the canvas; the header says what Esc does."""
    t = opened(120, 40)
    drawing(t)
    t.until(lambda: "arrows  Space pen  e eraser  c clear  u undo  + - brush  s save  Esc leave" in t.text(), what="all keys on a border")
    t.type("?")
    t.until(lambda: "in draw" in t.text() and "the pen down, or up again" in t.text() and "Esc back" in t.text(), what="the keys of drawing")
    t.type("\x1b")
    t.until(lambda: " drawn " in t.text() and "Esc prompt" in t.text(), what="the canvas again")
    t.type("z")
    t.until(lambda: "log" not in t.text() and "Esc unzooms" in t.text(), what="the canvas alone")
    t.type("\x1b")
    t.until(lambda: "log" in t.text() and "Esc prompt" in t.text(), what="all panes")
    t.type("\x1b")
    t.until(lambda: " drawn " not in t.text() and "─ digits" in t.text(), what="the digits, whose place it took")
    t.type("filters conv2d\r")
    t.until(lambda: "─ maps conv2d" in t.text(), what="filters")
    drawing(t)
    t.until(lambda: "─ maps conv2d" not in t.text(), what="the canvas in their place")
    t.type("\x1b")
    t.until(lambda: " drawn " not in t.text() and "─ maps conv2d" in t.text(), what="the filters again")
    drawing(t) # `left` leaves it
    left(t)

def kept():
    """The file answers as the drawing does; which outlives the screen, a layout and a model, and is there for the next one."""
    os.chdir(work)
    t = opened(120, 40)
    trained(t)
    drawing(t)
    mouse(t, ring()); verdict(t, 0)
    t.type("s")
    t.until(lambda: os.path.exists("thaw-draw.png"), what="the file")
    away(t)
    t.type("export svg draw; export pdf draw\r")
    t.until(lambda: os.path.exists("thaw-draw.svg") and os.path.exists("thaw-draw.pdf"), what="the drawing in the other formats")
    check("<image" in open("thaw-draw.svg").read() and open("thaw-draw.pdf", "rb").read(5) == b"%PDF-", "a drawing in them", t)
    t.type("log all.txt\rmode json\rpredict last\rpredict last fit=off centre=off\rpredict thaw-draw.png\rmode table\rlog off\r")
    t.until(lambda: os.path.exists("all.txt") and open("all.txt").read().count('"event":"predict"') == 3, what="three predictions")
    p = re.findall(r'"image":"([^"]*)".*?"probabilities":({[^}]*})', open("all.txt").read().replace("\n", ""))
    check([x[0] for x in p] == ["drawing", "drawing", "thaw-draw.png"], f"what is predicted: {p}", t)
    check(p[0][1] == p[2][1] != p[1][1], f"the file answers otherwise: {p}", t)
    t.type("tui off\r")
    t.until(lambda: "drawn" not in t.text(), what="lines")
    t.type("predict last\r")
    t.until(lambda: "thaw-draw.png  predicted 0" in t.text(), what="the drawing in line mode")
    t.type("draw\r")
    t.until(lambda: "`tui on` opens it" in t.text(), what="a refusal")
    t.type("tui on\r")
    t.until(lambda: "panes" in t.text(), what="the screen")
    drawing(t); verdict(t, 0)
    t.type("u")
    t.until(lambda: "draw a digit" in t.text(), what="the stroke taken back")
    mouse(t, ring()); verdict(t, 0)
    away(t)
    os.mkdir("small")
    for part in ("train", "t10k"): # 12x12 pixels: a bar each
        pixels = b"".join(bytes(255 if 3 <= i // 12 < 9 and 4 + k % 3 <= i % 12 < 6 + k % 3 else 0 for i in range(144)) for k in range(40))
        with open(f"small/{part}-images-idx3-ubyte", "wb") as f:
            f.write(struct.pack(">4i", 0x803, 40, 12, 12) + pixels)
        with open(f"small/{part}-labels-idx1-ubyte", "wb") as f:
            f.write(struct.pack(">2i", 0x801, 40) + bytes(k % 5 for k in range(40)))
    t.type("data small\r" + MODEL); t.settled()
    drawing(t)
    t.until(lambda: "not trained yet" in t.text() and "fitted into 6x6" in t.text(), what="the drawing for a model of 12x12 pixels")
    mouse(t, [(5, 5), (20, 20)]); t.settled()
    left(t)

def meanwhile():
    """Resized in the middle of a stroke, during a run, and with reports that no mouse sends."""
    rng = random.Random(7)
    t = opened(200, 60, argv=[thaw, "--data", small_data(os.path.join(work, "data"), 2000, 100)])
    drawing(t)
    away(t)
    t.type("train lt5 epochs=2000\r")
    t.until(lambda: "epoch" in t.text().split("\n")[0], 60, "the run")
    drawing(t)
    for n in range(12):
        cols, rows = rng.choice(((80, 24), (40, 8), (120, 40), (20, 5), (200, 60), (44, 12)))
        t.type(f"\x1b[<0;{rng.randint(1, cols)};{rng.randint(1, rows)}M")
        t.size(cols, rows)
        for _ in range(20):
            t.type(f"\x1b[<{rng.choice((32, 34, 35, 36, 64, 99))};{rng.randint(1, 3 * cols)};{rng.randint(1, 3 * rows)}{rng.choice('MMMm')}")
        t.type(rng.choice(" ebu+-") + rng.choice((UP, DOWN, LEFT, RIGHT)) * 30)
        t.pump(.05)
    t.type("\x1b[<0;2147483647;2147483647M\x1b[<32;1;1M\x1b[<0;1;1m")
    t.size(80, 24)
    t.type("\x1b\x1b")
    t.until(lambda: "s save" not in t.text(), what="the prompt, after all that")
    t.type("\x03") # which ends the run, or takes away what the keys above have typed
    t.until(lambda: t.text().rstrip().split("\n")[-1] == "thaw>", what="an empty line, after all that")
    t.type("draw\r")
    t.until(lambda: "s save" in t.text(), what="the canvas, after all that")
    empty(t)
    mouse(t, ring()); t.until(lambda: "fitted into 20x20" in t.text(), what="a drawing, after all that")
    away(t)
    t.type("\x04")
    t.until(lambda: t.proc.poll() is not None or "quit all the same?" in t.text(), what="its end or the question")
    t.type("y")
    check(t.end() == 0, "its end", t)
    t.close()

try:
    for test in (recognised,) if sys.argv[1:] else (on_a_terminal, in_tmux, keys, kept, meanwhile):
        test()
        print(test.__name__)
finally:
    shutil.rmtree(work, ignore_errors=True)
