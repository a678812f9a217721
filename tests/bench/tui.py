#!/usr/bin/python3
"""tui.py: what the workbench costs: start to first frame, key to echo while training, bytes for the terminal, drawing's share of a run.
Prints a table with the bound of each figure; with --json one object. As a module, figures() measures and FIGURES names them.
Needs a quiet machine for figures worth keeping."""
import json, os, re, shutil, statistics, sys, tempfile, time
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tui"))
from term import Pty

# Key of figures(), what it is, its unit, the most it may be.
FIGURES = (
    ("first_frame_ms", "start to first frame, data not yet read, median", "ms", 80),
    ("stroke_ms", "stroke to new probabilities, median", "ms", 15),
    ("echo_ms", "key to echo while training, median", "ms", 10),
    ("echo_99_ms", "key to echo while training, 99th percentile", "ms", 50),
    ("draw_percent", "drawing's share of the processors during a run", "%", 2),
    ("terminal_kb_per_s", "sent to the terminal at 120x40 while training", "KB/s", 40),
    ("pictures_echo_ms", "key to echo with pictures, median", "ms", 10),
    ("pictures_echo_99_ms", "key to echo with pictures, 99th percentile", "ms", 50),
    ("pictures_draw_percent", "drawing's share of the processors with pictures", "%", 2),
    ("pictures_kb_per_s", "sent to the terminal at 120x40 with pictures", "KB/s", 40),
    ("features_percent", "a run's processor time for filters and 32 activations", "%", 3),
    ("features_draw_percent", "drawing's share with those in view", "%", 3),
    ("pictures_features_draw_percent", "drawing's share with those as pictures", "%", 3),
    ("pictures_features_kb_per_s", "sent to the terminal with those as pictures", "KB/s", 40),
)
KEYS = "QWZYVUNO" # none of them ends an escape sequence or changes elsewhere on the screen

def quantile(v, part):
    v = sorted(v)
    return v[min(len(v) - 1, int(len(v) * part))]

def opened(thaw, env):
    t = Pty([thaw], 120, 40, env=env)
    while b"thaw> " not in t.log: # the last row of the frame
        t.pump(.5)
    return t

def left(t):
    t.type("\x04y")
    t.end()
    t.close()

def first_frame(thaw, env):
    times = []
    for _ in range(15):
        t0 = time.perf_counter()
        t = opened(thaw, env)
        times.append((time.perf_counter() - t0) * 1e3)
        left(t)
    return quantile(times, .5)

def strokes(thaw, env):
    """Milliseconds from a dot on the empty canvas to the frame that shows what the activity's model makes of it."""
    times, t = [], opened(thaw, env)
    t.type("draw\r")
    while b"drawn" not in t.log:
        t.pump(.5)
    for i in range(40):
        while t.pump(.1): # the frame before is long past
            pass
        t.log = b""
        t0 = time.perf_counter()
        t.type(" ")
        while b"fitted" not in t.log:
            t.pump(.2)
        times.append((time.perf_counter() - t0) * 1e3)
        t.type("c")
    t.type("\x1b")
    while t.pump(.3): # what is typed right behind Esc would be a key with Alt
        pass
    left(t)
    return quantile(times, .5)

def echoes(t):
    """Milliseconds from each of many keys to its echo."""
    times = []
    picture = re.compile(rb"\x1b_G[^\x1b]*(\x1b\\)?") # its text is no echo
    for i in range(400):
        while t.log.rfind(b"\x1b_G") > t.log.rfind(b"\x1b\\"): # one is still coming
            t.pump(.2)
        t.log = b""
        t0 = time.perf_counter()
        t.type(KEYS[i % 8])
        while KEYS[i % 8].encode() not in picture.sub(b"", t.log):
            t.pump(.2)
        times.append((time.perf_counter() - t0) * 1e3)
        time.sleep(.011) # not in step with the frames
        if i % 40 == 39: # the same key in the same cell would not be sent again before the line is seen empty
            t.type("\x15")
            t.pump(.1)
            t.pump(.1)
    return times

def spent(path):
    f = open(path).read().rsplit(")", 1)[1].split()
    return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")

def run_costs(t, seconds):
    """What the thread that has the terminal takes of all processors, in percent, and bytes sent a second. Drawing goes by the clock
    and training takes what is left; so it is measured against the clock, which is the same where the run has the machine to itself,
    and says less of the neighbours where it has not."""
    path = f"/proc/{t.proc.pid}/task/{t.proc.pid}/stat"
    took, sent, start = spent(path), t.bytes, time.perf_counter()
    while time.perf_counter() - start < seconds:
        t.pump(.1)
    passed = time.perf_counter() - start
    return 100 * (spent(path) - took) / passed / len(os.sched_getaffinity(0)), (t.bytes - sent) / passed

def while_training(thaw, env, pictures):
    """Echo, its 99th percentile, drawing's share and kilobytes a second, with cells or as if the terminal drew pictures."""
    t = opened(thaw, env)
    t.type(f"set pictures {pictures}\r")
    t.type("train gte5 epochs=1000\r")
    t.until(lambda: b"epoch 2/1000" in t.log, 60, "the run")
    times = echoes(t)
    t.type("\x15")
    t.pump(.2)
    draw, per_s = run_costs(t, 15)
    left(t)
    return quantile(times, .5), quantile(times, .99), draw, per_s / 1000

def epoch_of(t):
    return max([int(n) for n in re.findall(rb"epoch (\d+)/1000", t.log)], default=0)

def turns(thaw, env, pairs=8, epochs=2):
    """By how many percent of its processor time a run costs more while the layout features is in view than in the layout train: the
    median of pairs that follow each other within one run, as a machine that is shared may compute a fifth faster a minute later."""
    t = opened(thaw, env)
    path = f"/proc/{t.proc.pid}/stat"
    def spends(layout):
        t.type(f"layout {layout}\r")
        begin = epoch_of(t) + 1
        t.until(lambda: epoch_of(t) >= begin, 60, "the next epoch")
        before = spent(path)
        t.until(lambda: epoch_of(t) >= begin + epochs, 60, "its end")
        return spent(path) - before
    t.type("set pictures cells; train gte5 epochs=1000\r")
    t.until(lambda: epoch_of(t) >= 2, 60, "the run")
    ratios = [(spends("features"), spends("train")) for _ in range(pairs // 2)]
    ratios += [(spends("train"), spends("features"))[::-1] for _ in range(pairs - pairs // 2)]
    left(t)
    return 100 * (statistics.median(a / b for a, b in ratios) - 1)

def features(thaw, env):
    """What the inside of the network costs while it is watched, and what of it is drawn."""
    out = {"features_percent": turns(thaw, env)}
    for pictures, key in (("cells", ""), ("kitty", "pictures_")):
        t = opened(thaw, env)
        t.type(f"set pictures {pictures}; layout features; train gte5 epochs=1000\r")
        t.until(lambda: b"epoch 2/1000" in t.log, 60, "the run")
        draw, per_s = run_costs(t, 15)
        left(t)
        out[key + "features_draw_percent"] = draw
        if pictures == "kitty":
            out[key + "features_kb_per_s"] = per_s / 1000
    return out

def figures(thaw):
    out, work = {}, tempfile.mkdtemp()
    env = dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work)
    try:
        out["first_frame_ms"] = first_frame(thaw, env)
        out["stroke_ms"] = strokes(thaw, env)
        for pictures, key in (("cells", ""), ("kitty", "pictures_")):
            costs = while_training(thaw, env, pictures)
            out.update(zip((key + "echo_ms", key + "echo_99_ms", key + "draw_percent", (key or "terminal_") + "kb_per_s"), costs))
        out.update(features(thaw, env))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return out

def main():
    out = figures(os.environ.get("THAW", "./thaw"))
    if "--json" in sys.argv:
        print(json.dumps(out))
        return
    for key, what, unit, most in FIGURES:
        print(f"{what:48} {out[key]:8.2f} {unit:5} at most {most}{'' if out[key] <= most else '  TOO MUCH'}")

if __name__ == "__main__":
    main()
