#!/bin/sh
# pictures.sh: what the pictures of a session hold, beside their pixels.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

has_text() { # FILE KEY TEXT: the picture's chunk of that key holds the text
	tr -c '[:print:]' '\n' <"$1" | grep -qF -e "$3" || unmet "$1: the text $3"
	grep -aqE "(tEXt|iTXt)$2" "$1" || unmet "$1: a text chunk $2"
}

dimensions() { # FILE WIDTH HEIGHT: as the header of the PNG says
	got=$(od -An -tu1 -j16 -N8 "$1" | awk '{print ($1 * 16777216 + $2 * 65536 + $3 * 256 + $4) " " ($5 * 16777216 + $6 * 65536 + $7 * 256 + $8)}')
	[ "$got" = "$2 $3" ] || unmet "$1: $2 $3, not $got"
}

well_formed() { # FILE...: SVG that a reader of XML takes, PDF whose table says where its parts are
	python3 - "$@" <<'EOF' || unmet "well-formed: $*"
import re, sys, xml.etree.ElementTree as xml
svg, link = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
for path in sys.argv[1:]:
    data = open(path, "rb").read()
    if path.endswith(".svg"):
        root = xml.fromstring(data)
        assert root.tag == svg + "svg" and root.find(svg + "title").text.startswith("thaw: "), path
        assert "seed 1337" in root.find(svg + "desc").text, path
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(ids) == len(set(ids)) and all(e.get(link)[1:] in ids for e in root.iter(svg + "use")), path
    else:
        assert data.startswith(b"%PDF-1.") and data.endswith(b"%%EOF\n") and b"CreationDate" not in data, path
        at = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", data).group(1))
        rows = re.findall(rb"^(\d{10}) 00000 n", data[at:], re.M) if data[at:at + 4] == b"xref" else [at]
        assert rows and all(re.match(rb"\d+ 0 obj", data[int(row):]) for row in rows), path
EOF
}

seen= pages=
small='build "flatten | dense 4, relu, dense 5, softmax"'

it 'draws curves, with the settings inside'
thaw -c "$small" -c 'train gte5 limit=256 epochs=1; freeze dense; train lt5 limit=256 epochs=1' -c 'export png; export png plot acc r1 logy smooth=0.5 size=320x200 one.png'
works
dimensions thaw-r2-plot.png 960 640
dimensions one.png 320 200
has_text thaw-r2-plot.png Software 'thaw '
has_text thaw-r2-plot.png Settings 'seed 1337'
has_text thaw-r2-plot.png Comment 'all runs: adadelta lr=1.0 rho=0.95 epsilon=1e-07 batch=128 limit=256 seed=1337; r1 gte5; r2 lt5: after r1, frozen: dense'
thaw -c "$small" -c 'train lt5 limit=256 epochs=1; reset; train lt5 limit=256 epochs=1 lr=1.0:cosine stop=loss' -c 'lr dense_1 0.1' \
	-c 'reset; train lt5 limit=256 epochs=1; export png plot r1 r2 r3 apart.png'
works
has_text apart.png Comment 'batch=128 limit=256 seed=1337; r1 lt5: lr=1.0; r2 lt5: lr=1.0:cosine stop=loss:patience=0; r3 lt5: lr=1.0 lr(dense_1)=0.1'
if has=$(tr -c '[:print:]' '\n' <one.png | grep -F 'r2 lt5'); then unmet "r1 alone, not $has"; fi

it 'draws the model before anything is trained'
thaw -c 'export png model; set size 400x300; export png model small.png'
works
dimensions thaw-model.png 960 640
dimensions small.png 400 300
out_has 'wrote thaw-model.png (960x640)'

it 'draws weights, outputs and gradients as histograms'
thaw -c "$small" -c 'export png stats; export svg stats dense activations lt5 size=480x320; export pdf stats dense_1 grad theme=dark'
works
dimensions thaw-stats.png 960 640
well_formed thaw-stats.svg thaw-stats.pdf
rm thaw-stats.svg thaw-stats.pdf
has_text thaw-stats.png Title 'weights, outputs or gradients as histograms'
thaw -c 'bail off' -c 'export png stats weights lt5' -c 'export png stats flatten' -c 'export png stats dense grad gte5 6'
exits 1
err_has 'weights are of no split'
err_has 'flatten has no weights'
err_has '[LAYERS] [weights|activations|grad] [SPLIT]'

it 'draws the worst images, what flipped, and one sum'
thaw -c "$small" -c 'train gte5 limit=256 epochs=1 verbose=0' -c 'export png toplosses n=6; export png confusion init n=12 flips.png' \
	-c 'export svg confusion gte5 init r1 theme=dark flips.svg; export png explain dense[2] test:3; export pdf explain dense_1[1] one.pdf'
works
dimensions thaw-toplosses.png 960 640
dimensions flips.png 960 640
dimensions thaw-explain.png 960 640
well_formed flips.svg one.pdf
has_text thaw-toplosses.png Title 'the test images with the largest losses'
thaw -c 'build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"' -c 'export png explain conv2d[3] 5,6 conv.png' \
	-c 'export png explain max_pooling2d[1] 0,1 pool.png; export png explain activation_1[4] share.png'
works
thaw -c 'bail off' -c "$small" -c 'export png explain' -c 'export png explain dense[4]' -c 'export png toplosses gte5 6' -c 'export png confusion n=5' \
	-c 'export png confusion gte5 init init'
exits 1
err_has 'export explain dense[0] test:0' 'dense has the units 0 to 3' 'toplosses takes: [SPLIT]' 'the matrix has all its cells' 'no prediction of a gte5 test image flipped'

it 'draws the last probe'
thaw -c "$small" -c 'probe lt5 n=50; export png probe; export pdf probe theme=dark size=480x320'
works
dimensions thaw-probe.png 960 640
well_formed thaw-probe.pdf
rm thaw-probe.pdf
thaw -c 'export png probe'
exits 1
err_has 'nothing was probed since the last run; `probe` reads the output of each layer'

it 'draws what the network sees in three formats, on either ground'
for figure in toplosses 'confusion gte5 init' confused 'explain conv2d[2] 5,6 test:3' stats probe 'saliency test:3' 'gradcam test:3' 'occlude test:3 stride=7' diff \
	'filters conv2d' 'activations test:3'; do
	name=${figure%% *}
	seen="$seen; export png $figure size=480x320 $name-seen.png; export svg $figure $name-seen.svg; export pdf $figure theme=dark $name-seen.pdf"
	pages="$pages $name-seen.svg $name-seen.pdf"
done
thaw -c 'build "conv2d 4 5, relu, max_pooling2d 4, flatten | dense 5, softmax"; verbose 0; train gte5 limit=256 epochs=1; probe gte5 n=50' -c "${seen#; }"
works
# shellcheck disable=SC2086 # a list of names without blanks
well_formed $pages
for f in *-seen.png; do
	dimensions "$f" 480 320
done
[ "$(ls ./*-seen.* | wc -l)" = 36 ] || unmet 'twelve pictures in three formats'
rm ./*-seen.*

it 'draws the screen without a terminal, in as many cells as asked for'
thaw -c "$small" -c 'train gte5 limit=256 epochs=1 verbose=0' -c 'export png screen' -c 'export png screen size=80x24 cells.png' \
	-c 'export png screen size=640x480 pixels.png'
works
dimensions pixels.png 640 480
cols=$(sed -n 's/^wrote cells.png (\([0-9]*\)x.*/\1/p' "$out")
dimensions thaw-screen.png $(((cols - 24) * 120 / 80 + 24)) "$(sed -n 's/^wrote thaw-screen.png ([0-9]*x\([0-9]*\))/\1/p' "$out")"

it 'draws the screen in the layout and on the ground that are asked for'
thaw -c 'export svg screen size=80x24 one.svg; layout beamer; export svg screen size=80x24 two.svg; layout train; export svg screen size=80x24 three.svg' \
	-c 'export svg screen size=80x24 theme=light light.svg; export svg screen size=80x24 theme=dark dark.svg; export svg screen size=80x24 four.svg'
works
cmp one.svg three.svg || unmet 'the layout train as the first one'
cmp -s one.svg two.svg && unmet 'another layout'
cmp one.svg four.svg && cmp one.svg dark.svg || unmet 'dark ground, also behind a light one'
grep -q '<rect.*rgb(98\.' light.svg || unmet 'light ground'

it 'draws each figure in three formats, to the same bytes each time'
all=
for format in png svg pdf; do
	for figure in plot digits model confusion screen; do
		all="$all; export $format $figure"
	done
done
train='train gte5 limit=256 epochs=1 verbose=0'
for dir in . again; do
	mkdir -p $dir
	(cd $dir && "$THAW" --data "$data" -c "$small" -c "$train${all%; export pdf screen}" >names 2>&1)
done
thaw -c "$small" -c "$train" -c 'export png; export svg; export pdf'
works
out_has 'wrote thaw-r1-plot.svg (960x640)' 'wrote thaw-r1-plot.pdf (960x640)'
set -- thaw-*.svg thaw-*.pdf
[ $# = 9 ] || unmet "9 pictures, not $*"
well_formed "$@"
for f in again/thaw-*; do
	cmp "$f" "${f#again/}" || unmet "$f twice"
done
rm -r again

it 'keeps what a picture says well-formed, whatever is in it'
thaw -c 'build "flatten | dense 4, relu, dense 5, softmax"; set size 480x320; export svg model m.svg; export pdf model m.pdf'
works
well_formed m.svg m.pdf
for size in 16x16 480x320 960x640 1920x1280; do
	thaw -c "export svg model size=$size $size.svg; export pdf model size=$size $size.pdf; export png model size=$size $size.png"
	works
	well_formed "$size.svg" "$size.pdf"
	dimensions "$size.png" "${size%x*}" "${size#*x}"
	grep -qE "width=\"${size%x*}(px)?\" height=\"${size#*x}(px)?\"" "$size.svg" || unmet "$size.svg: its size"
done

it 'leaves a file as it was where a picture cannot be made'
for f in old.svg old.pdf old.png; do
	echo keep >$f
	thaw -c "export model size=15x16 $f"
	refused 1 '16x16 to 16384x16384'
	[ "$(cat $f)" = keep ] || unmet "$f as it was"
done

it 'needs cairo for pictures, and for nothing else'
mkdir lib
echo none >lib/libcairo.so.2
for f in old.svg old.pdf old.png; do
	LD_LIBRARY_PATH=lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} thaw -c model -c "export model $f"
	refused 1 'no cairo to draw with' 'install the package libcairo2'
	out_has 'Total params'
	[ "$(cat $f)" = keep ] || unmet "$f as it was"
done

it 'goes on without a font, with a word about the package'
thaw -c 'set font /nowhere.ttf; export png model plain.png'
exits 0
err_has 'fonts-dejavu-core'
dimensions plain.png 960 640
it 'says that once, and again of another font'
thaw -c 'set font /nowhere.ttf; export png model plain.png; export png model plain.png; set font /elsewhere.ttf; export png model plain.png'
exits 0
[ "$(grep -c nowhere.ttf "$err") $(grep -c elsewhere.ttf "$err")" = '1 1' ] || unmet 'one warning for each font'
thaw -c 'set font /nowhere.ttf; export png model plain.png; set font "DejaVu Sans"; export png model plain.png; set font /nowhere.ttf' -c 'export png model plain.png'
[ "$(grep -c nowhere.ttf "$err")" = 2 ] || unmet 'a warning when the font is gone once more'

it 'takes words that the figure knows'
thaw -c 'export png model acc'
refused 1 'acc'
thaw -c 'export png model size=10x10'
refused 1 '16x16'
thaw -c 'export png model smooth=0.5'
refused 1 'smooth=' 'its keys are: size theme'
for e in 'pgn:png' 'svgg:svg' 'pdg:pdf' 'png digit:digits' 'svg confuson:confusion'; do
	thaw -c "export ${e%:*}"
	refused 1 "did you mean \"${e#*:}\"?"
done

it 'draws on dark ground where that is asked for'
thaw -c 'export svg model theme=dark dark.svg; export svg model theme=light light.svg; export svg model plain.svg'
works
cmp light.svg plain.svg || unmet 'light as the default'
grep -q 'rgb(8\.235' dark.svg || unmet 'the dark ground in dark.svg'
grep -q 'rgb(100%, 100%, 100%)' dark.svg && unmet 'no white in dark.svg'
thaw -c 'export csv theme=dark'
refused 1 'theme='

it 'takes the figure behind the file, too'
thaw -c 'export first.svg model; export first.png screen size=80x24; export first.svg loss'
refused 1 'there is no curve to draw yet'
out_has 'wrote first.svg' 'wrote first.png'
file_exists first.svg first.png
thaw -c 'export first.svg model digits'
refused 1 'digits stands too late'

it 'takes the figure that a file is called by, and says which it took'
thaw -c "$small" -c "$train" -c 'export model.svg; export svg model same.svg; export ./digits.png size=200x150; export png digits d.png size=200x150' \
	-c 'export run.png; export plot.csv; export model.old.svg'
works
out_has 'wrote model.svg (model, 960x640)' 'wrote same.svg (960x640)' 'wrote ./digits.png (digits, 200x150)' 'wrote d.png (200x150)' \
	'wrote run.png (plot, 960x640)' 'wrote plot.csv (r1, 1 epoch)' 'wrote model.old.svg (plot, 960x640)'
same model.svg same.svg
same digits.png d.png

it 'goes by the end of the name, and refuses one that would lie'
train='train gte5 limit=256 epochs=1 verbose=0'
thaw -c "$small" -c "$train" -c 'export run.csv; export r1 run.json; export run.png; export run.svg; export digits run.pdf'
works
grep -q '^epoch,accuracy,loss,' run.csv || unmet 'CSV in run.csv'
grep -q '"history":' run.json || unmet 'JSON in run.json'
dimensions run.png 960 640
well_formed run.svg run.pdf
echo keep >model.safetensors
for e in 'export csv run.png:.csv' 'export png run.csv:.png' 'export digits run.json:.png' 'export csv run.svg:.csv' 'export svg run.pdf:.svg' 'export png run.jpg:.png' \
	'export model.safetensors:.png'; do
	thaw -c "$small" -c "$train" -c "${e%:*}"
	refused 1 'would hold' "end its name with ${e#*:}" 'formats: png svg pdf csv json'
done
no_file run.jpg
[ "$(cat model.safetensors)" = keep ] || unmet 'model.safetensors as it was'
thaw -c "$small" -c "$train" -c 'export csv size=320x200'
refused 1 'no use for size='
done_testing
