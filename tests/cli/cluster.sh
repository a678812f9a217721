#!/bin/sh
# cluster.sh: the trials of a script as a plan, done in parts: the same records and the same table, byte for byte, as
# from one process, whoever starts the parts; each template of assets/cluster, with stand-ins for the schedulers that
# are not installed; plans that are damaged, and variables that make no sense.
. "$top_srcdir/tests/cli/lib.sh"

for v in $(env | sed -n 's/^\(SLURM_[A-Z_]*\|OMPI_[A-Z_]*\|PMI_[A-Z]*\|JOB_COMPLETION[A-Z_]*\|MPI_LOCALNRANKS\)=.*/\1/p'); do
	unset "$v"
done
cluster=$top_srcdir/assets/cluster
few_pictures few
cat >sweep.thaw <<'EOT'
# two sweeps, behind a run that both begin with
data few; set timing off
build "flatten | dense 5, softmax"
train gte5 limit=64 epochs=1
sweep lr=0.1,1 limit=32,64 seeds=2 -- \
	"train lt5 limit={limit} sample={seed} epochs=1"
assert compared(lr=1,limit=64) >= 0
sweep batch=8,16 seeds=3 -- reset head; train lt5 limit=32 epochs=1
export svg compare figure.svg
EOT

records() { # DIR
	(cd "$1" && sha256sum -- runs/*.json runs.trials/*.json)
}

it 'lists the trials, the same each time, and does none'
thaw plan sweep.thaw
works
cp "$out" plan.jsonl
[ "$(grep -c '"trial":' plan.jsonl)" -eq 14 ] || unmet '14 trials'
out_has '"trial":1,"set":"lr=0.1,limit=32","seed":1337,"commands":"train lt5 limit=32 sample=1337 epochs=1"' \
	'"trial":14,"set":"batch=16","seed":1339'
no_file figure.svg
thaw plan --threads 1 sweep.thaw
cp "$out" second.jsonl
same plan.jsonl second.jsonl

it 'does all of it in one process, too'
thaw --project one sweep.thaw
works
cp "$out" table
records one >records.one

merged() { # DIR...: their union is what one process has made
	rm -rf all
	thaw merge "$@" --project all
	works
	records all >records.all
	same records.one records.all
	thaw --project all sweep.thaw
	works
	cp "$out" table.all
	same table table.all
}

it 'does it in slices, twice, with the same records and the same table'
for i in 1 2 3; do
	thaw work plan.jsonl --slice $i/3 --project "slice$i" --threads $((i % 2 + 1))
	works
done
out_is 'slice 3 of 3: 4 of 4 trials are done, 0 of them before'
feed plan.jsonl work - --slice 3/3 --project slice3
works
out_is 'slice 3 of 3: 4 of 4 trials are done, 4 of them before'
merged slice1 slice2 slice3

it 'plans and does a comparison in the same way'
cat >compare.thaw <<'EOT'
data few; set timing off
build "conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax"
train gte5 limit=64 epochs=1
compare modes lt5 limit=16,32 seeds=2 epochs=1 batch=8 modes=frozen,head-first,scratch
assert compared(scratch,16) >= 0
compare r1
sweep batch=8,16 seeds=2 -- reset head; train lt5 limit=32 epochs=1
compare modes lt5 limit=16 seeds=3 epochs=1 modes=selffer
EOT
thaw plan compare.thaw
works
cp "$out" compare.jsonl
[ "$(grep -c '"trial":' compare.jsonl)" -eq 19 ] || unmet '19 trials'
alone='compare modes lt5 batch=8 modes=frozen limit=16 epochs=1 seeds=1 seed=1337'
out_has "\"trial\":1,\"set\":\"mode=frozen,limit=16\",\"seed\":1337,\"commands\":\"$alone\"" '"trial":13,"set":"batch=8"' \
	'"trial":19,"set":"mode=selffer,limit=16","seed":1339'
sed -i '/^compare r1$/d' compare.thaw # which needs two
thaw --project whole compare.thaw
works
cp "$out" table.whole
for i in 1 2 3; do
	thaw work compare.jsonl --slice $i/3 --project "part$i" --threads $((i % 2 + 1))
	works
	out_is "slice $i of 3: $(((22 - i) / 3)) of $(((22 - i) / 3)) trials are done, 0 of them before"
done
thaw work compare.jsonl --slice 3/3 --project part3
out_has '6 of 6 trials are done, 6 of them before'
thaw merge part1 part2 part3 --project union
works
records whole >records.whole
records union >records.union
same records.whole records.union
thaw --project union compare.thaw
works
cp "$out" table.union
same table.whole table.union
[ "$(ls union/runs.trials | grep -c json)" -eq 19 ] || unmet 'no other trials than the planned ones'

it 'writes the command into the plan that does the trial alone'
head -n 3 compare.thaw >alone.thaw
thaw --project alone alone.thaw -c "$alone"
works
[ "$(ls alone/runs.trials)" = "$(sed -n 's/.*"trial":1,.*"key":"\([0-9a-f]*\)".*/\1.json/p' compare.jsonl)" ] || unmet 'the record of trial 1'

it 'says before the first trial that nothing can be kept, and after the last what was not'
thaw work plan.jsonl --project /proc/nowhere
refused 1 'cannot be made'
if [ "$sanitized" = no ]; then
	command='ulimit -f 0; thaw work plan.jsonl'
	mkdir full
	(ulimit -f 0; exec "$THAW" work plan.jsonl --project full 2>&1 </dev/null) | cat >"$out"
	out_has 'results of trials are not kept'
	out_has '0 of 14 trials are done'
fi

it 'says once how many trials are done where a signal ends it'
thaw plan -c 'data few; set verbose 0; build "flatten | dense 5, softmax"' -c 'sweep lr=1 seeds=20 -- reset; train lt5 limit=32 epochs=4000'
cp "$out" long.jsonl
python3 - "$THAW" <<'EOT' >"$out" 2>"$err" || unmet 'an end by a signal'
import os, signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "--threads", "1", "work", "long.jsonl", "--slice", "2/10", "--project", "ended"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
for i in range(600):
    if os.path.isdir("ended/runs.trials"):
        break
    time.sleep(0.1)
time.sleep(0.3)
p.send_signal(signal.SIGTERM)
said, wrong = p.communicate(timeout=60)
print(said, end="")
print(wrong, end="", file=sys.stderr)
assert p.returncode in (143, -signal.SIGTERM), p.returncode
EOT
out_like 'slice 2 of 10: [01] of 2 trials are done, 0 of them before'
err_has 'sweep: interrupted; what is done is kept, and the same line goes on with it'
err_lacks ' of 10 trials'

it 'does nothing where no folder is named and the person has none'
thaw work plan.jsonl --safe
refused 2 'name a store by --project DIR'
cat >nobody.py <<'EOT'
import os, sys
os.setuid(54321)  # whom the system does not list
os.environ.pop("HOME")
os.execv(sys.argv[1], sys.argv[1:])
EOT
chmod 755 .
if python3 nobody.py "$THAW" --version >/dev/null 2>&1; then
	command='thaw work plan.jsonl'
	python3 nobody.py "$THAW" work plan.jsonl >"$out" 2>"$err" </dev/null
	status=$?
	refused 2 'no HOME and no XDG_STATE_HOME; name a store by --project DIR'
fi
no_file '(null)'

it 'says where results are where no folder was named'
thaw work plan.jsonl --slice 1/14
works
out_is "slice 1 of 14: 1 of 1 trials are done, 0 of them before; results are kept in $HOME/.local/state/thaw"
[ "$(ls "$HOME/.local/state/thaw/runs.trials" | wc -l)" -eq 1 ] || unmet 'the trial in that store'
rm -r "$HOME/.local"

it 'goes on where it was killed'
"$THAW" work plan.jsonl --project killed >/dev/null 2>&1 &
n=0
while [ "$(ls killed/runs.trials 2>/dev/null | wc -l)" -eq 0 ] && [ $n -lt 3000 ]; do
	n=$((n + 1))
	sleep 0.01
done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
thaw work plan.jsonl --project killed
works
out_has '14 of 14 trials are done'
merged killed

it 'keeps no part of the run that all of it begin with where a signal ends that'
sed '/^export/d; s/limit=64 epochs=1$/limit=64 epochs=4000/' sweep.thaw >long.thaw
thaw plan -c 'verbose 0' long.thaw
works
cp "$out" long.jsonl
env --default-signal=TERM "$THAW" work long.jsonl --slice 1/2 --project termed >"$out" 2>"$err" </dev/null &
n=0
while [ "$(awk '{print $14}' /proc/$!/stat)" -lt 60 ] && [ $n -lt 3000 ]; do # hundredths of a second: it trains
	n=$((n + 1))
	sleep 0.01
done
[ $n -lt 3000 ] || unmet 'a process that computes'
kill $!
wait $!
status=$?
exits 143
grep -l '"ended":"interrupted"' termed/runs/*.json >"$out" 2>/dev/null && unmet 'a record of a part'

it 'takes its part from Slurm, as an array'
mkdir bin
cat >bin/sbatch <<'EOT'
#!/bin/sh
# a stand-in: the tasks of an array one after the other, each with the processors that the script asks for
array=${1#--array=}
first=${array%-*} last=${array#*-}
shift
SLURM_CPUS_PER_TASK=$(sed -n 's/^#SBATCH --cpus-per-task=//p' "$1")
export SLURM_CPUS_PER_TASK SLURM_ARRAY_TASK_MIN="$first" SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=$((last - first + 1))
for i in $(seq "$first" "$last"); do
	SLURM_ARRAY_TASK_ID=$i SLURM_PROCID=0 SLURM_NTASKS=4 "$@" || exit
done
EOT
chmod +x bin/sbatch
command="sbatch --array=5-7 slurm.sh"
THAW="$THAW" PATH=$PWD/bin:$PATH sbatch --array=5-7 "$cluster/slurm.sh" plan.jsonl array >"$out" 2>"$err" || unmet 'status 0'
out_has 'slice 1 of 3: 5 of 5' 'slice 2 of 3: 5 of 5' 'slice 3 of 3: 4 of 4'
merged array/*

it 'takes its part from mpirun'
if command -v mpirun >/dev/null; then
	root=
	[ "$(id -u)" -ne 0 ] || root=--allow-run-as-root
	set -- -n 3 --oversubscribe $root
	bin=/nonexistent
else
	echo 'mpirun is not installed: a stand-in takes its place'
	cat >bin/mpirun <<'EOT'
#!/bin/sh
shift
n=$1
shift
for i in $(seq 0 $((n - 1))); do
	OMPI_COMM_WORLD_RANK=$i OMPI_COMM_WORLD_SIZE=$n OMPI_COMM_WORLD_LOCAL_SIZE=$n "$@" &
done
wait
EOT
	chmod +x bin/mpirun
	set -- -n 3
	bin=$PWD/bin
fi
command="mpirun.sh plan.jsonl ranks $*"
THAW="$THAW" PATH=$bin:$PATH "$cluster/mpirun.sh" plan.jsonl ranks "$@" >"$out" 2>"$err" </dev/null || unmet 'status 0'
out_has 'slice 1 of 3: 5 of 5' 'slice 2 of 3: 5 of 5' 'slice 3 of 3: 4 of 4'
merged ranks

it 'takes its part from Kubernetes'
command='the command of kubernetes.yaml'
python3 - "$cluster/kubernetes.yaml" "$THAW" >"$out" 2>"$err" <<'EOT' || unmet 'status 0'
import json, os, re, subprocess, sys

text = open(sys.argv[1]).read()
command = json.loads(re.search(r"command: (\[.*\])", text)[1])
n = re.search(r"completions: (\d+)\n", text)[1]
variable = re.search(r'- name: (JOB_COMPLETIONS)\n\s+value: "(\d+)"', text)
assert variable[2] == n and "completionMode: Indexed" in text
command = [sys.argv[2]] + [w.replace("/mnt/", "./").replace("./all", "pods") for w in command[1:]]
for i in range(3):
    env = dict(os.environ, JOB_COMPLETION_INDEX=str(i), **{variable[1]: "3"})
    print(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout, end="")
EOT
out_has 'slice 1 of 3: 5 of 5' 'slice 3 of 3: 4 of 4'
merged pods

it 'takes its part from GNU parallel'
command -v parallel >/dev/null || {
	cat >bin/parallel <<'EOT'
#!/bin/sh
shift
while read -r i; do "$(printf %s "$1")" $(shift; printf '%s ' "$@" | sed "s/{}/$i/") || exit; done
EOT
	chmod +x bin/parallel
}
command=parallel.sh
THAW="$THAW" PATH=$PWD/bin:$PATH "$cluster/parallel.sh" plan.jsonl parts 3 >"$out" 2>"$err" || unmet 'status 0'
out_has 'slice 2 of 3: 5 of 5'
merged parts

it 'takes ranks within an array, the rank of a step, and what the option says before all'
part() { # EXPECTED NAME=VALUE...: of a plan that is done
	expected=$1
	shift
	command="env $* thaw work"
	env "$@" "$THAW" work plan.jsonl --project one >"$out" 2>"$err" </dev/null
	status=$?
	out_has "slice $expected:"
}
part '8 of 12' SLURM_ARRAY_TASK_ID=21 SLURM_ARRAY_TASK_MIN=11 SLURM_ARRAY_TASK_STEP=10 SLURM_ARRAY_TASK_COUNT=3 \
	OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4 SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1
part '2 of 5' PMI_RANK=1 PMI_SIZE=5
part '2 of 5' SLURM_STEP_ID=0 SLURM_PROCID=1 SLURM_NTASKS=5
part '2 of 5' SLURM_STEPID=0 SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=5 SLURM_NTASKS=7
part '1 of 1' SLURM_ARRAY_TASK_ID= PMI_RANK= JOB_COMPLETION_INDEX= OMPI_COMM_WORLD_LOCAL_SIZE=
part '2 of 5' PMI_RANK=1 PMI_SIZE=5 MPI_LOCALNRANKS=5
part '1 of 1' SLURM_PROCID=0 SLURM_NTASKS=5
SLURM_PROCID=1 SLURM_NTASKS=5 SLURM_STEP_ID=0
export SLURM_PROCID SLURM_NTASKS SLURM_STEP_ID
thaw work plan.jsonl --project one --slice 1/2
out_has 'slice 1 of 2: 7 of 7'
unset SLURM_PROCID SLURM_NTASKS SLURM_STEP_ID
SLURM_CPUS_PER_TASK=1 "$THAW" -c 'set threads; mode json; set threads; set threads 1; set threads' >"$out"
out_has 'threads        auto (1) ' '"value":1,"range":' '"auto":true}'

wrong() { # TEXT NAME=VALUE...
	text=$1
	shift
	command="env $* thaw work"
	env "$@" "$THAW" work plan.jsonl --project one >"$out" 2>"$err" </dev/null
	status=$?
	refused 2 "$text"
}
it 'says what is wrong with a slice'
wrong 'is set, but not JOB_COMPLETIONS' JOB_COMPLETION_INDEX=0
wrong 'no number of a task' OMPI_COMM_WORLD_RANK=-1 OMPI_COMM_WORLD_SIZE=3
wrong 'without gaps' SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3
wrong 'SLURM_ARRAY_TASK_ID is 2, of 3' SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=3
wrong 'without gaps' SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=10000000 PMI_RANK=0 PMI_SIZE=2
for v in 'PMI_RANK=x PMI_SIZE=2' PMI_RANK=10000001 'PMI_RANK=0 PMI_SIZE=0' SLURM_ARRAY_TASK_MIN=x SLURM_ARRAY_TASK_STEP=0 \
	OMPI_COMM_WORLD_LOCAL_SIZE=0 MPI_LOCALNRANKS=0; do
	last=${v##* }
	[ "$last" != PMI_SIZE=2 ] || last=${v%% *}
	# shellcheck disable=SC2086 # one or two variables
	wrong "${last%=*} is \"${last#*=}\", which is no number of a task; unset it, or say --slice I/N" $v
done
for slice in 0/3 4/3 1 1/x / 1/10000001; do
	thaw work plan.jsonl --slice $slice
	refused 2 'I from 1 to N'
done

thaw --slice 1/2 -c 'print 1'
refused 2 'thaw work PLAN'

it 'takes options on either side of the word, and only those that are of use'
cp -R one before
thaw --threads 1 --project before work plan.jsonl --slice 3/3
works
out_is 'slice 3 of 3: 4 of 4 trials are done, 4 of them before'
thaw --project before2 merge one
works
thaw work plan.jsonl --seed 5 --project one
refused 2 '--seed 5: the plan says seed 1337; plan again with it: `thaw plan --seed 5 SCRIPT...`'
thaw work plan.jsonl --seed 1337 --project one
works
thaw work plan.jsonl --data few --project one
works
for o in -i --check --no-init --no-tui '-f plan.jsonl' '-c model'; do
	# shellcheck disable=SC2086 # an option and its value
	thaw work plan.jsonl $o --project one
	refused 2 "work takes no ${o%% *}; \`thaw work --help\` lists what it takes"
done
for o in '--seed 1' '--threads 1' '--data few' '--slice 1/2' --check -i; do
	# shellcheck disable=SC2086
	thaw merge one $o --project other
	refused 2 "merge takes no ${o%% *}; \`thaw merge --help\` lists what it takes"
done
thaw plan sweep.thaw --project one
refused 2 'plan takes no --project'
mkdir scripts
echo 'print "a script"' >scripts/work
(cd scripts && "$THAW" ./work && "$THAW" -f work && "$THAW" -- work) >"$out"
out_is 'a script
a script
a script'
for word in plan work merge; do
	thaw $word --help
	works
	out_has "usage: thaw $word " --color
	out_lacks --no-tui
done
thaw --help
out_has 'thaw work PLAN [--slice I/N]' --no-tui --slice

it 'says what is wrong with a plan'
thaw work nowhere
refused 2 'cannot be read'
thaw work sweep.thaw
refused 2 'this is no plan'
head -n 5 plan.jsonl >cut
thaw work cut
refused 2 'not whole'
sed 's/limit=32/limit=64/' plan.jsonl >changed
thaw work changed
refused 2 'was changed'
again() { # SED FILE [PLAN]: a plan that was changed with its hash
	sed '$d' "${3-plan.jsonl}" | sed "$1" >"$2"
	printf '{"trials":%d,"sha256":"%s"}\n' $(($(wc -l <"$2") - 1)) "$(sha256sum <"$2" | cut -d' ' -f1)" >>"$2"
}
again 's/"trial":3/"trial":4/' other
thaw work other
refused 2 'trial 3 of the plan is damaged'
again 's/"script":/"scripts":/' other
thaw work other
refused 2 'no plan that this thaw can read'
again 's/"version":"[^"]*"/"version":"9"/' other
thaw work other --project none
refused 1 'plan again by this one'
again 's/limit=64 epochs/limit=60 epochs/' other
thaw work other --project none
refused 1 'trial 1 is another one here'
again 's/limit=64 epochs/limit=60 epochs/' other compare.jsonl
thaw work other --project none
refused 1 'trial 1 is another one here'
again 's/seeds=3 epochs/seeds=4 epochs/' other compare.jsonl
thaw work other --project none
refused 1 'the plan has fewer trials'
thaw plan -c 'train lt5 limit=32 epochs=1'
refused 1 'no sweep' 'no `compare modes`'
echo model >no-sweep.thaw # a command that shows is passed over
thaw plan no-sweep.thaw
err_is 'thaw: error: plan: there is no sweep in these commands, and no `compare modes`; write one, as in `sweep lr=0.1,1 seeds=5 -- reset; train lt5`'
thaw plan
refused 2 'plan takes the scripts'
thaw work
refused 2 'work takes one plan'
thaw plan nowhere
refused 2 'nowhere: cannot be read: No such file or directory; give the path of a script'
printf 'model\nsw\0eep\n' >nul.thaw
thaw plan nul.thaw
refused 2 'nul.thaw:2: the line holds a NUL byte; a script is text'
printf '\t;; quit\n' >quits.thaw # which ends the commands, so that there is nothing to list and nothing wrong
thaw plan quits.thaw sweep.thaw
works
no_out
thaw plan -c 'data few; nonsense' -c 'sweep lr=1 seeds=1 -- train lt5 limit=32 epochs=1'
refused 1 'unknown command "nonsense"'
no_out
again 's/"kernels":"[^"]*"/"kernels":"abacus"/' other
thaw work other --project none
refused 1 'the plan is for the kernels abacus, which this processor does not have; begin the script with `set kernels '

it 'plans what is typed, and works with the kernels of the plan'
feed sweep.thaw plan -
works
again 's/"stdin"/"sweep.thaw"/g' typed "$out"
same typed plan.jsonl
thaw plan -c 'data few; build "flatten | dense 5, softmax"; set kernels reference' -c 'sweep lr=1 seeds=1 -- train lt5 limit=32 epochs=1'
works
out_has '"kernels":"reference"'
cp "$out" reference.jsonl
thaw work reference.jsonl --project equations
works
out_is 'slice 1 of 1: 1 of 1 trials are done, 0 of them before'

it 'lets a trial that fails be seen in the status, and does the others'
thaw plan -c 'data few; build "flatten | dense 5, softmax"' -c 'sweep lr=1 seeds=1 -- train lt5 limit=32 epochs=1; assert loss < 0' \
	-c 'sweep lr=1 seeds=2 -- train lt5 limit=32 epochs=1'
works
cp "$out" bad.jsonl
thaw work bad.jsonl --project none
exits 1
err_has 'warning: lr=1, seed 1337: assert' 'error: work: 1 of 3 trials failed'
out_is 'slice 1 of 1: 2 of 3 trials are done, 0 of them before'

done_testing
