#!/usr/bin/python3
"""lanes.py: a sweep in the workbench: the screen goes on while its processes work, shows how far they are, and Ctrl-C ends them all."""
import os, re, shutil, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
t = Pty([thaw, "--threads", "2", "--data", small_data(os.path.join(work, "data"))], 100, 30,
        env=dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)
store = os.path.join(work, "thaw", "runs.trials")
has = lambda text: lambda: text in t.text()

def line(text):
    t.type(text + "\r")

def processes():
    """Those that the workbench has started."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as f:
                if f.read().rpartition(")")[2].split()[1] == str(t.proc.pid):
                    found.append(name)
        except OSError:
            pass
    return found

t.until(has("thaw>"), 60, "the prompt")
line('build "flatten | dense 5, softmax"')
line("sweep epochs=1,99999,100000,2 seeds=1 -- train lt5 limit=32")
t.until(lambda: os.path.isdir(store) and len(os.listdir(store)) == 1 and len(processes()) == 2, 60, "the first, and two at work")
t.until(lambda: re.search(r"sweep .*1 of 4 trials, \d+[smh]( \d+m)? left", t.text().split("\n")[0]), 60, "how far it is")
line("help freeze")
t.until(has("freeze LAYERS"), 60, "an answer meanwhile")
t.type("x") # closes it
t.until(has("thaw> x"), 60, "what is typed")
t.type("\x7f")
t.until(lambda: "thaw> x" not in t.text(), 60, "a line without text, which Ctrl-C would only clear")
t.size(90, 26)
t.until(lambda: re.search(r"^ thaw .*sweep ", t.text().split("\n")[0]) and t.text().split("\n")[25].startswith("thaw>"), 60, "the screen in another size")
t.type("\x03")
t.until(has("the same line goes on"), 60, "the end of the sweep")
assert processes() == [], "a process is left"
line("sweep epochs=1,2 seeds=1 -- train lt5 limit=32")
t.until(has("1 of 2 trials are in the store; the other runs now"), 60, "a note before the rest")
t.until(has("1 of 2 trials were in the store"), 60, "the rest")
line("quit")
status = t.end(60)
shutil.rmtree(work, ignore_errors=True)
if status != 0:
    raise SystemExit(f"FAIL: status {status}\n{t.log[-2000:].decode(errors='replace')}")
