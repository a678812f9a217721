/* test_jpeg.c: JPEG files as pixels: as the camera was held, in each colour, cut off, lying, and where the library or memory
 * is missing. The files are made here, of blocks of 8x8 pixels that have one colour each, so that their pixels are known.
 */
#include "data/photo.h"
#include "util/signals.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- files ---- */

enum { SOF = 0xc0, SOF_PROGRESSIVE = 0xc2, DHT = 0xc4, SOI = 0xd8, EOI, SOS, DQT, APP1 = 0xe1, APP14 = 0xee };

struct bytes {
	uint8_t p[1 << 15];
	size_t n;
};

static struct bytes file, notes; /* the picture; segments that stand at its beginning */
static uint32_t bits;
static int nbits;

static void
put(struct bytes *b, const void *p, size_t n)
{
	ck_assert_uint_le(b->n + n, sizeof b->p);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
segment(struct bytes *b, int marker, const void *p, size_t n)
{
	put(b, (uint8_t[]){0xff, (uint8_t)marker, (uint8_t)((n + 2) >> 8), (uint8_t)(n + 2)}, 4);
	put(b, p, n);
}

static void
put_bits(int v, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		bits = bits << 1 | (uint32_t)(v >> i & 1);
		if (++nbits == 8) {
			put(&file, (uint8_t[]){(uint8_t)bits, 0}, (bits & 255) == 255 ? 2 : 1);
			nbits = 0;
		}
	}
}

/* All before the first scan: tables that need few words, and the size. */
static void
head(int sof, int height, int width, int parts)
{
	uint8_t quant[65], dc[1 + 16 + 12] = {0, 0, 0, 0, 12}, ac[1 + 16 + 1] = {0x10, 1}, frame[6 + 3 * 4] = {8,
	    (uint8_t)(height >> 8), (uint8_t)height, (uint8_t)(width >> 8), (uint8_t)width, (uint8_t)parts};

	memset(quant, 8, sizeof quant); /* a step is one value of a block of one colour */
	quant[0] = 0;
	for (int i = 0; i < 12; i++)
		dc[17 + i] = (uint8_t)i;
	for (int i = 0; i < parts; i++)
		memcpy(frame + 6 + 3 * i, (uint8_t[]){(uint8_t)(i + 1), 0x11, 0}, 3);
	file.n = 0;
	put(&file, (uint8_t[]){0xff, SOI}, 2);
	put(&file, notes.p, notes.n);
	segment(&file, DQT, quant, sizeof quant);
	segment(&file, sof, frame, 6 + 3 * (size_t)parts);
	segment(&file, DHT, dc, sizeof dc);
	segment(&file, DHT, ac, sizeof ac);
}

static void
scan(int parts, int from, int to)
{
	uint8_t p[4 + 2 * 4] = {(uint8_t)parts};

	for (int i = 0; i < parts; i++)
		p[1 + 2 * i] = (uint8_t)(i + 1);
	p[1 + 2 * parts] = (uint8_t)from;
	p[2 + 2 * parts] = (uint8_t)to;
	segment(&file, SOS, p, 4 + 2 * (size_t)parts);
}

static void
flush(void)
{
	while (nbits > 0)
		put_bits(1, 1);
}

/* The colours of the blocks, of each part in turns; ends: the word that says that a block has nothing else. */
static void
put_blocks(const uint8_t *value, int blocks, int parts, bool ends)
{
	int before[4] = {0};

	for (int i = 0; i < blocks * parts; i++) {
		int v = value[i] - 128, diff = v - before[i % parts], size = 0;

		before[i % parts] = v;
		while (abs(diff) >> size != 0)
			size++;
		put_bits(size, 4);
		put_bits(diff < 0 ? diff - 1 : diff, size);
		put_bits(0, ends);
	}
	flush();
}

static void
end(const char *name)
{
	put(&file, (uint8_t[]){0xff, EOI}, 2);
	scratch_write(name, file.p, file.n);
}

static void
write_jpeg(const char *name, int rows, int cols, int parts, const uint8_t *value)
{
	head(SOF, 8 * rows, 8 * cols, parts);
	scan(parts, 0, 63);
	put_blocks(value, rows * cols, parts, true);
	end(name);
}

static void
put_number(struct bytes *b, unsigned v, int n, char order)
{
	for (int i = 0; i < n; i++)
		put(b, &(uint8_t){(uint8_t)(v >> 8 * (order == 'I' ? i : n - 1 - i))}, 1);
}

/* A camera's note with entries of a tag and a value; order: 'I' little, 'M' big. */
static void
note(char order, const unsigned (*entry)[2], unsigned n)
{
	static struct bytes b;

	b.n = 0;
	put(&b, "Exif\0", 6);
	put(&b, (char[]){order, order}, 2);
	put_number(&b, 42, 2, order);
	put_number(&b, 8, 4, order);
	put_number(&b, n, 2, order);
	for (unsigned i = 0; i < n; i++) {
		put_number(&b, entry[i][0], 2, order);
		put_number(&b, 3, 2, order); /* one value of two bytes */
		put_number(&b, 1, 4, order);
		put_number(&b, entry[i][1], 2, order);
		put_number(&b, 0, 2, order);
	}
	segment(&notes, APP1, b.p, b.n);
}

/* Six blocks, three rows of two. */
static const uint8_t six[] = {10, 50, 90, 130, 170, 210};

static uint8_t *
pixels(const char *name, int channels, int *h, int *w)
{
	struct err e = {0};
	uint8_t *p = photo_read(name, channels, h, w, &e);

	ck_assert_msg(p != NULL, "%s", e.text);
	return p;
}

static void
refused(const char *name, int channels, const char *says)
{
	struct err e = {0};
	int h, w;

	ck_assert_ptr_null(photo_read(name, channels, &h, &w, &e));
	ck_sentence(e.text, says);
	ck_has(e.text, name);
}

/* The blocks of a picture, as "ab/cd/ef" where it is upright. */
static void
shows(const char *name, int channels, const char *rows)
{
	int h, w, cols = (int)strcspn(rows, "/");
	uint8_t *p = pixels(name, channels, &h, &w);

	ck_assert_int_eq(w, 8 * cols);
	ck_assert_int_eq(h, 48 / cols);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int c = 0; c < channels; c++) {
				int v = channels % 2 == 0 && c == channels - 1 ? 255 : six[rows[y / 8 * (cols + 1) + x / 8] - 'a'];

				ck_assert_msg(p[(y * w + x) * channels + c] == v, "%s: %d of (%d, %d) is %d, not %d", rows, c, y, x,
				    p[(y * w + x) * channels + c], v);
			}
	free(p);
}

/* A file in memory, for those that change often: on a disk each would take its time. */
static const char *
kept(int fd, size_t n)
{
	static char path[32];

	ck_assert_int_eq(ftruncate(fd, (off_t)n), 0);
	ck_assert_int_eq(pwrite(fd, file.p, n, 0), (ssize_t)n);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return path;
}

/* ---- tests ---- */

/* Runs in a process of its own, where nothing has been loaded yet and no signal has come. */
static void
apart(bool (*holds)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(holds() ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
}

static bool
says(const char *text)
{
	struct err e = {0};
	int h, w;

	return photo_read("a.jpg", 1, &h, &w, &e) == NULL && strstr(e.text, text) != NULL;
}

static int library_call;

static bool
without_library(void)
{
	failing_at(FAILING_LIBRARY, library_call, 0);
	return says("a.jpg: there is no libjpeg to read it with (") && failing_struck() && says("install the package");
}

START_TEST(jpeg__library__that_is_missing)
{
	write_jpeg("a.jpg", 3, 2, 1, six);
	for (library_call = 1; library_call <= 10; library_call += 3) /* the library itself, then calls of it */
		apart(without_library);
}
END_TEST

START_TEST(jpeg__read__as_the_camera_was_held)
{
	static const char *const held[] = {"ab/cd/ef", "ba/dc/fe", "fe/dc/ba", "ef/cd/ab", "ace/bdf", "eca/fdb", "fdb/eca",
	    "bdf/ace"};

	for (unsigned how = 1; how <= 8; how++)
		for (unsigned i = 0; i < 2; i++) {
			notes.n = 0;
			note("IM"[i], (const unsigned[][2]){{0x010f, 3}, {0x0112, how}}, 2);
			write_jpeg("a.jpg", 3, 2, 1, six);
			shows("a.jpg", 1 + (int)(how + i) % 4, held[how - 1]);
		}
	notes.n = 0;
	write_jpeg("a.jpg", 3, 2, 1, six); /* no note */
	shows("a.jpg", 1, held[0]);
}
END_TEST

/* What says nothing of how it was held, or nothing that there is, leaves it as it lies. */
START_TEST(jpeg__read__notes_that_lie)
{
	static const char xmp[] = "http://ns.adobe.com/xap/1.0/", far[] = "Exif\0\0II*\0\xff\xff\xff\xff\1\0\x12\1\3\0\1\0\0\0\6\0\0",
	    edge[] = "Exif\0\0II*\0\x0e\0\0\0\0\0\0\0\0\0\xff\xff\0", many[] = "Exif\0\0II*\0\x8\0\0\0\xff\xff\x0f\1\3\0\1\0\0\0\6\0\0\0";
	static const struct {
		const char *p;
		size_t n;
	} lies[] = {{"Exif\0", 6}, {"Exif\0\0II*\0\x8\0\0\0\1", 15}, {xmp, sizeof xmp}, {far, sizeof far - 1}, {edge, sizeof edge - 1},
	    {many, sizeof many - 1}};

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		notes.n = 0;
		segment(&notes, APP1, lies[i].p, lies[i].n);
		write_jpeg("a.jpg", 3, 2, 1, six);
		shows("a.jpg", 1, "ab/cd/ef");
	}
	for (unsigned how = 0; how <= 9; how += 9) {
		notes.n = 0;
		note('I', (const unsigned[][2]){{0x0112, how}, {0x0112, 3}}, 2); /* the first counts */
		write_jpeg("a.jpg", 3, 2, 1, six);
		shows("a.jpg", 3, "ab/cd/ef");
	}
	notes.n = 0; /* another program's note stands before the camera's */
	segment(&notes, APP1, xmp, sizeof xmp);
	note('M', (const unsigned[][2]){{0x0112, 6}}, 1);
	write_jpeg("a.jpg", 3, 2, 1, six);
	shows("a.jpg", 1, "eca/fdb");
}
END_TEST

START_TEST(jpeg__read__colours)
{
	static const uint8_t ycc[] = {100, 128, 178, 60, 128, 128}; /* a red and a grey */
	int h, w;
	uint8_t *p;

	write_jpeg("a.jpg", 1, 2, 3, ycc);
	p = pixels("a.jpg", 3, &h, &w);
	ck_assert(h == 8 && w == 16);
	ck_assert_mem_eq(p, ((uint8_t[]){170, 64, 100}), 3); /* Y + 1.402 (Cr - 128), Y - 0.714 (Cr - 128), Y */
	ck_assert_mem_eq(p + 3 * 8, ((uint8_t[]){60, 60, 60}), 3);
	free(p);
	p = pixels("a.jpg", 2, &h, &w); /* as grey, and there is no alpha that is not full */
	ck_assert_mem_eq(p, ((uint8_t[]){100, 255}), 2);
	ck_assert_mem_eq(p + 2 * 127, ((uint8_t[]){60, 255}), 2);
	free(p);
	write_jpeg("a.jpg", 1, 1, 4, (const uint8_t[]){1, 2, 3, 4});
	refused("a.jpg", 3, "its colours are those of a printer (CMYK); save it as RGB");
	segment(&notes, APP14, "Adobe\0\144\0\0\0\0\2", 12); /* the same as YCCK */
	write_jpeg("a.jpg", 1, 1, 4, (const uint8_t[]){1, 2, 3, 4});
	refused("a.jpg", 1, "its colours are those of a printer (CMYK); save it as RGB");
}
END_TEST

/* Nothing is allocated for what a header promises. */
START_TEST(jpeg__read__sizes)
{
	head(SOF, 8, PHOTO_SIDE_MAX + 1, 1);
	scan(1, 0, 63);
	end("a.jpg");
	refused("a.jpg", 1, "a picture of 8x8193 pixels; at most 8192x8192 fit: scale it down");
	head(SOF, 65500, 8, 1);
	scan(1, 0, 63);
	end("a.jpg");
	refused("a.jpg", 1, "a picture of 65500x8 pixels; at most");
	head(SOF, 0, 8, 1);
	scan(1, 0, 63);
	end("a.jpg");
	refused("a.jpg", 1, "it is no whole JPEG (");
}
END_TEST

START_TEST(jpeg__read__cut_off_at_every_byte)
{
	int fd = memfd_create("cut", MFD_CLOEXEC);
	size_t n;

	note('M', (const unsigned[][2]){{0x0112, 6}}, 1);
	write_jpeg("a.jpg", 3, 2, 1, six);
	n = file.n;
	for (size_t i = 0; i < n; i++)
		refused(kept(fd, i), 1, i < 2 ? "PNG" : "; get the file again");
	file.p[n - 4] ^= 1; /* of the values */
	refused(kept(fd, n - 1), 1, "its data are cut off or damaged");
	close(fd);
}
END_TEST

/* A flipped bit is found, or gives a picture of the size that the file says. */
START_TEST(jpeg__read__every_bit_flipped)
{
	int fd = memfd_create("flipped", MFD_CLOEXEC);
	size_t read = 0;

	note('I', (const unsigned[][2]){{0x0112, 8}}, 1);
	write_jpeg("a.jpg", 3, 2, 1, six);
	for (size_t bit = 0; bit < 8 * file.n; bit++) {
		struct err e = {0};
		int h = 0, w = 0;
		uint8_t *p;

		file.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if ((p = photo_read(kept(fd, file.n), 3, &h, &w, &e)) != NULL) {
			ck_assert(h > 0 && w > 0 && h <= PHOTO_SIDE_MAX && w <= PHOTO_SIDE_MAX);
			ck_assert_uint_le(p[3 * (size_t)h * (size_t)w - 1], 255); /* a sanitizer sees whether it is there */
			read++;
		} else
			ck_has(e.text, "/proc/self/fd/");
		free(p);
		file.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert_uint_gt(read, 200);
	close(fd);
}
END_TEST

static void
write_scans(int n)
{
	head(SOF_PROGRESSIVE, 24, 16, 1);
	scan(1, 0, 0);
	put_blocks(six, 6, 1, false);
	for (int i = 1; i < n; i++) {
		scan(1, 1, 63);
		put_bits(0, 6); /* nothing more of each block */
		flush();
	}
	end("a.jpg");
}

/* Scans over scans take time, each of them the whole of it. */
START_TEST(jpeg__read__no_more_scans_than_a_picture_needs)
{
	write_scans(2);
	shows("a.jpg", 1, "ab/cd/ef");
	write_scans(700);
	refused("a.jpg", 1, "no whole JPEG (more scans than any picture needs); get the file again");
}
END_TEST

static bool
interrupted(void)
{
	signal(SIGTERM, SIG_DFL); /* Check has handlers of its own */
	signals_install(false);
	raise(SIGTERM);
	return says("no whole JPEG (interrupted)");
}

START_TEST(jpeg__read__ends_with_a_signal)
{
	write_jpeg("a.jpg", 3, 2, 1, six);
	apart(interrupted);
}
END_TEST

START_TEST(jpeg__read__calls_that_fail)
{
	int n = 0, h, w;

	note('M', (const unsigned[][2]){{0x0112, 6}}, 1);
	write_jpeg("a.jpg", 3, 2, 1, six);
	for (bool struck = true; struck; n++) {
		struct err e = {0};
		uint8_t *p;

		failing_at(FAILING_MEMORY, n + 1, ENOMEM);
		p = photo_read("a.jpg", 2, &h, &w, &e);
		struck = failing_struck();
		ck_assert(struck == (p == NULL));
		if (struck)
			ck_has(e.text, "memory");
		free(p);
	}
	ck_assert_int_eq(n, 5); /* the reader's own, the pixels, those turned, and those with alpha */
	failing_at(FAILING_STAT, 1, EIO);
	refused("a.jpg", 1, "a.jpg is not a regular file; put the picture there");
	failing_at(FAILING_STREAM, 1, ENOMEM);
	refused("a.jpg", 1, "a.jpg cannot be read: Cannot allocate memory; close other programs");
	failing_at(FAILING_END, 1, 0); /* the first two bytes: it is no JPEG then */
	refused("a.jpg", 1, "PNG");
	failing_struck();
}
END_TEST

static void
setup(void)
{
	scratch_setup();
	notes.n = 0;
}

int
main(void)
{
	Suite *s = suite_create("jpeg");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, jpeg__library__that_is_missing); /* the first: it is loaded once */
	tcase_add_test(t, jpeg__read__as_the_camera_was_held);
	tcase_add_test(t, jpeg__read__notes_that_lie);
	tcase_add_test(t, jpeg__read__colours);
	tcase_add_test(t, jpeg__read__sizes);
	tcase_add_test(t, jpeg__read__cut_off_at_every_byte);
	tcase_add_test(t, jpeg__read__every_bit_flipped);
	tcase_add_test(t, jpeg__read__no_more_scans_than_a_picture_needs);
	tcase_add_test(t, jpeg__read__ends_with_a_signal);
	tcase_add_test(t, jpeg__read__calls_that_fail);
	suite_add_tcase(s, t);
	return run_suite(s);
}
