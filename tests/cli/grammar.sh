#!/bin/sh
# grammar.sh: words, quotes, comments, separators, and how names are taken in a script.
. "$top_srcdir/tests/cli/lib.sh"

it 'separates commands by ; and lines'
lines 'print "a"; print "b" ;print "c"
;; ;
print "d"'
works
out_is 'a
b
c
d'

it 'takes # as a comment at the start of a word only'
lines '# nothing
  # nothing
print "a" # b
print "c#d"
print "e # f"'
works
out_is 'a
c#d
e # f'

it 'keeps ; inside quotes'
lines 'print "a; b"; print "c"'
works
out_is 'a; b
c'

it 'unescapes inside quotes'
lines 'print "a \"b\" \\ c"'
works
out_is 'a "b" \ c'

it 'joins a line that ends with a backslash'
lines 'model \
  format=keras2.10
print "after"'
works
out_has 'Total params: 600,165' after

it 'is silent about empty lines and blanks'
printf '\n\n  \n\t\n' >blank.thaw
thaw blank.thaw
works
no_out

it 'refuses a quote that does not end'
thaw -c 'build "conv2d 32 3'
refused 1 'quote'

it 'keeps case'
thaw -c 'MODEL'
refused 1 MODEL

it 'takes full names only in a script'
thaw -c 'sum'
refused 1 'summary'

it 'says an error in one line, without a caret, where no person typed it'
thaw -c 'model colour=red'
refused 1 'colour'

it 'knows the words of Keras'
thaw -c 'summary' -c 'evaluate on=nowhere'
refused 1 'nowhere'
out_has 'Total params: 600,165'
thaw -c 'freeze features; thaw features; assert trainable == 600165'
works
thaw -c 'compile optimizer=sgd lr=0.1; set optimizer; set lr'
works
out_has sgd 0.1

it 'separates key and value at the first ='
thaw -c 'train gte5 watch=digits=3,x'
refused 1 'digits=3,x'

it 'prefers the names of layers as they stand in the summary'
thaw -c 'freeze conv2d; assert trainable == 600165 - 320'
works
thaw -c 'freeze conv*; assert trainable == 600165 - 320 - 9248'
works
thaw -c 'freeze conv2d..flatten; assert trainable == 590597'
works
thaw -c 'freeze 0,2; assert trainable == 590597'
works
thaw -c 'freeze head; assert trainable == 9568'
works
thaw -c 'freeze classifier; assert trainable == 9568'
works
thaw -c 'freeze all; assert trainable == 0'
works
thaw -c 'freeze_to dense; assert trainable == 590597'
works
thaw -c 'freeze dense,dense_1; unfreeze dense_1; assert trainable == 9568 + 645'
works

done_testing
