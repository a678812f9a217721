/* captured.c: a session whose output is kept, in a folder that goes with it. */
#include "tests/src/captured.h"
#include "tests/run.h"

struct capture C;

void
captured_setup(void)
{
	scratch_setup();
	capture_open(&C);
}

void
captured_small(void)
{
	captured_setup();
	scratch_digits("small", false);
	captured_ok("timing off; set threads 2; set kernels base; data small; build \"conv2d 2 3, relu, max_pooling2d 4, dropout "
	    ".25, flatten | dense 4, relu, dense 10, softmax\"");
}

void
captured_teardown(void)
{
	capture_close(&C);
	scratch_teardown();
}

void
captured_ok(const char *line)
{
	ck_assert_msg(capture_run(&C, line) == 0, "%s: %s", line, C.errors);
}

void
captured_refused(const char *line, const char *says)
{
	ck_assert_msg(capture_run(&C, line) == 1, "%s is not refused: %s", line, C.text);
	ck_has(C.errors, says);
	ck_assert_ptr_eq(strchr(C.errors, '\n'), C.errors + strlen(C.errors) - 1);
}

void
captured_lines(const struct captured_line *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int status = capture_run(&C, l[i].line);

		ck_assert_msg(status == l[i].status, "%s: status %d: %s%s", l[i].line, status, C.text, C.errors);
		if (l[i].says == NULL)
			ck_assert_msg(*C.text == '\0' && *C.errors == '\0', "%s: says %s%s", l[i].line, C.text, C.errors);
		else
			ck_assert_msg(strstr(C.text, l[i].says) != NULL || strstr(C.errors, l[i].says) != NULL,
			    "%s: \"%s\" is not in %s%s", l[i].line, l[i].says, C.text, C.errors);
	}
}
