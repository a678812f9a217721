/* planned.c: writes a plan and reads it back. */
#include "config.h"
#include "file/planned.h"

#include "util/out.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAYOUT "plan 1"

/* ---- writing ---- */

static void
planned_line(struct str *b, json_t *o)
{
	char *line = out_json_text(o);

	str_add(b, "%s\n", line);
	free(line);
	json_decref(o);
}

char *
planned_write(const char *data, const char *seed, const char *kernels, json_t *script, const json_t *trials)
{
	struct str b = {0};
	char hash[65];

	planned_line(&b, out_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "thaw", LAYOUT, "version", PACKAGE_VERSION,
	    "kernels", kernels, "data", data, "seed", seed, "script", json_incref(script)));
	for (size_t i = 0; i < json_array_size(trials); i++)
		planned_line(&b, json_incref(json_array_get(trials, i)));
	sha256_hex(b.s, b.n, hash);
	planned_line(&b, out_pack("{s:I, s:s}", "trials", (json_int_t)json_array_size(trials), "sha256", hash));
	return b.s;
}

/* ---- reading ---- */

/* The value of the next line, an object; NULL: it is none, or memory is short (*lacks). */
static json_t *
planned_next(const char **text, const char *end, bool *lacks)
{
	const char *line = *text, *stop = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
	bool no_memory;
	json_error_t why;
	json_t *o;

	if (stop == NULL)
		return NULL;
	*text = stop + 1;
	o = out_json_parse(line, (size_t)(stop - line), &no_memory, &why);
	*lacks |= no_memory;
	if (json_is_object(o))
		return o;
	json_decref(o);
	return NULL;
}

static bool
planned_is_script(const json_t *script)
{
	for (size_t i = 0; i < json_array_size(script); i++) {
		const json_t *line = json_array_get(script, i);

		if (json_array_size(line) != 3 || json_string_value(json_array_get(line, 0)) == NULL ||
		    !json_is_integer(json_array_get(line, 1)) || json_string_value(json_array_get(line, 2)) == NULL ||
		    json_integer_value(json_array_get(line, 1)) < INT32_MIN ||
		    json_integer_value(json_array_get(line, 1)) > INT32_MAX)
			return false;
	}
	return json_is_array(script);
}

static bool
planned_is_head(const json_t *o)
{
	static const char *const texts[] = {"version", "kernels", "data", "seed", NULL};
	const char *layout = json_string_value(json_object_get(o, "thaw"));

	for (const char *const *t = texts; *t != NULL; t++)
		if (!json_is_string(json_object_get(o, *t)))
			return false;
	return layout != NULL && strcmp(layout, LAYOUT) == 0 && planned_is_script(json_object_get(o, "script"));
}

static bool
planned_is_trial(const json_t *o, size_t number)
{
	const char *key = json_string_value(json_object_get(o, "key"));

	return key != NULL && strspn(key, "0123456789abcdef") == 64 && key[64] == '\0' &&
	    json_is_string(json_object_get(o, "set")) && json_is_string(json_object_get(o, "commands")) &&
	    json_is_integer(json_object_get(o, "seed")) && json_is_integer(json_object_get(o, "trial")) &&
	    json_integer_value(json_object_get(o, "trial")) == (json_int_t)number;
}

/* Where its last line begins, and how many trials that tells; NULL: it has none that tells the hash of what is before
 * it. */
static const char *
planned_whole(const char *text, size_t n, json_int_t *trials, bool *lacks)
{
	const char *last = text, *end = text + n, *p, *sum;
	char hash[65];
	json_t *o;
	bool whole;

	if (n < 2 || end[-1] != '\n')
		return NULL;
	for (p = text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL && ++p < end;)
		last = p;
	p = last;
	o = planned_next(&p, end, lacks);
	sum = json_string_value(json_object_get(o, "sha256"));
	sha256_hex(text, (size_t)(last - text), hash);
	whole = sum != NULL && strcmp(sum, hash) == 0 && json_is_integer(json_object_get(o, "trials"));
	*trials = json_integer_value(json_object_get(o, "trials"));
	json_decref(o);
	return whole ? last : NULL;
}

static int
planned_parse(struct planned *p, const char *text, size_t n, bool *lacks, struct err *e)
{
	json_int_t trials = 0;
	const char *end = planned_whole(text, n, &trials, lacks);
	json_t *o;

	*p = (struct planned){0};
	if (n < 2 || text[0] != '{')
		return fail(e, "this is no plan; `thaw plan SCRIPT >PLAN` makes one");
	if (end == NULL)
		return fail(e, "the plan is not whole, or was changed; make it again by `thaw plan SCRIPT >PLAN`");
	p->head = planned_next(&text, end, lacks);
	if (!planned_is_head(p->head)) {
		planned_free(p);
		return fail(e, "this is no plan that this thaw can read; make it again by `thaw plan SCRIPT >PLAN`");
	}
	p->trials = json_array();
	while (text < end) {
		o = planned_next(&text, end, lacks);
		if (!planned_is_trial(o, json_array_size(p->trials) + 1)) {
			json_decref(o);
			fail(e, "trial %zu of the plan is damaged; make it again by `thaw plan SCRIPT >PLAN`",
			    json_array_size(p->trials) + 1);
			planned_free(p);
			return -1;
		}
		json_array_append_new(p->trials, o);
	}
	if ((json_int_t)json_array_size(p->trials) != trials) {
		planned_free(p);
		return fail(e, "trials are missing from the plan; make it again by `thaw plan SCRIPT >PLAN`");
	}
	return 0;
}

int
planned_read(struct planned *p, const char *text, size_t n, struct err *e)
{
	bool lacks = false;
	int rc = planned_parse(p, text, n, &lacks, e);

	return lacks ? fail_memory(e, "there is not enough memory to read the plan") : rc;
}

int
planned_load(struct planned *p, const char *path, struct err *e)
{
	bool input = strcmp(path, "-") == 0;
	int fd = input ? STDIN_FILENO : reach_open(path, O_RDONLY), rc, error = errno;
	struct str b = {0};
	char buf[65536];
	ssize_t got = -1;

	*p = (struct planned){0};
	while (fd >= 0 && b.n <= PLANNED_BYTES_MAX && (got = read(fd, buf, sizeof buf)) > 0)
		str_addn(&b, buf, (size_t)got);
	error = fd >= 0 && got < 0 ? errno : error;
	if (fd >= 0 && !input)
		close(fd);
	if (got < 0)
		rc = fail(e, "%s cannot be read: %s; %s", path, reach_why(error), reach_way(error,
		    "give the path of a plan"));
	else if (got > 0)
		rc = fail(e, "%s is larger than 256 MiB; split the sweep into several", path);
	else
		rc = planned_read(p, b.s != NULL ? b.s : "", b.n, e);
	free(b.s);
	return rc;
}

void
planned_free(struct planned *p)
{
	json_decref(p->head);
	json_decref(p->trials);
	*p = (struct planned){0};
}
