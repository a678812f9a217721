#!/usr/bin/python3
"""narrow.py: the screen that every terminal has, 80x24, where each pane on demand takes the place of the digits."""
import os, re, struct, sys, zlib
sys.dont_write_bytecode = True
from term import Bench, wanted

t = Bench(wanted(), 80, 24)
line, shows, fails = t.line, t.shows, t.fails

def png(side, value):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((value + 3 * (x ^ y)) % 256 for x in range(side)) for y in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))

def gone(text, what):
    t.until(lambda: text not in t.text(), 120, what)

# the first maps name what brings the panes back that they take the place of, which is not the first layout
line("layout inspect"); shows("digits gte5 test", what="the layout inspect")
line("filters conv2d"); shows("maps conv2d", "`layout inspect`", what="what the first maps say")
line("layout inspect"); shows("digits gte5 test", what="what they name"); line("layout train")

# the help of a pane says what each of its keys does
line("layout features"); line("focus activations"); shows("Enter zoom", what="the pane has the focus")
t.type("?"); shows("in activations", "scroll, where", what="what the arrows do"); t.type("\x1b"); t.type("\x07"); line("layout train")

# a layout brings its own panes back, whatever has taken their place
line("set glyphs block"); shows("digits gte5 test", "─ accuracy", what="the panes of the layout train")
for text, title in (("filters conv2d", "maps conv2d"), ("stats", "stats weights"), ("focus maps", "maps conv2d"), ("focus runs", "no run in this")):
    line(text); shows(title, what=text); gone("─ accuracy", f"the accuracy leaves for {text}")
    if text.startswith("focus"):
        t.type("\x18o\x07") # from there, so that it stays, and to the prompt
    line("layout train"); shows("digits gte5 test", "─ accuracy", what=f"the panes of the layout behind {text}")
line("filters conv2d"); shows("maps conv2d", what="the maps")
line("layout"); shows("layout train, of train ", "`layout default`", what="which layouts there are")
line("layout default"); shows("digits gte5 test", "─ accuracy", what="the panes of the first")
line("filters conv2d"); shows("maps conv2d", what="the maps again")
line("focus digits"); shows("digits gte5 test", what="the digits by their name")
t.type("\x07"); t.settled()

# half of its width is enough for what maps are of, when they were made, and how many there are besides
line("train gte5 epochs=1"); shows("r1 gte5", "Test accuracy", what="a run")
line("filters conv2d"); shows("maps conv2d ─", "after r1, 10 of 32", what="how old the filters are")
line("reset; freeze features; train lt5 epochs=1"); shows("gte5 → lt5", "Test accuracy", what="another run")
shows("maps conv2d ─", "after r1, 10 of 32", what="they are those of before")
line("diff"); shows("maps before r2 → r2", "─ after r2 ─", "bit-identical ", what="what stood still")
line("train gte5 epochs=1 limit=100"); shows("r3", what="a run behind it"); line("undo"); t.settled()
line("diff r2"); shows("maps r2 → r2: what", "─ after r2", what="what the model is behind undo")
line("reset head seed=5"); line("diff r2"); shows("─ r2 → r3, changed ─", "─ after r3, changed ─", what="a model that is of no run")
line("undo"); line("diff init r1"); shows("maps init → r1: what moved ─", "─ after r2 ─", what="between which points")
t.type("x\x7f"); line("activations test:0"); shows("maps activations of test:0 ─", "after r2 ─", what="when activations were")
t.type("x\x7f"); line("saliency test:0"); shows("─ saliency of test:0 for ", "after r2 ─", what="when a saliency was")
# a split of another data set, whose name means other classes here, is the one of nothing: neither of eval nor of a pane
for c, name in enumerate(("cat", "dog")):
    os.makedirs(f"{t.work}/pics/{name}")
    for i in range(30):
        with open(f"{t.work}/pics/{name}/{i}.png", "wb") as f:
            f.write(png(28, 99 * c + i))
t.type("x\x7f"); line("layout train"); line(f"data {t.work}/pics"); line("train all epochs=1")
shows("digits all test", "r4 all", what="a run on two classes")
line(f"data {t.work}/data"); line("eval"); shows("gte5 test: ", "Test accuracy", what="which split is evaluated")
t.type("x\x7f"); shows("digits gte5 test", what="the same split in the digits")
t.until(lambda: " all " not in t.text().split("\n")[0] and "digits all" not in t.text(), 120, "and in the header")
line("quit")
status = t.end(60)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
# what stays on the terminal names no way into panes that are gone, and the one back to the work
left = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x0f", "", t.log.decode(errors="replace")).rpartition("╭─ model ")[2]
if not left.startswith("───") or "activation_3" not in left or "focus" in left or "shown" in left or " of 12" in left:
    raise SystemExit(f"FAIL: the picture that stays\n{left}")
said = [row for row in left.replace("\r", "").split("\n") if row.startswith("thaw: ")]
if len(said) != 2 or said[0] != "thaw: saved the session; `load autosave` brings it back" or "autosave.safetensors" not in said[1]:
    raise SystemExit(f"FAIL: the way back to the work: {said}")
