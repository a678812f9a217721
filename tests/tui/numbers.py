#!/usr/bin/python3
"""numbers.py: the network as numbers, in panes of a session: stats and explain follow a run, a probe stands as of its moment; each comes
into view by its command and leaves by Esc, and leaves with the model that it was of."""
import os, re, sys
sys.dont_write_bytecode = True
from term import Bench, wanted

t = Bench(wanted())
line, shows, fails = t.line, t.shows, t.fails

def rows(title):
    """The rows of the pane of that title, the lowest at the right, from the border of its title to the next one; none while it is not
    whole."""
    text = t.text().split("\n")
    top = next((i for i, row in enumerate(text) if f"─ {title}" in row), len(text))
    left = next((x for x in range(30, 60) if text[top:] and text[top][x:x + 1] in "├╭┬"), 0)
    end = next((i for i in range(top + 1, len(text)) if text[i][left:left + 1] not in ("│", "┤")), 0)
    return [row[left + 1:119] for row in text[top + 1:end]]
def changes(title, what):
    """The pane shows something else than it did, while the run goes on."""
    t.until(lambda: rows(title) != [], 120, f"the pane {title}")
    before = rows(title)
    t.until(lambda: rows(title) not in ([], before), 120, what)
def leaves(pane, title):
    """By Esc, when it has the focus; the digits have their place again."""
    line(f"focus {pane}"); shows(f"─ {title}", "arrows", what=f"the keys of {pane}")
    t.type("\x1b")
    t.until(lambda: f"─ {title}" not in t.text() and "─ digits " in t.text(), 120, f"{pane} leaves by Esc")

line("set glyphs block"); line("focus stats"); shows("─ stats weights ", "600,165 numbers", what="stats without a command")
t.type("\x1b"); t.until(lambda: "─ stats " not in t.text(), 120, "it leaves by Esc")
line('build "conv2d 4 5, relu, max_pooling2d 4, flatten | dense 5, softmax"'); shows("conv2d ", what="a small model")
line("stats head"); shows("─ stats weights ", "weights: 725 in 2 tensors", " 725 numbers", what="stats by its command")
if not any("dense kernel" in row for row in rows("stats weights")) or any("conv2d" in row for row in rows("stats weights")):
    fails("the head alone was asked for")
line("train gte5 epochs=100000 lr=0.003"); shows("r1 ", what="a run")
changes("stats weights", "weights that change in a run")
line("stats conv2d grad"); shows("─ stats gradients ", "conv2d kernel", "loss ", what="gradients in a run")
changes("stats gradients", "gradients that change in a run")
line("explain dense[2] test:3"); shows("─ explain dense[2] of test:3 ", "computed by the network", "max_pooling2d[", what="a sum in a run")
changes("explain dense[2]", "a sum that changes in a run")

line("stop"); t.until(lambda: "interrupted" in t.text() and not re.search(r"of test:3 .*(epoch|batch)", t.text()), 120, "the end of the run, of which no note says")
def last(name):
    row = next((row for row in rows("explain dense[2]") if f" {name} " in row), None)
    return row and re.search(r"-?[\d.]+(e-?\d+)?(?= *│?$)", row.rstrip(" │"))[0]
t.until(lambda: last("sum") is not None and last("sum") == last("computed by the network"), 120, "the sum, which is the network's")
line("explain conv2d[1] 8,9 test:3"); shows("─ explain conv2d[1] 8,9 of test:3 ", "pixel 8,9", "bias", what="a sum of pixels")
leaves("explain", "explain conv2d")

line("probe gte5 n=50"); shows("─ probe gte5 ", "after r1", "linear", "knn", "max_pooling2d", what="a probe")
figures = rows("probe gte5")
if not all(any(name in row and re.search(r"0\.\d{4} +0\.\d{4}", row) for row in figures) for name in ("input", "conv2d", "dense")):
    fails("a layer without its two numbers")
line("train lt5 epochs=1"); shows("Test accuracy", what="another run")
t.until(lambda: rows("probe gte5") == figures, 120, "the probe of before")
leaves("probe", "probe gte5")
line("focus probe"); shows("─ probe gte5 ", "after r1", what="the probe again")
line("explain dense[0]"); shows("─ explain dense[0] of ", what="a sum in its place")
line("build mlp"); line("focus probe"); shows("nothing probed yet", what="no probe of another model")
line("focus explain"); shows("explain", what="the sum, or a word that there is none")

answers = os.path.join(t.work, "answers.txt") # where the screen has a pane, a transcript has the lines
line(f"log {answers}"); line("stats; explain dense[0] test:1; probe gte5 n=50"); shows("─ probe gte5 ", "after r2", what="three answers")
line("log off"); line('print "closed"'); t.until(lambda: "\n│ closed" in t.text(), 120, "the end of the transcript")
written = open(answers).read()
for text in ("layer ", "histogram", "the largest products", "computed by the network", "by ridge regression", "knn"):
    if text not in written:
        fails(f"no {text!r} in the transcript: {written}")
line("layout inspect; explain dense[1] test:4; sweep epochs=100000 seeds=1 -- train lt5 limit=32") # which keeps the net
shows("─ explain dense[1] of test:4 ", "sweep ", what="a sum, while the command behind it goes on")
line("layout features"); shows("shown when sweep is done", what="an empty pane beside a sweep")
t.type("\x03"); shows("0 of 1 trials are done", what="the end of the sweep")
line("quit")
status = t.end(60)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
