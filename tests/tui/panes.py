#!/usr/bin/python3
"""panes.py: what a network sees while it trains: the confusion follows the epochs, and its cells show their images by key and by
click; filters and activations change from batch to batch, and stand still when they are frozen."""
import re, sys, time
sys.dont_write_bytecode = True
from term import Bench, wanted

t = Bench(wanted())
line, shows, fails = t.line, t.shows, t.fails

def cursor():
    """Where the cell of the cursor stands, and what the border says of it."""
    t.settled()
    for y, text in enumerate(t.text().split("\n")):
        cell = re.search(r"\[ *(\d+) *\]", text)
        if cell:
            said = re.search(r"(\d) as (\d): (\d+) of (\d+)", t.text())
            if said is None or said[3] != cell[1]:
                fails("the border says another count than the cell")
            return cell.start(), y, said[1], said[2], int(said[3])
    fails("there is no cursor")

line("set glyphs block"); line("focus confusion"); shows("no matrix yet", what="a pane without a matrix")
line("train gte5 epochs=2"); shows("confusion gte5 r1 epoch 2", "actual", "predicted", "recall", "Test accuracy", what="the matrix of a run")
line("focus confusion")
x, y, actual, predicted, n = cursor()
for text, of in (("\x1b[A", "up"), ("\x1b[B", "down"), ("\x1b[D", "left"), ("\x1b[C", "right"), ("0", "back to the worst")):
    t.type(text)
if cursor()[:2] != (x, y):
    fails("0 does not bring the cursor back to the worst pair")
t.type("\r")
shows(f"gte5 test: {n} images of {actual} predicted as {predicted} by r1 epoch 2: test:", f"digits {actual} taken for {predicted}, gte5 test", what="Enter shows the images")
t.type("\x07"); shows("confusion gte5 r1 epoch 2", f"{actual} as {predicted}: {n} of", what="Esc comes back to the matrix")
t.type("\x1b[D" if predicted != "5" else "\x1b[C")
other = cursor()
if other[:2] == (x, y):
    fails("an arrow does not move the cursor")
t.type(f"\x1b[<0;{x + 2};{y + 1}M\x1b[<0;{x + 2};{y + 1}m") # on the cell of before
t.until(lambda: t.text().count("images of") >= 2 and f"digits {actual} taken for {predicted}, gte5 test" in t.text(), 120, "a click shows the same images")
t.type("\x07"); shows(f"{actual} as {predicted}: {n} of", what="Esc comes back, with the cursor where the click was")

line("confusion lt5"); t.until(lambda: "─ answer" in t.text() and "─ confusion lt5 r1 epoch 2" in t.text(), 120, "the matrix of a command, and its pane")
t.type("x\x7f"); t.until(lambda: "─ answer" not in t.text() and "─ confusion lt5 r1 epoch 2" in t.text() and "recall" in t.text(), 120, "the pane stays")
line("show test:3 test:7"); shows("─ maps 2 pictures", "test:3", "test:7", what="pictures that were named, in a pane")
line("confused gte5 min=1"); t.until(lambda: "─ answer" in t.text() and "─ confusion gte5 r1 epoch 2" in t.text(), 120, "pairs, and the matrix that they are of")
line("confusion lt5"); line("focus confusion"); shows("confusion lt5 r1 epoch 2", what="the matrix again")
line("train lt5 epochs=100000 lr=0.00001"); line("focus confusion")
epoch = lambda: re.search(r"confusion lt5 r2 epoch (\d+)", t.text())
t.until(lambda: epoch() is not None, 120, "the matrix of an epoch")
before = epoch()[1]
t.until(lambda: epoch() is not None and epoch()[1] != before, 120, "the matrix of the next epoch")
# While the run goes on: a cell where the cursor was left may have no images by now, and the lines of quick epochs push the answer out of view.
images = lambda: re.search(r"lt5 test: \d+ images of \d predicted as \d by r2 epoch \d+", t.text()) is not None
for tried in range(60):
    t.type("0\r")
    end = time.time() + 2
    while not images() and time.time() < end:
        t.pump(.05)
    if images():
        break
    line("focus confusion")
else:
    raise SystemExit(f"FAIL: the images of a cell during a run did not come\n{t.text()}")
t.type("\x07\x07\x07"); line("stop"); shows("interrupted", what="the end of the run")
# the inside of the network: changing from batch to batch, still when frozen
def pane(name):
    """What is below the title of a pane of the right column, up to the next one, with colours."""
    borders = []
    def whole():
        rows = t.text().split("\n")
        top = next((i for i, row in enumerate(rows) if f" {name} " in row), len(rows))
        borders[:] = [top] + [i for i in range(top + 1, len(rows)) if "─" in rows[i][60:]][:1]
        return len(borders) == 2
    t.until(whole, 120, f"the pane {name}, whole")
    top, end = borders
    return [[(c.data, c.fg, c.bg) for c in (t.screen.buffer[y][x] for x in range(46, 119))] for y in range(top + 1, end)]
line("layout features"); shows("filters conv2d", "activations activation_1", "weight", "output", what="the layout features")
line("filters conv2d_1"); shows("filters conv2d_1", "weight, mean", what="the filters of the layer that was named")
line("activations conv2d test:7"); shows("activations conv2d ", "9 of test:7", what="what a layer makes of the picture that was named")
line("filters conv2d"); line("activations activation_1 test:0"); shows("filters conv2d ", "activations activation_1 ", "7 of test:0", what="as before")
line("train gte5 epochs=100000"); shows("moved ", "r3 epoch", what="filters that move")
filters, maps = pane("filters"), pane("activations")
t.until(lambda: pane("filters") != filters and pane("activations") != maps, 120, "filters and activations that change")
line("stop"); t.until(lambda: t.text().count("─ log") == 1 and "r3 epoch" not in t.text().split("\n")[0], 120, "the end of the run")
line("freeze features; train lt5 epochs=100000"); shows("❄ frozen, still in r4", "❄ 7 of test:0, frozen", "r4 epoch", what="frozen ones are marked")
number = lambda: max([int(n) for n in re.findall(r"r4 epoch (\d+)/", t.text())], default=0)
first = number()
t.until(lambda: number() > first > 0, 120, "the frame that says so, whole, as the next one has begun")
filters, maps = pane("filters"), pane("activations")
t.until(lambda: number() >= first + 6, 120, "five more epochs")
if pane("filters") != filters or pane("activations") != maps:
    fails("what is frozen does not stand still")
line("stop"); t.until(lambda: "r4 epoch" not in t.text().split("\n")[0], 120, "the end of the run")
# plot RUN selects that run in the pane, plot all of them again; several are drawn in text
line("layout train"); shows("─ accuracy", "─ loss", what="the layout train")
titles = lambda: re.findall(r"─ (accuracy|loss)( r\d \w+)?", t.text())
line("plot acc r2"); shows("of r2 alone", "accuracy r2 lt5", what="the run that was named")
if ("loss", "") not in titles():
    fails("the loss shows a run that was not named for it")
line("plot r1"); shows("of r1 alone", "accuracy r1 gte5", "loss r1 gte5", what="the run that was named, in both panes")
line("plot acc")
t.until(lambda: ("accuracy", "") in titles() and ("loss", " r1 gte5") in titles(), 120, "all runs again, in that pane")
line("plot loss logy"); shows("loss log", what="what was asked for besides")
line("plot loss r1"); shows("loss r1 gte5", what="the first run alone")
line("train lt5 epochs=1 limit=32"); shows("r5 epoch 1", what="another run")
t.until(lambda: ("loss", "") in titles(), 120, "its curve, in place of that of r1 alone")
line("plot acc r1 r2"); t.until(lambda: ("accuracy", " r1 r2") in titles(), 120, "two runs, in that pane")
line("plot"); t.until(lambda: ("accuracy", "") in titles(), 120, "the last runs again")
# a screen of the size that it has is the one that is seen, in its layout
line("layout beamer"); t.settled()
for file, size in (("seen", ""), ("sized", f" size={t.screen.columns}x{t.screen.lines}"), ("other", " size=100x50")):
    line(f"export svg screen{size} {t.work}/{file}.svg"); shows(f"wrote {t.work}/{file}.svg", what=f"the screen as {file}")
seen, sized, other = (open(f"{t.work}/{file}.svg").readlines() for file in ("seen", "sized", "other"))
if len(seen) != len(sized) or sum(a != b for a, b in zip(seen, sized)) > 100 or seen == other:
    fails(f"{len(seen)} and {len(sized)} lines, {sum(a != b for a, b in zip(seen, sized))} of them differ")
# a click on a digit predicts it, where it stands; what is shown of a run that goes on says so
line("layout train"); shows("─ digits", what="the digits"); t.settled()
rows = t.text().split("\n")
y = next(i for i, row in enumerate(rows) if "─ digits" in row)
x = rows[y].index("─ digits")
t.type(f"\x1b[<0;{x + 5};{y + 4}M\x1b[<0;{x + 5};{y + 4}m"); t.until(lambda: re.search(r"test:\d+  label \d", t.text()), 120, "a click on a digit")
line("gradcam test:3"); shows("─ maps gradcam of test:3", "overlay", "as computed", what="the map as computed, by its name")
# what was asked for gives way to the sample of the split by a key of its pane
t.type("\x07"); line("predict test:3"); shows("digits ", "0 of 1 ", what="a picture that was named")
line("focus digits"); shows("digits lt5 test ─ arrows", what="the keys of the pane"); t.type("0")
t.until(lambda: " of 1 wrong" not in t.text() and re.search(r"\d of \d+ wrong", t.text()), 120, "the sample of the split")
t.type("\x07"); line("diff r1 r2 conv2d"); shows("maps r1 → r2: what moved", what="what moved, in the pane of the maps")
line("build classes=10"); t.until(lambda: "what moved" not in t.text(), 120, "the maps of a model that is gone leave")
line("train lt5 epochs=100000"); shows("r6 epoch", what="a run"); line("filters conv2d"); shows("─ maps conv2d", "in r6 epoch ", what="of which moment they are")
line("quit"); shows("a run is going on; quit all the same? (y/n)", what="a question"); t.type("n")
t.until(lambda: "quit all the same" not in t.text(), 120, "no"); line("print 6 * 7"); shows("42", what="the session goes on")
line("quit"); shows("a run is going on; quit all the same? (y/n)", what="the question again"); t.type("y")
status = t.end(60)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
