/* protobuf.c: the wire format of protocol buffers. A field is a varint of its number and the form of what follows. */
#include "util/protobuf.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define VARINT_MAX 10 /* bytes of 64 bits */

/* ---- writing ---- */

static void
put_varint(struct str *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		str_addc(b, (char)(v | 0x80));
	str_addc(b, (char)v);
}

static void
put_tag(struct str *b, int field, enum pb_wire wire)
{
	put_varint(b, (uint64_t)field << 3 | wire);
}

void
pb_put_int(struct str *b, int field, uint64_t v)
{
	put_tag(b, field, PB_VARINT);
	put_varint(b, v);
}

void
pb_put_float(struct str *b, int field, float v)
{
	uint32_t u;

	memcpy(&u, &v, sizeof u);
	put_tag(b, field, PB_FOUR);
	for (int i = 0; i < 4; i++)
		str_addc(b, (char)(u >> (8 * i)));
}

void
pb_put_head(struct str *b, int field, uint64_t n)
{
	put_tag(b, field, PB_BYTES);
	put_varint(b, n);
}

void
pb_put_bytes(struct str *b, int field, const void *p, size_t n)
{
	pb_put_head(b, field, n);
	if (n > 0)
		str_addn(b, p, n);
}

void
pb_put_text(struct str *b, int field, const char *s)
{
	pb_put_bytes(b, field, s, strlen(s));
}

void
pb_put_message(struct str *b, int field, struct str *message)
{
	pb_put_bytes(b, field, message->s, message->n);
	free(message->s);
	*message = (struct str){0};
}

/* ---- reading ---- */

size_t
pb_left(const struct pb *m)
{
	return (size_t)(m->end - m->p);
}

bool
pb_varint(struct pb *m, uint64_t *v)
{
	*v = 0;
	if (m->bad || m->p == m->end)
		return false;
	for (int i = 0; i < VARINT_MAX && m->p < m->end; i++) {
		uint8_t byte = *m->p++;

		if (i == VARINT_MAX - 1 && byte > 1)
			break;
		*v |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80)
			return true;
	}
	m->bad = true;
	return false;
}

/* Four or eight bytes, the lowest first. */
static bool
fixed(struct pb *m, int n, uint64_t *v)
{
	if (pb_left(m) < (size_t)n)
		return false;
	*v = 0;
	for (int i = 0; i < n; i++)
		*v |= (uint64_t)*m->p++ << (8 * i);
	return true;
}

bool
pb_next(struct pb *m, struct pb_field *f)
{
	uint64_t tag, n;
	bool well = false;

	*f = (struct pb_field){0};
	if (!pb_varint(m, &tag))
		return false;
	f->number = (uint32_t)(tag >> 3);
	f->wire = (enum pb_wire)(tag & 7);
	if (f->number == 0 || tag >> 3 > UINT32_MAX)
		well = false;
	else if (f->wire == PB_VARINT)
		well = pb_varint(m, &f->value);
	else if (f->wire == PB_EIGHT || f->wire == PB_FOUR)
		well = fixed(m, f->wire == PB_EIGHT ? 8 : 4, &f->value);
	else if (f->wire == PB_BYTES && pb_varint(m, &n) && n <= pb_left(m)) {
		f->in = (struct pb){m->p, m->p + n, false};
		m->p += n;
		well = true;
	}
	m->bad = !well;
	return well;
}

bool
pb_is(const struct pb *bytes, const char *text)
{
	size_t n = strlen(text);

	return pb_left(bytes) == n && (n == 0 || memcmp(bytes->p, text, n) == 0);
}

char *
pb_text(const struct pb *bytes)
{
	char *s = pb_left(bytes) > 0 ? xstrndup((const char *)bytes->p, pb_left(bytes)) : xstrdup("");

	text_clean(s);
	return s;
}
