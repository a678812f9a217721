#!/usr/bin/python3
"""store.py: two processes that keep the same runs in one store are killed again and again, on a disk that is full, and where nothing can be
written: what stands there is whole, what is missing is done again, and training goes on, with a word."""
import errno, hashlib, json, os, random, shutil, subprocess, sys, tempfile, time
import inject
from inject import data, library, long, run, thaw
from term import skip

NET = 'timing off; set verbose 0; build "flatten | dense 5, softmax"; '
TRAIN = "reset seed={0}; train lt5 limit=16 epochs=1 seed={0}; "
ALL = NET + "".join(TRAIN.format(i) for i in range(1, 25))
dice = random.Random(16)
failed = []

def expect(met, what):
    if not met:
        failed.append(what)
        print(f"not met: {what}")

def start(folder, script=ALL):
    return subprocess.Popen([thaw, "--no-init", "--data", data, "--threads", "1", "--project", folder, "-c", script], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=inject.work))

def records(folder):
    """Name and text of each file of records, all of which are whole."""
    found = {}
    path = os.path.join(folder, "runs")
    for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
        if inject.TEMPORARY.match(name):
            continue
        with open(os.path.join(path, name), "rb") as f:
            found[name] = f.read()
        expect(hashlib.sha256(found[name]).hexdigest() + ".json" == name, f"{name} is what its name says")
    path = os.path.join(folder, "runs.about")
    for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
        if not inject.TEMPORARY.match(name):
            with open(os.path.join(path, name)) as f:
                expect(isinstance(json.load(f), dict), f"{name} is whole")
    return found

def listed(folder):
    return run(inject.work, ["--project", folder, "-c", "mode csv; runs n=1000"], preload=False)

# ---- kills ----

alone = os.path.join(inject.work, "alone")
begin = time.perf_counter()
if start(alone).wait() != 0:
    raise SystemExit("FAIL: the runs are not kept undisturbed")
once = time.perf_counter() - begin
want = records(alone)
expect(len(want) == 24, "24 runs are kept")

folder = os.path.join(inject.work, "both")
kills, n = 0, 1000 if long else 24
while kills < n:
    pair = [start(folder), start(folder)]
    for p in pair:
        time.sleep(dice.random() * min(once * .6, .15))
        p.kill()
        p.stderr.close()
        kills += p.wait() == -9
    have = records(folder)
    expect(all(want.get(name) == text for name, text in have.items()), "no other record than those of one process")
    if kills % 50 < 2: # what the index makes of it; and an empty store, so that there is something to write
        status, out, err = listed(folder) if have else (0, b"", b"")
        expect(status == 0 and (not have or out.count(b"\n") == len(have) + 1), f"the runs are listed: {err}")
        shutil.rmtree(folder)
for p in [start(folder), start(folder)]:
    err = p.communicate()[1]
    expect(p.returncode == 0 and not err, f"both come to their end: {err}")
expect(records(folder) == want, "the records of one process")
left = [x for x in os.listdir(os.path.join(folder, "runs")) if inject.TEMPORARY.match(x)]
expect(not left, "no file of a writer that was killed is left")
rows = listed(folder)[1]
os.unlink(os.path.join(folder, "runs.db"))
expect(listed(folder)[1] == rows and rows.count(b"\n") == 25, "the index is made again from the records")
print(f"{kills} kills of two writers on one store")

# ---- no room, no right ----

def goes_on(title, argv, **fault):
    script = NET + TRAIN.format(1) + TRAIN.format(2) + "sweep lr=1,2 seeds=2 -- reset; train lt5 limit=16 epochs=1; print accuracy + 100"
    script = script.replace("-- reset; train lt5 limit=16 epochs=1;", '-- "reset; train lt5 limit=16 epochs=1";')
    p = subprocess.run(argv + [thaw, "--no-init", "--data", data, "--threads", "2", "--project", "there/store", "-c", script], cwd=place,
                       env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=inject.work, **fault), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    print(f"{title}: {p.stderr.strip()}")
    if "r1 is not kept" not in p.stderr: # it could not even be made
        expect(p.returncode == 1 and "cannot be made" in p.stderr and "loss" not in p.stdout, f"{title}: an error before the first run")
        return
    expect(p.returncode == 1 and p.stdout.splitlines()[-1].startswith("10"), f"{title}: the session comes to its end: {p.stdout[-300:]}")
    expect(p.stderr.count("r1 is not kept") == 1 and "r2 is not kept" not in p.stderr, f"{title}: a word, once")
    expect(p.stderr.count("results of trials are not kept") == 1, f"{title}: a word on trials, once")

place = tempfile.mkdtemp(dir=inject.work)
os.mkdir(os.path.join(place, "there"))
mounted = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o "$0" none there && { [ "$0" != size=64k ] || cat /dev/zero >there/full 2>/dev/null; shift 0; exec "$@"; }']
def mounts(option):
    try:
        return subprocess.run(mounted + [option, "true"], cwd=place, capture_output=True).returncode == 0
    except OSError:
        return False
if mounts("size=64k"):
    goes_on("a full disk", mounted + ["size=64k"])
    goes_on("a disk that is read-only", mounted + ["ro"])
else:
    print("nothing can be mounted here")
if os.geteuid() != 0:
    os.chmod(os.path.join(place, "there"), 0o555)
    goes_on("a folder that is read-only", [])
    os.chmod(os.path.join(place, "there"), 0o755)
if os.environ.get("sanitized", "no") == "no" and os.path.exists(library):
    goes_on("no room at the end of a write", [], LD_PRELOAD=library, FAULT="fsync", FAULT_AT="1", FAULT_ON="1", FAULT_ERRNO=str(errno.ENOSPC))
    kept = [name for _, _, names in os.walk(os.path.join(place, "there")) for name in names]
    expect(kept == [], f"no file half written: {kept}")
shutil.rmtree(inject.work)
sys.exit(1 if failed else 0)
