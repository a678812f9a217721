#!/bin/sh
# lanes.sh: the trials of a sweep in processes of their own: the same bytes as one after the other; a process that dies
# is one trial that is missing; an interrupt and a kill leave no process behind.
. "$top_srcdir/tests/cli/lib.sh"

few_pictures few
small='data few; timing off; build "flatten | dense 5, softmax"'
line='sweep lr=1,0.5 way=lt5,gte5 seeds=2 -- "reset; train {way} limit=64 sample={seed} epochs=1"'

kept() { # DIR: what is kept of runs and trials
	(cd "$1" && sha256sum -- runs/*.json runs.trials/*.json)
}

it 'gives the same bytes and keeps the same for any number of threads'
for n in 1 3; do
	thaw --threads $n --project "kept$n" -c "$small" -c "$line; mode csv; $line; mode json; $line"
	works
	cp "$out" "out$n"
	kept "kept$n" >"records$n"
done
same out1 out3
same records1 records3
[ "$(ls kept3/runs | wc -l)" -eq 8 ] || unmet '8 records'

it 'keeps the same where two do it at once in one store'
"$THAW" --threads 2 --project both -c "$small" -c "$line" >/dev/null 2>.t/other &
thaw --threads 1 --project both -c "$small" -c "$line; mode csv; $line; mode json; $line"
works
wait $! || { cat .t/other; unmet 'the other one'; }
kept both >records.both
same records1 records.both

it 'keeps the same where it was killed 20 times, each time behind another trial, and taken up'
many='sweep lr=1,0.5 way=lt5,gte5 seeds=20 -- "reset; train {way} limit=64 sample={seed} epochs=1"'
thaw --threads 2 --project undisturbed -c "$small" -c "$many"
works
sed 1,2d "$out" | grep -v '^note' >want
kept undisturbed >records1
python3 - "$THAW" "$small" "$many" <<'EOT' || unmet '20 kills within the sweep'
import os, subprocess, sys, time

def trials():
    folder = "kills/runs.trials"
    return sorted(folder + "/" + n for n in os.listdir(folder) if n.endswith(".json")) if os.path.isdir(folder) else []

kills = 0
for _ in range(200):
    before = trials()
    p = subprocess.Popen([sys.argv[1], "--threads", "2", "--project", "kills", "-c", sys.argv[2], "-c", sys.argv[3]],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while p.poll() is None and len(trials()) <= len(before):
        time.sleep(0.001)
    p.kill()
    kills += p.wait() == -9
    if kills == 20:
        break
    if p.returncode == 0:  # all were done before this process was told: some of them are to be done again
        for path in trials()[::2]:
            os.unlink(path)
assert kills == 20, kills
EOT
thaw --threads 2 --project kills -c "$small" -c "$many"
works
sed 1,2d "$out" | grep -v '^note' >got
kept kills >records.kills
same records1 records.kills
same want got

it 'does the others where trials fail, and says the same of these as one after the other'
for n in 1 3; do
	thaw --threads $n -c "$small" -c 'sweep epochs=2,1 seeds=3 -- train lt5 limit=32; assert epochs < 2 or val_loss > 99'
	exits 1
	cp "$err" "err$n"
	cp "$out" "out$n"
done
err_has 'warning: epochs=2, seed 1337: assert' 'warning: epochs=2, seed 1339: assert' \
	'3 of 6 trials failed and are missing from the table; change'
out_has 'epochs=2    0  - ' 'epochs=1    3  0.'
same err1 err3
same out1 out3

[ -r /proc/self/stat ] || done_testing
it 'goes on where a process is killed, and ends all of them with itself'
command='python3: signals to the processes of a sweep'
python3 - "$THAW" >"$out" 2>"$err" <<'EOT' || unmet 'ends as expected'
import os, signal, subprocess, sys, time

signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it
NET = 'data few; build "flatten | dense 5, softmax"; '


def until(what, condition):
    end = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def stat(pid):
    """Parent, process group, state."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            state, parent, group = f.read().rpartition(")")[2].split()[:3]
        return int(parent), int(group), state
    except OSError:
        return None


def having(at, number):
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        s = stat(name)
        if s is not None and s[at] == number and s[2] != "Z":
            found.append(int(name))
    return found


def begin(store, line, threads=2):
    return subprocess.Popen([sys.argv[1], "--threads", str(threads), "--project", store, "-c", NET + line],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                            start_new_session=True)


def kept(store):
    try:
        return len([n for n in os.listdir(store + "/runs.trials") if n.endswith(".json")])
    except OSError:
        return 0


LONG = "sweep epochs=1,100000,2 seeds=1 -- train lt5 limit=32"
for sig, said in (signal.SIGKILL, "ended by signal 9"), (signal.SIGTERM, "told to end"):
    store = f"dead{int(sig)}"
    p = begin(store, LONG)
    until("the two short trials", lambda: kept(store) == 2)
    until("the long one alone", lambda: len(having(0, p.pid)) == 1)
    os.kill(having(0, p.pid)[0], sig)
    out, err = p.communicate(timeout=90)
    assert p.returncode == 1, (p.returncode, err)
    assert f"epochs=100000, seed 1337: its process was {said}" in err, err
    assert "1 trial is missing from the table" in err, err
    rows = [r.split()[:3] for r in out.splitlines() if r.lstrip().startswith("epochs=")]
    assert [r[1] for r in rows] == ["1", "0", "1"], out
    assert rows[1][2] == "-", out

# an interrupt at a terminal comes to all of them; one that was started elsewhere to the first alone
for everybody in True, False:
    store = f"cut{everybody}"
    p = begin(store, LONG, 3)
    until("the two short trials", lambda: kept(store) == 2)
    (os.killpg if everybody else os.kill)(p.pid, signal.SIGINT)
    out, err = p.communicate(timeout=90)
    assert p.returncode in (130, -signal.SIGINT), (p.returncode, err)
    assert "the same line goes on" in err and "missing" not in err, err
    assert having(1, p.pid) == [], "a process is left"
    assert len(os.listdir(store + "/runs")) == 2, "a part of a run is kept"

p = begin("killed", LONG)
until("the two short trials", lambda: kept("killed") == 2)
p.kill()
p.communicate()
until("the end of the processes", lambda: having(1, p.pid) == [])
assert kept("killed") == 2
EOT

it 'takes up what was done before a kill'
thaw --project killed -c 'data few; build "flatten | dense 5, softmax"' \
	-c 'sweep epochs=1,2,3 seeds=1 -- train lt5 limit=32'
works
out_has '2 of 3 trials were in the store'

done_testing
