#!/usr/bin/python3
"""answers.py: what a typed line brings is there to be read: a tall answer from its head, a run from its tail; the digits follow a file."""
import json, os, re, shutil, subprocess, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
assets = os.path.join(work, "assets")
small_data(os.path.join(assets, "mnist")) # what is called mnist here
other = small_data(os.path.join(work, "other"), 40, 30)
saved = os.path.join(work, "m.safetensors")
env = dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work, THAW_ASSETS=assets)
subprocess.run([thaw, "-c", f"train lt5 epochs=1; save {saved}"], check=True, capture_output=True, env=dict(os.environ, **env))

t = Pty([thaw], env=env, pyte=pyte)
def line(text):
    t.type(text + "\r")
def log():
    lines = t.text().split("\n")
    at = next((i for i, l in enumerate(lines) if l.startswith("+- log ")), None)
    return "\n".join(lines[at:]) if at is not None else ""
def logs(*texts, what):
    t.until(lambda: all(x in log() for x in texts), 120, f"{what}: {texts}")

def over(*texts, what):
    """In a box over the panes."""
    t.until(lambda: "+- answer " in t.text() and all(x in t.text() for x in texts), 120, f"{what}: {texts}")

logs("what a network keeps", "help lists the commands. ", what="the whole welcome")
line("model"); over('Model: "sequential"', "PgDn:", what="an answer")
t.type("\x1b[6~"); over("Non-trainable", "PgUp:", what="PgDn turns to its end")
t.type("x"); t.until(lambda: "+- answer " not in t.text() and "thaw> x" in t.text(), 120, "the next key closes it, and is typed")
t.type("\x15"); line("model"); over('Model: "sequential"', what="an answer again")
for key, name in (("q", "q"), (" ", "Space"), ("\x1b", "Esc")):
    t.type(key); t.until(lambda: "+- answer " not in t.text(), 120, f"{name} closes an answer")
    t.settled(); t.type("x"); t.until(lambda: "thaw> x" in t.text(), 120, f"{name} is not typed then")
    t.type("\x15"); line("model"); over('Model: "sequential"', what="an answer for the next key")
t.type("q"); t.until(lambda: "+- answer " not in t.text(), 120, "q closes an answer")
t.settled(); t.type("un"); t.until(lambda: "thaw> un" in t.text(), 120, "what begins with u can be typed then")
t.type("\x15"); line("model"); over('Model: "sequential"', what="an answer for a line")
line("quit?"); logs("quit?", what="a line that comes at once is typed whole")
line("plot"); logs("there is no curve to draw yet", what="plot before a run")
t.type("\x1b[5~"); t.until(lambda: "next key closes" in t.text() and all(x in log() for x in ("Total params", "curve to draw", "PgUp:")), 120, "PgUp of a small log: all of it")
t.type("x"); t.until(lambda: "Total params" not in t.text() and "thaw> x" in t.text(), 120, "the next key closes it")
t.type("\x15"); line("train gte5 epochs=2"); logs("Test accuracy:", "PgUp:", what="a run from its tail")
line("plot acc logy"); logs("`focus accuracy`, then y log scale", what="where the curves are")
line("eval gte5 report"); over("gte5 test: 45 images", what="the answer of a task")
line("predict"); over("test:0", what="which picture, and what it is taken for")
line("train gte5 epochs=100000"); t.until(lambda: "r2 epoch" in t.text(), 120, "a run")
line("help train"); over("train SPLIT", what="an answer in a run")
epoch = lambda: max([int(n) for n in re.findall(r"epoch (\d+)/", t.text())], default=0)
t.until(lambda: epoch() > 0, 120, "which epoch it is")
before = epoch()
t.until(lambda: epoch() > before, 120, "the next epoch")
over("train SPLIT", what="the answer stays")
t.type("\x03"); t.until(lambda: "goes on" in t.text(), 120, "how the run was cut, in the log or over the panes")
line(f"data {other}"); logs("classes", what="another data set")
line("load " + saved)
t.until(lambda: "digits lt5 test" in t.text() and " of 5 wrong" in t.text(), 120, "its data set's digits, with predictions, unasked")
for cols in 100, 60, 90:
    t.size(cols, 40); line(f'print "at {cols}"; model') # at once: before the new size is drawn
    t.until(lambda: f"| at {cols} " in t.text() and "Layer (type)" in t.text(), 120, f"an answer in {cols} columns")
    t.settled()
    if any(l.startswith("| +--") != l.rstrip(" |").endswith("--+") for l in t.text().split("\n") if l.startswith("| ")) or "?" in t.text():
        raise SystemExit(f"FAIL: at {cols} columns the table is not as wide as the box:\n{t.text()}")
t.size(120, 40); line("model")
t.until(lambda: all(x in t.text() for x in ("Layer (type)", "dense_1 (Dense)")) and any("the next key" in l and len(l) > 110 for l in t.text().split("\n")),
        120, "all of an answer in 120x40")
whole = lambda: all(l.startswith("| +--") == l.rstrip(" |").endswith("--+") for l in t.text().split("\n") if l.startswith("| ")) and "| +--" in t.text()
width = lambda: max((len(l.rstrip(" |")) for l in t.text().split("\n") if l.startswith("| +--")), default=0)
full = 2 + max(map(len, subprocess.run([thaw, "-c", "set width 116; model"], check=True, capture_output=True, text=True,
                                       env=dict(os.environ, **env)).stdout.split("\n"))) # as wide as the box allows
t.until(lambda: width() == full, 120, "the width of 120 columns")
t.size(60, 40); t.until(lambda: "+- answer " in t.text() and whole() and width() < full, 120, "the same answer, laid out anew for 60 columns")
t.size(120, 40); t.until(lambda: "+- answer " in t.text() and whole() and width() == full, 120, "and for 120 again")
line("import numpy"); t.until(lambda: t.text().count("passed over") == 1, 120, "why a line of Python is passed over")
line("model.summary()"); t.until(lambda: "that is: model" in t.text() and whole(), 120, "a line of Python that means a command")
t.size(60, 40); t.until(lambda: "+- answer " in t.text() and "that is: model" in t.text() and whole() and width() < full, 120,
                        "laid out anew, with what it means")
line("import numpy"); t.until(lambda: "+- answer " not in t.text() and t.text().count("passed over") == 1, 120, "a word for what is passed over")
t.size(62, 40); line("import numpy as np"); t.until(lambda: "| thaw> import numpy as np" in t.text(), 120, "the same again")
t.settled()
if t.text().count("passed over") != 1:
    raise SystemExit(f"FAIL: said twice:\n{t.text()}")
t.size(120, 40); line("model"); t.until(lambda: "+- answer " in t.text() and whole() and width() == full, 120, "an answer again")
line("layout train"); line("confusion gte5"); t.until(lambda: "actual        5      6" in t.text(), 120, "a matrix, the answer of a task")
t.size(46, 40); t.until(lambda: "actual      5    6    7    8    9   recall" in t.text() and "actual        5" not in t.text(), 120,
                        "laid out anew for 46 columns")
t.size(120, 40); t.until(lambda: "actual        5      6" in t.text(), 120, "and for 120 again"); line("model")
t.until(lambda: "+- answer " in t.text() and whole() and width() == full, 120, "an answer once more")
line("layout log"); t.until(lambda: "+- loss" in t.text() and whole(), 120, "and in a log of two thirds of that")
line("layout beamer"); t.type("eval gte5\reval lt5\rhelp step\r") # typed quickly: each answer below its own command
def below(*wants):
    at, rows = -1, [row.strip("| ") for row in t.text().split("\n")]
    for want in wants:
        at = next((i for i in range(at + 1, len(rows)) if rows[i].startswith(want)), None)
        if at is None:
            return False
    return True
t.until(lambda: below("+- answer", "thaw> eval gte5", "Test score", "Test accuracy", "thaw> eval lt5", "lt5 test:", "Test accuracy"), 120,
        "an answer that has come behind others, and one that has waited, each with its command")
line(f"export ipynb {work}/q.ipynb"); t.until(lambda: "q.ipynb ("  in t.text(), 120, "a notebook")
cells = {"".join(c["source"]): "".join(o for out in c["outputs"] for o in out.get("text", [])) for c in json.load(open(f"{work}/q.ipynb"))["cells"] if c.get("outputs")}
for command, want, lacks in (("eval gte5", "gte5 test:", "step"), ("eval lt5", "lt5 test:", "gte5")):
    answer = cells["%%thaw\n" + command]
    if want not in answer or lacks in answer or (command[0] == "e" and answer.count("Test accuracy") != 1):
        raise SystemExit(f"FAIL: the notebook's cell of {command}: {answer}")
line("layout train"); line("predict test:3"); t.until(lambda: "0 of 1 wrong" in t.text() or "1 of 1 wrong" in t.text() or
                                                    (t.text().count("not trained yet") == 1 and "- digits " in t.text()), 120, "the digit that was predicted")
t.type("x\x7f"); t.until(lambda: re.search(r"#3 \d", t.text()), 120, "with its number")
line("filters conv2d"); t.until(lambda: re.search(r"- maps conv2d: 32 filters of 3x3 -+ (before|after) r1 ", t.text()), 120, "of which moment they are")
line("build classes=10"); t.until(lambda: "- maps " not in t.text() and "- digits " in t.text(), 120, "the digits, in place of maps of another model")
line("layout beamer"); line("train lt5 epochs=100000"); t.until(lambda: epoch() >= 2, 120, "a run")
t.type("\x03"); t.until(lambda: below("+- answer", "interrupted "), 120, "how a run was cut, where the log is hidden")
line("quit 0") # one line has failed
status = t.end(60)
t = Pty([thaw], 100, 40, env=dict(env, THAW_ASSETS=None), pyte=pyte) # of an epoch so long, the log has a bar
line("layout beamer"); line("train lt5 epochs=100000"); t.until(lambda: re.search(r"epoch 1/.* [1-9]\d*/", t.text()), 120, "batches of an epoch")
t.type("\x03"); t.until(lambda: below("+- answer", "interrupted "), 120, "how a run was cut within an epoch, in the place of its bar")
t.settled(); t.type("q"); t.until(lambda: "+- answer" not in t.text(), 120, "q closes it")
t.settled(); t.type("uit"); t.settled(); t.type("\r") # quit, of which the q has closed the answer
if t.end(60) != 0:
    raise SystemExit(f"FAIL: the end of the other\n{t.log[-2000:].decode(errors='replace')}")
shutil.rmtree(work, ignore_errors=True)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
