/* zip_write.c: writes ZIP archives of stored members, the same bytes each time. */
#include "util/zip_write.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define DATE 0x0021 /* 1 January 1980, the first that the format has */

struct zip_written {
	char *name;
	uint32_t at, size, crc;
};

static void
put(uint8_t **p, uint32_t v, int n)
{
	for (int i = 0; i < n; i++)
		*(*p)++ = (uint8_t)(v >> (8 * i));
}

/* What a member's header and its entry in the directory share: version to lengths. */
static void
put_common(uint8_t **p, const struct zip_written *m)
{
	put(p, 20, 2); /* version needed */
	put(p, 1 << 11, 2); /* names are UTF-8 */
	put(p, 0, 2); /* stored */
	put(p, 0, 2);
	put(p, DATE, 2);
	put(p, m->crc, 4);
	put(p, m->size, 4);
	put(p, m->size, 4);
	put(p, (uint32_t)strlen(m->name), 2);
	put(p, 0, 2);
}

static int
too_large(struct err *e)
{
	return fail(e, "a ZIP archive of more than 4 GB; `save FILE.safetensors` has room for it");
}

static uint32_t
sum_of(uLong sum, struct zip_part a)
{
	for (size_t i = 0; i < a.n; i += 1u << 30)
		sum = crc32(sum, (const uint8_t *)a.p + i, (uInt)(a.n - i < 1u << 30 ? a.n - i : 1u << 30));
	return (uint32_t)sum;
}

int
zip_write(struct zip_writer *z, const char *name, struct zip_part a, struct zip_part b, struct err *e)
{
	struct zip_written m = {.at = (uint32_t)z->at, .size = (uint32_t)(a.n + b.n)};
	uint8_t head[30], *p = head;

	if (z->at + a.n + b.n + 1000000 > UINT32_MAX)
		return too_large(e);
	m.name = xstrdup(name);
	m.crc = sum_of(sum_of(crc32(0, NULL, 0), a), b);
	put(&p, 0x04034b50, 4);
	put_common(&p, &m);
	fwrite(head, 1, sizeof head, z->f);
	fputs(name, z->f);
	fwrite(a.p, 1, a.n, z->f);
	fwrite(b.p, 1, b.n, z->f);
	z->at += sizeof head + strlen(name) + a.n + b.n;
	z->member = xrealloc(z->member, z->n + 1, sizeof *z->member);
	z->member[z->n++] = m;
	return 0;
}

int
zip_write_end(struct zip_writer *z, struct err *e)
{
	uint64_t at = z->at;
	uint8_t head[46], *p;

	for (size_t i = 0; i < z->n; i++) {
		const struct zip_written *m = &z->member[i];

		p = head;
		put(&p, 0x02014b50, 4);
		put(&p, 20, 2); /* made by */
		put_common(&p, m);
		put(&p, 0, 4); /* no comment, the first disk */
		put(&p, 0, 2); /* a file of bytes */
		put(&p, 0, 4);
		put(&p, m->at, 4);
		fwrite(head, 1, sizeof head, z->f);
		fputs(m->name, z->f);
		z->at += sizeof head + strlen(m->name);
		free(m->name);
	}
	p = head;
	put(&p, 0x06054b50, 4);
	put(&p, 0, 4);
	put(&p, (uint32_t)z->n, 2);
	put(&p, (uint32_t)z->n, 2);
	put(&p, (uint32_t)(z->at - at), 4);
	put(&p, (uint32_t)at, 4);
	put(&p, 0, 2);
	fwrite(head, 1, 22, z->f);
	free(z->member);
	*z = (struct zip_writer){.f = z->f};
	return z->at > UINT32_MAX ? too_large(e) : 0;
}
