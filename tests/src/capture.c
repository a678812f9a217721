/* capture.c: a session whose output is kept as text. */
#include "commands/table.h"
#include "script/exec.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static void
capture_line(void *arg, bool error, enum out_style style, const char *text)
{
	struct capture *c = arg;
	char **to = error ? &c->errors : &c->text;
	char *more = xasprintf("%s%s\n", *to, text);

	free(*to);
	*to = more;
}

void
capture_open(struct capture *c)
{
	memset(c, 0, sizeof *c);
	c->out = out_new_stdio();
	c->out->sink = (struct out_sink){capture_line, NULL, c};
	c->out->utf8 = true;
	c->s = session_new(c->out, &commands_all);
	capture_clear(c);
}

static struct dataset *capture_data;

static void
capture_end(void)
{
	dataset_free(capture_data);
}

void
capture_share(struct capture *c)
{
	struct err e;

	if (capture_data == NULL) {
		capture_data = dataset_load(DATA_BUNDLED, &e);
		atexit(capture_end);
	}
	c->s->data.set = capture_data;
}

void
capture_close(struct capture *c)
{
	if (c->s->data.set == capture_data)
		c->s->data.set = NULL;
	session_free(c->s);
	out_free(c->out);
	free(c->text);
	free(c->errors);
}

void
capture_clear(struct capture *c)
{
	free(c->text);
	free(c->errors);
	c->text = xstrdup("");
	c->errors = xstrdup("");
}

int
capture_run(struct capture *c, const char *line)
{
	capture_clear(c);
	c->s->queue.status = 0;
	c->s->queue.stopped = false;
	return session_exec(c->s, line);
}

void
capture_async(struct capture *c)
{
	c->s->user.async = true;
}

void
capture_person(struct capture *c)
{
	c->s->user.async = c->s->user.interactive = true;
}

bool
capture_busy(const struct capture *c)
{
	return c->s->worker.job != NULL;
}

void
capture_tick(struct capture *c)
{
	struct pollfd p = {job_wake_fd(&c->s->worker), POLLIN, 0};

	poll(&p, 1, 60000);
	session_tick(c->s);
}

void
capture_wait(struct capture *c)
{
	while (capture_busy(c) || c->s->queue.first != NULL)
		capture_tick(c);
}

int
capture_status(const struct capture *c)
{
	return c->s->queue.status;
}

int
capture_nruns(const struct capture *c)
{
	return c->s->runs.n;
}

struct run *
capture_run_at(const struct capture *c, int i)
{
	return c->s->runs.list[i];
}

struct nn_net *
capture_net(const struct capture *c)
{
	return c->s->model.net;
}
