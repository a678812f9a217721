#!/bin/sh
# parallel.sh: a plan over machines that ssh reaches, by GNU parallel; they share the folder this is started in:
#
#     thaw plan SWEEP.thaw >plan.jsonl
#     parallel.sh plan.jsonl all 20 --sshlogin one,two --workdir .
#     thaw --project all SWEEP.thaw
#
# 20: into how many parts. What follows is for parallel; -j1 is one part at a time on a machine, all of whose processors
# it uses.
set -eu
plan=${1:?is missing: parallel.sh PLAN DIR PARTS} runs=${2:?is missing: parallel.sh PLAN DIR PARTS}
parts=${3:?is missing: parallel.sh PLAN DIR PARTS}
shift 3
seq 1 "$parts" | exec parallel -j1 "$@" "${THAW:-thaw}" work "$plan" --slice "{}/$parts" --project "$runs"
