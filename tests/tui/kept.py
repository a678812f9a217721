#!/usr/bin/python3
"""kept.py: what signals leave. Sessions that are ended together keep a file each, which loads, is offered once and then gone; a run that is cut short at
any moment, in a batch or in the workbench, once or twice, goes on from there to the bits of one that nobody disturbed. FAULTS=all: many moments."""
import json, os, random, re, shutil, signal, struct, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, small_data

thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
long = os.environ.get("FAULTS", "") == "all"
slow = 6 if os.environ.get("sanitized", "no") != "no" else 1
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"), 600, 60)
dice = random.Random(int(os.environ.get("SEED", "13")))
BUILD = 'build "conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax"'
KINDS = {"everything": "", "frozen, with a cache": "freeze features; ", "adam": "set optimizer adam; ", "by momentum": "set optimizer sgd; set momentum 0.9; ",
         "uncached": "set cache off; freeze conv2d; "}
TRAIN = f"train gte5 epochs={30 // slow} batch=16"

def check(condition, what, seen=b""):
    if not condition:
        raise SystemExit(f"FAIL: {what}\n{seen[-1500:]!r}")

def batch(folder, *lines, threads=1):
    return subprocess.Popen([thaw, "--threads", str(threads), "--data", data, *[x for line in lines for x in ("-c", line)]], cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, LC_ALL="C.UTF-8", HOME=folder))

def bench(folder, threads=1, screen=True, limit=None):
    """A workbench, or lines, at the prompt; limit: of the size of its files."""
    limited = ["sh", "-c", f'ulimit -f {limit}; exec "$@"', "sh"] * (limit is not None)
    t = Pty(limited + [thaw, "--no-init", "--threads", str(threads), "--data", data] + ["--no-tui"] * (not screen), 150, 50, env=dict(XDG_STATE_HOME=folder, XDG_CONFIG_HOME=folder))
    t.until(lambda: b"thaw> " in t.log and (not screen or b"gte5" in t.log), what="the prompt")
    return t

def enter(t, line, answer, seconds=60):
    t.log = b""
    t.type(line + "\r")
    t.until(lambda: re.search(answer, t.log), seconds, what=f"{answer!r} after {line!r}")

def weights(path):
    """Of the last run in a saved session, as a hash; the state of the optimizer is a part of what is compared where there is one."""
    with open(path, "rb") as f:
        head = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
    return json.loads(head["__metadata__"]["runs"])[-1]["weights"]

def new_folder():
    return tempfile.mkdtemp(dir=work)

# ---- the same bits ----
#
# A signal may come behind the last batch, before the file is written: then there is nothing to resume, which `bail off` passes over.

def whole(setup):
    """What nobody disturbs, and how long it takes."""
    folder = new_folder()
    start = time.time()
    p = batch(folder, "timing off", BUILD, setup + TRAIN, "save whole.safetensors")
    err = p.communicate()[1]
    check(p.returncode == 0, "a run that nobody disturbs", err)
    return weights(f"{folder}/whole.safetensors"), time.time() - start

def cut_batch(folder, lines, after):
    """SIGTERM that long after the run has begun. False: it was over."""
    p = batch(folder, "timing off; verbose 2", *lines, "save whole.safetensors", threads=dice.randint(1, 3))
    for row in p.stdout:
        if row.startswith((b"Epoch ", b"run r", b"resuming", b"going on")) or b"Epoch" in row:
            break
    time.sleep(after)
    p.send_signal(signal.SIGTERM)
    err = p.communicate()[1]
    check(p.returncode in (0, 1, -signal.SIGTERM), f"a batch that is cut short: status {p.returncode}", err)
    saved = os.path.exists(f"{folder}/whole.safetensors") # the signal may have come behind that
    check(saved or p.returncode != 0, "a batch that ends without its file", err)
    return not saved

def in_a_batch(setup, took):
    folder = new_folder()
    cut = cut_batch(folder, [BUILD, setup + TRAIN], dice.uniform(0, took))
    if cut and dice.random() < .5: # and once more
        cut = cut_batch(folder, ["load autosave; bail off", "resume"], dice.uniform(0, took / 2))
    if cut:
        p = batch(folder, "timing off; load autosave; bail off; resume; save whole.safetensors", threads=dice.randint(1, 3))
        err = p.communicate()[1]
        check(p.returncode == 0 or b"no run was interrupted" in err, "a batch that goes on", err)
    return cut, weights(f"{folder}/whole.safetensors")

def in_the_workbench(setup, took):
    folder = new_folder()
    path = f"{folder}/whole.safetensors"
    t = bench(folder, dice.randint(1, 3))
    enter(t, f"timing off; {BUILD}; {setup}{TRAIN}; save {path}", rb"poch \d+/|wrote")
    after = time.time() + dice.uniform(0, took)
    while time.time() < after:
        t.pump(.005)
    t.proc.send_signal(signal.SIGTERM)
    check(t.end() == -signal.SIGTERM, "a workbench that is cut short", t.log)
    t.close()
    cut = not os.path.exists(path)
    if cut:
        t = bench(folder, dice.randint(1, 3))
        enter(t, f"timing off; load autosave; bail off; resume; save {path}", rb"wrote")
        t.type("quit\r")
        check(t.end() == 0, "a workbench that went on", t.log)
        t.close()
    return cut, weights(path)

def same_bits():
    counts = {}
    for n, (name, setup) in enumerate(KINDS.items()):
        if not long and n not in (dice.randrange(len(KINDS)), 1):
            continue
        wanted, took = whole(setup)
        for way, many in ((in_a_batch, 40 if long else 2), (in_the_workbench, 20 if long else 1)):
            left = many
            for _ in range(5 * many):
                cut, have = way(setup, .8 * took)
                check(have == wanted, f"{name}, {way.__name__}: other weights than those of a run that nobody disturbed")
                counts[way.__name__, cut] = counts.get((way.__name__, cut), 0) + 1
                left -= cut
                if left == 0:
                    break
    for (way, cut), n in sorted(counts.items()):
        print(f"{n:5} {way}, {'cut short' if cut else 'over by then'}")
    check(any(cut for _, cut in counts), "no run was cut short")

# ---- together ----

def loads(path):
    p = subprocess.run([thaw, "-c", f"load {path}"], capture_output=True)
    check(p.returncode == 0, f"{os.path.basename(path)} does not load", p.stderr)

def together():
    folder = new_folder()
    endless = "train gte5 epochs=100000"
    batches = [batch(folder, f"reset seed={n}; {endless}") for n in range(2)]
    benches = [bench(folder) for _ in range(2)]
    for n, t in enumerate(benches):
        enter(t, f"reset seed={n}; {endless}", rb"poch [2-9]\d*/")
    for p in batches:
        for row in p.stdout:
            if b"Epoch 2/" in row:
                break
    for p in batches + [t.proc for t in benches]:
        p.send_signal(signal.SIGTERM)
    for p in batches:
        err = p.communicate()[1]
        check(p.returncode == -signal.SIGTERM and b"saved the session" in err, "a batch", err)
    for t in benches:
        check(t.end() == -signal.SIGTERM, "a workbench", t.log)
        t.close()
    state = f"{folder}/thaw"
    kept = [f"{folder}/thaw-autosave.safetensors", f"{folder}/thaw-autosave-2.safetensors", f"{state}/autosave.safetensors", f"{state}/autosave-2.safetensors"]
    have = sorted([f"{folder}/{x}" for x in os.listdir(folder) if "autosave" in x] + [f"{state}/{x}" for x in os.listdir(state) if x.endswith(".safetensors")])
    check(have == sorted(kept), f"not a file each: {have}")
    for path in kept:
        loads(path)
    said = b"an earlier session ended unsaved"
    def next_one(wanted, *lines):
        t = bench(folder)
        t.settled()
        check((said in t.log) == wanted, f"the greeting says it: {not wanted}", t.log)
        check(not wanted or b"1 more lies beside it" in t.log, "what lies beside it is not said", t.log)
        for line, answer in lines:
            enter(t, line, answer)
        t.type("quit\r")
        check(t.end() == 0, "a session that quits", t.log)
        t.close()
        return sorted(x for x in os.listdir(state) if re.fullmatch(r"autosave(-\d)?\.safetensors", x))
    saves = (f"save {folder}/mine.safetensors", rb"wrote")
    check(len(next_one(True)) == 2, "one was gone before it was loaded")
    check(len(next_one(False, ("load autosave", rb"loaded"), saves)) == 1, "what was loaded is not gone")
    check(len(next_one(False, ("load autosave", rb"loaded"), saves)) == 0, "the other is not gone")
    next_one(False, ("load autosave", rb"no session at a terminal ended unsaved"))
    # Two batches that load at once do not take the same.
    pair = [batch(folder, "load autosave", "print \"held\"", "resume") for _ in range(2)]
    for p in pair:
        for row in p.stdout:
            if b"held" in row:
                break
    for p in pair:
        p.send_signal(signal.SIGTERM)
        err = p.communicate()[1]
        check(p.returncode == -signal.SIGTERM, "a batch that has loaded", err)
    check(sorted(x for x in os.listdir(folder) if "autosave" in x) == ["thaw-autosave-2.safetensors", "thaw-autosave.safetensors"], f"{os.listdir(folder)}")

# ---- a kill ----

OFFER = b"an earlier session ended unsaved"

def files(state):
    return sorted(x for x in os.listdir(state) if "autosave" in x and x.endswith(".safetensors")) if os.path.isdir(state) else []

def killed():
    """What nothing announces: the file of the last epochs is offered, and goes on to the same bits. No other session is offered it before."""
    for screen, (setup, after) in ((True, ("", "")), (False, ("freeze features; set optimizer adam; ", " stop=val_loss:patience=25 watch=lt5"))):
        folder = new_folder()
        state = f"{folder}/thaw"
        p = batch(folder, "timing off", BUILD, setup + TRAIN + after, "save whole.safetensors")
        check(p.communicate() and p.returncode == 0, "a run that nobody disturbs")
        wanted = weights(f"{folder}/whole.safetensors")
        t = bench(folder, 2, screen)
        t.type(f"timing off; {BUILD}; {setup}{TRAIN}{after}\r")
        t.until(lambda: files(state) or b"Test accuracy" in t.log, 60, "a file within the run")
        print("killed", "behind" if b"Test accuracy" in t.log else "within", "the run")
        other = bench(folder, 1, screen)
        other.settled()
        check(OFFER not in other.log, "the work of a session that lives is offered", other.log)
        t.proc.kill()
        t.end()
        t.close()
        other.type("quit\r")
        check(other.end() == 0, "a session that quits", other.log)
        other.close()
        check(files(state) == ["autosave.safetensors"], f"other files than that of the session: {files(state)}")
        t = bench(folder, 1, screen)
        t.settled()
        check(OFFER in t.log, "nothing is offered behind a kill", t.log)
        enter(t, "load autosave", rb"loaded")
        enter(t, f"timing off; bail off; resume; save {folder}/again.safetensors", rb"wrote")
        t.type("quit\r")
        check(t.end() == 0, "a session that went on", t.log)
        t.close()
        check(weights(f"{folder}/again.safetensors") == wanted, "other weights than those of a run that nobody disturbed")

def between():
    """A run that is over is kept as well; what is saved by name, or taken up by another, is not offered."""
    folder = new_folder()
    state = f"{folder}/thaw"
    t = bench(folder, screen=False) # whose answers come in one piece
    enter(t, f"{BUILD}; train gte5 limit=64 epochs=1", rb"Test accuracy")
    t.until(lambda: files(state) == ["autosave.safetensors"], 60, "a file behind the run")
    enter(t, f"save {folder}/mine.safetensors", rb"wrote")
    check(files(state) == [], f"the work is kept twice: {files(state)}")
    enter(t, "train gte5 limit=64 epochs=1; print 6 * 7", rb"42")
    t.until(lambda: files(state) == ["autosave.safetensors"], 60, "a file behind the second run")
    t.proc.kill()
    t.end()
    t.close()
    t = bench(folder, screen=False) # whose answers come in one piece
    enter(t, "load autosave; print runs", rb"loaded[^>]*2")
    enter(t, "train gte5 limit=64 epochs=2; print 71 * 3", rb"213")
    t.settled()
    check(files(state) == ["autosave.safetensors"], f"another file than the one that was loaded: {files(state)}")
    enter(t, f"save {folder}/mine.safetensors", rb"wrote")
    t.type("quit\r")
    check(t.end() == 0, "a session that quits", t.log)
    t.close()
    check(files(state) == ["autosave-loaded.safetensors"], f"what was loaded does not lie aside: {files(state)}")

# ---- where there is no place for it ----

def placeless():
    open(f"{work}/file", "w").close()
    t = bench(f"{work}/file")
    enter(t, BUILD + "; train gte5 limit=64 epochs=1", rb"accuracy:")
    t.settled()
    enter(t, "quit", rb"is not saved: .*/file/thaw cannot be made[^>]*thaw> ")
    enter(t, f"save {work}/stayed.safetensors", rb"wrote [^>]*thaw> ")
    t.type("quit\r")
    check(t.end() == 0 and os.path.exists(f"{work}/stayed.safetensors"), "a workbench that cannot be saved goes on in lines", t.log)
    t.close()
    full = new_folder()
    for folder, limit, why in (f"{work}/file", None, b"cannot be made"), (full, 60, b"File too large"):
        t = bench(folder, screen=False, limit=limit)
        for line in BUILD + "; verbose 0; train gte5 limit=64 epochs=3", "train gte5 limit=64 epochs=3":
            t.type(line + "; print 6 * 7\r")
            t.until(lambda: b"\n42" in t.log, 60, "the end of a run that is not kept")
            t.settled()
            check(len(re.findall(why + rb"[^>]*?a kill\s+would", t.log)) == 1, "that nothing is kept as it goes is not said once", t.log)
            t.log = t.log.replace(b"\n42", b"")
        check(len(re.findall(rb"the lines typed are not kept", t.log)) == (limit is None), "whether a folder lacks is not said at the start", t.log)
        t.log = b""
        enter(t, "quit", rb"`quit` once more leaves it unsaved")
        check(len(re.findall(why, t.log)) == 1 and b"training" not in t.log, "that leaving cannot save is not said once", t.log)
        t.proc.kill()
        t.end()
        t.close()
    check(files(f"{full}/thaw") == [], "a file half written")

try:
    for test in placeless, between, killed, together, same_bits:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            start = time.time()
            test()
            print(f"{test.__name__} {time.time() - start:.1f} s", flush=True)
finally:
    shutil.rmtree(work, ignore_errors=True)
