#!/bin/sh
# interrupts.sh: signals in the middle of a run. Each ends with 128 + its number; all leave an autosave,
# from which `resume` goes on to the very bits of a run that nobody disturbed.
. "$top_srcdir/tests/cli/lib.sh"

n=3000
epochs=10
[ "$sanitized" = no ] || n=500 epochs=6
cat >run.thaw <<EOT
timing off
verbose 2
build "conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax"
train gte5 limit=$n epochs=$epochs
save whole.safetensors
EOT

# disturb SIGNAL LINES ARGUMENT...: starts thaw, reads that many lines of epochs from it, then sends the signal. Waits by
# reading, never by the clock. What a shell starts in the background ignores SIGINT, hence env.
disturb() {
	signal=$1
	count=$2
	shift 2
	command="thaw $* (SIG$signal after $count epochs)"
	rm -f pipe
	mkfifo pipe
	env --default-signal=INT,HUP,TERM,QUIT "$THAW" "$@" >pipe 2>"$err" </dev/null &
	pid=$!
	exec 3<pipe
	: >"$out"
	while [ "$count" -gt 0 ] && read -r line <&3; do
		printf '%s\n' "$line" >>"$out"
		case $line in *'loss:'*) count=$((count - 1)) ;; esac
	done
	kill -s "$signal" $pid
	cat <&3 >>"$out"
	exec 3<&-
	wait $pid
	status=$?
	no_report
}

it 'runs through undisturbed'
thaw run.thaw
works
file_exists whole.safetensors
mv whole.safetensors through.safetensors

for signal in INT TERM HUP; do
	it "keeps the work on SIG$signal"
	disturb $signal 2 run.thaw
	case $signal in INT) exits 130 ;; TERM) exits 143 ;; HUP) exits 129 ;; esac
	no_file whole.safetensors
	file_exists thaw-autosave.safetensors
	err_has thaw-autosave.safetensors

	it "resumes to the same bits after SIG$signal"
	thaw -c 'timing off' -c 'load thaw-autosave.safetensors' -c resume -c 'save whole.safetensors'
	works
	same through.safetensors whole.safetensors
	no_file thaw-autosave.safetensors
	rm -f whole.safetensors thaw-autosave*.safetensors
done

it 'ends what was loaded when it is saved, and not before'
disturb TERM 1 run.thaw
thaw -c 'load autosave' -c 'export json a.json'
works
file_exists thaw-autosave.safetensors
thaw -c 'timing off; load autosave; resume; save whole.safetensors'
works
same through.safetensors whole.safetensors
no_file thaw-autosave.safetensors
thaw -c 'load autosave'
refused 1 'no batch ended unsaved in this folder, or another has its work; name a file'
mkdir -p state/thaw
cp thaw-autosave-loaded.safetensors state/thaw/autosave.safetensors
XDG_STATE_HOME=$PWD/state thaw -c 'load autosave' # that of a terminal is not a batch's, but it is there
refused 1 "that of a terminal is in $PWD/state/thaw/autosave.safetensors: load it by this name"
XDG_STATE_HOME=$PWD/state thaw -c "load $PWD/state/thaw/autosave.safetensors"
works
rm -r state
cp thaw-autosave-loaded.safetensors thaw-autosave.safetensors
thaw -c 'load autosave; export ipynb new.ipynb'
works
out_has 'does not run again: its cell `load autosave` would find nothing, or other work; of an autosave that was copied'
rm -f new.ipynb
thaw -c 'load thaw-autosave-loaded.safetensors; resume' # nothing is lost
works
rm -f whole.safetensors thaw-autosave*.safetensors

it 'resumes to the same bits after two interruptions and another number of threads'
disturb TERM 1 run.thaw
mv thaw-autosave.safetensors first.safetensors
disturb TERM 2 --threads 3 -c 'timing off' -c 'verbose 2' -c 'load first.safetensors' -c resume
exits 143
mv thaw-autosave.safetensors second.safetensors
thaw -c 'timing off' -c 'load second.safetensors' -c resume -c 'save whole.safetensors'
works
same through.safetensors whole.safetensors
rm -f whole.safetensors

it 'keeps nothing under --safe'
disturb INT 1 --safe run.thaw
exits 130
no_file thaw-autosave.safetensors
err_lacks 'saved the session'

it 'keeps the work of a second batch beside that of a first, and replaces what it has loaded'
disturb TERM 1 run.thaw
file_exists thaw-autosave.safetensors
cp thaw-autosave.safetensors first
disturb TERM 1 run.thaw
err_has thaw-autosave-2.safetensors
same first thaw-autosave.safetensors
disturb TERM 2 -c 'timing off' -c 'verbose 2' -c 'load autosave' -c resume
err_has thaw-autosave-2.safetensors
same first thaw-autosave.safetensors
no_file thaw-autosave-3.safetensors
rm -f thaw-autosave*.safetensors

it 'does single batches of an interrupted run in a script, where nobody can go on with a halted one'
disturb TERM 1 run.thaw
exits 143
command='thaw, with steps'
timeout 300 "$THAW" -c 'timing off' -c 'load thaw-autosave.safetensors' -c 'step 2; step; save stepped.safetensors' >"$out" 2>"$err" </dev/null
status=$?
works
[ "$(grep -c '^interrupted ' "$out")" -eq 2 ] || unmet 'two interruptions'
thaw -c 'timing off' -c 'load stepped.safetensors' -c resume -c 'save whole.safetensors'
works
same through.safetensors whole.safetensors
rm -f whole.safetensors thaw-autosave*.safetensors

it 'writes nothing half when it is killed'
disturb KILL 2 run.thaw
exits 137
no_file whole.safetensors thaw-autosave.safetensors

done_testing
