/* names.h: the classes of well-known data sets by name. */
#ifndef NAMES_H
#define NAMES_H

/* What a data set is, by a word in the name of its folder or of its files: "fashion", "kmnist", "cifar10", and EMNIST's
 * sets of letters, as "emnist-balanced". Returns its *n names, in the order of the labels, the caller's, each from
 * malloc; NULL where the classes are digits or nothing is known. */
char **names_known(const char *word, int *n);
void names_free(char **name, int n);

#endif
