/* probe_view.h: what the last probe has found as means to draw. */
#ifndef PROBE_VIEW_H
#define PROBE_VIEW_H

#include "session/session.h"
#include "ui/model.h"

/* Fills a cleared one: a row a layer, with the linear reader first and the neighbours beside it. There was a probe. */
void probe_view(const struct session *s, struct ui_estimates *out);

#endif
