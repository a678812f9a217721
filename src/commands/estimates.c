/* estimates.c: means with their errors as text and as JSON. */
#include "commands/estimates.h"

#include "util/num.h"

#include <math.h>
#include <stdio.h>

char *
estimate_text(char buf[ESTIMATE_TEXT], struct estimate x, bool sign, bool utf8)
{
	char mean[32], error[32];

	num_fixed(mean, x.mean, 4);
	if (x.n == 0)
		snprintf(buf, ESTIMATE_TEXT, "-");
	else if (isnan(x.error))
		snprintf(buf, ESTIMATE_TEXT, "%s%s", sign && x.mean >= 0 ? "+" : "", mean);
	else
		snprintf(buf, ESTIMATE_TEXT, "%s%s %s %s", sign && x.mean >= 0 ? "+" : "", mean, utf8 ? "±" : "+-",
		    num_fixed(error, x.error, 4));
	return buf;
}

json_t *
estimate_json(struct estimate x, const double *value, int n)
{
	json_t *o = out_pack("{s:o, s:o}", "mean", out_num(x.mean), "stderr", out_num(x.error)), *list = json_array();

	for (int i = 0; i < n && value != NULL; i++)
		json_array_append_new(list, out_num(value[i]));
	if (value != NULL)
		json_object_set_new(o, "values", list);
	else
		json_decref(list);
	return o;
}

json_t *
estimate_seeds(const struct compared *c)
{
	json_t *list = json_array();

	for (int i = 0; i < c->seeds; i++)
		json_array_append_new(list, json_integer((json_int_t)(c->seed + (uint64_t)i)));
	return list;
}
