#!/usr/bin/python3
"""writes.py: every write, fsync, rename, open, close and truncate of a session that saves, exports and logs fails in turn, and writes come
short: a sentence and a status, files old or new, and the session goes on."""
import errno, os, shutil, signal, subprocess, time
import inject
from inject import Lesson, data, finish, long, report, run, thaw, wanted

BUILD = "build flatten, dense 6, relu | dense 10, softmax"
LESSON = f"""timing off
set threads 1
bail off
{BUILD}
train all limit=40 batch=8
save a.safetensors
save a.safetensors only=head
export csv a.csv
export json a.json
export png plot a.png size=200x150
log log.txt
history
log off
print "the end"
"""

wanted()
lesson = Lesson(LESSON, kept=["a.csv", "a.json", "a.png"], loose=["a.safetensors", "log.txt"])

def judged(status, out, err, folder, judge=lesson.judge):
    """Besides what holds for all: the session goes on to its end, and a whole file stands at every name."""
    if status == 1 and not out.endswith(b"the end\n"):
        return "bad: the session ends at the first error"
    verdict = judge(status, out, err, folder)
    path = os.path.join(folder, "a.safetensors")
    if not verdict.startswith("bad") and os.path.exists(path) and not any(
            run(folder, ["-c", build + "load a.safetensors only=head"], preload=False)[0] == 0 for build in (BUILD + "; ", "")):
        return "bad: a.safetensors does not load"
    return verdict

lesson.judge = judged
good = True
for what, number, extra in (("write", errno.ENOSPC, {}), ("write", errno.EINTR, {}), ("write", errno.EIO, {"FAULT_SHORT": "1"}), ("fsync", errno.EIO, {}),
                            ("rename", errno.EIO, {}), ("open", errno.EMFILE, {}), ("close", errno.EIO, {}), ("write,fsync,rename", errno.ENOSPC, {"FAULT_ON": "1"})):
    n = lesson.count(what)
    step = 1 if long else max(1, n // 12)
    title = f"{what} {errno.errorcode[number]}" + (" short" if "FAULT_SHORT" in extra else "") + (" from there on" if "FAULT_ON" in extra else "")
    good &= report(title, lesson.tries(what, range(1, n + 1, step), FAULT_ERRNO=str(number), **extra))

# The autosave of a batch that SIGTERM ends, beside an earlier one.
def autosave(what, at, number):
    folder = os.path.join(inject.work, "autosave")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    path = os.path.join(folder, "thaw-autosave.safetensors")
    with open(path, "wb") as f:
        f.write(inject.OLD)
    env = dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=folder, LD_PRELOAD=inject.library, FAULT=what, FAULT_AT=str(at),
               FAULT_ERRNO=str(number))
    p = subprocess.Popen([thaw, "--no-init", "--data", data, "-c", "train gte5 epochs=100000 limit=16"], cwd=folder, env=env,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for row in p.stdout:
        if b"Epoch 3/" in row:
            break
    p.send_signal(signal.SIGTERM)
    err = p.communicate(timeout=60)[1].decode()
    with open(path, "rb") as f:
        if f.read() != inject.OLD:
            return "bad: another session's autosave is gone"
    made = [x for x in os.listdir(folder) if x.startswith("thaw-autosave") and os.path.join(folder, x) != path]
    if p.returncode == 1 and "error: " in err:
        return "no run to be ended, with a sentence"
    if p.returncode != -signal.SIGTERM:
        return f"bad: status {p.returncode}"
    if any(inject.TEMPORARY.match(x) for x in os.listdir(folder)):
        return "bad: leaves a temporary file"
    if not made:
        return "nothing saved, with a sentence" if "error: " in err else "bad: nothing saved and nothing said"
    if run(folder, ["-c", f"load {made[0]}"], preload=False)[0] != 0:
        return "bad: the autosave does not load"
    return "saved"

verdicts = {}
for what, at, number in [("open", n, errno.EMFILE) for n in range(1, 12 if long else 1)] + [(w, n, errno.ENOSPC) for w in ("write", "fsync", "rename", "close")
                                                                      for n in range(0, 4 if long else 2)]:
    verdicts.setdefault(autosave(what, at, number), []).append((what, at))
good &= report("autosave", verdicts)
finish(good)
