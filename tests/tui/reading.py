#!/usr/bin/python3
"""reading.py: a data set that takes seconds to read: the workbench is there meanwhile; a command that waits for it, or reads it itself, is given up on
Ctrl-C, and a signal and `quit` end the program."""
import os, shutil, signal, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, packed_data, small_data, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
slow = 10 if os.environ.get("sanitized", "no") != "no" else 1
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
packed = packed_data(os.path.join(work, "packed"))

def check(condition, what, t):
    if not condition:
        raise SystemExit(f"FAIL: {what}\n{t.text()}")

def reads(t):
    with open(f"/proc/{t.proc.pid}/statm") as f:
        return int(f.read().split()[1]) > 1 << 15 # pages

def start():
    t = Pty([thaw, "--no-init", "--data", packed], env=dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), rows=50, pyte=pyte)
    t.until(lambda: "thaw>" in t.text() and reads(t), what="the prompt, while data are read")
    return t

def entered(t, line):
    """It stands above the prompt: it is being done, and what is typed from here on is not lost with Ctrl-C."""
    t.type(line + "\r")
    t.until(lambda: f"thaw> {line}" in t.text().rstrip().rsplit("\n", 1)[0], what=f"{line} is entered")

def given_up():
    t = start()
    check("dense" not in t.text(), "a model for pictures whose shape is not known yet", t)
    for n in 1, 2: # read ahead, and by the command itself
        entered(t, f"train gte5 epochs={n}")
        t.until(lambda: reads(t), what="data are read")
        t.type("\x03")
        t.until(lambda: t.text().count("interrupted;") == n, what="a command that is given up")
        t.until(lambda: not reads(t), what="what was read is gone")
    check("nothing is running" not in t.text(), "an interrupt that is served twice", t)
    t.type(f"data {data}; build mlp; train gte5 epochs=1\r")
    t.until(lambda: "Test accuracy" in t.text(), what="a run with other data")
    t.type("quit\r")
    check(t.end() == 0, "status 0", t)
    t.close()

def ends(way):
    t = start()
    begin = time.time()
    if way == "quit":
        t.type("quit\r")
    else:
        t.proc.send_signal(signal.SIGTERM)
    status = t.end(30)
    check(time.time() - begin < 2 * slow, f"{way} while data are read: it took {time.time() - begin:.1f} s to end", t)
    check(status == (0 if way == "quit" else -signal.SIGTERM), f"{way} while data are read: status {status}", t)
    t.close()

try:
    given_up()
    ends("a signal")
    ends("quit")
finally:
    shutil.rmtree(work, ignore_errors=True)
