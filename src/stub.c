/* stub.c: stands in, weakly, for what other files of the tree are about to bring. Linked last. */
#include "data/image.h"
#include "figure.h"
#include "job.h"
#include "point.h"

#define WEAK __attribute__((weak))

WEAK const struct nn_optimizer_info *nn_optimizer_find(const char *name) { return NULL; }
WEAK struct nn_engine *nn_engine_new(int t, const char *k, struct nn_err *e) { nn_fail(e, "no engine yet"); return NULL; }
WEAK void nn_engine_free(struct nn_engine *eng) {}
WEAK int nn_engine_threads(const struct nn_engine *eng) { return 1; }
WEAK void nn_engine_set_stop(struct nn_engine *eng, bool (*stop)(void *arg), void *arg) {}
WEAK void nn_net_free(struct nn_net *net) {}
WEAK int nn_net_count(const struct nn_net *net) { return 0; }
WEAK const struct nn_layer *nn_net_layer(const struct nn_net *net, int i) { return NULL; }
WEAK void nn_cache_free(struct nn_cache *c) {}
WEAK struct nn_net *session_net(struct session *s, struct err *e) { fail(e, "no model yet"); return NULL; }
WEAK void image_free(struct image *i) {}
WEAK void snapshot_clear(struct session *s) {}
WEAK void job_end(struct session *s) {}
WEAK void job_wait(struct session *s) {}
WEAK void job_pump(struct session *s) {}
WEAK size_t nn_shape_size(struct nn_shape s) { return s.rank == 3 ? (size_t)s.dim[0] * s.dim[1] * s.dim[2] : (size_t)s.dim[0]; }
WEAK void nn_masks_free(struct nn_masks *m) {}
WEAK struct nn_masks *nn_masks_new(const struct nn_images *i, struct nn_engine *e) { return NULL; }
WEAK int nn_fail(struct nn_err *e, const char *fmt, ...) { return -1; }
WEAK int job_call(struct session *s, int (*fn)(struct session *s, void *arg, struct err *e), void *arg, struct err *e) { return fn(s, arg, e); }
WEAK int job_task(struct session *s, const char *command, const struct job_task *t, struct err *e)
{ int rc = t->work(s, t->arg, e); rc = t->done(s, t->arg, rc, e); t->release(t->arg); return rc; }
WEAK uint8_t *ui_png_read(FILE *in, int max, int *height, int *width, char *why, size_t whylen) { snprintf(why, whylen, "no pictures yet; take test:0"); return NULL; }
WEAK const struct job_view *job_view(const struct session *s) { return NULL; }
