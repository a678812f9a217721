#!/usr/bin/python3
"""resize.py: 2,000 random sizes while a network trains and lines are typed: nothing breaks, and the last size is drawn whole. Sizes
come faster than frames, so not each is drawn; RESIZES=each waits for every one of them."""
import os, random, shutil, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()
r = random.Random(1337)
t = Pty([thaw], env=dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work))
t.until(lambda: b"thaw> " in t.log, 60, what="the prompt")
t.type("train gte5 limit=512 epochs=100000\r")
words = ["layout beamer\r", "layout log\r", "layout inspect\r", "layout train\r", "model\r", "focus help\r", "\x07", "\x18o", "tra\t", "\x15", "show\r", "\x1b[5~", "語\x7f"]
each = "RESIZES" in os.environ
t.log = b""
drawn = 0

def look():
    """Counts the frames of a new size: each begins with an empty screen."""
    global drawn
    end = time.time() + .003
    while time.time() < end:
        t.pump(max(0, end - time.time()))
    new = t.log.count(b"\x1b[H\x1b[J")
    if new:
        drawn += new
        t.log = t.log[t.log.rindex(b"\x1b[H\x1b[J") + 6:]
    return new

for i in range(2000):
    was = t.cols, t.rows
    while (t.cols, t.rows) == was: # the same again would tell nobody
        t.size(r.choice((r.randint(1, 300), r.randint(1, 90))), r.choice((r.randint(1, 100), r.randint(1, 30))))
    new, soon = look(), time.time() + 1
    while each and not new and time.time() < soon: # a frame may have caught up with two sizes; then there is none for the second
        new = look()
    if i % 10 == 0:
        t.type(r.choice(words))
    if t.proc.poll() is not None:
        raise SystemExit(f"FAIL: ended with status {t.proc.returncode} after {i} sizes\n{t.log[-3000:].decode(errors='replace')}")
# The last size, through an emulator that has seen nothing before: one whole repaint must be enough.
t.pump(.2)
t.screen = pyte.Screen(80, 24)
t.stream = pyte.ByteStream(t.screen)
t.size(80, 24, tell=False)
t.cols, t.rows = 80, 24
framed = lambda: sum(row[:1] in ("|", "+") and row[-1] in "|+" for row in t.text().split("\n")[1:-1])
t.until(lambda: t.text().startswith(" thaw ") and framed() >= 20, 60, "header and whole borders at 80x24")
t.type("\x1b")
t.pump(.3)
t.type("\x03")
t.until(lambda: t.text().startswith(" thaw ") and t.text().rstrip().split("\n")[-1].startswith("thaw>") and framed() >= 20, 60, "the prompt")
t.type("\x05\x15quit\r")
t.until(lambda: t.proc.poll() is not None or "quit all the same?" in t.text(), 60, "the end or the question")
t.type("y")
status = t.end(60)
shutil.rmtree(work, ignore_errors=True)
if status not in (0, 1): # 1: one of the words made no command
    raise SystemExit(f"FAIL: status {status}\n{t.log[-3000:].decode(errors='replace')}")
if t.modes() != t.before:
    raise SystemExit("FAIL: the terminal's settings are not as before")
if drawn < (1900 if each else 10): # few where the processors are busy
    raise SystemExit(f"FAIL: of 2000 sizes only {drawn} were drawn")
print("2000 sizes,", drawn, "of them drawn")
