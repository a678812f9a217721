/* golden.c: pictures as bytes and as pixels, and beside those that were looked at. */
#include "golden.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

int (*const writers[FORMATS])(const struct ui_figure *f, FILE *out, char *why, size_t whylen) = {ui_figure_png, ui_figure_svg,
    ui_figure_pdf};

uint8_t *
format_bytes(int format, struct ui_figure *f, size_t *n)
{
	char *bytes = NULL, why[256] = "";
	FILE *out = open_memstream(&bytes, n);

	ck_assert_msg(writers[format](f, out, why, sizeof why) == 0, "%s", why);
	fclose(out);
	ui_figure_free(f);
	return (uint8_t *)bytes;
}

uint8_t *
figure_bytes(struct ui_figure *f, size_t *n)
{
	return format_bytes(PNG, f, n);
}

uint8_t *
bytes_pixels(const uint8_t *bytes, size_t n, int *h, int *w)
{
	FILE *in = fmemopen((void *)bytes, n, "rb");
	char why[256] = "";
	uint8_t *pixels = ui_png_pixels(in, UI_FIGURE_MAX, 3, NULL, h, w, why, sizeof why);

	ck_assert_msg(pixels != NULL, "%s", why);
	fclose(in);
	return pixels;
}

void
golden_compare(struct ui_figure *f, const char *name)
{
	char path[512], why[256] = "";
	size_t n;
	uint8_t *bytes = figure_bytes(f, &n), *got, *want;
	int h, w, gh, gw;
	double sum = 0, far = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/tests/golden/figures/%s.png", getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".", name);
	if (getenv("UPDATE") != NULL) {
		file = fopen(path, "wb");
		ck_assert_msg(file != NULL && fwrite(bytes, 1, n, file) == n && fclose(file) == 0, "%s is not written", path);
	}
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s is missing", path);
	want = ui_png_pixels(file, UI_FIGURE_MAX, 3, NULL, &gh, &gw, why, sizeof why);
	ck_assert_msg(want != NULL, "%s: %s", path, why);
	fclose(file);
	got = bytes_pixels(bytes, n, &h, &w);
	ck_assert_int_eq(h, gh);
	ck_assert_int_eq(w, gw);
	for (int i = 0; i < h * w * 3; i++) {
		sum += abs(got[i] - want[i]);
		far += abs(got[i] - want[i]) > 64;
	}
	ck_assert_msg(sum / (h * w * 3) < 0.6 && far / (h * w * 3) < 0.004, "%s: mean difference %.3f, %.2f %% of the values far off", name,
	    sum / (h * w * 3), 100 * far / (h * w * 3));
	free(got);
	free(want);
	free(bytes);
}
