#!/usr/bin/python3
"""bench.py: what thaw costs in time and memory, beside what is asked of it and what this machine can do. `make bench` runs it.

    bench.py [--json FILE] [SECTION ...]

Prints a table and writes FILE (bench.json); sections that are not named keep what stands there. Wants a quiet machine: the
load average stands beside each figure."""
import datetime, os, platform, sys
sys.dont_write_bytecode = True
import measure
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

sections = {f.__name__: f for f in (kernels,)}

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
