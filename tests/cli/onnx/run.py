#!/usr/bin/env python3
"""run.py FILE.onnx ANSWERS ASSETS: the file passes onnx' checker, its shapes are those that onnx infers, and onnxruntime
gives the probabilities that thaw printed (ANSWERS: its `predict` in mode json) to 1e-6."""
import gzip
import json
import sys

import numpy as np
import onnx
import onnxruntime

path, answers, assets = sys.argv[1:]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)


def shape(value):
    return [d.dim_value or d.dim_param for d in value.type.tensor_type.shape.dim]


bare = onnx.ModelProto()
bare.CopyFrom(model)
del bare.graph.value_info[:]
inferred = {v.name: shape(v) for v in onnx.shape_inference.infer_shapes(bare, strict_mode=True).graph.value_info}
assert {v.name: shape(v) for v in model.graph.value_info} == inferred, (model.graph.value_info, inferred)

with gzip.open(assets + "/mnist/t10k-images-idx3-ubyte.gz") as f:
    x = np.frombuffer(f.read(), np.uint8, -1, 16).reshape(-1, 28, 28, 1).astype("f") / np.float32(255)
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
run = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]).run
predictions = [a for a in map(json.loads, open(answers)) if a["event"] == "predict"]
index = [int(a["image"].split(":")[1]) for a in predictions]
expected = np.array([list(a["probabilities"].values()) for a in predictions])
assert len(index) >= 3, predictions
for got in (run(None, {"input": x[index]})[0], np.vstack([run(None, {"input": x[i:i + 1]})[0] for i in index])):
    worst = abs(got - expected).max()
    assert worst < 1e-6, worst
print("worst difference", worst)
