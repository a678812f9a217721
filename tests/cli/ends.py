#!/usr/bin/python3
"""ends.py: whatever a batch is at, it ends within two seconds of SIGTERM or SIGINT, by that signal, with all processes of its own: a long eval, the cache
filling, a large picture, files of data, output that nobody reads, large batches, pipes that nobody writes to. FAULTS=all: at many moments each."""
import os, random, shutil, signal, struct, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests/tui"))
from term import packed_data, small_data

thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
long = os.environ.get("FAULTS", "") == "all"
slow = 10 if os.environ.get("sanitized", "no") != "no" else 1
work = tempfile.mkdtemp()
data = small_data(f"{work}/data")
dice = random.Random(int(os.environ.get("SEED", "5")))
DEEP = 'build "conv2d 64 3, relu, conv2d 64 3, relu, conv2d 64 3, relu, flatten | dense 10, softmax"'
WIDE = 'build "conv2d 64 5, relu, conv2d 128 5, relu, conv2d 128 5, relu, flatten | dense 10, softmax"' # six seconds for 400 images
BROAD = 'build "conv2d 64 5, relu, conv2d 256 5, relu, conv2d 256 5, relu, flatten | dense 10, softmax"' # some seconds for 256 without learning
LONG = "train all limit=400 batch=400 epochs=100"
worst = {}

def busy():
    """How much longer things take than on a machine of our own."""
    return max(1, os.getloadavg()[0] / os.cpu_count())

def big_data(folder, side, n):
    """A data set whose files are large, and sparse."""
    os.mkdir(folder)
    for part, count in (("train", n), ("t10k", 10)):
        for name, head, size in ((f"{part}-images-idx3-ubyte", struct.pack(">4BIII", 0, 0, 8, 3, count, side, side), count * side * side),
                                 (f"{part}-labels-idx1-ubyte", struct.pack(">4BI", 0, 0, 8, 1, count), count)):
            with open(f"{folder}/{name}", "wb") as f:
                f.write(head)
                f.truncate(len(head) + size)

def small_png(folder):
    subprocess.run([thaw, "-c", "export png model a.png size=300x200"], cwd=folder, check=True, capture_output=True)

os.mkfifo(f"{work}/pipe")
packed_data(f"{work}/packed")
big_data(f"{work}/big", 256, 16000)
STATES = { # a line that takes long, behind one that says that it begins
    "reading the bundled data": "data info",
    "reading a gigabyte": f"data {work}/big",
    "unpacking two gigabytes": f"data {work}/packed",
    "unpacking it at its first use": "train lt5",
    "counting a gigabyte": f"data {work}/big; data info",
    "filling the cache": f"{DEEP}; set cache.limit 4g; freeze features; train all epochs=1",
    "a run": "train gte5 epochs=1000",
    "large batches": "train gte5 batch=2048 epochs=100",
    "a batch that takes long": f"{WIDE}; set threads 1; {LONG}", # it is given up
    "a sweep of such batches, in processes": f"{WIDE}; set threads 2; sweep lr=0.1,1 seeds=1 -- {LONG}",
    "a sweep of such batches, one after the other": f"{WIDE}; set threads 1; sweep lr=0.1,1 seeds=1 -- {LONG}",
    "a sweep of evals whose batches take long": f"{BROAD}; set threads 2; sweep lr=0.1,1 seeds=1 -- eval all",
    "a comparison of such batches": f"{WIDE}; set threads 2; compare modes all modes=scratch seeds=3 limit=400 batch=400 epochs=100",
    "a batch of one": "train gte5 batch=1",
    "a long eval": f"{DEEP}; eval all on=train",
    "an eval whose batches take long": f"{BROAD}; set threads 1; eval all",
    "wrong pictures": f"{DEEP}; train all limit=64 epochs=1; show all wrong n=1000",
    "a large picture": "train gte5 limit=64 epochs=1; export png size=16384x16384",
    "many digits": f"{DEEP}; export png digits n=1000 size=8000x8000",
    "a script that is a pipe": f"source {work}/pipe",
    "standard input that says nothing": None,
    "output that nobody reads": "model;" * 2000,
    "a script without an end": "print 1;" * 200000,
}
BEGINS = {"a batch that takes long": b"run r1"} # what else is said then
OPTIONS = {"unpacking it at its first use": ["--data", f"{work}/packed"]}

def members(session):
    """Processes of a session, with the seconds of processor that each has had."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as f:
                field = f.read().rsplit(")", 1)[1].split()
        except OSError:
            continue # it has just ended
        if int(field[3]) == session and field[0] != "Z":
            yield pid, (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")

def worked(p, seconds):
    """Waits until it and its processes have had so much of the processor: then they are within a batch."""
    while p.poll() is None and sum(had for _, had in members(p.pid)) < seconds:
        time.sleep(.02)

def ends(name, line, sig, after):
    folder = tempfile.mkdtemp(dir=work)
    argv = ["-"] if line is None else [*OPTIONS.get(name, []), "-c", 'print "begins"', "-c", line]
    if line is not None and len(line) > 100000:
        with open(f"{folder}/script", "w") as f:
            f.write('print "begins"\n' + line.replace(";", "\n"))
        argv = ["script"]
    p = subprocess.Popen([thaw, *argv], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, LC_ALL="C.UTF-8"),
                         start_new_session=True,
                         preexec_fn=lambda: [signal.signal(s, signal.SIG_DFL) for s in (signal.SIGINT, signal.SIGTERM)])
    if line is None:
        p.stdin.write(b'print "begins"\n')
        p.stdin.flush()
    while True: # from then on nobody reads
        said = p.stdout.readline()
        if not said or said.startswith(BEGINS.get(name, b"begins")):
            break
    if "such batches" in name or "batches take long" in name:
        worked(p, 1.5 + after)
    else:
        time.sleep(after)
    if p.poll() not in (None, 0):
        raise SystemExit(f"FAIL: {name}: it ends by itself with status {p.returncode}: {p.stderr.read()!r}")
    if p.returncode is None:
        p.send_signal(sig)
        start = time.time()
        try:
            p.wait(60 * slow)
        except subprocess.TimeoutExpired:
            p.kill()
        while any(members(p.pid)) and time.time() < start + 60 * slow:
            time.sleep(.02)
        took = time.time() - start
        err = p.stderr.read()
        if p.returncode == -sig or took >= 1: # else it was over just then
            worst[name] = max(worst.get(name, 0), took)
        if took >= 2 * slow * busy() or p.returncode not in (-sig, 0):
            raise SystemExit(f"FAIL: {name}: {sig.name} after {after:.2f} s: status {p.returncode} after {took:.2f} s\n{err.decode(errors='replace')[-800:]}")
    for f in p.stdin, p.stdout, p.stderr:
        f.close()
    shutil.rmtree(folder)

try:
    for name, line in STATES.items():
        if len(sys.argv) > 1 and sys.argv[1] not in name:
            continue
        for n in range(12 if long else 1):
            ends(name, line, dice.choice([signal.SIGTERM, signal.SIGINT]), dice.uniform(.05, 1.5) ** 3 if long else dice.uniform(.2, .5))
        print(f"{name}: " + (f"{worst[name]:.2f} s at most" if name in worst else "over before"), flush=True)
finally:
    shutil.rmtree(work, ignore_errors=True)
