/* test_os.c: what a process may use of the machine, what it gives up, and calls that systems have in another form, or that fail.
 * OS_PLAIN: the ways that every system has.
 */
#include "config.h"
#include "util/os/os.h"
#include "util/xmalloc.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if !defined OS_PLAIN && defined HAVE_LINUX_LANDLOCK_H && HAVE_DECL_SYS_LANDLOCK_RESTRICT_SELF
#define LANDLOCK
#endif

/* ---- a system that lacks something: the linker leads these calls here (os_wraps in Makefile.am) ---- */

static struct {
	bool link, name, cookie, mask, limit; /* there is none */
	long processors, pages; /* what is said of them, unless 0 */
} lacks;

ssize_t __real_readlink(const char *path, char *buf, size_t n);
ssize_t __wrap_readlink(const char *path, char *buf, size_t n);
unsigned long __real_getauxval(unsigned long what);
unsigned long __wrap_getauxval(unsigned long what);
FILE *__real_fopencookie(void *cookie, const char *mode, cookie_io_functions_t io);
FILE *__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t io);
int __real_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int __real_getrlimit(int what, struct rlimit *most);
int __wrap_getrlimit(int what, struct rlimit *most);
long __real_sysconf(int what);
long __wrap_sysconf(int what);

ssize_t
__wrap_readlink(const char *path, char *buf, size_t n)
{
	return lacks.link ? -1 : __real_readlink(path, buf, n);
}

unsigned long
__wrap_getauxval(unsigned long what)
{
	return lacks.name ? 0 : __real_getauxval(what);
}

FILE *
__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t io)
{
	return lacks.cookie ? NULL : __real_fopencookie(cookie, mode, io);
}

int
__wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	return lacks.mask ? -1 : __real_sched_getaffinity(pid, size, set);
}

int
__wrap_getrlimit(int what, struct rlimit *most)
{
	return lacks.limit ? -1 : __real_getrlimit(what, most);
}

long
__wrap_sysconf(int what)
{
	return what == _SC_NPROCESSORS_ONLN && lacks.processors != 0 ? lacks.processors :
	    what == _SC_PHYS_PAGES && lacks.pages != 0 ? lacks.pages : __real_sysconf(what);
}

/* ---- a kernel that has Landlock, of any version ---- */

enum { NOTHING, CREATE, RULE, NO_NEW, RESTRICT };

static struct {
	int version, fails; /* one of those above; of the rules the one of this number */
	int rule_that_fails, rules;
	uint64_t all[3], access[8]; /* of the ruleset: files, network, scope; of each rule */
	bool no_new, restricted;
} kernel;

long __wrap_syscall(long number, ...);
int __wrap_prctl(int what, ...);

#ifdef LANDLOCK
long
__wrap_syscall(long number, ...)
{
	const void *p[3];
	va_list ap;

	va_start(ap, number);
	if (number == SYS_landlock_create_ruleset) {
		p[0] = va_arg(ap, const void *);
		p[1] = va_arg(ap, const void *);
		if (p[0] != NULL)
			memcpy(kernel.all, p[0], (size_t)p[1] < sizeof kernel.all ? (size_t)p[1] : sizeof kernel.all);
		va_end(ap);
		return p[0] == NULL ? kernel.version : kernel.fails == CREATE ? -1 : open("/dev/null", O_RDONLY);
	}
	if (number == SYS_landlock_add_rule) {
		for (int i = 0; i < 3; i++)
			p[i] = va_arg(ap, const void *);
		va_end(ap);
		memcpy(&kernel.access[kernel.rules], p[2], sizeof *kernel.access);
		return kernel.rules++ == kernel.rule_that_fails && kernel.fails == RULE ? -1 : 0;
	}
	va_end(ap);
	ck_assert_int_eq(number, SYS_landlock_restrict_self);
	kernel.restricted = kernel.fails != RESTRICT;
	return kernel.restricted ? 0 : -1;
}
#endif

int
__wrap_prctl(int what, ...) /* nothing but these two is asked for */
{
	ck_assert(what == PR_SET_NO_NEW_PRIVS || what == PR_SET_PDEATHSIG);
	kernel.no_new = what == PR_SET_NO_NEW_PRIVS && kernel.fails != NO_NEW;
	return what == PR_SET_NO_NEW_PRIVS && kernel.fails == NO_NEW ? -1 : 0;
}

static void
setup(void)
{
	scratch_setup();
	memset(&lacks, 0, sizeof lacks);
	memset(&kernel, 0, sizeof kernel);
}

/* ---- the machine ---- */

/* A file below the folder that stands for the root. */
static void
put(const char *path, const char *text)
{
	char *name = xasprintf(".%s", path), *p;

	for (p = name + 2; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(name, 0700);
		*p = '/';
	}
	scratch_write(name, text, strlen(text));
	free(name);
}

START_TEST(machine__processors__tightest_of_mask_and_cgroups)
{
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/proc/self/cgroup", "0::/user/job\n");
	put("/sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/user/cpu.max", "250000 100000\n");
	ck_assert_int_eq(os_processors_at(".", 8), 3);
	ck_assert_int_eq(os_processors_at(".", 2), 2);
	put("/sys/fs/cgroup/user/job/cpu.max", "10000 100000\n");
	ck_assert_int_eq(os_processors_at(".", 8), 1);
}
END_TEST

START_TEST(machine__processors__version_1)
{
	put("/proc/self/cgroup", "4:memory:/m\n3:cpu,cpuacct:/c\n");
	put("/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "400000\n");
	put("/sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	ck_assert_int_eq(os_processors_at(".", 8), 4);
}
END_TEST

START_TEST(machine__processors__version_1_beside_controllers_whose_names_begin_so)
{
	put("/proc/self/cgroup", "5:cpuset:/\n4:cpuacct:/a\n3:name=systemd,cpux:/n\n1:cpuacct,cpu:/sub/job\n0::/\n");
	put("/sys/fs/cgroup/cpu/sub/cpu.cfs_quota_us", "200000\n");
	put("/sys/fs/cgroup/cpu/sub/cpu.cfs_period_us", "100000\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	ck_assert_int_eq(os_processors_at(".", 8), 2);
}
END_TEST

START_TEST(machine__memory__least_of_what_is_left)
{
	put("/proc/meminfo", "MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n");
	ck_assert_uint_eq(os_memory_at("."), 8000000ull * 1024);
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/memory.max", "1073741824\n");
	put("/sys/fs/cgroup/memory.current", "73741824\n");
	ck_assert_uint_eq(os_memory_at("."), 1000000000);
	put("/sys/fs/cgroup/memory.current", "2000000000\n");
	ck_assert_uint_eq(os_memory_at("."), 0);
}
END_TEST

/* Files that say nothing, or nonsense, limit nothing. */
START_TEST(machine__processors__what_cannot_be_read)
{
	put("/proc/self/cgroup", "no colon\none:colon\n0::/job\n");
	put("/sys/fs/cgroup/job/cpu.max", "");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/job/cpu.max", "0 100000\n");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/job/cpu.max", "100000 0\n");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/job/cpu.max", "9900000 100000\n");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n"); /* of no period */
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "0\n");
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "10000\n"); /* ten of them */
	ck_assert_int_eq(os_processors_at(".", 8), 8);
	ck_assert_int_eq(os_processors_at(".", 0), 1);
	ck_assert_int_ge(os_processors(), 1);
}
END_TEST

START_TEST(machine__memory__what_cannot_be_read)
{
	size_t half;

	half = os_memory_at("."); /* of what the machine has */
	ck_assert_uint_gt(half, 0);
	put("/proc/meminfo", "MemTotal: many\n");
	ck_assert_uint_eq(os_memory_at("."), half);
	put("/proc/meminfo", "MemAvailable: 900000000000 kB\n");
	ck_assert_uint_eq(os_memory_at("."), (size_t)64e9);
	put("/proc/meminfo", "MemAvailable: 1000 kB\n");
	put("/proc/self/cgroup", "5:cpu:/c\n4:memory:/m\n");
	put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "0\n");
	ck_assert_uint_eq(os_memory_at("."), 1024000);
	put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "9000000000\n");
	ck_assert_uint_eq(os_memory_at("."), 1024000);
	put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "500000\n"); /* nothing says what is used of it */
	ck_assert_uint_eq(os_memory_at("."), 500000);
}
END_TEST

#ifndef THAW_SANITIZED
START_TEST(machine__memory__of_the_address_space)
{
	struct rlimit most;

	ck_assert_int_eq(getrlimit(RLIMIT_AS, &most), 0);
	most.rlim_cur = (rlim_t)1 << 30;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &most), 0);
	ck_assert_uint_lt(os_memory(), (size_t)1 << 30);
	most.rlim_cur = 4096;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &most), 0);
	ck_assert_uint_eq(os_memory(), 0);
}
END_TEST
#endif

/* What Slurm gives a task, the mask, and what there are at all. */
START_TEST(machine__processors__of_a_task)
{
	int all;

	unsetenv("SLURM_CPUS_PER_TASK");
	lacks.mask = true;
	lacks.processors = 5;
	all = os_processors(); /* fewer where this test runs in a container of fewer */
	ck_assert_int_le(all, 5);
	lacks.processors = -1;
	ck_assert_int_eq(os_processors(), 1);
	lacks.processors = 5;
	setenv("SLURM_CPUS_PER_TASK", "1", 1);
	ck_assert_int_eq(os_processors(), 1);
	for (int i = 0; i < 4; i++) {
		setenv("SLURM_CPUS_PER_TASK", ((const char *[]){"", "0", "-3", "6"})[i], 1);
		ck_assert_int_eq(os_processors(), all);
	}
	unsetenv("SLURM_CPUS_PER_TASK");
}
END_TEST

/* Where no file says how much there is, half of all memory is taken for it, and no more than any machine has. */
START_TEST(machine__memory__of_all_pages)
{
	lacks.pages = 1000;
	ck_assert_uint_eq(os_memory_at("."), (size_t)sysconf(_SC_PAGESIZE) * 500);
	lacks.pages = -1;
	ck_assert_uint_eq(os_memory_at("."), (size_t)64e9);
	lacks.pages = LONG_MAX;
	ck_assert_uint_eq(os_memory_at("."), (size_t)64e9);
	lacks.limit = true; /* and no limit of the address space */
	ck_assert_uint_gt(os_memory(), 0);
}
END_TEST

/* ---- what a process gives up ---- */

#ifdef LANDLOCK
/* As the kernel numbers them. */
START_TEST(os__confine__asks_for_what_the_kernel_knows)
{
	static const struct {
		int version;
		uint64_t fs, net, scoped, write, write_file;
	} of[] = {{1, 0x1fff, 0, 0, 0x1ae, 0x6}, {2, 0x3fff, 0, 0, 0x21ae, 0x6}, {3, 0x7fff, 0, 0, 0x61ae, 0x4006},
	    {4, 0x7fff, 3, 0, 0x61ae, 0x4006}, {5, 0xffff, 3, 0, 0x61ae, 0x4006}, {6, 0xffff, 3, 3, 0x61ae, 0x4006},
	    {9, 0xffff, 3, 3, 0x61ae, 0x4006}};
	static const struct os_path paths[] = {{"folder", true, false}, {"folder", false, false}, {"file", true, false},
	    {"nowhere", false, false}, {"file", false, false}, {"file", false, true}, {"folder", false, true}};

	mkdir("folder", 0700);
	scratch_write("file", "", 0);
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		const uint64_t access[] = {of[i].write, 0xc, of[i].write_file, 0x4, 0x5, 0xd};

		memset(&kernel, 0, sizeof kernel);
		kernel.version = of[i].version;
		ck_assert_int_eq(os_confine(paths, sizeof paths / sizeof *paths), of[i].version);
		ck_assert(kernel.no_new && kernel.restricted && kernel.rules == 6);
		ck_assert_mem_eq(kernel.all, ((uint64_t[]){of[i].fs, of[i].net, of[i].scoped}), sizeof kernel.all);
		ck_assert_mem_eq(kernel.access, access, sizeof access);
	}
	ck_assert_int_eq(os_confine(NULL, 0), 9); /* nothing is allowed */
}
END_TEST

START_TEST(os__confine__changes_nothing_where_a_call_fails)
{
	static const struct {
		int version, fails, rule;
		const char *first;
		int gives;
	} ways[] = {{-1, NOTHING, 0, ".", 0}, {0, NOTHING, 0, ".", 0}, {6, CREATE, 0, ".", 0}, {6, NOTHING, 0, "nowhere", 0},
	    {6, RULE, 0, ".", 0}, {6, RULE, 1, ".", 6}, {6, NO_NEW, 0, ".", 0}, {6, RESTRICT, 0, ".", 0}, {6, NOTHING, 0, ".", 6}};
	int next = dup(0);

	close(next);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const struct os_path paths[] = {{ways[i].first, true, false}, {"/", false, false}};

		memset(&kernel, 0, sizeof kernel);
		kernel.version = ways[i].version;
		kernel.fails = ways[i].fails;
		kernel.rule_that_fails = ways[i].rule;
		ck_assert_int_eq(os_confine(paths, 2), ways[i].gives);
		ck_assert_msg(kernel.restricted == (ways[i].gives > 0), "%zu", i);
	}
	kernel = (__typeof__(kernel)){.version = 6};
	failing_at(FAILING_STAT, 1, EIO);
	ck_assert_int_eq(os_confine(&(struct os_path){".", true, false}, 1), 0);
	ck_assert(failing_struck() && !kernel.restricted && kernel.rules == 0);
	ck_assert_int_eq(dup(0), next); /* none is left open */
	close(next);
}
END_TEST

START_TEST(os__loader__is_a_program)
{
	const char *path = os_loader();

	if (path != NULL) /* this one is not linked statically */
		ck_assert_int_eq(access(path, X_OK), 0);
	ck_has(path != NULL ? path : "ld", "ld");
}
END_TEST
#else
START_TEST(os__confine__is_not_to_be_had)
{
	ck_assert_int_eq(os_confine(&(struct os_path){".", true, false}, 1), 0);
	ck_assert_ptr_null(os_loader());
}
END_TEST
#endif

/* ---- what differs between systems ---- */

START_TEST(os__self__is_this_program)
{
	char path[4096];
	int here = open(".", O_RDONLY | O_DIRECTORY);

	if (os_self(path, sizeof path)) /* a system may not know */
		ck_assert_ptr_nonnull(strstr(path, "test_os"));
	ck_assert(!os_self(path, 4));
	lacks.link = true; /* no /proc: by the name that it was started with */
#if defined HAVE_GETAUXVAL && !defined OS_PLAIN
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert(os_self(path, sizeof path));
	ck_has(path, "test_os");
	ck_assert(path[0] == '/' && !os_self(path, strlen(path)));
	ck_assert_int_eq(chdir("/"), 0);
	if (*(const char *)getauxval(AT_EXECFN) != '/')
		ck_assert(!os_self(path, sizeof path));
#endif
	lacks.name = true;
	ck_assert(!os_self(path, sizeof path));
	ck_assert_int_eq(fchdir(here), 0);
	close(here);
}
END_TEST

START_TEST(os__random__differs)
{
	uint64_t a[2] = {0}, b[2] = {0};

	ck_assert_int_eq(os_random(a, sizeof a), 0);
	ck_assert_int_eq(os_random(b, sizeof b), 0);
	ck_assert_int_ne(memcmp(a, b, sizeof a), 0);
}
END_TEST

START_TEST(os__pipe__never_waits)
{
	struct rlimit most, less;
	char c = 'x';
	int fd[2];

	ck_assert_int_eq(os_pipe(fd), 0);
	ck_assert_int_eq(read(fd[0], &c, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
	while (write(fd[1], &c, 1) == 1)
		;
	ck_assert_int_eq(errno, EAGAIN);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_ne(fcntl(fd[i], F_GETFD) & FD_CLOEXEC, 0);
		close(fd[i]);
	}
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &most), 0);
	less = most;
	less.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &less), 0);
	ck_assert_int_eq(os_pipe(fd), -1);
	ck_assert_int_eq(errno, EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &most), 0);
}
END_TEST

struct taken {
	char text[16];
	size_t n;
};

static ssize_t
take(void *arg, const char *p, size_t n)
{
	struct taken *t = arg;

	if (t->n + n > sizeof t->text)
		return 0;
	memcpy(t->text + t->n, p, n);
	t->n += n;
	return (ssize_t)n;
}

START_TEST(os__stream__goes_to_the_function)
{
	struct taken t = {.n = 0};
	struct os_stream s;

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(os_stream_open(&s, take, &t), 0);
		fputs("some bytes", s.f);
		if (i == 1)
			s.take = NULL;
		ck_assert_int_eq(os_stream_close(&s), i == 2 ? -1 : 0); /* twice is more than it takes */
		ck_assert(t.n == 10 && memcmp(t.text, "some bytes", 10) == 0);
	}
}
END_TEST

/* The ways out of a stream that does not take all, or cannot be made. */
START_TEST(os__stream__that_fails)
{
	struct taken t = {.n = 0};
	struct os_stream s;

#ifndef OS_PLAIN /* where it is kept in memory, it can be read as well */
	ck_assert_int_eq(os_stream_open(&s, take, &t), 0);
	fputs("some", s.f);
	ck_assert_int_eq(fgetc(s.f), EOF); /* it is one to write to */
	ck_assert_int_eq(os_stream_close(&s), -1);
#endif
	ck_assert_int_eq(os_stream_open(&s, take, &t), 0); /* nothing is written */
	ck_assert_int_eq(os_stream_close(&s), 0);
	lacks.cookie = true;
#ifndef OS_PLAIN
	ck_assert_int_eq(os_stream_open(&s, take, &t), -1);
#endif
}
END_TEST

START_TEST(os__end_with__a_parent_that_is_gone)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGTERM, SIG_DFL); /* Check has handlers of its own */
		os_end_with(getppid());
		if (fork() == 0)
			os_end_with(getppid() + 1);
		wait(&status);
		_exit(WIFSIGNALED(status) ? WTERMSIG(status) : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == SIGTERM);
	os_one_arena();
}
END_TEST

#ifdef OS_PLAIN
START_TEST(os__random__of_a_device)
{
	struct rlimit most, less;
	uint8_t p[16];

	failing_at(FAILING_END, 1, 0);
	ck_assert_int_eq(os_random(p, sizeof p), -1);
	ck_assert_int_eq(errno, EIO);
	failing_at(FAILING_READ, 1, EPERM);
	ck_assert_int_eq(os_random(p, sizeof p), -1);
	ck_assert(failing_struck() && errno == EPERM);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &most), 0);
	less = most;
	less.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &less), 0);
	ck_assert_int_eq(os_random(p, sizeof p), -1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &most), 0);
}
END_TEST
#endif

int
main(void)
{
	Suite *suite = suite_create("os");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, machine__processors__tightest_of_mask_and_cgroups);
	tcase_add_test(t, machine__processors__version_1);
	tcase_add_test(t, machine__processors__version_1_beside_controllers_whose_names_begin_so);
	tcase_add_test(t, machine__memory__least_of_what_is_left);
	tcase_add_test(t, machine__processors__what_cannot_be_read);
	tcase_add_test(t, machine__memory__what_cannot_be_read);
#ifndef THAW_SANITIZED
	if (getenv("CK_FORK") == NULL || strcmp(getenv("CK_FORK"), "no") != 0) /* the limit would stay */
		tcase_add_test(t, machine__memory__of_the_address_space);
#endif
	tcase_add_test(t, machine__processors__of_a_task);
	tcase_add_test(t, machine__memory__of_all_pages);
#ifdef LANDLOCK
	tcase_add_test(t, os__confine__asks_for_what_the_kernel_knows);
	tcase_add_test(t, os__confine__changes_nothing_where_a_call_fails);
	tcase_add_test(t, os__loader__is_a_program);
#else
	tcase_add_test(t, os__confine__is_not_to_be_had);
#endif
	tcase_add_test(t, os__self__is_this_program);
	tcase_add_test(t, os__random__differs);
	tcase_add_test(t, os__pipe__never_waits);
	tcase_add_test(t, os__stream__goes_to_the_function);
	tcase_add_test(t, os__stream__that_fails);
	tcase_add_test(t, os__end_with__a_parent_that_is_gone);
#ifdef OS_PLAIN
	tcase_add_test(t, os__random__of_a_device);
#endif
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
