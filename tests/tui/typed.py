#!/usr/bin/python3
"""typed.py: commands of every kind typed into a run: what looks or steers acts at once, the rest waits its turn and is shown waiting. In a
build with the thread sanitizer this is its test."""
import os, shutil, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
t = Pty([thaw, "--data", small_data(os.path.join(work, "data"))], 120, 40, env=dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)
has = lambda text: lambda: text in t.text()

def line(text):
    t.type(text + "\r")

t.until(has("thaw>"), 60, "the prompt")
line("set cache off") # filling it takes long under a sanitizer
line("train gte5 epochs=100000")
t.until(has("r1 epoch"), 120, "the run")
line("freeze features")
t.until(has("then: freeze features"), 60, "what changes the model waits")
line("set lr 0.5"); line("layers"); line("show"); line("predict test:3"); line("history"); line("runs"); line("data info gte5"); line("help train")
line("now freeze conv2d")
t.until(has("* conv2d "), 60, "now freeze locks the layer at once")
line("pause")
t.until(has("paused r1"), 60, "pause")
line("step")
t.until(has("paused r1"), 60, "a step, then paused again")
line("continue")
t.until(lambda: "paused" not in t.text().split("\n")[0] and "r1 epoch" in t.text().split("\n")[0], 60, "continue")
line("quit")
t.until(has("quit all the same?"), 60, "quit asks while a run goes on")
t.type("n")
t.until(lambda: "quit all the same?" not in t.text() and "thaw>" in t.text(), 60, "the run goes on")
line("focus loss"); t.type("ys[0\r\r\x1b"); t.size(90, 30)
for name in ("inspect", "beamer", "log", "train"):
    line("layout " + name); t.pump(.2)
line("stop")
t.until(has("* features"), 60, "after the run what waited is done")
line("train lt5 epochs=2; eval lt5; train gte5 epochs=1; print \"all of them\"")
t.until(lambda: "\n| all of them" in t.text(), 600, "four commands in order")
line("runs")
t.until(has("val_accuracy"), 60, "the runs, from the first")
t.type("\x1b[6~" * 3)
t.until(lambda: "r3" in t.text(), 60, "three runs")
for setting, there in (("glyphs ascii", False), ("glyphs block", True), ("glyphs ascii", False), ("glyphs braille", True)):
    line("set " + setting)
    t.until(lambda: ("╭" in t.text()) == there, 60, setting)
for setting in ("theme light", "theme dark", "theme auto", "color never", "color always", "color auto", "pictures cells", "pictures auto", "mouse off", "mouse on"):
    line("set " + setting)
    t.until(lambda: ("set " + setting) in t.text(), 60, setting)
line("model.compile(")
t.until(lambda: any(l.rstrip() == "..." for l in t.text().split("\n")), 60, "the prompt of a line that goes on")
line("loss='categorical_crossentropy',")
t.until(lambda: "...   loss=" in t.text(), 60, "what goes on, behind that prompt")
line("")
t.until(has('( was not closed in "model.compile( loss='), 60, "an empty line ends it")
t.until(lambda: any(l.startswith("thaw>") for l in t.text().split("\n")), 60, "the prompt")
line("model.fit(x_train_lt5, y_train_lt5,")
t.until(lambda: any(l.rstrip() == "..." for l in t.text().split("\n")), 60, "the prompt of a line that goes on")
t.type("\x03")
t.until(has('given up: "model.fit('), 60, "Ctrl-C gives it up")
t.type("\x1b[200~model.compile(\n\n  optimizer='sgd'\n  \n)\x1b[201~\r")
t.until(has("that is: compile optimizer=sgd"), 60, "a paste goes on at its empty lines")
t.until(lambda: any(l.startswith("thaw>") for l in t.text().split("\n")), 60, "the prompt")
line("quit")
status = t.end(60)
for name in ("dumb", "thaw-has-no-such-terminal"): # lines, then, and a word about it
    lines = Pty([thaw], 80, 24, env=dict(TERM=name, XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)
    lines.until(lambda: "going on with lines" in lines.text().replace("\n", "") and "\nthaw>" in lines.text(), 60, f"lines on {name}")
    lines.type("print 6 * 7; layout train\r")
    lines.until(lambda: "\n42" in lines.text() and "there is no screen here" in lines.text(), 60, f"commands on {name}")
    lines.type("quit\r")
    lines.end(60)
    lines.close()
shutil.rmtree(work, ignore_errors=True)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
