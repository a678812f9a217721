/* alone.c: libnn links whole with nothing of ui or src; the linker is the test. The run shows that what came out works. */
#include "nn/nn.h"

#include <string.h>

int
main(void)
{
	struct nn_err err = {""};

	return nn_fail(&err, "%d", 7) == -1 && strcmp(err.text, "7") == 0 ? 0 : 1;
}
