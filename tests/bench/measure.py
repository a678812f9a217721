"""measure.py: what the benchmarks share: programs run and measured, figures beside their bounds, the table, the JSON file.

A figure in seconds is also scaled to the machine: seconds x FMA peak of one of its cores / the 177 GFLOP/s of a core of the
machine for which the bounds were stated. The raw figure is always the first one.
"""
import contextlib, json, os, shutil, statistics, subprocess, sys, tempfile, time

REFERENCE = 177 # GFLOP/s of a core where the bounds were stated

build = os.environ.get("top_builddir", ".")
thaw_path = os.path.abspath(os.environ.get("THAW", os.path.join(build, "thaw")))
source = os.path.abspath(os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "..", "..")))
cores = len(os.sched_getaffinity(0))
median = statistics.median

def run(argv, cwd=None):
    """Runs a program to its end; (its output, wall seconds, peak resident bytes)."""
    with tempfile.TemporaryFile() as out:
        t0 = time.perf_counter()
        p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, cwd=cwd)
        status, usage = os.wait4(p.pid, 0)[1:]
        wall = time.perf_counter() - t0
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    if p.returncode != 0:
        sys.exit("bench: %s ended with status %d" % (" ".join(argv), p.returncode))
    return text, wall, usage.ru_maxrss * 1024

def lines(argv):
    """Runs a program that prints a JSON object a line."""
    return [json.loads(line) for line in run(argv)[0].splitlines()]

def thaw(*commands):
    """The events of a session, by kind."""
    argv = [thaw_path, "--no-init", "-c", "mode json"]
    for c in commands:
        argv += ["-c", c]
    events = {}
    for e in lines(argv):
        events.setdefault(e["event"], []).append(e)
    return events

def epochs(events, number, first=2):
    """Seconds of the epochs of run `number`, from its epoch `first` on."""
    return [e["seconds"] for e in events["epoch"] if e["run"] == number and e["epoch"] >= first]

@contextlib.contextmanager
def busy():
    """One foreign busy process on each core."""
    spin = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nprint(flush=True)\nwhile True: pass"
    procs = [subprocess.Popen([sys.executable, "-c", spin, str(c)], stdout=subprocess.PIPE) for c in sorted(os.sched_getaffinity(0))]
    try:
        for p in procs:
            p.stdout.readline()
        yield
    finally:
        for p in procs:
            p.kill()
            p.wait()
            p.stdout.close()

@contextlib.contextmanager
def scratch():
    dir = tempfile.mkdtemp(prefix="thaw-bench.")
    try:
        yield dir
    finally:
        shutil.rmtree(dir)

class Report:
    """Figures, printed as they come and kept in a file. A section that is measured again takes the place of the old one."""
    def __init__(self, path):
        self.path, self.section = path, None
        self.data = json.load(open(path)) if os.path.exists(path) else {}
        self.data.setdefault("figures", [])
        self.data.setdefault("tables", {})
        self.data["reference_gflop_s"] = REFERENCE

    def begin(self, section, what):
        self.section = section
        self.data["figures"] = [f for f in self.data["figures"] if f["section"] != section]
        self.data["tables"].pop(section, None)
        print("\n%-72s %14s %10s %10s" % (what, "measured", "scaled", "bound"))

    def figure(self, name, value, unit, most=None, least=None, scale=False, **more):
        """Bounds are what issue and documents ask: at most, or at least. `more` is kept as it is."""
        f = {"section": self.section, "name": name, "value": value, "unit": unit, "load": os.getloadavg()[0]}
        shown = scaled = ""
        if scale:
            f["scaled"] = value * self.data["machine"]["gflop_s_core"] / REFERENCE
            scaled = "%.4g" % f["scaled"]
        bound = ""
        if most is not None or least is not None:
            f["most" if most is not None else "least"] = most if most is not None else least
            holds = [v <= most if most is not None else v >= least for v in [value, f.get("scaled", value)]]
            f["holds"], f["holds_scaled"] = holds
            bound = ("<= %g" % most if most is not None else ">= %g" % least)
            shown = "" if holds[0] else "  scaled only" if holds[1] else "  MISSED"
        f.update(more)
        self.data["figures"].append(f)
        print("%-72s %14s %10s %10s%s" % (name, "%.4g %s" % (value, unit), scaled, bound, shown), flush=True)

    def table(self, rows, columns):
        """Rows of the same keys, as they are into the file; columns: (key, format), shown in this order."""
        self.data["tables"].setdefault(self.section, []).extend(rows)
        for r in rows:
            print("  " + "  ".join(form % r[key] for key, form in columns), flush=True)

    def save(self):
        with open(self.path + ".new", "w") as f:
            json.dump(self.data, f, indent=1)
            f.write("\n")
        os.replace(self.path + ".new", self.path)
