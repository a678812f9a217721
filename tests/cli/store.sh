#!/bin/sh
# store.sh: runs that are kept: the same records from any process, looking them up, marks, merging, and stores that are
# damaged, cannot be written, or have an index of another thaw.
. "$top_srcdir/tests/cli/lib.sh"

net='set verbose 0; build "flatten | dense 5, softmax"'
two="$net; train gte5 limit=256 epochs=2; freeze head; unfreeze head; train lt5 limit=128 epochs=1 lr=0.1 sample=3"

records() { # DIR: their names and what is in them
	(cd "$1/runs" && sha256sum -- *.json)
}

it 'keeps a run of a batch only where a project says so'
thaw -c "$two"
works
[ ! -e "$HOME/.local/state/thaw/runs" ] || unmet "no store"
thaw --project a/b -c "$two"
works
[ "$(ls a/b/runs | wc -l)" -eq 2 ] || unmet "two records"

it 'keeps the first run of a session that Ctrl-C ends, as far as it came'
python3 - "$THAW" <<'EOT' || unmet 'an interrupted run in the store'
import glob, json, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may ignore it
p = subprocess.Popen([sys.argv[1], "--project", "cut", "-c", 'verbose 2; build "flatten | dense 5, softmax"; train gte5 epochs=100000'],
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
while "loss:" not in p.stdout.readline():
    pass
p.send_signal(signal.SIGINT)
out, err = p.communicate(timeout=60)
assert p.returncode in (130, -signal.SIGINT), (p.returncode, err)
assert "is not kept" not in err, err
record, = glob.glob("cut/runs/*.json")
record = json.load(open(record))
assert record["ended"] == "interrupted" and len(record["sha256"]) == 4, record.keys()
EOT
thaw --project cut -c runs
works
out_has 'of 100000'

it 'names a record by its hash, which says nothing of the clock or of threads'
for f in a/b/runs/*.json; do
	[ "$(sha256sum <"$f" | cut -d' ' -f1).json" = "${f##*/}" ] || unmet "the hash of $f"
	grep -qE 'seconds|threads|when|cached' "$f" && unmet "no clock in $f"
	grep -q '"sha256":{"train-images":"[0-9a-f]' "$f" || unmet "hashes of the data"
	grep -q '"ended":"done"' "$f" || unmet "why it ended"
done
thaw --threads 1 --project one -c 'set cache off; set timing off' -c "$two"
works
records a/b >.t/first
records one >.t/second
same .t/first .t/second

it 'keeps the same from two processes at once'
"$THAW" --project both -c "$two" >/dev/null 2>.t/err2 &
thaw --project both -c "$two"
works
wait $! || unmet "the other one"
records both >.t/second
same .t/first .t/second
[ "$(ls both/runs.about | wc -l)" -ge 2 ] || unmet "something beside each"

it 'lists a run once that came from a file and is in the store, by both its names, within the columns that there are'
thaw --project met -c "$two; save met.safetensors"
thaw --project met -c 'load met.safetensors; runs; mode json; runs'
works
[ "$(grep -c '"event":"run"' "$out")" -eq 2 ] || unmet 'two runs'
out_like 'r1 [0-9a-f]{8} gte5 .*'
out_like 'r2 [0-9a-f]{8} lt5 .*'
[ "$(sed -n 's/^r[12] .*/&/p' "$out" | awk 'length > 80' | wc -l)" -eq 0 ] || unmet 'lines of 80 columns'
thaw --project met -c 'set width 120; load met.safetensors; train digits=0-2,4 limit=64 epochs=1; runs'
works
out_like 'r3 [0-9a-f]{8} digits=0,1,2,4 .*'
out_has 'optimizer' 'seconds'
thaw --project elsewhere -c 'load met.safetensors; runs'
works
out_like 'r1 *gte5 .*'

it 'finds runs of other processes'
thaw --project a/b -c 'mode csv; runs split=gte5'
works
[ "$(wc -l <"$out")" -eq 2 ] || unmet "one run"
id=$(sed -n '2s/^run,\([^,]*\),.*/\1/p' "$out")
out_has ',gte5,256,2,adadelta,1.0,'
thaw --project a/b -c 'mode csv; runs lr<0.5'
works
out_has ',lt5,128,1,adadelta,0.1,'
thaw --project a/b -c 'mode csv; runs order=-lr n=1'
out_has ',gte5,'
thaw --project a/b -c 'mode csv; runs order=lr n=1'
out_has ',lt5,'
thaw --project a/b -c 'mode csv; runs split=*5 train>200 seed=1337'
[ "$(wc -l <"$out")" -eq 2 ] || unmet "one run"
thaw --project a/b -c 'runs lr>7'
exits 1
err_has 'no run is like that'
thaw --project a/b -c "history $id"
works
out_has "$id gte5"
thaw --project a/b -c "$net; train gte5 limit=256 epochs=1; compare r1 $id; runs $id; plot $id"
works
out_has 'epochs         1             2'
thaw --project a/b -c 'runs epochs=1 split=gte5 delete'
works

it 'asks by the figures of the epoch whose weights stay'
thaw --project best -c "$net; train gte5 limit=64 epochs=50 lr=60 stop=val_loss:patience=3; mode csv; runs"
works
out_has 'ended early'
figure=$(awk -F, '$1 == "event" { for (i = 1; i <= NF; i++) if ($i == "val_loss") at = i }
	$1 == "run" { print $at }' "$out")
thaw --project best -c "runs val_loss=$figure"
works

it 'says what is no split, and that the store has no weights'
thaw --project a/b -c 'runs split=lte4'
exits 1
err_has 'no run is like that: no split "lte4" (splits: all, ltN and gteN'
thaw --project a/b -c 'runs split=gte7'
exits 1
err_has 'no run is like that; `runs` lists them'
thaw --project a/b -c 'load 0a1b2c3d'
exits 1
err_has '0a1b2c3d: a run of the store has no weights there, only its record; `save FILE`'

it 'finds runs of this session without a store, too'
thaw -c "$two; mode csv; runs lr<0.5; runs order=lr n=1"
works
[ "$(grep -c '^run,r2,' "$out")" -eq 2 ] || unmet "r2 twice"

it 'marks runs'
thaw --project a/b -c "runs $id tag good final; runs $id note look here"
works
thaw --project a/b -c 'mode csv; runs tags=final; runs note=look*'
works
[ "$(grep -c ",good final,look here,$id" "$out")" -eq 2 ] || unmet "tags and note"
thaw --project a/b -c "runs $id tag -good" -c 'runs tags=good'
exits 1
records a/b >.t/second
same .t/first .t/second

it 'finds what was frozen by the word that it shows, and exports a run by its hash'
small='timing off; build "conv2d 2 3, relu, flatten | dense 5, softmax"'
thaw --project froze -c "$small; freeze features; train lt5 limit=40 batch=8 epochs=1; unfreeze all; train lt5 limit=20 epochs=1"
works
thaw --project froze -c "$small; runs frozen=features; runs frozen=0; runs frozen=conv*; mode csv; runs frozen=features"
works
[ "$(grep -c 'features *$' "$out")" -eq 3 ] || unmet 'three lines with features'
out_has 'tags,note,record,batch,seed,limit' ',8,1337,40'
hash=$(sed -n 's/^run,\([0-9a-f]*\),lt5,.*/\1/p' "$out")
thaw --project froze -c "export json $hash; export csv $hash"
works
file_exists "thaw-$hash.json" "thaw-$hash.csv"
grep -q '"run":null,.*"limit":40.*"sha256":{"train-images":"[0-9a-f]*"' "thaw-$hash.json" || unmet 'the run of that record'
thaw --project froze -c "export png plot $hash; export svg plot loss $hash; export png plot acc $hash $hash two.png"
works
file_exists "thaw-$hash-plot.png" "thaw-$hash-plot.svg" two.png
grep -q "$hash lt5" "thaw-$hash-plot.svg" || unmet 'the run by its hash in the picture'
thaw --project froze -c 'export png plot 00000000'
refused 1 'no run 00000000'
thaw --project froze -c 'runs tag anna'
refused 1 '`runs r1 tag anna`, or `runs epochs>0 tag anna` for all'
thaw --project froze -c 'runs epochs>0 tag anna; runs tags=anna'
works
thaw --project froze -c 'runs nosuch=1 tag anna more words'
[ "$(head -n 1 "$err" | wc -c)" -lt 400 ] || unmet 'a short error'

it 'takes a word for layers by the model of each run, whichever model is here'
other='timing off; verbose 0; build "conv2d 2 3, relu, conv2d 3 3, flatten | dense 8, relu, dense 5, softmax"'
thaw --project words -c "$small; freeze features; train lt5 limit=40 epochs=1" \
	-c "$other; freeze features; train lt5 limit=20 epochs=1; unfreeze all; freeze head; train lt5 limit=30 epochs=1" \
	-c 'unfreeze all; freeze conv2d; train lt5 limit=50 epochs=1; save words.safetensors'
works
for line in 'build "flatten | dense 5, softmax"' 'data few' 'load words.safetensors'; do
	[ "$line" != 'data few' ] || few_pictures few
	thaw --project words -c "$line; mode csv; runs frozen=features; mode table; runs; mode csv; runs frozen=head" -c 'runs frozen=0'
	works
	[ "$(grep -c '^run,.*,lt5,[24]0,1,adadelta,1.0,conv2d' "$out")" -ge 2 ] || unmet 'the features of two models'
	out_has ',lt5,20,1,adadelta,1.0,conv2d conv2d_1,' ',lt5,30,1,adadelta,1.0,dense dense_1,' ',lt5,50,1,adadelta,1.0,conv2d,'
	[ "$(grep -c ' features *$' "$out")" -eq 2 ] && [ "$(grep -c ' head *$' "$out")" -eq 1 ] || unmet 'the groups of each model'
	[ "$(grep -c ' conv2d *$' "$out")" -eq 1 ] || unmet 'names of what is no group'
done
thaw -c 'load words.safetensors; build "flatten | dense 5, softmax"; mode csv; runs frozen=features; mode table; runs'
works
[ "$(grep -c '^run,' "$out")" -eq 2 ] && [ "$(grep -c ' features *$' "$out")" -eq 2 ] || unmet 'the same of a saved session'

it 'makes the index again from the records'
thaw --project a/b -c 'mode csv; runs'
works
cp "$out" .t/want
rm a/b/runs.db
thaw --project a/b -c 'mode csv; runs'
cp "$out" .t/got
same .t/want .t/got
echo garbage >a/b/runs.db
thaw --project a/b -c 'mode csv; runs'
works
cp "$out" .t/got
same .t/want .t/got
head -c 3000 a/b/runs.db >.t/cut && cp .t/cut a/b/runs.db
thaw --project a/b -c 'mode csv; runs'
cp "$out" .t/got
same .t/want .t/got
# of an older or newer thaw: another number in the header, at the place where SQLite has that of the program
printf '\0\0\0\7' | dd of=a/b/runs.db bs=1 seek=60 conv=notrunc 2>/dev/null
thaw --project a/b -c 'mode csv; runs'
works
cp "$out" .t/got
same .t/want .t/got
rm a/b/runs.db && mkdir a/b/runs.db
thaw --project a/b -c 'mode csv; runs'
works
cp "$out" .t/got
same .t/want .t/got
rmdir a/b/runs.db

it 'reads the folders again when they have changed'
cp -R a/b still
touch -d '2026-01-01 12:00:00.5' still/runs still/runs.about
thaw --project still -c 'mode csv; runs'
works
[ "$(wc -l <"$out")" -eq 3 ] || unmet "two runs"
one=$(ls still/runs | head -n 1)
mv "still/runs/$one" .
touch -d '2026-01-01 12:00:00.5' still/runs
thaw --project still -c 'mode csv; runs'
[ "$(wc -l <"$out")" -eq 3 ] || unmet "two runs, since the folders say that nothing has changed"
touch -d '2026-01-01 12:00:00.6' still/runs
thaw --project still -c 'mode csv; runs'
[ "$(wc -l <"$out")" -eq 2 ] || unmet "one run"
mv "$one" still/runs
thaw --project still -c 'mode csv; runs'
[ "$(wc -l <"$out")" -eq 3 ] || unmet "two runs again"
thaw --project still -c 'runs split=lt5 tag new; mode csv; runs tags=new'
works
[ "$(wc -l <"$out")" -ge 2 ] || unmet "the tag at once"

it 'passes over what is no record, and says so once'
cp -R a/b bad
f=$(ls bad/runs | head -n 1)
printf 'x' >>"bad/runs/$f"
echo '{' >"bad/runs/$(printf '{\n' | sha256sum | cut -d' ' -f1).json"
echo hello >bad/runs/hello.json
rm -f bad/runs.db
thaw --project bad -c 'mode csv; runs'
exits 0
[ "$(wc -l <"$out")" -eq 2 ] || unmet "the one that is whole"
[ "$(wc -l <"$err")" -eq 1 ] || unmet "one sentence"
err_has 'warning: 2 records in bad cannot be read: runs/' '; they stay as they are'
thaw --project bad -c "history ${f%"${f#????????}"}"
exits 1
err_has 'is damaged'

unread() { # STORE N TEXT: so many records of it cannot be read, the first of them for this reason; none is changed
	records "$1" >.t/first
	for again in '' '; runs'; do
		thaw --project "$1" -c "mode csv; runs$again"
		[ "$(grep -c 'warning: ' "$err")" -eq 1 ] || unmet "one sentence"
		err_has "warning: $2 record" " in $1 cannot be read: runs/$4*.json: $3" 'stays as it is'
	done
	records "$1" >.t/second
	same .t/first .t/second
}

it 'says of a record why it cannot be read, also where the index had it before'
for index in none there; do
	for what in truncated flipped newer foreign; do
		store=$what-$index
		cp -R a/b "$store"
		f=$(ls "$store/runs" | head -n 1)
		path=$store/runs/$f name=$(echo "$f" | cut -c 1-12) why='it is damaged, for its text has the SHA-256 '
		if [ "$index" = none ]; then
			rm -f "$store/runs.db"
		else # nothing of the folder says that it has changed
			thaw --project "$store" -c runs
			works
			touch -d '2026-01-01 12:00:00.5' "$store/runs" "$store/runs.about"
			thaw --project "$store" -c runs
		fi
		case $what in
		truncated) head -c 700 "$path" >.t/cut && cat .t/cut >"$path" ;;
		flipped) printf Q | dd of="$path" bs=1 seek=300 conv=notrunc 2>/dev/null ;;
		newer)
			sed 's/"thaw":"run 1"/"thaw":"run 2"/' "$path" >.t/new
			rm "$path"
			name=$(sha256sum <.t/new | cut -c 1-64) why='it was written by a newer thaw (its layout is "run 2")'
			cp .t/new "$store/runs/$name.json"
			name=$(echo "$name" | cut -c 1-12) ;;
		foreign) # of this layout, and yet with what only another thaw knows
			sed 's/"optimizer":"adadelta"/"optimizer":"later"/' "$path" >.t/new
			rm "$path"
			name=$(sha256sum <.t/new | cut -c 1-64) why='the record is damaged (record: optimizer)'
			cp .t/new "$store/runs/$name.json"
			name=$(echo "$name" | cut -c 1-12) ;;
		esac
		unread "$store" 1 "$why" "$name"
		thaw --project "$store" -c 'mode csv; runs'
		[ "$(wc -l <"$out")" -eq 2 ] || unmet "the other record"
	done
done

it 'says of a mark that cannot be read'
cp -R a/b marks
f=$(ls marks/runs.about | head -n 1)
printf x >>"marks/runs.about/$f"
rm -f marks/runs.db
thaw --project marks -c 'mode csv; runs'
exits 0
[ "$(wc -l <"$out")" -eq 3 ] || unmet "both runs"
err_has "1 record in marks cannot be read: runs.about/$(echo "$f" | cut -c 1-12)*.json: it is damaged"
rm "marks/runs.about/$f" && cp "a/b/runs.about/$f" marks/runs.about
thaw --project marks -c 'mode csv; runs'
works

it 'puts stores together'
thaw --project other -c "$net; train gte5 limit=128 epochs=1"
works
thaw merge a/b other one --project all
works
out_has 'a/b: 2 new runs'
out_has 'other: 1 new run'
out_has 'one: 2 runs, all there already'
out_lacks note
thaw --project all -c 'mode csv; runs; runs tags=final'
works
[ "$(wc -l <"$out")" -eq 5 ] || unmet "three runs, and one"
mkdir -p none/runs
cp -R other together
thaw merge a/b none --project together; thaw merge all --project together
works
out_has 'all: 3 runs, all there already'
thaw merge none other --project together
works
out_has 'none: no runs' 'other: 1 run, there already'
thaw merge all --project other
works
out_has 'all: 2 new runs, 1 there already'

it 'keeps the latest note, in whichever order stores are named, and says so'
thaw --project note1 -c "$two"
works
cp -R note1 note2
cp -R note1 note3
thaw --project note3 -c 'runs epochs>0 note "the third"; runs split=gte5 tag kept' # what is marked later does not date a note
works
thaw --project note1 -c 'runs epochs>0 note "the first"'
works
thaw --project note2 -c 'runs split=gte5 note "the last"'
works
thaw --project note3 -c 'runs split=gte5 tag again'
works
for order in 'note1 note2 note3' 'note3 note2 note1' 'note2 note1 note3'; do
	rm -rf noted
	thaw merge $order --project noted
	works
	[ "$(grep -c '^note: .* had .* note.*; the latest is kept' "$out")" -eq 2 ] || unmet 'a sentence a store'
	thaw --project noted -c 'mode csv; runs order=split'
	works
	[ "$(grep -c ',kept again,the last,' "$out")" -eq 1 ] && [ "$(grep -c ',the first,' "$out")" -eq 1 ] || unmet "$order: the latest notes"
done
thaw merge note1 --project note3
works
out_has 'note1: 2 runs, all there already' 'note: 2 runs of note1 had other notes; the latest is kept'

it 'refuses to merge what holds no runs, or what is damaged'
thaw merge bad --project more
exits 1
err_has 'is damaged'
thaw merge nowhere --project all
exits 1
err_has 'nowhere holds no runs'
mkdir flat
: >flat/runs
thaw merge flat --project all
refused 1 'flat holds no runs'
thaw merge --project all
exits 2
err_has 'thaw merge DIR... --project DIR'
thaw merge a/b
exits 2
err_has 'thaw merge DIR... --project DIR'

it 'refuses to train where a store that was named cannot be made, and looks all the same'
: >blocked
for line in 'train gte5 limit=256' 'build lenet5; finetune lt5 limit=64' 'sweep lr=1 seeds=1 -- train lt5 limit=16' \
	'compare modes lt5 limit=16 seeds=1 epochs=1 modes=scratch'; do
	thaw --project blocked/here -c "$net; $line"
	refused 1 'blocked/here/runs cannot be made: Not a directory; choose another folder by --project'
	out_lacks loss
done
thaw --project blocked/here -c model
works
thaw --project '' -c "$two"
refused 2 '--project'

it 'trains on where the disk has filled, says so once, and fails'
mkdir full
command='ulimit -f 0; thaw --project full'
sh -c 'trap "" XFSZ; ulimit -f 0; "$@" </dev/null 2>&1; echo "status $?"' sh "$THAW" --project full -c "$two; print accuracy" 2>"$err" | cat >"$out"
out_has 'status 1'
out_like '0\..*'
[ "$(grep -c 'is not kept' "$out")" -eq 1 ] || unmet "one sentence"
ls full/runs 2>/dev/null | grep -q . && unmet "no file half written"

it 'refuses to train for a store that it may only read, and lists what that has'
cp -R one shut
chmod 555 shut/runs
if [ ! -w shut/runs ]; then
	thaw --project shut -c "$net; train gte5 limit=16 epochs=1"
	refused 1 'shut/runs cannot be written to: Permission denied'
	out_lacks 'run r1'
	thaw --project shut -c runs
	works
fi
chmod 755 shut/runs

if unshare -rm true 2>/dev/null; then
	command='thaw --project shut, read-only'
	unshare -rm sh -c 'mount --bind shut shut && mount -o remount,bind,ro shut && exec "$@"' sh \
		"$THAW" --project shut -c "$net; train gte5 limit=16 epochs=1" >"$out" 2>"$err" </dev/null
	status=$?
	refused 1 'shut/runs cannot be written to: Read-only file system'
	out_lacks 'run r1'
fi

it 'keeps a run whole or not at all'
cp -R one half
rm -r half/runs.about
touch half/runs.about
thaw --project half -c "$net; train gte5 limit=16 epochs=1"
refused 1 'half/runs.about cannot be written to'
[ "$(ls one/runs)" = "$(ls half/runs)" ] || unmet 'no other record'
rm half/runs.about
rm -r half/runs
touch half/runs
thaw --project half -c "$net; train gte5 limit=16 epochs=1"
refused 1 'half/runs cannot be written to: Permission denied; choose another folder by --project, or have the owner of this one open it to a group: `chmod -R g+rwX half; find half -type d -exec chmod g+s {} +`'

it 'names the store of sessions at a terminal to a batch that asks for runs and has none'
thaw -c runs
refused 1 'no run yet; `train gte5` makes r1'
mkdir -p "$HOME/.local/state"
cp -R one "$HOME/.local/state/thaw"
for line in runs history 'export csv'; do
	thaw -c "$line"
	refused 1 "no run yet; \`train gte5\` makes r1"
	out_has "note: runs of sessions at a terminal are listed by \`thaw --project $HOME/.local/state/thaw -c runs\`"
done
thaw --safe -c runs
refused 1 'no run yet; `train gte5` makes r1'
rm -r "$HOME/.local"

it 'makes folders for a group where a folder is one of a group, whatever the umask is'
mkdir shared private
chmod 2775 shared
umask 022
for place in shared private; do
	thaw --project $place/store -c "$net; train gte5 limit=16 epochs=1"
	works
	for folder in store store/runs store/runs.about store/runs.trials; do
		ls -ld $place/$folder | cut -c 5-7 >>.t/$place
	done
done
[ "$(sort -u .t/shared)" = rws ] || unmet 'folders that the group may write to'
[ "$(sort -u .t/private)" = r-x ] || unmet 'folders as the umask says'
mkdir sticky
chmod 3775 sticky # where nobody removes the runs of another
thaw --project sticky -c "$net; train gte5 limit=16 epochs=1"
works
[ "$(ls -ld sticky/runs sticky/runs.about sticky/runs.trials | cut -c 1-10 | sort -u)" = drwxrwsr-t ] || unmet 'the sticky bit'

it 'makes files for a group there, the index included, whatever the umask is'
umask 077
for place in shared private; do
	thaw --project $place/files -c "$net; train gte5 limit=16 epochs=1; runs; sweep lr=1 seeds=1 -- train lt5 limit=16"
	works
	find $place/files -type f -exec ls -ld {} + | cut -c 1-10 | sort -u >.t/$place
	find $place/files -type f | sed 's/.*files.//; s/[/].*//' | sort -u | tr '\n' ' ' >.t/kinds
	[ "$(cat .t/kinds)" = 'runs runs.about runs.db runs.trials ' ] || unmet 'files of each kind'
done
[ "$(cat .t/shared)" = -rw-rw---- ] || unmet 'files that the group may read and write'
[ "$(cat .t/private)" = -rw------- ] || unmet 'files as the umask says'
echo damaged >shared/files/runs.db
thaw --project shared/files -c runs
works
[ "$(ls -ld shared/files/runs.db | cut -c 1-10)" = -rw-rw---- ] || unmet 'an index made again for the group'
umask 022

it 'refuses what it cannot do'
thaw -c 'runs r1 delete'
exits 1
thaw -c "$two; runs r1 tag good"
exits 1
err_has 'this session has none; --project DIR names one'
thaw --project a/b -c 'runs delete'
exits 1
err_has 'say which runs'
thaw --project a/b -c 'runs val_acuracy>1'
exits 1
err_has 'did you mean "val_accuracy"?'
thaw --project a/b -c 'runs lr>much'
exits 1
err_has 'lr is a number'
thaw --project a/b -c 'runs order=colour'
exits 1
err_has 'no key "colour"'
thaw --project a/b -c 'history 00000000'
exits 1
err_has 'no run 00000000'

it 'stays in the working directory under --safe'
thaw --safe --project inside -c "$two; mode csv; runs lr<0.5"
works
[ "$(ls inside/runs | wc -l)" -eq 2 ] || unmet "two records"
[ ! -e inside/runs.db ] || unmet "SQLite opens no file"
mkdir inner && cd inner
thaw --safe --project ../outside -c "$two"
exits 2
no_out
err_has '--project: ../outside is no file inside the working directory'
[ ! -e ../outside ] || unmet "nothing outside"
cd ..

it 'forgets what is deleted'
thaw --project a/b -c "runs $id delete; runs $id"
exits 1
[ "$(ls a/b/runs | wc -l)" -eq 1 ] && [ "$(ls a/b/runs.about | wc -l)" -eq 1 ] || unmet "one left"

done_testing
