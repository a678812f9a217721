#!/usr/bin/env python3
# line.py: a person at a line, through a pseudo terminal: editing, completion, carets, interrupts, history, how it ends.
# Waits for what is printed, never for the clock.
import fcntl, gzip, json, os, pty, re, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time

THAW = os.environ["THAW"]
SLOW = 10 if os.environ.get("sanitized", "no") != "no" else 1
SMALL = 'timing off; build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 16, relu, dense 5, softmax"'
failures = 0
pair = pty.openpty()
PLAIN = termios.tcgetattr(pair[0])  # of a terminal that nobody has touched


class Line:
    def __init__(self, *args, env=None, wait=True, program=(), thaw=THAW):
        self.out, self.seen = "", 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for sig in signal.SIGINT, signal.SIGHUP:  # whoever started the tests may ignore them
                signal.signal(sig, signal.SIG_DFL)
            e = {"HOME": HOME, "TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "INPUTRC": "/dev/null"}
            for k in os.environ:
                if k.endswith("SAN_OPTIONS"):
                    e[k] = os.environ[k]
            e.update(env or {})
            argv = [*program, thaw, "--no-tui", *args]
            os.execve(argv[0], argv, e)
        if wait:
            self.expect("thaw> ")

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            raise TimeoutError
        try:
            d = os.read(self.fd, 65536)
        except OSError:
            d = b""
        if not d:
            raise EOFError
        self.out += d.decode(errors="replace")

    def expect(self, pattern):
        """Reads until the pattern comes behind what was expected before; returns the text up to its end."""
        pattern = pattern.replace("[\r\n]", "[\r\n](?:\x1b\\[K)?")  # a bar that came meanwhile leaves first
        while True:
            m = re.compile(pattern).search(self.out, self.seen)
            if m:
                text, self.seen = self.out[self.seen:m.end()], m.end()
                return text
            try:
                self.read(60 * SLOW)
            except (TimeoutError, EOFError) as x:
                unmet("expected %r, got %r (%s)" % (pattern, self.out[self.seen:][-2000:], type(x).__name__))
                return ""

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """Reads to the end; returns the status as a shell shows it."""
        try:
            while True:
                self.read(60 * SLOW)
        except EOFError:
            pass
        except TimeoutError:
            unmet("it does not end, after %r" % self.out[-500:])
            os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        if termios.tcgetattr(self.fd) != PLAIN:
            unmet("the terminal's settings are not what they were")
        os.close(self.fd)
        return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def unmet(what):
    global failures
    failures += 1
    print("not met: %s: %s" % (label, what))


def check(ok, what):
    if not ok:
        unmet(what)


def it(text):
    global label
    label = text


top = tempfile.mkdtemp(prefix="thaw-line.")
HOME = os.path.join(top, "home")
os.mkdir(HOME)
os.chdir(top)
subprocess.run(["sh", "-c", '. "$top_srcdir/tests/cli/lesson.sh"; few_images'], check=True)  # the data set few
label = ""

it("puts carets under the bad word")
t = Line()
t.type("freeze conv3\r")
text = t.expect("no layer matches")
check("\x1b[31m             ^^^^^\x1b[0m\r\n" in text, "carets under conv3: %r" % text)
t.expect("thaw> ")
t.type("data nosuch\r")  # found out by a job
text = t.expect("no data set or folder")
check("\x1b[31m           ^^^^^^\x1b[0m\r\n" in text and text.count("data nosuch") == 1, "carets under nosuch: %r" % text)
t.expect("thaw> ")
for second in "data nosuch", "predict nosuch":
    t.type('print "between"; %s\r' % second)  # what is said between hides the line, which comes again
    text = t.expect("error: ")
    check('\x1b[2m      print "between"; %s\x1b[0m\r\n\x1b[31m%s^^^^^^\x1b[0m\r\n' % (second, " " * (23 + second.index("nosuch"))) in text,
          "the line again with carets below: %r" % text)
    t.expect("thaw> ")

it("takes a line that was copied with its prompt")
t.type("thaw> print 6 * 7\r")
t.expect("[\r\n]42")
t.expect("thaw> ")
t.type("thaw> model.summary()\r")
t.expect("that is: model")
t.expect("Trainable params")
t.expect("thaw> ")
t.type("thaw> freeze conv3\r")
text = t.expect("no layer matches")
check("\x1b[31m                   ^^^^^\x1b[0m\r\n" in text, "carets under conv3, behind both prompts: %r" % text)
t.expect("thaw> ")

it("takes a line with blanks around = as it is meant")
t.type("thaw> set batch = 64; print 6 * 7\r")
t.expect("that is: set batch=64; print 6 \\* 7")
t.expect("[\r\n]batch 64")
t.expect("[\r\n]42")
t.expect("thaw> ")

it("goes on after an error and leaves by Ctrl-D with status 0")
t.type("print \"still here\"\r")
t.expect("[\r\n]still here")
t.expect("thaw> ")
t.type("\x04")
check(t.end() == 0, "status 0")
for args, line, status in ((), "quit", 0), (("-c", "bail off; nonsense", "-i"), "quit", 1), ((), "bail on; expotr", 1):
    t = Line(*args)
    t.type("nonsense; assert 1 > 2\r" if not args else "")
    t.type(line + "\r")
    check(t.end() == status, "status %d of %s" % (status, line))

it("has the workbench's own names for keys, which do nothing without it")
names = "up down right left page-up page-down home end zoom escape pause batch log-scale smooth older newer reset help".split()
rc = os.path.join(top, "inputrc")
with open(rc, "w") as f:
    for i, name in enumerate(["thaw-pane-" + n for n in names] + ["thaw-next-pane", "thaw-log-up", "thaw-log-down", "thaw-type", "thaw-ignore"]):
        f.write('"\\C-x%c": %s\n' % (97 + i, name))
    f.write('"\\C-x1": thaw-redraw\n')
t = Line(env={"INPUTRC": rc})
t.type("print " + "".join("\x18%c" % (97 + i) for i in range(len(names) + 5)) + "6 * 7\r")
text = t.expect("[\r\n]42")
t.type("print 6 \x181* 8\r")
t.expect("\x1b\\[H\x1b\\[[23]?J")
t.expect("[\r\n]48")
t.expect("thaw> ")  # before it the terminal itself takes a Ctrl-D
t.type("\x04")
check(t.end() == 0, "status 0")

it("completes commands, layers and keys")
t = Line()
t.type("freez\t fea\t\r")
t.expect("frozen: conv2d conv2d_1")
t.expect("thaw> ")
t.type("train gte5 epoc\t2 lim\t256\r")
t.expect("256 train samples")
t.expect("thaw> ")
it("takes unique prefixes")
t.type("sum\r")
t.expect("Total params: 600,165")
t.expect("thaw> ")
it("clears a line on Ctrl-C, and says how to leave on an empty one")
t.type("nonsense\x03")
t.expect("thaw> ")
t.type("\x03")
t.expect("Ctrl-D or `quit` leaves")
t.expect("thaw> ")
t.type("quit 7\r")
check(t.end() == 7, "status 7")
check("unknown command" not in t.out, "the cleared line was not run")

it("never waits for a key that Ctrl-C has taken")
t = Line()
for _ in range(20 if SLOW > 1 else 150):
    t.type("Q")
    t.expect("Q")
    t.type("z")
    t.type("\x03")
    t.expect("thaw> ")
it("runs the lines of a paste one by one")
t.type("\x1b[200~print \"one\"\nprint \"two\"\x1b[201~\r")
t.expect("[\r\n]one\r\n")
t.expect("two\r\n")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")

it("names the first of many lines that Ctrl-C holds back of a script, or drops of a paste")
t = Line()
t.type(SMALL + "\r")
t.expect("thaw> ")
with open("many.thaw", "w") as f:
    f.write("train gte5 epochs=500\n" + "".join(f"print \"number {i}\"\n# of many\n" for i in range(30)))
t.type("source many.thaw\r")
t.expect("Epoch 2/500")
t.type("\x03")
t.expect('the script stops before `print "number 0"`, 29 more lines wait; `continue` goes on there, `resume` finishes the run first, `continue again`')
t.type("\x1b[200~train gte5 epochs=500\nprint \"behind it\"\nprint \"and\"\x1b[201~\r")
t.expect("Epoch 2/500")
t.type("\x03")
text = t.expect('dropped print "behind it"; print "and"')
check("\nbehind it" not in text and "goes on" in text, "the rest of a paste: %r" % text)
t.expect("thaw> ")
with open("passes.thaw", "w") as f:  # which an error does not end, so that what is interrupted is the train
    f.write("bail off\nfreeze nothing\ntrain gte5 epochs=500; print \"behind it\"\n")
t.type("source passes.thaw\r")
t.expect("Epoch 2/500")
t.type("\x03")
t.expect("the script stops before `print \"behind it\"`; `continue` goes on there, `resume` finishes the run first, `continue again` begins with `train gte5 epochs=500`")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")

it("stops a run on Ctrl-C, drops what waits, and resumes it")
t = Line()
t.type(SMALL + "\r")
t.expect("thaw> ")
t.type("train gte5 epochs=500; print \"behind\"\r")
t.expect("Epoch 2/500")
t.type("\x03")
t.expect("interrupted in epoch|interrupted before the validation")
t.expect("dropped print \"behind\"")
t.expect("thaw> ")
t.type("resume\r")
t.expect("going on with r1")
t.expect("Epoch 3/500|Epoch 4/500")

it("looks and steers at once during a run, and lets changes wait")
t.type("print \"at once\"\n")
t.expect("[\r\n]at once")
t.type("freeze all\n")
t.expect("queued: freeze all; `now freeze all` acts at once")
t.type("lr 0.25\n")
t.expect("lr 0.25\r")
t.type("stop\n")
t.expect("interrupted")
t.expect("frozen: ")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")

it("cuts the reading of a large data set short, and keeps the one in use")
big = os.path.join(top, "big")
os.mkdir(big)
piece = gzip.compress(bytes(1 << 24), 1)
for part, many in ("train", 64), ("t10k", 1):  # a gigabyte, packed
    with open(os.path.join(big, part + "-images-idx3-ubyte.gz"), "wb") as f:
        f.write(gzip.compress(struct.pack(">4BIII", 0, 0, 8, 3, many * 256, 256, 256)) + piece * many)
    with open(os.path.join(big, part + "-labels-idx1-ubyte.gz"), "wb") as f:
        f.write(gzip.compress(struct.pack(">4BI", 0, 0, 8, 1, many * 256) + bytes(many * 256)))
def interrupt(t, line):
    t.type(line + "\r")
    while int(open("/proc/%d/statm" % t.pid).read().split()[1]) < 1 << 15:  # pages: it reads
        time.sleep(.01)
    t.type("\x03")
    t.expect(" was interrupted; nothing of it is used")
    t.expect("thaw> ")

t = Line()
interrupt(t, "data " + big)
t.type("data\r")
t.expect("data mnist: 60,000 training")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")

it("cuts it short at its first use by another command, too, with the rest of the line")
t = Line("--data", big)
for line in "train lt5; print 11 * 11", "eval lt5", "show lt5", "build mlp", "sweep lr=1 seeds=1 -- train lt5":
    interrupt(t, line)
    while int(open("/proc/%d/statm" % t.pid).read().split()[1]) >= 1 << 15:  # what was read is gone
        time.sleep(.01)
check("121" not in t.out, "a command behind the one that was interrupted")
t.type("data mnist; " + SMALL + "; train gte5 limit=64 epochs=1\r")
t.expect("Test accuracy")
t.type("quit\r")
check(t.end() == 0, "status 0")

# What Ctrl-Z stops has to be in a process group that someone can wake: a program between it and the terminal, as a shell is.
SHELL = '''import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
open(sys.argv[1], "w").write(str(pid))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
'''
for busy in False, True:
    it("stops on Ctrl-Z with the terminal as it was, and goes on with fg, " + ("in a run" if busy else "at the prompt"))
    note = os.path.join(top, "pid")
    if os.path.exists(note):
        os.unlink(note)
    t = Line(program=[sys.executable, "-c", SHELL, note])
    pid = int(open(note).read())
    if busy:
        t.type(SMALL + "; train gte5 epochs=500\r")
        t.expect("Epoch 2/500")
    else:
        t.type("print 6 * 7")
        t.expect("6 \\* 7")
    t.type("\x1a")
    while open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[0] != "T":
        try:
            t.read(.05)
        except TimeoutError:
            pass
    check(termios.tcgetattr(t.fd) == PLAIN, "the terminal's settings are not what they were")
    t.seen = len(t.out)
    os.kill(pid, signal.SIGCONT)
    if busy:
        t.expect("Epoch [0-9]+/500")
        t.type("\x03")
        t.expect("interrupted")
        t.expect("thaw> ")
    else:
        t.expect("thaw> .*6 \\* 7")
        t.type("\r")
        t.expect("[\r\n]42")
        t.expect("thaw> ")
    t.type("quit\r")
    check(t.end() == 0, "status 0")

it("lays out what it says for the width of now")
t = Line()
for columns in 100, 60, 84:
    fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    t.type("model\r")
    text = t.expect("Non-trainable params.*\n")
    t.expect("thaw> ")
    check(max(len(row) for row in text.split("\r\n") if "┃" in row or "━" in row) == min(88, columns - 4), "%d columns: %r" % (columns, text))
fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
t.type("train gte5 limit=1500 epochs=1\r")
text = t.expect("Test accuracy")
t.expect("thaw> ")
bars = re.findall("\r([^\r\n]*/[^\r\n]*step[^\r\n]*)\x1b\\[K", text)
check(bars and max(len(re.sub("\x1b\\[[0-9;]*m", "", bar)) for bar in bars) <= 59, "bars in 60 columns: %r" % bars[:3])

it("ends lines at words")
t.type('print "%s"\r' % " ".join(["seven77"] * 20))
t.expect("[\r\n](\x1b\\[K)?" + " ".join(["seven77"] * 7) + "\r\n" + " ".join(["seven77"] * 7) + "\r\n" + " ".join(["seven77"] * 6) + "\r\n")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")

it("quits out of a run")
t = Line()
t.type("train gte5 epochs=500\r")
t.expect("Epoch 1/500")
t.type("quit 5\n")
check(t.end() == 5, "status 5")

saved = os.path.join(HOME, ".local/state/thaw/autosave.safetensors")
def forget():
    """What earlier sessions left."""
    for name in os.listdir(os.path.dirname(saved)):
        if name.startswith("autosave"):
            os.unlink(os.path.join(os.path.dirname(saved), name))

for sig in (signal.SIGTERM, signal.SIGHUP):
    it("keeps the work of a run and the terminal's settings on %s" % sig.name)
    forget()
    t = Line()
    t.type(SMALL + "\r")
    t.expect("thaw> ")
    t.type("train gte5 epochs=500\r")
    t.expect("Epoch 2/500")
    os.kill(t.pid, sig)
    check(t.end() == 128 + sig, "status %d" % (128 + sig))
    check(os.path.exists(saved), "an autosave")
    it("offers it at the next start")
    t = Line(wait=False)
    t.expect("an earlier session ended unsaved")
    t.expect("thaw> ")
    t.type("\x04")
    check(t.end() == 0, "status 0")

for leave in ("quit\r", "\x04"):
    forget()
    it("keeps a run that is in no file when %r leaves, and says so once" % leave)
    t = Line()
    t.type(SMALL + "\r")
    t.expect("thaw> ")
    t.type("train gte5 limit=128 epochs=1\r")
    t.expect("Test accuracy")
    t.expect("thaw> ")
    t.type(leave)
    check(t.end() == 0, "status 0")
    check(os.path.exists(saved), "an autosave")
    t = Line(wait=False)
    t.expect("an earlier session ended unsaved")
    t.expect("thaw> ")
    t.type("\x04")
    check(t.end() == 0, "status 0")
    t = Line()
    check("ended unsaved" not in t.out, "said once")
    t.type("load autosave; save mine.safetensors\r")
    t.expect("wrote mine.safetensors")
    t.expect("thaw> ")
    t.type("quit\r")
    check(t.end() == 0, "status 0")
    check(not os.path.exists(saved), "what is in a file is not kept once more")

forget()

it("stays once where the session cannot be saved, and says why")
with open("file", "w") as f:
    pass
for leave, saves in ("quit\r", False), ("\x04", True):
    t = Line(env={"XDG_STATE_HOME": os.path.join(top, "file")})
    t.type(SMALL + "\r")
    t.expect("thaw> ")
    t.type("train gte5 limit=128 epochs=1\r")
    t.expect("Test accuracy")
    t.expect("thaw> ")
    t.type(leave)
    text = re.sub(r"\s+", " ", t.expect("thaw> "))
    check("the session is not saved: %s/file/thaw cannot be made: Not a directory; name another folder by XDG_STATE_HOME" % top in text,
          "why: %r" % text)
    check("`save FILE` keeps the session; `quit` once more leaves it unsaved" in text, "a way out: %r" % text)
    if saves:
        t.type("save stayed.safetensors\r")
        t.expect("wrote stayed")
        t.expect("thaw> ")
    seen = len(t.out)
    t.type("quit\r")
    check(t.end() == 0 and ("not saved" in t.out[seen:]) != saves, "status 0, and whether it is lost")
os.unlink("stayed.safetensors")

it("keeps the work of each of two sessions that end together")
both = []
for epochs in (2, 3):
    t = Line()
    t.type(SMALL + "\r")
    t.expect("thaw> ")
    t.type("train gte5 limit=128 epochs=%d\r" % epochs)
    t.expect("Test accuracy")
    t.expect("thaw> ")
    both.append(t)
for t in both:
    os.kill(t.pid, signal.SIGHUP)
for t in both:
    check(t.end() == 129, "status 129")
second = saved.replace("autosave", "autosave-2")
loaded = saved.replace("autosave", "autosave-loaded")
check("saved the session" in both[0].out and "saved the session" in both[1].out, "both say so")
check(os.path.exists(saved) and os.path.exists(second), "two files")
os.utime(saved, (1, 1))
it("offers the newest, brings it back by its word, and no second time")
a = Line(wait=False)
a.expect("`load autosave` brings it back")
a.expect("1 more lies beside it")
a.expect("thaw> ")
a.type("load autosave\r")
a.expect("loaded .*autosave-2.safetensors")
a.expect("thaw> ")
b = Line(wait=False)  # what another has is not offered
b.expect("thaw> ")
check("an earlier session" not in b.out, "said once")
b.type("load autosave\r")
b.expect("loaded .*autosave.safetensors")
b.expect("thaw> ")
b.type("load autosave\r")
b.expect("no session at a terminal ended unsaved, or another has its work")
b.expect("thaw> ")
os.kill(b.pid, signal.SIGTERM)
check(b.end() == 143, "status 143")
a.type("\x04")
check(a.end() == 0, "status 0")
check(os.path.exists(saved) and not os.path.exists(second) and os.path.exists(loaded), "its own replaced, the other put aside")
t = Line(wait=False)
check("more lies" not in t.expect("thaw> "), "one is left")
t.type("load autosave\r")
t.expect("loaded .*autosave.safetensors")
t.expect("thaw> ")
t.type("\x04")
t.end()
t = Line()
check("an earlier session" not in t.out, "none is left")
t.type("\x04")
t.end()

it("ends at the prompt on SIGTERM, with the terminal as it was")
t = Line(wait=False)
t.expect("thaw> ")
os.kill(t.pid, signal.SIGTERM)
check(t.end() == 143, "status 143")

it("shares the history of two sessions without loss")
a, b = Line(), Line()
a.type("print \"first\"\r")
a.expect("[\r\n]first")
b.type("print \"second\"\r")
b.expect("[\r\n]second")
a.expect("thaw> ")
b.expect("thaw> ")
a.type("\x04")
b.type("\x04")
a.end()
b.end()
with open(os.path.join(HOME, ".local/state/thaw/history")) as f:
    lines = f.read().split("\n")
check('print "first"' in lines and 'print "second"' in lines, "both lines: %r" % lines[-6:])
it("finds a line of an earlier session")
t = Line()
t.type("\x12first\r")
t.expect("[\r\n]first")
t.expect("thaw> ")
t.type("\x04")
t.end()

it("says at the start that nothing is kept of a person who has no folder")
nobody = (sys.executable, "-c", "import os, sys; os.setuid(54321); os.execv(sys.argv[1], sys.argv[1:])")
os.chmod(top, 0o755)
if subprocess.run([*nobody, THAW, "--version"], capture_output=True).returncode == 0:
    for args, said in ((), "no run is kept, and a session that ends unsaved is lost"), (("--project", "named"), "a session that ends"):
        t = Line(*args, env={"HOME": ""}, program=nobody)
        check("no HOME and no XDG_STATE_HOME: " + said in re.sub(r"\s+", " ", t.out), "a warning: %r" % t.out)
        t.type("\x04")
        check(t.end() == 0, "status 0")

it("leaves a history and an init file alone that are pipes")
odd = os.path.join(top, "odd")
for name in ".local/state/thaw/history", ".config/thaw/init":
    os.makedirs(os.path.dirname(os.path.join(odd, name)))
    os.mkfifo(os.path.join(odd, name))
t = Line(env={"HOME": odd})
t.type("print 12*12\r")
t.expect("[\r\n]144")
t.expect("thaw> ")
t.type("\x04")
check(t.end() == 0, "status 0")

it("reads the init file, unless told not to")
os.makedirs(os.path.join(HOME, ".config/thaw"))
with open(os.path.join(HOME, ".config/thaw/init"), "w") as f:
    f.write('set epochs 3\nprint "from init"\n')
t = Line(wait=False)
t.expect("from init")
t.expect("thaw> ")
t.type("\x04")
t.end()
t = Line("--no-init")
t.type("\x04")
t.end()
check("from init" not in t.out, "no init")

it("reads the init file of the site before that, from beside an installation wherever that is, and no other")
moved = os.path.join(top, "moved")
for folder in "bin", "etc/thaw", "share":
    os.makedirs(os.path.join(moved, folder))
shutil.copy(THAW, os.path.join(moved, "bin/thaw"))
os.symlink(os.path.join(os.path.abspath(os.environ["top_srcdir"]), "assets"), os.path.join(moved, "share/thaw"))
site = os.path.join(moved, "etc/thaw/init")
out = subprocess.run([os.path.join(moved, "bin/thaw"), "--help"], env={"HOME": HOME, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True).stdout
check(site in out, "--help names it while there is none: %r" % out)
with open(site, "w") as f:
    f.write('set epochs 7\nset batch 77\nprint "from the site"\n')
def start(*args):
    t = Line(*args, wait=False, thaw=os.path.join(moved, "bin/thaw"))
    t.expect("thaw> ")
    t.type("set epochs; set batch\r")
    t.expect("batch *\\d+")
    t.expect("thaw> ")
    t.type("\x04")
    check(t.end() == 0, "status 0")
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", t.out)
out = start()
check(0 <= out.find("from the site") < out.find("from init"), "the site's first")
check(re.search(r"epochs +3\b", out) and re.search(r"batch +77\b", out), "the user's has the last word")
for option in "--no-init", "--safe":
    out = start(option)
    check("from the site" not in out and "from init" not in out and not re.search(r"batch +77\b", out), f"{option}: none")
os.makedirs(os.path.join(top, "tree"))
shutil.copy(THAW, os.path.join(top, "tree/thaw"))  # in no folder bin: an etc beside it may be anybody's
os.makedirs(os.path.join(top, "etc/thaw"))
shutil.copy(site, os.path.join(top, "etc/thaw/init"))
t = Line(thaw=os.path.join(top, "tree/thaw"), env={"THAW_ASSETS": os.path.join(moved, "share/thaw")})
t.type("\x04")
check(t.end() == 0 and "from the site" not in t.out, "no foreign one")
out = subprocess.run([os.path.join(moved, "bin/thaw"), "-c", "set batch"], env={"HOME": HOME, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
check(out.returncode == 0 and "from the site" not in out.stdout and "77" not in out.stdout, "a batch reads none")
it("goes on with the user's own where the one of the site has an error, and names the file")
with open(site, "w") as f:
    f.write('bail on\nset batch 78\nset nonsense 1\nset epochs 9\n')
out = start()
check("etc/thaw/init:3: error:" in out and "from init" in out, "the error, and the user's own")
check(re.search(r"epochs +3\b", out) and re.search(r"batch +78\b", out), "what came before it")
it("goes on behind an error in an init file, names its line, and offers no `continue`")
with open(site, "w") as f:
    f.write('set batch 78\nnonsense; set rho 0.5\nfreeze conv3\nprint "behind"\n')
out = start()
check("etc/thaw/init:2: error:" in out and "etc/thaw/init:3: error:" in out and "behind" in out and "from init" in out, "both errors: %r" % out)
check("continue" not in out and "dropped" not in out and re.search(r"batch +78\b", out), "no note: %r" % out)
out = subprocess.run([THAW, "--check", site], capture_output=True, text=True)
check(out.returncode == 1 and out.stderr.count("error:") == 2, "thaw --check finds both: %r" % out.stderr)
it("says in its own words that an init file cannot be read")
os.unlink(site)
os.mkdir(site)
out = start()
check("etc/thaw/init is no file of commands; move it away" in re.sub(r"\s+", " ", out) and "path of a script" not in out, "a folder: %r" % out)
os.rmdir(site)
with open(site, "w") as f:
    f.write('print "hidden"\n')
os.chmod(site, 0)
if not os.access(site, os.R_OK):
    out = start()
    check("etc/thaw/init: Permission denied; make it readable" in re.sub(r"\s+", " ", out), "no right: %r" % out)
os.chmod(site, 0o644)
shutil.rmtree(os.path.join(top, "etc"))

it("has no colour where it is not wanted")
for env, args in (({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("--color", "never"))):
    t = Line("--no-init", *args, env=env)
    t.type("nonsense\r")
    t.expect("unknown command")
    t.expect("thaw> ")
    t.type("train gte5 epochs=1 limit=256\r")
    t.expect("Test accuracy")
    t.expect("thaw> ")
    t.type("\x04")
    t.end()
    check(not re.search(r"\x1b\[[0-9;]*m", t.out), "%r %r" % (env, args))

it("draws in ASCII on a terminal that has little else, until a setting says otherwise")
for name in "linux", "vt100":
    t = Line("--no-init", "-c", SMALL, "-i", env={"TERM": name})
    t.type("model; train gte5 epochs=2 limit=256; plot; predict test:0\r")
    t.expect("predicted")
    t.expect("thaw> ")
    check(t.out.isascii() and "+---" in t.out, "%s: %r" % (name, t.out))
    t.type("set glyphs block; model\r")
    t.expect("┏━")
    t.expect("thaw> ")
    t.type("\x04")
    t.end()
check(not subprocess.run([THAW, "-c", "model"], capture_output=True, text=True, env=dict(os.environ, TERM="linux", LC_ALL="C.UTF-8")).stdout.isascii(),
      "a file has what the locale has")

it("moves a bar through a batch that a person watches, and shortens it for the figures of an epoch")
t = Line("-c", SMALL.replace("timing off", "set timing on"), "-c", "train gte5 epochs=3", wait=False) # long enough to be seen
fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
check(t.end() == 0, "status 0")
check(re.search(r"\r +\d+/230 .*accuracy: .*\x1b\[K", t.out), "a bar that moves")
check(re.search(r"230/230 [^\r]*- val_loss: [0-9.]+\r\n", t.out), "the line of the epoch, whole")

it("says how far the trials of a sweep or a comparison are, by the same phrase")
for timing, left in ("on", ", [0-9]+s left"), ("off", ""):
    t = Line("--threads", "1", "-c", SMALL.replace("timing off", "timing " + timing), "-c", "sweep epochs=1,2 seeds=1 -- train lt5 limit=64",
             "-c", "compare modes lt5 modes=scratch limit=64 seeds=2 epochs=2", wait=False)
    check(t.end() == 0, "status 0")
    for what in "sweep", "compare":
        for phrase in "0 of 2 trials", "1 of 2 trials" + left:
            check(re.search("\r%s: %s\x1b\\[K" % (what, phrase), t.out), "%s: %s, timing %s: %r" % (what, phrase, timing, t.out[-1500:]))
    check(re.search("\r\x1b\\[K[^\r]*reset|\r\x1b\\[K[^\r]*train lt5", t.out), "the line leaves")

it("ends lines of errors at words as well, but not in a file")
for to in "", "2>err.txt":
    t = Line("-c", "freeze nothing", program=("/bin/sh", "-c", 'stty cols 60; exec "$@" ' + to, "sh"), wait=False)
    check(t.end() == 1, "status 1")
    text = open("err.txt").read() if to else t.out
    lines = re.sub("\x1b\\[[0-9;]*m", "", text).splitlines()
    check(len(lines[0]) > 60 if to else max(map(len, lines)) <= 60, "lines of errors: %r" % lines)

it("writes a notebook that runs again where runs were cut: one that went on, one that did not, one that was stopped")
t = Line()
for line, answer in (("data few; " + SMALL + "\r", "5 classes"), ("train gte5 epochs=40\r", 0), ("\x03", "interrupted"), ("print \"between\"\r", "[\r\n]between"),
                     ("resume\r", "Test accuracy"), ("assert epochs == 40\r", ""), ("train lt5 epochs=1\r", "Test accuracy"),
                     ("train gte5 epochs=3000\r", 0), ("stop\n", "interrupted"), ("train lt5 epochs=2000\r", 0), ("\x03", "interrupted"),
                     ("train gte5 epochs=1\r", "Test accuracy"), ("export ipynb cut.ipynb\r", "wrote cut.ipynb")):
    t.type(line)
    t.expect(answer + r"[\s\S]*?thaw> " if answer != 0 else "Epoch 2/")  # a key that comes before the prompt may be lost
t.type("\x04")
check(t.end() == 0, "status 0")
with open("cut.ipynb") as f:
    cells = ["".join(c["source"]) for c in json.load(f)["cells"] if c["cell_type"] == "code"]
for text in (r"# The run was cut (in|before) .*epoch \d+/40.*, and went on below; run again it is in one piece, to the same bits\.\ntrain gte5 epochs=40",
             r"# it went on with the run above, which is whole here\n# resume", r"# The run was cut .* \d+/3000.* did not go on from there\. Run again.*\ntrain gte5 epochs=3000",
             r"# it steered the run that went on\n# stop", r"# The run was cut .* \d+/2000.* did not go on from there\. Run again.*\ntrain lt5 epochs=2000"):
    check(any(re.search(text, c) for c in cells), "a cell as %r in %r" % (text, cells))
with open("cut.ipynb") as f:
    book = f.read()
with open("cut.ipynb", "w") as f: # so much need not be trained here
    f.write(book.replace("epochs=3000", "epochs=1").replace("epochs=2000", "epochs=1"))
again = subprocess.run([THAW, "cut.ipynb"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
check(again.returncode == 0 and "Test accuracy" in again.stdout, "it runs again: %d %r" % (again.returncode, again.stderr))

it("shows that a line of Python goes on, and how it ends")
t = Line("--no-init")
t.type("model.fit(x_train_lt5, y_train_lt5, epochs=1,\r")
t.expect(r"\.\.\.   ")
t.type("  batch_size=64\r")
t.expect(r"\.\.\.   ")
t.type("\r")
t.expect(r'\( was not closed in "model.fit\(x_train_lt5, y_train_lt5, epochs=1, batch_size=64"')
t.expect("thaw> ")
t.type("model.compile(\r")
t.expect(r"\.\.\.   ")
t.type("\x03")
t.expect(r'given up: "model.compile\("')
t.expect("thaw> ")
t.type("for l in feature_layers:\r")
t.expect(r"\.\.\.   ")
t.type("    l.trainable = False\r")
t.expect("frozen: conv2d")
t.expect(r"\.\.\.   ")
t.type("\r")
t.expect("thaw> ")
t.type("\x1b[200~model.compile(\n\n  optimizer='sgd'\n   \n)\x1b[201~\r")  # a paste goes on at empty lines
t.expect("that is: compile optimizer=sgd")
t.expect("thaw> ")
t.type("print('hello)\r")
t.expect("the quote ' is not closed")
t.expect("thaw> ")
t.type("model.summary(\r")
t.expect(r"\.\.\.   ")
t.type(")\r")
t.expect("that is: model")
t.expect("thaw> ")
t.type("\x04")
check(t.end() == 0, "status 0")

it("runs scripts first and stays with -i")
with open("s.thaw", "w") as f:
    f.write('print "script"\n')
t = Line("--no-init", "-i", "s.thaw")
check("script" in t.out, "the script ran")
t.type("\x04")
check(t.end() == 0, "status 0")

it("takes a piece of a line during a run, and its rest, and lays out what it says for the width of then")
t = Line("--no-init")
t.type(SMALL + "\r")
t.expect("thaw> ")
t.type("train gte5 epochs=500\r")
t.expect("Epoch 2/500")
t.type("print 6 *")
t.type("\x04")  # the terminal hands over what there is
t.type(" 7\n")
t.expect("[\r\n](\x1b\\[K)?42")  # a bar that came meanwhile leaves first
fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
t.type('print "%s"\n' % " ".join(["seven77"] * 10))
t.expect("[\r\n](\x1b\\[K)?" + " ".join(["seven77"] * 7) + "\r\n" + " ".join(["seven77"] * 3) + "\r\n")
it("leaves a run that is paused when Ctrl-D says that nobody is there, and keeps its work")
t.type("pause\n")
t.expect("pausing behind this batch")
t.type("\x04")
check(t.end() == 0, "status 0")
check(re.search("interrupted (in|before)", t.out) and "thaw: saved the session" in t.out, "the end: %r" % t.out[-500:])

it("goes on to the end of a run when Ctrl-D has said that nobody is there")
t = Line("--no-init")
t.type("data few; " + SMALL + "; train gte5 epochs=40\r")
t.expect("Epoch 1/40")
t.type("\x04")
check(t.end() == 0, "status 0")
check("40/40" in t.out and "Test accuracy" in t.out and t.out.count("thaw> ") == 1, "the end: %r" % t.out[-500:])

it("drops what is left of a paste where a line ends the session")
for paste, status in ("quit 3\nprint 6 * 7", 3), ("bail on\nfreeze nosuch\nprint 6 * 7", 1):
    t = Line("--no-init")
    t.type("\x1b[200~%s\x1b[201~\r" % paste)
    check(t.end() == status, "status %d" % status)
    check(not re.search(r"[\r\n]42", t.out), "what is behind it: %r" % t.out)

it("halts a script at its pauses, where blanks go on as Enter does")
with open("halts.thaw", "w") as f:
    f.write('pause "A word"\nprint 11 * 11\npause\nprint 12 * 12\n')
t = Line("--no-init")
t.type("source halts.thaw\r")
t.expect("A word")
t.expect("-- Enter goes on")
t.type("print 6 * 7\r")
t.expect("[\r\n]42")
t.expect("-- Enter goes on")
t.type("  \r")
t.expect("[\r\n]121")
t.expect("-- Enter goes on")
t.type("\r")
t.expect("[\r\n]144")
t.expect("thaw> ")
it("ends at a pause by Ctrl-D")
t.type("source halts.thaw\r")
t.expect("-- Enter goes on")
t.type("\x04")
check(t.end() == 0, "status 0")

it("lets options of the command line win over an init file, of which nothing is said")
config = os.path.join(top, "config")
os.makedirs(os.path.join(config, "thaw"))
with open(os.path.join(config, "thaw", "init"), "w") as f:
    f.write("set threads 2\nset seed 7; set color never\nset width 70\nsource %s/more.thaw\n" % top)
with open("more.thaw", "w") as f:
    f.write("set seed 8; data fashion\n")
ours = {"XDG_CONFIG_HOME": config}
with open("stay.thaw", "w") as f:
    f.write("print 7*11\n")
for more in [], ["-i", "stay.thaw"]:
    t = Line("--threads", "1", "--seed", "99", "--color", "always", "--data", "few", *more, env=ours)
    check("threads" not in t.out and "seed" not in t.out and "width" not in t.out, "nothing is said: %r" % t.out)
    t.type("set threads; set seed; set color; set width; show config\r")
    text = t.expect("thaw> ")
    for key, value in ("threads", "1"), ("seed", "99"), ("color", "always"), ("width", "70"):
        check(re.search(r"%s +%s " % (key, value), text), "%s %s: %r" % (key, value, text))
    check("data few" in text, "data few: %r" % text)
    t.type("set seed 3; set threads 2; set seed; set threads\r")
    text = t.expect("thaw> ")
    check(re.search("seed +3 ", text) and re.search("threads +2 ", text), "who types changes it: %r" % text)
    t.type("quit\r")
    check(t.end() == 0, "status 0")
t = Line(env=ours)
t.type("set threads; set seed\r")
text = t.expect("thaw> ")
check(re.search("seed +8 ", text) and re.search("threads +2 ", text), "without options the file holds: %r" % text)
t.type("\x04")
check(t.end() == 0, "status 0")
os.unlink(os.path.join(config, "thaw", "init"))

it("has in the history what is typed while a run goes on")
t = Line()
t.type(SMALL + "\r")
t.expect("thaw> ")
t.type("train gte5 epochs=500\r")
t.expect("Epoch 2/500")
t.type("print 6 * 111\n")
t.expect("666")
t.type("stop\n")
t.expect("interrupted in epoch")
t.expect("thaw> ")
t.type("\x1b[A\x1b[A\r")
t.expect("print 6 \\* 111")
t.expect("666")
t.expect("thaw> ")
t.type("quit\r")
check(t.end() == 0, "status 0")
check("epochs=500\nprint 6 * 111\nstop\n" in open(os.path.join(HOME, ".local/state/thaw/history")).read(), "the file")

it("keeps nothing by itself where keep is off, and stays once")
with open(os.path.join(config, "thaw", "init"), "w") as f:
    f.write("set keep off\n")
state = os.path.join(top, "state")
nothing = {"XDG_CONFIG_HOME": config, "XDG_STATE_HOME": state}
for sig in None, signal.SIGTERM:
    t = Line(env=nothing)
    t.type(SMALL + "\r")
    t.expect("thaw> ")
    t.type("train gte5 limit=128 epochs=1; runs\r")
    t.expect("Test accuracy")
    t.expect("thaw> ")
    if sig is not None:
        t.type("train gte5 epochs=500\r")
        t.expect("Epoch 2/500")
        os.kill(t.pid, sig)
        text = t.expect("interrupted in epoch .*")
        check("nothing is kept, since `keep` is off" in text, "what becomes of it: %r" % text)
        check(t.end() == 128 + sig, "status")
    else:
        t.type("quit\r")
        text = re.sub(r"\s+", " ", t.expect("thaw> "))
        check("`keep` is off: `save FILE` keeps the session; `quit` once more leaves it unsaved" in text, "asks: %r" % text)
        t.type("quit\r")
        check(t.end() == 0, "status 0")
    check(os.listdir(os.path.join(state, "thaw")) == ["history"], "the history alone: %s" % os.listdir(os.path.join(state, "thaw")))
t = Line("--project", "keeps", env=nothing)
t.type(SMALL + "; train gte5 limit=128 epochs=1\r")
t.expect("Test accuracy")
t.expect("thaw> ")
check(len(os.listdir("keeps/runs")) == 1, "a run in the store of --project")
t.type("quit\rquit\r")
check(t.end() == 0, "status 0")
t = Line(env=nothing)
t.type(SMALL + "; set keep on; train gte5 limit=128 epochs=1\r")
t.expect("Test accuracy")
t.expect("thaw> ")
check(len(os.listdir(os.path.join(state, "thaw", "runs"))) == 1, "a run, since it was set on")
t.type("quit\r")
check(t.end() == 0 and os.path.exists(os.path.join(state, "thaw", "autosave.safetensors")), "an autosave")
os.unlink(os.path.join(config, "thaw", "init"))

it("leaves no history of a session that is --safe")
t = Line("--safe")
t.type("print 6 * 77\r")
t.expect("[\r\n]462")
t.expect("thaw> ")
t.type("\x04")
check(t.end() == 0, "status 0")
history = os.path.join(HOME, ".local/state/thaw/history")
check(not os.path.exists(history) or "6 * 77" not in open(history).read(), "no line of it")

shutil.rmtree(top)
sys.exit(failures != 0)
