#!/bin/sh
# files.sh: what is written is written whole or not at all. Full disks and folders that cannot be written leave the old
# file as it was and nothing beside it.
. "$top_srcdir/tests/cli/lib.sh"

small='timing off; build "flatten | dense 4, relu, dense 5, softmax"; train gte5 limit=256 epochs=1'

it 'writes each kind of file'
thaw -c "$small" -c 'save a.safetensors; export csv a.csv; export json a.json; export png plot a.png; export png digits d.png'
works
file_exists a.safetensors a.csv a.json a.png d.png
ls -A >listing

it 'names files by the run'
mkdir default
cd default || exit 99
mkdir .t
thaw -c "$small" -c 'export png; export csv; export json; export png digits'
works
file_exists thaw-r1-plot.png thaw-r1.csv thaw-r1.json thaw-digits.png
cd ..

# writes NAME COMMAND: a command that writes NAME, in each unlucky place.
writes() {
	name=$1
	it "$2: a folder that does not exist"
	thaw -c 'bail off' -c "$small" -c "$2 nowhere/$name"
	refused 1 "nowhere/$name"
	no_file nowhere

	it "$2: a folder in the place of the file"
	mkdir -p "taken-$name"
	thaw -c "$small" -c "$2 ./taken-$name"
	refused 1 "taken-$name"
	rmdir "taken-$name"

	it "$2: a full disk"
	mkdir full
	echo old >"full/$name"
	# A limit on the size of files is a disk that is full; it holds for standard output too, so that goes through pipes.
	command="thaw -c '$2 full/$name' with a limit of 0 bytes"
	full=$(
		ulimit -f 0
		"$THAW" -c "$small" -c "$2 full/$name" 2>&1 >/dev/null </dev/null
		echo "status $?"
	)
	status=${full##*status }
	printf '%s\n' "${full%status *}" | sed '$d' >"$err"
	: >"$out"
	no_report
	refused 1 "full/$name"
	[ "$(cat "full/$name")" = old ] || unmet 'the old file intact'
	[ "$(ls -A full)" = "$name" ] || unmet 'nothing beside it'
	rm -rf full

	it "$2: replaces a file whole"
	echo old >"$name"
	thaw -c "$small" -c "$2 $name"
	works
	[ "$(head -c 4 "$name" | tr -d '\0')" != old ] || unmet 'a new file'

	it "$2: --safe writes here only"
	thaw --safe -c "$small" -c "$2 ../$name"
	refused 1 "../$name" --safe
	thaw --safe -c "$small" -c "$2 $scratch/.t/../../$name"
	refused 1 --safe
	ln -s / root
	thaw --safe -c "$small" -c "$2 root/$name"
	refused 1 --safe
	rm root
	thaw --safe -c "$small" -c "$2 ./$name"
	works

	it "$2: what is not a file is written to and not replaced"
	mkfifo "pipe-$name"
	cat "pipe-$name" >"piped-$name" &
	thaw -c "$small" -c "$2 ./pipe-$name"
	works
	[ -p "pipe-$name" ] || unmet 'the pipe still there'
	wait
	cmp -s "$name" "piped-$name" || unmet 'the bytes of the file in the pipe'
}

writes w.safetensors save
writes h.csv 'export csv'
writes h.json 'export json'
writes p.png 'export png plot'

it 'refuses a folder that cannot be written'
if [ "$(id -u)" -ne 0 ]; then
	mkdir locked
	chmod 500 locked
	thaw -c "$small" -c 'save locked/w.safetensors'
	refused 1 'locked/w.safetensors'
	thaw -c "$small" -c 'export csv locked/h.csv'
	refused 1 'locked/h.csv'
else # root may write everywhere but where there is nothing to write to
	thaw -c "$small" -c 'save /proc/w.safetensors'
	refused 1 '/proc/w.safetensors'
	thaw -c "$small" -c 'export csv /proc/h.csv'
	refused 1 '/proc/h.csv'
fi

it 'says why a folder of another user cannot be written to or read'
mkdir private private/data private/store
echo 'print "read"' >private/s.thaw
chmod 755 "$scratch"
chmod 700 private
if [ "$(id -u)" -ne 0 ]; then
	other= && chmod 000 private
else
	other="setpriv --reuid=65534 --regid=65534 --clear-groups"
	mkdir own && chmod 777 own && cp "$THAW" own/thaw
fi
if [ -z "$other" ] || $other own/thaw --version >"$out" 2>&1; then
	for line in 'save private/w.safetensors' 'export csv private/h.csv' 'export png private/p.png' 'log private/log' \
		'load private/w.safetensors' \
		'load private/w.npz' 'load private/w.onnx' 'load private/w.pt' 'load private/w.keras' 'load private/w.h5' \
		'data private/data' 'data private/mnist.npz' 'source private/s.thaw' 'predict private/p.png' 'build private/w.keras'; do
		command="$line, as another user"
		if [ -n "$other" ]; then
			(cd own && THAW_ASSETS=$top_srcdir/assets $other ./thaw -c "$small; ${line%private*}../private${line#*private}") >"$out" 2>"$err" </dev/null
		else
			"$THAW" -c "$small; $line" >"$out" 2>"$err" </dev/null
		fi
		status=$?
		refused 1 'private' 'Permission denied'
	done
	mkdir listed
	for folder in private listed; do # a store that is shut, and one whose folders are
		if [ -n "$other" ] || [ "$folder" = listed ]; then
			mkdir $folder/runs
			chmod "$([ -n "$other" ] && echo 2770 || echo 000)" $folder/runs
		fi
		for line in "--project $folder -c runs" "merge $folder --project own/merged"; do
			command="thaw $line, as another user"
			# shellcheck disable=SC2086
			$other "$([ -n "$other" ] && echo own/thaw || echo "$THAW")" $line >"$out" 2>"$err" </dev/null
			status=$?
			refused 1 "$folder/runs cannot be read: Permission denied"
		done
	done
	command='private/s.thaw, as another user'
	if [ -n "$other" ]; then
		$other own/thaw private/s.thaw >"$out" 2>"$err" </dev/null
	else
		"$THAW" private/s.thaw >"$out" 2>"$err" </dev/null
	fi
	status=$?
	refused 2 'private/s.thaw' 'Permission denied'
	command='--project private/new, as another user'
	if [ -n "$other" ]; then
		THAW_ASSETS=$top_srcdir/assets $other own/thaw --project private/new -c "$small" >"$out" 2>"$err" </dev/null
	else
		"$THAW" --project private/new -c "$small" >"$out" 2>"$err" </dev/null
	fi
	status=$?
	refused 1 'private/new' 'Permission denied'
fi
chmod 700 private

it 'says of any file that the limit of open files is the reason'
thaw -c "$small; save w.safetensors; save w.npz; save w.onnx; export png digits n=1 w.png"
works
echo 'print "read"' >few.thaw
few() { # N ARGUMENT...: with so many open files at most
	limit=$1
	shift
	command="thaw $* (ulimit -n $limit)"
	(ulimit -n "$limit"; exec "$THAW" "$@") >"$out" 2>"$err" </dev/null
	status=$?
}
if [ "$sanitized" = no ]; then
	for line in 'data info' 'data own-digits' 'load w.safetensors' 'load w.npz' 'load w.onnx' 'load w.pt' 'load w.keras' 'load w.h5' \
		'source few.thaw' 'predict w.png' 'save x.safetensors' 'export csv x.csv' 'log x.log' "data $top_srcdir/assets/mnist"; do
		few 5 -c "$line"
		refused 1 'Too many open files' 'ulimit -n'
		for limit in 6 7 8; do
			few $limit -c "$line"
			! grep 'cannot be \(opened\|read\|written\)' "$err" | grep -v 'No such file' | grep -qv 'ulimit -n' ||
				unmet 'the limit as the reason'
		done
	done
	few 5 few.thaw
	refused 2 'few.thaw' 'Too many open files; raise the limit of this process (ulimit -n)'
	few 5 --project few -c "$small; runs"
	refused 1 'Too many open files' 'ulimit -n'
fi

it 'takes ~ for the home folder in every name of a file'
mkdir "$HOME/a b" "$HOME/set"
for part in train t10k; do
	printf '\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1x' >"$HOME/set/$part-images-idx3-ubyte"
	printf '\0\0\10\1\0\0\0\1\0' >"$HOME/set/$part-labels-idx1-ubyte"
done
echo 'print "sourced"' >"$HOME/s.thaw"
thaw -c "$small; save \"~/a b/w.safetensors\"; load \"~/a b/w.safetensors\"; export csv ~/h.csv; export png plot ~/p.png" \
	-c 'predict ~/p.png; log ~/t.txt; source ~/s.thaw; set font ~/f.ttf; set font; data ~/set'
works
out_has sourced "$HOME/f.ttf" "data $HOME/set"
file_exists "$HOME/a b/w.safetensors" "$HOME/h.csv" "$HOME/p.png" "$HOME/t.txt"
thaw --data='~/set' -c 'data'
works
thaw -c 'save ./~/w.safetensors'
refused 1 './~/w.safetensors'
command="thaw without a home"
HOME='' "$THAW" -c 'predict ~/p.png' >"$out" 2>"$err" </dev/null
status=$?
refused 1 "~/p.png"

it 'knows the end of a name in upper case, too'
thaw -c "$small; save W.SAFETENSORS; load W.Safetensors"
refused 1 'W.Safetensors cannot be opened'
thaw -c "$small; save W.SAFETENSORS; load W.SAFETENSORS; export P.PNG; export H.CSV; export J.Json; predict P.PNG; show P.PNG"
works
file_exists W.SAFETENSORS P.PNG H.CSV J.Json
[ "$(head -c 5 H.CSV)" = epoch ] || unmet 'CSV in H.CSV'

it 'keeps a transcript'
thaw -c 'log t.txt' -c 'print "kept"' -c 'log off' -c 'print "not kept"'
works
grep -q kept t.txt || unmet 'the line in the transcript'
! grep -q 'not kept' t.txt || unmet 'only what was printed until log off'

it 'ends the transcript of a script with it, and leaves that of the command line open'
printf 'log own.txt\nprint "kept"\n' >logs.thaw
printf 'print "a secret"\n' >check.thaw
thaw logs.thaw -c 'print "more"' check.thaw
works
grep -q kept own.txt || unmet 'the line of the script'
! grep -qE 'secret|more' own.txt || unmet 'nothing of what is named behind it'
thaw -c 'log all.txt' logs.thaw check.thaw
works
thaw -c 'log all.txt' check.thaw -c 'print "behind"'
grep -q secret all.txt && grep -q behind all.txt || unmet 'all that came behind -c'

it 'says under --safe, too, that a folder is missing'
for command in 'save none/m.npz' 'export csv none/a.csv' 'log none/t.txt'; do
	thaw --safe -c "build \"flatten | dense 5, softmax\"; train lt5 limit=8 epochs=1 verbose=0; $command"
	refused 1 'No such file or directory; make the folder first'
done
thaw --safe -c 'save ../none/m.npz'
refused 1 'is no file inside the working directory'

it 'lets --safe write no transcript through another name of a file'
echo precious >victim
mkdir inside
ln victim inside/hard.txt
cd inside || exit 99
mkdir .t
thaw --safe -c 'log hard.txt; print "overwritten"'
refused 1 hard.txt --safe
cd ..
grep -qx precious victim || unmet 'the file as it was'

it 'writes through a link to a file that does not exist yet, where its folder does'
mkdir away
ln -s away/m.safetensors link.safetensors
ln -s nowhere/m.safetensors lost.safetensors
thaw -c "$small" -c 'save link.safetensors'
works
file_exists away/m.safetensors
[ -L link.safetensors ] || unmet 'the link still there'
thaw -c "$small" -c 'save lost.safetensors'
refused 1 'lost.safetensors is a link to nowhere/m.safetensors' 'make the folder first'

it 'removes what a kill has left beside a file, when the next is written there'
echo half >away/.m.safetensors.thaw-abc123
thaw -c "$small" -c 'save away/m.safetensors'
works
no_file away/.m.safetensors.thaw-abc123

it 'refuses a transcript into a pipe that nobody reads'
mkfifo unread
thaw -c 'log unread'
refused 1 unread 'nobody reads from this pipe'

it 'says when the transcript cannot be written'
thaw -c 'log /dev/full' -c 'model; model; model'
err_has /dev/full

done_testing
