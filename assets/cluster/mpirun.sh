#!/bin/sh
# mpirun.sh: a plan as ranks of Open MPI (or MPICH), which share a store:
#
#     thaw plan SWEEP.thaw >plan.jsonl
#     mpirun.sh plan.jsonl all -n 8
#     thaw --project all SWEEP.thaw
#
# What follows the two is for mpirun: -n, --hostfile, --map-by. No rank waits for another or sends it anything.
set -eu
plan=${1:?is missing: mpirun.sh PLAN DIR -n 8} runs=${2:?is missing: mpirun.sh PLAN DIR -n 8}
shift 2
exec mpirun "$@" "${THAW:-thaw}" work "$plan" --project "$runs"
