#!/bin/sh
# pictures.sh: what the pictures of a session hold, beside their pixels.
. "$top_srcdir/tests/cli/lib.sh"

has_text() { # FILE KEY TEXT: the picture's chunk of that key holds the text
	tr -c '[:print:]' '\n' <"$1" | grep -qF -e "$3" || unmet "$1: the text $3"
	grep -aqE "(tEXt|iTXt)$2" "$1" || unmet "$1: a text chunk $2"
}

dimensions() { # FILE WIDTH HEIGHT: as the header of the PNG says
	got=$(od -An -tu1 -j16 -N8 "$1" | awk '{print ($1 * 16777216 + $2 * 65536 + $3 * 256 + $4) " " ($5 * 16777216 + $6 * 65536 + $7 * 256 + $8)}')
	[ "$got" = "$2 $3" ] || unmet "$1: $2 $3, not $got"
}

small='build "flatten | dense 4, relu, dense 5, softmax"'

it 'draws curves, with the settings inside'
thaw -c "$small" -c 'train gte5 limit=256 epochs=1; freeze dense; train lt5 limit=256 epochs=1' -c 'export png; export png plot acc r1 logy smooth=0.5 size=320x200 one.png'
works
dimensions thaw-r2-plot.png 960 640
dimensions one.png 320 200
has_text thaw-r2-plot.png Software 'thaw '
has_text thaw-r2-plot.png Settings 'seed 1337'
has_text thaw-r2-plot.png Comment 'r2 lt5: adadelta'
if has=$(tr -c '[:print:]' '\n' <one.png | grep -F 'r2 lt5'); then unmet "r1 alone, not $has"; fi

it 'draws the model before anything is trained'
thaw -c 'export png model; set size 400x300; export png model small.png'
works
dimensions thaw-model.png 960 640
dimensions small.png 400 300
out_has 'wrote thaw-model.png (960x640)'

it 'draws the screen without a terminal, in as many cells as asked for'
thaw -c "$small" -c 'train gte5 limit=256 epochs=1 verbose=0' -c 'export png screen' -c 'export png screen size=80x24 cells.png' \
	-c 'export png screen size=640x480 pixels.png'
works
dimensions pixels.png 640 480
cols=$(sed -n 's/^wrote cells.png (\([0-9]*\)x.*/\1/p' "$out")
dimensions thaw-screen.png $(((cols - 24) * 120 / 80 + 24)) "$(sed -n 's/^wrote thaw-screen.png ([0-9]*x\([0-9]*\))/\1/p' "$out")"

it 'goes on without a font, with a word about the package'
thaw -c 'set font /nowhere.ttf; export png model plain.png'
exits 0
err_has 'fonts-dejavu-core'
dimensions plain.png 960 640

it 'takes words that the figure knows'
thaw -c 'export png model acc'
refused 1 'acc'
thaw -c 'export png model size=10x10'
refused 1 '16x16'
thaw -c 'export png model smooth=0.5'
refused 1 'smooth=' 'its keys are: size'

it 'goes by the end of the name, and refuses one that would lie'
train='train gte5 limit=256 epochs=1 verbose=0'
thaw -c "$small" -c "$train" -c 'export run.csv; export r1 run.json; export run.png'
works
grep -q '^epoch,accuracy,loss,' run.csv || unmet 'CSV in run.csv'
grep -q '"history":' run.json || unmet 'JSON in run.json'
dimensions run.png 960 640
echo keep >model.safetensors
for e in 'export csv run.png:.csv' 'export png run.csv:.png' 'export digits run.json:.png' 'export run.svg:.png' 'export png run.jpg:.png' \
	'export model.safetensors:.png'; do
	thaw -c "$small" -c "$train" -c "${e%:*}"
	refused 1 'would hold' "end its name with ${e#*:}" 'formats: png csv json'
done
no_file run.svg run.jpg
[ "$(cat model.safetensors)" = keep ] || unmet 'model.safetensors as it was'
thaw -c "$small" -c "$train" -c 'export csv size=320x200'
refused 1 'no use for size='
done_testing
