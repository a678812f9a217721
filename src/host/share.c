/* share.c: `thaw plan SCRIPT...` lists the trials of the sweeps and comparisons of scripts, `thaw work PLAN` does a
 * share of them. */
#include "config.h"
#include "file/planned.h"
#include "host/host.h"
#include "host/slice.h"
#include "language/words.h"
#include "script/exec.h"
#include "script/say.h"
#include "session/lines.h"
#include "session/made.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- output ---- */

/* What the commands of the script say is nobody's result. */
static void
share_line(void *arg, bool error, enum out_style style, const char *text)
{
	const struct out_sink *before = arg;

	if (error)
		before->line(before->arg, error, style, text);
}

static void
share_progress(void *arg, const char *text)
{
	const struct out_sink *before = arg;

	if (before->progress != NULL)
		before->progress(before->arg, text);
}

static bool
share_goes_on(const struct session *s)
{
	return !s->queue.stopped && !s->queue.quit && signals_pending() == 0;
}

/* Runs the lines of a script, [[file, number, line], ...]. */
static void
share_run(struct session *s, const json_t *script)
{
	struct out_sink before = s->out->sink;
	enum out_mode mode = s->out->mode;
	json_t *line;
	size_t i;

	s->out->sink = (struct out_sink){share_line, share_progress, &before};
	json_array_foreach((json_t *)script, i, line) {
		struct source *source;

		if (!share_goes_on(s))
			break;
		source = source_new(json_string_value(json_array_get(line, 0)), SOURCE_SHOWN);
		session_exec_at(s, json_string_value(json_array_get(line, 2)), source,
		    (int)json_integer_value(json_array_get(line, 1)));
		source_free(source);
	}
	s->out->sink = before;
	out_begin(s->out, mode);
}

static int
share_fails(struct session *s, const char *command, const char *text)
{
	s->queue.status = 1;
	out_error(s->out, command, text);
	return 1;
}

/* ---- plan ---- */

/* A line with a command. */
static void
plan_line(json_t *script, const char *name, int number, const char *text)
{
	const char *p = text;

	while (word_blank(*p) || *p == ';')
		p++;
	if (*p != '\0' && *p != '#')
		json_array_append_new(script, out_pack("[s, i, s]", name, number, text));
}

static int
plan_script(json_t *script, const char *path, struct err *e)
{
	struct line_reader r;
	bool input = strcmp(path, "-") == 0;
	int error = 0;
	ssize_t n = 0;

	if (input)
		line_open_fd(&r, STDIN_FILENO);
	else if (line_open(&r, path) < 0)
		error = errno;
	while (error == 0 && (n = line_read(&r)) >= 0)
		plan_line(script, input ? "stdin" : path, r.number, r.text);
	if (error == 0 && n != -2)
		error = r.error;
	if (error != 0)
		fail(e, "%s: cannot be read: %s; %s", path, line_why(&r, error), reach_way(error,
		    "give the path of a script"));
	else if (n == -2)
		fail(e, "%s:%d: the line holds a NUL byte; a script is text", path, r.number);
	line_close(&r);
	return error != 0 || n == -2 ? -1 : 0;
}

static int
plan_list(struct session *s, json_t *script)
{
	const struct setting *seed = settings_find("seed", true, NULL);
	char *data = xstrdup(s->data.name), *value = settings_value(&s->set, seed), *text;
	struct err e = {0};

	share_run(s, script);
	if (share_goes_on(s) && s->queue.status == 0) {
		if (json_array_size(s->share->trials) == 0)
			share_fails(s, "plan", "there is no sweep in these commands, and no `compare modes`; write "
			    "one, as in `sweep lr=0.1,1 seeds=5 -- reset; train lt5`");
		else if (session_engine(s, &e) == NULL)
			share_fails(s, "plan", e.text);
		else {
			text = planned_write(data, value, nn_engine_kernels(s->compute.engine), script,
			    s->share->trials);
			fputs(text, stdout);
			free(text);
		}
	}
	free(value);
	free(data);
	return s->queue.status;
}

int
host_plan(struct session *s, const struct host_source *source, int n)
{
	struct share share = {.lists = true, .trials = json_array()};
	json_t *script = json_array();
	struct err e = {0};
	int status = 0;

	if (n == 0) {
		fputs("thaw: error: plan takes the scripts with the sweeps and comparisons: `thaw plan SCRIPT... "
		    ">PLAN`\n", stderr);
		status = s->queue.status = 2;
	}
	for (int i = 0; i < n && status == 0; i++)
		if (source[i].kind == HOST_COMMAND)
			plan_line(script, "-c", source[i].number, source[i].text);
		else if (plan_script(script, source[i].text, &e) < 0) {
			share_fails(s, "plan", e.text);
			status = s->queue.status = 2;
		}
	s->share = &share;
	if (status == 0)
		status = plan_list(s, script);
	json_decref(script);
	json_decref(share.trials);
	s->share = NULL;
	runs_keep(&s->runs);
	return status;
}

/* ---- work ---- */

/* How many trials of the share the store has already. */
static size_t
work_kept(const struct session *s, size_t *mine)
{
	const struct share *share = s->share;
	size_t kept = 0;

	*mine = 0;
	for (size_t i = share->slice - 1; i < json_array_size(share->trials); i += share->slices) {
		char *text = store_get_trial(&s->store, json_string_value(json_object_get(json_array_get(share->trials,
		    i), "key")));

		++*mine;
		kept += text != NULL;
		free(text);
	}
	return kept;
}

/* What has to be the same here as where the plan was made. */
static int
work_fits(struct session *s, const struct planned *p, struct err *e)
{
	const char *version = json_string_value(json_object_get(p->head, "version"));
	const char *seed = json_string_value(json_object_get(p->head, "seed"));

	if (strcmp(version, PACKAGE_VERSION) != 0)
		return fail(e, "the plan is of thaw %.20s, this is %s; plan again by this one", version,
		    PACKAGE_VERSION);
	return settings_assign(&s->set, settings_find("seed", true, NULL), seed, e);
}

static int
work_seed(const struct planned *p, const char *text, struct err *e)
{
	const char *seed = json_string_value(json_object_get(p->head, "seed"));

	return strcmp(seed, text) == 0 ? 0 : fail(e, "--seed %.20s: the plan says seed %.20s; plan again with it: "
	    "`thaw plan --seed %.20s SCRIPT...`", text, seed, text);
}

/* Kernels of another processor round otherwise. */
static int
work_kernels(struct session *s, const struct planned *p, struct err *e)
{
	const char *planned = json_string_value(json_object_get(p->head, "kernels")), *here;
	struct nn_engine *there = NULL;
	struct nn_err why = {0};

	if (session_engine(s, e) == NULL)
		return -1;
	here = nn_engine_kernels(s->compute.engine);
	if (strcmp(here, planned) == 0)
		return 0;
	if (settings_assign(&s->set, settings_find("kernels", true, NULL), planned, e) == 0)
		there = nn_engine_new(1, planned, &why);
	if (there != NULL) {
		nn_engine_free(there);
		return session_engine(s, e) != NULL ? 0 : -1;
	}
	if (why.lack != NN_LACK_NOTHING)
		return fail_nn(e, &why);
	return fail(e, "the plan is for the kernels %.20s, which this processor does not have; begin the script with "
	    "`set kernels %s`, and plan again", planned, here);
}

static void
work_share(struct session *s, const struct planned *p)
{
	struct share *share = s->share;
	size_t mine, kept = work_kept(s, &mine);
	bool lost = false;
	char n[32], of[32];
	struct err e = {0};

	if (kept < mine && (work_fits(s, p, &e) < 0 || work_kernels(s, p, &e) < 0)) {
		share_fails(s, "work", e.text);
		return;
	}
	if (kept < mine) {
		if (store_ready(&s->store, &e) < 0) {
			share_fails(s, "work", e.text);
			return;
		}
		share_run(s, json_object_get(p->head, "script"));
		if (share->mine + share->missing == mine) { /* what a full disk has not taken is not done */
			share->mine = work_kept(s, &mine);
			lost = share->mine + share->missing < mine;
		}
	} else
		share->mine = share->found = mine;
	out_text(s->out, "slice %zu of %zu: %s of %s trials are done, %zu of them before%s%s", share->slice,
	    share->slices, text_count(n, (unsigned long long)share->mine), text_count(of, (unsigned long long)mine),
	    share->found, s->store.asked ? "" : "; results are kept in ", s->store.asked ? "" : s->store.dir);
	if (lost && share_goes_on(s))
		share_fails(s, "work", "what the other trials came to is not in the store; make room there, or "
		    "choose another folder by --project, and do the same again");
	else if (share_goes_on(s) && share->mine + share->missing < mine)
		share_fails(s, "work", "the script makes fewer trials here than in the plan; plan again, by this thaw "
		    "and with these files");
	else if (share->missing > 0) {
		fail(&e, "%s of %s trials failed; do the same again, or plan again without what they fail with",
		    text_count(n, (unsigned long long)share->missing), of);
		share_fails(s, "work", e.text);
	}
}

/* All processors, of which each trial gets one, or this process's part of them. */
static int
share_threads(int processes)
{
	int n = os_processors() / processes;

	return n < 1 ? 1 : n > NN_THREADS_MAX ? NN_THREADS_MAX : n;
}

int
host_work(struct session *s, const struct host_source *source, int n, const struct host_share *how)
{
	struct share share = {0};
	struct planned p = {0};
	struct slice slice = {1, 1, 1, ""};
	struct err e = {0};

	if (n != 1) {
		fputs("thaw: error: work takes one plan: `thaw work PLAN [--slice I/N] [--project DIR]`\n", stderr);
		return s->queue.status = 2;
	}
	if ((how->slice != NULL ? slice_read(&slice, how->slice, &e) : slice_environment(&slice, &e)) < 0 ||
	    planned_load(&p, source[0].text, &e) < 0) {
		share_fails(s, "work", e.text);
		return s->queue.status = 2;
	}
	if (how->seed != NULL && work_seed(&p, how->seed, &e) < 0) {
		share_fails(s, "work", e.text);
		planned_free(&p);
		return s->queue.status = 2;
	}
	if (s->store.dir == NULL) {
		fail(&e, "%s; name a store by --project DIR", s->user.safe ?
		    "--safe keeps nothing in a person's folder" : PATH_NO_STATE);
		share_fails(s, "work", e.text);
		planned_free(&p);
		return s->queue.status = 2;
	}
	if (!how->threads)
		s->set.threads = share_threads(slice.here);
	if (!how->data)
		data_choose(&s->data, json_string_value(json_object_get(p.head, "data")));
	share = (struct share){.trials = p.trials, .slice = slice.i, .slices = slice.n};
	s->share = &share;
	work_share(s, &p);
	s->share = NULL;
	runs_keep(&s->runs);
	planned_free(&p);
	return s->queue.status;
}
