/* coverage.h: included before each file of a build that counts branches: what ends a process past exit() leaves its counts, too.
 *
 * It includes nothing, since a file may have names of its own that a header of the system has.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

void __gcov_dump(void);
void __gcov_reset(void);
void coverage_libc_exit(int status) __asm__("_exit") __attribute__((noreturn));
int coverage_libc_raise(int sig) __asm__("raise");
void coverage_exit(int status) __attribute__((noreturn));
int coverage_raise(int sig);
void faults_over(void) __attribute__((weak)); /* tests/faults/faults.c, where it is loaded: the counts are written whole */

int atexit(void (*end)(void));
__attribute__((weak)) int coverage_begun;

/* What a process counts is written by destructors, behind all that the program has at its exit. */
static void __attribute__((constructor))
coverage_begins(void)
{
	if (faults_over && !coverage_begun++)
		atexit(faults_over);
}

__attribute__((weak)) void
coverage_exit(int status)
{
	if (faults_over)
		faults_over();
	__gcov_dump();
	coverage_libc_exit(status);
}

__attribute__((weak)) int
coverage_raise(int sig)
{
	if (faults_over)
		faults_over();
	__gcov_dump();
	__gcov_reset(); /* what is counted from here on is written again */
	return coverage_libc_raise(sig);
}

#define _exit coverage_exit
#define raise coverage_raise

#endif
