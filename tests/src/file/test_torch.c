/* test_torch.c: weights as PyTorch has them: each value in its place, whatever its strides, by name and in order; and files that
 * are cut off, hostile, or of another model. The files are made here, so that their values are known.
 */
#include "file/tensors.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "util/zip_write.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "timing off; data small; build \"conv2d 2 3, relu, max_pooling2d 2, flatten | dense 4, relu, dense 10, softmax\"; "

/* ---- files ---- */

struct tensor {
	const char *name;
	int rank, dim[4], stride[4]; /* a stride of 0: that of values one behind the other; ZERO: 0 */
	int offset;
	const char *storage, *type; /* "0", "Float" */
	int values; /* of the storage, as the pickle says; 0: as many as the tensor; -1: and the archive has none of them */
};

enum { ZERO = -9 };

static void
put_text(struct str *b, const char *s)
{
	uint32_t n = (uint32_t)strlen(s);

	str_addc(b, 'X');
	for (int i = 0; i < 4; i++)
		str_addc(b, (char)(n >> 8 * i));
	str_addn(b, s, n);
}

static void
put_number(struct str *b, int v)
{
	str_addc(b, 'J');
	for (int i = 0; i < 4; i++)
		str_addc(b, (char)((unsigned)v >> 8 * i));
}

static int
size_of(const struct tensor *t)
{
	int n = 1;

	for (int i = 0; i < t->rank; i++)
		n *= t->dim[i];
	return n;
}

static void
put_tensor(struct str *b, const struct tensor *t)
{
	unsigned step = 1;
	int stride[4];

	for (int i = t->rank - 1; i >= 0; step *= (unsigned)t->dim[i--])
		stride[i] = t->stride[i] == ZERO ? 0 : t->stride[i] != 0 ? t->stride[i] : (int)step;
	put_text(b, t->name);
	str_add(b, "ctorch._utils\n_rebuild_tensor_v2\n((");
	put_text(b, "storage");
	str_add(b, "ctorch\n%sStorage\n", t->type != NULL ? t->type : "Float");
	put_text(b, t->storage);
	put_text(b, "cpu");
	put_number(b, t->values > 0 ? t->values : size_of(t));
	str_add(b, "tQ");
	put_number(b, t->offset);
	for (int k = 0; k < 2; k++) {
		str_addc(b, '(');
		for (int i = 0; i < t->rank; i++)
			put_number(b, k == 0 ? t->dim[i] : stride[i]);
		str_addc(b, 't');
	}
	str_add(b, "\x89" "ccollections\nOrderedDict\n)RtR");
}

static void
put_member(struct zip_writer *z, const char *name, const void *p, size_t n)
{
	struct err e = {0};

	ck_assert_int_eq(zip_write(z, name, (struct zip_part){p, n}, (struct zip_part){"", 0}, &e), 0);
}

/* A number as a storage of this type has it; a bfloat16 is the upper half of a float. */
static void
put_value(uint8_t *p, const char *type, int number)
{
	double d = number;
	float f = (float)number;
	uint64_t u = (uint64_t)number;
	uint32_t bits;

	memcpy(&bits, &f, sizeof bits);
	if (type == NULL)
		memcpy(p, &f, sizeof f);
	else if (strcmp(type, "Double") == 0)
		memcpy(p, &d, sizeof d);
	else if (strcmp(type, "BFloat16") == 0)
		memcpy(p, (const uint16_t[]){(uint16_t)(bits >> 16)}, 2);
	else if (strcmp(type, "Half") == 0) /* of whole numbers to 2048 */
		memcpy(p, (const uint16_t[]){number == 0 ? 0 : (uint16_t)(((bits >> 23) - 112) << 10 | (bits >> 13 & 1023))}, 2);
	else
		memcpy(p, &u, sizeof u);
}

/* Value i of storage k is 1000 k + i. also: what is in the archive beside it, a name and a content in turns; NULL ends them. */
static void
write_pt(const char *path, const struct tensor *t, int n, const char *const *also)
{
	struct str b = {0};
	FILE *f = fopen(path, "w");
	struct zip_writer z = {.f = f};
	struct err e = {0};
	char name[64];

	ck_assert_ptr_nonnull(f);
	str_add(&b, "\x80\2ccollections\nOrderedDict\n)R(");
	for (int i = 0; i < n; i++)
		put_tensor(&b, &t[i]);
	str_add(&b, "u.");
	put_member(&z, "net/data.pkl", b.s, b.n);
	put_member(&z, "net/byteorder", "little", 6);
	for (int k = 0; k < n; k++) {
		int values = t[k].values > 0 ? t[k].values : size_of(&t[k]);
		size_t size = t[k].type == NULL ? 4 : strcmp(t[k].type, "Half") == 0 || strcmp(t[k].type, "BFloat16") == 0 ? 2 : 8;
		uint8_t *v = xcalloc((size_t)values, size);

		for (int i = 0; i < values; i++)
			put_value(v + (size_t)i * size, t[k].type, 1000 * atoi(t[k].storage) + i);
		snprintf(name, sizeof name, "net/data/%s", t[k].storage);
		if (t[k].values >= 0 && (k == 0 || strcmp(t[k].storage, t[k - 1].storage) != 0))
			put_member(&z, name, v, (size_t)values * size);
		free(v);
	}
	for (; also != NULL && *also != NULL; also += 2)
		put_member(&z, also[0], also[1], strlen(also[1]));
	ck_assert_int_eq(zip_write_end(&z, &e), 0);
	fclose(f);
	free(b.s);
}

/* Of MODEL, under names that the model has, or that another gave. */
static const struct tensor named[] = {{"conv2d.weight", 4, {2, 1, 3, 3}, {0}, 0, "0", NULL, 0}, {"conv2d.bias", 1, {2}, {0}, 0, "1", NULL, 0},
    {"dense.weight", 2, {4, 18}, {0}, 0, "2", NULL, 0}, {"dense.bias", 1, {4}, {0}, 0, "3", NULL, 0},
    {"dense_1.weight", 2, {10, 4}, {0}, 0, "4", NULL, 0}, {"dense_1.bias", 1, {10}, {0}, 0, "5", NULL, 0}};

static struct tensor other[6], changed[7];

static void
setup(void)
{
	static const char *const name[] = {"features.0.weight", "features.0.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"};

	captured_setup();
	scratch_digits("small", false);
	memcpy(other, named, sizeof named);
	memcpy(changed, named, sizeof named);
	for (int i = 0; i < 6; i++)
		other[i].name = name[i];
}

static void
refused(const char *line, const char *says)
{
	char *before = xasprintf("%s", C.s->model.build != NULL ? C.s->model.build : "");

	ck_assert_msg(capture_run(&C, line) == 1, "%s is not refused: %s", line, C.text);
	ck_has(C.errors, says);
	ck_assert_msg(strchr(C.errors, ';') != NULL, "no way out: %s", C.errors);
	ck_assert_str_eq(C.s->model.build, before);
	free(before);
}

/* Value k of a tensor of the net. */
static float
value(const char *name, int k)
{
	struct nn_net *net = capture_net(&C);

	for (int i = 0; i < nn_net_count(net); i++)
		for (int j = 0; j < nn_net_layer(net, i)->ntensors; j++)
			if (strcmp(nn_net_layer(net, i)->tensor[j].name, name) == 0)
				return nn_net_weights(net)[nn_net_layer(net, i)->tensor[j].offset + (size_t)k];
	ck_abort_msg("no tensor %s", name);
	return 0;
}

/* All of MODEL where they belong: behind a flatten PyTorch counts channel by channel, and here it is pixel by pixel. */
static void
in_place(void)
{
	for (int pixel = 0; pixel < 9; pixel++)
		for (int out = 0; out < 2; out++)
			ck_assert_float_eq(value("conv2d.kernel", pixel * 2 + out), (float)(out * 9 + pixel));
	for (int pixel = 0; pixel < 9; pixel++)
		for (int channel = 0; channel < 2; channel++)
			for (int unit = 0; unit < 4; unit++)
				ck_assert_float_eq(value("dense.kernel", (pixel * 2 + channel) * 4 + unit),
				    (float)(2000 + unit * 18 + channel * 9 + pixel));
	for (int row = 0; row < 4; row++)
		for (int unit = 0; unit < 10; unit++)
			ck_assert_float_eq(value("dense_1.kernel", row * 10 + unit), (float)(4000 + unit * 4 + row));
	ck_assert(value("conv2d.bias", 1) == 1001 && value("dense.bias", 3) == 3003 && value("dense_1.bias", 9) == 5009);
}

/* ---- where each value belongs ---- */

START_TEST(torch__load__puts_each_value_where_it_belongs)
{
	captured_ok(MODEL);
	write_pt("a.pt", named, 6, NULL);
	captured_ok("load a.pt");
	in_place();
	ck_lacks(C.text, "other names");
	write_pt("b.pth", other, 6, NULL);
	captured_ok("reset seed=2; load b.pth");
	in_place();
	ck_has(C.text, "the file has other names than the model, so its weights were taken in their order");
	captured_ok("save t.safetensors layout=torch; reset seed=2; load t.safetensors"); /* the same layout, there and back */
	in_place();
	captured_ok("save u.safetensors layout=torch only=head; reset seed=2; load u.safetensors only=head");
	ck_assert_float_eq(value("dense_1.kernel", 11), 4000 + 4 + 1);
	refused("load u.safetensors", "conv2d.kernel is not in the file");
	refused("save v.safetensors layout=torch only=activation,flatten", "there are no weights to save in these layers");
}
END_TEST

/* Tensors of the same values as write_pt's, in the order of their names, which is that of such files. */
static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tensor_source *)a)->name, ((const struct tensor_source *)b)->name);
}

static void
write_sorted(const char *path, const struct tensor *t, int n)
{
	struct tensor_source x[32];
	float *v[32];
	FILE *f = fopen(path, "w");

	ck_assert(f != NULL && n <= 32);
	for (int k = 0; k < n; k++) {
		v[k] = xcalloc((size_t)size_of(&t[k]), sizeof **v);
		for (int i = 0; i < size_of(&t[k]); i++)
			v[k][i] = (float)(1000 * atoi(t[k].storage) + i);
		x[k] = (struct tensor_source){.rank = t[k].rank, .data = v[k]};
		snprintf(x[k].name, sizeof x[k].name, "%s", t[k].name);
		memcpy(x[k].dim, t[k].dim, sizeof x[k].dim);
	}
	qsort(x, (size_t)n, sizeof *x, by_name);
	ck_assert_int_eq(tensors_write(f, NULL, x, (size_t)n), 0);
	fclose(f);
	for (int k = 0; k < n; k++)
		free(v[k]);
}

START_TEST(torch__load__by_shapes_what_has_lost_its_order)
{
	static const char *const name[] = {"z.weight", "z.bias", "out.0.weight", "out.0.bias", "a.weight", "a.bias"};

	captured_ok(MODEL);
	write_sorted("a.safetensors", named, 6);
	captured_ok("load a.safetensors");
	in_place();
	ck_lacks(C.text, "other names");
	write_sorted("b.safetensors", other, 6);
	captured_ok("reset seed=2; load b.safetensors");
	in_place();
	ck_has(C.text, "by their shapes: conv2d from features.0, dense from fc1, dense_1 from fc2");
	for (int i = 0; i < 6; i++)
		other[i].name = name[i];
	write_sorted("c.safetensors", other, 6);
	captured_ok("reset seed=2; load c.safetensors");
	in_place();
	ck_has(C.text, "conv2d from z, dense from out.0, dense_1 from a");
	/* a part of it, and a model that it is not of */
	captured_ok("build \"conv2d 2 3, relu, max_pooling2d 2, flatten | dense 4, relu, dense 9, softmax\"; "
	    "load c.safetensors only=all");
	ck_assert_float_eq(value("conv2d.kernel", 2), 1);
	ck_has(C.text, "conv2d from z, dense from out.0");
	ck_lacks(C.text, "dense_1 from");
	refused("load c.safetensors", "dense_1.kernel is not in the file");
	captured_ok("build \"conv2d 3 3, flatten | dense 5, softmax\"");
	refused("load c.safetensors", "its modules (a, out.0, z) have neither the names nor the shapes");
	refused("load c.safetensors only=features", "`build` the model that the file is of");
}
END_TEST

/* Eleven layers of one shape: a file has 10 in front of 2. */
START_TEST(torch__load__by_numbers_what_has_one_shape)
{
	static char name[24][24], storage[24][4];
	static struct tensor t[24];
	struct str build = {0};

	str_add(&build, "timing off; data small; build \"flatten | dense 2");
	for (int i = 0; i < 24; i++) {
		snprintf(name[i], sizeof *name, "net.%d.%s", i / 2 * 2, i % 2 == 0 ? "weight" : "bias");
		snprintf(storage[i], sizeof *storage, "%d", i);
		t[i] = (struct tensor){name[i], i % 2 == 0 ? 2 : 1, {i == 22 || i == 23 ? 10 : 2, i == 0 ? 64 : 2}, {0}, 0, storage[i],
		    NULL, 0};
	}
	for (int i = 1; i < 11; i++)
		str_add(&build, ", dense 2");
	str_add(&build, ", dense 10, softmax\"");
	captured_ok(build.s);
	write_sorted("a.safetensors", t, 24);
	captured_ok("load a.safetensors");
	ck_has(C.text, "dense from net.0, dense_1 from net.2, dense_2 from net.4");
	ck_has(C.text, " and 4 more");
	ck_assert_float_eq(value("dense_1.bias", 1), 3001);
	ck_assert_float_eq(value("dense_5.bias", 1), 11001);
	ck_assert_float_eq(value("dense_10.bias", 1), 21001);
	write_pt("a.pt", t, 24, NULL);
	captured_ok("snapshot a; reset seed=2; load a.pt; assert delta(@a, all) == 0");
	/* a name that no number tells from the others, one too many, and one too few */
	snprintf(name[6], sizeof *name, "mid.weight");
	snprintf(name[7], sizeof *name, "mid.bias");
	write_sorted("a.safetensors", t, 24);
	refused("load a.safetensors", "neither names nor shapes tell which of its modules (mid, net.2, net.4, net.8, net.10, net.12, "
	    "net.14, net.16 and 2 more) belongs to which layer (dense_1, dense_2, dense_3, ");
	captured_ok("build \"flatten | dense 2, dense 2, dense 10, softmax\"");
	refused("load a.safetensors", "belongs to which layer (dense_1); give them the names of the layers");
	free(build.s);
}
END_TEST

START_TEST(torch__load__strides_and_offsets)
{
	struct tensor x[] = {named[0], named[1], named[2], named[3], named[4], named[5]};

	captured_ok(MODEL);
	/* a matrix that was turned, behind others in its storage */
	x[2] = (struct tensor){"dense.weight", 2, {4, 18}, {1, 4}, 3000, "2", NULL, 3072};
	/* every fifth value */
	x[1] = (struct tensor){"conv2d.bias", 1, {2}, {5}, 7, "1", NULL, 20};
	x[3] = (struct tensor){"dense.bias", 1, {4}, {0}, 2000, "3", NULL, 2004}; /* values one behind the other, far down */
	write_pt("a.pt", x, 6, NULL);
	captured_ok("load a.pt");
	ck_assert_float_eq(value("dense.kernel", (5 * 2 + 1) * 4 + 3), (float)(2000 + 3000 + (9 + 5) * 4 + 3));
	ck_assert(value("conv2d.bias", 0) == 1007 && value("conv2d.bias", 1) == 1012);
	ck_assert(value("dense.bias", 0) == 5000 && value("dense.bias", 3) == 5003);
}
END_TEST

START_TEST(torch__load__doubles_and_halves)
{
	struct tensor x[] = {named[0], named[1], named[2], named[3], named[4], named[5]};

	captured_ok(MODEL);
	for (int i = 0; i < 6; i++)
		x[i].type = "Double";
	write_pt("a.pt", x, 6, NULL);
	captured_ok("load a.pt");
	in_place();
	ck_has(C.text, "weights, converted from float64");
	x[2] = (struct tensor){"dense.weight", 2, {4, 18}, {1, 4}, 3000, "2", "Double", 3072}; /* turned, behind others */
	x[1] = (struct tensor){"conv2d.bias", 1, {2}, {5}, 7, "1", "Half", 20};
	x[0].type = "BFloat16"; /* of 0 to 17 */
	write_pt("a.pt", x, 6, NULL);
	captured_ok("reset seed=2; load a.pt");
	ck_has(C.text, "weights, converted from float64 and float16 and bfloat16");
	ck_assert_float_eq(value("dense.kernel", (5 * 2 + 1) * 4 + 3), (float)(2000 + 3000 + (9 + 5) * 4 + 3));
	ck_assert(value("conv2d.bias", 0) == 1007 && value("conv2d.bias", 1) == 1012);
	ck_assert_float_eq(value("conv2d.kernel", 8 * 2 + 1), 17);
	x[1].values = 19;
	x[1].storage = "0"; /* which has 18 */
	write_pt("a.pt", x, 6, NULL);
	refused("load a.pt", "the storage of \"conv2d.bias\" has 36 bytes, but data.pkl says 19 floats");
}
END_TEST

/* Means and variances have names of their own; what only counts batches is passed over. */
START_TEST(torch__load__normalization_behind_a_flatten)
{
	static const struct tensor x[] = {{"0.weight", 4, {2, 1, 7, 7}, {0}, 0, "0", NULL, 0}, {"0.bias", 1, {2}, {0}, 0, "1", NULL, 0},
	    {"3.weight", 1, {8}, {0}, 0, "2", NULL, 0}, {"3.bias", 1, {8}, {0}, 0, "3", NULL, 0},
	    {"3.running_mean", 1, {8}, {0}, 0, "4", NULL, 0}, {"3.running_var", 1, {8}, {0}, 0, "5", NULL, 0},
	    {"3.num_batches_tracked", 0, {0}, {0}, 0, "6", "Long", 0}, {"4.weight", 2, {10, 8}, {0}, 0, "7", NULL, 0},
	    {"4.bias", 1, {10}, {0}, 0, "8", NULL, 0}};

	captured_ok("timing off; data small; build \"conv2d 2 7, flatten, batch_normalization | dense 10, softmax\"");
	write_pt("a.pt", x, 9, NULL);
	captured_ok("load a.pt");
	for (int pixel = 0; pixel < 4; pixel++)
		for (int channel = 0; channel < 2; channel++) {
			int here = pixel * 2 + channel, there = channel * 4 + pixel;

			ck_assert_float_eq(value("batch_normalization.gamma", here), (float)(2000 + there));
			ck_assert_float_eq(value("batch_normalization.beta", here), (float)(3000 + there));
			ck_assert_float_eq(value("batch_normalization.moving_mean", here), (float)(4000 + there));
			ck_assert_float_eq(value("batch_normalization.moving_variance", here), (float)(5000 + there));
			ck_assert_float_eq(value("dense.kernel", here * 10 + 7), (float)(7000 + 7 * 8 + there));
		}
}
END_TEST

/* What stands between a flatten and a dense layer changes no order, and a bias has as many values as there are inputs. */
START_TEST(torch__load__dropout_behind_a_flatten)
{
	static const struct tensor x[] = {{"conv2d.weight", 4, {2, 1, 7, 7}, {0}, 0, "0", NULL, 0},
	    {"conv2d.bias", 1, {2}, {0}, 0, "1", NULL, 0}, {"dense.weight", 2, {8, 8}, {0}, 0, "2", NULL, 0},
	    {"dense.bias", 1, {8}, {0}, 0, "3", NULL, 0}, {"dense_1.weight", 2, {10, 8}, {0}, 0, "4", NULL, 0},
	    {"dense_1.bias", 1, {10}, {0}, 0, "5", NULL, 0}};

	captured_ok("timing off; data small; build \"conv2d 2 7, flatten, dropout .25 | dense 8, relu, dense 10, softmax\"");
	write_pt("a.pt", x, 6, NULL);
	captured_ok("load a.pt");
	ck_assert_float_eq(value("dense.kernel", (3 * 2 + 1) * 8 + 5), (float)(2000 + 5 * 8 + 4 + 3));
	ck_assert_float_eq(value("dense.bias", 5), 3005);
	ck_assert_float_eq(value("dense_1.kernel", 5 * 10 + 7), (float)(4000 + 7 * 8 + 5));
}
END_TEST

/* Somebody may have written them in Keras' names and its order. */
START_TEST(torch__load__what_is_as_it_is_here)
{
	static const struct tensor x[] = {{"dense.kernel", 2, {64, 10}, {0}, 0, "0", NULL, 0}, {"dense.bias", 1, {10}, {0}, 0, "1", NULL, 0}};
	struct tensor many[70];
	char name[70][16];

	captured_ok("timing off; data small; build \"flatten | dense 10, softmax\"");
	write_pt("a.pt", x, 2, NULL);
	captured_ok("load a.pt");
	ck_assert(value("dense.kernel", 123) == 123 && value("dense.bias", 3) == 1003);
	for (int i = 0; i < 70; i++) {
		snprintf(name[i], sizeof name[i], "m%d.weight", i);
		many[i] = (struct tensor){name[i], 1, {1}, {0}, 0, "0", NULL, 0};
	}
	write_pt("a.pt", many, 70, NULL);
	refused("load a.pt", "modules and the model has 1 layers with weights, none of the same name");
}
END_TEST

/* A mean of each channel has no pixels to count. */
START_TEST(torch__load__a_mean_keeps_its_order)
{
	static const struct tensor x[] = {{"conv2d.weight", 4, {2, 1, 3, 3}, {0}, 0, "0", NULL, 0},
	    {"conv2d.bias", 1, {2}, {0}, 0, "1", NULL, 0}, {"dense.weight", 2, {10, 2}, {0}, 0, "2", NULL, 0},
	    {"dense.bias", 1, {10}, {0}, 0, "3", NULL, 0}};

	captured_ok("timing off; data small; build \"conv2d 2 3, global_average_pooling2d | dense 10, softmax\"");
	write_pt("a.pt", x, 4, NULL);
	captured_ok("load a.pt");
	ck_assert_float_eq(value("dense.kernel", 13), (float)(2000 + 3 * 2 + 1));
}
END_TEST

/* As with bias=False: what else a module has is taken, and the bias is 0. */
START_TEST(torch__load__without_a_bias)
{
	struct tensor x[6];

	captured_ok(MODEL);
	memcpy(x, named, sizeof named);
	ck_assert_str_eq(x[1].name, "conv2d.bias");
	memmove(&x[1], &x[2], 4 * sizeof *x);
	write_pt("a.pt", x, 5, NULL);
	captured_ok("train gte5 limit=20 epochs=1; load a.pt");
	ck_has(C.text, "note: conv2d: no bias in the file; here it is 0, and trains with the layer");
	ck_assert_float_eq(value("conv2d.bias", 0), 0);
	memcpy(x, other, sizeof other); /* named otherwise */
	memmove(&x[1], &x[2], 4 * sizeof *x);
	write_pt("a.pt", x, 5, NULL);
	captured_ok("load a.pt");
	ck_assert_float_eq(value("conv2d.bias", 0), 0);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(torch__load__of_another_model)
{
	struct tensor x[7];

	captured_ok(MODEL);
	memcpy(x, other, sizeof other);
	x[6] = (struct tensor){"fc3.weight", 1, {1}, {0}, 0, "6", NULL, 0};
	write_pt("a.pt", x, 7, NULL);
	refused("load a.pt", "a.pt has weights of 4 modules and the model has 3 layers with weights, none of the same name");
	memcpy(x, other, sizeof other);
	x[0].name = "conv2d.weight"; /* one name that is the model's: they are taken by name */
	x[1].name = "conv2d.bias";
	write_pt("a.pt", x, 6, NULL);
	refused("load a.pt", "a.pt: dense.kernel is not in the file");
	captured_ok("load a.pt only=features");
	ck_has(C.text, "conv2d.kernel");
	memcpy(x, named, sizeof named);
	x[6] = (struct tensor){"more.weight", 1, {1}, {0}, 0, "6", NULL, 0};
	write_pt("a.pt", x, 7, NULL);
	refused("load a.pt", "its tensor \"more.weight\" belongs to no layer of the model");
	x[6] = (struct tensor){"weight", 1, {1}, {0}, 0, "6", NULL, 0}; /* of no module */
	write_pt("a.pt", x, 7, NULL);
	refused("load a.pt", "its tensor \"weight\" belongs to no layer");
	memcpy(x, named, sizeof named);
	x[0] = (struct tensor){"conv2d.weight", 4, {2, 1, 5, 5}, {0}, 0, "0", NULL, 0};
	write_pt("a.pt", x, 6, NULL);
	refused("load a.pt", "conv2d.kernel is 5x5x1x2 in the file, 3x3x1x2 in the model");
	x[0] = (struct tensor){"conv2d.weight", 3, {2, 3, 3}, {0}, 0, "0", NULL, 0};
	write_pt("a.pt", x, 6, NULL);
	refused("load a.pt", "conv2d.kernel is 2x3x3 in the file");
	x[0] = (struct tensor){"conv2d.weight", 4, {2, 1, 3, 3}, {0}, 0, "0", "Long", 0};
	write_pt("a.pt", x, 6, NULL);
	refused("load a.pt", "conv2d.kernel is I64 in the file, F32 here");
}
END_TEST

/* A tensor that PyTorch has no name for, as a layer that somebody adds may have. */
START_TEST(torch__save__what_has_no_name)
{
	char *name;

	captured_ok("build \"flatten | dense 5, softmax\"; save a.safetensors layout=torch");
	name = ((struct nn_layer *)(uintptr_t)nn_net_layer(capture_net(&C), 1))->tensor[1].name;
	strcpy(name, "dense.odd");
	refused("save b.safetensors layout=torch", "PyTorch has no name for dense.odd; `save` it without layout=torch");
	refused("load a.safetensors", "dense.odd is not in the file");
	strcpy(name, "dense.bias");
	captured_ok("load a.safetensors");
}
END_TEST

START_TEST(torch__load__archives_that_lie)
{
	static const char *const script[] = {"net/constants.pkl", "", NULL};
	struct err e = {0};
	FILE *f = fopen("none.pt", "w");
	struct zip_writer z = {.f = f};
	char *long_one = xcalloc((2 << 20) + 1, 1);

	captured_ok(MODEL);
	put_member(&z, "net/version", "3", 1);
	ck_assert_int_eq(zip_write_end(&z, &e), 0);
	fclose(f);
	refused("load none.pt", "none.pt is a ZIP archive, but none of PyTorch: it has no data.pkl");
	for (int big = 0; big < 2; big++) {
		z.f = f = fopen("order.pt", "w");
		put_member(&z, "net/data.pkl", "}.", 2);
		put_member(&z, "net/byteorder", big ? "big" : long_one, big ? 3 : 65);
		ck_assert_int_eq(zip_write_end(&z, &e), 0);
		fclose(f);
		refused("load order.pt", big ? "was written on a machine of another byte order" : "has 65 bytes, where at most 64 are read");
	}
	z.f = f = fopen("long.pt", "w");
	put_member(&z, "net/data.pkl", long_one, (2 << 20) + 1);
	ck_assert_int_eq(zip_write_end(&z, &e), 0);
	fclose(f);
	refused("load long.pt", "net/data.pkl has 2097153 bytes, where at most 2097152 are read");
	free(long_one);
	write_pt("script.pt", named, 6, script);
	refused("load script.pt", "script.pt is a TorchScript, which is code to run");
	changed[1] = changed[0];
	write_pt("a.pt", changed, 2, NULL);
	refused("load a.pt", "a.pt has two tensors \"conv2d.weight\"");
	changed[0] = (struct tensor){"conv2d.weight", 4, {2, 1, 3, 3}, {0}, 0, "../0", NULL, 0}; /* a name in the archive, no path */
	changed[1] = (struct tensor){"conv2d.bias", 1, {2}, {0}, 0, "0", NULL, 0};
	write_pt("a.pt", changed, 2, NULL);
	refused("load a.pt", "a.pt: dense.kernel is not in the file");
	changed[1].storage = "../0";
	write_pt("a.pt", changed, 2, NULL);
	refused("load a.pt", "the storage of \"conv2d.bias\" has 72 bytes, but data.pkl says 2 floats");
	changed[1].values = -1;
	changed[1].storage = "1";
	write_pt("a.pt", changed, 2, NULL);
	refused("load a.pt", "a.pt has no values of \"conv2d.bias\"");
	changed[0] = (struct tensor){"conv2d.weight", 4, {2147483647, 2147483647, 2147483647, 2147483647}, {ZERO, ZERO, ZERO, ZERO}, 0,
	    "0", NULL, 1}; /* one value, very often */
	write_pt("a.pt", changed, 1, NULL);
	refused("load a.pt", "\"conv2d.weight\" says that it is larger than any memory");
	changed[0] = (struct tensor){"conv2d.weight", 2, {2, 2}, {-1, 1}, 1, "0", NULL, 8};
	write_pt("a.pt", changed, 1, NULL);
	refused("load a.pt", "data.pkl is damaged");
	scratch_write("short.pt", "\x80\2", 2); /* as old as the ones before 1.6, or nothing */
	refused("load short.pt", "no ZIP archive");
	scratch_write("old.pt", "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
	refused("load old.pt", "old.pt is as PyTorch wrote it before 1.6");
	refused("load nowhere.pt", "nowhere.pt cannot be opened");
}
END_TEST

/* A safetensors file in PyTorch's names, of sizes that no file has. */
static void
write_container(const char *header, size_t data)
{
	size_t n = strlen(header);
	uint8_t *p = xcalloc(8 + n + data, 1);

	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(n >> 8 * i);
	memcpy(p + 8, header, n);
	scratch_write("a.safetensors", p, 8 + n + data);
	free(p);
}

START_TEST(torch__load__sizes_that_no_file_has)
{
	captured_ok("timing off; data small; build \"flatten | dense 10, softmax\"");
	write_container("{\"dense.weight\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904],\"data_offsets\":[0,0]}}", 0);
	refused("load a.safetensors", "\"dense.weight\" says that it is larger than any memory; load another");
	write_container("{\"dense.weight\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4);
	refused("load a.safetensors", "dense.kernel is not in the file");
	write_container("{\"dense.weight\":{\"dtype\":\"F32\",\"shape\":[10,64],\"data_offsets\":[0,2560]},\"dense.kernel\":{\"dtype\":\"F32\","
	    "\"shape\":[1],\"data_offsets\":[2560,2564]}}", 2564); /* names of both */
	refused("load a.safetensors", "dense.kernel is 1 in the file, 64x10 in the model");
}
END_TEST

/* ---- calls that fail ---- */

START_TEST(torch__load__calls_that_fail)
{
	static const struct {
		enum failing what;
		int error;
		const char *line, *says;
		int least;
	} ways[] = {{FAILING_MEMORY, ENOMEM, "load a.pt", "memory", 10}, {FAILING_READ, EIO, "load a.pt", "a.pt cannot be read", 10},
	    {FAILING_END, 0, "load a.pt", "a.pt", 10}, {FAILING_STAT, EIO, "load a.pt", "regular file", 1},
	    {FAILING_MEMORY, ENOMEM, "save t.safetensors layout=torch", "memory", 2},
	    {FAILING_MEMORY, ENOMEM, "load u.safetensors", "memory", 8}};

	captured_ok(MODEL "save u.safetensors layout=torch");
	other[2] = (struct tensor){"fc1.weight", 2, {4, 18}, {1, 4}, 0, "2", NULL, 72};
	write_pt("a.pt", other, 6, NULL);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int n = 0, told = 0;

		for (bool struck = true; struck; n++) {
			float before, after;
			int status;

			captured_ok("reset seed=2");
			before = value("dense.kernel", 5);
			failing_at(ways[i].what, n + 1, ways[i].error);
			status = capture_run(&C, ways[i].line);
			struck = failing_struck();
			after = value("dense.kernel", 5);
			ck_assert_msg(struck || status == 0, "%s: undisturbed, but: %s", ways[i].line, C.errors);
			ck_assert_msg(status == 0 || before == after, "%s, call %d: the weights have changed", ways[i].line, n);
			if (status != 0)
				ck_has(C.errors, ways[i].says);
			told += status;
		}
		ck_assert_msg(told >= ways[i].least, "%s: only %d", ways[i].line, told);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("torch");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, torch__load__puts_each_value_where_it_belongs);
	tcase_add_test(t, torch__load__by_shapes_what_has_lost_its_order);
	tcase_add_test(t, torch__load__by_numbers_what_has_one_shape);
	tcase_add_test(t, torch__load__strides_and_offsets);
	tcase_add_test(t, torch__load__doubles_and_halves);
	tcase_add_test(t, torch__load__normalization_behind_a_flatten);
	tcase_add_test(t, torch__load__dropout_behind_a_flatten);
	tcase_add_test(t, torch__load__what_is_as_it_is_here);
	tcase_add_test(t, torch__load__a_mean_keeps_its_order);
	tcase_add_test(t, torch__load__without_a_bias);
	tcase_add_test(t, torch__load__of_another_model);
	tcase_add_test(t, torch__save__what_has_no_name);
	tcase_add_test(t, torch__load__archives_that_lie);
	tcase_add_test(t, torch__load__sizes_that_no_file_has);
	tcase_add_test(t, torch__load__calls_that_fail);
	suite_add_tcase(s, t);
	return run_suite(s);
}
