#!/bin/sh
# slurm.sh: a plan as an array of Slurm tasks, each with a store of its own:
#
#     thaw plan SWEEP.thaw >plan.jsonl
#     sbatch --array=1-100 slurm.sh plan.jsonl runs
#     thaw merge runs/* --project all
#     thaw --project all SWEEP.thaw
#
# A task does its part of the trials, as many at once as it has processors. Send it again after a time limit or a node
# that failed: what is done is passed over.
#SBATCH --job-name=thaw
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --output=thaw-%A_%a.log
set -eu
plan=${1:?is missing: sbatch --array=1-100 slurm.sh PLAN DIR} runs=${2:?is missing: sbatch --array=1-100 slurm.sh PLAN DIR}
: "${SLURM_ARRAY_TASK_ID:?is missing: sbatch --array=1-100 slurm.sh PLAN DIR}"
exec "${THAW:-thaw}" work "$plan" --project "$runs/$SLURM_ARRAY_TASK_ID"
