/* topics.c: what `help` and the manual say of words that are no commands. A line with two blanks in it is an item: what
 * is typed, and what that is.
 */
#include "language/topics.h"

#include "data/dataset.h"
#include "util/text.h"

#include <string.h>

const struct topic topics[] = {
	{"grammar", "words, quotes, several commands on a line", .apart = true, .text =
	    "command [subject] [operand ...] [key=value ...]\n"
	    "`;` separates commands, `#` at the start of a word begins a comment, \"...\" quotes (\\\" and \\\\ "
	    "inside), a backslash at the end continues the line. No blanks stand around a =; at a prompt a line with "
	    "such blanks is run as it would be right, and shown. On a terminal a unique prefix of a command, key, "
	    "group or setting is enough; scripts need full names."},
	{"splits", "which digits or classes: all, ltN, gteN, 5-9, digits=, classes=",
	    "all                   every digit or class that the data has\n"
	    "lt5                   digits below 5 (ltN, N 1 to 9)\n"
	    "gte5                  digits from 5 on (gteN)\n"
	    "5-9, 2-6              from one digit to another\n"
	    "digits=0-2,5          these digits; of classes with names, those labels\n"
	    "classes=cat,dog       these classes, where the data names them (`data info`)\n"
	    "classes=\"Ankle boot\"  a name with blanks\n"
	    "classes=!cat,dog      all others\n"
	    "classes=cat..dog      from one to another, in the order of `data info`\n"
	    "The n-th smallest digit of a split trains output unit n; with `set units digit` digit d is unit d. More "
	    "digits than the model has outputs are an error: `build classes=10` makes a model with ten. Where a "
	    "command shows it as [SPLIT] it may be left out and is the split last trained, while its name means the "
	    "same classes of the data in use, else gte5, or all of fewer than ten; train, finetune and lrfind "
	    "want one."},
	{"layers", "which layers: names, ranges, globs, groups", .also = {"features", "head", "groups"}, .text =
	    "features, head, all                    groups; also feature_layers, classifier, classification_layers\n"
	    "conv2d_1, 0                            a name as in the summary, an index\n"
	    "conv2d..flatten                        a range, both ends included\n"
	    "conv*                                  a glob\n"
	    "Several are separated by commas: freeze conv2d,dense"},
	{"points", "states to compare with: @name, rN, init, now",
	    "@name   a snapshot, which load @name brings back\n"
	    "r2      the weights after run 2, which load r2 brings back\n"
	    "init    the weights that the seed gives\n"
	    "now     the weights as they are"},
	{"images", "one picture: test:IDX, train:IDX, last, FILE.png",
	    "test:7      the eighth test image\n"
	    "train:7     of the training images\n"
	    "last        the last drawing or prediction\n"
	    "digit.png   a picture file (PNG or JPEG), scaled to the input"},
	{"transfer", "transfer learning: what it is, and the lesson about it",
	    "A network that has learned one task begins another with what it has learned, in place of from nothing: "
	    "its first layers (features) answer to strokes and shapes that both tasks have, and only the last ones "
	    "(head) are learned anew. It pays where the second task has few pictures or little time.\n"
	    "train gte5; freeze features; train lt5    5-9, then 0-4 on the same features\n"
	    "compare modes lt5 limit=64,256            beside learning from scratch\n"
	    "thaw -i PREFIX/share/thaw/lessons/transfer.thaw  the lesson, on the screen"},
	{"freezing", "frozen layers: what freezing is, and how to see that it holds",
	    "A frozen layer takes part in every prediction, but training leaves its weights as they are, bit by bit: "
	    "what it has learned cannot be forgotten, and an epoch is faster.\n"
	    "freeze features     the layers before the head; `unfreeze` takes it back\n"
	    "model trainable     which layers are frozen, and how many parameters train\n"
	    "diff                what the last run changed: bit-identical where frozen\n"
	    "layout features     filters and activations, while they learn or stand still\n"
	    "thaw -i PREFIX/share/thaw/lessons/transfer.thaw  the lesson, on the screen"},
	{"forgetting", "what a network loses of one task while it learns the next", .text =
	    "With outputs of their own for both tasks, the score of the first falls while the second is learned, with "
	    "frozen features as well: what is overwritten lies in the head.\n"
	    "build classes=10; set units digit            digit d is output unit d\n"
	    "train gte5; train lt5 watch=gte5 by=batch    the first task is scored from the first batch on\n"
	    "thaw -i PREFIX/share/thaw/lessons/forgetting.thaw  five tasks, one after the other"},
	{"batch_normalization", "the trap of fine-tuning: statistics that move", .also = {"batchnorm", "bn"}, .text =
	    "While it trains, a batch normalization takes mean and variance of each batch, and its moving statistics "
	    "follow the new data, also where the layers around it are frozen. Frozen it runs by its moving statistics, "
	    "in training as well, and these stand still, as in Keras. `freeze features` freezes those among the "
	    "features; `freeze conv2d` leaves the one behind it to move, and says so.\n"
	    "In a short run the moving statistics lag behind, and test images score far below training images: "
	    "with the momentum 0.99 of Keras they take some 300 steps, with `momentum=0.9` some 30.\n"
	    "build \"conv2d 16 3, batch_normalization momentum=0.9, relu, flatten | dense 5 softmax\"  for short runs\n"
	    "build \"conv2d 16 3, batch_normalization, relu, flatten | dense 5 softmax\"    such a net\n"
	    "diff     whether the statistics moved in the last run"},
	{"sample", "which training images a limit takes, and how to draw others", .also = {"samples"}, .text =
	    "`limit=N` takes N training images of the split: the first ones in the order of the data, or with "
	    "`sample=SEED` those that this seed draws. A run's line says which, and so does its record.\n"
	    "train lt5 limit=64            the first 64\n"
	    "train lt5 limit=64 sample=7   64 others, the same ones for each 7\n"
	    "sweep limit=16,64 seeds=5 -- reset; train lt5 limit={limit} sample={seed}  other images for each seed\n"
	    "`compare modes` draws its images by its seeds by itself."},
	{"seeds", "what is random, and how to have it again or otherwise", .also = {"random", "randomness"}, .text =
	    "All that is random follows from the setting `seed`: the weights of a new model, the order of images, "
	    "dropout. The same seed gives the same bits on any number of threads, with the feature cache or without, "
	    "interrupted or not. The order of the images, and dropout, go on with each epoch that has begun since "
	    "the last `reset`: the same `train` behind another, also one that was undone, has others.\n"
	    "Another machine gives the same bits with the same kernels: `set kernels base` is the same everywhere, "
	    "`auto` the fastest that a processor has. Equal bits are proved by the hashes of `layers` and by "
	    "\"weights\" in `export json`; two files of `save` differ in clock times and threads unless `timing off`.\n"
	    "set seed 7               for the next reset, build and run; `thaw --seed 7` from the start\n"
	    "reset seed=new           other weights, by a seed that is drawn and said\n"
	    "train lt5 sample=7 limit=64  other training images\n"
	    "compare modes lt5 seeds=5  five seeds for each way to train, with standard errors\n"
	    "sweep lr=0.1,1 seeds=5 -- reset; train lt5 limit=256  the same for any question\n"
	    "Another seed gives another result: how far apart seeds are says whether a difference means anything."},
	{"store", "runs that are kept from one session to the next", .also = {"project", "records"}, .text =
	    "Sessions at a terminal keep each run in ~/.local/state/thaw ($XDG_STATE_HOME/thaw), a batch in the folder "
	    "of `--project DIR`. A run is a file that never changes, named by the SHA-256 of its text: what it was "
	    "made with, its curves, the hash of its weights. The weights themselves are kept by `save`.\n"
	    "runs                        all of them; those of other sessions by 8 digits of their hash\n"
	    "runs val_accuracy>0.9       some of them\n"
	    "runs r1 tag good            a mark; `note` and `delete` as well\n"
	    "compare r1 0a1b2c3d         beside a run of another session\n"
	    "thaw merge A B --project C  from the shell: puts stores together\n"
	    "Trials of `sweep` and `compare modes` are kept there, too: either goes on when it was interrupted."},
	{"cluster", "many runs on many machines: plan, work and merge", .also = {"plan", "work", "merge"}, .text =
	    "Of a script with `sweep` or `compare modes` the shell makes a list of runs, a line each; any number of "
	    "processes do a part of them, and a part that was interrupted goes on where it was.\n"
	    "thaw plan sweep.thaw >plan.jsonl            every run of the script as a line, in little time\n"
	    "thaw work plan.jsonl --project S            those that the store S does not have\n"
	    "thaw work plan.jsonl --slice 2/8 --project S  the second of eight parts of them\n"
	    "thaw merge A B --project S                  puts stores together\n"
	    "thaw --project S sweep.thaw                 runs what S lacks, then prints the script's tables\n"
	    "Under Slurm, mpirun and Kubernetes `work` takes its part from their variables; the folder "
	    "PREFIX/share/thaw/cluster has a script for each. `man thaw`, MANY MACHINES, says more."},
	{"autosave", "what becomes of a session that ends unsaved", .also = {"recover", "lost"}, .text =
	    "A session whose runs no `save` has kept is saved when it ends: at a terminal by leaving or by a signal, "
	    "in a batch by a signal, Ctrl-C included, or when whoever reads its output goes away. A batch that comes "
	    "to its end has saved what it wanted, and under --safe nothing is saved. At a terminal the file is written "
	    "as the work goes, too, behind an epoch and behind a run (no more than a twentieth of the time goes into "
	    "it), so that a kill or a crash loses little: the next session offers it. `save` removes it, and a "
	    "`save` of the session in .safetensors puts what was loaded aside, as autosave-loaded or "
	    "thaw-autosave-loaded, until the next.\n"
	    "load autosave                   brings the newest back; then `resume` goes on with a run that was cut\n"
	    "~/.local/state/thaw/autosave.safetensors  of a session at a terminal; autosave-2 to autosave-8 beside it\n"
	    "./thaw-autosave.safetensors     of a batch; thaw-autosave-2 to -8 likewise\n"
	    "rm ~/.local/state/thaw/autosave*.safetensors ./thaw-autosave*.safetensors  from the shell: all of them\n"
	    "set keep off                    at a terminal nothing is saved by itself, and leaving asks once\n"
	    "At most eight are kept of each; then the oldest makes room. Each has the weights that a `save` would "
	    "have, some MB."},
	{"scripts", "commands in a file: running, checking and playing them", .also = {"script"}, .text =
	    "A script has a command a line, with words written whole; `#` begins a comment.\n"
	    "thaw lab.thaw           runs it; status 0: all succeeded, 3: only an assert failed\n"
	    "thaw -i lab.thaw        plays it on the screen, and stays\n"
	    "thaw --check lab.thaw   says what is wrong, without running it\n"
	    "thaw --safe lab.thaw    opens no file outside the working directory\n"
	    "thaw lab.ipynb          runs the cells of a notebook that begin with %%thaw\n"
	    "source lab.thaw         runs it from the prompt or from another script\n"
	    "assert accuracy > 0.9   a condition that has to hold\n"
	    "bail off                goes on behind an error"},
	{"safe", "what the script of a stranger may do under --safe", .also = {"sandbox", "security"}, .text =
	    "Nothing outside of the folder that it runs in, also by links that lead out; no network, no other "
	    "program.\n"
	    "thaw --safe lab.thaw             a script of somebody else, in a folder of its own\n"
	    "thaw --safe lab.thaw ../c.thaw   what the command line names may be read, and is not changed\n"
	    "thaw --safe=require lab.thaw     status 2 where the kernel does not see to it, too (Landlock)\n"
	    "show config                      says what holds\n"
	    "A hard link is a file like any other, wherever else it has a name; where the kernel's "
	    "fs.protected_hardlinks is 1, nobody makes one to another's file that they may not read and write.\n"
	    "No init file is read, no history kept, and nothing saved when a signal ends it. Time, memory and disk "
	    "are not limited by it; the shell does that:\n"
	    "(ulimit -v 4000000; ulimit -f 200000; timeout 600 thaw --safe lab.thaw)  4 GB, no file "
	    "above 200 MB, ten minutes"},
	{"init", "files of commands that each session at a terminal begins with", .also = {"startup", "configuration"},
	    .text = "The commands of the site come first, then your own. A batch reads neither; a script that is "
	    "played at a terminal by `thaw -i` comes behind both. Options of the command line win: what --seed, "
	    "--threads, --color or --data has given, neither changes.\n"
	    "PREFIX/etc/thaw/init  of the site, in the installation that the program belongs to, or as configured\n"
	    "~/.config/thaw/init   your own: $XDG_CONFIG_HOME/thaw/init\n"
	    "set keep off          in one: a session keeps no runs and no autosaves by itself\n"
	    "thaw --no-init        without them, as in `thaw -i --no-init lab.thaw`\n"
	    "thaw --check FILE     says what is wrong with one; at the start an error is said, and the rest runs"},
	{"keras", "what lines of Keras are called here", .apart = true, .text = ""},
	{0},
};

static bool
topics_called(const struct topic *t, const char *name)
{
	bool called = strcmp(t->name, name) == 0;

	for (size_t i = 0; i < sizeof t->also / sizeof *t->also && t->also[i] != NULL; i++)
		called |= strcmp(t->also[i], name) == 0;
	return called;
}

char *
topics_here(const char *text)
{
	static const char assets[] = "PREFIX/share/thaw";
	const char *at;
	struct str b = {0};

	for (str_add(&b, "%s", ""); (at = strstr(text, assets)) != NULL; text = at + strlen(assets)) {
		str_addn(&b, text, (size_t)(at - text));
		str_add(&b, "%s", data_assets_dir());
	}
	str_add(&b, "%s", text);
	return b.s;
}

int
topics_item(const char *line)
{
	const char *gap = strstr(line, "  ");

	return gap != NULL && gap < line + strcspn(line, "\n") ? (int)(gap - line) : 0;
}

const struct topic *
topics_find(const char *name, bool prefix)
{
	size_t n = strlen(name);

	for (const struct topic *t = topics; t->name != NULL; t++)
		if (prefix ? n > 2 && strncmp(t->name, name, n) == 0 : topics_called(t, name))
			return t;
	return NULL;
}
