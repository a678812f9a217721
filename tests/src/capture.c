/* capture.c: a session whose output is kept as text. */
#include "capture.h"
#include "util/xmalloc.h"

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
	c->s = session_new(c->out);
	capture_clear(c);
}

void
capture_close(struct capture *c)
{
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
	c->s->status = 0;
	c->s->stopped = false;
	return session_exec(c->s, line);
}
