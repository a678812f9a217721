#!/usr/bin/python3
"""play.py: a script is played on the screen, by -i and by source: comments, commands and results as they come, a stop at each pause
until a key is pressed; Ctrl-C and an error end the script and not the session."""
import os, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

thaw = os.environ.get("THAW", "./thaw")
pyte = wanted()
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
HOLDS = "-- a key goes on, Ctrl-C ends the script --"

def script(name, *lines):
    path = os.path.join(work, name)
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    return path

def open_(*argv, screen=True):
    state = dict(XDG_STATE_HOME=os.path.join(work, "state"), XDG_CONFIG_HOME=os.path.join(work, "config"))
    return Pty([thaw, "--data", data, *argv], 100, 40, env=state, pyte=pyte if screen else None)

def shows(t, *lines):
    """These stand below each other on the screen."""
    def found():
        at, text = -1, [line.strip("│ ") for line in t.text().split("\n")]
        for line in lines:
            at = next((i for i in range(at + 1, len(text)) if text[i].startswith(line)), None)
            if at is None:
                return False
        return True
    t.until(found, what=f"{lines} on the screen")

def lacks(t, line):
    if line in t.text():
        raise SystemExit(f"FAIL: {line} is on the screen too early\n{t.text()}")

def ends(t, what):
    t.type("quit\r")
    status = t.end()
    if status != 0:
        raise SystemExit(f"FAIL: {what}: status {status}")
    t.close()

lesson = script("lesson.thaw", "# What is six times seven?", "print 6*7", "pause", "", "# And now a run.", "train gte5 epochs=1", "pause",
    "print 7000+77; pause; print 8000+88")

t = open_("-c", "layout log", "-i", lesson, "-c", "print 9*9") # where no line passes by unseen
shows(t, "# What is six times seven?", "thaw> print 6*7", "42", "thaw> pause", HOLDS)
lacks(t, "# And now")
t.type(" ")
shows(t, "# And now a run.", "thaw> train gte5 epochs=1")
shows(t, "Test accuracy", "thaw> pause", HOLDS)
t.type("\x1b[5~") # a page up is no answer
t.settled()
lacks(t, "7077")
t.type("x")
shows(t, "thaw> print 7000+77", "7077", "thaw> pause", HOLDS)
lacks(t, "8088")
t.type("\r")
shows(t, "8088", "thaw> print 9*9", "81", "thaw>")
t.type("print 5*5\r") # the keys went to the pauses, and the prompt is as it should be
shows(t, "thaw> print 5*5", "25", "thaw>")

t.type(f"source {lesson}\r")
shows(t, "thaw> source", "# What is six times seven?", "42", "thaw> pause", HOLDS)
t.type("\x03")
shows(t, "note: interrupted: dropped train gte5 epochs=1", "the script has ended here", "thaw>")
t.type("print 3*3\r")
shows(t, "9", "thaw>")

t.type(f"source {script('wrong.thaw', 'print 2*4', 'freeze nothing', 'print 1000+1')}\r")
shows(t, "8", "thaw> freeze nothing", "thaw>")
t.type("print 4*4\r")
shows(t, "16", "thaw>")
lacks(t, "1001")
ends(t, "a session in which scripts were played")

t = open_("--no-tui", screen=False)
t.until(lambda: b"thaw> " in t.log, what="the prompt")
t.type(f"source {lesson}\r")
t.until(lambda: b"-- Enter goes on" in t.log, what="a pause at a line")
t.type("\x03")
t.until(lambda: t.log.rstrip().endswith(b"thaw>"), what="the prompt behind the interrupt")
if b"Epoch" in t.log:
    raise SystemExit("FAIL: Ctrl-C at a pause did not end the script")
ends(t, "lines in which a script was played")
print("played by -i and by source, with pauses, an interrupt and an error")
