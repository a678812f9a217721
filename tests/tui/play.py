#!/usr/bin/python3
"""play.py: a script is played on the screen, by -i and by source: comments, commands and results as they come, a stop at each pause
until Space or Enter is pressed; commands can be typed there; Ctrl-C and an error end the script and not the session, and it goes on."""
import os, re, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

thaw = os.environ.get("THAW", "./thaw")
pyte = wanted()
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
HOLDS = "-- Space or Enter goes on; or type a command; Ctrl-C ends it --"

def script(name, *lines):
    path = os.path.join(work, name)
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    return path

def open_(*argv, cols=100, rows=40, screen=True):
    # pyte does not know all by which lines are scrolled and repeated on an xterm
    state = dict(TERM="linux", XDG_STATE_HOME=os.path.join(work, "state"), XDG_CONFIG_HOME=os.path.join(work, "config"))
    return Pty([thaw, "--data", data, *argv], cols, rows, env=state, pyte=pyte if screen else None)

def shows(t, *lines):
    """These stand below each other on the screen."""
    def found():
        at, text = -1, [line.strip("| ") for line in t.text().split("\n")]
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

lesson = script("lesson.thaw", "# What is six times seven?", "print 6*7", "pause \"And a half of it?\"", "", "# And now a run.",
    "train gte5 epochs=1", "pause", "print 7000+77; pause; print 8000+88")

t = open_("-c", "layout log", "-i", lesson, "-c", "print 9*9") # where no line passes by unseen
shows(t, "# What is six times seven?", "thaw> print 6*7", "42", "And a half of it?", HOLDS)
lacks(t, "# And now")
t.type(" ")
shows(t, "# And now a run.", "thaw> train gte5 epochs=1")
shows(t, "Test accuracy", HOLDS)
lacks(t, "thaw> pause")
t.type("\x1b[5~") # a page up is no answer
t.settled()
lacks(t, "7077")
t.type("print 5*5") # nor is a letter: it opens the prompt
shows(t, "thaw> print 5*5")
t.type("\r")
shows(t, "thaw> print 5*5", "25", HOLDS)
t.type("freeze nothing\r") # a mistake does not end the script
shows(t, "thaw> freeze nothing", HOLDS)
t.type("train lt5 epochs=1; print 6000+66\r") # a run in between neither
shows(t, "Test accuracy", "6066", HOLDS)
lacks(t, "7077")
t.type("\x1b") # nor Esc
t.settled()
lacks(t, "7077")
t.type("\r")
shows(t, "thaw> print 7000+77", "7077", HOLDS)
lacks(t, "8088")
t.type("continue\r") # the same in a word
shows(t, "8088", "thaw> print 9*9", "81", "thaw>")
t.type("print 5*5\r") # the keys went to the pauses, and the prompt is as it should be
shows(t, "thaw> print 5*5", "25", "thaw>")

t.type(f"source {lesson}\r")
shows(t, "thaw> source", "# What is six times seven?", "42", HOLDS)
t.type("\x03")
shows(t, "note: interrupted: the script stops before `train gte5 epochs=1`, 2 more lines wait;", "thaw>")
t.type("print 3*3\r")
shows(t, "9", "thaw>")
t.type("continue\r")
shows(t, "thaw> continue", "thaw> train gte5 epochs=1", "Test accuracy", HOLDS)
t.type("\x03")
shows(t, "note: interrupted: the script stops before `print 7000+77; pause; print 8000+88`;", "thaw>")
t.type("continue again\r")
shows(t, "thaw> continue again", "thaw: error: continue: no command of a script has failed", "thaw>")

spaces = script("spaces.thaw", "pause", "train lt5 epochs=1", "pause", "print 500+5")
t.type(f"source {spaces}\r")
shows(t, "thaw> source", HOLDS)
t.type("   ") # two more than it takes, which are on the line at the next pause
shows(t, "thaw> train lt5 epochs=1", "Test accuracy", HOLDS)
lacks(t, "505")
t.type(" ")
shows(t, "thaw> print 500+5", "505", "thaw>")
t.type("print 600+6\r")
shows(t, "thaw> print 600+6", "606", "thaw>")

wrong = script("wrong.thaw", "print 2*4", "assert accuracy > 1, \"a word about it\"", "print 1000+1", "pause")
t.type(f"source {wrong}\r")
shows(t, "8", "thaw> assert accuracy", "note: after the error: the script stops before `print 1000+1`, 1 more line waits;", "thaw>")
t.type("print 4*4\r")
shows(t, "16", "thaw>")
lacks(t, "1001")
t.type("continue again\r")
shows(t, "thaw> continue again", "thaw> assert accuracy", "note: after the error", "thaw>")
t.type("continue\r")
shows(t, "thaw> continue", "thaw> print 1000+1", "1001", HOLDS)
t.type("quit\r") # at a pause, too
if t.end() != 0:
    raise SystemExit(f"FAIL: a session in which scripts were played: status {t.proc.returncode}")
t.close()

# Where the log is small or hidden, what was said since the last pause lies over the panes; an assert that fails as well.
question = script("question.thaw", "# One.", "# Two.", "# Three.", "print 6*7", "# Before it runs: what do you expect?", "pause",
    "assert 1 > 2, \"a word about it\"", "print 1")
for layout, cols, rows in (("beamer", 80, 24), ("beamer", 120, 40), ("train", 80, 24), ("features", 80, 24)):
    t = open_("-c", f"layout {layout}", "-i", question, cols=cols, rows=rows)
    shows(t, "+- answer", "# One.", "# Three.", "thaw> print 6*7", "42", "# Before it runs: what do you expect?", HOLDS)
    if "then:" in t.text():
        raise SystemExit(f"FAIL: the header tells what comes\n{t.text()}")
    t.type(" ")
    shows(t, "+- answer", "thaw: ", "assert 1 > 2", "note: after the error: the script stops before `print 1`")
    ends(t, layout)

# So does its end: behind a run that was interrupted, finished and gone on from, and behind the pause of a script that was typed.
late = script("late.thaw", "print 6*7", "train gte5 epochs=100", "pause", "print 7000+77", "# The end.")
t = open_("-c", "layout beamer", "-i", late)
t.until(lambda: "r1 epoch" in t.text(), what="a run of a script")
t.type("\x03")
t.until(lambda: "the script stops before" in t.text(), what="the interrupt")
t.type("resume\r")
t.until(lambda: "r1 epoch" in t.text().split("\n")[0], what="the run again")
t.settled() # the run has ended
t.type("continue\r")
shows(t, HOLDS)
t.type(" ")
shows(t, "+- answer", "thaw> print 7000+77", "7077", "# The end.")
t.type("x\x7f")
t.until(lambda: "answer" not in t.text(), what="the panes behind the next key")
t.type(f"source {script('last.thaw', 'print 6*7', 'pause', 'print 8000+88')}\r")
shows(t, "+- answer", "42", HOLDS)
t.type(" ")
shows(t, "+- answer", "thaw> print 8000+88", "8088")
ends(t, "the end of a script")

# Prose that was broken at the width of the script fills the rows of the box, as a paragraph whose rows stand below its first word;
# what is indented, a list, a new paragraph stay as they are. The box says which keys do what.
words = ["prose%02d" % i for i in range(15)] + ["prose15."]
prose = script("prose.thaw", "# " + " ".join(words[:9]), "# " + " ".join(words[9:]), "# A question?", "#     indented one", "#     indented two",
    "# - a list", "# goes on", "", "# A paragraph that is broken somewhere in the middle of a long sentence and", "# then ends.", "pause")
for cols, rows in ((70, 30), (100, 24)):
    t = open_("-c", "layout beamer", "-i", prose, cols=cols, rows=rows)
    shows(t, "#     indented one", "#     indented two", "# - a list", "# goes on", "# A paragraph that is broken", HOLDS[:20])
    lines, filled = [line.strip("| ") for line in t.text().split("\n")], "# " + " ".join(words)
    begin = next(line for line in lines if line.startswith("# prose00"))
    if not filled.startswith(begin) or len(begin) + 9 <= cols - 4 or "# A question?" not in lines or "#prose" in t.text().replace("# prose00", ""):
        raise SystemExit(f"FAIL: prose at {cols} columns\n{t.text()}")
    if any(line.startswith("# then") for line in lines) or "Space or Enter goes on, any other key closes this" not in t.text():
        raise SystemExit(f"FAIL: a paragraph, or what the box says, at {cols} columns\n{t.text()}")
    t.type(" ")
    t.until(lambda: HOLDS[:20] not in t.text() and "answer" not in t.text(), what="the end of the pause")
    ends(t, "prose")

# What is said at the start is read also where the layout has no log: alone, and behind it a script that is played.
config = os.path.join(work, "config", "thaw")
os.makedirs(config)
with open(os.path.join(config, "init"), "w") as f:
    f.write("layout beamer\nset threds 2\n")
t = open_()
t.until(lambda: "answer" in t.text() and 'unknown setting "threds"' in t.text(), what="an error of the init file in the layout beamer")
t.type("x")
t.until(lambda: "answer" not in t.text(), what="the panes behind the next key")
t.type("\x7f")
ends(t, "beamer")
with open(os.path.join(config, "init"), "w") as f: # where there is a log, and all errors do not fit into it
    f.write("set threads 999\nset foo 1\nset theme light\n")
for rows in 24, 40:
    t = open_(cols=120, rows=rows)
    t.until(lambda: "threads is" in t.text() and 'unknown setting "foo"' in t.text() and "theme light" in t.text(), what="both errors of the init file")
    t.type("x")
    t.until(lambda: "threads is" not in t.text(), what="the panes behind the next key")
    t.type("\x7f")
    ends(t, "errors of the init file")
with open(os.path.join(config, "init"), "w") as f:
    f.write("layout beamer\nset threds 2\n")
t = open_("-i", lesson)
t.until(lambda: "threds" in t.text() and HOLDS in t.text() and "thaw> print 6*7" in t.text(), what="the same before what a script says")
ends(t, "beamer, played")
short = script("short.thaw", "print 40+4")
t = open_("-i", short)
t.until(lambda: "threds" in t.text() and "thaw> print 40+4" in t.text() and "44" in t.text(), what="a script without a pause, at its end")
ends(t, "beamer, played without a pause")
with open(os.path.join(config, "init"), "w") as f:
    f.write("set seed 42\n")
t = open_("--no-tui", "-c", "set seed", "-i", screen=False) # in the workbench the init file comes first as well
t.until(lambda: b"thaw> " in t.log, what="the prompt")
if re.search(rb"seed +42", t.log) is None:
    raise SystemExit(f"FAIL: the init file comes behind the commands: {t.log}")
ends(t, "lines behind an init file")
os.remove(os.path.join(config, "init"))

t = open_("-i", os.path.join(work, "nowhere.thaw"))
shows(t, "thaw: error: ", "thaw>")
t.until(lambda: "cannot be read" in t.text(), what="that there is no such script")
ends(t, "a script that is not there")
t = Pty([thaw, "--data", data, "--safe"], 100, 40, env=dict(TERM="linux", NO_COLOR="1", XDG_STATE_HOME=os.path.join(work, "state")), pyte=pyte)
t.type("print 6*7; set pictures kitty\r")
shows(t, "thaw> print 6*7", "42", "thaw>")
if re.search(rb"\x1b\[[0-9;]*[34][0-7]m", t.log):
    raise SystemExit("FAIL: colours in spite of NO_COLOR")
ends(t, "--safe without colours")

t = open_("--no-tui", screen=False)
t.until(lambda: b"thaw> " in t.log, what="the prompt")
t.type(f"source {lesson}\r")
t.until(lambda: b"-- Enter goes on" in t.log, what="a pause at a line")
t.type("print 600+66\r")
t.until(lambda: b"-- Enter goes on" in t.log.partition(b"\r666\r\n")[2], what="a pause behind a line that was typed at it")
t.type("freeze nothing\r")
t.until(lambda: b"      freeze nothing\r\n             ^^^^^^^\r\n" in re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", t.log), what="carets below the word")
t.type("\x03")
t.until(lambda: t.log.rstrip().endswith(b"thaw>"), what="the prompt behind the interrupt")
if b"Epoch" in t.log:
    raise SystemExit("FAIL: Ctrl-C at a pause did not end the script")
ends(t, "lines in which a script was played")
print("played by -i and by source, with pauses, an interrupt and an error")
