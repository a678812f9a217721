#!/usr/bin/python3
"""bench.py: what thaw costs in time and memory, beside what is asked of it and what this machine can do. `make bench` runs it.

    bench.py [--json FILE] [SECTION ...]

Prints a table and writes FILE (bench.json); sections that are not named keep what stands there. Wants a quiet machine: the
load average stands beside each figure."""
import datetime, hashlib, os, platform, resource, statistics, sys, tempfile
sys.dont_write_bytecode = True
import measure, models, tui
from measure import cores, epochs, lines, median, run, thaw

def program(name):
    return os.path.join(measure.build, name)

def kernel_program():
    return program("bench_kernels_" + report.data["machine"]["kernels"])

# ---- sections ----

def machine():
    """always measured: the others stand beside it"""
    m = report.data["machine"] = {"date": datetime.datetime.now().isoformat(timespec="seconds"), "cores": cores, "load": os.getloadavg(),
        "system": platform.platform(), "processor": platform.processor()}
    with open("/proc/cpuinfo") as f:
        m["processor"] = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), m["processor"])
    m["kernels"] = thaw("train gte5 limit=8 epochs=1")["run"][0]["kernels"]
    report.begin("machine", "this machine: %s, %d cores, kernels %s" % (m["processor"], cores, m["kernels"]))
    for threads in sorted({1, 2, cores}):
        name = "1 thread" if threads == 1 else "%d threads" % threads
        m.setdefault("gflop_s", {})[str(threads)] = peak = lines([kernel_program(), "peak", str(threads)])[0]["gflop_s"]
        memory = lines([kernel_program(), "memory", str(threads)])[0]
        report.figure("FMA peak, " + name, peak, "GFLOP/s")
        report.figure("memory, reading, " + name, memory["read_gb_s"], "GB/s")
        report.figure("memory, a = b + s c, " + name, memory["triad_gb_s"], "GB/s")
    m["gflop_s_core"] = m["gflop_s"]["1"]
    print("scaled: x %.3f, the peak of a core relative to the %d GFLOP/s of the machine of the bounds" % (m["gflop_s_core"] / measure.REFERENCE, measure.REFERENCE))

def kernels():
    """the kernels' share of the peak"""
    rows = lines([kernel_program(), "kernels", "0.2"])
    report.begin("kernels", "kernels in one thread")
    report.table(rows, [("kernel", "%-14s"), ("shape", "%-24s"), ("gflop_s", "%8.1f GFLOP/s"), ("us_image", "%9.2f us an image"), ("share", "%7.3f of peak")])
    for kernel, own in (("wino_products", "12 tiles, 32 channels"), ("conv_forward", ACTIVITY_CONV), ("conv_dx", ACTIVITY_CONV),
                        ("conv_dw", ACTIVITY_CONV), ("dense_forward", ACTIVITY_DENSE), ("dense_dx", ACTIVITY_DENSE), ("dense_rows", ACTIVITY_DENSE)):
        share = {r["shape"]: r["share"] for r in rows if r["kernel"] == kernel and not r["thin"]}
        report.figure("%s, %s, share of peak" % (kernel, own), share.pop(own), "", least=.85)
        other = min(share, key=share.get)
        report.figure("%s, least of the others: %s" % (kernel, other), share[other], "", least=.85)

ACTIVITY_CONV, ACTIVITY_DENSE = "26x26x32, 32 of 3x3", "4608 to 128"

FULL, FROZEN = "train gte5 epochs=%d", "train lt5 epochs=%d"

def session(full, frozen, *first):
    """Seconds of the epochs from 2 on: everything trainable, and frozen; and of the second run beyond its epochs: filling the caches."""
    e = thaw(*first, FULL % full, "freeze features", FROZEN % frozen)
    return epochs(e, 1), epochs(e, 2), e["trained"][1]["seconds"] - sum(epochs(e, 2, 1))

def best(runs):
    """The least disturbed of several runs: that with the smallest median."""
    return min(median(r) for r in runs)

def time():
    """an epoch, the caches, the whole lesson, starting"""
    report.begin("time", "seconds")
    runs = [session(5, 5) for _ in range(3)]
    report.figure("epoch, everything trainable, validation included", best(r[0] for r in runs), "s", most=1.0, scale=True, runs=[r[0] for r in runs])
    report.figure("epoch, frozen, caches filled, validation included", best(r[1] for r in runs), "s", most=.23, scale=True, runs=[r[1] for r in runs])
    report.figure("filling the caches, train and test", min(r[2] for r in runs), "s", most=.5, scale=True, runs=[r[2] for r in runs])
    lessons = []
    for _ in range(2):
        with measure.scratch() as dir:
            lessons.append(run([measure.thaw_path, "--no-init", os.path.join(measure.source, "assets/lessons/transfer.thaw")], cwd=dir)[1:])
    report.figure("the lesson as a process", min(wall for wall, _ in lessons), "s", most=7.5, scale=True, runs=[wall for wall, _ in lessons])
    report.figure("the lesson's peak resident memory", max(rss for _, rss in lessons) / 1e6, "MB", most=450)
    starts = {"quit": [], "model": []}
    for _ in range(20):
        for command, seconds in starts.items():
            seconds.append(run([measure.thaw_path, "-c", command])[1] * 1e3)
    for command, ms in starts.items():
        report.figure("thaw -c %s, median of %d" % (command, len(ms)), median(ms), "ms", most=15, runs=ms)

def lessons():
    """the lessons, each read through by a process of its own"""
    report.begin("lessons", "lessons, read through")
    folder = os.path.join(measure.source, "assets/lessons")
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".thaw")):
        with measure.scratch() as dir:
            _, wall, rss = run([measure.thaw_path, "--no-init", os.path.join(folder, name)], cwd=dir)
        report.figure(name, wall, "s", most=60, scale=True, rss=rss)

def isa():
    """older instruction sets"""
    report.begin("isa", "kernels of other instruction sets, ratio to those of this machine")
    bounds = {"v3": 2.2, "base": 5}
    others = [k for k in ("v3", "base") if k != report.data["machine"]["kernels"]]
    runs = {k: [] for k in ["auto"] + others}
    for _ in range(2):
        for k in runs:
            runs[k].append(session(3, 3, "set kernels " + k))
    for k in others:
        for i, what in enumerate(("everything trainable", "frozen")):
            own, auto = best(r[i] for r in runs[k]), best(r[i] for r in runs["auto"])
            report.figure("%s, epoch, %s" % (k, what), own / auto, "x", most=bounds[k], seconds=own, auto=auto)

def threads():
    """what a second thread gains, and who does the work where cores are lacking"""
    report.begin("threads", "threads")
    runs = {1: [], 2: []}
    for _ in range(6):
        for n in runs:
            e = thaw("set threads %d" % n, FULL % 3 + " limit=4000", "freeze features", FROZEN % 4 + " limit=8000")
            runs[n].append((epochs(e, 1), epochs(e, 2)))
    peak = report.data["machine"]["gflop_s"]
    fma = peak["2"] / peak["1"]
    report.figure("an FMA loop, 2 threads against 1", fma, "x")
    for i, what in enumerate(("everything trainable", "frozen")):
        one, two = (min(min(r[i]) for r in runs[n]) for n in (1, 2)) # of short epochs the least: both threads must be left alone
        report.figure("epoch, %s, 2 threads against 1, relative to that" % what, one / two / fma, "", least=.93, one=one, two=two)
    counts = lines([program("bench_work"), "threads", "1", "2", "4", "8", "16"])
    report.table([dict(c, least=min(c["items"]), most=max(c["items"])) for c in counts],
        [("threads", "%2d threads: items of work that each did in an epoch:"), ("least", "from %d"), ("most", "to %d")])
    for c in counts:
        mean = sum(c["items"]) / c["threads"]
        report.figure("%d threads on %d cores, least work of a thread, of the mean" % (c["threads"], cores), min(c["items"]) / mean, "", items=c["items"])

def rounds():
    """where an epoch goes, and how far threads can carry"""
    report.begin("rounds", "rounds of an epoch in one thread, processor time")
    rows = lines([program("bench_work"), "rounds"])
    report.table(rows, [("of", "%-8s"), ("round", "%-24s"), ("items", "%4d items"), ("seconds", "%8.4f s")])
    for of, what in (("full", "everything trainable"), ("frozen", "frozen")):
        mine = [r for r in rows if r["of"] == of]
        total = sum(r["seconds"] for r in mine)
        report.figure("%s, training, one thread" % what, total, "s", scale=True)
        report.figure("%s, outside the rounds, share" % what, mine[-1]["seconds"] / total, "")
        for n in (2, 4, 8, 16):
            # An item is never cut: a round of k items takes ceil(k / n) of them.
            ideal = sum(r["seconds"] * -(-r["items"] // n) / r["items"] for r in mine)
            report.figure("%s, what %d threads can gain at most" % (what, n), total / ideal, "x")

def busy():
    """one foreign busy process on each core"""
    report.begin("busy", "one foreign busy process on each core, ratio to idle")
    idle, crowded = [], []
    for _ in range(2):
        idle.append(session(3, 4))
        with measure.busy():
            crowded.append(session(3, 4))
    for i, (what, most) in enumerate((("everything trainable", 2.3), ("frozen", 2.8))):
        a, b = best(r[i] for r in idle), best(r[i] for r in crowded)
        report.figure("epoch, " + what, b / a, "x", most=most, idle=a, busy=b)

def look():
    """what one look into the net costs, beyond a session that takes one less"""
    report.begin("look", "looks into the net of the activity, as JSON")
    def seconds(command, n):
        argv = [measure.thaw_path, "--no-init", "-c", "build classes=10", "-c", "mode json"] + ["-c", command] * n
        return min(run(argv)[1] for _ in range(5))
    for command, n, most in (("saliency test:0", 100, 5), ("gradcam test:0", 100, None), ("occlude test:0", 20, None), ("confusion all", 4, 400)):
        report.figure(command, (seconds(command, n + 1) - seconds(command, 1)) / n * 1e3, "ms", most=most, scale=True)

def workbench():
    """the screen: tui.py"""
    report.begin("workbench", "workbench")
    out = tui.figures(measure.thaw_path)
    for key, what, unit, most in tui.FIGURES:
        report.figure(what, out[key], unit, most=most)

def store():
    """looking runs up among 10,000"""
    report.begin("store", "runs of 10,000 records")
    with tempfile.TemporaryDirectory() as folder:
        argv = [measure.thaw_path, "--no-init", "--project", folder, "-c"]
        run(argv + ['timing off; build "flatten, dense 4 | dense 5, softmax"; freeze features; train lt5 limit=64 epochs=2'])
        runs = os.path.join(folder, "runs")
        with open(os.path.join(runs, os.listdir(runs)[0])) as f:
            text = f.read()
        for i in range(10000):
            other = text.replace('"seed":"1337"', f'"seed":"{i}"')
            assert i == 1337 or other != text
            with open(os.path.join(runs, hashlib.sha256(other.encode()).hexdigest() + ".json"), "w") as f:
                f.write(other)
        def seconds(command):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run(argv + [command])
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        report.figure("the index made from them", seconds("runs"), "s", scale=True)
        for name in "runs", "runs.about": # changed just now, a folder is read each time
            os.utime(os.path.join(folder, name), (1e9, 1e9))
        seconds("runs")
        for command in "runs", "runs order=-val_accuracy", "runs seed>5000 n=10", "runs frozen=dense* n=10":
            report.figure(command, min(seconds(command) for _ in range(5)) * 1e3, "ms", most=50, scale=True)

here = os.path.dirname(os.path.abspath(__file__))

def interpreters():
    """(PYTHON, peer) of those that PEERS names and of what each has."""
    found = [(python, peer) for python in os.environ.get("PEERS", "").split() for peer in ("keras", "torch")
             if run([python, "-c", "from importlib.util import find_spec as f; print(f('%s') is not None)" % peer])[0].strip() == "True"]
    if not found:
        print("no peers: PEERS='PYTHON ...' names interpreters that have keras or torch")
    return found

MNIST = os.path.join(measure.source, "assets/mnist")

def modes():
    """the table of `compare modes gte5 limit=256,1024` with five seeds, beside the same one made by Keras and PyTorch"""
    seeds, limits = int(os.environ.get("SEEDS", 5)), (256, 1024)
    report.begin("modes", "compare modes gte5 limit=256,1024 seeds=%d" % seeds)
    with measure.scratch() as dir:
        source = os.path.join(dir, "lt5.safetensors")
        thaw("train lt5 limit=4000 epochs=1", "save " + source)
        compare = "compare modes gte5 limit=%s seeds=%d" % (",".join(map(str, limits)), seeds)
        _, wall, _ = run([measure.thaw_path, "--no-init", "-c", "load " + source, "-c", compare])
        rows = thaw("load " + source, compare)["compare"]
    mine = {(r["limit"], r["mode"]): r["val_accuracy"]["mean"] for r in rows}
    report.figure("the whole process of thaw", wall, "s", scale=True, val_accuracy={"%d %s" % k: v for k, v in mine.items()})
    for python, peer in interpreters():
        their = lines([python, os.path.join(here, "experiment_peer.py"), peer, "modes", MNIST, str(seeds), *map(str, limits)])[0]
        theirs = {(r["limit"], r["mode"]): statistics.mean(r["val_accuracy"]) for r in their["rows"]}
        report.figure(their["peer"], their["seconds"], "s", val_accuracy={"%d %s" % k: v for k, v in theirs.items()})
        report.figure("relative to thaw's", their["seconds"] / wall, "x", least=1)
        report.figure("mean of the accuracies less thaw's", statistics.mean(theirs[k] - mine[k] for k in mine) * 100, "points")

def goal():
    """time to a test accuracy of 99 % on gte5, over ten seeds, beside Keras and PyTorch"""
    seeds = int(os.environ.get("SEEDS", 10))
    report.begin("goal", "to 99 %% of the test images of gte5, %d seeds" % seeds)
    e = [thaw("train gte5 epochs=30 stop=val_accuracy>=0.99 seed=%d" % seed)["trained"][0] for seed in range(1, seeds + 1)]
    found = [{"peer": "thaw", "seconds": [t["seconds"] for t in e], "epochs": [t["epochs"] for t in e]}]
    found += [lines([python, os.path.join(here, "experiment_peer.py"), peer, "goal", MNIST, str(seeds)])[0] for python, peer in interpreters()]
    for f in found:
        for what, unit in (("seconds", "s"), ("epochs", "")):
            error = statistics.stdev(f[what]) / len(f[what]) ** .5 if seeds > 1 else None
            report.figure("%s, %s" % (f["peer"], what), statistics.mean(f[what]), unit, error=error, runs=f[what])
            print("    standard error %s" % ("%.2g" % error if error is not None else "unknown: one seed"))
        if f is not found[0]:
            report.figure("relative to thaw's", statistics.mean(f["seconds"]) / statistics.mean(found[0]["seconds"]), "x", least=1)

def peers():
    """the same models in Keras and PyTorch, in the interpreters that PEERS names"""
    report.begin("peers", "peers: epochs, validation included, relative to thaw's")
    scripts = [[python, os.path.join(here, peer + "_peer.py")] for python, peer in interpreters()]
    if not scripts:
        return
    with measure.scratch() as dir:
        models.make_pictures(dir)
        for name, (split, limit, text) in models.MODELS.items():
            data = dir if split == "pictures" else MNIST
            shape = "32x32x3" if split == "pictures" else "28x28x1"
            stages = lines([program("bench_work"), "stages", shape, text])[0]["stages"]
            commands = ["data " + data, 'build "%s"' % text, "train %s epochs=3%s" % (split if split != "pictures" else "all", " limit=%d" % limit if limit else "")]
            if name == "activity":
                commands += ["freeze 0..%d" % (models.FEATURES - 1), FROZEN % 3]
            own, theirs = [thaw(*commands)], [lines([*s, name, data, "3"])[0] for s in scripts]
            own.append(thaw(*commands))
            for number, part in enumerate(("full", "frozen") if name == "activity" else ("full",), 1):
                mine = best(epochs(e, number) for e in own)
                accuracy = [e["val_accuracy"] for e in own[0]["epoch"] if e["run"] == number][-1]
                for t in theirs:
                    report.figure("%s%s: %s" % (name, ", frozen" if part == "frozen" else "", t["peer"]), median(t[part]["epochs"][1:]) / mine, "x", least=1,
                        thaw=mine, runs=t[part]["epochs"], val_accuracy=[accuracy, t[part]["val_accuracy"]], stages=stages)

sections = {f.__name__: f for f in (kernels, time, lessons, isa, threads, rounds, busy, look, store, workbench, peers, modes, goal)}

# ---- the command line ----

words = sys.argv[1:]
path = "bench.json"
if words[:1] == ["--json"]:
    path, words = words[1], words[2:]
unknown = [w for w in words if w not in sections]
if unknown:
    sys.exit("bench: no section %s; choose from %s" % (", ".join(unknown), " ".join(sections)))
report = measure.Report(path)
machine()
for name, section in sections.items():
    if not words or name in words:
        section()
        report.save()
print("\nwritten to %s" % path)
