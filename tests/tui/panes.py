#!/usr/bin/python3
"""panes.py: what a network sees while it trains: the confusion follows the epochs, and its cells show their images by key and by click."""
import os, re, shutil, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
t = Pty([thaw, "--data", data], 120, 40, env=dict(TERM="tmux-256color", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)

def line(text):
    t.type(text + "\r")
def shows(*texts, what):
    t.until(lambda: all(x in t.text() for x in texts), 120, f"{what}: {texts}")
def fails(why):
    raise SystemExit(f"FAIL: {why}\n{t.text()}")
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

line("focus confusion"); shows("no matrix yet", what="a pane without a matrix")
line("train gte5 epochs=2"); shows("confusion gte5 r1 epoch 2", "actual", "predicted", "recall", "Test accuracy", what="the matrix of a run")
line("focus confusion")
x, y, actual, predicted, n = cursor()
for text, of in (("\x1b[A", "up"), ("\x1b[B", "down"), ("\x1b[D", "left"), ("\x1b[C", "right"), ("0", "back to the worst")):
    t.type(text)
if cursor()[:2] != (x, y):
    fails("0 does not bring the cursor back to the worst pair")
t.type("\r")
shows(f"gte5 test: {n} images of {actual} predicted as {predicted} by r1 epoch 2", "digits gte5 test", what="Enter shows the images")
t.type("\x07"); shows("confusion gte5 r1 epoch 2", f"{actual} as {predicted}: {n} of", what="Esc comes back to the matrix")
t.type("\x1b[D" if predicted != "5" else "\x1b[C")
other = cursor()
if other[:2] == (x, y):
    fails("an arrow does not move the cursor")
t.type(f"\x1b[<0;{x + 2};{y + 1}M\x1b[<0;{x + 2};{y + 1}m") # on the cell of before
t.until(lambda: t.text().count("images of") >= 2 and "digits gte5 test" in t.text(), 120, "a click shows the same images")
t.type("\x07"); shows(f"{actual} as {predicted}: {n} of", what="Esc comes back, with the cursor where the click was")

line("confusion lt5"); line("focus confusion")
shows("confusion lt5 r1 epoch 2", what="the matrix of a command")
line("train lt5 epochs=100000"); line("focus confusion")
epoch = lambda: re.search(r"confusion lt5 r2 epoch (\d+)", t.text())
t.until(lambda: epoch() is not None, 120, "the matrix of an epoch")
before = epoch()[1]
t.until(lambda: epoch() is not None and epoch()[1] != before, 120, "the matrix of the next epoch")
t.type("\r") # while the run goes on
t.until(lambda: re.search(r"lt5 test: \d+ images of \d predicted as \d by r2 epoch \d+", t.text()) is not None, 120, "the images of a cell during a run")
t.type("\x07\x07\x07"); line("stop"); shows("interrupted", what="the end of the run")
line("quit")
status = t.end(60)
shutil.rmtree(work, ignore_errors=True)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
