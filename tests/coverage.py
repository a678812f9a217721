#!/usr/bin/env python3
"""coverage.py: prints which share of the branches the tests have taken, by folder and by file, and fails below the floors.

    tests/coverage.py BUILD SOURCE [FILE...]    FILE: also lists the lines of it of which a branch was never taken

A branch is one way out of a condition, as gcov counts it. A file that is compiled several times, as the kernels are, counts once: a
branch is taken if any of its objects took it, also where another processor would choose another of them. A template of the kernels,
which is stamped out for many sizes, counts once as well: it is no longer inlined there (nn/vec.h), since gcov cannot tell its copies
apart. Nothing is left out, be it that memory fails or what cannot happen: what is an error of a call is made to fail by tests/src/failing.h
and tests/faults.
"""
import collections
import json
import os
import re
import subprocess
import sys

# Of each folder, and of the files that read what others have written; in percent.
FLOOR, FLOOR_READERS = 90, 95
READERS = re.compile(r"src/file/|src/data/(idx|cifar|dataset|drawing|found|folder|ground|jpeg|npz|photo|pickled|pickled_run|split)\.c|"
                     r"src/language/(parse|words|expr|arg|fit|key)\.c|src/util/(text|num|json|npy|zip)\.c|src/model/(plan|text)\.c|ui/(figure_png|keys|paste|recall|text)\.c")
# What is below them today may not fall further. In some of these no test can come to what is left: tensors_write that a header is larger
# than 100 MB; and a macro of jansson's has ways out for what is
# no value.
BELOW = {
    "src/file/tensors_write.c": 94, "src/language/key.c": 89, "src/view": 87,
}


def branches(build, source):
    """{file: {(line, function, number of the branch in the line): times taken}}"""
    taken = collections.defaultdict(collections.Counter)
    root = os.path.realpath(source) + os.sep
    objects = [os.path.join(d, f) for d, _, files in os.walk(os.path.realpath(build)) for f in files if f.endswith(".gcno")]
    for i in range(0, len(objects), 40):  # the status says that counts are of an older object: none, then
        text = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *objects[i:i + 40]], cwd=build, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        for line in text.splitlines():
            unit = json.loads(line)
            for file in unit["files"]:
                path = os.path.realpath(os.path.join(unit["current_working_directory"], file["file"]))
                name = path[len(root):] if path.startswith(root) else ""
                if not re.match(r"(src|ui|nn)/.*\.[ch]$", name):
                    continue
                taken[name].update()
                for at in file["lines"]:
                    for k, branch in enumerate(at["branches"]):
                        taken[name][at["line_number"], at.get("function_name", ""), k] += branch["count"]
    return taken


def share(counters):
    total = sum(len(c) for c in counters)
    return 100 * sum(sum(n > 0 for n in c.values()) for c in counters) / total if total else 100.0, total


def say(name, counters, floor):
    percent, total = share(counters)
    low = percent < BELOW.get(name, floor)
    print(f"{percent:6.1f} %  of {total:5}  {name}{f'  (below {BELOW.get(name, floor)} %)' if low else ''}")
    return low


def main(build, source, *listed):
    taken = branches(build, source)
    folders = collections.defaultdict(list)
    for name in sorted(taken):
        folders[os.path.dirname(name)].append(taken[name])
    low = [say(name, folders[name], FLOOR) for name in sorted(folders)]
    low += [say(name, [taken[name]], FLOOR_READERS) for name in sorted(taken) if READERS.match(name) and taken[name]]
    say("all", taken.values(), 0)
    for name in listed:
        for line in sorted({key[0] for key, n in taken[name].items() if n == 0}):
            print(f"{name}:{line}")
    return 1 if any(low) else 0


sys.exit(main(*sys.argv[1:]))
