#!/bin/sh
# maps.sh: what the network holds, as text, for programs and as pictures: filters, activations; and what they refuse.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

cat >small.thaw <<'EOT'
timing off
verbose 0
build "conv2d 4 3, relu, max_pooling2d 2, conv2d 6 3, relu, flatten | dense 16, relu, dense 5, softmax"
train gte5 limit=256 epochs=1
freeze features
save small.safetensors
EOT
thaw small.thaw
works
load='load small.safetensors'

it 'draws filters with signs for signs, and their scale'
thaw -c "$load" -c 'filters conv2d' -c 'filters conv2d_1 n=2' -c 'filters conv2d_1[5]' -c 'filters dense_1'
works
out_has 'conv2d: 4 filters of 3x3' 'conv2d_1: 6 filters of 3x3  2 of 6, mean over its input channels' \
	'conv2d_1[5]  its input channels' 'dense_1: weights of 5 units  a row for each unit' '≡≡==---  ░░░▒▒██'
[ "$(grep -c ' weight$' "$out")" -eq 4 ] || unmet 'four scales'
[ "$(awk 'length > 80' "$out" | wc -l)" -eq 0 ] || unmet '80 columns'
thaw -c "$load" -c 'set glyphs ascii' -c 'filters conv2d' -c 'activations test:0'
works
out_has 'EE==---  +++**##'
[ "$(LC_ALL=C tr -d '\0-\177' <"$out" | wc -c)" -eq 0 ] || unmet 'ASCII alone'

it 'takes the first layer that has filters where none is named'
thaw -c 'build mlp; filters'
works
out_has 'dense: 512 units of 28x28'
thaw -c "$load" -c 'filters conv2d; filters; export png filters conv2d size=480x320 1.png; export png filters size=480x320 2.png'
works
[ "$(grep -c '^conv2d: 4 filters of 3x3' "$out")" -eq 2 ] || unmet 'twice the same'
same 1.png 2.png

it 'shows one picture on its way, layer by layer'
thaw -c "$load" -c 'activations test:0'
works
out_has 'activations of test:0  label 7  each layer on its own scale' '❄ conv2d' 'flatten as above' '26x26x4'
out_like '  activation'
out_like '  activation_3 .*'
grep -q '^  dense_1 .*' "$out" || unmet 'dense_1, not frozen'
thaw -c "$load" -c 'activations conv2d_1 test:0' -c 'activations dense'
works
out_has 'conv2d_1 of test:0  11x11x6; below each its channel and largest value' 'dense of test:0  16 units in a row' '5 ±'

it 'says them to programs, and activations end in what predict says'
thaw -c "$load" -c 'mode json' -c 'filters conv2d_1 n=2' -c 'filters dense_1' -c 'activations test:3' -c 'predict test:3'
works
cp "$out" all
cat >shapes.py <<'EOT'
import json
rows = [json.loads(line) for line in open("all") if line.startswith("{")]
def shape(v):
    return [len(v)] + shape(v[0]) if isinstance(v, list) else []
of = lambda event: [r for r in rows if r["event"] == event]
f, d = of("filters")
assert f["layer"] == "conv2d_1" and f["shape"] == shape(f["values"]) == [3, 3, 4, 2] and f["count"] == 6 and f["trainable"] is False
assert d["shape"] == shape(d["values"]) == [16, 5] and d["trainable"] is True
acts = of("activations")
assert [a["layer"] for a in acts] == ["conv2d", "activation", "max_pooling2d", "conv2d_1", "activation_1", "flatten", "dense", "activation_2",
    "dense_1", "activation_3"]
assert all(a["shape"] == shape(a["values"]) and a["image"] == "test:3" and a["label"] == 0 for a in acts)
assert [a["layer"] for a in acts if not a["trainable"]] == ["conv2d", "activation", "max_pooling2d", "conv2d_1", "activation_1", "flatten"]
flat = lambda v: [x for y in v for x in flat(y)] if isinstance(v, list) else [v]
assert flat(acts[1]["values"]) == [max(0, x) for x in flat(acts[0]["values"])]
(p,) = of("predict")
assert max(abs(a - b) for a, b in zip(p["probabilities"].values(), acts[-1]["values"])) < 1e-6
EOT
/usr/bin/python3 shapes.py || unmet 'events that fit each other'
thaw -c "$load" -c 'mode csv' -c 'filters conv2d' -c 'activations max_pooling2d test:0'
works
[ "$(grep -c '^filters,conv2d,' "$out")" -eq 36 ] || unmet '36 weights'
[ "$(grep -c '^activations,test:0,max_pooling2d,' "$out")" -eq 676 ] || unmet '676 values'
out_has 'layer,filter,y,x,channel,weight' 'image,layer,y,x,channel,value'

it 'draws them as pictures of every format'
thaw -c "$load" -c 'export png filters conv2d a.png size=480x320; export svg filters conv2d_1[2]; export pdf activations; export png activations dense test:1 b.png; export png activations train:2 c.png'
works
out_has 'wrote a.png (480x320)' 'wrote thaw-filters.svg' 'wrote thaw-activations.pdf' 'wrote b.png' 'wrote c.png'
file_exists a.png b.png c.png thaw-filters.svg thaw-activations.pdf

it 'acts beside a run'
thaw -c 'build "conv2d 4 3, relu, flatten | dense 10, softmax"' -c 'train all limit=512 epochs=1' -c 'activations conv2d; filters conv2d'
works

it 'draws what moved, and what did not'
thaw -c "$load" -c 'verbose 0; train lt5 limit=256 epochs=1' -c 'export png diff d.png size=480x320; export svg diff init; export png diff init init e.png'
works
out_has 'wrote d.png (480x320)' 'wrote thaw-diff.svg'
file_exists d.png e.png thaw-diff.svg
thaw -c "$load" -c 'verbose 0; train lt5 limit=256 epochs=1; export svg diff run.svg; export svg diff init init.svg; export svg diff init conv2d layer.svg' \
    -c 'diff init; export svg diff seen.svg; diff init conv2d; export svg diff one.svg; train lt5 limit=64 epochs=1; export svg diff next.svg; diff; export svg diff same.svg'
works
cmp -s init.svg seen.svg || unmet 'the last diff without operands'
cmp -s layer.svg one.svg || unmet 'the layers of the last diff'
cmp -s next.svg same.svg || unmet 'what the last run moved, behind a run'
! cmp -s run.svg seen.svg || unmet 'another picture for other points'
thaw -c "$load" -c 'export png diff init nosuch x.png'
refused 1 'no layer matches "nosuch"'
thaw -c 'export png diff'
refused 1 'nothing to compare with yet'
thaw -c 'export png diff init init init'
refused 1 'init'
thaw -c 'export png diff @none'
refused 1 'none'

it 'shows the pictures that are named, and draws them'
thaw -c "$load" -c 'show test:3 train:17' -c 'export png digits test:3 train:17 n.png'
works
out_has 'test:3  label 0' 'train:17  label 8' 'wrote n.png'
thaw -c "$load" -c 'show test:3 test:10000'
refused 1 'test:1279'
thaw -c "$load" -c 'export png digits test:3 lt5'
refused 1 'lt5'

it 'refuses what has no filters, is no layer, or lies outside'
thaw -c 'filters flatten'
refused 1 'flatten has no filters' 'conv2d conv2d_1 dense dense_1'
thaw -c 'filters conv2d[32]'
refused 1 'conv2d[0] to conv2d[31]'
thaw -c 'filters conv2d[-1]'
refused 1 'conv2d[0] to conv2d[31]'
thaw -c 'filters conv2d[99999999999999999999]'
refused 1 'conv2d[0] to conv2d[31]'
thaw -c 'filters features'
refused 1 'more than one layer'
thaw -c 'filters conv9'
refused 1 'conv9'
thaw -c 'filters conv2d n=0'
refused 1 'n'
thaw -c 'activations features test:0'
refused 1 'more than one layer'
thaw -c 'activations test:10000'
refused 1 'test:1279'
thaw -c 'activations conv2d none.png'
refused 1 'none.png'
thaw -c 'export png filters dropout'
refused 1 'has no filters'
thaw -c 'export png activations conv2d conv2d_1'
refused 1 'conv2d_1'
done_testing
