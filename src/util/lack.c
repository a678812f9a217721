/* lack.c: how a process gets more of what the machine has not given it. */
#include "util/lack.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

static bool
lack_limited(int what)
{
	struct rlimit most;

	return getrlimit(what, &most) == 0 && most.rlim_cur != RLIM_INFINITY;
}

const char *
lack_memory_way(void)
{
	bool space = lack_limited(RLIMIT_AS), data = lack_limited(RLIMIT_DATA);

	return space && data ? "raise `ulimit -v` and `ulimit -d`" : space ? "raise `ulimit -v`" : data ?
	    "raise `ulimit -d`" : "close other programs";
}

/* A thread takes memory for its stack as well. */
const char *
lack_thread_way(void)
{
	if (lack_limited(RLIMIT_AS))
		return "raise `ulimit -v` and `ulimit -u`";
	if (lack_limited(RLIMIT_DATA))
		return "raise `ulimit -d` and `ulimit -u`";
#ifdef RLIMIT_NPROC
	if (lack_limited(RLIMIT_NPROC))
		return "raise `ulimit -u`, or end other programs";
#endif
	return "end other programs";
}
