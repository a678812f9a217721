#!/usr/bin/python3
"""turns.py: what comes beside a run, in its turn: the lines of a paste each after the one before, Ctrl-C on a line of blanks, and the
question whether to quit when the run ends by itself."""
import os, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))

def open_(*argv, cols=100, rows=60):
    t = Pty([thaw, "--data", data, *argv], cols, rows, env=dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)
    t.until(lambda: "\nthaw>" in t.text() or "-- Space" in t.text(), 60, "the prompt")
    return t

def line(t, text):
    t.type(text + "\r")

def paste(t, *lines):
    t.type("\x1b[200~" + "\n".join(lines) + "\x1b[201~\r")

def order(t, *words):
    """These come one after the other in what the screen shows."""
    def found():
        at = 0
        for word in words:
            at = t.text().find(word, at)
            if at < 0:
                return False
            at += len(word)
        return True
    t.until(found, 60, f"{words} in this order")

def lacks(t, text, what):
    if text in t.text():
        raise SystemExit(f"FAIL: {what}\n{t.text()}")

# ---- the lines of a paste ----

t = open_("-c", "layout log", "-i")
paste(t, "model.fit(x_train_gte5, y_train_gte5, epochs=2)", "freeze features", "model trainable", "model.predict(x_test)", "plot loss",
      'print "all of it"')
order(t, "thaw> freeze features", "frozen: conv2d", "thaw> model trainable", "Trainable params: 590,597", "thaw> predict", "thaw> plot loss",
      "the curves are on the screen", "\n| all of it")
lacks(t, "there is no curve", "a plot of the paste came before its run")
lacks(t, "Trainable params: 600,165", "a summary of the paste came before its freeze")
line(t, "layout log")
line(t, "train gte5 epochs=100000")
t.until(lambda: "r2 epoch" in t.text().split("\n")[0], 60, "a run")
paste(t, "set seed", "lr 0.5", 'print "at once"') # all of it only looks and steers, and waits for nothing
order(t, "\n| at once")
lacks(t, "queued: set seed", "a paste without a change waits")
paste(t, "lr 0.25", "unfreeze features", "layers", "set seed")
order(t, "lr 0.25", "queued: unfreeze features", "queued: layers", "queued: set seed")
line(t, 'print "typed alone"')
order(t, "\n| typed alone") # while they wait
line(t, "pause; lr 0.125; stop") # a line of these alone, too
order(t, "thaw> pause; lr 0.125; stop", "lr 0.125", "interrupted ", "unfrozen: conv2d", "max_pooling2d", "thaw> set seed", "1337")

# ---- blanks are an empty line ----

line(t, "train gte5 epochs=100000")
t.until(lambda: "r3 epoch" in t.text().split("\n")[0], 60, "a run")
line(t, "print 50+5"); order(t, "\n| 55")
t.type("  ")
t.type("\x03")
order(t, "\n| 55", "\n| interrupted ")
t.type("abc\x03")
t.until(lambda: "thaw> abc" not in t.text(), 60, "the line is cleared")

# ---- a run ends while it is asked about ----

line(t, "train gte5 epochs=40")
t.until(lambda: "r4 epoch" in t.text().split("\n")[0], 60, "a run")
line(t, "quit")
t.until(lambda: "quit all the same?" in t.text(), 60, "the question")
t.until(lambda: "the run has ended, so nothing is asked any more" in t.text() and "quit all the same?" not in t.text(), 120,
        "the question goes with the run")
line(t, "print 6 * 7")
order(t, "\n| 42")
line(t, "quit")
if t.end() != 0:
    raise SystemExit(f"FAIL: status {t.proc.returncode}")
t.close()
print("pastes in order, blanks, a question that is over")
