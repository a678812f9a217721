#!/usr/bin/env python3
# goal_keras.py: what Keras decides on the figures of test_goal.c, and its rates there; printed with Keras 3.15.1.
import keras
import numpy as np

SEQUENCES = [
    ("val_loss", 2, 0, [0.9, 0.5, 0.6, 0.4, 0.45, 0.41, 0.3]),
    ("val_loss", 0, 0, [0.9, 0.5, 0.5, 0.4]),
    ("val_loss", 1, 0.1, [0.9, 0.85, 0.7, 0.65, 0.62]),
    ("val_accuracy", 2, 0, [0.5, 0.5, 0.6, 0.6, 0.6, 0.7]),
    ("val_loss", 1, 0, [0.9, None, 0.95, None, 0.5]),
    ("val_loss", 3, 0, [0.5, 0.6, 0.4, 0.45, 0.46]),
]


class Model:
    stop_training = False
    epoch = 0
    restored = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, w):
        self.restored = w


for metric, patience, delta, figures in SEQUENCES:
    model = Model()
    stop = keras.callbacks.EarlyStopping(metric, delta, patience, restore_best_weights=True,
        mode="max" if "accuracy" in metric else "min")
    stop.set_model(model)
    stop.on_train_begin()
    for epoch, x in enumerate(figures):
        model.epoch = epoch + 1
        stop.on_epoch_end(epoch, {} if x is None else {metric: x})
        if model.stop_training:
            break
    stop.on_train_end()
    print(metric, patience, delta, figures, "epochs", epoch + 1, "best", model.restored)

for alpha in (0.0, 0.1):
    decay = keras.optimizers.schedules.CosineDecay(1.0, 20, alpha=alpha)
    print("cosine", alpha, [float(np.array(decay(t))) for t in (0, 1, 5, 10, 19, 20, 25)])
