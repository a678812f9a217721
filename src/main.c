/* main.c: options; workbench, line REPL or batch. The only file that sees everything. */
#include <stdio.h>

int
main(void)
{
	puts("thaw");
	return 0;
}
