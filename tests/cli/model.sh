#!/bin/sh
# model.sh: summaries in each of Keras' formats, layers, build, reset and freeze, as text, CSV and JSON.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

# The counts that freeze prints stand above the summary.
below() { # N GOLDEN: the output from line N on is that file
	tail -n +"$1" "$out" >.t/below
	mv .t/below "$out"
	golden "$2"
}

it 'prints the summaries of Keras byte for byte'
thaw -c 'freeze features; model'
works
below 3 keras3-summary-80col.txt
thaw -c 'freeze features; model trainable'
below 3 keras3-summary-80col-show_trainable.txt
thaw -c 'freeze features; set width 120; model'
below 3 keras3-summary-120col.txt
thaw -c 'freeze features; set width 120; model trainable'
below 3 keras3-summary-120col-show_trainable.txt
thaw -c 'freeze features; set glyphs ascii; model'
below 3 keras3-summary-80col-ascii.txt
LC_ALL=C
thaw -c 'freeze features; summary'
below 3 keras3-summary-80col-ascii.txt
LC_ALL=C.UTF-8
thaw -c 'freeze features; model format=keras2'
below 3 keras2.15-summary.txt
thaw -c 'freeze features; model trainable format=keras2'
below 3 keras2.15-summary-show_trainable.txt
thaw -c 'freeze features; model format=keras2.10'
below 3 keras2.10-summary.txt
thaw -c 'freeze features; model format=keras2.6'
below 3 keras2.6-summary.txt

it 'shows some rows with the totals of all'
thaw -c 'model layers=dense..dense_1'
works
out_has 'dropout_1 (Dropout)' 'Total params: 600,165'
out_lacks 'conv2d' 'activation_3'
thaw -c 'model layers=conv2d,dense'
refused 1 'follow one another'

it 'knows that Keras 2.6 has no column Trainable'
thaw -c 'model trainable format=keras2.6'
refused 1 'keras2.10'

it 'says what it froze, and the new counts'
thaw -c 'freeze features'
works
out_is 'frozen: conv2d conv2d_1 (7 feature layers), from the next batch on
trainable 590,597   non-trainable 9,568'
thaw -c 'freeze conv2d; thaw conv2d; freeze dropout; freeze conv2d dense; freeze_to dense_1; now unfreeze head'
works
out_is 'frozen: conv2d, from the next batch on
trainable 599,845   non-trainable 320
unfrozen: conv2d, from the next batch on
trainable 600,165   non-trainable 0
frozen: dropout (no parameters), from the next batch on
trainable 600,165   non-trainable 0
frozen: conv2d dense, from the next batch on
trainable 9,893   non-trainable 590,272
frozen: conv2d conv2d_1 dense (10 layers), from the next batch on
trainable 645   non-trainable 599,520
unfrozen: dense dense_1 (5 head layers), from the next batch on
trainable 590,597   non-trainable 9,568'
for name in features feature_layers; do
	thaw -c "freeze $name; assert trainable == 590597"
	works
done
for name in head classifier classification_layers; do
	thaw -c "freeze $name; assert trainable == 9568"
	works
done
for comma in 'conv2d,dense' 'conv2d, dense' 'conv2d ,dense'; do
	thaw -c "freeze $comma" -c 'assert trainable == 9893'
	works
done
thaw -c 'freeze all'
works
out_has 'note: nothing trains now' 'unfreeze head'
thaw -c 'freeze_to conv2d,dense'
refused 1 'one layer'

it 'tells programs the same'
thaw -c 'mode json' -c 'freeze features' -c 'freeze_to dense_1' -c 'unfreeze all'
works
out_is '{"event":"freeze","layers":["conv2d","conv2d_1"],"trainable":590597,"non_trainable":9568}
{"event":"freeze_to","layers":["conv2d","conv2d_1","dense"],"trainable":645,"non_trainable":599520}
{"event":"unfreeze","layers":["conv2d","conv2d_1","dense","dense_1"],"trainable":600165,"non_trainable":0}'
thaw -c 'mode json' -c 'freeze conv2d; model layers=0..1'
works
out_like '\{"event":"model","name":"sequential","layers":\[\{"index":0,"name":"conv2d","class":"Conv2D","group":"features","output_shape":\[null,26,26,32\],"params":320,"trainable":false\},.*\],"total":600165,"trainable":599845,"non_trainable":320\}'
thaw -c 'mode csv' -c 'model layers=conv2d_1'
works
out_is 'event,index,name,class,group,output_shape,params,trainable
model,2,conv2d_1,Conv2D,features,24x24x32,9248,Y'

it 'gives layers with cost, rate and checksum'
thaw -c layers
works
out_like ' 2 conv2d_1 +features Y 3x3x32x32 +9,248 5,308,416 glorot_uni… 1\.0 [0-9a-f]{8}'
out_like ' 7 dense +head +Y 4608x128 +589,952 +589,824 glorot_uni… 1\.0 [0-9a-f]{8}'
out_like '11 activation_3 +head +- - +0 +- - +- -'
[ "$(wc -L <"$out")" -le 80 ] || unmet 'lines of 80 cells'
thaw -c 'set width 120' -c 'lr conv2d 0.25' -c 'freeze conv2d' -c layers
works
out_like ' 0  conv2d .* N  3x3x1x32 .* glorot_uniform +0\.25  [0-9a-f]{8}'
thaw -c 'mode csv' -c layers
works
out_like 'layers,0,conv2d,features,Y,3x3x1x32,320,194688,glorot_uniform,1\.0,[0-9a-f]{64}'
thaw -c 'mode json' -c layers
works
out_has '"macs":5308416' '{"name":"dense.kernel","shape":[4608,128]}'

it 'recreates the weights of a seed of its own from the line of show config'
data=
for first in 'reset seed=5; freeze conv2d' 'model layers=0; set seed 3'; do
	thaw -c "$first; show config; mode csv; layers"
	works
	line=$(grep '^data mnist' "$out")
	grep '^layers,' "$out" >.t/first
	thaw -c "$line; mode csv; layers"
	works
	grep '^layers,' "$out" >.t/again
	same .t/first .t/again
done
data=$scratch/few

it 'builds a model of sizes and of a text'
thaw -c 'build filters=8 kernel=5 pool=4 dense=16 classes=10 dropout1=0 dropout2=0.1' -c 'model format=keras2.6'
works
out_has 'model: 12 layers, 5,202 parameters, input 28x28x1, 10 classes, seed 1337' 'features: conv2d..flatten   head: dense..activation_3' \
	'conv2d_1 (Conv2D)            (None, 20, 20, 8)         1608'
thaw -c 'mode json' -c 'build "conv2d 8 5,relu, max_pooling2d, flatten|dense 5, softmax"'
works
out_like '\{"event":"build","build":"conv2d 8 5, relu, max_pooling2d 2, flatten \| dense 5, softmax","input":\[28,28,1\],"classes":5,"layers":6,"features":4,"params":5973,"seed":1337\}'
thaw -c 'build flatten, dense 5, softmax' -c 'freeze features' -c 'freeze head'
works
out_has 'features: flatten..flatten' 'frozen: flatten (no parameters)' 'frozen: dense (2 head layers)'
thaw -c 'build "flatten | dense 5, softmax" filters=3'
refused 1 'not from both'
thaw -c 'bail off' -c 'build "conv2d 8 20, conv2d 8 10, flatten, dense 5, softmax"' -c 'assert params == 600165'
refused 1 'conv2d_1: kernel 10x10 is larger than its input 9x9'

it 'builds a model by its name'
thaw -c 'build lenet5 classes=10' -c 'assert params == 61706' -c 'build mlp classes=10' -c 'assert params == 669706' -c 'build cifar' \
	-c 'assert params == 889834' -c 'build activity filters=16' -c 'show config'
works
out_has 'conv2d 16 3, relu, conv2d 16 3, relu'

it 'prints the layers of Keras as Keras does'
layers="Rescaling(2., offset=-1), ZeroPadding2D(2), Conv2D(8, 3, strides=2, padding='same', activation='relu'), BatchNormalization(), \
MaxPooling2D(2, strides=1, padding='same'), AveragePooling2D(2), Conv2D(8, 3, padding='same'), BatchNormalization(), \
GlobalAveragePooling2D(), Dense(16, activation='tanh'), Activation('leaky_relu'), Dense(5, activation='softmax')"
thaw -c "build \"$layers\"; freeze batch_normalization" -c 'model; model trainable'
works
below 6 keras3-summary-80col-layers.txt

it 'takes the split that stands for none back with the run'
thaw -c 'timing off; build mlp; train gte5 epochs=1 limit=40; train lt5 epochs=1 limit=40; undo; mode json; eval; print split; redo; eval' \
	-c 'undo; undo; redo; redo; assert split == "lt5"'
exits 0
[ "$(grep -o '"event":"eval","split":"[a-z0-9]*"' "$out" | cut -d'"' -f8 | tr '\n' ' ')" = 'gte5 lt5 ' ] || unmet 'gte5, then lt5'
err_lacks 'the head was last trained'

it 'tells what freezing means for a batch normalization, and holds its statistics still'
limit=200
[ "$sanitized" = no ] || limit=40
thaw -c 'build "conv2d 2 3 stride=3, batch_normalization, relu, flatten | dense 5 softmax"; train lt5 limit=128 epochs=1'
works
out_has 'in 1 steps the moving statistics of batch_normalization, of the momentum 0.99, lag behind'

norm='conv2d 2 3 stride=2 relu, batch_normalization, max_pooling2d 4, flatten | dense 5 softmax l2=0.01'
thaw -c "timing off; build \"$norm\"; train gte5 epochs=1 limit=$limit; snapshot a; save n.safetensors; freeze features" \
	-c "train lt5 epochs=1 limit=$limit; assert frozen_delta == 0; diff @a; load n.safetensors; diff @a" \
	-c "unfreeze features; train gte5 epochs=1 limit=$limit; diff @a; undo; diff @a"
works
out_has 'note: batch_normalization: frozen it runs by its moving statistics, in training as well' \
	'note: batch_normalization: while it trains it takes mean and variance of each batch' 'features cached'
[ "$(grep -c 'batch_normalization (Batch.*0 / 8 *bit-identical' "$out")" = 3 ] || unmet 'the statistics stand still, and come back'
[ "$(grep -c 'batch_normalization (Batch.* 8 / 8' "$out")" = 1 ] || unmet 'the statistics move in training'
[ "$(grep -c '^note: batch_normalization moved between these points and is frozen now: `trainable` is the flag of today' "$out")" = 0 ] ||
	unmet 'no word about layers that stood still'
thaw -c "verbose 0; build \"$norm\"; train gte5 epochs=1 limit=$limit; freeze features; diff init" \
	-c 'unfreeze conv2d; diff init; freeze all; diff init dense; mode json; diff init'
works
[ "$(grep -o 'note: .* between these points and .* frozen now: `trainable` is the flag of today' "$out" | cut -d' ' -f2-4 | tr '\n' ' ')" = \
	'conv2d, batch_normalization moved batch_normalization moved between dense moved between ' ] || unmet 'whose flag is not that of the run'
thaw -c "build \"$norm\"; freeze conv2d" # the one behind it trains on
works
out_has 'note: batch_normalization: while it trains it takes mean and variance of each batch'
thaw -c "build \"$norm\"; freeze head"
works
out_lacks note
thaw -c "mode json; build \"$norm\"; model"
out_has '"name":"batch_normalization","class":"BatchNormalization","group":"features","output_shape":[null,13,13,2],"params":8,' \
	'"total":123,"trainable":119,"non_trainable":4}'
thaw -c "build \"$norm\"; explain batch_normalization[1] 2,2 test:0"
refused 1 'no words yet for what batch_normalization computes'
thaw -c "build \"$norm\"; explain dense[1] test:0"
refused 1 'build the softmax as a layer of its own'

it 'explains sums with a stride, padding and an activation'
thaw -c 'build "conv2d 2 3 stride=2 same tanh, max_pooling2d 3 stride=2 same, flatten | dense 4 elu, dense 5, softmax"' \
	-c 'explain conv2d[1] 13,13 test:0; explain max_pooling2d[1] 6,6 test:0; explain dense[1] test:0'
works
out_has 'rows 26-28, columns 26-28; outside of it are zeros' 'tanh' 'largest of a window of 3x3' 'elu'
out_lacks 'the two differ'

it 'says that points are of the model before, which comes back with them'
thaw -c 'snapshot a' -c 'build filters=8' -c 'diff @a'
refused 1 '@a is of another model, which `load @a` brings back'
thaw -c 'snapshot a' -c 'build filters=8' -c 'load @a only=features'
refused 1 '@a is of another model, which `load @a` brings back'
thaw -c 'snapshot a' -c 'build filters=8' -c 'load @a' -c 'diff @a' -c 'assert params == 600165'
works
out_has '@a: the model is put back, with the weights of conv2d conv2d_1 dense dense_1' 'bit-identical'

it 'loads the weights after a run, and has them again when its model is back'
thaw -c 'train gte5 limit=64 epochs=1; train lt5 limit=64 epochs=1; freeze features; load r1' \
	-c 'assert delta(r1, all) == 0' -c 'assert trainable(features) == 0' -c 'load r2 only=features' \
	-c 'assert delta(r2, features) == 0 and delta(r1, head) == 0' -c 'undo; undo; assert delta(r2, all) == 0' -c 'load r2'
works
out_has 'r1: weights put back: conv2d conv2d_1 dense dense_1' 'r2: weights put back: conv2d conv2d_1' \
	'r2: the weights are these already'
thaw -c 'train gte5 limit=64 epochs=1; build filters=8' -c 'load r1'
refused 1 'r1 was of another model, which `undo` or `load` of a snapshot'
thaw -c 'train gte5 limit=64 epochs=1; build mlp; build; assert delta(r1, all) > 0; mode json; load r1; assert delta(r1, all) == 0'
works
out_has '"event":"load","run":1,"layers":'
thaw -c 'train gte5 limit=64 epochs=1; build filters=8; undo; assert delta(r1, all) == 0; load @r1'
refused 1 'no snapshot @r1; r1 is a run, whose weights are written without @'
thaw -c 'load r1'
refused 1 'no run r1, there is none yet'

it 'keeps them where a file brings the same model'
thaw -c 'snapshot a' -c 'save same.safetensors' -c 'reset seed=5' -c 'load same.safetensors' -c 'diff @a'
works
out_has 'bit-identical'

it 'prints the layers within the width, whatever their rates are'
for width in 74 76 80 100; do
	thaw -c "set width $width; set lr 0.001; layers"
	works
	sed 's/…/./' "$out" | awk -v width=$width 'length($0) > width {exit 1}' || unmet "no line of more than $width columns"
	out_has ' lr ' '0.001'
done

it 'gives the same weights for the same seed'
thaw -c layers
cp "$out" first
thaw -c 'reset seed=5' -c layers
tail -n +2 "$out" >fifth
thaw -c 'reset seed=5; reset' -c layers
tail -n +3 "$out" >.t/x
same .t/x fifth
differ first fifth
thaw -c 'set seed 5' -c layers
cp "$out" .t/x
same .t/x fifth
thaw -c layers -c 'set seed 5' -c reset -c layers
tail -n 13 "$out" >.t/x
same .t/x fifth
thaw -c 'reset head seed=5' -c 'reset' -c layers
tail -n 13 "$out" >.t/x
same .t/x first
thaw -c 'reset head seed=5'
out_is 'reset: dense dense_1, seed 5'
thaw -c 'freeze features; reset' -c 'reset head' -c 'unfreeze all; reset'
out_is 'frozen: conv2d conv2d_1 (7 feature layers), from the next batch on
trainable 590,597   non-trainable 9,568
reset: conv2d conv2d_1 dense dense_1, seed 1337; epochs count from 1 again
note: conv2d conv2d_1 start anew and stay frozen: they keep these random weights, unless `unfreeze all` comes before `train`
reset: dense dense_1, seed 1337
unfrozen: conv2d conv2d_1 dense dense_1 (12 layers), from the next batch on
trainable 600,165   non-trainable 0
reset: conv2d conv2d_1 dense dense_1, seed 1337; epochs count from 1 again'
thaw -c 'reset dropout'
out_is 'reset: nothing, since these layers have no weights, seed 1337'
thaw -c 'reset seed=new' -c layers
works
tail -n 13 "$out" >.t/x
differ .t/x first
for seed in -1 x 99999999999999999999 1.5 ''; do
	thaw -c "reset seed=$seed"
	refused 1 'seed'
done

it 'draws curves as text'
thaw -c 'plot'
refused 1 'train gte5'
thaw -c 'train gte5 limit=256 batch=32 epochs=2 verbose=0' -c 'plot'
works
out_has 'loss  ' 'accuracy  ' 'r1 gte5' '■ val ' '━ train '
sed -n '/^loss/,$p' "$out" >.t/x
[ "$(wc -L <.t/x)" -le 80 ] || unmet 'lines of 80 cells'
LC_ALL=C
thaw -c 'train gte5 limit=256 batch=32 epochs=2 verbose=0' -c 'train lt5 limit=256 batch=32 epochs=1 verbose=0' -c 'plot loss r2 r1'
works
! LC_ALL=C grep -q '[^ -~]' "$out" || unmet 'ASCII alone'
out_has 'r1 gte5' 'r2 lt5'
LC_ALL=C.UTF-8
thaw -c 'train gte5 limit=256 batch=32 epochs=2 verbose=0' -c 'mode json' -c 'plot acc smooth=0'
works
tail -n 1 "$out" >.t/x
grep -q '^{"event":"plot","chart":"accuracy","series":\[{"name":"train","x":\[0.125,0.25,.*{"name":"val","x":\[1.0,2.0\]' .t/x || unmet 'an event'
thaw -c 'train gte5 limit=256 batch=32 epochs=1 verbose=0' -c 'mode csv' -c 'plot loss smooth=0'
works
out_like 'plot,loss,val,1\.0,[0-9.]+'

it 'knows of a session that was loaded whether frozen layers moved'
frozen='timing off; build "conv2d 4 3, relu, flatten | dense 5, softmax"; train lt5 limit=100 epochs=1 verbose=0; freeze features'
thaw -c "$frozen; assert frozen_delta == 0" # which the run moved before
refused 3 '; frozen_delta counts from the begin of r1, when conv2d was not frozen yet: `train` again'
thaw -c "$frozen; train gte5 limit=100 epochs=1 verbose=0; save moved.safetensors"
works
thaw -c 'load moved.safetensors; assert frozen_delta == 0; reset head; assert frozen_delta == 0'
works
thaw -c 'load moved.safetensors; reset features; assert frozen_delta == 0'
refused 3 'frozen_delta = 0.'
thaw -c 'load moved.safetensors; freeze head; assert frozen_delta == 0'
refused 1 'the weights before r2 are not kept: the model has changed since, or was loaded'
sed 's/\(frozen_delta[^0-9]*\)0.0/\1-10/' moved.safetensors >lies.safetensors
! cmp -s moved.safetensors lies.safetensors || unmet 'a file that lies'
thaw -c 'load lies.safetensors'
refused 1 'frozen_delta'
sed 's/frozen_delta/frozen_other/g' moved.safetensors >older.safetensors
thaw -c 'load older.safetensors; assert frozen_delta == 0'
refused 1 'not kept'

it 'brings a snapshot back: weights, flags, rates and the digits of the head; layers alone; and undo takes it back'
was='build "conv2d 2 3, relu, max_pooling2d 4, dropout .25, flatten | dense 5, softmax"; verbose 0; timing off
freeze features; train gte5 limit=64 epochs=1; snapshot a'
then='unfreeze all; set dropout.rate 0.5; train lt5 limit=64 epochs=1; snapshot b'
printf '%s\n' "$was" 'mode json; model; eval' >was.thaw
printf '%s\n' "$was" "$then" 'load @a; mode json; model; eval; diff @a; undo; diff @b; load @a only=head; diff @a; load @a; load @a' >back.thaw
thaw was.thaw
works
grep -E '^{"event":"(model|eval)"' "$out" >want
thaw back.thaw
works
out_has '@a: weights put back: conv2d dense' 'trainable 365   non-trainable 20'
out_has '"snapshot":"a","layers":["dense"]' '"snapshot":"a","layers":[]'
grep '^{"event":"diff"' "$out" | sed 's/.*"changed":\([0-9]*\),.*/\1/' | tr '\n' ' ' >changed
grep -qx '0 0 0 0 [1-9][0-9]* 0 ' changed || unmet 'what differs behind load, undo and only=head'
grep -E '^{"event":"(model|eval)"' "$out" | head -n "$(wc -l <want)" >got
same want got
thaw --check back.thaw
works

it 'says how a snapshot is brought back where it is asked for otherwise, or is not there'
for line in 'eval lt5 @a' 'reset @a' 'undo @a' 'save x.npz @a'; do
	thaw -c "snapshot a; $line"
	refused 1 '"@a" is the name of a snapshot, which' '`load @a` brings it back'
done
thaw -c 'snapshot a; restore @a'
refused 1 'unknown command "restore"; `load @NAME` brings a snapshot back'
thaw -c 'snapshot a; load @b'
refused 1 'no snapshot @b; there are @a'
thaw -c 'load @a'
refused 1 'no snapshot @a; `snapshot a` keeps'
thaw -c 'snapshot a; load @a only=conv9'
refused 1 'no layer matches "conv9"'
thaw -c 'save @a.npz; load @a.npz; snapshot a.npz; load @a.npz only=dense'
works
out_has '@a.npz: the weights are these already'

done_testing
