#!/bin/sh
# alone.sh: thaw opens no network connection, and starts no program but its own for HDF5.
. "$top_srcdir/tests/cli/lib.sh"

[ "${sanitized:-no}" = no ] || exit 77 # their leak checker does not work under strace
strace -o trace true 2>/dev/null || exit 77

cat >lesson.thaw <<'END'
train gte5 limit=100 epochs=1
freeze features
train lt5 limit=100 epochs=1
eval lt5 report
export png plot a.png
export html a.html
save a.safetensors
load a.safetensors
END
[ "${with_hdf5:-no}" = no ] || echo 'save a.keras' >>lesson.thaw

it 'works alone'
strace -f -e trace=execve,socket,connect -o trace "$THAW" lesson.thaw >"$out" 2>"$err"
status=$?
works
if grep -E 'AF_INET|AF_NETLINK|AF_PACKET' trace; then unmet 'no network'; fi
started=$(grep -c 'execve(.* = 0$' trace)
own=$(grep -c 'execve(.*thaw-hdf5".* = 0$' trace)
[ "$started" -eq $((own + 1)) ] || unmet "no other program, not $(grep 'execve(' trace)"
[ "${with_hdf5:-no}" = no ] || [ "$own" -gt 0 ] || unmet 'the program for HDF5 is seen'

done_testing
