#!/bin/sh
# lrfind.sh: the rates that it tries, the losses, where it ends and what it suggests, computed again from its own
# figures by fastai's rules (2.7: LRFinder, AvgSmoothLoss, valley); that it leaves no trace; and what it refuses.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

small='timing off; set batch 16; set seed 3; build "conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 8, relu, dense 5, softmax"'
find='lrfind gte5 limit=512 steps=60'

it 'has the figures of fastai'
thaw -c "$small; mode json; $find"
works
cp "$out" json
thaw -c "$small; mode json; $find to=1000 optimizer=sgd"
works
cp "$out" exploded
python3 - json exploded <<'EOT' || unmet 'figures that follow from the rates and the losses'
import json, sys
for name in sys.argv[1:]:
    rows = [r for r in map(json.loads, (x for x in open(name) if x[0] == "{")) if r["event"] == "lrfind"]
    to, steps = (10, 60) if name == "json" else (1000, 60)
    assert (len(rows) == steps) == (name == "json"), len(rows)
    mean, smooth, best = 0, [], float("inf")
    for i, r in enumerate(rows):
        assert r["step"] == i + 1
        assert abs(r["lr"] / (1e-4 * (to / 1e-4) ** (i / (steps - 1))) - 1) < 1e-9
        mean = r["loss"] + .98 * (mean - r["loss"])
        smooth.append(mean / (1 - .98 ** (i + 1)))
        assert abs(r["smooth"] / smooth[i] - 1) < 1e-9
        best = min(best, smooth[i])
        assert (smooth[i] > 4 * best) <= (i == len(rows) - 1)
    first = steps // 10
    losses = smooth[first:-5]
    n, end, start = len(losses), 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(0, i):
            if losses[i] < losses[j] and lds[i] < lds[j] + 1:
                lds[i] = lds[j] + 1
            if lds[end] < lds[i]:
                end = i
                start = end - lds[end]
    third = (end - start) / 3
    at = first + start + int(third) + int(third / 2)
    assert [i for i, r in enumerate(rows) if r["suggested"]] == [at], (at, rows)
EOT

it 'says in text what it has found'
thaw -c "$small; $find"
works
out_has 'rates from 0.0001 to 10.0 in 60 steps' 'suggested: lr=' '`train gte5 lr='
[ "$(grep -c '^ *[0-9]* .*[0-9]$\|\*$' "$out")" -lt 20 ] || unmet 'some of the steps'
thaw -c "$small; mode csv; $find"
works
[ "$(grep -c '^lrfind,[0-9]' "$out")" -eq 60 ] || unmet 'a row for each step'

it 'says where the loss still falls at the end of the range, and no more where it has risen or exploded'
thaw -c "$small; lrfind gte5 limit=1024 batch=128 steps=40 optimizer=adam to=0.002"
works
out_has 'note: the loss still falls at the end of the range, lr=0.002; `lrfind gte5 to=0.02` tries further'
thaw -c "$small; $find to=1000 optimizer=sgd; mode json; lrfind gte5 limit=512 steps=60 to=3 optimizer=sgd"
works
out_has 'the loss exploded'
python3 - "$out" <<'EOT' || unmet 'a note where the least loss is at the end'
import json, sys
text = open(sys.argv[1]).read()
rows = [r for r in map(json.loads, (x for x in text.splitlines() if x[0] == "{")) if r["event"] == "lrfind"]
least = min(range(len(rows)), key=lambda i: rows[i]["smooth"])
assert ("still falls" in text) == (least >= len(rows) - 5), (least, len(rows))
EOT

it 'says that the head was trained on other digits, whose weights it goes by'
thaw -c "$small; train lt5 limit=64 epochs=1; $find; reset head; $find"
works
[ "$(grep -c 'note: the head was trained on lt5, not on gte5; the rates are tried from its weights (`reset head`' "$out")" -eq 1 ] ||
	unmet 'a note in front of the first alone'

it 'draws what it has found, and says what to run where there is nothing'
thaw -c "$small; $find" -c 'export png lrfind; export svg lrfind way.svg; export pdf lrfind theme=dark'
works
[ -s thaw-lrfind.png ] && [ -s thaw-lrfind.pdf ] || unmet 'files by their default names'
grep -q '<svg' way.svg || unmet 'an SVG'
thaw -c "$small" -c 'export png lrfind'
refused 1 'lrfind gte5'

it 'leaves no trace, with the same bits for any number of threads'
run='train gte5 limit=256 epochs=1'
thaw -c "$small; $run; snapshot a; mode json; $run"
works
grep '"event":"trained"' "$out" >without
thaw --threads 1 -c "$small; $run; snapshot a; mode json; $find; diff @a; runs; undo; redo; $run"
works
grep '"event":"trained"' "$out" >with
grep '"event":"lrfind"' "$out" >one
same without with
out_lacks '"run":3' '"changed":1'
thaw --threads 3 -c "$small; $run; mode json; $find"
works
grep '"event":"lrfind"' "$out" >three
same one three

it 'refuses what it cannot do'
for x in 'from=1 to=1|from= must be less than to=' 'lr=1|say from= and to=' 'epochs=1|steps=' 'steps=9|10' \
	'sample=1|limit=256'; do
	thaw -c "$small; lrfind gte5 ${x%|*}"
	refused 1 "${x#*|}"
done
thaw -c "$small; freeze all; lrfind gte5"
refused 1 'nothing to train' '`unfreeze all`'

done_testing
