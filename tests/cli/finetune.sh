#!/bin/sh
# finetune.sh: both phases are the trainings that one would do by hand, to the same bits; what is frozen before is
# frozen after; undo takes back both; what is refused. Interrupted: tests/src/train/test_job.c.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

small='timing off; set batch 16; build "conv2d 4 3, relu, conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 8, relu, dense 5, softmax"'
with='limit=128 validate=end'
trained() { # FILE: the weights' hashes of the runs
	works
	sed -n 's/.*"event":"trained".*"weights":"\([0-9a-f]*\)".*/\1/p' "$out" >"$1"
}

it 'trains the head alone, then everything, the features at a lower rate'
thaw -c "$small; mode json; finetune gte5 $with freeze_epochs=2 epochs=2 lr=.5 lr_mult=20"
trained one
out_has '"frozen":["conv2d","conv2d_1"]' '"frozen":[]'
thaw -c "$small; mode json; freeze features; train gte5 $with epochs=2 lr=.5" \
	-c "unfreeze features; set lr .5; lr features .025; train gte5 $with epochs=2"
trained two
[ "$(wc -l <one)" -eq 2 ] || unmet 'two runs'
same one two

it 'divides the rate that a layer has of its own, and leaves that of the head'
thaw -c "$small; lr conv2d .5; finetune gte5 $with epochs=1; runs; history"
works
out_has 'of the features at conv2d=0.005 conv2d_1=0.01, their rates/100' 'lr(conv2d)=0.5 rho' 'lr(conv2d)=0.005 lr(conv2d_1)=0.01 rho' 'r2 '

it 'says the rates of the features that it uses'
thaw -c "$small; finetune gte5 $with epochs=1 lr=.5 lr_mult=20"
works
out_has 'of everything, of the features at 0.025, lr/20' 'lr(conv2d)=0.025 lr(conv2d_1)=0.025 rho'
thaw -c "$small; lr features .01; lr head .5; finetune gte5 $with epochs=1"
works
out_has 'of everything, of the features at 0.0001, their rates/100' 'lr(conv2d)=0.0001 lr(conv2d_1)=0.0001 lr(dense)=0.5 lr(dense_1)=0.5 rho'
thaw -c "$small; freeze conv2d; lr conv2d .5; finetune gte5 $with epochs=1"
works
out_has 'of everything, of the features at 0.01, lr/100'

it 'leaves frozen what was frozen, to the bit, and undoes both at once'
thaw -c "$small; freeze conv2d; finetune lt5 $with epochs=1; assert frozen_delta == 0; assert trainable == 4809" \
	-c 'undo; assert trainable == 4809; diff init'
works

it 'refuses where a phase has nothing to train'
thaw -c "$small; freeze features; finetune lt5"
refused 1 'nothing of the features trains' '`unfreeze features`' '`train lt5`'
thaw -c "$small; freeze head; finetune lt5"
refused 1 'nothing of the head trains' '`unfreeze head`'
thaw -c "$small; finetune lt5 validate=never"
refused 1 'validate=end'

it 'gives the features back where the first phase fails'
thaw -c "$small; bail off; finetune lt5 $with optimizer=adam epsilon=0; assert trainable == 4849; runs"
[ "$status" -eq 1 ] || unmet 'status 1'
err_has 'not a number any more'
out_lacks 'r2 '

done_testing
