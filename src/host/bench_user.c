/* bench_user.c: what commands ask of the workbench: its panes, its layouts, its screen. */
#include "host/bench_int.h"

#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed.h"

#include <stdlib.h>

static void
bench_hold(void *arg, bool again)
{
	struct bench *b = arg;

	ui_wait(b->ui, "-- Space or Enter goes on; or type a command; Ctrl-C ends it -- ");
	if (again)
		return;
	ui_told(b->ui, b->played > b->moved ? b->played : b->moved);
	b->asked = 0;
	b->paused = true;
}

static void
bench_goes_on(void *arg, const char *text)
{
	struct bench *b = arg;
	struct ui_model *m = ui_model_of(b->ui);

	ui_log_go_on(&m->log, text);
	m->version++;
}

/* What the one before it has said is an answer; all that is said while no key is pressed is one. */
static void
bench_begins(void *arg)
{
	struct bench *b = arg;

	if (b->asked == 0)
		b->asked = ui_model_of(b->ui)->log.total;
	else
		ui_answer(b->ui, b->asked);
	answer_made(&b->answer, b->s, NULL, 0);
	bench_task_drop(b);
}

static int
bench_unknown(const char *what, const char *operand, const char *const *names, struct err *e)
{
	struct str b = {0};

	for (int i = 0; names[i] != NULL; i++)
		str_add(&b, " %s", names[i]);
	fail(e, "there is no %s \"%.40s\" here; there are:%s", what, operand, b.s);
	free(b.s);
	return -1;
}

static void
bench_swap(void *arg)
{
	struct bench *b = arg;

	b->lines = true;
}

static int
bench_layout(void *arg, const char *name, struct err *e)
{
	struct bench *b = arg;

	return ui_set_layout(b->ui, name) ? 0 : bench_unknown("layout", name, ui_layout_names, e);
}

static int
bench_focus(void *arg, const char *pane, struct err *e)
{
	struct bench *b = arg;

	return ui_set_focus(b->ui, pane) ? 0 : bench_unknown("pane", pane, ui_focus_names, e);
}

static int
bench_show(void *arg, const char *pane, struct err *e)
{
	struct bench *b = arg;

	return ui_show_panel(b->ui, pane) ? 0 : bench_unknown("pane", pane, ui_panel_names, e);
}

static void
bench_plot(void *arg, const char *pane, const struct ui_plot_view *view)
{
	struct bench *b = arg;

	ui_set_plot(b->ui, pane, view);
}

static bool
bench_shown(void *arg, const struct sheet_request *r, const struct sheet *sheet)
{
	struct bench *b = arg;

	if (!r->predicted || !b->clicked)
		feed_show(b->feed, r, sheet);
	ui_show_panel(b->ui, "digits");
	return true;
}

/* Maps stand still while the model learns on: of which moment they are. */
static void
bench_when(const struct bench *b, struct ui_tiles *t)
{
	const struct run *last = runs_last(&b->s->runs);
	const struct job_view *v = job_view(&b->s->worker);
	char *note, when[48] = "before r1";

	if (t == NULL)
		return;
	if (v != NULL && v->run != NULL)
		snprintf(when, sizeof when, "in r%d", v->run->number);
	else if (last != NULL)
		snprintf(when, sizeof when, "after r%d", last->number);
	note = t->note != NULL && t->note[0] != '\0' ? xasprintf("%s, %s", when, t->note) : xstrdup(when);
	ui_string(&t->note, note);
	free(note);
}

/* The maps of a model that is no more leave. */
void
bench_maps_drop(struct bench *b)
{
	struct ui_model *m = ui_model_of(b->ui);

	if ((m->maps.n == 0 && m->strips.n == 0) || b->mapped == b->s->model.made)
		return;
	ui_tiles_clear(&m->maps);
	ui_strips_clear(&m->strips);
	m->version++;
	ui_hide_panel(b->ui, "maps");
}

static void
bench_tiled(void *arg, struct ui_tiles *t, struct ui_strips *strips)
{
	struct bench *b = arg;
	struct ui_model *m = ui_model_of(b->ui);

	ui_tiles_clear(&m->maps);
	ui_strips_clear(&m->strips);
	if (strips != NULL) {
		m->strips = *strips;
		*strips = (struct ui_strips){0};
	} else {
		m->maps = *t;
		*t = (struct ui_tiles){0};
	}
	b->mapped = b->s->model.made;
	bench_when(b, strips == NULL ? &m->maps : NULL);
	m->version++;
	ui_show_panel(b->ui, "maps");
}

void
bench_task_drop(struct bench *b)
{
	if (b->task.say != NULL)
		b->task.release(b->task.arg);
	b->task = (struct user_answer){0};
}

/* It is kept where it is all that a typed line brings. */
static void
bench_answer(void *arg, const struct user_answer *a)
{
	struct bench *b = arg;
	bool alone = b->asked == ui_model_of(b->ui)->log.total && b->s->queue.first == NULL && b->s->out->lead == NULL;

	a->say(b->s, a->arg);
	bench_task_drop(b);
	if (alone && b->asked != 0)
		b->task = *a;
	else
		a->release(a->arg);
}

static void
bench_inside(void *arg, int layer, const struct image *im)
{
	struct bench *b = arg;

	feed_ask(b->feed, layer, im);
}

static void
bench_stats(void *arg, const struct stats *x)
{
	struct bench *b = arg;

	feed_stats_ask(b->feed, x);
	ui_show_panel(b->ui, "stats");
}

static struct dataset *
bench_data(void *arg)
{
	struct bench *b = arg;

	return feed_data(b->feed);
}

static const struct ui_canvas *
bench_screen(void *arg, int *colours)
{
	struct bench *b = arg;

	feed_at_once(b->feed, ui_model_of(b->ui)); /* a run may just have ended */
	*colours = ui_screen_colours(b->ui);
	return ui_screen(b->ui);
}

const struct user_host bench_user_host = {
	.is_screen = true,
	.hold = bench_hold,
	.goes_on = bench_goes_on,
	.begins = bench_begins,
	.swap = bench_swap,
	.layout = bench_layout,
	.focus = bench_focus,
	.show = bench_show,
	.plot = bench_plot,
	.shown = bench_shown,
	.tiled = bench_tiled,
	.answer = bench_answer,
	.screen = bench_screen,
	.data = bench_data,
	.inside = bench_inside,
	.stats = bench_stats,
};
