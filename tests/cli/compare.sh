#!/bin/sh
# compare.sh: ways to train over seeds: the same figures for any number of threads and as the same training done by
# hand; what is refused; and runs beside each other.
. "$top_srcdir/tests/cli/lib.sh"

small='timing off; build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 8, relu, dropout .5, dense 5, softmax"'
source='train gte5 limit=200 epochs=1'
modes='compare modes lt5 limit=64,96 seeds=2 epochs=2 batch=32'
rows=12 threads='1 2 3'
if [ "$sanitized" != no ]; then # each row scores all test images
	modes='compare modes lt5 limit=64 seeds=2 epochs=2 batch=32 modes=frozen,scratch'
	rows=2 threads='1 2'
fi

it 'gives the same figures for 1, 2 and 3 threads'
for t in $threads; do
	thaw --threads $t -c "$small" -c "$source" -c "mode csv; $modes"
	works
	grep "^compare" "$out" >threads-$t
done
same threads-1 threads-2
[ "$sanitized" != no ] || same threads-1 threads-3
[ "$(grep -c '^compare,lt5' threads-1)" -eq $rows ] || unmet 'a row for each mode and number of images'

it 'leaves the model as it was'
thaw -c "$small" -c "$source" -c 'snapshot before' -c "$modes" -c 'diff @before' -c 'mode json; diff @before'
works
out_has '"max_abs":0.0,"changed":0'
out_lacks '"changed":1'

it 'agrees with the same trainings done by hand'
thaw -c "$small; mode json" -c "$source" -c 'reset all seed=1338' \
	-c 'train lt5 limit=64 sample=1338 epochs=2 batch=32 seed=1338'
works
by_hand=$(sed -n 's/.*"event":"epoch","run":2,"epoch":2.*"val_accuracy":\([0-9.]*\).*/\1/p' "$out")
thaw -c "$small" -c "$source" -c "mode json; $modes"
works
grep '"limit":64,"mode":"scratch"' "$out" | grep -q ",$by_hand\]}" || unmet "$by_hand as the second value of scratch"
out_has '"against":"scratch"' '"stderr":'

it 'computes mean, standard error and paired gain of the values that it gives'
python3 - "$out" $rows <<'EOT' || unmet 'figures that follow from the values'
import json, math, statistics, sys
rows = [r for r in map(json.loads, (x for x in open(sys.argv[1]) if x[0] == "{")) if r["event"] == "compare"]
for r in rows:
    v = r["val_accuracy"]["values"]
    other = next(o for o in rows if o["limit"] == r["limit"] and o["mode"] == "scratch")["val_accuracy"]["values"]
    assert math.isclose(r["val_accuracy"]["mean"], statistics.mean(v), rel_tol=1e-9)
    assert math.isclose(r["val_accuracy"]["stderr"], statistics.stdev(v) / len(v) ** .5, rel_tol=1e-9)
    if r["mode"] != "scratch":
        gain = [a - b for a, b in zip(v, other)]
        assert math.isclose(r["gain"]["mean"], statistics.mean(gain), rel_tol=1e-9, abs_tol=1e-12)
        assert math.isclose(r["gain"]["stderr"], statistics.stdev(gain) / len(v) ** .5, rel_tol=1e-9, abs_tol=1e-12)
assert len(rows) == int(sys.argv[2])
EOT

it 'draws the last comparison, and says what to run where there is none'
thaw -c "$small" -c "$source" -c "$modes" -c 'export png compare' -c 'export svg compare way.svg' -c 'export pdf compare size=480x320'
works
[ -s thaw-compare.png ] && [ -s thaw-compare.pdf ] || unmet 'files by their default names'
grep -q '<svg' way.svg || unmet 'an SVG'
thaw -c "$small" -c 'export png compare'
refused 1 'compare modes lt5'

it 'is known to assert'
thaw -c "$small" -c "$source" -c "$modes" -c 'assert compared(frozen) > 0' -c 'assert compared(frozen,64) <= 1' \
	-c 'assert compared(frozen,65) > 0'
refused 1 'no row frozen,65'

it 'trains with some modes alone where there is no other run'
thaw -c "$small" -c 'compare modes lt5 limit=32 seeds=1 epochs=1 modes=scratch,random'
works
out_has scratch random 'seeds=5 tells'
out_lacks frozen

wrong() { # LINE TEXT...
	line=$1
	shift
	it "refuses: $line"
	thaw -c "$small" -c "$line"
	refused 1 "$@"
}
wrong 'compare modes lt5' 'train gte5' 'modes=scratch'
wrong 'compare modes lt5 limit=0' 'limit=64,256'
wrong 'compare modes lt5 limit=64,,2' 'limit=64,256'
wrong 'compare modes lt5 modes=frosen' 'head-first'
wrong 'compare modes lt5 from=r7' 'r7'
wrong 'compare modes lt5 seeds=0' 'seeds'
wrong 'compare modes all' 'classes=10'
wrong 'build "flatten | dense 5, softmax"; compare modes lt5' 'build'
wrong 'compare' 'compare r1 r2'
wrong 'compare r1 r2' 'r1'
wrong 'compare modes r1' 'from=r1'
wrong 'assert compared(frozen) > 0' 'compare modes lt5'

it 'ends within an interrupt, and nothing has changed'
python3 - "$THAW" <<'EOT' || unmet 'an end with status 130'
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it
p = subprocess.Popen([sys.argv[1], "-c", 'train gte5 limit=100 epochs=1; print "now"; compare modes lt5 seeds=50'],
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
for line in p.stdout:
    if line == "now\n":
        break
p.send_signal(signal.SIGINT)
out, err = p.communicate(timeout=60)
assert p.returncode in (130, -signal.SIGINT), (p.returncode, err)
EOT

it 'sets runs beside each other'
thaw -c "$small" -c "$source" -c 'train lt5 limit=64 epochs=1' -c 'compare r1 r2'
works
out_has 'split          gte5          lt5' 'train          200           64' 'alike: data=mnist'
[ "$(grep -c ' \*' "$out")" -eq 4 ] || unmet 'the best of each of four figures is marked'

done_testing
