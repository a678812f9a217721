/* scratch.c: a folder that a test fills and that is gone behind it. */
#include "tests/src/scratch.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char folder[64];

void
scratch_setup(void)
{
	strcpy(folder, "test-scratch.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

void
scratch_teardown(void)
{
	ck_assert_int_eq(chdir(".."), 0);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
scratch_write(const char *name, const void *p, size_t n)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(p, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

uint8_t *
scratch_read(const char *name, size_t *n)
{
	FILE *f = fopen(name, "r");
	uint8_t *p;
	long size;

	if (f == NULL)
		return NULL;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	p = malloc((size_t)size + 1);
	ck_assert_ptr_nonnull(p);
	*n = fread(p, 1, (size_t)size, f);
	fclose(f);
	return p;
}

int
scratch_files(void)
{
	DIR *d = opendir(".");
	int n = 0;

	ck_assert_ptr_nonnull(d);
	for (struct dirent *x = readdir(d); x != NULL; x = readdir(d))
		n += strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0;
	closedir(d);
	return n;
}

uint8_t *
scratch_gzip(const void *p, size_t n, size_t *out)
{
	size_t room = n + n / 100 + 256;
	uint8_t *buf = malloc(room);
	z_stream z = {0};

	ck_assert_ptr_nonnull(buf);
	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (uint8_t *)p;
	z.avail_in = (uInt)n;
	z.next_out = buf;
	z.avail_out = (uInt)room;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	*out = z.total_out;
	deflateEnd(&z);
	return buf;
}

void
scratch_digits(const char *dir, bool packed)
{
	static const char *const part[2][2] = {{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
	    {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}};
	uint8_t images[16 + 20 * 64] = {0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 8},
	    labels[8 + 20] = {0, 0, 8, 1, 0, 0, 0, 20};
	char name[256];

	ck_assert_int_eq(mkdir(dir, 0777), 0);
	for (int i = 0; i < 20; i++) {
		labels[8 + i] = (uint8_t)(i % 10);
		for (int k = 0; k < 64; k++)
			images[16 + 64 * i + k] = (uint8_t)(k % (i % 10 + 2) == 0 ? 250 : 3);
	}
	for (int i = 0; i < 4; i++) {
		const uint8_t *p = i % 2 == 0 ? images : labels;
		size_t n = i % 2 == 0 ? sizeof images : sizeof labels, m;
		uint8_t *z = scratch_gzip(p, n, &m);

		snprintf(name, sizeof name, "%s/%s%s", dir, part[i / 2][i % 2], packed ? ".gz" : "");
		scratch_write(name, packed ? z : p, packed ? m : n);
		free(z);
	}
}
