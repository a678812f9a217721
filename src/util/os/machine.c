/* machine.c: what this process may use of the machine. A container that limits both sees its limits here. */
#include "util/os/os.h"

#ifndef OS_PLAIN
#include "config.h"
#endif
#include "util/xmalloc.h"

#include <math.h>
#ifdef HAVE_SCHED_GETAFFINITY
#include <sched.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CGROUP "/sys/fs/cgroup"

/* The first line of root/path, cut at its end; NULL when there is none. */
static char *
machine_line(const char *root, const char *path, char *buf, size_t size)
{
	char *name = xasprintf("%s%s", root, path);
	FILE *f = fopen(name, "re");

	free(name);
	if (f == NULL)
		return NULL;
	if (fgets(buf, (int)size, f) == NULL)
		buf = NULL;
	else
		buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
	return buf;
}

/* Whether a word is one of those that commas part: cpu is in "cpu,cpuacct", and not in "cpuset"; "" is in
 * "" alone. */
static bool
machine_listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; list != NULL; list = (list = strchr(list, ',')) != NULL ? list + 1 : NULL)
		if (strcspn(list, ",") == n && strncmp(list, word, n) == 0)
			return true;
	return false;
}

/* The folder of our own cgroup of a controller ("" for v2) below the root of its tree, from /proc/self/cgroup. */
static void
machine_cgroup(const char *root, const char *controller, char *out, size_t size)
{
	char *name = xasprintf("%s/proc/self/cgroup", root), line[4096], *list, *path;
	FILE *f = fopen(name, "re");

	out[0] = '\0';
	free(name);
	if (f == NULL)
		return;
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if ((list = strchr(line, ':')) == NULL || (path = strchr(list + 1, ':')) == NULL)
			continue;
		*path++ = '\0';
		list++;
		if (machine_listed(list, controller)) {
			if (strcmp(path, "/") != 0)
				snprintf(out, size, "%s", path);
			break;
		}
	}
	fclose(f);
}

/* Calls fn with every folder from our cgroup up to the root of the tree: the tightest limit holds. A container often
 * sees its own cgroup as the root, whatever /proc says: folders that do not exist are passed over. */
static void
machine_walk(const char *root, const char *base, const char *controller, void (*fn)(const char *root, const char *dir,
    void *arg), void *arg)
{
	char own[2048], dir[4096], *slash;

	machine_cgroup(root, controller, own, sizeof own);
	for (;;) {
		snprintf(dir, sizeof dir, "%s%s", base, own);
		fn(root, dir, arg);
		if ((slash = strrchr(own, '/')) == NULL)
			return;
		*slash = '\0';
	}
}

static void
machine_cpu_v2(const char *root, const char *dir, void *arg)
{
	char path[4200], buf[128], *end;
	double *least = arg, quota, period;

	snprintf(path, sizeof path, "%s/cpu.max", dir);
	if (machine_line(root, path, buf, sizeof buf) == NULL || strncmp(buf, "max", 3) == 0)
		return;
	quota = strtod(buf, &end);
	period = strtod(end, NULL);
	if (quota > 0 && period > 0 && quota / period < *least)
		*least = quota / period;
}

static void
machine_cpu_v1(const char *root, const char *dir, void *arg)
{
	char path[4200], buf[128];
	double *least = arg, quota, period;

	snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", dir);
	if (machine_line(root, path, buf, sizeof buf) == NULL || (quota = strtod(buf, NULL)) <= 0)
		return;
	snprintf(path, sizeof path, "%s/cpu.cfs_period_us", dir);
	if (machine_line(root, path, buf, sizeof buf) == NULL || (period = strtod(buf, NULL)) <= 0)
		return;
	if (quota / period < *least)
		*least = quota / period;
}

int
os_processors_at(const char *root, int mask)
{
	double least = mask;
	int n;

	machine_walk(root, CGROUP, "", machine_cpu_v2, &least);
	machine_walk(root, CGROUP "/cpu", "cpu", machine_cpu_v1, &least);
	n = (int)(least + 0.999); /* half a processor more still feeds a thread */
	return n < 1 ? 1 : n;
}

int
os_processors(void)
{
	const char *task = getenv("SLURM_CPUS_PER_TASK"); /* Slurm need not hold a task to it */
	long n = sysconf(_SC_NPROCESSORS_ONLN), most = task != NULL ? strtol(task, NULL, 10) : 0;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
#endif
	if (most > 0 && most < n)
		n = most;
	return os_processors_at("", n > 0 ? (int)n : 1);
}

struct machine_left {
	const char *limit, *used;
	double least;
};

static void
machine_left(const char *root, const char *dir, void *arg)
{
	struct machine_left *m = arg;
	char path[4200], buf[128];
	double limit, used = 0;

	snprintf(path, sizeof path, "%s/%s", dir, m->limit);
	if (machine_line(root, path, buf, sizeof buf) == NULL || strncmp(buf, "max", 3) == 0)
		return;
	limit = strtod(buf, NULL);
	snprintf(path, sizeof path, "%s/%s", dir, m->used);
	if (machine_line(root, path, buf, sizeof buf) != NULL)
		used = strtod(buf, NULL);
	if (limit > 0 && limit - used < m->least)
		m->least = limit > used ? limit - used : 0;
}

/* What the machine has left: MemAvailable, and where there is no such file half of all its memory. */
static double
machine_available(const char *root)
{
	char *name = xasprintf("%s/proc/meminfo", root), line[256];
	FILE *f = fopen(name, "re");
	double kib, least = 64e9;
	bool said = false;

	free(name);
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "MemAvailable: %lf kB", &kib) == 1) {
			least = kib * 1024 < least ? kib * 1024 : least;
			said = true;
		}
	if (f != NULL)
		fclose(f);
#ifdef _SC_PHYS_PAGES
	if (!said && (kib = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / 2) > 0 && kib < least)
		least = kib;
#endif
	return least;
}

size_t
os_memory_at(const char *root)
{
	struct machine_left m = {"memory.max", "memory.current", machine_available(root)};

	machine_walk(root, CGROUP, "", machine_left, &m);
	m.limit = "memory.limit_in_bytes";
	m.used = "memory.usage_in_bytes";
	machine_walk(root, CGROUP "/memory", "memory", machine_left, &m);
	return (size_t)m.least;
}

/* What ulimit -v leaves of the address space. */
static double
machine_space(void)
{
	struct rlimit most;
	char buf[128];

	if (getrlimit(RLIMIT_AS, &most) < 0 || most.rlim_cur == RLIM_INFINITY ||
	    machine_line("", "/proc/self/statm", buf, sizeof buf) == NULL)
		return INFINITY;
	return fmax((double)most.rlim_cur - strtod(buf, NULL) * (double)sysconf(_SC_PAGESIZE), 0);
}

size_t
os_memory(void)
{
	return (size_t)fmin((double)os_memory_at(""), machine_space());
}
