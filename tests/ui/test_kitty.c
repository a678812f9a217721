/* test_kitty.c: pictures for a terminal: the protocol's bytes, what terminals answer, and what is sent again. */
#include "fixture.h"
#include "ui/figure_int.h"
#include "ui/inlay.h"
#include "ui/keys.h"
#include "ui/pictures.h"
#include "ui/pixels.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is sent ---- */

struct sending { /* one picture, taken out of the text again */
	char head[256]; /* the keys of its first sequence */
	uint8_t png[100000];
	size_t n;
	int parts;
};

static size_t
unbase64(const char *s, size_t n, uint8_t *out)
{
	static const char sign[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = 0;

	ck_assert_uint_eq(n % 4, 0);
	for (size_t i = 0; i < n; i += 4) {
		uint32_t v = 0;
		int pads = 0;

		for (size_t k = 0; k < 4; k++) {
			const char *at = s[i + k] == '=' ? sign : strchr(sign, s[i + k]);

			ck_assert_ptr_nonnull(at);
			pads += s[i + k] == '=';
			v = v << 6 | (uint32_t)(at - sign);
		}
		for (int k = 0; k < 3 - pads; k++)
			out[len++] = (uint8_t)(v >> (16 - 8 * k));
	}
	return len;
}

/* Takes the next picture out of the text; returns what is behind it, NULL when there is none. */
static const char *
next_picture(const char *s, struct sending *to)
{
	bool more = true;

	memset(to, 0, sizeof *to);
	if (*s == '\0')
		return NULL;
	while (more) {
		const char *data = strchr(s, ';'), *end = strstr(s, "\033\\");
		char keys[256];

		ck_assert_int_eq(strncmp(s, "\033_G", 3), 0);
		ck_assert(data != NULL && end != NULL && data < end);
		ck_assert_int_le(end - data - 1, 4096);
		snprintf(keys, sizeof keys, "%.*s", (int)(data - s - 3), s + 3);
		if (to->parts++ == 0)
			strcpy(to->head, keys);
		more = strstr(keys, "m=1") != NULL;
		to->n += unbase64(data + 1, (size_t)(end - data - 1), to->png + to->n);
		s = end + 2;
	}
	return s;
}

START_TEST(kitty__send__cuts_what_is_long)
{
	static struct sending got;
	uint8_t png[10000];
	struct ui_kitty k = {0};

	for (size_t i = 0; i < sizeof png; i++)
		png[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t n = 1; n < sizeof png; n = n < 8 ? n + 1 : n * 3 - 1) {
		k.n = 0;
		ui_kitty_send(&k, 0xff000010, 30, 9, png, n);
		ck_assert_str_eq(next_picture(k.text, &got), "");
		ck_assert_uint_eq(got.n, n);
		ck_assert_int_eq(memcmp(got.png, png, n), 0);
		ck_assert_int_eq(got.parts, (int)((n + 3071) / 3072));
		ck_assert_ptr_nonnull(strstr(got.head, "a=T,U=1,q=2,f=100,i=4278190096,c=30,r=9"));
	}
	free(k.text);
}
END_TEST

START_TEST(kitty__send__wraps_for_tmux)
{
	struct ui_kitty k = {.tmux = true};

	ui_kitty_delete(&k, 0x5000010);
	ck_assert_str_eq(k.text, "\033Ptmux;\033\033_Ga=d,d=I,i=83886096,q=2\033\033\\\033\\");
	free(k.text);
}
END_TEST

START_TEST(kitty__cell__names_row_column_and_group)
{
	char text[16];

	setlocale(LC_ALL, "C.UTF-8");
	ck_assert(ui_kitty_measured());
	ui_kitty_cell(text, 0, 1, 0x2000010);
	ck_assert_str_eq(text, "\364\216\273\256\u0305\u030d\u030e");
	ui_kitty_cell(text, 245, 255, 0xff000010);
	ck_assert_str_eq(text, "\364\216\273\256\ua66f\ua8e5\ua8e5");
}
END_TEST

/* ---- answers ---- */

static struct ui_pictures pictures;
static char typed[256];
static double now;

static void
on_key(void *arg, const unsigned char *s, size_t n)
{
	if (strlen(typed) + n < sizeof typed)
		strncat(typed, (const char *)s, n);
}

static void
on_answer(void *arg, const char *s, size_t n)
{
	ui_pictures_told(&pictures, s, n, now);
}

static bool
on_alone(void *arg, const unsigned char *s, size_t n)
{
	return n == 1;
}

/* Whether a terminal that sends this after so many milliseconds, cut at that byte, gets pictures. */
static bool
drawn_after(const char *bytes, size_t at, double ms, enum ui_pictures_how how)
{
	static const struct ui_keys_calls calls = {NULL, on_key, NULL, NULL, NULL, on_answer, on_alone};
	struct ui_keys *keys = ui_keys_new(&calls);
	size_t n = strlen(bytes);
	bool drawn;

	setlocale(LC_ALL, "C.UTF-8");
	unsetenv("TMUX");
	typed[0] = '\0';
	ui_pictures_open(&pictures, 1);
	ui_pictures_ask(&pictures, 5000);
	now = 5000 + ms;
	at = at < n ? at : n;
	ui_keys_put(keys, bytes, at);
	ui_keys_put(keys, bytes + at, n - at);
	drawn = ui_pictures_drawn(&pictures, how);
	ui_pictures_close(&pictures);
	ui_keys_free(keys);
	return drawn;
}

#define OK "\033_Gi=7461;OK\033\\"
#define KITTY "\033P>|kitty(0.41.1)\033\\"
#define FENCE "\033[?62;c"

START_TEST(pictures__told__by_who_draws_in_cells)
{
	static const struct {
		const char *bytes;
		bool drawn;
	} terminals[] = {
		{KITTY "\033[6;15;7t\033]11;rgb:0000/0000/0000\033\\" OK FENCE, true},
		{"\033P>|kitty(1.0.0)\033\\" OK FENCE, true},
		{"\033P>|ghostty 1.1.3\033\\" OK FENCE, true},
		{"\033P>|kitty(0.26.5)\033\\" OK FENCE, false}, /* draws, but knows no cells of pictures */
		{"\033P>|Konsole 23.08.1\033\\" OK FENCE, false},
		{"\033P>|WezTerm 20240203\033\\" OK FENCE, false},
		{OK FENCE, false}, /* who? */
		{KITTY FENCE, false},
		{FENCE KITTY OK, false}, /* too late */
		{KITTY FENCE OK, false},
		{"\033[?64;1;2;6;9;15;22c", false},
		{KITTY "\033_Gi=7461;ENOTSUP:no\033\\" FENCE, false},
		{KITTY "\033_Gi=7461;OKAY\033\\" FENCE, false},
		{KITTY "\033_Gi=31;OK\033\\" FENCE, false}, /* somebody else's */
		{KITTY "\033_Gi=7461;OK" FENCE, false},
		{KITTY OK, true},
		{"", false},
	};

	for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++)
		for (size_t at = 0; at <= strlen(terminals[i].bytes); at++) {
			ck_assert_msg(drawn_after(terminals[i].bytes, at, 5, UI_PICTURES_AUTO) == terminals[i].drawn, "%zu, cut at %zu", i, at);
			ck_assert_msg(typed[0] == '\0', "%zu, cut at %zu: %s was typed", i, at, typed);
		}
	ck_assert(!drawn_after(KITTY OK FENCE, 0, 1500, UI_PICTURES_AUTO));
	ck_assert_str_eq(typed, "");
	ck_assert(!drawn_after(KITTY OK FENCE, 0, 5, UI_PICTURES_CELLS));
	ck_assert(drawn_after("", 0, 5, UI_PICTURES_KITTY));
	drawn_after("a" KITTY "b" OK "c" FENCE "d", 3, 5, UI_PICTURES_AUTO); /* what is typed meanwhile stays */
	ck_assert_str_eq(typed, "abcd");
}
END_TEST

START_TEST(kitty__answer__tells_ground_and_cells)
{
	static const struct {
		const char *s;
		uint32_t ground;
		int w, h;
		bool taken;
	} answers[] = {
		{"\033]11;rgb:1e1e/2020/ffff\033\\", 0x11e20ff, 0, 0, true},
		{"\033]11;rgb:f/0/8\a", 0x1ff0088, 0, 0, true},
		{"\033]11;rgba:ff/ff/ff/80\033\\", 0x1ffffff, 0, 0, true},
		{"\033]11;#123456\033\\", 0x1123456, 0, 0, true},
		{"\033]11;rgb:12345/0/0\033\\", 0, 0, 0, false},
		{"\033]11;rgb:00/00\033\\", 0, 0, 0, false},
		{"\033]11;rgb:\033\\", 0, 0, 0, false},
		{"\033]11;#12345\033\\", 0, 0, 0, false},
		{"\033]10;rgb:00/00/00\033\\", 0, 0, 0, false},
		{"\033]11;\033\\", 0, 0, 0, false},
		{"\033]11\033\\", 0, 0, 0, false},
		{"\033[6;15;7t", 0, 7, 15, true},
		{"\033[6;0;7t", 0, 0, 0, false},
		{"\033[6;99999999999999999999;7t", 0, 0, 0, false},
		{"\033[6;15t", 0, 0, 0, false},
		{"\033[4;15;7t", 0, 0, 0, false},
		{"\033[?c", 0, 0, 0, true},
		{"\033[?62;4c", 0, 0, 0, true},
		{"\033[?62;4d", 0, 0, 0, false},
		{"\033[?6x4c", 0, 0, 0, false},
		{"\033[6;15;7tt", 0, 0, 0, false},
		{"\033[6;15;7", 0, 0, 0, false},
		{"\033[6;15;0t", 0, 0, 0, false},
		{"\033[6;1001;7t", 0, 0, 0, false},
		{"\033[6;15;1001t", 0, 0, 0, false},
		{"\033]11;rgb:0/0/0x\a", 0, 0, 0, false},
		{"\033]11;#1234567\033\\", 0, 0, 0, false},
		{"\033]11;#12345g\033\\", 0, 0, 0, false},
		{"\033P>1\033\\", 0, 0, 0, false},
		{"\033P>|\033/", 0, 0, 0, false},
		{"\033P>|a\\", 0, 0, 0, false},
		{"\033P\a", 0, 0, 0, false},
		{"\033X>|x\033\\", 0, 0, 0, false},
		{"]11;#123456\033\\", 0, 0, 0, false},
		{"\033[c", 0, 0, 0, false},
		{"\033[", 0, 0, 0, false},
		{"\033P>|\033\\", 0, 0, 0, true},
		{"\033_G\033\\", 0, 0, 0, false},
		{"\033", 0, 0, 0, false},
	};

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct ui_kitty_answers a = {0};

		ck_assert_msg(ui_kitty_answer(&a, answers[i].s, strlen(answers[i].s)) == answers[i].taken, "%zu", i);
		ck_assert_msg(a.ground == answers[i].ground && a.cell_w == answers[i].w && a.cell_h == answers[i].h, "%zu: %x %d %d", i, a.ground, a.cell_w, a.cell_h);
		ck_assert(!a.yes);
	}
}
END_TEST

/* ---- pixels ---- */

static uint8_t *
read_back(const uint8_t *png, size_t n, int channels, int *h, int *w)
{
	FILE *f = fmemopen((void *)png, n, "r");
	char why[256];
	uint8_t *p = ui_png_pixels(f, 4096, channels, NULL, h, w, why, sizeof why);

	ck_assert_msg(p != NULL, "%s", why);
	fclose(f);
	return p;
}

START_TEST(pixels__few__are_near_and_clear_where_asked)
{
	enum { W = 97, H = 31 };
	static uint8_t rgb[W * H * 3];
	const struct ui_rgb clear = {10, 20, 30};
	uint8_t *png, *back;
	size_t n;
	int h, w;

	for (int i = 0; i < W * H; i++)
		if (i % 3 == 0)
			memcpy(rgb + 3 * i, (uint8_t[]){10, 20, 30}, 3);
		else
			memcpy(rgb + 3 * i, (uint8_t[]){(uint8_t)(i % 97 * 2), 40, (uint8_t)(i / 97 % 2 * 200)}, 3);
	png = ui_pixels_few(rgb, W, H, &clear, &n);
	back = read_back(png, n, 4, &h, &w);
	ck_assert_int_eq(w, W);
	ck_assert_int_eq(h, H);
	for (int i = 0; i < W * H; i++) {
		ck_assert_int_eq(back[4 * i + 3], i % 3 == 0 ? 0 : 255);
		for (int k = 0; k < 3; k++)
			ck_assert_int_le(abs(back[4 * i + k] - rgb[3 * i + k]), 15);
	}
	free(png);
	free(back);
	for (int i = 0; i < W * H * 3; i++) /* more colours than there are places */
		rgb[i] = (uint8_t)(i * 7919 >> 3);
	png = ui_pixels_few(rgb, W, H, &clear, &n);
	back = read_back(png, n, 3, &h, &w);
	for (int i = 0; i < W * H * 3; i++)
		ck_assert_int_le(abs(back[i] - rgb[i]), 63);
	free(png);
	free(back);
}
END_TEST

/* ---- what is sent again ---- */

static struct ui_model model;
static struct ui_canvas *canvas;
static struct ui_sent *sent;
static struct ui_view view;

static double clocked, tick; /* milliseconds, now, and between two looks at the clock */

static double
ticking(void)
{
	return clocked += tick;
}

static void
begin(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	fixture_fill(&model, FIXTURE_SECOND);
	ui_view_init(&view);
	canvas = ui_canvas_new(120, 40, UI_BRAILLE);
	canvas->cell_w = 8;
	canvas->cell_h = 16;
	sent = ui_sent_new(false, 3);
	tick = .01;
	ui_sent_clock(sent, ticking);
}

static void
end(void)
{
	ui_sent_free(sent);
	ui_canvas_free(canvas);
	ui_model_clear(&model);
}

static const char *
frame(double ms, size_t *n)
{
	ui_screen_draw(canvas, UI_TRUE, &model, &view);
	ui_sent_name(sent, canvas);
	return ui_sent_take(sent, canvas, ms, n);
}

START_TEST(sent__take__only_what_has_changed)
{
	static struct sending got;
	const char *s;
	size_t n, first;
	int pictures_sent = 0, charts = 0;

	begin();
	s = frame(1000, &first);
	for (int i = 0; i < canvas->ninlays; i++)
		charts += canvas->inlay[i].chart != NULL;
	ck_assert_int_eq(charts, 2);
	ck_assert_int_ge(canvas->ninlays, 7);
	while ((s = next_picture(s, &got)) != NULL)
		pictures_sent++;
	ck_assert_int_eq(pictures_sent, canvas->ninlays);
	frame(1034, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert(ui_sent_due(sent, 1034) < 0);
	/* A curve that grows is sent when its time has come, and nothing else. */
	ui_series_point(&model.loss.series[1], 9, .5);
	frame(1068, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert(ui_sent_due(sent, 1068) > 0);
	s = frame(1068 + ui_sent_due(sent, 1068) + 1, &n);
	ck_assert_ptr_nonnull(next_picture(s, &got));
	ck_assert_uint_eq(n, strlen(s));
	ck_assert_str_eq(next_picture(s, &got), "");
	/* A tile that moves is not sent again; the terminal that has lost them gets all of them. */
	view.pane[UI_P_digits].scroll = 1;
	frame(9000, &n);
	view.pane[UI_P_digits].scroll = 0;
	frame(9100, &n);
	ck_assert_uint_eq(n, 0);
	ui_sent_forget(sent);
	frame(9200, &n);
	ck_assert_uint_ge(n, first * 9 / 10);
	end();
}
END_TEST

/* A matrix keeps its cells and its number while it changes; a cursor that moves over it sends nothing. */
START_TEST(sent__take__a_matrix_that_has_changed)
{
	static struct sending got;
	char head[256];
	size_t n;

	begin();
	ui_view_focus(&view, UI_P_confusion);
	view.zoom = true;
	view.zoomed = UI_P_confusion;
	ck_assert_str_eq(next_picture(frame(1000, &n), &got), "");
	ck_assert_int_eq(canvas->ninlays, 1);
	ck_assert_ptr_eq(canvas->inlay[0].matrix, &model.confusion);
	strcpy(head, got.head);
	view.pane[UI_P_confusion].row = view.pane[UI_P_confusion].col = 1;
	frame(9000, &n);
	ck_assert_uint_eq(n, 0);
	model.confusion.count[3]++;
	ck_assert_str_eq(next_picture(frame(18000, &n), &got), "");
	ck_assert_str_eq(got.head, head);
	ui_string(&model.confusion.row[0], "zero");
	frame(27000, &n);
	ck_assert_uint_gt(n, 0);
	end();
}
END_TEST

/* Histograms are pictures between cells of text, and change where they are. */
START_TEST(sent__take__histograms_change_where_they_are)
{
	static struct sending got;
	char head[256];
	size_t n;

	begin();
	ui_view_focus(&view, UI_P_stats);
	view.zoom = true;
	view.zoomed = UI_P_stats;
	next_picture(frame(1000, &n), &got);
	ck_assert_int_eq(canvas->ninlays, (int)model.stats.n);
	strcpy(head, got.head);
	model.stats.row[0].count[3] += 500;
	ck_assert_str_eq(next_picture(frame(9000, &n), &got), "");
	ck_assert_str_eq(got.head, head);
	ck_assert_ptr_nonnull(strstr(fixture_drawn(120, 40, &model, &view), "▇")); /* and cells elsewhere */
	end();
}
END_TEST

/* A pane zoomed on a screen of that size. */
static void
zoomed(enum ui_pane p, int cols, int rows)
{
	ui_canvas_resize(canvas, cols, rows);
	ui_view_focus(&view, p);
	view.zoom = true;
	view.zoomed = p;
}

/* What a probe has found is one picture where its rows can be read, and cells where they cannot. */
START_TEST(sent__take__a_probe_that_is_another)
{
	static struct sending got;
	char head[256];
	size_t n;

	begin();
	zoomed(UI_P_probe, 120, 40);
	ck_assert_str_eq(next_picture(frame(1000, &n), &got), "");
	ck_assert_int_eq(canvas->ninlays, 1);
	ck_assert_ptr_eq(canvas->inlay[0].estimates, &model.probe);
	strcpy(head, got.head);
	frame(2000, &n);
	ck_assert_uint_eq(n, 0);
	model.probe.row[4].mean = .95;
	ck_assert_str_eq(next_picture(frame(9000, &n), &got), "");
	ck_assert_str_eq(got.head, head);
	zoomed(UI_P_probe, 120, 12);
	frame(18000, &n);
	ck_assert_int_eq(canvas->ninlays, 0);
	ck_assert_ptr_nonnull(strstr(fixture_drawn(120, 12, &model, &view), "●"));
	end();
}
END_TEST

/* The maps of a sum stay where they are while their numbers change. */
START_TEST(sent__take__the_maps_of_a_sum)
{
	static struct sending got;
	const char *s;
	size_t n;
	int sent_again = 0;

	begin();
	zoomed(UI_P_explain, 120, 40);
	frame(1000, &n);
	ck_assert_int_eq(canvas->ninlays, 3 * 4);
	for (size_t c = 0; c < 4; c++)
		model.explain.maps.strip[2].tiles.tile[c].pixels[0] ^= 0x55;
	for (s = frame(9000, &n); (s = next_picture(s, &got)) != NULL;)
		sent_again++;
	ck_assert_int_eq(sent_again, 4);
	ck_assert_int_eq(canvas->ninlays, 3 * 4);
	end();
}
END_TEST

/* Curves that change with every frame stay below what the line bears. */
START_TEST(sent__take__is_paced)
{
	double bytes = 0;
	size_t n;

	begin();
	frame(0, &n);
	for (int i = 1; i <= 300; i++) {
		ui_series_point(&model.loss.series[1], 8 + i * .01, .5 + i % 3 * .1);
		ui_series_point(&model.accuracy.series[1], 8 + i * .01, .5 + i % 3 * .1);
		frame(1000 + i * 34, &n);
		bytes += (double)n;
	}
	ck_assert_msg(bytes > 10000 && bytes / (300 * .034) < 30000, "%.0f bytes a second", bytes / (300 * .034));
	end();
}
END_TEST

/* Maps that change where they are keep their numbers, so that their cells stay; they are sent together, at a pace: 300
 * frames take ten seconds, in which they change each 300 ms at most, and each 2.4 s where drawing all of them takes 16 ms. */
START_TEST(sent__take__maps_change_where_they_are)
{
	static struct sending got;
	struct ui_cell *before;
	const struct ui_inlay *i;
	double bytes = 0;
	int times = 0, whole = 0;
	static const double ticks[] = {.01, .5};
	size_t n;

	begin();
	tick = ticks[_i];
	view.layout = UI_L_features;
	frame(0, &n);
	before = malloc(sizeof *before * 120 * 40);
	memcpy(before, canvas->cell, sizeof *before * 120 * 40);
	for (int f = 1; f <= 300; f++) {
		const char *s;
		int maps = 0;

		for (size_t k = 0; k < model.activations.n; k++)
			model.activations.tile[k].pixels[f] ^= 0x55;
		for (s = frame(1000 + f * 34, &n); (s = next_picture(s, &got)) != NULL;)
			maps++;
		bytes += (double)n;
		times += maps > 0;
		whole += maps == 32;
	}
	ck_assert_int_ge(times, _i == 0 ? 8 : 3);
	ck_assert_int_le(times, _i == 0 ? 34 : 5);
	ck_assert_int_eq(whole, times); /* all of one moment */
	ck_assert_msg(bytes / (300 * .034) < 40000, "%.0f bytes a second", bytes / (300 * .034));
	for (int k = 0, maps = 0; k < canvas->ninlays; k++) {
		i = &canvas->inlay[k];
		maps += i->tile != NULL && i->tile->live >= 1000;
		if (i->tile != NULL && i->tile->live >= 1000)
			ck_assert_mem_eq(&canvas->cell[i->r.y * 120 + i->r.x], &before[i->r.y * 120 + i->r.x], sizeof *before);
		ck_assert(k < canvas->ninlays - 1 || maps == 32);
	}
	free(before);
	end();
}
END_TEST

START_TEST(sent__name__cells_that_show_them)
{
	char text[16];
	const struct ui_inlay *i;
	const struct ui_cell *cell;
	size_t n;

	begin();
	frame(0, &n);
	i = &canvas->inlay[0];
	cell = ui_canvas_at(canvas, i->r.x + 3, i->r.y + 2);
	ck_assert_uint_ge(cell->fg & 255, 16);
	ck_assert_uint_eq(cell->fg >> 8, 0x10000);
	ui_kitty_cell(text, 2, 3, 3u << 24 | (cell->fg & 255));
	ck_assert_str_eq(cell->text, text);
	ui_put(ui_area_all(canvas), i->r.x + 3, i->r.y + 2, UI_PLAIN, "over");
	ui_sent_name(sent, canvas);
	ck_assert_str_eq(ui_canvas_at(canvas, i->r.x + 3, i->r.y + 2)->text, "o");
	end();
}
END_TEST

START_TEST(sent__delete__all_that_were_sent)
{
	const char *s;
	size_t n;
	int deleted = 0;

	begin();
	frame(0, &n);
	for (s = ui_sent_delete(sent); (s = strstr(s, "a=d,d=I,i=503316")) != NULL; s++)
		deleted++;
	ck_assert_int_eq(deleted, canvas->ninlays);
	ck_assert_ptr_null(strstr(ui_sent_delete(sent), "a=d"));
	end();
}
END_TEST

/* A digit: what the figure model has of it, in at most 500 bytes. */
START_TEST(inlay__png__a_digit_as_it_is)
{
	const struct ui_tile *t;
	uint8_t *png, *back;
	size_t n;
	int w, h, m, k = 0;

	begin();
	frame(0, &n);
	while (canvas->inlay[k].tile == NULL)
		k++;
	t = canvas->inlay[k].tile;
	m = canvas->inlay[k].margin;
	png = ui_inlay_png(&canvas->inlay[k], canvas, &n);
	back = read_back(png, n, 1, &h, &w);
	ck_assert_uint_le(n, 500);
	ck_assert_int_eq(h, t->height - 2 * m);
	ck_assert_int_eq(w, t->width - 2 * m);
	for (int y = 0; y < h; y++)
		ck_assert_int_eq(memcmp(back + y * w, t->pixels + (y + m) * t->width + m, (size_t)w), 0);
	free(png);
	free(back);
	end();
}
END_TEST

/* A chart: where the same figure as a PNG for export has ink, the pane has it too, and little more: its curves are a
 * third thicker. The ground is transparent. */
START_TEST(inlay__png__a_chart_as_it_is_exported)
{
	struct ui_chart c = {0};
	const struct ui_chart *chart = &c;
	struct ui_plot_view seen = {0};
	struct ui_figure *f = ui_figure_new(480, 240);
	struct ui_series *s;
	FILE *file = tmpfile();
	char why[256];
	uint8_t *png, *ours, *export;
	size_t n;
	int h, w, both = 0, only = 0, more = 0;

	begin();
	s = ui_chart_add(&c, NULL, UI_LINE_SOLID, 0);
	for (int i = 0; i < 200; i++)
		ui_series_point(s, i / 50., 1.5 / (1 + i / 20.) + (i * 7919 % 100) / 900.);
	s = ui_chart_add(&c, NULL, UI_LINE_DASHED, 1);
	for (int i = 1; i <= 4; i++)
		ui_series_point(s, i, .7 / i);
	f->base = 16 * .74;
	ui_figure_charts(f, &chart, 1);
	ck_assert_msg(ui_figure_png(f, file, why, sizeof why) == 0, "%s", why);
	rewind(file);
	export = ui_png_pixels(file, 4096, 3, NULL, &h, &w, why, sizeof why);
	ck_assert_ptr_nonnull(export);
	ui_canvas_clear(canvas);
	canvas->ground = UI_RGB(20, 30, 40);
	ck_assert(ui_inlay_chart(ui_area_sub(ui_area_all(canvas), 3, 2, 60, 15), &c, &seen));
	png = ui_inlay_png(&canvas->inlay[0], canvas, &n);
	ours = read_back(png, n, 4, &h, &w);
	ck_assert_int_eq(w, 480);
	ck_assert_int_eq(h, 240);
	for (int i = 0; i < w * h; i++) {
		bool theirs = export[3 * i] < 250 || export[3 * i + 1] < 250 || export[3 * i + 2] < 250;

		both += theirs && ours[4 * i + 3] != 0;
		only += theirs && ours[4 * i + 3] == 0;
		more += !theirs && ours[4 * i + 3] != 0;
	}
	ck_assert_msg(both > 3000 && only * 100 < both && more * 2 < both, "%d pixels of both, %d exported, %d shown", both, only, more);
	free(png);
	free(ours);
	free(export);
	fclose(file);
	ui_figure_free(f);
	ui_chart_clear(&c);
	end();
}
END_TEST

/* A curve that would press the others flat has a scale of its own here, too. */
START_TEST(inlay__png__a_curve_apart)
{
	struct ui_chart c = {0};
	struct ui_plot_view seen = {0};
	struct ui_series *s;
	uint8_t *png, *ours;
	size_t n;
	int h, w, top = 1000, bottom = 0;

	begin();
	s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);
	for (int i = 0; i < 100; i++)
		ui_series_point(s, i / 25., 1 - i / 110.);
	s = ui_chart_add(&c, "watch", UI_LINE_DOTTED, 2);
	s->apart = true;
	for (int i = 1; i <= 4; i++)
		ui_series_point(s, i, 100. + i);
	ui_canvas_clear(canvas);
	ck_assert(ui_inlay_chart(ui_area_sub(ui_area_all(canvas), 3, 2, 60, 15), &c, &seen));
	png = ui_inlay_png(&canvas->inlay[0], canvas, &n);
	ours = read_back(png, n, 4, &h, &w);
	for (int i = 0; i < w * h; i++)
		if (ours[4 * i] < 30 && ours[4 * i + 2] > 200) { /* the blue of the first curve */
			top = i / w < top ? i / w : top;
			bottom = i / w;
		}
	ck_assert_msg(bottom - top > 50 && bottom < h * 3 / 4, "the curve goes from %d to %d of %d", top, bottom, h);
	free(png);
	free(ours);
	ui_chart_clear(&c);
	end();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("kitty");
	TCase *c = tcase_create("kitty");

	tcase_add_test(c, kitty__send__cuts_what_is_long);
	tcase_add_test(c, kitty__send__wraps_for_tmux);
	tcase_add_test(c, kitty__cell__names_row_column_and_group);
	tcase_add_test(c, kitty__answer__tells_ground_and_cells);
	tcase_add_test(c, pictures__told__by_who_draws_in_cells);
	tcase_add_test(c, pixels__few__are_near_and_clear_where_asked);
	tcase_add_test(c, sent__take__only_what_has_changed);
	tcase_add_test(c, sent__take__a_matrix_that_has_changed);
	tcase_add_test(c, sent__take__histograms_change_where_they_are);
	tcase_add_test(c, sent__take__a_probe_that_is_another);
	tcase_add_test(c, sent__take__the_maps_of_a_sum);
	tcase_add_test(c, sent__take__is_paced);
	tcase_add_loop_test(c, sent__take__maps_change_where_they_are, 0, 2);
	tcase_add_test(c, sent__name__cells_that_show_them);
	tcase_add_test(c, sent__delete__all_that_were_sent);
	tcase_add_test(c, inlay__png__a_digit_as_it_is);
	tcase_add_test(c, inlay__png__a_curve_apart);
	tcase_add_test(c, inlay__png__a_chart_as_it_is_exported);
	suite_add_tcase(s, c);
	return run_suite(s);
}
