#!/bin/sh
# slurm.sh: a plan as an array of a Slurm of one machine, which is brought up for it, by the script of assets/cluster:
# the records and the table of one process. Skipped where there is no Slurm, or it cannot be brought up.
. "$top_srcdir/tests/cli/lib.sh"

for program in sbatch squeue sinfo slurmctld slurmd munged; do
	command -v $program >/dev/null || skip "$program is not installed (slurm-wlm, munge)"
done
[ "$(id -u)" -eq 0 ] || skip 'the daemons of Slurm want to be root'

down() { # ends those that have been started
	for pid in d.pid ctld.pid munge.pid; do
		[ ! -s "slurm/$pid" ] || kill "$(cat "slurm/$pid")" 2>/dev/null
	done
	n=0
	while [ -s slurm/ctld.pid ] && kill -0 "$(cat slurm/ctld.pid)" 2>/dev/null && [ $n -lt 100 ]; do
		n=$((n + 1))
		sleep 0.1
	done
}
trap 'cd "$scratch"; down; chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT

until_met() { # SECONDS COMMAND...: polls
	n=0
	most=$(($1 * 5))
	shift
	while ! "$@"; do
		n=$((n + 1))
		[ $n -lt $most ] || return 1
		sleep 0.2
	done
}

port() { # one that nobody has
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

host=$(hostname -s)
mkdir -m 700 slurm slurm/state slurm/spool
cat >slurm/slurm.conf <<EOT
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$scratch/slurm/munge.sock
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=$(port)
SlurmdPort=$(port)
StateSaveLocation=$scratch/slurm/state
SlurmdSpoolDir=$scratch/slurm/spool
SlurmctldPidFile=$scratch/slurm/ctld.pid
SlurmdPidFile=$scratch/slurm/d.pid
SlurmctldLogFile=$scratch/slurm/ctld.log
SlurmdLogFile=$scratch/slurm/d.log
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
EOT
SLURM_CONF=$scratch/slurm/slurm.conf
export SLURM_CONF
head -c 1024 /dev/urandom >slurm/munge.key
chmod 400 slurm/munge.key
munged --force --key-file="$scratch/slurm/munge.key" --socket="$scratch/slurm/munge.sock" --pid-file="$scratch/slurm/munge.pid" \
	--log-file="$scratch/slurm/munge.log" --seed-file="$scratch/slurm/munge.seed" >/dev/null 2>&1 || skip 'munged does not start'
slurmctld >/dev/null 2>&1 || skip 'slurmctld does not start'
slurmd >/dev/null 2>&1 || skip 'slurmd does not start'

idle() {
	[ "$(sinfo -h -o %T 2>/dev/null)" = idle ]
}
until_met 30 idle || {
	tail -n 5 slurm/ctld.log slurm/d.log
	skip 'Slurm does not come up here'
}

few_pictures few
cat >sweep.thaw <<'EOT'
data few; set timing off
build "flatten | dense 5, softmax"
train gte5 limit=64 epochs=1
sweep lr=0.1,1 limit=32,64 seeds=2 -- train lt5 limit={limit} sample={seed} epochs=1
EOT
thaw --project one sweep.thaw
works
cp "$out" table
thaw plan sweep.thaw
works
cp "$out" plan.jsonl

it 'does the tasks of an array'
sed "s/--cpus-per-task=4/--cpus-per-task=1/" "$top_srcdir/assets/cluster/slurm.sh" >slurm.sh
command='sbatch --array=5-7 slurm.sh plan.jsonl runs'
THAW="$THAW" sbatch --array=5-7 slurm.sh plan.jsonl runs >"$out" 2>"$err" || unmet 'a job that is taken'
finished() {
	[ -z "$(squeue -h)" ]
}
until_met 120 finished || unmet 'an end of the job'
cat thaw-*_*.log >"$out"
out_has 'slice 1 of 3: 3 of 3' 'slice 2 of 3: 3 of 3' 'slice 3 of 3: 2 of 2'
thaw merge runs/* --project all
works
thaw --project all sweep.thaw
works
cp "$out" table.all
same table table.all
for d in one all; do
	(cd $d && sha256sum -- runs/*.json runs.trials/*.json) >"records.$d"
done
same records.one records.all

done_testing
