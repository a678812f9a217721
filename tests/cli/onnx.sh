#!/bin/sh
# onnx.sh: the model as a graph of ONNX. onnx/run.py holds it against onnx and onnxruntime, where python3 has them;
# onnx/make.py made the files of that folder with PyTorch and with Keras. test_onnx has what is hostile.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

files=$top_srcdir/tests/cli/onnx
peers=no
python3 -c 'import onnx, onnxruntime' 2>/dev/null && peers=yes
[ $peers = yes ] || echo 'python3 has no onnx and onnxruntime: what they say of the files is left out'

# ---- writing ----

# Every layer, padding and activation; pictures with their channels last and first, and flat ones.
every='"rescaling 2 offset=-1, zero_padding2d 1 top=2, conv2d 6 3 stride=2 same leaky_relu, batch_normalization,
 conv2d 5 3 same elu, max_pooling2d 3 stride=2 same, average_pooling2d 2 same, dropout 0.3, conv2d 4 2 sigmoid, leaky_re_lu 0.15,
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
out_has 'conv2d 6 5 same tanh' few gte5 '["5","6","7","8","9"]' conv2d_1.kernel

it 'writes nothing that it cannot'
thaw -c 'save x.onnx only=features'
refused 1 'a whole model, not the weights of some layers' 'leave out only='
thaw -c 'save x.onnx layout=torch'
refused 1 'only .safetensors has'
thaw -c 'export onnx plot'
refused 1 'onnx has no plot'
no_file x.onnx

# ---- reading ----

it 'builds what it wrote, to the same bytes'
for build in "$every" "$mean" "$flat" activity lenet5; do
	build=$(echo "$build" | tr -d '\n')
	thaw -c "build $build; train gte5 limit=50 epochs=1; save a.onnx" -c 'load a.onnx; save b.onnx; eval gte5; show config'
	works
	case $build in *leaky_re_lu*) out_has 'sigmoid, leaky_re_lu 0.15, flatten' ;; esac
	# padding=same of a pool that needs none is read as none: the graph is the same, the text in it is not
	[ "$build" = "$(echo "$every" | tr -d '\n')" ] || same a.onnx b.onnx
done

# What others gave for test:1, 7 and 20, to 1e-6.
says() { # FILE
	sed -n 's/.*"probabilities":{\([^}]*\)}.*/\1/p' "$out" | tr ',' '\n' | sed 's/.*://' >.t/got
	tr ' ' '\n' <"$files/$1.txt" >.t/expected
	paste .t/got .t/expected >.t/both
	[ "$(wc -l <.t/both)" -eq 15 ] && awk '{ d = $1 - $2; if (d > 1e-6 || d < -1e-6 || $2 == "") exit 1 }' .t/both ||
		unmet "the probabilities of $1.txt"
}
predict='predict test:1; predict test:7; predict test:20'

for f in torch-17 torch-11 torch-mean torch-pad torch-rows keras keras-last; do
	it "builds $f.onnx, which gives what it gave there"
	thaw -c 'mode json' -c "load $files/$f.onnx; $predict; save $f.onnx; load $f.onnx; save again.onnx"
	works
	says $f
	same $f.onnx again.onnx
done
thaw -c "build $files/torch-11.onnx"
works
out_has 'ends with logits; a softmax stands behind them here'
thaw -c "build $files/torch-mean.onnx"
out_has 'ends with logarithms'

it 'takes the weights into a model that is there, the rows behind a Flatten in its own order'
thaw -c 'mode json' -c "build $files/torch-17.onnx; load $files/torch-17.onnx only=all; $predict"
works
says torch-17
thaw -c 'build "conv2d 3 5, relu, max_pooling2d 2, conv2d 4 3 same, tanh, average_pooling2d 3, flatten |
 dense 9, batch_normalization, leaky_relu, dense 8, softmax"' -c "load $files/torch-17.onnx only=features; load $files/torch-17.onnx only=dense_1"
refused 1 'nothing of it fits these layers' '9x5 in the file, 9x8 in the model'
out_has 'conv2d_1.kernel' '3x3x3x4' loaded
thaw -c "build mlp; load $files/torch-17.onnx only=all"
refused 1 'has 5 layers with weights and the model 3' '`build '

it 'knows the split that a file of thaw was trained on'
thaw -c 'train lt5 limit=50 epochs=1; save a.onnx' -c 'load a.onnx; predict test:1'
works
out_lacks 'never trained'
thaw -c 'train lt5 limit=50 epochs=1; save a.onnx' -c 'mode json; load a.onnx; predict test:1'
out_has '"names":"digits"'

it 'says what is wrong with a file'
thaw -c "build $files/keras.onnx epochs=3"
refused 1
thaw -c "build $files/keras.onnx filters=3"
refused 1 'a model is built from a file or from filters='
thaw -c 'build none.onnx'
refused 1 'none.onnx cannot be opened' 'check the name'
head -c 3000 "$files/keras.onnx" >cut.onnx
thaw -c 'build cut.onnx'
refused 1 'cut off or damaged'
thaw --check -c 'save a.onnx; build later.onnx; freeze any_layer'
works

done_testing
