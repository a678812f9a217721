/* slice.c: which part of the work is this process's. */
#include "host/slice.h"

#include "util/num.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLICES_MAX 10000000

static int
slice_bad(const char *what, struct err *e)
{
	return fail(e, "--slice is I/N with I from 1 to N, not \"%.40s\"; write --slice 1/10, say", what);
}

int
slice_read(struct slice *s, const char *text, struct err *e)
{
	char *copy = xstrdup(text), *slash = strchr(copy, '/');
	int64_t i = 0, n = 0;
	bool good;

	if (slash != NULL)
		*slash = '\0';
	good = slash != NULL && num_read_int(copy, &i) == NUM_OK && num_read_int(slash + 1, &n) == NUM_OK && i >= 1 &&
	    i <= n && n <= SLICES_MAX;
	free(copy);
	*s = (struct slice){(size_t)i, (size_t)n, 1, ""};
	return good ? 0 : slice_bad(text, e);
}

/* ---- the environment ---- */

/* 1: it is set, and a number from low on; 0: it is not set. -1 with a sentence. */
static int
slice_number(const char *name, int64_t low, int64_t *v, struct err *e)
{
	const char *text = getenv(name);

	if (text == NULL || text[0] == '\0')
		return 0;
	if (num_read_int(text, v) == NUM_OK && *v >= low && *v <= SLICES_MAX)
		return 1;
	return fail(e, "%s is \"%.40s\", which is no number of a task; unset it, or say --slice I/N", name, text);
}

/* Cuts the slice into as many as the second variable says, and takes the one of the first. */
static int
slice_cut(struct slice *s, const char *index, int64_t first, int64_t step, const char *count, struct err *e)
{
	int64_t i, n;
	int rc;

	if ((rc = slice_number(index, first, &i, e)) <= 0)
		return rc;
	if ((rc = slice_number(count, 1, &n, e)) < 0)
		return -1;
	if (rc == 0)
		return fail(e, "%s is set, but not %s, which says of how many; set it, or say --slice I/N", index,
		    count);
	if ((i - first) % step != 0 || (i - first) / step >= n || (int64_t)s->n > SLICES_MAX / n)
		return fail(e, "%s is %" PRId64 ", of %" PRId64 " (%s); number the tasks without gaps, or say "
		    "--slice I/N", index, i, n, count);
	s->i = (s->i - 1) * (size_t)n + (size_t)((i - first) / step) + 1;
	s->n *= (size_t)n;
	snprintf(s->by, sizeof s->by, "%s", index);
	return 1;
}

/* A task of an array, whose numbers may begin anywhere and have steps. */
static int
slice_array(struct slice *s, struct err *e)
{
	int64_t first = 0, step = 1;

	if (slice_number("SLURM_ARRAY_TASK_MIN", 0, &first, e) < 0 ||
	    slice_number("SLURM_ARRAY_TASK_STEP", 1, &step, e) < 0)
		return -1;
	return slice_cut(s, "SLURM_ARRAY_TASK_ID", first, step, "SLURM_ARRAY_TASK_COUNT", e);
}

/* A rank. mpirun within a step of Slurm leaves that step's variables, so these come last; without a step they are those
 * of the script that sbatch has started once. */
static int
slice_rank(struct slice *s, struct err *e)
{
	static const char *const ranks[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
	    {"PMI_RANK", "PMI_SIZE"}, {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"}};
	const char *step = getenv("SLURM_STEP_ID") != NULL ? getenv("SLURM_STEP_ID") : getenv("SLURM_STEPID");
	int rc = 0;

	for (size_t k = 0; k < sizeof ranks / sizeof *ranks && rc == 0; k++)
		rc = slice_cut(s, ranks[k][0], 0, 1, ranks[k][1], e);
	if (rc == 0 && step != NULL)
		rc = slice_cut(s, "SLURM_PROCID", 0, 1, getenv("SLURM_STEP_NUM_TASKS") != NULL ?
		    "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS", e);
	return rc;
}

int
slice_environment(struct slice *s, struct err *e)
{
	int64_t here = 1;

	*s = (struct slice){1, 1, 1, ""};
	if (slice_array(s, e) < 0 || slice_rank(s, e) < 0 ||
	    slice_number("OMPI_COMM_WORLD_LOCAL_SIZE", 1, &here, e) < 0)
		return -1;
	if (here == 1 && slice_number("MPI_LOCALNRANKS", 1, &here, e) < 0)
		return -1;
	s->here = (int)here;
	return 0;
}
