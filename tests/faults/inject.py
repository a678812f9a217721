"""inject.py: a lesson run again and again, each time with one call that fails, and judged. For the tests in this folder."""
import concurrent.futures, os, re, shutil, subprocess, sys, tempfile
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests/tui"))
from term import skip, small_data

thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
library = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "faults.so"))
long = os.environ.get("FAULTS", "") == "all"
work = tempfile.mkdtemp(prefix="thaw-faults.")
data = small_data(os.path.join(work, "data"), 40, 20)
TEMPORARY = re.compile(r"^\..*\.thaw-[a-z0-9]{6}$")
OLD = b"what stood here before\n"

def wanted():
    if os.environ.get("sanitized", "no") != "no":
        skip("a sanitizer has an allocator of its own")
    if not os.path.exists(library):
        skip("faults.so was not built")
    probe = os.path.join(work, "probe")
    run(work, ["-c", "print 1"], FAULT="alloc", FAULT_COUNT=probe)
    if not os.path.exists(probe):
        skip("LD_PRELOAD does not reach the program")

def run(folder, argv, timeout=60, limits=None, preload=True, **fault):
    env = dict(dict(LC_ALL="C.UTF-8", TERM="dumb", HOME=os.path.join(work, "home"), PATH=os.environ["PATH"]), **fault)
    if preload:
        env["LD_PRELOAD"] = library
    try:
        p = subprocess.run([thaw, "--no-init", "--data", data, *argv], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                           capture_output=True, timeout=timeout, preexec_fn=limits)
        return p.returncode, p.stdout, p.stderr
    except subprocess.TimeoutExpired as e:
        return None, e.stdout or b"", e.stderr or b""

def files(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            out[name] = f.read()
    return out

def bare(out):
    """Output without a word on the cache, which is left out where memory is short, with the same bits."""
    return re.sub(rb"  features cached \([^)]*\)|note: there is too little memory to keep.*\n", b"", out)

class Lesson:
    """A script in a folder of its own. `kept` are files that stand there before and may be replaced whole, or stay."""
    def __init__(self, text, kept=(), loose=()):
        self.text, self.kept, self.loose = text, kept, loose
        folder = self.folder()
        status, out, err = run(folder, ["lesson.thaw"])
        if status != 0:
            raise SystemExit(f"FAIL: the lesson does not run undisturbed: {status} {err.decode(errors='replace')}")
        self.status, self.out, self.err, self.new = status, out, err, files(folder)

    def folder(self):
        folder = tempfile.mkdtemp(dir=work)
        with open(os.path.join(folder, "lesson.thaw"), "w") as f:
            f.write(self.text)
        for name in self.kept:
            with open(os.path.join(folder, name), "wb") as f:
                f.write(OLD)
        return folder

    def count(self, what, **fault):
        probe = os.path.join(work, "count")
        folder = self.folder()
        run(folder, ["lesson.thaw"], FAULT=what, FAULT_COUNT=probe, **fault)
        shutil.rmtree(folder)
        return int(open(probe).read())

    def judge(self, status, out, err, folder):
        """A word for what became of it; one that begins with "bad" is a finding."""
        have = files(folder)
        if status is None:
            return "bad: hangs"
        if status < 0:
            return f"bad: ends by signal {-status}"
        def poorer(name):
            """A picture for which a font could not be opened is another one, which a warning says."""
            return name.endswith(".png") and b"warning: " in err and have.get(name, b"").endswith(b"IEND\xaeB`\x82")
        for name in have:
            if TEMPORARY.match(name):
                return "bad: leaves " + re.sub(r"\.[^.]*$", ".XXXXXX", name)
        for name in self.kept:
            if have.get(name) not in (OLD, self.new[name]) and not poorer(name):
                return f"bad: {name} is neither the old nor the new one"
        if status == 0:
            if bare(out) != bare(self.out):
                return "with a warning" if b"warning: " in err else "bad: other output with status 0"
            for name, content in self.new.items():
                if name not in self.loose and have.get(name) != content and not poorer(name):
                    return f"bad: another {name} with status 0"
            return "as undisturbed" if err == self.err else "as undisturbed, with a warning"
        if status == 127 and b"thread-local data: ABORT" in err:
            return "ended by libc, which had no room for a thread's data"
        lines = [x for x in err.decode(errors="replace").splitlines() if x not in self.err.decode().splitlines()]
        if not any("error: " in x or x.startswith("readline: ") for x in lines):
            return f"bad: status {status} without a sentence"
        saved = re.search(r"(?:saved the session to|it is in) ([^\s;]+)", err.decode(errors="replace"))
        if saved:
            ok = run(folder, ["-c", f"load {saved[1]}"], preload=False)[0] == 0
            return f"status {status} with a sentence, the work saved" if ok else "bad: the autosave does not load"
        return f"status {status} with a sentence"

    def tries(self, what, at, argv=("lesson.thaw",), **fault):
        """Each of the calls `at` fails. Returns {verdict: [call, ...]}."""
        def one(n):
            folder = self.folder()
            status, out, err = run(folder, argv, FAULT=what, FAULT_AT=str(n), **fault)
            verdict = self.judge(status, out, err, folder)
            shutil.rmtree(folder)
            if os.environ.get("SHOW") == verdict:
                print(n, out[-300:], err)
            return verdict, n
        verdicts = {}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for verdict, n in pool.map(one, at):
                verdicts.setdefault(verdict, []).append(n)
        return verdicts

def report(title, verdicts):
    """Prints the counts; true: nothing bad."""
    print(f"{title}: {sum(map(len, verdicts.values()))} tried")
    for verdict, at in sorted(verdicts.items()):
        print(f"  {len(at):6} {verdict}" + (f": {at[:12]}" if verdict.startswith("bad") else ""))
    sys.stdout.flush()
    return not any(v.startswith("bad") for v in verdicts)

def finish(good):
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if good else 1)
