/* settings.c: the settings of a session. One list says name, type, range and meaning of each; how it is read and
 * written follows from its type. */
#include "session/settings.h"

#include "keras/names.h"
#include "util/os/os.h"
#include "util/num.h"
#include "util/out.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_OF(member) sizeof ((struct settings *)NULL)->member

const struct setting settings_list[] = {
#define SETTING(key, type, member, min, max, choices, flags, what) \
	{key, SETTING_##type, offsetof(struct settings, member), SIZE_OF(member), min, max, choices, flags, what},
#include "session/settings.def"
#undef SETTING
	{NULL},
};
_Static_assert(sizeof settings_list / sizeof *settings_list <= 64, "a bit of struct settings for each");

/* The processors that this process may use, by affinity mask and cgroup, 16 at most. */
static int
settings_threads_default(void)
{
	int n = os_processors();

	return n < 16 ? n : 16;
}

void
settings_default(struct settings *s)
{
	*s = (struct settings){.run = nn_run_config_default(), .epochs = 5, .threads = settings_threads_default(),
	    .threads_auto = true,
	    .cache = true, .mouse = true, .timing = true, .keep = true,
	    .units = "order", .kernels = "auto", .glyphs = "auto", .pictures = "auto",
	    .color = "auto", .theme = "auto", .verbose = -1, .size_w = 960, .size_h = 640,
	    .picture_invert = "auto", .picture_level = "auto", .picture_fit = "auto", .picture_centre = "auto"};
	s->run.lr = NAN;
}

double
settings_lr(const struct settings *s)
{
	return isnan(s->run.lr) ? s->run.optimizer->default_lr : s->run.lr;
}

size_t
settings_cache_limit(const struct settings *s, size_t held)
{
	return s->cache_limit > 0 ? s->cache_limit : os_memory() / 2 + held / 2;
}

/* ---- looking up ---- */

const struct setting *
settings_find(const char *key, bool prefix, struct err *e)
{
	const struct setting *found = NULL;
	const char *names[SETTINGS_MAX], *hit;
	struct str list = {0};
	int n = 0, nfound = 0;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		if (strcmp(k->key, key) == 0) {
			free(list.s);
			return k;
		}
		names[n++] = k->key;
		if (prefix && key[0] != '\0' && strncmp(k->key, key, strlen(key)) == 0) {
			found = k;
			str_add(&list, "%s%s", nfound++ > 0 ? " " : "", k->key);
		}
	}
	if (nfound > 1)
		fail(e, "setting \"%.40s\" may be any of: %s; type more letters", key, list.s);
	else if (nfound == 0 && ((hit = keras_key(key)) != NULL || (hit = text_near(key, names, n)) != NULL))
		fail(e, "unknown setting \"%.40s\" - did you mean \"%s\"?", key, hit);
	else if (nfound == 0)
		fail(e, "unknown setting \"%.40s\"; `set` lists them", key);
	free(list.s);
	return nfound == 1 ? found : NULL;
}

/* ---- text to value ---- */

static bool
settings_choice(const char *choices, const char *text)
{
	size_t n = strlen(text);

	for (const char *p = choices; n > 0 && (p = strstr(p, text)) != NULL; p++)
		if ((p == choices || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' '))
			return true;
	return false;
}

char *
settings_range(const struct setting *k)
{
	char a[32], b[32];
	const char *or_auto = k->choices[0] != '\0' ? " or auto" : "";

	switch (k->type) {
	case SETTING_NUM:
	case SETTING_LR:
		return xasprintf("%s to %s", num_text(a, k->min), num_text(b, k->max));
	case SETTING_INT:
		return xasprintf("%.0f to %.0f%s", k->min, k->max, or_auto);
	case SETTING_SEED:
		return xasprintf("0 to %lld", (long long)INT64_MAX); /* so that it is a number in JSON, too */
	case SETTING_BYTES:
		return xasprintf("bytes, with K, M or G%s", or_auto);
	case SETTING_SIZE:
		return xasprintf("WxH, each %.0f to %.0f", k->min, k->max);
	case SETTING_TEXT:
		return xstrdup("a path");
	default:
		return xstrdup(k->choices);
	}
}

/* Makes "on, off or auto" of "on off auto". */
static char *
settings_choices_text(const char *choices)
{
	const char *last = strrchr(choices, ' ');
	struct str b = {0};

	for (const char *p = choices; *p != '\0'; p++)
		if (*p != ' ')
			str_addn(&b, p, 1);
		else
			str_add(&b, "%s", p == last ? " or " : ", ");
	return b.s;
}

/* Fails with a sentence that says what would be right. */
static int
settings_refuse(const struct setting *k, const char *text, struct err *e)
{
	bool whole = k->type == SETTING_INT || k->type == SETTING_SEED;
	bool listed = k->type == SETTING_OPTIMIZER || k->type == SETTING_WORD || k->type == SETTING_BOOL;
	char *range = listed ? settings_choices_text(k->choices) : settings_range(k);

	if (whole || k->type == SETTING_NUM || k->type == SETTING_LR)
		fail(e, "%s is a %snumber from %s, not \"%.60s\"", k->key, whole ? "whole " : "", range, text);
	else if (k->type == SETTING_BYTES)
		fail(e, "%s is a number of bytes such as 500M or 2G, or auto, not \"%.60s\"", k->key, text);
	else
		fail(e, "%s is %s, not \"%.60s\"", k->key, range, text);
	free(range);
	return -1;
}

static int
settings_bytes(const struct setting *k, const char *text, size_t *out, struct err *e)
{
	char *end;
	double v = strtod(text, &end), unit = 1;

	switch (*end) {
	case 'G': case 'g':
		unit *= 1024;
		/* fallthrough */
	case 'M': case 'm':
		unit *= 1024;
		/* fallthrough */
	case 'K': case 'k':
		unit *= 1024;
		end++;
	}
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || !(v * unit >= 1) || v * unit > 9e18)
		return settings_refuse(k, text, e);
	*out = (size_t)(v * unit);
	return 0;
}

static int
settings_int(struct settings *s, const struct setting *k, const char *text, int *out, struct err *e)
{
	bool threads = out == &s->threads, is_auto = strcmp(text, "auto") == 0 && settings_choice(k->choices, "auto");
	int64_t v;

	if (is_auto)
		*out = threads ? settings_threads_default() :
		    k->offset == offsetof(struct settings, verbose) ? -1 : 0;
	else if (num_read_int(text, &v) != NUM_OK || (double)v < k->min || (double)v > k->max)
		return settings_refuse(k, text, e);
	else
		*out = (int)v;
	if (threads)
		s->threads_auto = is_auto;
	return 0;
}

static int
settings_size(struct settings *s, const struct setting *k, const char *text, struct err *e)
{
	char *end;
	long w, h;

	if (!isdigit((unsigned char)text[0]))
		return settings_refuse(k, text, e);
	w = strtol(text, &end, 10);
	if (*end != 'x' || !isdigit((unsigned char)end[1]))
		return settings_refuse(k, text, e);
	h = strtol(end + 1, &end, 10);
	if (*end != '\0' || w < k->min || w > k->max || h < k->min || h > k->max)
		return settings_refuse(k, text, e);
	s->size_w = (int)w;
	s->size_h = (int)h;
	return 0;
}

/* "1.0", "auto", "1.0:cosine" */
static int
settings_rate(struct settings *s, const struct setting *k, const char *text, struct err *e)
{
	const char *colon = strchr(text, ':');
	char *rate = colon != NULL ? xstrndup(text, (size_t)(colon - text)) : xstrdup(text);
	struct schedule schedule = {0};
	double num = NAN;
	int rc = 0;

	if (strcmp(rate, "auto") != 0 && (num_read_real(rate, &num) != NUM_OK || num < k->min || num > k->max))
		rc = settings_refuse(k, text, e);
	else if (colon != NULL)
		rc = schedule_parse(colon + 1, &schedule, e);
	if (rc == 0) {
		s->run.lr = num;
		s->schedule = schedule;
	}
	free(rate);
	return rc;
}

int
settings_assign(struct settings *s, const struct setting *k, const char *text, struct err *e)
{
	void *member = (char *)s + k->offset;
	const struct nn_optimizer_info *o;
	double num;
	char *end;
	unsigned long long seed;

	switch (k->type) {
	case SETTING_INT:
		return settings_int(s, k, text, member, e);
	case SETTING_LR:
		return settings_rate(s, k, text, e);
	case SETTING_NUM:
		if (num_read_real(text, &num) != NUM_OK || num < k->min || num > k->max)
			return settings_refuse(k, text, e);
		*(double *)member = num;
		return 0;
	case SETTING_SEED:
		errno = 0;
		seed = strtoull(text, &end, 10);
		if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || seed > INT64_MAX)
			return settings_refuse(k, text, e);
		*(uint64_t *)member = seed;
		return 0;
	case SETTING_BOOL:
		if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
			return settings_refuse(k, text, e);
		*(bool *)member = text[1] == 'n';
		return 0;
	case SETTING_OPTIMIZER:
		if ((o = nn_optimizer_find(text)) == NULL)
			return settings_refuse(k, text, e);
		*(const struct nn_optimizer_info **)member = o;
		return 0;
	case SETTING_WORD:
		if (!settings_choice(k->choices, text))
			return settings_refuse(k, text, e);
		/* fallthrough */
	case SETTING_TEXT:
		if (strlen(text) >= k->size)
			return fail(e, "%s: longer than %zu characters", k->key, k->size - 1);
		strcpy(member, text);
		return 0;
	case SETTING_BYTES:
		if (strcmp(text, "auto") == 0) {
			*(size_t *)member = 0;
			return 0;
		}
		return settings_bytes(k, text, member, e);
	case SETTING_SIZE:
		return settings_size(s, k, text, e);
	}
	return -1;
}

double *
settings_real(const struct nn_run_config *c, const struct setting *k)
{
	if (k->type != SETTING_LR && k->type != SETTING_NUM)
		return NULL;
	return (double *)((char *)c + k->offset - offsetof(struct settings, run));
}

/* ---- value to text ---- */

static char *
settings_bytes_text(size_t v)
{
	static const char unit[] = " KMG";
	int u = 0;

	if (v == 0)
		return xstrdup("auto");
	for (; u < 3 && v % 1024 == 0; u++)
		v /= 1024;
	return u == 0 ? xasprintf("%zu", v) : xasprintf("%zu%c", v, unit[u]);
}

static char *
settings_rate_text(const char *rate, const struct schedule *x)
{
	char *schedule = schedule_text(x), *text;

	text = xasprintf("%s%s%s", rate, *schedule != '\0' ? ":" : "", schedule);
	free(schedule);
	return text;
}

char *
settings_value(const struct settings *s, const struct setting *k)
{
	const void *member = (const char *)s + k->offset;
	char buf[32];
	int i;

	switch (k->type) {
	case SETTING_LR:
		return settings_rate_text(num_text(buf, settings_lr(s)), &s->schedule);
	case SETTING_NUM:
		return xstrdup(num_text(buf, *(const double *)member));
	case SETTING_INT:
		i = *(const int *)member;
		if (k->choices[0] != '\0' && (i < k->min || i < 0 || (member == &s->threads && s->threads_auto)))
			return xstrdup("auto");
		return xasprintf("%d", i);
	case SETTING_SEED:
		return xasprintf("%" PRIu64, *(const uint64_t *)member);
	case SETTING_BOOL:
		return xstrdup(*(const bool *)member ? "on" : "off");
	case SETTING_OPTIMIZER:
		return xstrdup(s->run.optimizer->name);
	case SETTING_WORD:
	case SETTING_TEXT:
		return xstrdup(member);
	case SETTING_BYTES:
		return settings_bytes_text(*(const size_t *)member);
	case SETTING_SIZE:
		return xasprintf("%dx%d", s->size_w, s->size_h);
	}
	return xstrdup("");
}

/* ---- what they mean to the output ---- */

void
settings_show(const struct settings *s, struct out *out)
{
	out->timing = s->timing;
	out->width = s->width > 0 ? s->width : out->auto_width;
	out->colour = !out->plain && (strcmp(s->color, "always") == 0 ||
	    (strcmp(s->color, "auto") == 0 && out->auto_colour));
}

bool
settings_utf8(const struct settings *s, const struct out *out)
{
	return out->utf8 && (strcmp(s->glyphs, "auto") == 0 ? !out->ascii : strcmp(s->glyphs, "ascii") != 0);
}
