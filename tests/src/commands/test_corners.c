/* test_corners.c: what commands answer where they are asked for what is rarely asked, line by line. */
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

START_TEST(corners__cache)
{
	RUN_LINES(
	    {"cache", 0, "no leading layer is frozen: nothing to keep (`freeze features`)"},
	    {"mode json; cache; mode table", 0, "{\"event\":\"cache\",\"on\":true,\"limit\":null,\"cut\":null,\"bytes\":0}"},
	    {"freeze features", 0, "trainable 62   non-trainable 20"},
	    {"cache", 0, "cut behind max_pooling2d"},
	    {"train all epochs=1 batch=8", 0, "features cached"},
	    {"cache info", 0, "holds 1 KiB of all"},
	    {"mode json; cache info; mode table", 0, "\"cut\":\"max_pooling2d\",\"bytes\":1120}"},
	    {"cache drop", 0, NULL},
	    {"mode json; cache; mode table", 0, "\"bytes\":0}"},
	    {"eval; cache off", 0, "Test accuracy"},
	    {"cache", 0, "cache off, limit auto"},
	    {"set cache.limit 2M; cache", 0, "cache off, limit 2 MiB"},
	    {"mode json; cache; mode table", 0, "\"limit\":2097152,"},
	    {"train all epochs=1 batch=8", 0, "3/3"},
	    {"mode json; cache; mode table", 0, "\"bytes\":0}"},
	    {"cache on; eval; set cache off; mode json; cache; mode table", 0, "\"bytes\":0}"},
	    {"set cache.limit auto; timing on; cache", 0, " (auto: half of what is available now)"},
	    {"mode json; cache; mode table; timing off", 0, "\"limit\":"},
	    {"cache nosuch", 1, "unknown word \"nosuch\""});
}
END_TEST

START_TEST(corners__settings)
{
	RUN_LINES(
	    {"set dropout.rate 0.4; set dropout.rate", 0, "0.4"},
	    {"mode json; set dropout.rate; mode table", 0, "\"key\":\"dropout.rate\",\"value\":0.4"},
	    {"set dropout.rate 2", 1, "dropout.rate is a number from 0 to below 1, not \"2\""},
	    {"set dense.rate 0.4", 1, "dense is no dropout and has no rate"},
	    {"set nosuch.rate 0.4", 1, "no layer matches \"nosuch\""},
	    {"set kernels nosuch", 1, "kernels is auto, v4, v3, base or reference, not \"nosuch\""},
	    {"set nosuch", 1, "unknown setting \"nosuch\""},
	    {"set batch", 0, "128"},
	    {"set font", 0, "font           -"},
	    {"mode json; set cache; mode table", 0, "\"key\":\"cache\",\"value\":true"},
	    {"mode json; set optimizer; mode table", 0, "\"value\":\"adadelta\""},
	    {"mode json; set cache.limit; mode table", 0, "\"value\":\"auto\""},
	    {"mode json; set lr; mode table", 0, "\"value\":1.0"},
	    {"mode csv; set; mode table", 0, "dropout.rate"},
	    {"set", 0, "share of values that a dropout drops"},
	    {"compile optimizer=adam lr=0.01", 0, "nothing needs compiling"},
	    {"set optimizer", 0, "adam"},
	    {"compile optimizer=nosuch", 1, "optimizer is adadelta, sgd or adam, not \"nosuch\""},
	    {"compile loss=mse", 1, "loss"},
	    {"set threads 1; eval all", 0, "all test: 20 images"},
	    {"set kernels reference; eval all", 0, "all test: 20 images"});
}
END_TEST

START_TEST(corners__without_a_screen)
{
	RUN_LINES(
	    {"tui", 1, "there is no screen here; start thaw on a terminal, without a script"},
	    {"tui on", 1, "there is no screen here"},
	    {"tui off", 1, "there is no screen here"},
	    {"layout train", 0, NULL}, /* of `export png screen` */
	    {"layout nosuch", 1, "usage: layout [train|inspect|"},
	    {"focus runs", 1, "there is no screen here"},
	    {"focus nosuch", 1, "usage: focus "},
	    {"pause", 1, ""},
	    {"continue", 1, ""},
	    {"stop", 1, ""});
}
END_TEST

START_TEST(corners__runs)
{
	RUN_LINES(
	    {"resume", 1, "no run was interrupted; `train gte5` starts one"},
	    {"plot", 1, "there is no curve to draw yet; `train gte5` first"},
	    {"history", 1, "no run"},
	    {"diff", 1, ""},
	    {"export csv w.csv", 1, "no run"},
	    {"train all epochs=2 batch=8 watch=lt5", 0, "watch=lt5"},
	    {"train all epochs=1 batch=8 shuffle=off verbose=0", 0, "shuffle=off"},
	    {"lr head 0.5", 0, "lr 0.5 of head"},
	    {"lr /10; lr /10", 0, "lr 0.01\n"}, {"lr *2", 0, "lr 0.02\n"}, {"lr head *2; print lr", 0, "lr of head *2\n0.02"},
	    {"lr conv* 0.5", 0, "lr 0.5 of conv*\n"}, {"lr \"*\" 0.5", 0, "lr 0.5 of *\n"},
	    {"lr 1; lr *0", 1, "\"*0\" is not a number"}, {"lr *1e300", 1, "that would be more than 1000000.0"},
	    {"lr head 0.5", 0, "lr 0.5 of head"},
	    {"lr nosuch 0.5", 1, "no layer matches \"nosuch\""},
	    {"lr", 1, "VALUE is missing"},
	    {"train lt5 epochs=1 batch=8", 0, "lr(dense)=0.5 lr(dense_1)=0.5"},
	    {"train nosuch", 1, "\"nosuch\" is not all, ltN, gteN"},
	    {"train all watch=nosuch", 1, "watch=nosuch: not all, ltN, gteN"},
	    {"train all nosuch=1", 1, "unknown key \"nosuch\""},
	    {"history r1", 0, "watch_accuracy"},
	    {"history r9", 1, "no run r9; there are r1 to r3"},
	    {"history rx", 1, "rx"},
	    {"diff r1", 0, "conv2d (Conv2D)"},
	    {"diff r9", 1, "no run r9; there are r1 to r3"},
	    {"snapshot a/b", 1, "\"a/b\" is no name for a snapshot"},
	    {"snapshot 12345678901234567890123456789012345678901", 1, "is no name for a snapshot"},
	    {"snapshot ok; snapshot ok", 0, "snapshot @ok"},
	    {"diff @nosuch", 1, "@nosuch"},
	    {"plot raw", 1, "unknown word \"raw\""},
	    {"plot acc", 0, "accuracy"},
	    {"plot loss r1 logy smooth=0.5", 0, "loss"},
	    {"plot r9", 1, "no run r9"},
	    {"mode csv; plot; mode table", 0, "loss,val,2.0,"},
	    {"mode json; plot acc; mode table", 0, "\"chart\":\"accuracy\""},
	    {"plot accuracy", 0, "accuracy"},
	    {"runs", 0, "lt5"},
	    {"build filters=2; resume", 1, "no run was interrupted"});
}
END_TEST

START_TEST(corners__layers)
{
	RUN_LINES(
	    {"freeze", 1, "LAYERS is missing"},
	    {"freeze nosuch", 1, "no layer matches \"nosuch\" (layers: conv2d"},
	    {"unfreeze nosuch", 1, "no layer matches"},
	    {"freeze_to nosuch", 1, "no layer matches"},
	    {"now freeze nosuch", 1, "no layer matches"},
	    {"freeze_to dense", 0, "non-trainable 20"},
	    {"unfreeze all", 0, "trainable 82   non-trainable 0"},
	    {"now freeze features", 0, "frozen: conv2d"},
	    {"freeze flatten", 0, "trainable"},
	    {"freeze_to conv2d", 0, "trainable 82"},
	    {"reset nosuch", 1, "nosuch"},
	    {"layers", 0, "conv2d"});
}
END_TEST

START_TEST(corners__images)
{
	RUN_LINES(
	    {"eval nosuch", 1, "\"nosuch\" is not all, ltN"},
	    {"eval all on=train", 0, "all train: 20 images"},
	    {"eval report", 0, "support"},
	    {"mode csv; eval report; mode table", 0, "split,digit,precision,recall,f1,support"},
	    {"mode json; eval lt5; mode table", 0, "\"split\":\"lt5\",\"on\":\"test\",\"data\":\"small\",\"n\":10,"},
	    {"predict test:99999", 1, "there is no image test:99999; they are test:0 to test:19"},
	    {"set width 40; predict test:1; set width auto", 0, "test:1  label 1"},
	    {"mode json; predict test:1; mode table", 0, "\"label\":1"},
	    {"predict nowhere.png", 1, "nowhere.png"},
	    {"show n=3", 0, "gte5 test  not trained yet"},
	    {"show nosuch", 1, "nosuch"},
	    {"toplosses all n=1", 0, "images (digits 0-9 -> units 0-9)"},
	    {"confused min=1000", 0, "no pair of digits is confused in 1000 images or more; min=1 lists all that are"},
	    {"train lt5 epochs=1 batch=8; eval", 0, "lt5 test: 10 images"});
	/* a weight that is no number makes losses that are none: they come first, in the order of the images */
	nn_net_weights_edit(capture_net(&C))[nn_net_params(capture_net(&C)) - 1] = NAN;
	nn_net_changed(capture_net(&C));
	RUN_LINES({"toplosses all n=3", 0, "nan"});
	ck_assert(strstr(C.text, "test:0") < strstr(C.text, "test:1"));
	ck_assert(strstr(C.text, "test:1") < strstr(C.text, "test:2"));
	/* with one unit all are right, and nothing is advised that was just done */
	RUN_LINES({"build \"flatten | dense 1, softmax\"; confused digits=3 min=1", 0, "no pair of digits is confused\n"},
	    {"confused digits=3", 0, "no pair of digits is confused\n"});
}
END_TEST

START_TEST(corners__exports)
{
	uint8_t *p;
	size_t n;

	RUN_LINES(
	    {"export png plot a.png", 1, "there is no curve to draw yet"},
	    {"train all epochs=2 batch=8 watch=lt5", 0, "2/2"},
	    {"export png plot loss a.png size=200x150", 0, "wrote a.png (200x150)"},
	    {"export png plot acc r1 b.png size=200x150", 0, "wrote b.png (200x150)"},
	    {"export png plot accuracy logy b.png size=200x150", 0, "wrote b.png (200x150)"},
	    {"export png plot r9 c.png", 1, "no run r9; there are r1 to r1"},
	    {"export png plot rx c.png", 1, "unknown word \"rx\" (png plot takes: [loss|acc]"},
	    {"export png digits c.png n=4 size=200x150", 0, "wrote c.png"},
	    {"export png digits wrong d.png n=4 size=200x150", 0, "wrote d.png"},
	    {"export png digits gte5 n=3 digit=7 d.png size=200x150", 0, "wrote d.png"},
	    {"export png digits lt5 digit=7 d.png size=200x150", 1, "7"},
	    {"export png digits what d.png", 1, "png digits takes: [SPLIT] [wrong]"},
	    {"export png digits digit=99 d.png size=200x150", 1, "digit is a whole number from 0 to 9, not 99"},
	    {"export png model m.png size=400x300", 0, "wrote m.png"},
	    {"export png screen s.png size=80x24", 0, "wrote s.png"},
	    {"export png screen 3 s.png", 1, "unknown word \"3\" (png screen takes: no more"},
	    {"export png screen s.png", 0, "wrote s.png (1224x824)"},
	    {"export csv nosuch w.csv", 1, "unknown word \"nosuch\""},
	    {"export nosuch", 1, "nosuch"},
	    {"export csv r1 r1 w.csv", 1, "r1"},
	    {"export csv w.csv", 0, "wrote w.csv (r1, 2 epochs)"},
	    {"export json w.json", 0, "wrote w.json (r1, 2 epochs)"},
	    {"train all epochs=1 batch=8; export csv", 0, "wrote thaw-r2.csv"});
	p = scratch_read("w.csv", &n);
	ck_assert_int_eq(memcmp(p, "epoch,accuracy,loss,val_accuracy,val_loss,watch_accuracy,watch_loss\r\n", 69), 0);
	free(p);
	p = scratch_read("w.json", &n);
	p[n] = '\0';
	ck_has((char *)p, "\"watch\"");
	ck_has((char *)p, "\"interrupted\":false");
	free(p);
}
END_TEST

START_TEST(corners__conditions)
{
	RUN_LINES(
	    {"assert", 1, "EXPR is missing"},
	    {"assert params > 0, \"fine\"", 0, NULL},
	    {"assert params > 0, fine", 1, "behind the comma stands a text in double quotes"},
	    {"assert params > 0, \"fine", 1, "\""},
	    {"assert params < 0, \"too many\"", 3, "too many"},
	    {"assert params < 0 and trainable > 0", 3, "params = 82"},
	    {"assert trainable(dense) < 0", 3, "trainable(dense) ="},
	    {"assert (params < 0", 1, ")"},
	    {"assert recall(7) > 2", 1, ""},
	    {"print params > 0, params == 1", 0, "true false"},
	    {"mode json; print params > 0, \"x\"; mode table", 0, "{\"event\":\"print\",\"values\":[true,\"x\"]}"},
	    {"print", 0, ""},
	    {"print val_loss", 1, "not known yet"},
	    {"print \"a", 1, "\""},
	    {"print params nosuch", 1, "nosuch"});
}
END_TEST

START_TEST(corners__switches)
{
	RUN_LINES(
	    {"timing on; timing", 0, "timing on"}, {"timing off; timing", 0, "timing off"},
	    {"verbose 0; verbose", 0, "verbose 0"}, {"verbose 2; verbose", 0, "verbose 2"},
	    {"verbose auto; verbose", 0, "verbose 2"},
	    {"echo on; echo", 0, "echo on"}, {"echo off; echo", 0, "echo off"},
	    {"bail", 0, "bail auto"}, {"bail off; bail", 0, "bail off"}, {"bail on; bail", 0, "bail on"}, {"bail auto", 0, NULL},
	    {"set cache on; set cache", 0, "cache          on"}, {"set font \"\"; set font", 0, "font           -"},
	    {"set conv2d..flatten.rate 0.2", 1, "conv2d..flatten names several layers; .rate is of one dropout"},
	    {"mode json; set lr 0.1:step=2,0.5; set lr; mode table", 0, "\"value\":\"0.1:step=2,0.5\""},
	    {"set lr 0.1:0.9", 1, "behind lr=RATE: stands step=EPOCHS,FACTOR"}, {"set lr 1", 0, NULL},
	    {"compile", 0, "nothing needs compiling"},
	    {"compile loss=categorical_crossentropy metrics=accuracy batch=16; set batch", 0, "16 "},
	    {"compile loss=categorical_crossentropy lr=0.5; set lr", 0, "0.5"});
	capture_person(&C);
	RUN_LINES({"set font \"\"", 0, "font -"}, {"set batch 16", 0, "batch 16"}, {"set dropout.rate 0.2", 0, "dropout.rate 0.2"},
	    {"set glyphs ascii", 0, "glyphs ascii"}, {"set glyphs auto", 0, "glyphs auto"});
}
END_TEST

/* What needs pictures says that there are none, whoever asks first. */
START_TEST(corners__without_data)
{
	static const char *const lines[] = {"data", "data info", "set", "set dropout.rate 0.3", "show", "show config", "show test:1",
		"eval", "train lt5", "finetune lt5", "resume", "freeze head", "unfreeze all", "freeze_to dense", "now freeze head", "model",
		"build mlp", "build classes=5", "layers", "filters conv2d", "activations", "stats", "probe lt5", "explain dense[0]",
		"saliency", "occlude", "toplosses", "confused", "confusion", "lrfind lt5", "sweep lr=1 seeds=1 -- train lt5",
		"compare modes lt5", "snapshot a", "reset", "predict", "save nothing.thaw.safetensors", "export keras a.py", "diff init",
		"cache", "lr head 0.5"};

	captured_teardown();
	captured_setup();
	ck_assert_int_eq(capture_run(&C, "timing off"), 0);
	data_choose(&C.s->data, "nowhere");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		captured_refused(lines[i], "no data set or folder \"nowhere\"");
}
END_TEST

START_TEST(corners__asked_wrongly)
{
	RUN_LINES(
	    {"data small size=0x5", 1, "size is height and width of the pictures, 1 to "},
	    {"data small size=28x0", 1, "size is height and width"},
	    {"data small size=90000x28", 1, "size is height and width"},
	    {"data small size=28x90000", 1, "size is height and width"},
	    {"data info small", 1, "`data info` is about the data set in use; `data small` chooses another first"},
	    {"data size=28x28", 1, "how pictures are read is said when their folder is chosen"},
	    {"data labels=coarse", 1, "how pictures are read is said"}, {"data holdout=5", 1, "how pictures are read is said"},
	    {"data small labels=fine", 0, "data small: 20 training"},
	    {"data small normalise=keras", 1, "normalise=keras: one of off, mnist"},
	    {"show test:1 n=3", 1, "n= chooses among the pictures of a split; `show test:1` shows this one"},
	    {"show test:1 digit=3", 1, "digit= chooses among the pictures of a split"},
	    {"show test:1 class=3", 1, "class= chooses among the pictures of a split"},
	    {"show digit=1 class=2", 1, "digit= and class= both say which class is shown"},
	    {"show lt5 test:1", 1, "lt5 chooses among the pictures of a split"},
	    {"show n=2 invert=on", 1, "invert= is a step for one picture"},
	    {"show lt99", 1, "lt99"}, {"show lt5 digit=7", 1, "no image of lt5 shows a 7"},
	    {"predict invert=on", 1, "the last picture is neither"}, {"predict test:1 fit=off", 1, "test:1 is neither"},
	    {"export png digits d.png n=1 size=200x150; predict d.png invert=auto level=off fit=on", 0, "d.png"},
	    {"train all validate=0", 1, "\"0\" says not when to score the test images"},
	    {"train all validate=100001", 1, "says not when"},
	    {"train all validate=x", 1, "says not when"}, {"train all checkpoint=best:", 1, "\"best:\" names no checkpoint"},
	    {"train all checkpoint=a.safetensors", 1, "names no checkpoint"}, {"train all checkpoint=best:a.nosuch", 1, "a.nosuch"},
	    {"train all validate=end stop=val_loss:patience=2", 1, "val_loss is known at the end alone by validate=end"},
	    {"train all validate=end watch=lt5 stop=watch_loss:patience=2", 1, "watch_loss is known at the end alone"},
	    {"train all stop=watch_loss:patience=2", 1, "watch_loss is of a split that is watched"},
	    {"train all validate=end stop=loss:patience=9 epochs=1 batch=8", 0, "Test accuracy"},
	    {"train all by=batch", 1, "by=batch says when a split is watched"}, {"train all sample=1", 1, "give limit=256 with it"},
	    {"train lt5 watch=lt5 by=epoch epochs=1 batch=8", 0, "watch=lt5"},
	    {"build \"flatten | dense 3, softmax\"; train lt3 watch=lt5", 1, "lt5 has 5 digits, the model 3 output units"},
	    {"train lt5", 1, "`build classes=5` makes one that fits"}, {"diff flatten", 1, "the weights before r2 are not kept"},
	    {"diff init flatten", 1, "flatten has no weights to compare"},
	    {"explain dense[9]", 1, "dense has the units 0 to 2"},
	    {"explain dense[0] 3,3", 1, "dense puts out a row of 3 numbers, without Y,X"},
	    {"explain dense[0] nowhere.png", 1, "nowhere.png"},
	    {"filters nosuch", 1, "nosuch"}, {"activations flatten nowhere.png", 1, "nowhere.png"},
	    {"probe lt5 nosuch", 1, "nosuch"},
	    {"lrfind lt3 from=1 to=0.1", 1, "the rate grows: from= must be less than to="},
	    {"lrfind lt3 from=100", 1, "the rate grows"},
	    {"lrfind lt3 lr=1", 1, "say from= and to="}, {"lrfind lt3 epochs=1", 1, "say how many by steps="},
	    {"lrfind lt3 sample=1", 1, "give limit=256 with it"}, {"lrfind lt5", 1, "lt5 has 5 digits"},
	    {"lrfind lt3 optimizer=nosuch", 1, "optimizer is"});
}
END_TEST

START_TEST(corners__compared)
{
	static const char *const wrong[][2] = {{"limit=0", "\"0\" is no number of images"}, {"limit=x", "is no number of images"},
	    {"limit=9000000000", "is no number of images"}, {"modes=nosuch", "no mode \"nosuch\""}, {"from=r9", "no run r9"},
	    {"modes=frozen", "there is no run of other digits whose features could be taken; train one first, as in `train gte5`"}};
	struct str many = {0};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *line = xasprintf("compare modes lt5 %s", wrong[i][0]);

		captured_refused(line, wrong[i][1]);
		free(line);
	}
	str_add(&many, "compare modes lt5 limit=1");
	for (int i = 0; i < 40; i++)
		str_add(&many, ",%d", i + 2);
	captured_refused(many.s, "numbers of images can be compared at once");
	many.n = 0;
	str_add(&many, "sweep lr=1");
	for (int i = 0; i < 2000; i++)
		str_add(&many, ",%d", i + 2);
	captured_refused(many.s, "a key has at most ");
	many.n = 0;
	str_add(&many, "sweep");
	for (int i = 0; i < 20; i++)
		str_add(&many, " k%d=1", i);
	captured_refused(many.s, "keys can be swept at once");
	free(many.s);
	RUN_LINES(
	    {"compare modes gte5 modes=tuned", 1, "as in `train lt5`, or leave them out"},
	    {"sweep verbose=1,2 -- train lt5", 1, "verbose changes no figure"},
	    {"sweep cache=on,off -- train lt5", 1, "cache changes no figure"},
	    {"sweep seed=1,2 -- train lt5", 1, "write seeds=3 for three"},
	    {"sweep dropout.rate=x -- train lt5", 1, "dropout.rate is a number from 0 to below 1"},
	    {"sweep lr=1, -- train lt5", 1, "a value of lr is missing"}, {"sweep lr=1 lr=2 -- train lt5", 1, "lr is there twice"},
	    {"sweep lr=1 seeds=0 -- train lt5", 1, "seeds is a whole number from 1 to "},
	    {"sweep lr=1 seeds=x -- train lt5", 1, "seeds is a whole number"},
	    {"sweep lr=1 seeds=1001 -- train lt5", 1, "seeds is a whole number"}, {"sweep lr=1 --", 1, "the commands are missing"},
	    {"sweep lr=1 -- \"\"", 1, "the commands are missing"}, {"sweep lr=1 -- \"train lt5", 1, "\""},
	    {"sweep lr=1 -- \"train lt5\" too", 1, "one word too many"}, {"sweep nosuch -- train lt5", 1, "is no key with values"},
	    {"sweep lr=1 -- model", 1, "model"}, {"sweep lr=1 -- nosuch", 1, "nosuch"},
	    {"sweep lr=1 -- train lt5; ; model", 1, "model"},
	    {"sweep lr=1 seeds=1 -- train lt5 limit={nosuch}", 1, "{nosuch} is no key of this sweep; give it values before the --"},
	    {"sweep batch=8,4 seeds=1 -- train lt5 epochs=1 limit={batch} sample={seed}; ;", 0, "batch=8"},
	    {"build \"flatten | dense 5, softmax\"; compare modes lt5 modes=scratch", 1, "the features of this model have no weights"});
}
END_TEST

START_TEST(corners__trained)
{
	RUN_LINES(
	    {"train all epochs=1 batch=8 optimizer=sgd momentum=0.5", 0, "momentum=0.5"},
	    {"train all epochs=1 batch=8 optimizer=adam beta_1=0.8", 0, "beta_1=0.8"},
	    {"train all epochs=9 batch=8 validate=100 stop=loss<100", 0, "ended early: the weights of epoch 1/1 stay"},
	    {"train all epochs=2 batch=8 checkpoint=best:nodir/x.safetensors", 0, "training goes on without this checkpoint"},
	    {"train all epochs=2 batch=8 lr=1e6", 0, "the loss explodes: "},
	    {"reset; train all epochs=3 batch=8 stop=val_loss:patience=0 lr=1000", 0, "ended"},
	    {"reset; train all watch=lt5 by=batch epochs=2 batch=8 verbose=0", 0, "by=batch"},
	    {"mode json; train all epochs=2 batch=8 verbose=0; mode table", 0, "\"event\":\"epoch\""},
	    {"mode json; train all watch=lt5 by=batch epochs=1 batch=8 verbose=0; mode table", 0, "\"event\":\"watched\""},
	    {"build \"flatten | dense 6, softmax\"; train lt5 epochs=1 batch=8", 0, "unit 5 never sees"},
	    {"build \"conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax\"; train gte5 epochs=1 batch=8", 0, "Test accuracy"},
	    {"compare modes lt5 lr=0.1:cosine limit=8 epochs=2 seeds=1 batch=8", 0, "head-first"},
	    {"set cache off; compare modes lt5 lr=0.1 limit=8 epochs=2 seeds=1 batch=8 modes=frozen; set cache on", 0, "frozen"},
	    {"compare modes lt5 lr=1e6 limit=8 epochs=9 seeds=1 batch=1 modes=scratch,selffer", 0, "scratch"},
	    {"lrfind lt5 from=1e5 to=1e6 batch=8", 0, "the loss falls nowhere, so that no rate is suggested"},
	    {"reset; lrfind lt5 batch=1 steps=20 to=1e6", 0, "rates from"},
	    {"finetune lt5 epochs=1 batch=8", 0, "the head has trained alone; now everything"},
	    {"mode csv; lr head 0.5; lr flatten 0.5; show config; mode table", 0, "lr dense 0.5"});
	RUN_LINES({"train lt5 epochs=1 watch=all", 1, "all has 10 digits, the model 5 output units"},
	    {"cache off; freeze features; train lt5 epochs=1 batch=8", 0, "Test accuracy"},
	    {"snapshot a; build mlp; diff @a", 1, "@a is of another model, which `load @a` brings back"},
	    {"build mlp; snapshot a; build \"flatten | dense 9, relu, dense 10, softmax\"; layers", 0, "dense_1"},
	    {"undo; undo; undo; redo; redo", 0, "weights put back: dense"}, {"set threads auto; set threads", 0, "threads"});
}
END_TEST

START_TEST(corners__configured)
{
	scratch_digits("s m\"all", false);
	RUN_LINES({"data \"s m\\\"all\"", 0, "data s m\"all"}, {"show config", 0, "data \"s m\\\"all\"; set optimizer"},
	    {"data small holdout=5", 1, "small is no folder of pictures"}, {"lr flatten 0.5; show config", 0, "build"});
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("corners");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, captured_small, captured_teardown);
	tcase_add_test(t, corners__cache);
	tcase_add_test(t, corners__settings);
	tcase_add_test(t, corners__without_a_screen);
	tcase_add_test(t, corners__runs);
	tcase_add_test(t, corners__layers);
	tcase_add_test(t, corners__images);
	tcase_add_test(t, corners__exports);
	tcase_add_test(t, corners__conditions);
	tcase_add_test(t, corners__switches);
	tcase_add_test(t, corners__without_data);
	tcase_add_test(t, corners__asked_wrongly);
	tcase_add_test(t, corners__compared);
	tcase_add_test(t, corners__trained);
	tcase_add_test(t, corners__configured);
	suite_add_tcase(s, t);
	return run_suite(s);
}
