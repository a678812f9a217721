/* goal.c: which of a run's epochs is the best one, and when a run ends before its last. */
#include "past/goal.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GOAL_EXAMPLES "stop=val_loss:patience=2 or stop=accuracy>=0.99"

static const struct goal_metric {
	const char *name;
	size_t member;
} metrics[] = {
	{"accuracy", offsetof(struct epoch_record, accuracy)}, {"loss", offsetof(struct epoch_record, loss)},
	{"val_accuracy", offsetof(struct epoch_record, val_accuracy)},
	{"val_loss", offsetof(struct epoch_record, val_loss)},
	{"watch_accuracy", offsetof(struct epoch_record, watch_accuracy)},
	{"watch_loss", offsetof(struct epoch_record, watch_loss)},
};
#define METRICS (sizeof metrics / sizeof *metrics)

static int
goal_metric(const char *text, size_t n, struct goal *g, struct err *e)
{
	for (size_t i = 0; i < METRICS; i++)
		if (strlen(metrics[i].name) == n && strncmp(metrics[i].name, text, n) == 0) {
			g->metric = metrics[i].name;
			g->high = strstr(metrics[i].name, "accuracy") != NULL;
			return 0;
		}
	return fail(e, "stop=%.40s: a figure of an epoch is accuracy, loss, val_accuracy, val_loss, watch_accuracy or "
	    "watch_loss; write %s", text, GOAL_EXAMPLES);
}

/* ":patience=2:min_delta=0.01" */
static int
goal_patience(const char *all, const char *p, struct goal *g, struct err *e)
{
	int64_t n;
	int rc = 0;

	g->end = GOAL_PATIENCE;
	while (rc == 0 && *p == ':') {
		size_t len = strcspn(++p, ":");
		char *word = xstrndup(p, len);

		if (strncmp(word, "patience=", 9) == 0 && num_read_int(word + 9, &n) == NUM_OK && n >= 0 &&
		    n <= 100000)
			g->patience = (int)n;
		else if (strncmp(word, "min_delta=", 10) != 0 || num_read_real(word + 10, &g->min_delta) != NUM_OK ||
		    g->min_delta < 0)
			rc = fail(e, "stop=%.40s: behind the figure stands :patience=N, epochs that may be no better, "
			    "or :min_delta=X; write %s", all, GOAL_EXAMPLES);
		free(word);
		p += len;
	}
	return rc;
}

int
goal_parse(const char *text, struct goal *g, struct err *e)
{
	size_t n = strcspn(text, "<>:=");
	const char *p = text + n;

	*g = (struct goal){0};
	if (goal_metric(text, n, g, e) < 0)
		return -1;
	if (*p != '<' && *p != '>' && *p != '=')
		return goal_patience(text, p, g, e);
	g->end = GOAL_VALUE;
	if (*p == '=')
		return fail(e, "stop=%.40s: a figure is hardly ever equal to a number; write >= or <=", text);
	g->high = *p == '>';
	g->equal = p[1] == '=';
	if (num_read_real(p + 1 + g->equal, &g->value) != NUM_OK)
		return fail(e, "stop=%.40s: a number stands behind %s; write %s", text, g->high ? ">" : "<",
		    GOAL_EXAMPLES);
	return 0;
}

char *
goal_text(const struct goal *g)
{
	struct str b = {0};
	char x[32];

	str_add(&b, "%s", g->metric != NULL ? g->metric : "");
	if (g->end == GOAL_VALUE)
		str_add(&b, "%s%s%s", g->high ? ">" : "<", g->equal ? "=" : "", num_text(x, g->value));
	if (g->end == GOAL_PATIENCE)
		str_add(&b, ":patience=%d", g->patience);
	if (g->min_delta > 0)
		str_add(&b, ":min_delta=%s", num_text(x, g->min_delta));
	return b.s;
}

double
goal_figure(const struct goal *g, const struct epoch_record *x)
{
	for (size_t i = 0; i < METRICS && g->metric != NULL; i++)
		if (strcmp(metrics[i].name, g->metric) == 0)
			return *(const double *)((const char *)x + metrics[i].member);
	return NAN;
}

bool
goal_is(const struct goal *g, const char *part)
{
	return g->metric != NULL && strncmp(g->metric, part, strlen(part)) == 0;
}

bool
goal_count(const struct goal *g, struct goal_state *st, const struct epoch_record *x, int number)
{
	double figure = goal_figure(g, x), ahead = g->high ? figure - st->figure : st->figure - figure;
	bool better;

	if (g->metric == NULL || isnan(figure))
		return false;
	better = st->best == 0 || ahead > g->min_delta;
	if (better) {
		st->best = number;
		st->figure = figure;
		st->wait = 0;
	} else
		st->wait++;
	if (g->end == GOAL_PATIENCE)
		st->over = !better && st->wait >= g->patience;
	else if (g->end == GOAL_VALUE)
		st->over = (g->high ? figure > g->value : figure < g->value) || (g->equal && figure == g->value);
	return better;
}

struct goal_state
goal_after(const struct goal *g, const struct epoch_record *epoch, int n)
{
	struct goal_state st = {0};

	for (int i = 0; i < n; i++)
		goal_count(g, &st, &epoch[i], i + 1);
	return st;
}
