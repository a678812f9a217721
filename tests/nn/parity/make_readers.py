"""make_readers.py: what scikit-learn's readers make of numbers, for tests/nn/test_nn_readers.c.

Usage: venv/bin/python make_readers.py >readers.h    (scikit-learn 1.9.1)

The numbers follow from a formula, in single precision: sample i is of class (5 i + i // 7) % 4, and its number j is
((7919 i + 104729 j + 31 i j) % 1009) / 1009, 0.125 more where j % 4 is the class. Samples 0 to 269 are learned from, 300 to
339 are read.
"""
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier

CLASSES, TRAIN, FIRST, READ = 4, 270, 300, 40


def numbers(first, n, size):
    i, j = np.arange(first, first + n)[:, None], np.arange(size)[None, :]
    label = ((5 * i + i // 7) % CLASSES)[:, 0]
    x = ((7919 * i + 104729 * j + 31 * i * j) % 1009).astype(np.float32) / np.float32(1009)
    return (x + np.float32(0.125) * (j % CLASSES == label[:, None]).astype(np.float32)).astype(np.float32), label


print("/* readers.h: by make_readers.py: what scikit-learn's Ridge and KNeighborsClassifier say. */")
for size in (7, 260):
    x, y = numbers(0, TRAIN, size)
    q, label = numbers(FIRST, READ, size)
    x, q = x.astype(np.float64), q.astype(np.float64)
    alpha = 0.01 * ((x - x.mean(0)) ** 2).sum() / TRAIN
    scores = Ridge(alpha=alpha, solver="cholesky").fit(x, np.eye(CLASSES)[y]).predict(q)
    near = KNeighborsClassifier(15, algorithm="brute").fit(x, y).predict(q)
    print("static const double lambda_%d = %.17g;" % (size, alpha))
    print("static const double scores_%d[%d][%d] = {" % (size, READ, CLASSES))
    for row in scores:
        print("\t{" + ", ".join("%.9f" % v for v in row) + "},")
    print("};")
    print("static const int near_%d[] = {%s};" % (size, ", ".join(map(str, near))))
    order = np.sort(scores, axis=1)
    print("/* right: linear %d, near %d; the closest two scores are %.2g apart */" % ((scores.argmax(1) == label).sum(),
          (near == label).sum(), (order[:, -1] - order[:, -2]).min()))
