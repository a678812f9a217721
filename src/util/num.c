/* num.c: numbers as the shortest text that reads back to the same value, and text as numbers. */
#include "util/num.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lays out digits d[n] times 10^(exp10 - n + 1) as Python's repr does: plain between 1e-4 and 1e16, else with an
 * exponent. */
static char *
num_layout(char buf[32], bool neg, const char *d, int n, int exp10)
{
	char *p = buf;
	int i;

	if (neg)
		*p++ = '-';
	if (exp10 < -4 || exp10 >= 16) {
		*p++ = d[0];
		if (n > 1) {
			*p++ = '.';
			memcpy(p, d + 1, n - 1);
			p += n - 1;
		}
		snprintf(p, 16, "e%c%02d", exp10 < 0 ? '-' : '+', abs(exp10) % 1000);
		return buf;
	}
	if (exp10 < 0) {
		*p++ = '0';
		*p++ = '.';
		for (i = -1; i > exp10; i--)
			*p++ = '0';
		memcpy(p, d, n);
		p[n] = '\0';
		return buf;
	}
	for (i = 0; i <= exp10; i++)
		*p++ = i < n ? d[i] : '0';
	*p++ = '.';
	if (i >= n)
		*p++ = '0';
	for (; i < n; i++)
		*p++ = d[i];
	*p = '\0';
	return buf;
}

static char *
num_shortest(char buf[32], double v, int max, bool is_float)
{
	char text[40], digits[24];
	int n = 0, exp10;
	const char *p;

	if (isnan(v))
		return strcpy(buf, "nan");
	if (isinf(v))
		return strcpy(buf, v < 0 ? "-inf" : "inf");
	if (v == 0)
		return strcpy(buf, signbit(v) ? "-0.0" : "0.0");
	for (int precision = 1; precision <= max; precision++) {
		snprintf(text, sizeof text, "%.*e", precision - 1, v);
		if (is_float ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v)
			break;
	}
	for (p = text; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	exp10 = atoi(p + 1);
	while (n > 1 && digits[n - 1] == '0')
		n--;
	return num_layout(buf, v < 0, digits, n, exp10);
}

char *
num_text(char buf[32], double v)
{
	return num_shortest(buf, v, 17, false);
}

char *
num_text_float(char buf[32], float v)
{
	return num_shortest(buf, v, 9, true);
}

char *
num_fixed(char buf[32], double v, int digits)
{
	if (!isfinite(v) || fabs(v) >= 1e15)
		return num_text(buf, v);
	snprintf(buf, 32, "%.*f", digits, (double)(float)v);
	if (buf[0] == '-' && buf[1 + strspn(buf + 1, "0.")] == '\0') /* what is rounded to zero has no sign */
		memmove(buf, buf + 1, strlen(buf));
	return buf;
}

static bool
num_begins(const char *text)
{
	return isdigit((unsigned char)text[0]) || (text[0] != '\0' && strchr("+-.", text[0]) != NULL);
}

enum num_read
num_read_int(const char *text, int64_t *v)
{
	char *end;

	*v = 0;
	if (!num_begins(text))
		return NUM_NONE;
	errno = 0;
	*v = strtoll(text, &end, 10);
	if (end == text || *end != '\0')
		return NUM_NONE;
	return errno == ERANGE ? NUM_RANGE : NUM_OK;
}

enum num_read
num_read_real(const char *text, double *v)
{
	char *end;

	*v = 0;
	if (!num_begins(text) || strpbrk(text, "xXnN") != NULL)
		return NUM_NONE;
	*v = strtod(text, &end);
	return end == text || *end != '\0' || !isfinite(*v) ? NUM_NONE : NUM_OK;
}
