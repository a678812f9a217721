/* protobuf.h: the wire format of protocol buffers: fields of varints, of four or eight bytes, and of so many bytes,
 * which hold text, numbers or another message.
 *
 * It is a format of a page. A library would parse a whole file of weights into copies of its own before anybody could
 * look at its sizes; here a message is a range of bytes that is looked at in place.
 */
#ifndef PROTOBUF_H
#define PROTOBUF_H

#include "util/text.h"

#include <stdint.h>

/* ---- writing ---- */

void pb_put_int(struct str *b, int field, uint64_t v);
void pb_put_float(struct str *b, int field, float v);
void pb_put_bytes(struct str *b, int field, const void *p, size_t n);
void pb_put_text(struct str *b, int field, const char *s);
void pb_put_message(struct str *b, int field, struct str *message); /* which is empty afterwards */
void pb_put_head(struct str *b, int field, uint64_t n); /* of n bytes, which the caller writes behind it */

/* ---- reading ---- */

/* A message that is read, from its first byte to its last; bad: what follows is none. */
struct pb {
	const uint8_t *p, *end;
	bool bad;
};

enum pb_wire { PB_VARINT = 0, PB_EIGHT = 1, PB_BYTES = 2, PB_FOUR = 5 };

struct pb_field {
	uint32_t number;
	enum pb_wire wire;
	uint64_t value; /* of a varint, of four or eight bytes */
	struct pb in; /* of PB_BYTES: within the message */
};

/* The next field; false behind the last one, or where the message is bad. */
bool pb_next(struct pb *m, struct pb_field *f);
/* The next varint of a packed field; false as above. */
bool pb_varint(struct pb *m, uint64_t *v);
size_t pb_left(const struct pb *m); /* bytes */
bool pb_is(const struct pb *bytes, const char *text); /* whether the bytes are this text */
char *pb_text(const struct pb *bytes); /* up to a NUL, cleaned; the caller's */

#endif
