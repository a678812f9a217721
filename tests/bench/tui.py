#!/usr/bin/python3
"""tui.py: what the workbench costs: start to first frame, key to echo while training, bytes for the terminal, drawing's share of a run.
Prints a table; with --json one object. Needs a quiet machine for figures worth keeping."""
import json, os, resource, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tui"))
from term import Pty

thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
env = dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work)
out = {}

def median(v, part=.5):
    v = sorted(v)
    return v[min(len(v) - 1, int(len(v) * part))]

# Start to first frame: until the prompt stands on the screen.
starts = []
for _ in range(9):
    t0 = time.perf_counter()
    t = Pty([thaw], 120, 40, env=env)
    while b"thaw> " not in t.log:
        t.pump(.5)
    starts.append((time.perf_counter() - t0) * 1e3)
    t.type("quit\r"); t.end(); t.close()
out["first_frame_ms"] = median(starts)

# Key to echo while it trains: one key, then until its echo has come.
t = Pty([thaw], 120, 40, env=env)
while b"thaw> " not in t.log:
    t.pump(.5)
t.type("train gte5 epochs=1000\r")
t.until(lambda: b"epoch 1/1000" in t.log, 60, "the run")
t0 = time.time()
while time.time() - t0 < 1:
    t.pump(.1)
echo = []
for i in range(400):
    key = "QWZYVUNO"[i % 8] # none of them ends an escape sequence or changes elsewhere
    t.log = b""
    t1 = time.perf_counter()
    t.type(key)
    want = key.encode()
    while want not in t.log:
        t.pump(.2)
    echo.append((time.perf_counter() - t1) * 1e3)
    time.sleep(.011)
    if i % 40 == 39: # the same key in the same cell would not be sent again before the line is seen empty
        t.type("\x15")
        t.pump(.1)
        t.pump(.1)
out["echo_ms"], out["echo_99_ms"] = median(echo), median(echo, .99)
t.type("\x15")
before, t0 = t.bytes, time.time()
while time.time() - t0 < 5:
    t.pump(.1)
out["bytes_per_s"] = (t.bytes - before) / (time.time() - t0)

# Drawing's share: processor time of the thread that draws (the main one) against the time of the run.
def main_thread(pid):
    f = open(f"/proc/{pid}/task/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")
c0, t0 = main_thread(t.proc.pid), time.time()
while time.time() - t0 < 10:
    t.pump(.1)
out["draw_share"] = (main_thread(t.proc.pid) - c0) / (time.time() - t0) / (os.cpu_count() or 1)
t.type("\x04y"); t.end(); t.close()

if "--json" in sys.argv:
    print(json.dumps(out))
else:
    for key, name, most, unit in (("first_frame_ms", "start to first frame, median", 80, "ms"), ("echo_ms", "key to echo while training, median", 10, "ms"),
                                  ("echo_99_ms", "key to echo, 99th percentile", 50, "ms"), ("bytes_per_s", "sent to the terminal at 120x40", 40000, "bytes/s"),
                                  ("draw_share", "drawing's share of the processors", .02, "")):
        print(f"{name:38} {out[key]:10.3f} {unit:8} (at most {most})")
