#!/bin/sh
# onnx.sh: the model as a graph of ONNX. onnx/run.py holds it against onnx and onnxruntime, where python3 has them.
. "$top_srcdir/tests/cli/lib.sh"

files=$top_srcdir/tests/cli/onnx
peers=no
python3 -c 'import onnx, onnxruntime' 2>/dev/null && peers=yes
[ $peers = yes ] || echo 'python3 has no onnx and onnxruntime: what they say of the files is left out'

# ---- writing ----

# Every layer, padding and activation; pictures with their channels last and first, and flat ones.
every='"rescaling 2 offset=-1, zero_padding2d 1 top=2, conv2d 6 3 stride=2 same leaky_relu, batch_normalization,
 conv2d 5 3 same elu, max_pooling2d 3 stride=2 same, average_pooling2d 2 same, dropout 0.3, conv2d 4 2 sigmoid,
 flatten | dense 9 tanh, batch_normalization, dense 5, softmax"'
mean='"conv2d 6 4 stride=3 same, softmax, average_pooling2d 3 stride=2 same, conv2d 5 1, relu, global_average_pooling2d |
 dense 5 softmax"'
flat='"softmax, tanh, flatten, flatten | dense 5 softmax"'
for build in "$every" "$mean" "$flat" activity; do
	build=$(echo "$build" | tr -d '\n')
	it "writes what gives the same probabilities: build $build"
	thaw -c 'mode json' -c "build $build; train lt5 limit=100 epochs=1" -c 'predict test:1; predict test:7; predict test:20' \
		-c 'save a.onnx; export onnx'
	works
	cp "$out" answers
	same a.onnx thaw-model.onnx
	if [ $peers = yes ]; then
		command="run.py of build $build"
		python3 "$files/run.py" a.onnx answers "$top_srcdir/assets" >"$out" 2>"$err" || unmet 'what onnxruntime gives'
	fi
done

it 'says what it wrote, and keeps in it where it comes from'
thaw -c 'build lenet5; train gte5 limit=50 epochs=1; export onnx b.onnx'
works
out_has 'wrote b.onnx (opset 13; takes [batch, 28, 28, 1], pixels from 0 to 1)'
tr -c '[:print:]' '\n' <b.onnx >"$out"
out_has 'conv2d 6 5 same tanh' mnist gte5 '["5","6","7","8","9"]' conv2d_1.kernel

it 'writes nothing that it cannot'
thaw -c 'save x.onnx only=features'
refused 1 'a whole model, not the weights of some layers' 'leave out only='
thaw -c 'save x.onnx layout=torch'
refused 1 'only .safetensors has'
thaw -c 'export onnx plot'
refused 1 'onnx has no plot'
no_file x.onnx

done_testing
