/* test_figure.c: pictures: against golden ones, byte for byte against themselves, and at every size with every kind of
 * numbers.
 */
#include "ui/figure_int.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charts.h"
#include "fixture.h"
#include "golden.h"
#include "../run.h"

/* ---- helpers ---- */

static struct ui_figure *
charts_figure(enum charts_kind kind, bool logy, int n, int w, int h)
{
	struct charts c;
	struct ui_figure *f = ui_figure_new(w, h);

	charts_fill(&c, kind);
	c.loss.logy = logy;
	ui_figure_charts(f, c.both, n);
	charts_clear(&c);
	return f;
}

/* ---- golden ---- */

START_TEST(figure__draws__charts_as_before)
{
	golden_compare(charts_figure(CHARTS_TWO, false, 2, 640, 427), "two-runs");
	golden_compare(charts_figure(CHARTS_TWO, true, 1, 480, 320), "two-runs-log");
	golden_compare(charts_figure(CHARTS_ONE, false, 2, 480, 320), "one-epoch");
	golden_compare(charts_figure(CHARTS_POINT, false, 2, 480, 320), "one-point");
	golden_compare(charts_figure(CHARTS_GAPS, false, 2, 480, 320), "gaps");
	golden_compare(charts_figure(CHARTS_FIFTY, false, 2, 640, 427), "fifty-runs");
	golden_compare(charts_figure(CHARTS_MANY, false, 1, 480, 320), "many-curves");
	golden_compare(charts_figure(CHARTS_TWO, false, 2, 120, 80), "smallest");
	golden_compare(charts_figure(CHARTS_ERRORS, true, 2, 240, 160), "errors-240");
	golden_compare(charts_figure(CHARTS_ERRORS, true, 2, 480, 320), "errors-480");
	golden_compare(charts_figure(CHARTS_ERRORS, true, 2, 960, 640), "errors-960");
}
END_TEST

/* The figures of what the axis cuts stand clear of the curves: behind them where their stretch has room. */
START_TEST(figure__of_a_cut_curve__has_the_text_beside_it)
{
	static const double begin[] = {4.1, 3, 2, 1.5, 1.2}, brief[] = {2.6, .9, .75, .7};
	struct ui_chart c = {.title = strdup("loss"), .xlabel = strdup("epoch"), .restart = true};
	struct ui_figure *f = ui_figure_new(640, 320);
	struct ui_series *s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);
	uint8_t *bytes, *pixels;
	int h, w, behind = 0;
	size_t n;

	ui_chart_rule(&c, 0, "r1 gte5");
	ui_chart_rule(&c, 3, "r2 lt5");
	for (int i = 0; i < 300; i++)
		ui_series_point(s, (i + 1) / 100., i < 5 ? begin[i] : .1 + .9 * exp(-i / 30.));
	ui_series_point(s, 3, NAN);
	for (int i = 0; i < 4; i++)
		ui_series_point(s, 3.25 + .25 * i, brief[i]);
	ui_figure_charts(f, &(const struct ui_chart *){&c}, 1);
	bytes = figure_bytes(f, &n);
	pixels = bytes_pixels(bytes, n, &h, &w);
	for (int y = 43; y < 52; y++)
		for (int x = 34; x < 80; x++) {
			const uint8_t *q = pixels + (y * w + x) * 3;
			bool ink = abs(q[0] - q[2]) > 40;

			ck_assert_msg(!ink || x > 46, "text before the curve, at %d %d", x, y);
			behind += ink && x > 58;
		}
	ck_assert_int_gt(behind, 20);
	free(pixels);
	free(bytes);
	ui_chart_clear(&c);
}
END_TEST

static struct ui_figure *
tiles_figure(int n, int w, int h)
{
	struct ui_tiles t = {0};
	struct ui_figure *f = ui_figure_new(w, h);

	charts_tiles(&t, n);
	ui_figure_tiles(f, &t);
	ui_tiles_clear(&t);
	return f;
}

static struct ui_figure *
table_figure(int w, int h)
{
	struct ui_table t = {0};
	struct ui_figure *f = ui_figure_new(w, h);

	charts_table(&t);
	ui_figure_table(f, &t);
	ui_table_clear(&t);
	return f;
}

static struct ui_figure *
matrix_figure(int n, int w, int h)
{
	struct ui_matrix m = {0};
	struct ui_figure *f = ui_figure_new(w, h);

	charts_matrix(&m, n);
	ui_figure_matrix(f, &m);
	ui_matrix_clear(&m);
	return f;
}

static struct ui_figure *
cells_figure(int cols, int rows, enum ui_glyphs glyphs, enum ui_colours colours, int w, int h)
{
	struct ui_model m = {0};
	struct ui_canvas *c = ui_canvas_new(cols, rows, glyphs);
	struct ui_figure *f;

	if (w == 0)
		ui_figure_cells_size(c, &w, &h);
	f = ui_figure_new(w, h);
	fixture_fill(&m, FIXTURE_SECOND);
	ui_draw(c, colours, &m, "train", NULL, false);
	ui_figure_cells(f, c, colours);
	ui_canvas_free(c);
	ui_model_clear(&m);
	return f;
}

/* Every rule, block and some braille and signs, so that no shape changes unseen. */
static struct ui_figure *
shapes_figure(void)
{
	struct ui_canvas *c = ui_canvas_new(64, 12, UI_BRAILLE);
	struct ui_figure *f = ui_figure_new(664, 264);
	char text[8];

	for (uint32_t i = 0; i < 160; i++) {
		snprintf(text, sizeof text, "\xe2%c%c", (int)(0x94 + i / 64), (int)(0x80 + i % 64));
		ui_put(ui_area_all(c), (int)(i % 32) * 2, (int)(i / 32), UI_PLAIN, text);
	}
	for (uint32_t i = 0; i < 64; i++) {
		snprintf(text, sizeof text, "\xe2%c%c", (int)(0xa0 + i / 16), (int)(0x80 + i));
		ui_put(ui_area_all(c), (int)i, 6, UI_S_CURVE0, text);
	}
	ui_put(ui_area_all(c), 0, 8, UI_S_FLASH, "❄ ✓ ✗ ◆ ▲ ▼ … · → é thaw");
	ui_put(ui_area_all(c), 0, 9, UI_S_SELECT, "╭──╮┏━━┓╔══╗▗▟█▙▖");
	ui_put(ui_area_all(c), 0, 10, UI_PLAIN, "╰──╯┗━━┛╚══╝▝▜█▛▘");
	ui_figure_cells(f, c, UI_TRUE);
	ui_canvas_free(c);
	return f;
}

START_TEST(figure__draws__sheets_tables_and_screens_as_before)
{
	golden_compare(tiles_figure(12, 480, 320), "tiles");
	golden_compare(table_figure(480, 360), "table");
	golden_compare(table_figure(200, 140), "table-small");
	golden_compare(shapes_figure(), "shapes");
	golden_compare(matrix_figure(10, 480, 320), "matrix");
	golden_compare(matrix_figure(5, 240, 200), "matrix-small");
}
END_TEST

/* The screen changes as panels do, and their tests hold its text: here only that what it says is drawn where it is. */
START_TEST(figure__draws__each_cell_in_its_place)
{
	struct ui_canvas *c = ui_canvas_new(3, 1, UI_BRAILLE);
	struct ui_figure *f = ui_figure_new(54, 44);
	uint8_t *bytes, *p;
	size_t n;
	int w, h;

	ui_put_colour(ui_area_all(c), 1, 0, "█", UI_RGB(200, 10, 20), UI_RGB(1, 2, 3));
	ui_put_colour(ui_area_all(c), 2, 0, "▀", UI_RGB(9, 8, 7), UI_RGB(70, 80, 90));
	ui_figure_cells(f, c, UI_TRUE);
	bytes = figure_bytes(f, &n);
	p = bytes_pixels(bytes, n, &h, &w);
	ck_assert_uint_eq(p[(22 * 54 + 27) * 3], 200);
	ck_assert_uint_eq(p[(22 * 54 + 27) * 3 + 1], 10);
	ck_assert_uint_eq(p[(17 * 54 + 37) * 3], 9);
	ck_assert_uint_eq(p[(28 * 54 + 37) * 3 + 2], 90);
	ck_assert_uint_eq(p[(22 * 54 + 16) * 3], p[0]);
	free(p);
	free(bytes);
	ui_canvas_free(c);
}
END_TEST

/* ---- bytes ---- */

/* Twice in one process, where cairo counts on, and with the fonts loaded anew. */
START_TEST(figure__writes__the_same_bytes_twice)
{
	size_t n[2];
	uint8_t *bytes[2];

	for (int what = 0; what < 4 * FORMATS; what++) {
		for (int i = 0; i < 2; i++) {
			struct ui_figure *f = what % 4 == 0 ? charts_figure(CHARTS_TWO, false, 2, 960, 640) : what % 4 == 1 ? tiles_figure(9, 480, 320) :
			    what % 4 == 2 ? table_figure(480, 320) : cells_figure(80, 24, UI_BRAILLE, UI_256, 0, 0);

			if (i == 1)
				ui_font_free();
			bytes[i] = format_bytes(what / 4, f, &n[i]);
		}
		ck_assert_uint_eq(n[0], n[1]);
		ck_assert(memcmp(bytes[0], bytes[1], n[0]) == 0);
		ck_assert(memmem(bytes[0], n[0], "tIME", 4) == NULL);
		ck_assert(memmem(bytes[0], n[0], "Date", 4) == NULL);
		free(bytes[0]);
		free(bytes[1]);
	}
}
END_TEST

/* A large picture is drawn in bands. Where one ends cairo cuts a curve, and its soft edge may come out a little other. */
START_TEST(figure__draws__in_bands_as_in_one_piece)
{
	struct ui_figure *f = charts_figure(CHARTS_TWO, false, 2, 320, 200);
	uint8_t *whole = malloc(320 * 200 * 3), *bands = malloc(320 * 200 * 3);
	int most = 0, other = 0;
	char why[256] = "";

	ck_assert_msg(ui_figure_rows(f, 0, 200, whole, why, sizeof why) == 0, "%s", why);
	for (int y = 0, n; y < 200; y += n) {
		n = y + 37 < 200 ? 37 : 200 - y;
		ck_assert_int_eq(ui_figure_rows(f, y, n, bands + y * 320 * 3, why, sizeof why), 0);
	}
	for (int i = 0; i < 320 * 200 * 3; i++) {
		most = abs(whole[i] - bands[i]) > most ? abs(whole[i] - bands[i]) : most;
		other += whole[i] != bands[i];
	}
	ck_assert_msg(most <= 32 && other < 100, "%d values differ by up to %d", other, most);
	free(whole);
	free(bands);
	ui_figure_free(f);
}
END_TEST

/* What a PDF says at its end about where its parts are. */
static void
pdf_check(const uint8_t *pdf, size_t n)
{
	const char *text = (const char *)pdf, *end = memmem(pdf + n - 64, 64, "startxref\n", 10);
	size_t at = end != NULL ? strtoul(end + 10, NULL, 10) : 0;

	ck_assert(n > 64 && memcmp(text, "%PDF-1.", 7) == 0 && memcmp(text + n - 6, "%%EOF\n", 6) == 0);
	ck_assert(at > 0 && at < n && (strncmp(text + at, "xref", 4) == 0 || strstr(text + at, " 0 obj") != NULL));
}

START_TEST(figure__writes__vectors_with_their_texts)
{
	static const char evil[] = "<a href=\"x\">&amp; ]]> \x01\x1b[2J broken \xff\xc0 caf\xc3\xa9 -->";
	size_t n;
	struct ui_figure *f;
	char *bytes;

	for (int format = SVG; format <= PDF; format++) {
		f = charts_figure(CHARTS_TWO, false, 2, 320, 200);
		ui_figure_meta(f, "Title", "gte5 → lt5");
		ui_figure_meta(f, "Settings", evil);
		bytes = (char *)format_bytes(format, f, &n);
		if (format == SVG) {
			ck_assert_ptr_nonnull(strstr(bytes, "width=\"320\" height=\"200\"") != NULL ? bytes : strstr(bytes, "width=\"320px\" height=\"200px\""));
			ck_assert_ptr_nonnull(strstr(bytes, "<title>gte5 → lt5</title>"));
			ck_assert_ptr_nonnull(strstr(bytes, "Settings: &lt;a href=\"x\"&gt;&amp;amp; ]]&gt; [2J broken \xef\xbf\xbd\xef\xbf\xbd café --&gt;"));
			ck_assert_ptr_nonnull(strstr(bytes, "Comment: r1 gte5: adadelta"));
			ck_assert_ptr_null(strstr(bytes, "<text"));
			ck_assert_str_eq(bytes + n - 7, "</svg>\n");
		} else
			pdf_check((uint8_t *)bytes, n);
		free(bytes);
	}
}
END_TEST

/* Tiles of 28x28 pixels keep few bytes however large they are drawn, and their corners are where they belong. */
START_TEST(figure__keeps__pixels_few_and_square)
{
	static const uint8_t pixels[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0};
	struct ui_figure *f = ui_figure_new(100, 100);
	size_t n;
	uint8_t *bytes, *p;
	int h, w;

	ui_figure_image(f, 10, 10, 80, 80, 2, 2, 3, pixels);
	bytes = figure_bytes(f, &n);
	p = bytes_pixels(bytes, n, &h, &w);
	for (int i = 0; i < 4; i++)
		for (int at = 0; at < 4; at++) {
			int x = (i % 2 ? 50 : 10) + (at % 2 ? 39 : 0), y = (i / 2 ? 50 : 10) + (at / 2 ? 39 : 0);

			ck_assert_int_eq(memcmp(p + (y * 100 + x) * 3, pixels + 3 * i, 3), 0);
		}
	ck_assert_uint_eq(p[(50 * 100 + 9) * 3], 255);
	free(p);
	free(bytes);
	for (int format = SVG; format <= PDF; format++)
		for (int size = 480; size <= 4000; size *= 2) {
			free(format_bytes(format, tiles_figure(100, size, size * 2 / 3), &n));
			ck_assert_msg(n < 400000, "format %d: %zu bytes", format, n);
		}
}
END_TEST

START_TEST(figure__keeps__text_in_chunks)
{
	struct ui_figure *f = charts_figure(CHARTS_TWO, false, 2, 320, 200);
	size_t n;
	uint8_t *bytes;
	FILE *in;
	char *text;

	ui_figure_meta(f, "Title", "gte5 → lt5");
	ui_figure_meta(f, "Author", "café");
	bytes = figure_bytes(f, &n);
	ck_assert_ptr_nonnull(memmem(bytes, n, "tEXtComment\0r1 gte5: adadelta", 29));
	ck_assert_ptr_nonnull(memmem(bytes, n, "iTXtTitle", 9));
	ck_assert_ptr_nonnull(memmem(bytes, n, "tEXtAuthor\0caf\xe9", 15));
	for (int i = 0; i < 3; i++) {
		in = fmemopen(bytes, n, "rb");
		text = ui_png_text(in, i == 0 ? "Title" : i == 1 ? "Comment" : "None");
		if (i == 0)
			ck_assert_str_eq(text, "gte5 → lt5");
		else if (i == 1)
			ck_assert_ptr_nonnull(strstr(text, "seed=1337"));
		else
			ck_assert_ptr_null(text);
		free(text);
		fclose(in);
	}
	free(bytes);
}
END_TEST

START_TEST(figure__reports__a_disk_that_is_full)
{
	for (int format = 0; format < FORMATS; format++) {
		FILE *full = fopen("/dev/full", "wb");
		struct ui_figure *f;
		char why[256] = "";

		if (full == NULL)
			return;
		f = charts_figure(CHARTS_TWO, false, 2, 960, 640);
		setvbuf(full, NULL, _IONBF, 0);
		ck_assert_int_eq(writers[format](f, full, why, sizeof why), -1);
		fclose(full);
		ui_figure_free(f);
		ck_assert_msg(strstr(why, "space") != NULL, "format %d: %s", format, why);
	}
}
END_TEST

static bool
stop_at_third(void *arg)
{
	return ++*(int *)arg == 3;
}

/* The largest picture, too, is left at once. */
START_TEST(figure__ends__when_it_is_told_to)
{
	for (int format = 0; format < FORMATS; format++)
		for (int large = 0; large < 2; large++) {
			struct ui_figure *f = charts_figure(CHARTS_TWO, false, 2, large ? UI_FIGURE_MAX : 960, large ? UI_FIGURE_MAX : 640);
			FILE *out = tmpfile();
			char why[256] = "";
			int asked = 0;

			ui_figure_stop(f, stop_at_third, &asked);
			ck_assert_int_eq(writers[format](f, out, why, sizeof why), -1);
			ck_assert_str_eq(why, "interrupted; run it again");
			fclose(out);
			ui_figure_free(f);
		}
}
END_TEST

START_TEST(figure__draws__without_a_font)
{
	size_t n;
	int h, w;
	uint8_t *bytes, *pixels;
	char dir[] = "/tmp/thaw-font.XXXXXX", fifo[64];
	const char *why = ui_font_use("/nowhere/at/all.ttf");

	ck_assert_ptr_nonnull(why);
	ck_assert_ptr_nonnull(strstr(why, "fonts-dejavu-core"));
	bytes = figure_bytes(charts_figure(CHARTS_TWO, false, 2, 480, 320), &n);
	pixels = bytes_pixels(bytes, n, &h, &w);
	ck_assert_int_eq(w, 480);
	free(pixels);
	free(bytes);
	ck_assert_ptr_nonnull(ui_font_use("/dev/null"));
	ck_assert_ptr_nonnull(ui_font_use("/"));
	ck_assert(mkdtemp(dir) != NULL);
	snprintf(fifo, sizeof fifo, "%s/DejaVuSans.ttf", dir);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	alarm(20); /* else it waits for whoever writes into it */
	ck_assert_ptr_nonnull(ui_font_use(fifo));
	ck_assert_ptr_nonnull(ui_font_use(dir));
	alarm(0);
	unlink(fifo);
	rmdir(dir);
	why = ui_font_use(NULL);
	ck_assert_msg(why == NULL, "%s", why);
}
END_TEST

START_TEST(figure__refuses__sizes_beyond_its_bounds)
{
	ck_assert_ptr_null(ui_figure_new(UI_FIGURE_MIN - 1, 100));
	ck_assert_ptr_null(ui_figure_new(100, UI_FIGURE_MAX + 1));
	ck_assert_ptr_null(ui_figure_new(-5, 100));
}
END_TEST

/* ---- labels ---- */

struct box {
	double x0, y0, x1, y1;
	const char *text;
};

/* Every text lies inside the picture, and no two of them meet. Check notes every ck_assert that holds in a file, which is too slow for
 * each pair. */
static void
labels_check(const struct ui_figure *f, const char *what)
{
	struct box *box = calloc(f->n + 1, sizeof *box);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct ui_shape *s = &f->shape[i];
		double w, back;
		struct box b;

		if (s->kind != UI_SHAPE_TEXT)
			continue;
		w = ui_font_width(s->face, s->w, s->text);
		back = s->anchor == UI_START ? 0 : s->anchor == UI_MIDDLE ? w / 2 : w;
		b = (struct box){s->x - back, s->y - s->w * 0.74, s->x - back + w, s->y + s->w * 0.02, s->text};
		if (s->h == 90)
			b = (struct box){s->x - s->w * 0.74, s->y + back - w, s->x + s->w * 0.02, s->y + back, s->text};
		ck_assert_msg(b.x0 > -1.5 && b.y0 > -1.5 && b.x1 < f->w + 1.5 && b.y1 < f->h + 1.5, "%s %dx%d: \"%s\" is cut: %.1f,%.1f..%.1f,%.1f", what,
		    f->w, f->h, s->text, b.x0, b.y0, b.x1, b.y1);
		for (size_t k = 0; k < n; k++)
			if (b.x0 < box[k].x1 - 0.5 && box[k].x0 < b.x1 - 0.5 && b.y0 < box[k].y1 - 0.5 && box[k].y0 < b.y1 - 0.5)
				ck_abort_msg("%s %dx%d: \"%s\" over \"%s\"", what, f->w, f->h, s->text, box[k].text);
		box[n++] = b;
	}
	free(box);
}

static const int size[][2] = {{16, 16}, {120, 80}, {40, 400}, {400, 40}, {160, 120}, {200, 600}, {320, 200}, {333, 251}, {480, 320}, {640, 480}, {960, 640},
	{1000, 150}, {1280, 720}, {1600, 1200}, {4000, 3000}};

START_TEST(figure__keeps__labels_apart_and_inside)
{
	char what[64];

	for (int kind = 0; kind < CHARTS_KINDS; kind++)
		for (size_t i = 0; i < sizeof size / sizeof size[0]; i++)
			for (int form = (kind + (int)i) % 2; form < 4; form += 2) { /* each size has half of the forms */
				struct ui_figure *f = charts_figure((enum charts_kind)kind, form & 1, form & 2 ? 1 : 2, size[i][0], size[i][1]);

				snprintf(what, sizeof what, "charts %d form %d", kind, form);
				labels_check(f, what);
				ui_figure_free(f);
			}
	for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
		struct ui_figure *f;

		for (int n = 0; n < 130; n += 1 + n / 3) {
			f = tiles_figure(n, size[i][0], size[i][1]);
			labels_check(f, "tiles");
			ui_figure_free(f);
		}
		f = table_figure(size[i][0], size[i][1]);
		labels_check(f, "table");
		ui_figure_free(f);
		for (int n = 1; n < 12; n += 3) {
			f = matrix_figure(n, size[i][0], size[i][1]);
			labels_check(f, "matrix");
			ui_figure_free(f);
		}
	}
}
END_TEST

/* A marked 0 on a log axis stands at its foot where the chart says so, and nowhere else. */
START_TEST(figure__puts__zeros_at_the_foot)
{
	double lowest[2];
	size_t discs[2] = {0};

	for (int zeros = 0; zeros < 2; zeros++) {
		struct ui_chart c = {.unit = true, .logy = true, .zeros = zeros};
		struct ui_series *s = ui_chart_add(&c, "y", UI_LINE_SOLID, 0);
		struct ui_figure *f = ui_figure_new(960, 640);

		s->mark = true;
		ui_series_estimate(s, 1, 0.1, 0.02);
		ui_series_estimate(s, 2, 0, 0);
		ui_series_estimate(s, 3, 0.05, 0.02);
		ui_figure_charts(f, (const struct ui_chart *[]){&c}, 1);
		lowest[zeros] = 0;
		for (size_t i = 0; i < f->n; i++)
			if (f->shape[i].kind == UI_SHAPE_DISC) {
				discs[zeros]++;
				lowest[zeros] = fmax(lowest[zeros], f->shape[i].y);
			}
		ui_figure_free(f);
		ui_chart_clear(&c);
	}
	ck_assert_msg(discs[0] > 0 && discs[1] == discs[0] + 2, "%zu marks, %zu with one of 0", discs[0], discs[1]);
	ck_assert_msg(lowest[1] > lowest[0] + 100, "%g, without it %g", lowest[1], lowest[0]);
}
END_TEST

/* What an axis cuts stands where the curve leaves the field, once for each run; nothing is said where nothing is cut. */
START_TEST(figure__says__what_an_axis_cuts)
{
	struct charts c;
	struct ui_figure *f;
	char want[2][32];
	int said[2][2] = {{0}};

	charts_fill(&c, CHARTS_TWO);
	for (int logy = 0; logy < 2; logy++) {
		c.loss.logy = logy;
		f = ui_figure_new(960, 640);
		ui_figure_charts(f, c.both, 1);
		for (size_t i = 0; i < f->n; i++)
			said[logy][0] += f->shape[i].kind == UI_SHAPE_TEXT && strncmp(f->shape[i].text, "▲", 3) == 0;
		for (size_t i = 0; i < f->n && !logy; i++)
			for (int k = 0; k < 2 && f->shape[i].kind == UI_SHAPE_TEXT; k++) {
				double most = 0;

				for (size_t m = 0; m < c.loss.nseries; m++) {
					const struct ui_series *s = &c.loss.series[m];

					for (size_t j = 0; j < s->n && s->line == UI_LINE_SOLID; j++)
						if (isfinite(s->p[j].y) && (k == 0 ? s->p[j].x < 5 : s->p[j].x > 5))
							most = fmax(most, s->p[j].y);
				}
				snprintf(want[k], sizeof want[k], "▲%.2f", most);
				said[0][1] += strcmp(f->shape[i].text, want[k]) == 0;
			}
		ui_figure_free(f);
	}
	ck_assert_msg(said[0][0] == 2 && said[0][1] == 2 && said[1][0] == 0, "%d, %d of them %s and %s, %d", said[0][0], said[0][1], want[0],
	    want[1], said[1][0]);
	charts_clear(&c);
}
END_TEST

/* In the field of another run it would be that one's: six runs, each of which begins above what is shown. */
START_TEST(figure__says__what_an_axis_cuts_in_its_own_run)
{
	struct ui_chart c = {.title = strdup("loss"), .xlabel = strdup("epoch"), .restart = true};
	struct ui_series *s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);
	int said = 0;

	for (int k = 0; k < 6; k++) {
		ui_chart_rule(&c, k, "r lt5");
		if (k > 0)
			ui_series_point(s, k, NAN);
		for (int i = 0; i < 200; i++)
			ui_series_point(s, k + (i + 1) / 200., .1 + (2.65 + k) * exp(-i / 2.));
	}
	for (int w = 160; w <= 960; w += 50) {
		struct ui_figure *f = ui_figure_new(w, 320);
		double rule[8] = {0};
		int n = 1;

		ui_figure_charts(f, &(const struct ui_chart *){&c}, 1);
		for (size_t i = 0; i < f->n; i++) { /* the rules are its only upright dashes */
			const struct ui_shape *l = &f->shape[i];

			if (l->kind == UI_SHAPE_LINE && l->ndash > 0 && l->n == 2 && l->p[0].x == l->p[1].x && n < 7)
				rule[n++] = l->p[0].x;
		}
		rule[n] = w;
		ck_assert_int_eq(n, 6);
		for (size_t i = 0; i < f->n; i++) {
			const struct ui_shape *l = &f->shape[i];
			int run;

			if (l->kind != UI_SHAPE_TEXT || strncmp(l->text, "▲", 3) != 0)
				continue;
			run = (int)strtod(l->text + 3, NULL) - 2;
			ck_assert_msg(run >= 0 && run < 6 && l->x >= rule[run] - 1 && l->x + ui_font_width(UI_FACE_SANS, l->w, l->text) <=
			    rule[run + 1] + 1, "%d wide: %s at %g, r%d is at %g to %g", w, l->text, l->x, run + 1, rule[run], rule[run + 1]);
			said++;
		}
		ui_figure_free(f);
	}
	ck_assert_int_gt(said, 30);
	ui_chart_clear(&c);
}
END_TEST

/* ---- every size, every kind of numbers ---- */

START_TEST(figure__survives__sizes_and_numbers)
{
	size_t n;

	for (int kind = 0; kind < CHARTS_KINDS; kind++)
		for (size_t i = 0; i < 9; i++)
			free(figure_bytes(charts_figure((enum charts_kind)kind, (kind + (int)i) % 2, 2, size[i][0], size[i][1]), &n));
	for (int w = 16; w < 400; w += 91)
		for (int h = 16; h < 400; h += 127) {
			free(figure_bytes(tiles_figure(w / 20, w, h), &n));
			free(figure_bytes(table_figure(w, h), &n));
			free(figure_bytes(matrix_figure(w / 30, w, h), &n));
			free(figure_bytes(cells_figure(w / 2 % 90 + 1, h / 5, (enum ui_glyphs)(w % 3), (enum ui_colours)(h % 4), w, h), &n));
		}
	free(figure_bytes(charts_figure(CHARTS_TWO, false, 2, 4000, 3000), &n));
}
END_TEST

START_TEST(figure__survives__shapes_far_outside)
{
	struct ui_figure *f = ui_figure_new(100, 100);
	struct ui_point p[] = {{-1e9, 50}, {1e9, 51}, {50, 1e12}, {50, -1e12}};
	const double dash[] = {3, 2}, none[] = {0, 0}, odd[] = {-1, 2, 3};
	size_t n;
	uint8_t *bytes, *pixels;
	int h, w;

	ui_figure_line(f, p, 2, 3, (struct ui_rgb){255, 0, 0}, 1, NULL, 0);
	ui_figure_line(f, p, 4, 2, (struct ui_rgb){0, 0, 255}, 0.5, dash, 2);
	ui_figure_line(f, p, 4, 2, (struct ui_rgb){0, 0, 255}, 0.5, none, 2);
	ui_figure_line(f, p, 4, 2, (struct ui_rgb){0, 0, 255}, 0.5, odd, 3);
	ui_figure_line(f, p, 0, 2, (struct ui_rgb){0, 0, 255}, 0.5, odd, 3);
	ui_figure_rect(f, -1e9, -1e9, 1, 1, (struct ui_rgb){0, 0, 0}, 1);
	ui_figure_rect(f, 90, 90, 1e9, 1e9, (struct ui_rgb){0, 200, 0}, 1);
	ui_figure_disc(f, 1e9, 1e9, 10, (struct ui_rgb){0, 0, 0}, 1);
	ui_figure_text(f, 1e9, 0, 12, UI_START, false, 0, (struct ui_rgb){0, 0, 0}, "far away");
	ui_figure_text(f, 50, 50, 12, UI_START, false, 45, (struct ui_rgb){0, 0, 0}, "broken \xff\xc0 text");
	ui_figure_image(f, 95, -5, 20, 20, 1, 1, 3, (const uint8_t[]){10, 20, 30});
	for (int format = SVG; format <= PDF; format++) {
		FILE *out = tmpfile();
		char why[256] = "";

		ck_assert_msg(writers[format](f, out, why, sizeof why) == 0, "%s", why);
		fclose(out);
	}
	bytes = figure_bytes(f, &n);
	pixels = bytes_pixels(bytes, n, &h, &w);
	ck_assert_uint_eq(pixels[(95 * 100 + 95) * 3 + 1], 200);
	ck_assert_uint_eq(pixels[(2 * 100 + 97) * 3 + 2], 30);
	ck_assert_uint_lt(pixels[(50 * 100 + 5) * 3 + 1], 40); /* the line crosses the picture */
	free(pixels);
	free(bytes);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("figure");
	TCase *t = tcase_create("figure");
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, figure__draws__charts_as_before);
	tcase_add_test(t, figure__of_a_cut_curve__has_the_text_beside_it);
	tcase_add_test(t, figure__draws__sheets_tables_and_screens_as_before);
	tcase_add_test(t, figure__draws__each_cell_in_its_place);
	tcase_add_test(t, figure__writes__the_same_bytes_twice);
	tcase_add_test(t, figure__draws__in_bands_as_in_one_piece);
	tcase_add_test(t, figure__writes__vectors_with_their_texts);
	tcase_add_test(t, figure__keeps__pixels_few_and_square);
	tcase_add_test(t, figure__keeps__text_in_chunks);
	tcase_add_test(t, figure__reports__a_disk_that_is_full);
	tcase_add_test(t, figure__ends__when_it_is_told_to);
	tcase_add_test(t, figure__draws__without_a_font);
	tcase_add_test(t, figure__refuses__sizes_beyond_its_bounds);
	tcase_add_test(t, figure__keeps__labels_apart_and_inside);
	tcase_add_test(t, figure__says__what_an_axis_cuts);
	tcase_add_test(t, figure__says__what_an_axis_cuts_in_its_own_run);
	tcase_add_test(t, figure__puts__zeros_at_the_foot);
	tcase_add_test(t, figure__survives__sizes_and_numbers);
	tcase_add_test(t, figure__survives__shapes_far_outside);
	failed = run_suite(s);
	ui_font_free();
	return failed;
}
