/* named.c: layers by name, index, range, glob or group. */
#include "model/named.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int
layers_index(const struct nn_net *net, const char *name)
{
	int n = nn_net_count(net);
	char *end;
	long v;

	for (int i = 0; i < n; i++)
		if (strcmp(nn_net_layer(net, i)->name, name) == 0)
			return i;
	if (!isdigit((unsigned char)name[0]))
		return -1;
	v = strtol(name, &end, 10);
	return *end == '\0' && v < n ? (int)v : -1;
}

/* Names of groups, and the group that each means. The first three are thaw's own. */
static const char *const layers_groups[][2] = {{"features", "features"}, {"head", "head"}, {"all", "all"},
    {"feature_layers", "features"}, {"classifier", "head"}, {"classification_layers", "head"}};

#define NGROUPS ((int)(sizeof layers_groups / sizeof *layers_groups))

/* The group that a name means, also by its beginning, or NULL. (c and a may begin a layer's name, too.) */
static const char *
layers_group(const char *name, bool prefix)
{
	size_t len = strlen(name);

	for (int i = 0; i < NGROUPS; i++)
		if (strcmp(layers_groups[i][0], name) == 0)
			return layers_groups[i][1];
	for (int i = 0; prefix && i < NGROUPS; i++)
		if (len > (i < 2 ? 0 : 1) && strncmp(layers_groups[i][0], name, len) == 0)
			return layers_groups[i][1];
	return NULL;
}

/* The first of the names that begins so: a script needs it whole. */
static const char *
layers_begun(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (name[0] != '\0' && strncmp(names[i], name, strlen(name)) == 0)
			return names[i];
	return NULL;
}

static int
layers_unknown(const struct nn_net *net, const char *name, struct err *e)
{
	const char *names[NN_LAYERS_MAX + NGROUPS], *hit;
	struct str list = {0};
	int n = nn_net_count(net), k = 0;
	bool digits = name[0] != '\0' && strspn(name, "0123456789") == strlen(name);

	for (int i = 0; i < NGROUPS; i++)
		names[k++] = layers_groups[i][0];
	for (int i = 0; i < n; i++) {
		names[k++] = nn_net_layer(net, i)->name;
		str_add(&list, "%s%s", i > 0 ? " " : "", nn_net_layer(net, i)->name);
	}
	if (digits)
		fail(e, "no layer %.40s; the model has layers 0 to %d", name, n - 1);
	else if (name[0] == '\0')
		fail(e, "a layer's name is missing beside a comma or `..` (layers: %s; groups: features head all)",
		    list.s);
	else if ((hit = layers_begun(name, names, k)) != NULL || (hit = text_near(name, names, k)) != NULL)
		fail(e, "no layer matches \"%.40s\" - did you mean \"%s\"? (layers: %s; groups: features head all)",
		    name, hit, list.s);
	else
		fail(e, "no layer matches \"%.40s\" (layers: %s; groups: features head all)", name, list.s);
	free(list.s);
	return -1;
}

/* The layer at one end of a range. */
static int
layers_end(const struct nn_net *net, const char *name, struct err *e)
{
	int i = layers_index(net, name);

	if (i >= 0)
		return i;
	if (strpbrk(name, "*?") != NULL || layers_group(name, false) != NULL)
		return fail(e, "a range goes from one layer to another, and \"%.40s\" is more than one; write "
		    "conv2d..flatten, or commas between", name);
	return layers_unknown(net, name, e);
}

static int
layers_add(int *pair, int n, int first, int last)
{
	pair[2 * n] = first;
	pair[2 * n + 1] = last;
	return n + 1;
}

/* Parses one item between commas. Appends its ranges to pair and returns how many there are now, or -1. */
static int
layers_item(const struct model *m, bool prefix, char *item, int *pair, int n, int max, struct err *e)
{
	const struct nn_net *net = m->net;
	int count = nn_net_count(net), i, first, last, f = m->features;
	const char *group;
	char *dots;

	if (n >= max)
		return fail(e, "more than %d layers named; use a range A..B or a group", max);
	if ((group = layers_group(item, prefix && layers_index(net, item) < 0)) != NULL) {
		first = group[0] == 'h' ? f : 0;
		last = group[0] == 'f' ? f - 1 : count - 1;
		if (first > last)
			return fail(e, "the model has no layers in the group %s; `build` draws the line between "
			    "features and head with |", group);
		return layers_add(pair, n, first, last);
	}
	if ((dots = strstr(item, "..")) != NULL) {
		*dots = '\0';
		if ((first = layers_end(net, item, e)) < 0 || (last = layers_end(net, dots + 2, e)) < 0)
			return -1;
		if (first > last)
			return fail(e, "the range %.40s..%.40s runs backwards; put the layer nearer the input first",
			    item, dots + 2);
		return layers_add(pair, n, first, last);
	}
	if (strpbrk(item, "*?") != NULL) {
		first = n;
		for (i = 0; i < count; i++) {
			if (!text_match(item, nn_net_layer(net, i)->name))
				continue;
			if (n >= max)
				return fail(e, "more than %d layers named; use a range A..B or a group", max);
			n = layers_add(pair, n, i, i);
		}
		return n > first ? n : layers_unknown(net, item, e);
	}
	if ((i = layers_index(net, item)) < 0)
		return layers_unknown(net, item, e);
	return layers_add(pair, n, i, i);
}

int
layers_parse(const struct model *m, const char *text, bool prefix, int *pair, int max, struct err *e)
{
	char *copy, *end;
	int n = 0;

	if (text[0] == ',' && text[1] != ',' && text[1] != '\0') /* `conv2d ,dense`: the comma between two words */
		text++;
	copy = xstrdup(text);
	for (char *item = copy; n >= 0; item = end + 1) {
		if (item > copy && *item == '\0') /* `conv2d, dense` */
			break;
		end = strchr(item, ',');
		if (end != NULL)
			*end = '\0';
		n = layers_item(m, prefix, item, pair, n, max, e);
		if (end == NULL)
			break;
	}
	free(copy);
	return n;
}

bool
layers_activation(const struct nn_layer *l)
{
	const char *kind = nn_layer_kind_name(l);

	return strcmp(kind, "activation") == 0 || strcmp(kind, "leaky_re_lu") == 0;
}

char *
layers_whole(const struct model *m, const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *item;
	struct str whole = {0};

	while ((item = strsep(&rest, ",")) != NULL) {
		const char *group = layers_index(m->net, item) < 0 && layers_group(item, false) == NULL ?
		    layers_group(item, true) : NULL;

		str_add(&whole, "%s%s", group != NULL ? group : item, rest != NULL ? "," : "");
	}
	free(copy);
	return whole.s;
}
