/* spark.c: a histogram as a line of text. */
#include "view/spark.h"

#include <string.h>

static const char *const spark_blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const spark_ascii[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};

#define LEVELS 8

char *
spark_text(char buf[3 * SPARK_MAX + 1], const uint64_t *count, int n, int merge, enum ui_glyphs glyphs)
{
	const char *const *level = glyphs == UI_ASCII ? spark_ascii : spark_blocks;
	uint64_t sum[SPARK_MAX] = {0}, top = 0;
	char *p = buf;

	*p = '\0';
	for (int i = 0; i < n; i++) {
		sum[i / merge] += count[i];
		top = sum[i / merge] > top ? sum[i / merge] : top;
	}
	for (int i = 0; i < (n + merge - 1) / merge; i++) {
		double share = top > 0 ? (double)sum[i] / (double)top : 0;
		int at = (int)(share * LEVELS + 0.5);

		p = stpcpy(p, level[at == 0 && sum[i] > 0 ? 1 : at]);
	}
	return buf;
}
