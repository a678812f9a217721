#!/usr/bin/python3
"""kills.py: a session that saves over one file again and again is killed: an old file stands there or a new one, whole."""
import os, random, subprocess, time
import inject
from inject import data, finish, long, report, thaw

HEAD = "timing off\nbuild flatten, dense 40, relu | dense 10, softmax\n"
TURN = "reset seed={}\nsave a.safetensors\n"
dice = random.Random(20)
folder = os.path.join(inject.work, "kills")
path = os.path.join(folder, "a.safetensors")
os.mkdir(folder)

def session(script, after=None, delay=0):
    """Runs it; with `after`, kills it so much behind the line that says for the so many-th time what it wrote."""
    p = subprocess.Popen([thaw, "--no-init", "--data", data, "-"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=folder))
    p.stdin.write(script.encode())
    p.stdin.close()
    for row in p.stdout:
        after = after - 1 if after is not None and row.startswith(b"wrote") else after
        if after == 0:
            end = time.perf_counter() + delay
            while time.perf_counter() < end: # finer than a sleep
                pass
            p.kill()
            break
    p.stdout.close()
    return p.wait()

def content():
    with open(path, "rb") as f:
        return f.read()

whole = {}
for seed in (1, 2):
    if session(HEAD + TURN.format(seed)) != 0:
        raise SystemExit("FAIL: the session does not run undisturbed")
    whole[content()] = seed
begin = time.perf_counter()
session(HEAD + (TURN.format(1) + TURN.format(2)) * 5)
once = (time.perf_counter() - begin) / 10
verdicts, n = {}, 1000 if long else 30
for i in range(n):
    status = session(HEAD + (TURN.format(1) + TURN.format(2)) * 400, 1 + dice.randrange(4), dice.random() * once)
    have = content()
    verdict = f"seed {whole[have]}" if have in whole else "bad: neither the old nor the new file"
    verdicts.setdefault(verdict if status == -9 else f"bad: status {status}", []).append(i)
left = [x for x in os.listdir(folder) if inject.TEMPORARY.match(x)]
print(f"{n} kills within {once * 1e3:.1f} ms of a save, {len(left)} of them with a temporary file under way")
finish(report("killed", verdicts))
