/* wait.h: waiting for the job, and what it leaves to be said. */
#ifndef WAIT_H
#define WAIT_H

#include "session/session.h"

void wait_pump(struct session *s); /* takes the job's events; says how it failed, and what its end dropped */
void wait_job(struct session *s); /* until the job is over; a signal stops it */
void wait_end_job(struct session *s); /* stops it and waits */

#endif
