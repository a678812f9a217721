#!/usr/bin/python3
"""signals.py: however the workbench ends or pauses in the middle of a run, the terminal is as before, the work is kept and the status is
right; terminals and locales that are odd or missing give a screen or one line."""
import fcntl, os, re, resource, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time
sys.dont_write_bytecode = True
from term import Pty, Tmux, small_data, wanted

resource.setrlimit(resource.RLIMIT_CORE, (0, 0)) # some of the signals here leave a core
thaw = os.environ.get("THAW", "./thaw")
sanitized = os.environ.get("sanitized", "no") != "no"
pyte = wanted()
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
autosave = os.path.join(work, "state/thaw/autosave.safetensors")

def open_(run=True, argv=(), cols=80, rows=24, pyte=None, **env):
    shutil.rmtree(os.path.join(work, "state"), ignore_errors=True)
    env = dict(XDG_STATE_HOME=os.path.join(work, "state"), XDG_CONFIG_HOME=os.path.join(work, "config"), **env)
    t = Pty([thaw, *argv, *(["--data", data] if run else [])], cols, rows, env=env, pyte=pyte)
    t.until(lambda: b"thaw> " in t.log, what="the prompt")
    if run:
        t.type("train gte5 epochs=100000\r")
        # From then on there is history to keep. Epochs that take less than a frame are not all to be seen.
        t.until(lambda: any(int(n) >= 3 for n in re.findall(rb"[Ee]poch (\d+)/100000", t.log)), 120, what="a run in its third epoch")
    return t

def check(condition, what, t=None):
    if not condition:
        raise SystemExit(f"FAIL: {what}" + (f"\n{t.log[-800:]!r}" if t else ""))

def as_before(t, what):
    check(t.modes() == t.before, f"{what}: the terminal's settings are not as before")

def ends(sig, kept):
    t = open_()
    t.proc.send_signal(sig)
    status = t.end(60)
    check(status == -sig, f"{sig.name}: status {status} and not {-sig}", t)
    as_before(t, sig.name)
    check(b"\x1b[?1049l" in t.log and b"\x1b[?2004l" in t.log, f"{sig.name}: the screen is not left", t)
    rest = t.log[t.log.rindex(b"\x1b[?1049l"):]
    check(not kept or all(word in rest for word in (b"accuracy", b"600,165", b"non-trainable")), f"{sig.name}: curves and totals do not stay behind", t)
    if kept:
        check(os.path.exists(autosave), f"{sig.name}: nothing was saved", t)
        check(subprocess.run([thaw, "-c", f"load {autosave}"], capture_output=True).returncode == 0, "the autosave does not load")
    t.close()

def terminate(): ends(signal.SIGTERM, True)
def hang_up(): ends(signal.SIGHUP, True)
def quit_signal(): ends(signal.SIGQUIT, False)
def any_other_signal():
    """Batch queues send SIGUSR1 and SIGXCPU, a power supply SIGPWR: whatever ends a program by default ends this one in order."""
    names = "USR1 USR2 XCPU XFSZ ALRM VTALRM PROF PWR IO SYS TRAP STKFLT RTMIN RTMAX".split()
    for name in names if not sanitized else names[:2]:
        if hasattr(signal, "SIG" + name):
            ends(signal.Signals["SIG" + name], True)
def crash():
    if not sanitized:
        ends(signal.SIGSEGV, False)

def early_crash():
    """As soon as the terminal is told anything: what has begun is taken back. A crash just before the first frame takes back what has not."""
    for _ in range(0 if sanitized else 10):
        t = Pty([thaw, "--data", data], env=dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work))
        t.until(lambda: t.bytes > 0, what="the first byte")
        t.proc.send_signal(signal.SIGSEGV)
        check(t.end() == -signal.SIGSEGV, f"status {t.proc.returncode} of a crash", t)
        as_before(t, "a crash at the start")
        check(t.log.count(b"\x1b[?1049h") <= t.log.count(b"\x1b[?1049l") <= 1 and t.log.count(b"\x1b[?2004h") <= t.log.count(b"\x1b[?2004l"),
              "a crash at the start: the screen is not left", t)
        t.close()

def interrupt():
    t = open_()
    t.type("eval lt5\r")
    t.until(lambda: b"then: eval lt5" in t.log, what="a waiting command")
    t.log = b""
    t.type("garb")
    t.until(lambda: b"garb" in t.log, what="the echo")
    t.type("\x03")
    t.until(lambda: b"\x1b[24;7H\x1b[K" in t.log or b"\x1b[24;7H" in t.log.split(b"garb")[1], what="the line cleared")
    t.pump(.5)
    check(t.proc.poll() is None and b"interrupted" not in t.log and b"dropped" not in t.log, "Ctrl-C with text on the line does more than clear it", t)
    t.type("\x03")
    t.until(lambda: b"resume" in t.log, what="how to go on after an interrupt")
    t.until(lambda: b"dropped eval lt5" in t.log, what="what was dropped")
    t.type("quit\r")
    check(t.end() == 0, f"status {t.proc.returncode} after an interrupt and quit", t)
    as_before(t, "interrupt")
    t.close()

# What a shell does: a group of its own in the foreground. Without it nobody could let a stopped program go on, and none would stop.
SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
open(sys.argv[1], "w").write(str(pid))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""

def suspend():
    global thaw
    note, program = os.path.join(work, "pid"), thaw
    thaw = sys.executable
    try:
        t = open_(argv=["-c", SHELL, note, program])
    finally:
        thaw = program
    pid = int(open(note).read())
    t.type("\x1a")
    end = time.time() + 20
    while open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "T":
        check(time.time() < end, "Ctrl-Z does not stop it", t)
        t.pump(.05)
    as_before(t, "suspended")
    t.log = b""
    os.kill(pid, signal.SIGCONT)
    t.until(lambda: b"thaw> " in t.log and b"\x1b[?2004h" in t.log, what="the screen after SIGCONT")
    t.type("\x04y")
    check(t.end() == 0, "Ctrl-D, y", t)
    as_before(t, "Ctrl-D")
    t.close()

def stop_signal():
    """SIGSTOP cannot be caught; whoever had the terminal meanwhile may have drawn on it and left other settings."""
    t = open_()
    t.proc.send_signal(signal.SIGSTOP)
    end = time.time() + 20
    while open(f"/proc/{t.proc.pid}/stat").read().rsplit(")", 1)[1].split()[0] != "T":
        check(time.time() < end, "SIGSTOP does not stop it", t)
        t.pump(.05)
    t.pump(.1)
    ours = t.modes()
    termios.tcsetattr(t.slave, termios.TCSANOW, t.before)
    t.log = b""
    t.proc.send_signal(signal.SIGCONT)
    t.until(lambda: b"non-trainable" in t.log and b"accuracy" in t.log, what="the whole screen after SIGCONT")
    t.until(lambda: t.modes() == ours, what="the settings that it needs")
    t.type("\x04y")
    check(t.end() == 0, "Ctrl-D, y", t)
    as_before(t, "SIGSTOP, SIGCONT")
    t.close()

def closed_pipe():
    """Whoever reads a script's output goes away in the middle of a run."""
    shutil.rmtree(os.path.join(work, "state"), ignore_errors=True)
    p = subprocess.Popen([thaw, "--data", data, "-c", "train gte5 epochs=100000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=work,
                         stdin=subprocess.DEVNULL)
    for row in p.stdout:
        if b"Epoch 3/" in row:
            break
    p.stdout.close()
    p.stderr.read()
    check(p.wait() == 141, f"a closed pipe: status {p.returncode}")
    kept = os.path.join(work, "thaw-autosave.safetensors")
    check(os.path.exists(kept), "a closed pipe: nothing was saved")
    check(subprocess.run([thaw, "-c", f"load {kept}"], capture_output=True).returncode == 0, "what a closed pipe left does not load")

def held_up(look, what, more=lambda: None):
    """Until look() has given the same for half a second, and not nothing: whoever writes there waits."""
    begin = since = time.time()
    last = None
    while time.time() < since + .5:
        check(time.time() < begin + 60, f"{what} does not fill up")
        now = look()
        if not now or now != last:
            last, since = now, time.time()
            more()
        select.select([], [], [], .02)

def unread(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]

def not_read():
    """Nobody reads the terminal of a workbench (a stopped ssh), nor the pipe of a script: both end all the same, and keep the work."""
    t = open_(cols=300, rows=100)
    t.log = b""
    held_up(lambda: not select.select([], [t.slave], [], 0)[1], "a terminal that nobody reads", lambda: t.size(300, 199 - t.rows))
    reads, writes = os.pipe()
    fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
    kept = os.path.join(work, "unread", "thaw-autosave.safetensors")
    os.mkdir(os.path.dirname(kept))
    trained = os.path.join(os.path.dirname(kept), "trained.csv")
    p = subprocess.Popen([thaw, "--data", data, "-c", f"train gte5 epochs=2; export csv {trained}", "-c", "model;" * 100], stdout=writes,
                         stderr=subprocess.DEVNULL, cwd=os.path.dirname(kept), stdin=subprocess.DEVNULL)
    held_up(lambda: os.path.exists(trained) and unread(reads), "a pipe that nobody reads")
    for proc in (t.proc, p):
        proc.send_signal(signal.SIGTERM)
    for proc, path, what in ((t.proc, autosave, "a workbench whose terminal nobody reads"), (p, kept, "a script whose output nobody reads")):
        try:
            status = proc.wait(30)
        except subprocess.TimeoutExpired:
            for each in (t.proc, p):
                each.kill()
            check(False, f"{what} does not end")
        check(status == -signal.SIGTERM, f"{what}: status {status}")
        check(os.path.exists(path), f"{what}: nothing was saved")
        check(subprocess.run([thaw, "-c", f"load {path}"], capture_output=True).returncode == 0, f"{what}: the autosave does not load")
    t.pump(.05)
    check(b"\x1b[?1049l" in t.log and b"saved the session" in t.log, "not read: the terminal is not restored for whoever reads it later", t)
    as_before(t, "not read")
    t.close()
    os.close(reads); os.close(writes)

def scroll_back():
    if not shutil.which("tmux"):
        return
    t = Tmux([thaw, "--no-init", "--data", data], 100, 30, env=dict(XDG_STATE_HOME=os.path.join(work, "state"), XDG_CONFIG_HOME=work))
    t.until(lambda: "thaw>" in t.text(), what="the prompt")
    t.type("freeze conv2d; train gte5 epochs=2\n")
    t.until(lambda: "r1" in t.text() and "Tab completes" in t.text().split("\n")[0] and "Test accuracy" in t.text(), 120, what="the end of the run")
    t.type("quit\n")
    t.until(lambda: "thaw>" not in t.text() and "non-trainable" in t.text(), what="what stays on the terminal")
    rows = t.tmux("capture-pane", "-p", "-S", "-").rstrip().split("\n") # with what has scrolled away
    has = lambda *words: any(all(w in row for w in words) for row in rows)
    check(has("gte5", "conv2d", "trainable 599,845 of 600,165"), f"the split and what is frozen do not stay behind: {rows}")
    check(has("total", "600,165") and has("trainable", "599,845") and has("non-trainable", "320"), f"the totals do not stay behind: {rows}")
    check(has("loss", "train", "val") and has("accuracy", "train", "val") and has("r1 gte5"), f"the curves do not stay behind: {rows}")
    check(any(0x2800 < ord(c) < 0x2900 for row in rows for c in row), f"no curve is drawn: {rows}")
    t.close()

def first_frame():
    """It does not wait for the data: these come with a later one."""
    t = open_(run=False)
    t.until(lambda: b"gte5 test" in t.log, what="digits of the data")
    first = t.log[:t.log.index(b"thaw> ")]
    check(b"non-trainable" in first and b"accuracy" in first, "the first frame is not a whole one", t)
    check(b"gte5 test" not in first, "the first frame waits for the data", t)
    t.type("quit\r")
    t.end(); t.close()

def half_sequences():
    """What begins like a key and never ends does not keep back what is typed after it, nor what comes after a Ctrl-C."""
    t = open_(run=False, TERM="linux", pyte=pyte)
    row = lambda: t.text().split("\n")[-1]
    for half in (b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[1;5", b"\x1b[<0;12", b"\x1b[<", b"\x1b[20", b"\x1b[200", b"\x1b]11;rgb:", b"\xe2\x94", b"\xf0", b"\x1b[M", b"\x1bP",
                 b"\x1b[?62;c"):
        t.type(half)
        t.pump(.03)
        t.type("z" * 8 + "Qq")
        t.until(lambda: "zQq" in row(), what=f"an echo after {half!r}")
        t.type(half)
        t.type(b"\x03")
        t.until(lambda: row() == "thaw>", what=f"an empty line after {half!r} and Ctrl-C")
    # An interrupt takes what has not been read: a key that was promised may be gone, and nobody must wait for it.
    for _ in range(20 if sanitized else 80):
        t.type("Q")
        t.until(lambda: row().endswith("Q"), what="an echo")
        t.type(b"z"); t.type(b"\x03")
        t.until(lambda: row() == "thaw>", what="an empty line after a key and Ctrl-C at once")
    t.type("quit\r")
    check(t.end() == 0, "status after half sequences", t)
    t.close()

def vanish():
    t = open_()
    os.close(t.master)
    os.close(t.slave)
    end = time.time() + 60
    while t.proc.poll() is None:
        check(time.time() < end, "it lives on without a terminal")
        time.sleep(.05)
    check(os.path.exists(autosave), "the terminal vanished and nothing was saved")

def odd_terminals():
    for name, screen in ((None, False), ("", False), ("dumb", False), ("no-such-terminal", False), ("vt100", True), ("linux", True), ("screen", True),
                         ("tmux-256color", True), ("xterm", True)):
        t = open_(run=False, TERM=name)
        t.settled()
        check(screen == (b"loss" in t.log), f"TERM={name}: a screen: {not screen}", t)
        asked = re.findall(rb"\x1b\[[0-9?>=;]*[cn]|\x1b\[(?:1[1-9]|2[01])t|\x1b\][0-9;]*\?|\x1bP|\x05", t.log)
        may = name in ("tmux-256color", "xterm") # they know such questions; an answer is never waited for
        check(bool(asked) == may, f"TERM={name}: asks the terminal {asked}, which may not know what that is", t)
        if not screen:
            said = [row for row in t.log.decode().split("\n") if "TERM" in row]
            check(len(said) == 1 and "going on with lines" in said[0], f"TERM={name}: no word about it, or many", t)
            t.type("freeze features\r")
            t.until(lambda: b"590,597" in t.log, what=f"TERM={name}: a command in line mode")
        if name in ("vt100", "linux"):
            check(all(c < 128 for c in t.log), f"TERM={name}: more than ASCII", t)
            check(b"?1002h" not in t.log and b"?2004h" not in t.log, f"TERM={name}: modes that it does not know", t)
        t.type("quit\r")
        check(t.end() == 0, f"TERM={name}: status {t.proc.returncode}", t)
        as_before(t, f"TERM={name}")
        t.close()

def lies():
    for env in (dict(LINES="5", COLUMNS="300"), dict(LINES="0", COLUMNS="-3"), dict(LINES="99999999", COLUMNS="x")):
        t = open_(run=False, **env)
        t.settled()
        check(b"\x1b[24;" in t.log and b"\x1b[25;" not in t.log, f"{env}: not the terminal's own size", t)
        t.log = b""
        t.size(100, 30)
        t.until(lambda: b"\x1b[30;" in t.log, what=f"{env}: a later resize")
        t.type("quit\r")
        check(t.end() == 0, f"{env}: status", t)
        t.close()
    t = open_(run=False, cols=0, rows=0) # a line that has no size
    t.type("quit\r")
    check(t.end() == 0, "0x0", t)
    t.close()

def locales():
    for name, utf8 in (("C", False), ("POSIX", False), ("xx_YY.UTF-8", True), ("xx_YY.ISO-8859-1", False)):
        t = open_(run=False, LC_ALL=name)
        t.settled()
        check(utf8 == any(c >= 128 for c in t.log), f"LC_ALL={name}: UTF-8: {not utf8}", t)
        t.type("quit\r")
        check(t.end() == 0, f"LC_ALL={name}: status", t)
        t.close()

def colours():
    t = open_(run=False, NO_COLOR="1")
    t.settled()
    codes = {c for m in re.findall(rb"\x1b\[([0-9;]*)m", t.log) for c in m.split(b";")}
    check(not codes & {b"%d" % c for c in (*range(30, 39), *range(40, 49))}, f"NO_COLOR: colours all the same: {codes}", t)
    t.type("quit\r")
    check(t.end() == 0, "NO_COLOR: status", t)
    t.close()

def lines_and_back():
    t = open_(run=False)
    t.log = b""
    t.type("tui off\r")
    t.until(lambda: b"\x1b[?1049l" in t.log and b"thaw> " in t.log.split(b"\x1b[?1049l")[1], what="lines")
    t.type("freeze features\r")
    t.until(lambda: b"590,597" in t.log, what="a command in line mode")
    t.log = b""
    t.type("tui on\r")
    t.until(lambda: b"\x1b[?1049h" in t.log and b"loss" in t.log and b"features" in t.log, what="the screen again, the same session")
    t.type("quit\r")
    check(t.end() == 0, "status", t)
    as_before(t, "lines and back")
    t.close()

def title_and_frames():
    """The window's title says what is being learned, and that of before comes back; a frame is shown whole."""
    t = open_()
    t.until(lambda: b"\x1b]2;thaw: gte5" in t.log, what="a title that says what is being learned")
    t.proc.send_signal(signal.SIGTERM)
    t.end(60)
    check(re.search(rb"\x1b\[22;2t\x1b\]2;thaw[^\x07]*\x07", t.head), "the title of before is not kept", t)
    check(b"\x1b[23;2t" in t.log.rsplit(b"\x1b]2;", 1)[1], "the title of before does not come back", t)
    check(re.sub(rb"[^hl]", b"", b"".join(re.findall(rb"\x1b\[\?2026[hl]", t.log))).replace(b"hl", b"") in (b"", b"l"), "half a frame", t)
    t.close()
    t = open_(run=False, TERM="vt100")
    t.type("quit\r")
    check(t.end() == 0 and b"2026" not in t.log and b"\x1b]" not in t.log, "vt100 is told what it does not know", t)
    t.close()

tests = [terminate, hang_up, quit_signal, any_other_signal, crash, early_crash, interrupt, suspend, stop_signal, vanish, closed_pipe,
         not_read, scroll_back, first_frame, half_sequences,
         odd_terminals, lies, locales, colours, lines_and_back, title_and_frames]
if "thread" in os.environ.get("sanitized", ""): # which holds a signal back while a write waits, be it for ever
    tests.remove(not_read)
try:
    for test in tests:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            start = time.time()
            test()
            print(f"{test.__name__} {time.time() - start:.1f} s", flush=True)
finally:
    shutil.rmtree(work, ignore_errors=True)
