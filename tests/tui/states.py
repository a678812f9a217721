#!/usr/bin/python3
"""states.py: whatever is half typed, asked or waited for, the program hears Ctrl-C, ends within two seconds of a signal and keeps the work;
in the workbench and at a line."""
import os, shutil, signal, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, small_data

thaw = os.environ.get("THAW", "./thaw")
slow = 10 if os.environ.get("sanitized", "no") != "no" else 1
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
session = os.path.join(work, "session.safetensors")

# What is typed, in pieces with a pause between them; a run needs a session with a model that takes its time.
STATES = {
    "an empty line": [],
    "half a line": ["print 1"],
    "a search of the history": ["\x12pri"],
    "a paste without an end": ["\x1b[200~print 1\nprint 2\n"],
    "half of a paste's end": ["\x1b[200~print 1\x1b[20"],
    **{f"a paste's first marker cut behind byte {n}": ["\x1b[200~x"[:n], "\x1b[200~x"[n:]] for n in range(1, 6)},
    "a broken byte in it": ["\x1b[2\xff", "00~x"],
    "half a key": ["\x1b[1;"],
    "half an answer of the terminal": ["\x1b]11;rgb:"],
    "ESC": ["\x1b"],
    "completion": ["tra\t\t"],
    "a numeric argument": ["\x1b3"],
    "a prefix": ["\x18"],
    "a search for a character": ["one two\x1b\x1d"],
    "a quoted key": ["\x16"],
    "vi's yank": ["one two\x1b", "y"],
    "vi's replace": ["one two\x1b", "r"],
    "vi's search": ["one two\x1b", "/on"],
}

def check(condition, what, t=None):
    if not condition:
        raise SystemExit(f"FAIL: {what}" + (f"\n{t.log[-800:]!r}" if t else ""))

def open_(lines, vi=False):
    """With a session that has work in it."""
    open_.count += 1
    home = os.path.join(work, str(open_.count))
    os.mkdir(home)
    with open(os.path.join(home, "inputrc"), "w") as f:
        f.write("set editing-mode vi\n" if vi else "")
    env = dict(XDG_STATE_HOME=home, XDG_CONFIG_HOME=home, INPUTRC=os.path.join(home, "inputrc"))
    t = Pty([thaw, "--data", data, *(["--no-tui"] if lines else [])], env=env)
    t.lines = lines
    t.autosave = os.path.join(home, "thaw/autosave.safetensors")
    t.until(lambda: b"thaw> " in t.log, what="the prompt")
    t.type(f"load {session}; train gte5 limit=64 epochs=1\r") # the file has no more than the first run
    return t
open_.count = 0

def pause(terms, seconds=.12):
    """Longer than one that decides what a key is."""
    end = time.time() + seconds
    while time.time() < end:
        for t in terms:
            t.pump(.001)

def ready(terms):
    for t in terms:
        t.until(lambda: b"Test accuracy" in t.log and (not t.lines or b"thaw> " in t.log.rsplit(b"Test accuracy", 1)[1]), 60, what="the session")

def enter(typed):
    """Types pieces into each of the terminals, with pauses between them."""
    for n in range(max((len(pieces) for _, pieces in typed), default=0)):
        for t, pieces in typed:
            t.type(pieces[n].encode("latin-1") if n < len(pieces) else b"")
        pause([t for t, _ in typed])

def saved(t, what, start):
    check(time.time() - start < 2 * slow, f"{what}: it took {time.time() - start:.1f} s to end", t)
    check(os.path.exists(t.autosave), f"{what}: nothing was saved", t)

def ends(t, what):
    t.proc.send_signal(signal.SIGTERM)
    start = time.time()
    status = t.end(30)
    saved(t, what, start)
    check(status == -signal.SIGTERM, f"{what}: status {status}", t)
    check(t.modes() == t.before, f"{what}: the terminal's settings are not as before", t)
    t.close()

def every(lines):
    typed = [(open_(lines, vi="vi" in name), pieces) for name, pieces in STATES.items()]
    terms = [t for t, _ in typed]
    ready(terms)
    enter(typed)
    for t in terms:
        t.type("\x03") # heard: what was begun is gone, and the next line is whole
    pause(terms)
    for t, name in zip(terms, STATES):
        t.log = b""
        t.type("print 6*7\r")
        t.until(lambda: b"42" in t.log, what=f"{name}: a line after Ctrl-C")
    enter(typed)
    for t, name in zip(terms, STATES):
        ends(t, f"{name}, {'at a line' if lines else 'in the workbench'}")

def lines(): every(True)
def workbench(): every(False)

def pane():
    t = open_(False)
    ready([t])
    enter([(t, ["\x18o", "\x1b[200~x"])])
    ends(t, "a paste into a pane")

def interrupted_paste():
    """Ctrl-C in a paste, or pasted with it: all of the paste is gone, in however many pieces the rest comes."""
    for lines in False, True:
        t = open_(lines)
        ready([t])
        for pieces in (["\x1b[200~print 11\n", "\x03", "print \"qqq\"\n\x1b[201~"], ["\x1b[200~print 11\n", "\x03", "print \"qqq\"\n\x1b[2", "01~"],
                       ["\x1b[200~print 11\n\x03print \"qqq\"\n\x1b[201~"]):
            t.log = b""
            enter([(t, pieces)])
            t.type("print 6*7\r")
            t.until(lambda: b"42" in t.log, what=f"a line after {pieces!r}")
            check(b"~" not in t.log and b"qqq" not in t.log, f"{pieces!r} leaves something", t)
            t.type("\x03")
            pause([t])
        ends(t, "a paste with Ctrl-C")

def run_and_question():
    for pieces, what in (([], "a run"), (["\x04"], "a question"), (["\x04", "\x1b[20"], "half a key as an answer")):
        t = open_(False)
        ready([t])
        t.type("train gte5 epochs=100000\r")
        t.until(lambda: b"/100000" in t.log, 60, what="a run")
        enter([(t, pieces[:1])])
        if pieces:
            t.until(lambda: b"quit all the same" in t.log, what="the question")
        enter([(t, pieces[1:])])
        ends(t, what)

def gone():
    """The terminal vanishes in the middle of something."""
    for lines in False, True:
        for name in ("an empty line", "a paste without an end", "a paste's first marker cut behind byte 3", "a quoted key", "completion"):
            t = open_(lines)
            ready([t])
            enter([(t, STATES[name])])
            os.close(t.master)
            os.close(t.slave)
            start = time.time()
            while t.proc.poll() is None:
                check(time.time() - start < 30, f"{name}: it lives on without a terminal")
                time.sleep(.02)
            saved(t, f"{name}, the terminal gone", start)

subprocess.run([thaw, "--no-init", "-c", f"data {data}; train gte5 epochs=1 limit=64; save {session}"], check=True, capture_output=True)
tests = [lines, workbench, pane, interrupted_paste, run_and_question, gone]
try:
    for test in tests:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            start = time.time()
            test()
            print(f"{test.__name__} {time.time() - start:.1f} s", flush=True)
finally:
    shutil.rmtree(work, ignore_errors=True)
