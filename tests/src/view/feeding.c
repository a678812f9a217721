/* feeding.c: a session of a small net and its feed. */
#include "tests/src/view/feeding.h"

#define SMALL "timing off; build \"conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, " \
	"dropout .5, dense 5, softmax\""

struct capture C;
struct feed *F;
struct ui_model M;
double now, drag;

static double
clock_of_test(void)
{
	return now += drag;
}

void
feeding_begins(void)
{
	now = 100;
	drag = 0;
	capture_open(&C);
	ck_assert_int_eq(capture_run(&C, SMALL), 0);
	F = feed_new(C.s, clock_of_test);
	M = (struct ui_model){0};
}

void
feeding_ends(void)
{
	feed_free(F);
	capture_close(&C);
	ui_model_clear(&M);
}

int
after(const char *line)
{
	if (line != NULL)
		ck_assert_msg(capture_run(&C, line) == 0, "%s: %s", line, C.errors);
	now += 10;
	feed_touch(F);
	return feed_update(F, &M);
}
