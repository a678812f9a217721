#!/bin/sh
# confusion.sh: confusion, confused and toplosses agree with each other, with eval and with predict, in each mode.
. "$top_srcdir/tests/cli/lib.sh"

cat >small.thaw <<'EOT'
timing off
verbose 0
build "max_pooling2d 2, flatten | dense 16, relu, dense 5, softmax"
train gte5 limit=1000 epochs=1
save small.safetensors
EOT
thaw small.thaw
works

# field NAME: the value of that key in each line of the output.
field() {
	sed -n "s/.*\"$1\":\(\"[^\"]*\"\|[^,}]*\).*/\1/p" "$out"
}

it 'counts each image once, as eval does'
thaw -c 'mode json' -c 'load small.safetensors' -c 'confusion gte5' -c 'eval gte5 report' -c 'confused min=1' \
	-c 'confusion gte5 9 7' -c 'toplosses n=1000'
works
cp "$out" all
cat >sums.py <<'EOT'
import json, math
rows = [json.loads(line) for line in open("all")]
of = lambda event: [r for r in rows if r["event"] == event]
(matrix,), (score,) = of("confusion"), of("eval")
labels, counts = matrix["labels"], matrix["counts"]
assert labels == [5, 6, 7, 8, 9] and all(len(row) == 5 for row in counts)
right = sum(counts[i][i] for i in range(5))
assert sum(map(sum, counts)) == score["n"] and right / score["n"] == score["accuracy"]
for r in of("report"):
    u = labels.index(r["digit"])
    assert r["support"] == sum(counts[u]) and abs(r["recall"] - counts[u][u] / sum(counts[u])) < 1e-12
pairs = [(r["actual"], r["predicted"], r["count"]) for r in of("confused")]
assert all(counts[labels.index(a)][labels.index(p)] == n for a, p, n in pairs)
assert sum(n for _, _, n in pairs) == score["n"] - right
assert [n for _, _, n in pairs] == sorted((n for _, _, n in pairs), reverse=True)
cell = of("image")
assert len(cell) == counts[4][2] > 0 and all(r["label"] == 9 and r["predicted"] == 7 for r in cell)
top = of("toplosses")
assert len(top) == 1000 and [r["loss"] for r in top] == sorted((r["loss"] for r in top), reverse=True)
assert all(abs(r["loss"] + math.log(r["p_label"])) < 1e-6 * max(1, r["loss"]) for r in top)
assert all(r["p_predicted"] >= r["p_label"] for r in top)
assert abs(sum(r["loss"] for r in top) / score["n"] - score["loss"]) < score["loss"] # those left out are smaller
EOT
/usr/bin/python3 sums.py || unmet 'sums that agree'

it 'says how many pairs min= leaves out'
thaw -c 'load small.safetensors' -c 'confused gte5 min=1'
works
out_lacks 'lists all'
all=$(grep -cE '^[5-9] +[5-9] +[0-9,]+$' "$out")
most=$(sed -nE 's/^[5-9] +[5-9] +([0-9,]+)$/\1/p' "$out" | head -1 | tr -d ,)
thaw -c 'load small.safetensors' -c "confused gte5 min=$most"
works
some=$(grep -cE '^[5-9] +[5-9] +[0-9,]+$' "$out")
out_has "note: $some of $all pairs; min=1 lists all"

it 'says the same of an image as predict does'
image=$(grep '"toplosses"' all | head -n 1 | sed 's/.*"image":"\([^"]*\)".*/\1/')
loss=$(grep '"toplosses"' all | head -n 1 | sed 's/.*"p_label":\([^,}]*\).*/\1/')
thaw -c 'load small.safetensors' -c 'mode json' -c "predict $image"
works
label=$(field label | head -n 1)
out_has "\"$label\":$loss"

it 'prints the matrix as a table and as CSV'
thaw -c 'load small.safetensors' -c 'confusion'
works
out_has 'rows: actual, columns: predicted' 'actual        5      6      7      8      9   recall'
thaw -c 'load small.safetensors' -c 'mode csv' -c 'confusion'
works
out_has 'event,split,actual,predicted,count' 'confusion,gte5,9,7,'
[ "$(grep -c '^confusion,gte5,' "$out")" -eq 25 ] || unmet '25 cells'

it 'has a column for units that stand for no digit of the split'
thaw -c 'load small.safetensors' -c 'mode json' -c 'confusion digits=5,6'
works
out_like '.*"labels":\[5,6\],"counts":\[\[[0-9]*,[0-9]*,[0-9]*\],\[[0-9]*,[0-9]*,[0-9]*\]\].*'
thaw -c 'load small.safetensors' -c 'confusion digits=5,6'
out_has 'actual        5      6  other   recall'

it 'fits the matrix of ten digits into 80 columns'
thaw -c 'build filters=4 dense=8 classes=10' -c 'train all limit=256 epochs=1' -c 'confusion all'
works
out_like 'actual  +0 +1 +2 +3 +4 +5 +6 +7 +8 +9 +recall'
[ "$(grep -A 10 '^actual' "$out" | wc -L)" -le 80 ] || unmet 'lines of 80 cells'

it 'shows what flipped between two points, and nothing between equal ones'
thaw -c 'load small.safetensors' -c 'snapshot a' -c 'confusion @a @a'
works
out_has ' 0 predictions flipped'
thaw -c 'load small.safetensors' -c 'snapshot a' -c 'verbose 0' -c 'train gte5 limit=500 epochs=1' -c 'snapshot b' \
	-c 'confusion @a @b' -c 'confusion @a' -c 'mode json' -c 'confusion @a @b'
works
flips=$(grep -c '"flip"' "$out")
[ "$flips" -gt 0 ] || unmet 'flips'
[ "$(grep -c "^gte5 test: $flips predictions flipped" "$out")" -eq 2 ] || unmet 'the same number twice: from a to b, from a to now'

it 'draws the matrix as a picture'
thaw -c 'load small.safetensors' -c 'export png confusion gte5 size=320x240'
works
out_has 'wrote thaw-confusion.png (320x240)'
file_exists thaw-confusion.png
thaw -c 'export png confusion loss'
refused 1 'SPLIT'
thaw -c 'export png confusion all'
refused 1 'build classes=10'

it 'draws the images behind a cell, and the pairs'
cell=$(grep -c '"event":"image"' all)
pairs=$(grep -c '"event":"confused"' all)
thaw -c 'load small.safetensors' -c 'export svg confusion gte5 9 7 n=1000 cell.svg; export svg confusion 9 7 n=1 one.svg' \
	-c 'export svg confused n=1000 pairs.svg; export png confused gte5 size=320x240; export pdf confusion 7 7 theme=dark'
works
for e in "cell $cell" 'one 1' "pairs $pairs"; do
	[ "$(grep -o '<image' "${e% *}.svg" | wc -l)" -eq "${e#* }" ] || unmet "${e% *}.svg: ${e#* } images"
done
out_has 'wrote thaw-confused.png (320x240)' 'wrote thaw-confusion.pdf'
thaw -c 'load small.safetensors; bail off' -c 'export png confusion gte5 9; export png confusion gte5 9 3; export png confusion 9 7 init' \
	-c 'export png confusion n=5; export png confused gte5 init; export png confusion 5 6 7'
exits 1
err_has 'name both' 'gte5 has no digit 3' 'unknown word "init" (png confusion takes: [SPLIT] [ACTUAL PREDICTED or A [B]]' \
	'or for what is behind a cell' 'unknown word "init" (png confused takes: [SPLIT]' 'unknown word "7"'

it 'refuses what has no meaning'
lines 'confusion gte5 9'
refused 1 'name both'
lines 'confusion gte5 9 3'
refused 1 'gte5 has no digit 3'
lines 'confusion gte5 9 7 init'
refused 1 'leave out the cell'
lines 'confusion @none'
refused 1 'none'
lines 'confusion all'
refused 1 'build classes=10'
lines 'toplosses n=0'
refused 1 'from 1 to 1000'

done_testing
