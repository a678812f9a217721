#!/bin/sh
# refusals.sh: one wrong command of each kind. Each is one sentence on standard error that names the way out, with status
# 1, and leaves the session as it was.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

# wrong LINE TEXT...: refuses the line with these texts; commands after it find the session as before.
wrong() {
	line=$1
	shift
	it "refuses: $line"
	thaw -c 'bail off' -c 'freeze conv2d' -c "$line" -c 'assert params == 600165' -c 'assert trainable == 599845'
	refused 1 "$@"
	out_lacks Traceback
}

# commands
wrong 'expotr csv' 'unknown command "expotr"' 'did you mean "export"'
wrong 'xyzzy' 'unknown command "xyzzy"' 'help'
wrong 'tr' 'unknown command "tr"'
wrong 'fr features' 'did you mean "freeze"? Scripts need full names'
wrong 'sum' 'did you mean "summary"? Scripts need full names'
wrong 'fre features' 'did you mean "freeze"? Scripts need full names'
wrong 'st 3' 'unknown command "st" - it may be the beginning of: ' ' stats' ' step' ' stop' '; scripts need full names'
wrong 'l' ' load' ' layers' ' log' 'scripts need full names'
wrong 'e' ' echo' ' exit' ' eval' ' export' 'scripts need full names'
wrong 'train gte5 epo=2' 'unknown key "epo" - did you mean "epochs"? Scripts need full names'
wrong 'train gte5 l=2' 'unknown key "l" - it may be the beginning of: ' 'limit' 'lr' '; scripts need full names'
wrong 'pause How many parameters' 'in double quotes several words are one: "How many"'
wrong 'save my net.safetensors' 'in double quotes several words are one: "my net.safetensors"'
wrong 'snapshot a b' '"b" is one word too many (usage'
wrong 'tui on' 'start thaw on a terminal, without a script or with -i'
wrong 'layout bemer' 'did you mean "beamer"?'
wrong 'lesson.thaw' '`source lesson.thaw`'
wrong 'epochs=3' '`set epochs 3`'
wrong 'epochs = 3' '`set epochs 3`'
wrong 'train lt5 epochs = 3' 'no blanks stand around =; write `train lt5 epochs=3`'
wrong 'set lr = 0.1' 'no blanks stand around =; write `set lr=0.1`'
wrong 'sweep lr = 0.1, 1 limit=100 -- train lt5 epochs=1' 'write sweep lr=0.1,1 limit=100 -- ...'
wrong 'build "conv2d 8 3 stride = 2, flatten | dense 5 softmax"' 'no blanks stand around =; write stride=2'

wrong 'sweep lr=0.1,1' 'behind --'
wrong 'compare modes lt5 lr=0.1,1' '`sweep lr=0.1,1 -- train lt5` tries several values'
wrong 'sweep lr=0.1,1 -- quit' 'no command of a sweep'
wrong draw 'needs the workbench' 'start thaw on a terminal' '`predict FILE.png`'
wrong 'export png draw' 'nothing has been drawn yet' '`draw`'
wrong 'export png draw size=300x300' 'no use for size='
wrong 'export png draw 7' '7'
wrong 'export png csv' 'csv stands too late or is one too many' '`export FORMAT FIGURE WORDS FILE`'
wrong 'export m.csv pytorch' 'm.csv would hold pytorch; end its name with .py'
wrong 'export png plot dark' 'did you mean "theme=dark"?'
wrong 'export png plot foo' 'keys: size= theme= smooth='

# lines of Python
wrong 'model.summary()' 'understood at the prompt only; that is: model'
wrong 'history=model.fit(x_train, y_train, epochs=2)' 'did you mean "train"'
wrong 'model.layers[0].trainable = False' 'that is: freeze 0'
wrong 'for l in feature_layers: l.trainable = False # so' 'that is: freeze features'
wrong 'l.trainable=False' 'did you mean "freeze"'
wrong 'model.load_weights("x")' 'that is: load "x"'
wrong 'quit()' 'that is: quit'
wrong 'score = model.evaluate(x_test, y_test)' 'that is: eval'
wrong 'model = keras.Sequential()' 'did you mean "build"'
wrong 'l.trainable = True' 'did you mean "unfreeze"'
wrong 'load_weights x' 'did you mean "load"'
wrong 'Conv2D 32 3' 'did you mean "build"'
wrong 'keras.utils.set_random_seed(3)' 'that is: set seed 3'
wrong 'train gte5 batch_size=32' 'did you mean "batch"'
wrong 'set learning_rate 0.1' 'did you mean "lr"'
wrong 'batch_size 64' '`set batch VALUE`'
wrong 'model show_trainable=True' '`model trainable`'
wrong 'eval lt5 report=1' '`eval report`'
wrong 'model = 3' 'did you mean "model"?'
wrong 'import keras' 'help keras'
wrong 'for l in feature_layers:' 'the prompt only; that is: freeze features (where the loop says l.trainable = False)'
wrong 'x.png' '`help`'

# splits
wrong 'train lt10' 'lt10'
wrong 'train lt0' 'lt0'
wrong 'train gte0' 'gte0'
wrong 'train digits=' 'digits='
wrong 'train digits=3,11' '11'
wrong 'train digits=3,3' '3'
wrong 'train nothing' 'nothing' 'gteN'
wrong 'train' 'SPLIT'
wrong 'set units digit; train gte5' 'output units up to 9' '`build classes=10`'
wrong 'set units digit; eval all' 'output units up to 9' '`build classes=10`'
wrong 'set units label' 'order or digit'
wrong 'train lt5 stop=val' 'val_accuracy, val_loss' 'stop=val_loss:patience=2'
wrong 'train lt5 stop=val_loss validate=end' 'at the end alone'
wrong 'train lt5 stop=watch_loss' 'watch=gte5'
wrong 'train lt5 by=batch' 'watch=gte5'
wrong 'train lt5 validate=0' 'validate=end'
wrong 'train lt5 checkpoint=x.safetensors' 'checkpoint=best:FILE'
wrong 'train lt5 checkpoint=best:x.foo' 'end it with .safetensors, .keras, .weights.h5, .npz, .onnx'
wrong 'train lt5 checkpoint=best:x.pt' '.pt is only read here; end its name with .safetensors'
wrong 'save x.foo' 'end it with .safetensors, .keras, .weights.h5, .npz, .onnx'
wrong 'train lt5 lr=1:linear' 'step=EPOCHS,FACTOR' 'cosine'
wrong 'eval lt99' 'lt99'
wrong 'train all epochs=1' 'build classes=10'
wrong 'eval gte5 on=elsewhere' 'elsewhere' 'train'

# which pixels matter
wrong 'saliency test:0 class=5000' 'class' '4095'
wrong 'build classes=5000' '4096'
wrong 'build "flatten | dense 5000, softmax"' 'the model has 5000 outputs; end with at most 4096'
wrong 'saliency test:0 unit=7' 'units are 0 to 4'
wrong 'gradcam test:0 layer=dense' 'no picture' 'before flatten'
wrong 'occlude test:0 size=30' 'size=1 to 28'

# layers
wrong 'freeze feat' 'no layer matches "feat" - did you mean "features"?'
wrong 'freeze class' 'did you mean "classifier"?'
wrong 'freeze conv2d,he' 'did you mean "head"?'
wrong 'lr fea 0.1' 'did you mean "features"?'
wrong 'train lt5 validation_split=0.1' 'there is no key "validation_split" as in Keras: the test images of the split validate' 'data FOLDER holdout=10'
wrong 'train lt5 validation_data=x' 'there is no key "validation_data" as in Keras'
wrong 'train lt5 callbacks=x' '`stop=` and `checkpoint=`'
wrong 'compare r1 f6b5' 'the first 8 digits'
wrong 'data shapes size=28' 'size=28: not a size such as 28x28, height first'
wrong 'train cla=cat' 'unknown key "cla" - did you mean "classes"? Scripts need full names'
wrong 'train dig=1,2' 'did you mean "digits"? Scripts need full names'
wrong 'sweep epo=1,2 -- train lt5' 'did you mean "epochs"? Scripts need full names'
wrong 'help expo' 'unknown command "expo" - did you mean "export"? Scripts need full names'
wrong 'help st' 'it may be the beginning of: ' ' stats' ' stop'
wrong 'set epo 3' 'did you mean "epochs"?'
wrong 'eval lt5 rep' 'did you mean "report"?'
wrong 'eval on=tr' 'one of test, train'
wrong 'show lt5 wro' 'did you mean "wrong"?'
wrong 'set optimizer ada' 'adadelta, sgd or adam'
wrong 'freeze conv3' 'no layer matches "conv3"' 'conv2d' 'features'
wrong 'freeze 12' '12'
wrong 'freeze conv2d..nowhere' 'nowhere'
wrong 'freeze dense..conv2d' 'dense..conv2d'
wrong 'freeze features..dense' '"features" is more than one' 'conv2d..flatten'
wrong 'freeze conv2d..d*' '"d*" is more than one'
wrong 'freeze conv2d,,dense' 'missing beside a comma'
wrong 'freeze ,' 'missing beside a comma'
wrong 'freeze' 'LAYERS'
wrong 'unfreeze x*' 'x*'
wrong 'freeze_to nowhere' 'nowhere'
wrong 'reset nowhere' 'nowhere'

# keys and values
wrong 'train gte5 epoch=3' 'epoch' 'epochs'
wrong 'train gte5 epochs=0' 'epochs'
wrong 'train gte5 epochs=-1' 'epochs'
wrong 'train gte5 epochs=many' 'many'
wrong 'train gte5 epochs=1e99' '1e99'
wrong 'train gte5 batch=0' 'batch'
wrong 'train gte5 batch=99999999999999999999' 'batch'
wrong 'train gte5 lr=fast' 'fast'
wrong 'train gte5 lr=-1' 'lr'
wrong 'finetune gte5 lr_mult=0' 'lr_mult'
wrong 'finetune gte5 stop=1' 'stop'
wrong 'lrfind gte5 from=2 to=1' 'from= must be less than to='
wrong 'lrfind gte5 lr=1' 'from= and to='
wrong 'lrfind gte5 steps=1' '10'
wrong 'train gte5 lr=nan' 'nan'
wrong "$(printf 'print\302\240"a"')" '"print<U+00A0>a"' 'a no-break space'
wrong "$(printf 'show\342\200\213 x.png')" 'show<U+200B>'
wrong 'train gte5 limit=0' 'limit'
wrong 'train gte5 sample=3' 'limit=256'
wrong 'train gte5 limit=64 sample=-1' 'sample'
wrong 'undo now' 'undo'
wrong 'redo' 'nothing to redo'
wrong 'train gte5 lr=1 lr=2' 'lr'
wrong 'train gte5 epochs=' 'epochs'
wrong 'train gte5 lt5' 'lt5'
wrong 'model format=keras9' 'keras9' 'keras3'
wrong 'predict test:99999' '99999' '9999'
wrong 'predict test:-1' 'test:-1'
wrong 'predict nowhere' 'nowhere'
wrong 'show test:5 wrong' '`show test:5` shows this one'
wrong 'show test:5 n=3' 'n= chooses'
wrong 'show 9779' 'did you mean "test:9779"?'
wrong 'predict 12' 'did you mean "test:12"?'
wrong 'history r9' 'r9'
wrong 'history al' 'did you mean "all"?'
wrong 'plot r9' 'r9'
wrong 'diff @nothing' 'nothing'
wrong 'diff r1' 'r1'
wrong 'help xyzzy' 'xyzzy'

# settings
wrong 'set nothing 1' 'nothing' 'set'
wrong 'set batch 0' 'batch'
wrong 'set batch many' 'many'
wrong 'set optimizer magic' 'magic' 'adadelta'
wrong 'set threads 0' 'threads'
wrong 'set threads 65' 'threads'
wrong 'set kernels v9' 'v9' 'auto'
wrong 'set dropout.rate 1' 'rate'
wrong 'set dropout.rate -0.1' 'rate'
wrong 'set conv2d.rate 0.1' 'conv2d'
wrong 'set rho 2' 'rho'
wrong 'set size 1x1' 'size'
wrong 'set size big' 'big'
wrong 'set shuffle maybe' 'maybe'
wrong 'lr' 'VALUE'
wrong 'lr fast' 'fast'
wrong 'lr * 2' '`lr *2` is the rate times 2, `lr all 2` is 2 for each layer'
wrong 'lr / 2' 'no blanks stand around /; write `lr /2`'
wrong 'lr head * 2' 'write `lr head *2`'
wrong 'lr -1' '-1'
wrong 'lr nowhere 0.1' 'nowhere'
wrong 'mode xml' 'xml' 'json'
wrong 'echo maybe' 'maybe'

# models
wrong 'build filters=0' 'filters'
wrong 'build kernel=29' 'kernel'
wrong 'build mlp filters=3' 'filters= is of the activity' 'classes='
wrong 'build lenet5 flatten' 'lenet5 is a whole model'
wrong 'build lnet5' 'did you mean "lenet5"'
wrong 'build "conv2d 8 3 stride=70, flatten | dense 5 softmax"' 'stride 70; choose 1 to 64'
wrong 'build "conv2d 8 3 widht=2, flatten | dense 5 softmax"' 'widht=2' 'write conv2d filters'
wrong 'build "flatten | dense 5 softmax l2=-1"' 'l2 -1'
wrong 'build "flatten, batch_normalization momentum=2 | dense 5 softmax"' 'momentum 2; choose 0 to 1'
wrong 'build "conv2d 32 29, flatten | dense 5, softmax"' '28'
wrong 'build "max_pooling2d 40, flatten | dense 5, softmax"' '28'
wrong 'build "dense 5, softmax"' 'flatten'
wrong 'build "flatten | dense 5"' 'softmax'
wrong 'build "flatten | dense 5, softmax, magic"' 'magic' 'dense'
wrong 'build "flatten | dropout 1, dense 5, softmax"' 'dropout'
wrong 'build "flatten | dense 2000000000, dense 2000000000, softmax"' 'dense'
wrong 'build "flatten | dense 5 | softmax"' '|'
wrong 'build ""' 'softmax'

# state
it 'refuses to train when nothing is trainable'
thaw -c 'freeze all; train gte5'
refused 1 'unfreeze'
wrong 'resume' 'resume'
wrong 'export png plot' 'train'
wrong 'export csv' 'train'
wrong 'export json' 'train'
wrong 'export nonsense' 'nonsense' 'png'
wrong 'assert' 'EXPR'
wrong 'assert accuracy >' '>'
wrong 'assert nothing == 1' 'nothing' 'help assert'
wrong 'assert (params == 1' ')'
wrong 'print 1/0' '/'

# files
wrong 'load nowhere.safetensors' 'nowhere.safetensors'
wrong 'load nowhere.xyz' 'safetensors'
wrong 'save weights.xyz' 'safetensors'
wrong 'save' 'FILE'
wrong 'source nowhere.thaw' 'nowhere.thaw'
wrong 'data nowhere' 'nowhere'
wrong 'log nowhere/log.txt' 'nowhere/log.txt'

# copied with the prompt
wrong 'thaw> model' 'unknown command "thaw>"; leave out the prompt `thaw> `'
wrong 'thaw>model' 'leave out the prompt'

# junk
wrong "print 'done'" 'double quotes'
wrong 'print "\' 'quote'
wrong '= = =' '='
wrong '=x' '='
wrong 'model =' '='

it 'refuses the keys of a command that takes none'
thaw -c 'freeze conv2d now=1'
refused 1 now

# what a file holds
it 'shows nothing of a file that is no script'
printf 'hunter2 secret\nsecret2.x = 3\n  secret3\nexpotr secret4\n' >key.txt
thaw -c 'bail off; echo on; log key.log; source key.txt'
exits 1
err_has 'key.txt:1: error: there is no command at column 1' 'key.txt:3: error: there is no command at column 3' 'did you mean "export"?'
err_lacks hunter2 secret
out_lacks hunter2 secret
! grep -q -e hunter2 -e secret key.log || unmet 'a transcript without it'
thaw key.txt # whoever names it on the command line can read it
refused 1 'unknown command "hunter2"' '    hunter2 secret'
it 'shows nothing of it under --safe, also where it looks like a command, when it lies elsewhere or a link leads to it'
printf 'set hunter2 3\ntrain hunter2\ndata hunter2\nprint hunter2\n' >words.txt
ln -s words.txt to-words.txt
mkdir -p within
thaw --safe -c 'bail off; echo on; source to-words.txt; mode json; source to-words.txt'
exits 1
err_has 'to-words.txt:2: error: train: what stands at column 7'
err_lacks hunter2
out_lacks hunter2
cd within || exit 99
thaw --safe -c 'bail off' ../words.txt -c 'source ../words.txt' # which may be read, as the command line names it
cd ..
err_has '    train hunter2' '> ../words.txt:2: error: train: what stands at column 7'
thaw --safe -c 'bail off; source words.txt; source key.txt'
exits 1
err_has 'words.txt:2: error: train: ' '    train hunter2' 'key.txt:1: error: there is no command at column 1'
err_lacks secret
thaw --safe -c 'bail off; echo on; source to-words.txt'
exits 1
err_lacks hunter2
out_lacks hunter2
it 'names a space that is none'
printf 'print\302\240"a"\nprint "a\302\240b"\n' >space.thaw
thaw -c 'bail off' space.thaw
refused 1 'space.thaw:1: ' '<U+00A0> is a no-break space, where a space belongs'
out_like '"?a.*b"?'


# where in which script
it 'shows the line of a script and points at the word'
printf 'print "a"\n\tfreeze conv3; model\n' >inner.thaw
printf '# nothing\nsource inner.thaw\n' >outer.thaw
thaw inner.thaw
refused 1 'thaw: inner.thaw:2: error: freeze: no layer matches "conv3"'
[ "$(tail -n 2 "$err")" = '     freeze conv3; model
            ^^^^^' ] || unmet 'carets under conv3'
thaw outer.thaw
refused 1 'thaw: outer.thaw:2 > inner.thaw:2: error: freeze:' '     freeze conv3; model'
thaw -c 'train gte5 epochs=x'
[ "$(tail -n 2 "$err")" = '    train gte5 epochs=x
                      ^' ] || unmet 'a caret under x'
thaw -c 'train gte5 digits=3,5; model' # nothing of the line is wrong by itself
refused 1 '    train gte5 digits=3,5; model'
printf 'expotr csv\nmodel\n' >late.thaw # what comes later shows that it is a script
thaw late.thaw
refused 1 'unknown command "expotr"' '    expotr csv' '    ^^^^^^'
it 'cuts a long line around the word'
thaw -c "print \"$(seq -s ' ' 60)\"; freeze conv3; print \"$(seq -s ' ' 60)\""
refused 1
[ "$(tail -n 2 "$err" | head -n 1 | wc -c)" -le 120 ] || unmet 'a short line'
tail -n 2 "$err" | awk 'NR == 1 {line = $0} NR == 2 {if (substr(line, index($0, "^"), 5) != "conv3") exit 1}' || unmet 'carets under conv3'
it 'shows a line of the script that was named, under --safe, too, but not of what a link leads to'
printf 'summry of hunter2\n' >carl.thaw
printf 'fr features\n' >short.thaw
printf 'model.evaluate(x_test_lt5, y)\n' >python.thaw
for option in --safe --color=never; do
	thaw $option carl.thaw
	refused 1 'thaw: carl.thaw:1: error: unknown command "summry" - did you mean "summary"?' '    summry of hunter2' '    ^^^^^^'
	thaw $option short.thaw
	refused 1 'did you mean "freeze"? Scripts need full names' '    fr features'
	thaw $option python.thaw
	refused 1 'that is: eval lt5' '    model.evaluate(x_test_lt5, y)'
	thaw $option --check carl.thaw
	refused 1 '    summry of hunter2'
done
ln -s carl.thaw linked.thaw
ln short.thaw hard.thaw
thaw --safe linked.thaw
refused 1 'there is no command at column 1'
err_lacks hunter2 'summry'
thaw --safe hard.thaw
refused 1 'did you mean "freeze"?'
err_lacks features
thaw --safe -c 'source carl.thaw'
refused 1 'did you mean "summary"?' '    summry of hunter2'
thaw --safe -c 'source linked.thaw'
refused 1 'there is no command at column 1'
err_lacks hunter2 'summry'
printf 'freze features\n' >lab1
for option in --safe --color=never; do
	thaw $option lab1
	refused 1 'did you mean "freeze"?' '    freze features'
done
it 'says where in JSON'
thaw -c 'mode json' -c 'bail off; print "ä"; freeze conv3' outer.thaw
out_has '"script":"-c","line":2,"column":29,"length":5}' '"script":"inner.thaw","line":2,"column":9,"length":5}'

done_testing
