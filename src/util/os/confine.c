/* confine.c: a process that takes from itself what it does not need of the system. */
#include "util/os/os.h"

#ifndef OS_PLAIN
#include "config.h"
#endif

#if defined HAVE_LINUX_LANDLOCK_H && defined HAVE_DECL_SYS_LANDLOCK_RESTRICT_SELF
#if HAVE_DECL_SYS_LANDLOCK_RESTRICT_SELF
#define OS_LANDLOCK
#endif
#endif

#if defined OS_LANDLOCK
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The rights in the order of their bits; the header of the build may be older than the kernel. */
enum {
	EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK,
	MAKE_FIFO, MAKE_BLOCK, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV,
};

#define BIT(right) ((uint64_t)1 << (right))
#define READ (BIT(READ_FILE) | BIT(READ_DIR))
#define WRITE (BIT(WRITE_FILE) | BIT(REMOVE_FILE) | BIT(MAKE_DIR) | BIT(MAKE_REG) | BIT(REFER) | BIT(TRUNCATE))
#define OF_FILES (BIT(EXECUTE) | BIT(WRITE_FILE) | BIT(READ_FILE) | BIT(TRUNCATE)) /* the others are of folders */

struct ruleset { /* what a kernel does not know is 0 and stays unread */
	uint64_t fs, net, scoped;
};

/* What a kernel of this version can refuse: all of it is refused where no rule says otherwise. */
static struct ruleset
ruleset_of(int version)
{
	return (struct ruleset){
	    .fs = BIT(version >= 5 ? IOCTL_DEV + 1 : version >= 3 ? TRUNCATE + 1 : version >= 2 ? REFER + 1 :
		MAKE_SYM + 1) - 1,
	    .net = version >= 4 ? 3 : 0, /* to bind and to connect TCP */
	    .scoped = version >= 6 ? 3 : 0}; /* abstract sockets and signals, out of this process */
}

static int
add_rule(int ruleset, uint64_t known, const struct os_path *p)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = known & ((p->write ? READ | WRITE : READ) |
	    (p->run ? BIT(EXECUTE) : 0))};
	struct stat st;
	long rc = -1;

	rule.parent_fd = open(p->path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return -1;
	if (fstat(rule.parent_fd, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			rule.allowed_access &= OF_FILES;
		rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
	return (int)rc;
}

int
os_confine(const struct os_path *paths, size_t n)
{
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), fd;
	struct ruleset all = ruleset_of(version);
	bool done;

	if (version <= 0 || (fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0)) < 0)
		return 0;
	done = n == 0 || add_rule(fd, all.fs, &paths[0]) == 0;
	for (size_t i = 1; i < n; i++) /* what is not there needs no rule */
		add_rule(fd, all.fs, &paths[i]);
	done = done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return done ? version : 0;
}

static int
find_loader(struct dl_phdr_info *x, size_t size, void *arg)
{
	for (int i = 0; i < x->dlpi_phnum; i++)
		if (x->dlpi_phdr[i].p_type == PT_INTERP)
			*(const char **)arg = (const char *)(uintptr_t)(x->dlpi_addr + x->dlpi_phdr[i].p_vaddr);
	return 1; /* the first is this program */
}

const char *
os_loader(void)
{
	const char *path = NULL;

	dl_iterate_phdr(find_loader, &path);
	return path;
}

#else

int
os_confine(const struct os_path *paths, size_t n)
{
	(void)paths;
	(void)n;
	return 0;
}

const char *
os_loader(void)
{
	return NULL;
}

#endif
