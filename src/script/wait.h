/* wait.h: waits for the job, and says how it ended. */
#ifndef WAIT_H
#define WAIT_H

#include "session/session.h"

void wait_pump(struct session *s); /* takes the job's events; at its end, says how it failed and what was dropped */
void wait_job(struct session *s); /* waits until the job is over; a signal stops it */
void wait_end_job(struct session *s); /* stops the job and waits until it is over */

#endif
