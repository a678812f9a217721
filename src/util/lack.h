/* lack.h: the way out of a lack of memory, threads or processes, as the end of a sentence: a limit of the process
 * (ulimit) is named where there is one, since nobody else takes what it keeps back.
 */
#ifndef LACK_H
#define LACK_H

const char *lack_memory_way(void);
const char *lack_thread_way(void); /* of threads and processes */

#endif
