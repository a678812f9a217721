#!/bin/sh
# compare.sh: ways to train over seeds: the same figures for any number of threads and as the same training done by
# hand; trials that the store has; what is refused; and runs beside each other.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

few_images # each row scores all test images
small='data few; timing off; build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 8, relu, dropout .5, dense 5, softmax"'
source='train gte5 limit=200 epochs=1'
every='compare modes lt5 limit=64,96 seeds=2 epochs=2 batch=32'
modes="${every%%limit*}limit=64 seeds=2 epochs=2 batch=32 modes=frozen,scratch" # where it is not about the modes
rows=12 threads='1 2 3'
[ "$sanitized" = no ] || every=$modes rows=2 threads='1 2'

it 'gives the same figures for 1, 2 and 3 threads'
for t in $threads; do
	thaw --threads $t -c "$small" -c "$source" -c "mode csv; $every"
	works
	grep "^compare" "$out" >threads-$t
done
same threads-1 threads-2
[ "$sanitized" != no ] || same threads-1 threads-3
[ "$(grep -c '^compare,lt5' threads-1)" -eq $rows ] || unmet 'a row for each mode and number of images'

it 'leaves the model as it was'
thaw -c "$small" -c "$source" -c 'snapshot before' -c "$every" -c 'diff @before' -c 'mode json; diff @before'
works
out_has '"max_abs":0.0,"changed":0'
out_lacks '"changed":1'

it 'agrees with the same trainings done by hand'
thaw -c "$small; mode json" -c "$source" -c 'reset all seed=1338' \
	-c 'train lt5 limit=64 sample=1338 epochs=2 batch=32 seed=1338'
works
by_hand=$(sed -n 's/.*"event":"epoch","run":2,"epoch":2.*"val_accuracy":\([0-9.]*\).*/\1/p' "$out")
thaw -c "$small" -c "$source" -c "mode json; $every"
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
    assert r["seeds"] == [1337, 1338] and len(v) == 2
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
error='[0-9.]* ± [0-9.]*'
sed -n "s/^ *[0-9]*  \([a-z-]*\) *2 *2  \($error\)  $error  \([+-]$error\)\$/\1: \2   \3/p" "$out" >want
[ -s want ] && [ "$(grep -cFf want way.svg)" -eq "$(wc -l <want)" ] || unmet 'the paired gains of the table in the figure'
grep -q 'mean ± standard error, gain over scratch, 2 seeds, ' way.svg || unmet 'what the figures are'
thaw -c "$small" -c 'export png compare'
refused 1 'compare modes lt5'

it 'writes the rows of a comparison, of a sweep and of runs as csv mode prints them'
thaw -c "$small" -c "$source" -c "$modes" -c 'export csv compare' -c 'export csv compare modes.csv' -c 'export compare any.csv' \
	-c 'export compare.csv'
works
out_has 'wrote thaw-compare.csv ('
same thaw-compare.csv compare.csv
same thaw-compare.csv modes.csv
same thaw-compare.csv any.csv
thaw -c "$small" -c "$source" -c 'mode csv' -c "$modes"
works
grep -E '^(event,split,limit|compare),' "$out" >want
[ "$(wc -l <want)" -gt 2 ] || unmet 'rows'
same want modes.csv
swept='sweep lr=0.1,1 limit=16,32 seeds=2 -- reset; train lt5 epochs=1 lr={lr} limit={limit} sample={seed}'
thaw -c "$small" -c "$swept" -c 'export csv sweep swept.csv; export csv compare too.csv; export png sweep swept.png; export png compare too.png' \
	-c 'export sweep.csv; export json thaw-sweep.json; export json sweep lines.json; set verbose 0; train gte5 limit=32 epochs=1' \
	-c 'export compare.csv; export runs.csv'
works
same swept.csv too.csv
same swept.csv sweep.csv
same lines.json thaw-sweep.json
grep -q lr=0.1 compare.csv && unmet 'the epochs of a run where a file has the name of what was not done'
same compare.csv runs.csv
same swept.png too.png
thaw -c "$small" -c "$source" -c "$modes" -c 'export csv compare; export png compare' -c "$swept" \
	-c 'export csv sweep; export csv compare; export json sweep; export png sweep; export svg compare'
works
out_has 'wrote thaw-sweep.csv (' 'wrote thaw-sweep.json (' 'wrote thaw-sweep.png' 'wrote thaw-sweep.svg'
same thaw-compare.csv modes.csv
same thaw-sweep.csv swept.csv
thaw -c "$small" -c "$swept" -c 'export svg sweep swept.svg'
works
grep -q 'standard error, gain over lr=0.1, 2 seeds' swept.svg || unmet 'what the gain of a sweep is over'
thaw -c "$small" -c 'mode csv' -c "$swept"
works
grep -E '^(event|sweep),' "$out" >want
[ "$(wc -l <want)" -eq 5 ] || unmet 'four rows'
same want swept.csv
two='train gte5 limit=32 epochs=1; train lt5 limit=16 epochs=2 lr=0.5'
thaw -c "$small; verbose 0" -c "$two" -c 'export csv compare r1 r2; mode csv; compare r2 r1; export csv compare r2 r1 turned.csv'
works
grep -E '^(event,run,data|compared),' "$out" >want
[ "$(wc -l <want)" -eq 3 ] || unmet 'two rows'
same want turned.csv
[ "$(sed -n 2p thaw-compare.csv | cut -d, -f 2)" = r1 ] || unmet 'the runs in the order of their names'
thaw -c "$small" -c 'export csv compare'
refused 1 'nothing was compared yet'
thaw -c "$small; train gte5 limit=32 epochs=1; export csv compare r1"
refused 1 'it takes two runs to compare' 'export csv r1'
thaw -c "$small; train gte5 limit=32 epochs=1; export csv compare r1 r7"
refused 1 r7
thaw -c "$small" -c 'export csv compare what'
refused 1 'csv compare takes: [rN or HASH ...]'
thaw -c 'export csv digits'
refused 1 'csv has no digits (it has: compare); without a word it writes the epochs of a run'
thaw -c 'export json stats'
refused 1 'json has no stats (it has: compare); `mode json` in front of `stats` prints its numbers'
thaw -c 'export json digits'
refused 1 'json has no digits (it has: compare); without a word it writes a run'

it 'writes the same rows as json mode prints them'
thaw -c "$small; verbose 0; train gte5 limit=32 epochs=1; train lt5 limit=16 epochs=1; mode json" -c "$modes" \
	-c 'export json compare; mode table' -c "${swept% limit=16*}"' limit=16 seeds=1 -- reset; train lt5 epochs=1 limit={limit}' \
	-c 'export json compare swept.json; mode json; compare r1 r2; export json compare r1 r2 runs.json'
works
grep '^{"event":"compare",' "$out" >want
[ "$(wc -l <want)" -eq 2 ] || unmet 'two rows'
grep '^{"event":"compared",' "$out" >runs
[ "$(wc -l <runs)" -eq 2 ] || unmet 'two runs'
python3 -c 'import json, sys; assert [json.loads(x)["keys"]["lr"] for x in open("swept.json")] == [0.1, 1]' || unmet 'the rows of a sweep'
same want thaw-compare.json
same runs runs.json
thaw -c "$small" -c 'export json compare'
refused 1 'nothing was compared yet'

it 'says every setting in which runs differ, by the keys that runs finds them with'
net='data few; timing off; verbose 0; build "conv2d 2 3, relu, flatten | dense 5, softmax"'
four='train gte5 limit=32 epochs=2 lr=1.0:step=1,0.5; freeze features
train lt5 limit=32 epochs=2 stop=val_loss:patience=2 watch=gte5 by=batch
lr head 0.1
train lt5 limit=32 epochs=2 validate=end rho=0.9 shuffle=off checkpoint=best:c.npz
build "conv2d 2 3, relu, conv2d 3 3, flatten | dense 5, softmax"
train lt5 limit=32 epochs=2 optimizer=sgd'
printf '%s\n' "$net" "$four" >four.thaw
thaw four.thaw -c 'compare r1 r2; compare r2 r3; compare r3 r4; runs schedule=step*'
works
out_like 'frozen +- +features'
out_like 'schedule +step=1,0.5 +-'
out_like 'stop +- +val_loss:patience=2'
out_like 'begun +[0-9a-f]{8} +after r1'
out_like 'layer_lr +- +dense=0.1'
out_like 'validate +1 +end'
out_like 'rho +0.95 +0.9'
out_like 'shuffle +on +off'
out_like 'watch +gte5 +-'
out_like 'by +batch +epoch'
out_like 'checkpoint +- +c.npz'
out_like 'begun +after r1 +after r2'
out_like 'momentum +- +0.0'
out_has 'model of r4: conv2d 2 3, relu, conv2d 3 3, flatten | dense 5, softmax'
out_like 'r1 .* 1.0:step=1,0.5 .*'
thaw -c "$net" -c 'train gte5 limit=32 epochs=1; train lt5 limit=32 epochs=1; compare r1 r2'
works
out_like 'begun +init \([0-9a-f]{8}\) +after r1'
for want in 'r1 schedule=step=1,0.5' 'r1 schedule=?*' 'r2 stop=val_loss:*' 'r2 by=batch' 'r3 layer_lr=dense=0.1' 'r3 validate=end' \
	'r3 rho<0.95' 'r3 shuffle=off' 'r3 checkpoint=c.npz' 'r4 momentum=0' 'r4 model=*conv2d?3?3*' 'r4 input=28x28x1 optimizer=sgd'; do
	thaw four.thaw -c "mode csv; runs ${want#* }"
	works
	[ "$(grep -c '^run,' "$out")" -eq 1 ] && grep -q "^run,${want%% *}," "$out" || unmet "$want"
done
thaw four.thaw -c 'mode csv; runs; compare r2 r3; mode json; runs; compare r2 r3'
works
begun=$(grep '^run,r2,' "$out" | grep -oE '[0-9a-f]{64}' | head -n 1) # its weights stand behind it
[ ${#begun} -eq 64 ] && grep -q "\"weights\":\"$begun\"" "$out" || unmet 'r2 began with the weights that r1 left'
out_has ',"step=1,0.5",,,1,' ',,dense=0.1,,end,' '"layer_lr":{"dense":0.1}' '"frozen":["conv2d"],"optimizer":' \
	"\"begun\":\"$begun\"" '"stop":"val_loss:patience=2"'

it 'is known to assert'
thaw -c "$small" -c "$source" -c "$modes" -c 'assert compared(frozen) > 0' -c 'assert compared(frozen, 64) <= 1; assert compared( frozen ,64) == compared(frozen,64 )' \
	-c 'assert compared(frozen,65) > 0'
refused 1 'no row frozen,65'

it 'trains with some modes alone where there is no other run'
thaw -c "$small" -c 'compare modes lt5 limit=32 seeds=1 epochs=1 modes=scratch,random'
works
out_has scratch random 'seeds=5 tells'
out_lacks frozen

it 'goes on behind an interrupt and a kill where there is a store, to the same bytes'
tiny='data few; timing off; build "conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax"; train gte5 limit=32 epochs=1'
many='compare modes lt5 limit=16,32,48 seeds=2 epochs=1' trials=36
[ "$sanitized" = no ] || { many='compare modes lt5 limit=16,32 seeds=2 epochs=1 modes=frozen,scratch' trials=8; }
thaw --threads 1 -c "$tiny" -c "$many" -c "mode json; $many"
works
cp "$out" whole
for signal in INT KILL; do
	python3 - "$THAW" "$tiny" "$many" $signal $trials <<'EOT' || unmet 'an end within the comparison, and trials that are kept'
import os, shutil, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it

def kept():
    return [n for n in os.listdir("cut/runs.trials") if n.endswith(".json")] if os.path.isdir("cut/runs.trials") else []

for attempt in range(20):  # the comparison may be over before this process is told
    shutil.rmtree("cut", ignore_errors=True)
    p = subprocess.Popen([sys.argv[1], "--threads", "1", "--project", "cut", "-c", sys.argv[2], "-c", sys.argv[3]],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while p.poll() is None and not kept():
        time.sleep(0.002)
    p.send_signal(getattr(signal, "SIG" + sys.argv[4]))
    out, err = p.communicate(timeout=60)
    if p.returncode != 0:
        break
assert kept() and p.returncode in ([130, -2] if sys.argv[4] == "INT" else [-9]), (p.returncode, err)
said = f"{len(kept())} of {sys.argv[5]} trials are done and kept, and the same line goes on with them"
assert sys.argv[4] == "KILL" or said in err, err
EOT
	thaw --threads 2 --project cut -c "$tiny" -c "$many" -c "mode json; $many"
	works
	sed 's/threads=2/threads=1/' "$out" >resumed
	same whole resumed
done

it 'takes a trial from the store alone where all that it follows from is the same'
kept() { ls kept/runs.trials | grep -c json; }
some='limit=16 seeds=1 epochs=1 modes=head-first,scratch'
thaw --project kept -c "$tiny" -c "compare modes lt5 $some"
works
[ "$(kept)" -eq 2 ] || unmet "2 trials in the store, which has $(kept)"
sed -i 's/"accuracy":[0-9.]*/"accuracy":0.125/' kept/runs.trials/*.json
thaw --project kept -c "$tiny" -c "set epochs 7; set threads 1; set cache off; mode csv; compare modes lt5 $some"
works
[ "$(grep -c '^compare,lt5.*,1,0.125,' "$out")" -eq 2 ] || unmet 'the figures that the store has'
[ "$(kept)" -eq 2 ] || unmet 'no other trial'
at=2
other() { # TRIALS LINE...: how many are done anew
	at=$((at + $1))
	shift
	thaw --project kept -c "$tiny" -c "$@"
	works
	[ "$(kept)" -eq $at ] || unmet "$at trials behind $*, not $(kept)"
}
other 1 "compare modes lt5 $some freeze_epochs=2"
other 1 "reset all seed=5; train gte5 limit=32 epochs=1; compare modes lt5 $some"
other 2 "compare modes digits=0,2 $some"
if [ "$sanitized" = no ]; then
	other 1 "compare modes lt5 limit=16 seeds=2 epochs=1 modes=scratch"
	for key in batch=8 lr=0.5 optimizer=sgd rho=0.9 shuffle=off; do
		other 2 "compare modes lt5 $some $key"
	done
	other 2 "lr features 0.5; compare modes lt5 $some"
	other 2 "compare modes lt5 limit=16 seeds=1 epochs=2 modes=head-first,scratch"
	other 1 "build \"conv2d 3 3, relu, max_pooling2d 4, flatten | dense 5, softmax\"; compare modes lt5 limit=16 seeds=1 epochs=1 modes=scratch"
	other 1 "set kernels reference; compare modes lt5 limit=16 seeds=1 epochs=1 modes=scratch"
fi
: >file
thaw --project file/store -c "$tiny" -c "compare modes lt5 limit=16 seeds=1 epochs=1 modes=scratch"
refused 1 'file/store/runs cannot be made'
mkdir full
: >full/runs.trials
thaw --project full -c "$tiny" -c "compare modes lt5 limit=16 seeds=1 epochs=1 modes=scratch"
refused 1 'full/runs.trials cannot be'

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
wrong 'compare modes lt5 from=@nosuch' 'no snapshot @nosuch'
wrong 'compare modes lt5 from=init' 'from=now'
wrong 'compare modes lt5 from=nosuch' 'not a point'
wrong 'compare modes lt5 seeds=0' 'seeds'
wrong 'compare modes all' 'classes=10'
wrong 'build "flatten | dense 5, softmax"; compare modes lt5' 'build'
wrong 'compare' 'compare r1 r2'
wrong 'compare r1 r2' 'r1'
wrong 'compare modes r1' 'from=r1'

it 'takes the features of a loaded model, of a snapshot, and as they are'
frozen='compare modes lt5 limit=16 seeds=1 epochs=1 modes=frozen'
thaw -c "$small" -c 'set verbose 0; train gte5 limit=32 epochs=1; snapshot a; save of.npz' -c "$frozen" -c "$frozen from=@a" \
	-c "$frozen from=now" -c 'train lt5 limit=32 epochs=1; save of.safetensors'
works
out_has 'features from r1 (gte5)' 'features from @a (gte5)' 'features from now (gte5)'
grep ' frozen ' "$out" | sort -u | wc -l | grep -qx 1 || unmet 'the same figures from each'
thaw -c "$small" -c "load of.npz; $frozen from=now"
works
out_has 'features from now'
thaw -c "load of.safetensors; $frozen"
refused 1 'the weights after r1, which trained gte5, are not kept' 'from=now'

it 'names an error of 0 below the curves, and sets modes beside one another where the numbers lie near each other'
thaw --threads 1 -c 'data few; set verbose 0; build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 2, softmax"' \
	-c 'mode json; compare modes digits=0,1 limit=10,20,40 seeds=1 epochs=30 modes=scratch,random; export svg compare zero.svg'
works
if grep -q '"val_accuracy":{"mean":1.0,' "$out"; then
	grep -q 'at the foot of the axis, an error of 0: ' zero.svg || unmet 'a word about an error of 0'
else
	grep -q 'at the foot' zero.svg && unmet 'no word about an error of 0'
fi

it 'says where the head trains alone all the time, so that head-first is frozen'
thaw -c "$small" -c "$source" -c 'mode json; compare modes lt5 limit=32 seeds=1 epochs=1 modes=frozen,head-first; mode table' \
	-c 'compare modes lt5 limit=32 seeds=1 epochs=1 modes=frozen,head-first'
works
[ "$(sed -n 's/.*"mode":"[a-z-]*".*\("val_accuracy":{[^}]*}\).*/\1/p' "$out" | sort -u | wc -l)" -eq 1 ] || unmet 'the same figures'
out_has 'with epochs=1 head-first is the same as frozen' 'freeze_epochs='
thaw -c "$small" -c "$source" -c 'compare modes lt5 limit=32 seeds=1 epochs=2 modes=frozen,head-first' \
	-c 'compare modes lt5 limit=32 seeds=1 epochs=1 modes=frozen,scratch'
works
out_lacks 'the same as frozen'
wrong 'assert compared(frozen) > 0' 'compare modes lt5'

it 'ends within an interrupt, and says how its trials would be kept'
python3 - "$THAW" <<'EOT' || unmet 'an end with status 130'
import re, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it
for attempt in range(20):  # until the comparison has begun when it is interrupted
    p = subprocess.Popen([sys.argv[1], "-c", 'train gte5 limit=100 epochs=1; compare modes lt5 seeds=50'],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        p.communicate(timeout=.5 + attempt / 2)
    except subprocess.TimeoutExpired:
        p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=60)
    assert p.returncode in (130, -signal.SIGINT), (p.returncode, err)
    if "the comparison has no result" in err:
        break
assert re.search(r"; \d+ of 300 trials are done(?: and lost)?; with a store \(`thaw --project DIR`\)", err), err
EOT

it 'sets runs beside each other'
thaw -c "$small" -c "$source" -c 'train lt5 limit=64 epochs=1' -c 'compare r1 r2'
works
out_has 'split          gte5             lt5' 'train          200              64' 'alike: data=few'
out_lacks ' *'
out_has 'note: none is marked as the best: the figures are of different splits'
thaw -c "$small" -c "$source" -c 'train gte5 limit=64 epochs=1' -c 'compare r1 r2'
works
[ "$(grep -c ' \*' "$out")" -eq 4 ] || unmet 'the best of each of four figures is marked'
out_lacks 'none is marked' seconds
thaw -c "$small" -c "timing on; $source; freeze features" -c 'train gte5 limit=64 epochs=1' -c 'compare r1 r2; mode csv; compare r1 r2; mode json; compare r1 r2; timing off; compare r1 r2'
works
out_like '.*features cached \(.*\) in [0-9]+\.[0-9] s'
out_like 'seconds +[0-9]+\.[0-9][0-9] +[0-9]+\.[0-9][0-9]$'
out_like '^event,run,.*,val_loss,seconds$'
out_like '^compared,r2,.*,[0-9][0-9.e-]*$'
out_like '.*"event":"compared","run":"r2",.*"seconds":[0-9].*'
out_has '"seconds":null}'

it 'says what differs where all settings are alike: the epoch that was the first'
thaw -c 'build "flatten | dense 5, softmax"; train lt5 limit=20 epochs=1; undo; train lt5 limit=20 epochs=1; compare r1 r2' \
	-c 'reset; train lt5 limit=20 epochs=1; compare r1 r3; saliency test:0'
works
out_has 'the order of their images is not the same: their first epochs, counted since a `reset`, were: r1 1, r2 2' '(row,column)'
out_lacks 'r1 1, r3'

done_testing
