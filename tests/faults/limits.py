#!/usr/bin/python3
"""limits.py: a short session under each limit that a system sets: it does its work, or says in a sentence what was missing; never a crash, a
hang, or a good file lost."""
import os, resource, shutil, subprocess
import inject
from inject import data, finish, long, report, run, skip

if os.environ.get("sanitized", "no") != "no":
    skip("a sanitizer takes terabytes of address space")

SCRIPT = ["-c", "timing off", "-c", "build flatten, dense 30, relu | dense 10, softmax", "-c", "train all epochs=2 limit=40 batch=8", "-c", "save a.safetensors",
          "-c", "export csv a.csv", "-c", "export png plot a.png size=200x150", "-c", "log log.txt; history; log off", "-c", "print \"the end\""]
TRAIN = ["-c", "timing off; train gte5 epochs=1; freeze features; train lt5 epochs=1 batch=16"]
KEPT = ("a.safetensors", "a.csv", "a.png")

def under(kind, value, argv=SCRIPT, **env):
    def limit():
        resource.setrlimit(kind, (value, value))
    folder = os.path.join(inject.work, "session")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    for name in KEPT:
        with open(os.path.join(folder, name), "wb") as f:
            f.write(inject.OLD)
    status, out, err = run(folder, argv, preload=False, limits=limit if kind is not None else None, **env)
    verdict, err = judge(folder, status, out, err.decode(errors="replace"))
    if kind == resource.RLIMIT_AS and verdict == "a sentence" and "memory" in err and "while loading" not in err and "ulimit -v" not in err:
        return "bad: does not name the limit", err
    return verdict, err

def judge(folder, status, out, err):
    have = inject.files(folder)
    if status is None:
        return "bad: hangs", err
    if any(inject.TEMPORARY.match(x) for x in have):
        return "bad: leaves a temporary file", err
    if have["a.safetensors"] != inject.OLD and run(folder, ["-c", "load a.safetensors"], preload=False)[0] != 0:
        return "bad: a.safetensors does not load", err
    if status == 0:
        return ("done" if not err else "done, with a warning"), err
    if status < 0:
        return f"bad: ends by signal {-status}", err
    return ("a sentence" if "error: " in err or "error while loading" in err else f"bad: status {status} without a sentence"), err

good = True

def series(title, tries):
    """Pairs of a value and the verdict with standard error."""
    verdicts = {}
    for value, (verdict, err) in tries:
        verdicts.setdefault(verdict, []).append(value)
        if verdict.startswith("bad"):
            print(f"  {title} {value}: {err[-300:]!r}")
    return report(title, verdicts)

def rising(title, tries):
    """The same; and who has more is not refused where who has less was not."""
    tries = list(tries)
    done = [value for value, (verdict, err) in tries if verdict.startswith("done")]
    short = [value for value, (verdict, err) in tries if not verdict.startswith("done") and done and value > done[0]]
    if short:
        print(f"  bad: {title}: {done[0]} suffices, {short} do not")
    return series(title, tries) and not short

step = 5 if long else 20
MB = 1 << 20
good &= rising("address space, MB", [(n, under(resource.RLIMIT_AS, n * MB)) for n in range(5, 401, step)])
good &= rising("address space for a convolution and a cache, MB", [(n, under(resource.RLIMIT_AS, n * MB, TRAIN)) for n in range(20, 401, step)])
good &= rising("open files", [(n, under(resource.RLIMIT_NOFILE, n)) for n in range(3, 16 if long else 12)])
good &= rising("file size, bytes", [(n, under(resource.RLIMIT_FSIZE, n)) for n in (0, 10, 100, 1000, 5000, 50000, 200000, 1000000)])
good &= rising("stack, KB", [(n, under(resource.RLIMIT_STACK, n << 10)) for n in (256, 512, 1024, 8192)])
if os.geteuid() != 0: # whom the limit does not bind
    good &= series("processes", [(n, under(resource.RLIMIT_NPROC, n)) for n in (1, 2)])

# Processor time: SIGXCPU ends it as SIGTERM does, with the work saved.
def processor():
    folder = os.path.join(inject.work, "session")
    shutil.rmtree(folder)
    os.mkdir(folder)
    status, out, err = run(folder, ["-c", "timing off", "-c", "train gte5 epochs=100000"], preload=False,
                           limits=lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 10)))
    kept = os.path.join(folder, "thaw-autosave.safetensors")
    if status == 0 or not os.path.exists(kept) or run(folder, ["-c", f"load {kept}"], preload=False)[0] != 0:
        return f"bad: status {status} and no work saved", err.decode()
    return "ends with the work saved", ""

good &= series("processor time, s", [(1, processor())])

# No home, an empty one, a file in its place.
for home in ("", "/nowhere", __file__):
    good &= series(f"HOME={os.path.basename(home)}", [(home, under(None, None, HOME=home))])

# A disk of 1 MB, empty and full, and a system without /proc: where a name space of mounts is to be had. It is gone with the process, so
# what it held is copied out.
def mounted(where, size, fill):
    base, folder = os.path.join(inject.work, "mount"), os.path.join(inject.work, "session")
    for path in (base, folder):
        shutil.rmtree(path, ignore_errors=True)
        os.mkdir(path)
    script = f"""mount -t tmpfs -o size={size} none {where or base} || exit 99
cd {base}
for f in {' '.join(KEPT)}; do printf 'what stood here before\\n' >$f; done
head -c {fill} /dev/zero >fill 2>/dev/null
"$@" >{inject.work}/out 2>{inject.work}/err; status=$?
rm -f fill; cp -r . {folder}; exit $status"""
    p = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", inject.thaw, "--no-init", "--data", data, *SCRIPT], stdin=subprocess.DEVNULL,
                       env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=inject.work), timeout=60)
    with open(f"{inject.work}/out", "rb") as out, open(f"{inject.work}/err") as err:
        return judge(folder, -(p.returncode - 128) if p.returncode > 128 else p.returncode, out.read(), err.read())

if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
    good &= series("disk of 1 MB, bytes taken", [(n, mounted(None, "1m", n)) for n in (0, 1000 << 10, 1012 << 10, 2 << 20)])
    good &= series("no /proc", [("", mounted("/proc", "64k", 0))])
else:
    print("no mounts here: a full disk and a missing /proc are not tried")
finish(good)
