#!/usr/bin/python3
"""safe.py: ways out of the working directory under --safe, by names, links, races and signals: each is refused in a sentence, nothing outside
changes, and nothing of it is shown; by thaw's own checks, and by Landlock's where the kernel has it."""
import ctypes, json, os, re, shutil, signal, subprocess, sys, tempfile, threading
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests/tui"))
from term import small_data

thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
long = os.environ.get("FAULTS", "") == "all"
sanitized = os.environ.get("sanitized", "no") != "no"
base = os.path.realpath(tempfile.mkdtemp())
here, outside, home = (os.path.join(base, x) for x in ("here", "outside", "home"))
SECRET = "hunter2"
SMALL = f"timing off; data {here}/digits; build \"flatten | dense 5, softmax\"; train gte5 limit=64 epochs=1"
env = {k: v for k, v in os.environ.items() if not k.startswith(("THAW_", "XDG_", "LC_", "INPUTRC"))}
env.update(LC_ALL="C.UTF-8", TERM="dumb", HOME=home)

def check(condition, what, seen=b""):
    if not condition:
        raise SystemExit(f"FAIL: {what}\n{seen.decode(errors='replace')[-1500:]}")

def run(*argv, cwd=here, **more):
    p = subprocess.run([os.fsencode(thaw), *[os.fsencode(a) for a in argv]], cwd=cwd, env=dict(env, **more), stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=120)
    check(p.returncode >= 0 and p.returncode != 99 and b"Sanitizer" not in p.stderr, f"{argv}: status {p.returncode}", p.stderr)
    return p.returncode, p.stdout + p.stderr

def put(path, content):
    with open(path, "wb") as f:
        f.write(content.encode() if isinstance(content, str) else content)

def look(folder):
    """All that is there, with its content."""
    out = {}
    for at, folders, names in os.walk(folder):
        out[at] = sorted(folders + names)
        for name in names:
            path = os.path.join(at, name)
            out[path] = os.readlink(path) if os.path.islink(path) else open(path, "rb").read() if os.path.isfile(path) else None
    return out

def landlock():
    """The version that the kernel has; 0: none."""
    try:
        return max(0, ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1))
    except AttributeError:
        return 0

def prepare():
    for folder in (here, outside, home, f"{here}/inside", f"{outside}/set"):
        os.mkdir(folder)
    small_data(f"{here}/digits", 64, 20)
    status, out = run("-c", f"{SMALL}; save s.safetensors; export png plot p.png size=200x150", cwd=outside)
    check(status == 0, "the files outside", out)
    put(f"{outside}/key.txt", f"{SECRET}\nset {SECRET} 1\n")
    put(f"{outside}/script.thaw", f'print "{SECRET}"\n')
    put(f"{outside}/m.keras", f"PK{SECRET}")
    for part in "train", "t10k":
        put(f"{outside}/set/{part}-images-idx3-ubyte", b"\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1x")
        put(f"{outside}/set/{part}-labels-idx1-ubyte", b"\0\0\10\1\0\0\0\1\0")
    for name in os.listdir(outside): # and the same below the home folder
        (shutil.copytree if name == "set" else shutil.copy)(f"{outside}/{name}", f"{home}/{name}")
    os.symlink("../outside", f"{here}/out")
    os.symlink(outside, f"{here}/inside/absolute")
    os.symlink("..", f"{here}/up")
    os.symlink("/", f"{here}/root")
    os.symlink("inside/absolute", f"{here}/two")
    os.symlink("nowhere/x", f"{here}/lost")
    for name in "s.safetensors", "p.png", "script.thaw", "key.txt", "new.csv":
        os.symlink(f"../outside/{name}", f"{here}/link-{name}")
    os.link(f"{outside}/key.txt", f"{here}/hard.txt")
    os.mkfifo(f"{here}/pipe")

# How the folder outside is named from within the working directory.
WAYS = ["../outside", outside, "./inside/../../outside", "out", "two", "inside/absolute", "up/outside", f"root{outside}", "~", f"/proc/self/cwd/../outside",
        f"/proc/self/root{outside}", f"/proc/thread-self/root{outside}", "//" + outside, f"{here}/../outside", "inside/../out", "out/../outside"]
READS = ["source {}/script.thaw", "source {}/key.txt", "load {}/s.safetensors", "load {}/s.safetensors only=head", "load {}/m.keras", "build {}/m.keras", "predict {}/p.png", "show {}/p.png",
         "data {}/set", "set font {}/key.txt", "set font {}"]
WRITES = ["save {}/new.safetensors", "save {}/s.safetensors", "export png plot {}/new.png", "export csv {}/new.csv", "export json {}/key.json", "log {}/key.txt",
          "log {}/new.txt"]
OTHERS = ["source /etc/passwd", "source /proc/self/environ", "source /proc/1/environ", "source /dev/stdin", "source link-key.txt", "source link-script.thaw",
          "source /proc/self/fd/0", "load link-s.safetensors", "predict link-p.png", "log hard.txt", "log pipe", "log /dev/tty", "log /dev/null", "log link-key.txt",
          "log lost", "export csv link-new.csv", "export csv /dev/stdout", "export csv /proc/self/fd/1", "export csv ./pipe", "save link-s.safetensors",
          "save /dev/null.safetensors", "save /tmp/thaw-safe-test.safetensors", "data /usr", "data ..", "data /", "data ~/set", "set font /etc/passwd", "load ../x.safetensors",
          "load /nowhere/x.safetensors", "source ../../../../../../../../etc/passwd", "log .", "log ..", "save ../here/../new.safetensors",
          "source \"../outside/script.thaw\xa0\"", "source \"..\\\\outside\"", "log \"../new\x1b[31m\"", "log \"../new\udcff\"", "log \"../ new\"", "export csv ../new.csv"]

def refused(line, out, status):
    lines = [x for x in out.split(b"\n") if b"error: " in x]
    check(status == 1, f"{line!r}: status {status}", out)
    check(len(lines) == 1 and len(lines[0]) < 2000, f"{line!r}: {len(lines)} sentences", out)

def escapes(*option):
    before = look(outside), look(home), look(here)
    # One process each would take long: that a line fails among others is told by its event.
    lines = [c.format(way) for way in WAYS for c in READS + WRITES] + OTHERS
    script = SMALL + "; bail off; mode json\n" + "".join(f"{line}\nprint \"{n} done\"\n" for n, line in enumerate(lines))
    put(f"{base}/script", script.encode(errors="surrogateescape"))
    before[2][here] = sorted(os.listdir(here))
    status, out = run(*option, "-f", f"{base}/script")
    check(status == 1, f"the script: status {status}", out)
    at, failed = 0, {}
    for row in out.split(b"\n"):
        if row.startswith(b'{"event":"print"'):
            at = int(row.split(b'["')[1].split()[0]) + 1
        elif row.startswith(b'{"event":"error"'):
            failed.setdefault(at, []).append(json.loads(row))
    for n, line in enumerate(lines):
        check(len(failed.get(n, [])) == 1, f"{line!r} is not refused in one sentence: {failed.get(n)}", out)
        message = failed[n][0]["message"]
        check(30 < len(message) < 800 and "\x1b" not in message, f"{line!r}: {message!r}")
        # What is there and what is not look alike.
        check("--safe" in message or line.startswith(("log .", "source \"..\\", "log lost")), f"{line!r}: {message!r}")
    check(SECRET.encode() not in out and b"root:" not in out, "what stands outside is shown", out)
    check((look(outside), look(home)) == before[:2], "something outside has changed")
    check(sorted(os.listdir(here)) == before[2][here], f"something was written: {os.listdir(here)}")

def statuses():
    """Of the few that differ in kind, one by one."""
    status, out = run("--safe", "-c", SMALL, "-c", "data inside/absolute")
    check(status == 1 and b"inside/absolute cannot be opened: it lies outside the working directory" in out, "a folder through a link is said to lie outside", out)
    put(f"{here}/inside/notes.txt", "x")
    for name in "inside/notes.txt", "inside/nowhere": # which are none, and inside
        for option in ("--safe",), ():
            status, out = run(*option, "-c", SMALL, "-c", f"data {name}")
            check(status == 1 and b'no data set or folder "' + name.encode() + b'"' in out, f"data {name} {option}", out)
    os.remove(f"{here}/inside/notes.txt")
    for line in ("source ../outside/script.thaw", "load ../outside/s.safetensors", "data ../outside/set", "log ../outside/key.txt", "set font ../outside",
                 f"save {outside}/new.safetensors", "export csv ../new.csv", "predict ~/p.png"):
        status, out = run("--safe", "-c", SMALL, "-c", line)
        refused(line, out, status)

def allowed():
    """What lies inside, however it is named; and what the command line names."""
    os.symlink("../inside/a.safetensors", f"{here}/inside/l.safetensors")
    shutil.copytree(f"{outside}/set", f"{here}/set")
    put(f"{here}/ok.thaw", 'print "it runs"\n')
    lines = ["save inside/a.safetensors", "load inside/l.safetensors", f"load {here}/inside/a.safetensors", "load inside/../inside/a.safetensors", "export png plot a.png size=200x150",
             "predict ./a.png", "export csv up/here/a.csv", "log a.txt", "log off", "source ok.thaw", "source root/" + here + "/ok.thaw", "set font inside", "set font \"DejaVu Sans\"",
             "data set", "data .", "data mnist", "model"]
    status, out = run("--safe", "-c", SMALL, *[x for line in lines if line != "data ." for x in ("-c", line)])
    check(status == 0, "what lies inside is refused", out)
    status, out = run("--safe", "--data", f"{outside}/set", f"{outside}/script.thaw", "-f", f"{outside}/script.thaw", "-c", "data info")
    check(status == 0 and out.count(SECRET.encode()) == 2, "what the command line names is refused", out)
    read, write = os.pipe()
    os.write(write, b'print "from a pipe"\n')
    os.close(write)
    p = subprocess.run([thaw, "--safe", f"/dev/fd/{read}"], cwd=here, env=env, stdin=subprocess.DEVNULL, capture_output=True, pass_fds=[read])
    check(p.returncode == 0 and b"from a pipe" in p.stdout, "a pipe that the command line names is refused", p.stderr)
    os.close(read)

def named():
    """What the command line names is read, and never written: by its name, through a link, in a folder of data."""
    shutil.copytree(f"{outside}/set", f"{here}/named")
    put(f"{here}/check.thaw", 'print "checked"\n')
    put(f"{here}/student.thaw", 'bail off\nmode json\n')
    os.symlink("check.thaw", f"{here}/other.thaw")
    os.symlink("named", f"{here}/renamed")
    writes = ["log check.thaw", "log student.thaw", "log other.thaw", f"log {here}/check.thaw", "log named/new.txt", "log renamed/train-images-idx3-ubyte", "export csv named/new.csv",
              "export csv inside/../named/t10k-labels-idx1-ubyte", "log inside/../check.thaw"]
    put(f"{here}/student.thaw", SMALL + "; bail off; mode json\n" + "\n".join(writes) + "\nmode table\nlog free.txt; log off\nquit 0\n")
    before = {k: v for k, v in look(here).items() if "named" in k or k.endswith(".thaw")}
    status, out = run("--safe", "--data", "named", "student.thaw", "check.thaw")
    check(status == 1 and out.count(b"named on the command line") == 2 * len(writes) and b"\nchecked\n" in out, "what the command line names is written", out)
    check(before == {k: v for k, v in look(here).items() if k in before} and os.path.exists(f"{here}/free.txt"), "it has changed", out)
    put(f"{outside}/work.thaw", 'print "by another"\n')
    os.symlink("../outside/work.thaw", f"{here}/mine.thaw")
    os.symlink(f"{outside}/set", f"{here}/away")
    warned = b"leads out of the working directory through a link; it is read, since the command line names it"
    for name in "mine.thaw", "./mine.thaw", f"{here}/mine.thaw", "out/work.thaw":
        status, out = run("--safe", name)
        check(status == 0 and b"by another" in out and b"warning: " + name.encode() + b" " + warned in out, "a script through a link is named", out)
    status, out = run("--safe", "--data", "away", "-c", "print 1")
    check(status == 0 and b"warning: away " + warned in out, "data through a link are named", out)
    for name in "../outside/work.thaw", f"{outside}/work.thaw", "other.thaw", "check.thaw":
        status, out = run("--safe", name)
        check(status == 0 and b"through a link" not in out, "what lies inside, or is named outside, is no link out", out)
    status, out = run("--safe", "check.thaw", "-c", "source mine.thaw")
    check(status == 1 and b"by another" not in out, "a script through a link is not sourced", out)
    status, out = run("--safe", "--data", ".", "-c", "log free.txt; print 1")
    check(status == 0, "the working directory as data is not written", out)

def project():
    """The store of --project lies inside, or nothing is begun."""
    status, out = run("--safe", "--project", outside, "-c", "print \"begun\"")
    check(status == 2 and b"begun" not in out and b"--project" in out and b"--safe" in out, "a store outside", out)
    status, out = run("--safe", "--project", "store", "-c", SMALL)
    check(status == 0 and os.listdir(f"{here}/store/runs"), "a store inside", out)

def race():
    """A folder, and a file, that are swapped for links again and again, while they are read and written."""
    spots = [("swap", "../outside", True), ("swap.thaw", "../outside/script.thaw", False), ("swap.txt", "../outside/key.txt", False)]
    over = threading.Event()
    def exchange():
        libc = ctypes.CDLL(None, use_errno=True)
        for name, target, folder in spots:
            os.mkdir(f"{here}/{name}") if folder else put(f"{here}/{name}", 'print "mine"\n')
            os.symlink(target, f"{here}/{name}.link")
        put(f"{here}/swap/script.thaw", 'print "mine"\n')
        while not over.is_set():
            for name, _, _ in spots: # RENAME_EXCHANGE
                libc.renameat2(-100, f"{here}/{name}".encode(), -100, f"{here}/{name}.link".encode(), 2)
    before = look(outside)
    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        turn = "source swap.thaw; source swap/script.thaw; " * 200 + "log swap.txt; print 1; log off; log swap/new.txt; print 1; log off; export csv swap/new.csv; " \
            "save swap/s.safetensors; predict swap/p.png; load swap/s.safetensors; set font swap/key.txt"
        put(f"{base}/turns", SMALL + "; bail off\n" + (turn.replace("; ", "\n") + "\n") * (300 if long else 10))
        status, out = run("--safe", f"{base}/turns")
    finally:
        over.set()
        thread.join()
    check(status in (0, 1) and b'mine' in out and b"--safe" in out, "the race was not run", out)
    check(SECRET.encode() not in out, "a race shows what stands outside", out)
    after = look(outside)
    for path in [p for p in after if os.path.basename(p).startswith("swap")]:
        check(False, f"{path} has come about")
    check(after == before, f"a race changes what stands outside: {[p for p in set(after) | set(before) if after.get(p) != before.get(p)]}")

def signals():
    """No session is saved, in the state folder or here, through a link or not."""
    state = os.path.join(outside, "state")
    os.symlink("../outside/autosave", f"{here}/thaw-autosave.safetensors")
    before = look(outside)
    p = subprocess.Popen([thaw, "--safe", "-c", SMALL + "; train gte5 epochs=100000"], cwd=here, env=dict(env, XDG_STATE_HOME=state), stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for row in p.stdout:
        if b"Epoch 3/" in row:
            break
    names = sorted(os.listdir(here))
    p.send_signal(signal.SIGTERM)
    out, err = p.communicate(timeout=60)
    check(p.returncode == -signal.SIGTERM, f"status {p.returncode}", err)
    check(b"; nothing is kept under --safe\n" in out and b"are kept" not in out, "what becomes of the run", out)
    check(look(outside) == before and sorted(os.listdir(here)) == names, "something was saved", err)
    os.unlink(f"{here}/thaw-autosave.safetensors")

def level():
    version = landlock()
    says = f"own checks and Landlock {version}" if version > 0 else "own checks"
    status, out = run("--safe", "-c", "show config")
    check(status == 0 and f"note: --safe holds by {says}\n".encode() in out, "show config", out)
    status, out = run("--safe", "-c", "mode json; show config")
    check(status == 0 and json.loads(out)["safe"] == says, "the level in JSON", out)
    status, out = run("-c", "mode json; show config")
    check("safe" not in json.loads(out), "a level without --safe", out)
    status, out = run("--safe=require", "-c", "print \"runs\"")
    check((status == 0 and b"runs" in out) if version > 0 else (status == 2 and b"runs" not in out and b"Landlock" in out), "--safe=require", out)
    status, out = run("--safe=perhaps", "-c", "print \"runs\"")
    check(status == 2 and b"runs" not in out and b"require" in out, "--safe=perhaps", out)
    return version

def without_landlock():
    """In a system that refuses the call, as one without it does: --safe=require does not start, and the own checks hold alone."""
    global thaw
    program, thaw = thaw, os.path.join(base, "without")
    put(thaw, f"""#!{sys.executable}
import ctypes, os, struct, sys
libc = ctypes.CDLL(None)
code = struct.pack("HBBI", 0x20, 0, 0, 0) + struct.pack("HBBI", 0x15, 0, 1, 444) + struct.pack("HBBI", 6, 0, 0, 0x50000 | 38) + struct.pack("HBBI", 6, 0, 0, 0x7fff0000)
code = ctypes.create_string_buffer(code, len(code))
class Filter(ctypes.Structure): _fields_ = [("n", ctypes.c_ushort), ("code", ctypes.c_void_p)]
f = Filter(4, ctypes.addressof(code))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(f), 0, 0): sys.exit(77)
os.execv({program!r}, ["thaw", *sys.argv[1:]])
""")
    os.chmod(thaw, 0o755)
    try:
        if run("-c", "model")[0] == 77:
            return print("no filter of system calls here: a kernel without Landlock is not tried")
        status, out = run("--safe=require", "-c", "print \"runs\"")
        check(status == 2 and b"runs" not in out and b"no Landlock" in out, "--safe=require without Landlock", out)
        status, out = run("--safe", "-c", "show config")
        check(status == 0 and b"note: --safe holds by own checks\n" in out, "show config without Landlock", out)
        escapes("--safe")
        race_again()
    finally:
        thaw = program

def race_again():
    for name in os.listdir(here):
        if name.startswith("swap"):
            path = f"{here}/{name}"
            (os.unlink if os.path.islink(path) or os.path.isfile(path) else shutil.rmtree)(path)
    race()

def kernel():
    """The kernel refuses, whatever thaw would check: seen by what the process can open of itself, through a program that is preloaded."""
    source, library = os.path.join(base, "try.c"), os.path.join(base, "try.so")
    put(source, f"""#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
static void say(const char *what, long rc) {{ fprintf(stderr, "%s: %s\\n", what, rc >= 0 ? "works" : errno == EACCES || errno == EPERM ? "refused" : "fails"); }}
__attribute__((destructor)) static void look(void)
{{
	struct sockaddr_in a = {{.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	say("read", open("{outside}/key.txt", O_RDONLY));
	say("write", open("{outside}/key.txt", O_WRONLY));
	say("make", open("{outside}/made", O_WRONLY | O_CREAT, 0600));
	say("list", open("{outside}", O_RDONLY | O_DIRECTORY));
	say("cut", truncate("{outside}/key.txt", 0));
	say("remove", unlink("{outside}/key.txt"));
	say("inside", open("ok.thaw", O_RDONLY));
	say("connect", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a));
	say("exec", execl("/bin/true", "true", (char *)NULL));
}}
""")
    put(f"{here}/ok.thaw", 'print "it runs"\n')
    if sanitized or subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], capture_output=True).returncode != 0:
        return
    status, out = run("--safe=require", "-c", "model", LD_PRELOAD=library)
    seen = dict(re.findall(r"(?m)^(\w+): (works|refused|fails)$", out.decode()))
    if not seen:
        return print("LD_PRELOAD does not reach the program")
    wanted = {"read", "write", "make", "list", "remove", "exec"} | ({"cut"} if landlock() >= 3 else set()) | ({"connect"} if landlock() >= 4 else set())
    check(all(seen[x] == "refused" for x in wanted) and seen["inside"] == "works", f"what the kernel lets through: {seen}", out)

try:
    prepare()
    version = level()
    escapes("--safe")
    statuses()
    allowed()
    named()
    project()
    race()
    signals()
    if version > 0:
        kernel()
        without_landlock()
    print(f"Landlock {version}" if version > 0 else "no Landlock in this kernel: own checks alone were tried")
finally:
    shutil.rmtree(base, ignore_errors=True)
