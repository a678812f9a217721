#!/bin/sh
# sweep.sh: commands for all combinations of values, over seeds: the same figures for any number of threads and as the
# training done by hand; the session left as it was; trials that the store has; an interrupt; what is refused.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

few_images # each trial scores all test images
small='data few; timing off; build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"'
line='sweep lr=1 batch=16,32 seeds=2 -- reset; train lt5 limit=64 sample={seed} epochs=1'

it 'gives what the same training gives by hand, and leaves the session as it was'
thaw --threads 1 -c "$small" -c 'snapshot before; mode json' -c "$line" -c 'diff @before' -c 'mode table; set lr; set seed' \
	-c 'mode json; reset all seed=1338; set seed 1338' -c 'train lt5 limit=64 sample=1338 epochs=1 batch=32 lr=1'
works
by_hand=$(sed -n 's/.*"event":"epoch","run":1,"epoch":1.*"val_accuracy":\([0-9.]*\).*/\1/p' "$out")
grep '"values":"lr=1,batch=32"' "$out" | grep -q ",$by_hand\]}" || unmet "$by_hand as the second value"
out_has '"max_abs":0.0,"changed":0' 'lr             1.0' 'seed           1337' '"against":"lr='
out_lacks '"changed":1'
grep '"event":"sweep"' "$out" >first

it 'marks the best figures of the table, where one is worse, as compare does'
thaw --threads 2 -c "$small" -c "$line"
works
python3 - first "$out" <<'EOT' || unmet 'a star at the best of each figure'
import json, sys
rows = [json.loads(x) for x in open(sys.argv[1])]
table = [x for x in open(sys.argv[2], encoding="utf-8") if x.startswith("lr=")]
for name, best, column in ("val_accuracy", max, 0), ("val_loss", min, 1):
    figures = [r[name]["mean"] for r in rows]
    for figure, line in zip(figures, table, strict=True):
        shown = [c for c in line.replace("+-", "±").split("  ") if "±" in c]
        assert shown[column].strip().endswith("*") == (figure == best(figures) and len(set(figures)) > 1), line
EOT

it 'gives the same figures for 2 threads, with a store, and as CSV'
thaw --threads 2 --project kept -c "$small" -c "mode json; $line" -c "mode csv; $line"
works
[ "$(grep -c '^sweep,"*lr=1,batch=.*,2,0' "$out")" -eq 2 ] || unmet 'a row of CSV for each combination'
grep '"event":"sweep"' "$out" >second
same first second

it 'computes mean, standard error and paired gain of the values that it gives'
python3 - first <<'EOT' || unmet 'figures that follow from the values'
import json, math, statistics, sys
rows = [json.loads(x) for x in open(sys.argv[1])]
first = rows[0]["val_accuracy"]["values"]
for i, r in enumerate(rows):
    v = r["val_accuracy"]["values"]
    assert r["n"] == len(v) == 2
    assert math.isclose(r["val_accuracy"]["mean"], statistics.mean(v), rel_tol=1e-9)
    assert math.isclose(r["val_accuracy"]["stderr"], statistics.stdev(v) / len(v) ** .5, rel_tol=1e-9)
    if i > 0:
        gain = [a - b for a, b in zip(v, first)]
        assert r["against"] == rows[0]["values"]
        assert math.isclose(r["gain"]["mean"], statistics.mean(gain), rel_tol=1e-9, abs_tol=1e-12)
assert len(rows) == 2
EOT

two='sweep momentum=0 mode=freeze,unfreeze lr=1,0.1 limit=16,24 seeds=2 -- {mode} features; train lt5 limit={limit} epochs=1'
it 'pairs the values of the first key where all others are the same'
thaw --threads 2 -c 'data few; build "flatten, dense 4, relu | dense 5, softmax"' -c "$two" -c "mode json; $two"
works
out_has 'gain: in val_accuracy over mode=freeze with the same lr, limit and seeds,'
python3 - "$out" <<'EOT' || unmet 'pairs with the first value of mode alone'
import json, math, sys
rows = [json.loads(x) for x in open(sys.argv[1]) if '"event":"sweep"' in x]
named = {r["values"]: r for r in rows}
assert len(rows) == 8 and rows[0]["values"] == "momentum=0,mode=freeze,lr=1,limit=16"
for r in rows:
    if "=freeze" in r["values"]:
        assert r["against"] is None and r["gain"] is None
        continue
    other = named[r["values"].replace("=unfreeze", "=freeze")]
    gain = [a - b for a, b in zip(r["val_accuracy"]["values"], other["val_accuracy"]["values"])]
    assert r["against"] == other["values"]
    assert math.isclose(r["gain"]["mean"], sum(gain) / 2, rel_tol=1e-9, abs_tol=1e-12)
assert any(r["gain"] and r["gain"]["mean"] for r in rows)
assert rows[7]["keys"] == {"momentum": 0, "mode": "unfreeze", "lr": 0.1, "limit": 24}
assert rows[7]["seeds"] == [1337, 1338]
EOT

it 'has a column of CSV for each key, also where another column has its name'
thaw -c 'data few; build "flatten | dense 5, softmax"; mode csv' -c 'sweep lr=1,0.1 n=16,24 seeds=1 -- train lt5 limit={n} epochs=1'
works
out_has 'event,values,lr,key.n,n,val_accuracy,' 'sweep,"lr=0.1,n=24",0.1,24,1,'

it 'takes a value in quotes as one, with its commas, in rows, records, errors and conditions'
heads='sweep head="dense 5","dense 16, relu, dense 5" seeds=2 -- build "flatten | {head}, softmax"; train lt5 limit=64 epochs=1'
thaw --threads 2 --project quoted -c "$heads" -c 'assert compared(head="dense 16, relu, dense 5") > 0' \
	-c "mode json; $heads" -c 'mode csv' \
	-c 'sweep lr="0.1:step=1,0.5","0.01:cosine",1 n=16,24,32 seeds=1 -- reset; train lt5 limit={n} epochs=2' \
	-c 'export svg compare steps.svg'
works
out_has '"values":"head=\"dense 16, relu, dense 5\""' '"keys":{"head":"dense 16, relu, dense 5"}' \
	'sweep,"lr=""0.1:step=1,0.5"",n=24","0.1:step=1,0.5",24,1,' 'over head=dense 5 with' \
	'head="dense 16, relu, dense 5"  '
[ "$(grep -c '"event":"sweep"' "$out")" -eq 2 ] || unmet 'two rows, one for each head'
[ "$(grep -c '^sweep,' "$out")" -eq 9 ] || unmet 'nine rows, three for each schedule'
[ "$(ls quoted/runs.trials | wc -l)" -eq 13 ] || unmet 'a record of each trial'
[ "$(grep -l 'build ."flatten | dense 16, relu, dense 5, softmax' quoted/runs.trials/* | wc -l)" -eq 2 ] ||
	unmet 'a head as one value in two records'
grep -q '<svg' steps.svg || unmet 'curves over a sweep of schedules'
echo "$heads" >heads.thaw
thaw plan heads.thaw
works
[ "$(grep -c '"set":"head=\\"dense 16, relu, dense 5\\""' "$out")" -eq 2 ] || unmet 'two trials of a head in the plan'
thaw -c 'build "flatten | dense 5, softmax"; sweep lr="0.1,1" seeds=1 -- train lt5'
refused 1 'lr is a number'
thaw --check -c 'sweep lr="0.1:step=1,0.5",0.1 -- train lt5'
works

it 'takes trials from the store, and does those that it lacks or that are damaged'
one=$(ls kept/runs.trials | head -n 1)
two=$(ls kept/runs.trials | sed -n 2p)
rm "kept/runs.trials/$one"
echo '{"eval":false,"accuracy":0.5' >"kept/runs.trials/$two"
thaw --threads 1 --project kept -c "$small" -c "$line" -c "mode json; $line"
exits 0
err_has "warning: a result in the store was damaged, and its trial ran again: runs.trials/$two"
[ "$(grep -c damaged "$err")" -eq 1 ] || unmet 'one word about it, and a file in its place'
out_has '2 of 4 trials were in the store'
grep '"event":"sweep"' "$out" >second
[ -s "kept/runs.trials/$one" ] || unmet 'the trial that was missing'
same first second

it 'takes commands in quotes, values in brackets, the figures of an eval, and a store that is full'
thaw --project full -c "$small" -c 'train lt5 limit=16 epochs=1'
rm -r full/runs.trials
: >full/runs.trials
thaw --project full -c "$small" \
	-c 'sweep split=lt5,gte5 seeds=1 -- "reset; train {split} limit=32 epochs=1; eval gte5"; print "behind"' \
	-c 'assert compared(split=gte5) > 0 and compared(split=lt5) <= 1' -c 'export svg compare way.svg'
exits 1
err_has 'warning: full/runs.trials cannot be' 'warning: results of trials are not kept'
out_has ' accuracy ' behind 'seeds=5 tells'
out_lacks val_accuracy
grep -q '<svg' way.svg || unmet 'an SVG'

it 'goes on behind an interrupt, where there is a store'
for signal in TERM INT; do
	rm -rf cut
	python3 - "$THAW" $signal <<'EOT' || unmet "an end by $signal, and trials that are kept"
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it
p = subprocess.Popen([sys.argv[1], "--project", "cut", "-c",
                      'build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"; '
                      'sweep epochs=1,100000 seeds=1 -- train lt5 limit=32'],
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
end = time.monotonic() + 60
while time.monotonic() < end and not (os.path.isdir("cut/runs.trials") and
                                      any(n.endswith(".json") for n in os.listdir("cut/runs.trials"))):
    time.sleep(0.02)
p.send_signal(getattr(signal, "SIG" + sys.argv[2]))
out, err = p.communicate(timeout=60)
assert p.returncode in ([130, -signal.SIGINT] if sys.argv[2] == "INT" else [143, -signal.SIGTERM]), (p.returncode, err)
assert "1 of 2 trials are done and kept, and the same line goes on with them" in err, err
assert len(os.listdir("cut/runs.trials")) == 1
EOT
done
thaw --project cut -c 'build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"' \
	-c 'sweep epochs=1,2 seeds=1 -- train lt5 limit=32'
works
out_has '1 of 2 trials were in the store'
[ "$(head -n 3 "$out" | grep -c '^note: 1 of 2 trials are in the store; the other runs now$')" -eq 1 ] || unmet 'a note before the work'
thaw --project cut -c 'build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"' \
	-c 'sweep epochs=1,2 seeds=1 -- train lt5 limit=32'
works
out_lacks 'in the store'

it 'knows a row by its values, however they are written'
thaw -c "$small" -c 'sweep lr=1,0.50,"0.1:step=1,0.5" batch=32,64 seeds=1 -- reset; train lt5 limit=64 epochs=1' \
	-c 'assert compared(lr=1, batch=32) == compared(lr=1,batch=32); assert compared( lr = 1.0 ,batch=32 ) == compared(lr=1,batch=32)' \
	-c 'assert compared(lr=.5, batch=64) == compared(lr=0.50,batch=64); assert compared(lr="0.1:step=1,0.5", batch=64) > 0'
works
thaw -c "bail off; $small" -c 'sweep lr=1 batch=32 seeds=1 -- train lt5 limit=64 epochs=1' \
	-c 'assert compared(lr=1, batch=33) > 0; assert compared(lr=2) > 0; assert compared(lr=1,batch=32,x=1) > 0'
exits 1
err_has 'no row lr=1, batch=33' 'no row lr=2;' 'no row lr=1,batch=32,x=1'

it 'knows a row without the keys that leave no choice'
thaw -c "bail off; $small" -c 'sweep lr=0.1,1 batch=32 rho=.9,.95 seeds=1 -- reset; train lt5 limit=64 epochs=1' \
	-c 'assert compared(lr=1,rho=.9) == compared(lr=1,batch=32,rho=.9) and compared(rho=0.95, lr=0.1) == compared(lr=.1,batch=32,rho=.95)' \
	-c 'print "known"; assert compared(lr=1) > 0; assert compared(batch=32, rho=.9) > 0; assert compared(lr=1,rho=1) > 0; assert compared(lr=1,) > 0'
exits 1
out_has 'known'
err_has '2 rows with lr=1; name one, as in compared(lr=1,batch=32,rho=.95)' '2 rows with batch=32, rho=.9' 'no row lr=1,rho=1;' 'no row lr=1,;'
err_lacks 'does not hold'
thaw -c "$small" -c 'sweep lr=0.1,1 limit=64 seeds=2 -- reset; train lt5 limit={limit} epochs=1' -c 'assert compared(lr=1) == compared(lr=1,limit=64)'
works

it 'says once that trials go on from a head of other digits'
set -- 'reset head; train lt5' 'reset; train lt5' 'build "flatten | dense 5, softmax"; train lt5' 'train gte5 limit=8 epochs=1; train lt5' \
	'reset dense; fit lt5'
for commands; do
	set -- "$@" -c "sweep lr=0.1,1 seeds=1 -- $commands limit=8 epochs=1"
	shift
done
tiny='data few; build "conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax"; verbose 0; train gte5 limit=8 epochs=1'
[ -d few ] || few_pictures few
thaw -c "$tiny" "$@"
works
out_lacks 'note: the head'
thaw -c "$tiny" -c 'sweep split=gte5,lt5,digits=1-4 seeds=2 -- reset features; train {split} limit=8 epochs=1'
works
[ "$(grep -c 'note: the head was trained on gte5, not on lt5; each trial goes on from its weights (`reset head` for a fresh one)' "$out")" -eq 1 ] ||
	unmet 'one note'

wrong() { # LINE TEXT...: none of them reads data or makes a model
	line=$1
	shift
	it "refuses: $line"
	thaw -c "$line"
	refused 1 "$@"
}
wrong 'sweep lr=0.1' 'behind --'
wrong 'sweep lr=1 -- ""' 'behind --'
wrong 'sweep -- train lt5' 'nothing to sweep'
wrong 'sweep lr=a,1 -- train lt5' 'lr is a number'
wrong 'sweep lr=1,, -- train lt5' 'a value of lr is missing'
wrong 'sweep lr=1 lr=2 -- train lt5' 'lr is there twice'
wrong 'sweep seed=1,2 -- train lt5' 'seeds=3'
wrong 'sweep font=a -- train lt5' 'changes no figure'
wrong 'sweep lr=1 seeds=0 -- train lt5' 'from 1 to 1000'
wrong 'sweep lr=1 seeds=1000 batch=1,2,3,4,5,6,7,8,9,10,11 rho=.1,.2,.3,.4,.5,.6,.7,.8,.9,.95 -- train lt5' 'at most 100000 trials'
wrong 'sweep lr=1 lt5 -- train lt5' '"lt5" is no key'
wrong 'sweep lrr=1 -- train lt5' '{lrr} does not stand'
wrong 'sweep lr=1 -- train {split}' 'split=A,B'
wrong 'sweep lr=1 -- train lt5; quit' '"quit" is no command of a sweep'
wrong 'sweep x="lt5; quit" -- train {x}' '"quit" is no command of a sweep'
wrong 'sweep lr=1 -- train lt5 checkpoint=best:x.npz' 'checkpoint='
wrong 'sweep lr=1 -- "train lt5' 'the quote is not closed'
wrong 'sweep lr=1 -- "train lt5" gte5' 'one word too many'

it 'says in which trial a command failed'
thaw -c "bail off; $small" -c 'sweep lr=1 -- freeze all' -c 'sweep lr=1 -- train all' \
	-c 'sweep dropout.rate=0.1 -- train lt5' \
	-c 'sweep lr=1 seeds=1 -- train lt5 limit=32 epochs=1; assert val_accuracy > 2' \
	-c 'sweep lr=1 seeds=1 -- train lt5 limit=32 epochs=1' -c 'assert compared(lr=2) > 0'
exits 1
err_has 'no row lr=2' 'compared(lr=1)' 'no figure is left' 'lr=1, seed 1337: train' 'classes=10' 'no layer matches "dropout"' 'does not hold'

it 'says of ten trials why they failed, and of the others how many they are'
thaw -c "bail off; $small" -c 'sweep n=0 seeds=12 -- assert {n} == 1' -c 'sweep n=0 seeds=11 -- assert {n} == 1'
exits 1
err_has 'seed 1346: assert: 0 == 1' 'warning: 2 more trials failed' 'warning: 1 more trial failed'
err_lacks 'seed 1347'

it 'says of a row without a figure that it is not known, not that it is no number'
failing='seeds=2 -- build "flatten | dense {classes}, softmax"; train lt5 epochs=1 limit=16'
thaw -c 'bail off; timing off' -c "sweep classes=3,5 $failing" -c 'print compared(classes=5)' -c 'print compared(classes=3)'
exits 1
out_like 'classes=3 +0  -  +-'
out_like 'classes=5 +2  0[.].* ± .* ± [0-9.]+ +-'
err_has 'compared(classes=3) is not known: none of its trials has a figure'
thaw -c 'bail off; timing off' -c "sweep classes=5,3 $failing" -c 'mode csv' -c "sweep classes=3,5 $failing" -c 'mode json' \
	-c "sweep classes=3,5 $failing" -c 'export csv compare rows.csv; export svg compare rows.svg'
exits 1
out_like 'classes=3 +0  -  +-  +-'
out_like 'sweep,classes=3,3,0,,,,,,,'
out_like 'sweep,classes=5,5,2,0[.][^n]*,classes=3,,'
out_has '"n":0,"against":null,"val_accuracy":{"mean":null,"stderr":null,' '"gain":{"mean":null,"stderr":null}}'
out_lacks nan
grep -q '^sweep,classes=3,3,0,,,,,,,$' rows.csv || unmet 'the same row in the file'
! grep -qi nan rows.csv rows.svg || unmet 'no nan in the files'

it 'is checked without being run'
thaw --check -c 'sweep lr=1,x -- train lt5' -c 'sweep lr=1 -- frezze'
exits 1
err_has 'lr is a number' '"frezze" is no command'

done_testing
