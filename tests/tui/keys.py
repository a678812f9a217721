#!/usr/bin/python3
"""keys.py: the prompt is readline's and the panes take their keys: typed into the workbench's screen, read off through pyte."""
import os, shutil, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, skip, wanted

pyte = wanted()
driver = os.path.join(os.environ.get("top_builddir", "."), "tui_driver")
work = tempfile.mkdtemp()

def open_(inputrc="", history=None, **env):
    rc = os.path.join(work, "inputrc")
    open(rc, "w").write(inputrc)
    t = Pty([driver] + ([history] if history else []), env=dict(env, TERM="linux", INPUTRC=rc), pyte=pyte)
    t.until(lambda: "thaw>" in t.text(), what="the prompt")
    t.type("glyphs braille\n")
    t.until(lambda: "╭─" in t.text(), what="braille glyphs")
    return t

def prompt(t):
    return t.text().split("\n")[t.rows - 1]

def shows(t, want, what):
    t.until(lambda: prompt(t) == want, seconds=60, what=f"{what}: {want!r} on the prompt line")

def logs(t, want, what):
    t.until(lambda: want in t.text(), seconds=60, what=f"{what}: {want!r}")

def quit_(t):
    t.type("quit\n")
    if t.end() != 0:
        raise SystemExit(f"FAIL: status {t.proc.returncode}\n{t.log[-1500:]}")
    if t.modes() != t.before:
        raise SystemExit("FAIL: the terminal's settings are not as before")
    t.close()

def emacs():
    t = open_()
    t.type("one two\x17three"); shows(t, "thaw> one three", "C-w")
    t.type("\x15\x19\x01"); shows(t, "thaw> one three", "C-u, C-y")
    t.type("zero \x1bf\x1bd"); shows(t, "thaw> zero one", "M-f, M-d")
    t.type("\x1f"); shows(t, "thaw> zero one three", "undo")
    t.type("\x05\n"); logs(t, "got zero one three", "Enter")
    t.type("\x10"); shows(t, "thaw> zero one three", "C-p")
    t.type("\x15für état\n"); logs(t, "got für état", "UTF-8")
    t.type("other\n"); logs(t, "got other", "other")
    t.type("\x12für"); t.until(lambda: "reverse-i-search)`für': für état" in prompt(t), what="C-r with UTF-8")
    t.type("\x05x"); shows(t, "thaw> für étatx", "out of the search")
    t.type("\x03"); shows(t, "thaw>", "C-c clears")
    t.type("\x03"); logs(t, "got interrupt", "C-c on an empty line")
    t.type("\x12zz"); t.until(lambda: "failed reverse-i-search)`zz'" in prompt(t), what="C-r without a find")
    t.type("\x03"); shows(t, "thaw>", "C-c leaves the search")
    t.type("\x1b3x"); shows(t, "thaw> xxx", "M-3")
    t.type("\x15\x1b"); t.settled()
    t.type("saliency"); shows(t, "thaw> saliency", "ESC alone takes no letter away")
    t.type("\x15a\x18\x1b"); t.settled()
    t.type("o"); shows(t, "thaw> ao", "ESC gives C-x up")
    t.type("\x1b5"); t.settled()
    t.type("\x1b"); t.settled()
    t.type("b"); shows(t, "thaw> aob", "ESC gives a number up")
    t.type("\x03\x1b."); shows(t, "thaw> other", "M-.: the last word")
    t.type("\x1b."); shows(t, "thaw> état", "M-. again: of the line before")
    t.type("\x15\x10\x10!\x0e\x10"); shows(t, "thaw> für état!", "a change stays while the lines are walked")
    t.type("\x0f"); logs(t, "got für état!", "C-o enters"); shows(t, "thaw> other", "C-o brings the next line")
    t.type("\x03語\x02\x02e\x7f\x04"); shows(t, "thaw>", "wide character deleted")
    quit_(t)

def long_line():
    t = open_()
    t.type("abc" * 60); t.until(lambda: prompt(t).endswith("abc"), what="the end of a long line")
    t.type("\x01"); t.until(lambda: prompt(t).startswith("thaw> abcabc"), what="its beginning")
    t.type("\x05\x17short"); shows(t, "thaw> short", "C-w")
    quit_clear(t)

def quit_clear(t):
    t.type("\x03"); shows(t, "thaw>", "C-c")
    quit_(t)

def completion():
    t = open_()
    t.type("tra\t"); shows(t, "thaw> train", "common part")
    t.until(lambda: "candidates" in t.text() and "trainable" in t.text(), what="the candidates")
    t.type(" "); t.until(lambda: "candidates" not in t.text() and prompt(t) == "thaw> train SPLIT", what="the box goes, the hint comes")
    t.type("x=fe\t"); shows(t, "thaw> train x=features", "behind =")
    t.type("\x15ét\t"); t.until(lambda: prompt(t).startswith("thaw> ét"), what="UTF-8")
    t.type("a\t"); shows(t, "thaw> état", "the one that fits")
    quit_clear(t)

def vi():
    t = open_("set editing-mode vi\n")
    t.type("one two"); shows(t, "thaw> one two", "insert")
    t.type("\x1b"); t.settled()
    t.type("bx"); shows(t, "thaw> one wo", "Esc b x")
    t.type("0dwA three"); shows(t, "thaw> wo three", "0 dw A")
    t.type("\x1b"); t.settled()
    t.type("u"); t.until(lambda: prompt(t) != "thaw> wo three", what="u")
    t.type("\x1b"); t.settled()
    t.type("ddi"); shows(t, "thaw>", "dd")
    t.type("one two\x1bbx"); shows(t, "thaw> one wo", "Esc b x in one piece")
    t.type("\x1bddi"); shows(t, "thaw>", "Esc d d in one piece")
    t.type("one\ntwo\nthree\n"); logs(t, "got three", "lines")
    t.type("\x1b"); t.settled()
    t.type("kk"); shows(t, "thaw> two", "kk")
    t.type("/on"); t.until(lambda: "reverse-i-search)`on': one" in prompt(t), what="/")
    t.type("\r"); shows(t, "thaw> one", "Enter ends the search and no more")
    t.type("?t\rn"); shows(t, "thaw> three", "? and n")
    t.type("N"); shows(t, "thaw> two", "N")
    t.type("cc"); t.settled()
    t.type("train one of three\nsay"); shows(t, "thaw> say", "a new line")
    t.type("\x1b"); t.settled()
    t.type("_"); shows(t, "thaw> say three", "_: the last word of the line before")
    t.type("\x1b"); t.settled()
    t.type("ddisay\x1b"); t.settled()
    t.type("2_"); shows(t, "thaw> say one", "2_: its second word")
    t.type("\x1b"); t.settled()
    t.type("ddisay\x1b"); t.settled()
    t.type("9_"); shows(t, "thaw> say", "9_: there is none, and nothing but a blank comes")
    t.type("\x1b"); t.settled()
    t.type("1G"); t.until(lambda: prompt(t).startswith("thaw> ") and "glyphs braille" in prompt(t), what="1G: the oldest line")
    t.type("4G"); shows(t, "thaw> three", "4G: the fourth")
    t.type("G"); t.until(lambda: "glyphs braille" in prompt(t), what="G alone: the oldest")
    t.type("cc"); t.settled()
    quit_(t)

def words():
    """Words of the lines before, by the names that readline has for it."""
    t = open_('"\\C-t": yank-nth-arg\n"\\C-xt": "\\C-qx\\e."\n"\\C-xs": "\\C-rfirst\\C-a"\n')
    t.type("first a b c\nsecond d e\n"); logs(t, "got second", "two lines")
    t.type("\x14"); shows(t, "thaw> d", "the first word behind the command")
    t.type("\x15\x1b2\x14"); shows(t, "thaw> e", "the second")
    t.type("\x15\x1b7\x14"); shows(t, "thaw>", "there is no seventh")
    t.type("\x15\x1b1\x1b."); shows(t, "thaw> d", "a number before M-. chooses the word")
    t.type("\x15\x1b.\x1b."); shows(t, "thaw> c", "M-. twice")
    t.type("\x1b.\x1b."); shows(t, "thaw> braille", "beyond the oldest line it stays")
    t.type("\x15\x1b.\x02\x1b."); shows(t, "thaw> ee", "M-. elsewhere begins anew")
    t.type("\x03\x18t"); shows(t, "thaw> xe", "a macro that quotes a key and yanks")
    t.type("\x15\x18s!"); shows(t, "thaw> !first a b c", "a macro that searches and leaves by a key")
    quit_clear(t)

def paste():
    t = open_()
    t.type("\x1b[200~first line\nsecond\tline\x1b[201~"); shows(t, "thaw> first line↵second line", "a paste waits for Enter")
    t.type("\n"); logs(t, "got second line", "both lines"); logs(t, "got first line", "both lines")
    t.type("a\x1b[200~" + "x" * (1 << 20) + "\x1b[201~b")
    t.until(lambda: prompt(t).endswith("xb"), seconds=60, what="the end of a paste of 1 MB")
    t.type("\x03"); shows(t, "thaw>", "cleared")
    t.type("c\x1b[200~" + "train all\n" * 110000 + "\x1b[201~d"); shows(t, "thaw> cd", "nothing of a longer one")
    logs(t, "a paste of 1100000 bytes is too long", "and a word about it")
    t.type("\x03"); shows(t, "thaw>", "cleared")
    # The same from a terminal that does not mark its pastes: every byte is a key.
    t.type("x" * (100000 if os.environ.get("sanitized", "no") != "no" else 1 << 18) + "yz")
    t.until(lambda: prompt(t).endswith("xyz"), seconds=60, what="the end of 256 KB of keys")
    t.type("\x03"); shows(t, "thaw>", "cleared")
    t.type("\x1b[200~half"); t.settled()
    t.type("\x03"); t.settled()
    t.type("after"); shows(t, "thaw> after", "C-c ends a paste that does not")
    quit_clear(t)

def panes():
    t = open_("set keymap thaw\n\"v\": thaw-pane-log-scale\n")
    t.type("\x18o"); t.until(lambda: "arrows" in t.text(), what="C-x o: the model's keys")
    t.type("\x18o"); t.until(lambda: "y log" in t.text(), what="C-x o: the loss's keys")
    t.type("y"); t.until(lambda: "loss log" in t.text(), what="y")
    t.type("v"); t.until(lambda: "loss log" not in t.text(), what="a key of inputrc")
    t.type("["); t.until(lambda: "loss r2 lt5" in t.text(), what="[")
    t.type("0"); t.until(lambda: "loss r2 lt5" not in t.text(), what="0")
    t.type("\r"); t.until(lambda: "conv2d" not in t.text(), what="Enter zooms")
    t.type("\x1b"); t.until(lambda: "conv2d" in t.text(), what="Esc")
    t.type("\x1b[B"); t.settled()
    t.type("?"); t.until(lambda: "everywhere" in t.text(), what="? shows the keys")
    t.until(lambda: "in loss" in t.text() and "smooth" in t.text(), what="the keys of the pane first")
    t.type("\x1b"); t.until(lambda: "everywhere" not in t.text(), what="Esc closes them")
    t.until(lambda: "y log" in t.text(), what="the pane has the keys again")
    t.type("x"); shows(t, "thaw> x", "back at the prompt")
    t.type("\x03\x18o"); t.settled()
    t.type(" "); logs(t, "got pause", "Space")
    t.type(" "); logs(t, "got continue", "Space while it is paused")
    t.type("n"); logs(t, "got step", "n")
    t.type("+"); logs(t, "got more", "a key that the host alone knows")
    t.type("q"); shows(t, "thaw> q", "what no pane knows is the prompt's")
    t.type("\x03\x18o\x1b[200~pasted\x1b[201~"); shows(t, "thaw> pasted", "a paste too")
    t.type("\x03")
    for i in range(30):
        t.type(f"log line {i}\n")
    logs(t, "line 29", "30 lines")
    t.type("\x1b[5~"); t.until(lambda: "line 11" in t.text() and "line 29" in t.text(), what="PgUp in two rows: over the panes")
    t.type("\x1b[5~\x1b[5~"); t.until(lambda: "more below" in t.text() and "line 29" not in t.text(), what="PgUp")
    t.type("\x1b[6~\x1b[6~\x1b[6~\x1b[6~"); t.until(lambda: "line 29" in t.text(), what="PgDn")
    t.type("\x03"); t.until(lambda: "line 11" not in t.text(), what="the panes behind another key")
    quit_(t)

def mouse():
    t = open_()
    t.type("\x1b[<0;60;17M\x1b[<0;60;17m"); logs(t, "got click digits", "a click on a digit")
    t.until(lambda: "arrows scroll" in t.text(), what="it has the focus")
    t.type("\x1b[<0;10;24M"); t.until(lambda: "arrows scroll" not in t.text(), what="a click on the prompt")
    for i in range(30):
        t.type(f"log line {i}\n")
    logs(t, "line 29", "30 lines")
    t.type("\x1b[<64;10;22M" * 3); t.until(lambda: "line 29" not in t.text(), what="the wheel")
    t.type("\x1b[<0;9999;9999M\x1b[<0;0;0M\x1b[<1;;M\x1b[<" + "9" * 100 + "M"); t.settled()
    t.type("\x03"); t.settled()
    t.type("still"); t.until(lambda: "still" in prompt(t), what="nonsense does no harm")
    quit_clear(t)

def garbage():
    # What once crashed or hung it; GARBAGE=N tries another.
    for seed in [int(os.environ["GARBAGE"])] if "GARBAGE" in os.environ else (1, 2, 5, 24, 49):
        garbage_of(seed, "set editing-mode vi\n" if seed % 2 == 0 else "")

def garbage_of(seed, inputrc):
    import random
    r = random.Random(seed)
    t = open_(inputrc)
    for i in range(60):
        # Everything but what ends, stops or interrupts by intent: C-c C-d C-z C-\, and Enter with "quit" cannot come about.
        t.type(bytes(b for b in r.randbytes(400) if b not in (3, 4, 26, 28)))
    t.type(b"\x1b[" + b"1;" * 500 + b"x\x1bO\x1b\x1b\x1b[<12;\x1b]0;title\x07\xc3")
    t.settled(.3)
    for _ in range(3):
        t.type("\x1b"); t.settled(.1)
        t.type("\x07\x03"); t.settled(.1)
    t.type("\x1b[<0;10;24M\x05\x15here"); t.until(lambda: "here" in prompt(t), what=f"a line after garbage (GARBAGE={seed})")
    if t.proc.poll() is not None:
        raise SystemExit(f"FAIL: garbage ended it (GARBAGE={seed})")
    t.type("\x03"); t.settled()
    t.type("quit\n"); t.end(); t.close()

def picture():
    """A picture that is asked for does not show that it was."""
    t, file = open_(), os.path.join(work, "picture")
    t.type("log before\n"); logs(t, "before", "a line of the log")
    t.type(f"echo {file}\n"); logs(t, "echo /", "the order")
    rows = open(file).read().split("\f")[0].split("\n")
    if not any("before" in row for row in rows) or any("echo" in row for row in rows) or "thaw>" not in [row.strip() for row in rows]:
        raise SystemExit("FAIL: the picture is not of the screen before it was asked for:\n" + "\n".join(rows))
    quit_(t)

def end():
    t = open_()
    t.type("ask\n"); t.settled()
    t.type("\x04"); shows(t, "quit all the same? (y/n)", "C-d asks")
    t.type("n"); shows(t, "thaw>", "no")
    t.type("ab\x02\x04"); shows(t, "thaw> a", "C-d within a line deletes")
    t.type("\x03\x04y")
    if t.end() != 0:
        raise SystemExit("FAIL: yes does not leave")
    rest = t.log.decode(errors="replace")
    if "590,597" not in rest[rest.rindex("left") - 6000:] or "accuracy" not in rest[rest.rindex("left") - 6000:]:
        raise SystemExit("FAIL: curves and totals do not stay behind")
    t.close()

def history():
    file = os.path.join(work, "history")
    a, b = open_(history=file), open_(history=file)
    for i in range(20):
        a.type(f"from a {i}\n"); b.type(f"from b {i}\n")
    for t, name in ((a, "a"), (b, "b")):
        logs(t, f"got from {name} 19", "typed")
        quit_(t)
    lines = open(file).read().split("\n")
    for name in "ab":
        if [l for l in lines if l.startswith(f"from {name} ")] != [f"from {name} {i}" for i in range(20)]:
            raise SystemExit(f"FAIL: lines of session {name} are lost")
    t = open_(history=file)
    t.type("\x12from b 7"); t.until(lambda: "from b 7" in prompt(t) and "failed" not in prompt(t), what="a line of an earlier session")
    t.type("\x03"); shows(t, "thaw>", "out of it")
    quit_(t)

tests = [emacs, long_line, completion, vi, words, paste, panes, mouse, garbage, picture, end, history]
try:
    for test in tests:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            print(test.__name__, flush=True)
            test()
finally:
    shutil.rmtree(work, ignore_errors=True)
