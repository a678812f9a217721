#!/usr/bin/python3
"""unknown.py: keys without a meaning and what terminals answer leave the line alone, however they come in; keys that an inputrc gives a
meaning have it; in the workbench and at a line."""
import os, shutil, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, wanted

pyte = wanted()
thaw = os.environ.get("THAW", "./thaw")
work = tempfile.mkdtemp()

UNKNOWN = ["\x1b[15~", "\x1b[24;2~", "\x1b[1;2D", "\x1b[1;6A", "\x1b[7$", "\x1b[7^", "\x1b[[A", "\x1bOP", "\x1bO5A", "\x1bOM", # function keys
           "\x1b[13;5u", "\x1b[27;5;13~", "\x1b[57441;2u", "\x1b[97;;97u", # as xterm and kitty report all keys
           "\x1b[12;40R", "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[?2004;2$y", "\x1b[I", "\x1b[O", "\x1b[201~", "\x1b[M !!", # reports
           "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]52;c;" + "QUJD" * 600 + "\x07", "\x1bP1$r0m\x1b\\", "\x1bP>|XTerm(388)\x1b\\",
           "\x1b_Gi=1;OK\x1b\\", "\x1bq", "\x1b\x1b[D"] # answers; Alt with a key and with an arrow
INPUTRC = r'''
"\e[15~": "five"
"\e[1;2D": beginning-of-line
"\eq": "alt"
"\e\e[D": end-of-line
"\C-x\e[24~": "twice"
'''

def pause(terms, seconds=.06):
    """Longer than one that decides what a key is."""
    end = time.time() + seconds
    while time.time() < end:
        for t in terms:
            t.pump(.001)

def open_(inputrc):
    """A line and a workbench: what is typed goes to both."""
    rc = os.path.join(work, "inputrc")
    with open(rc, "w") as f:
        f.write(inputrc)
    env = dict(XDG_STATE_HOME=os.path.join(work, "state"), XDG_CONFIG_HOME=work, INPUTRC=rc)
    terms = [Pty([thaw, "--no-init", *more], env=env, pyte=pyte) for more in ((), ("--no-tui",))]
    for t in terms:
        t.until(lambda: "thaw>" in t.text(), what="the prompt")
    return terms

def close(terms):
    for t in terms:
        t.type("quit\r")
        if t.end() != 0:
            raise SystemExit(f"FAIL: status {t.proc.returncode}: {t.log[-500:]!r}")
        t.close()

def typed(terms, pieces, want):
    """Types a line in pieces, with a pause between them; what it prints has to come, and no error."""
    for piece in pieces:
        for t in terms:
            t.type(piece.encode("latin-1"))
        if len(pieces) > 1:
            pause(terms)
    for t in terms:
        t.until(lambda: want in t.text(), 20, f"{want!r} from {pieces!r}")
        if "error" in t.text():
            raise SystemExit(f"FAIL: {pieces!r}:\n{t.text()}")

serial = 0
def number():
    """So that no answer is taken for another."""
    global serial
    serial += 1
    return serial, str(7919 * serial)

def unknown():
    for inputrc in "", "set editing-mode vi\n":
        terms = open_(inputrc)
        for key in UNKNOWN[::4 if inputrc else 1]:
            if inputrc and key[:2] in ("\x1bq", "\x1b\x1b"): # there it is ESC, then what follows
                continue
            n, product = number()
            typed(terms, [f"print 79{key}19*{n}\r"], product)
            least = 2 if inputrc else 1 # there ESC alone is a key
            for cut in sorted(set(c for c in (1, 2, len(key) // 2, len(key) - 1) if least <= c < len(key))):
                n, product = number()
                typed(terms, ["print 79" + key[:cut], f"{key[cut:]}19*{n}\r"], product)
        close(terms)

def bound():
    terms = open_(INPUTRC)
    for key, line, want in (("\x1b[15~", 'print "{n}{}s"', "{n}fives"), ("\x1bq", 'print "{n}{}o"', "{n}alto"), ("\x18\x1b[24~", 'print "{n}{}r"', "{n}twicer"),
                            ("\x1b[1;2D", 'nt "{n}"{}pri', "{n}"), ("\x1b\x1b[D", 'print "{n}the e\x01{}nd"', "{n}the end"),
                            ("\x1bb", 'print "{n}back{}for\x05"', "for{n}back")):
        for cut in range(len(key)):
            _, n = number()
            before, behind = line.replace("{n}", n).split("{}")
            typed(terms, [before + key[:cut], key[cut:] + behind + "\r"] if cut else [before + key + behind + "\r"], want.replace("{n}", n))
    close(terms)

try:
    for test in unknown, bound:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            start = time.time()
            test()
            print(f"{test.__name__} {time.time() - start:.1f} s", flush=True)
finally:
    shutil.rmtree(work, ignore_errors=True)
