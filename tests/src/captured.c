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
