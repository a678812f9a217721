#!/usr/bin/python3
"""memory.py: every allocation of a short lesson fails in turn: alone, and with all that follow. A sentence and a status, or nothing lost."""
import inject
from inject import Lesson, finish, long, report, wanted

LESSON = """timing off
set threads 1
set cache off
log log.txt
build flatten, dense 6, relu | dense 10, softmax
layers
train all epochs=2 limit=40 batch=8
freeze features
train all limit=40 batch=8
history
runs
snapshot one
diff
model
eval
predict test:0
save a.safetensors
load a.safetensors
load a.safetensors only=features
export csv a.csv
export json a.json
export png plot a.png size=200x150
export png digits b.png n=4 size=200x150
mode json
layers
history
plot
diff init
data
print 1 + 1, "two", params
mode csv
history
eval
assert trainable > 0
mode table
help train
show config
print "the end"
log off
"""

CACHED = """timing off
set threads 1
build flatten, dense 6, relu | dense 10, softmax
freeze features
train all epochs=2 limit=40 batch=8
layers
"""

wanted()
good = True
for name, lesson, most in (("lesson", Lesson(LESSON, kept=["a.safetensors", "a.csv", "a.json", "a.png", "b.png"]), 90), ("with a cache", Lesson(CACHED), 30)):
    n = lesson.count("alloc")
    step = 1 if long else max(1, n // most)
    print(f"{name}: {n} allocations")
    good &= report("one fails", lesson.tries("alloc", range(1, n + 1, step)))
    good &= report("it and all that follow fail", lesson.tries("alloc", range(1 + step // 2, n + 1, step), FAULT_ON="1"))

# What is large is an error of its command: from 64 KiB on, as weights and pictures are here and small things are not.
lesson = Lesson(LESSON.replace("timing off\n", "timing off\nbail off\n").replace("dense 6", "dense 60"))
judge = lesson.judge

def goes_on(status, out, err, folder):
    verdict = judge(status, out, err, folder)
    if verdict.startswith("status") and not out.endswith(b"the end\n"):
        return "bad: the session ends: " + err.decode().splitlines()[-1]
    return verdict

lesson.judge = goes_on
n = lesson.count("alloc", FAULT_LARGE="65536")
good &= report("a large one fails", lesson.tries("alloc", range(1, n + 1), FAULT_LARGE="65536"))
finish(good)
