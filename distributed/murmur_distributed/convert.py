"""
Murmur's model files. The graph is written anew, as inferenceGraph in src/model/network.ts writes it: it depends on the
architecture alone, so a new network needs no file to start from.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from .errors import MurmurError
from .model import CELLS, LAYER_NORM_EPSILON, Architecture, Network

METADATA_KEY = "murmur"
FORMAT_VERSION = 1
OPSET, IR_VERSION = 18, 8

VOCABULARY = 256
"""The tokens are bytes of UTF-8."""

Weights = dict[str, Tensor]
"""Float32 tensors by the names of Network.named_parameters."""


def read_model(path: Path) -> tuple[Architecture, Weights]:
    """@raises MurmurError if the file is no model of Murmur's, or one of a kind that is not trained here"""
    try:
        model = onnx.load(str(path))
        stored = {entry.key: entry.value for entry in model.metadata_props}[METADATA_KEY]
        architecture = _architecture(json.loads(stored), path)
    except MurmurError:
        raise
    except Exception as error:  # those of protobuf have no common class in all versions
        raise MurmurError(f"{path} is no model of Murmur's ({error!r}). Choose a file that Murmur trained.") from error
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = Network(architecture, VOCABULARY).state_dict()
    for name, values in weights.items():
        array = arrays.get(name)
        scale = arrays.get(f"{name}.scale")
        if array is not None and scale is not None and array.dtype == np.int8:
            array = array * scale[:, None]
        if array is None or array.shape != values.shape or array.dtype != np.float32:
            raise MurmurError(
                f'The model {path} has no weights "{name}" of shape {list(values.shape)}. Train it again.'
            )
        values.copy_(torch.from_numpy(array.copy()))
    return architecture, weights


def _architecture(info: dict[str, Any], path: Path) -> Architecture:
    if info["formatVersion"] != FORMAT_VERSION:
        raise MurmurError(
            f"The model {path} has format version {info['formatVersion']}; this package reads version {FORMAT_VERSION}. "
            "Train it again, or use the version of Murmur that made it."
        )
    stored = dict(info["architecture"])
    stored["layer_norm"] = stored.pop("layerNorm", False)
    shape = stored.pop("shape", "many-to-many")
    # What other networks have, and what all networks have that are trained here.
    other = {
        "tokenizer": info["tokenizer"]["kind"],
        "task": stored.pop("task", shape),
        "labels": stored.pop("labels", []),
    }
    for name, value in {"tokenizer": "byte", "task": "many-to-many", "labels": []}.items():
        if other[name] != value:
            raise MurmurError(
                f"The {name} of {path} is {other[name]!r}; only {value!r} is trained here. Use `murmur train`."
            )
    unknown = stored.keys() - {field.name for field in fields(Architecture)}
    if unknown:
        raise MurmurError(f"The model {path} has an unknown option, {min(unknown)}. Use the package of a newer Murmur.")
    return Architecture(**stored)


def write_model(path: Path, architecture: Architecture, weights: Weights, training: dict[str, Any]) -> None:
    """Writes a model file. @param training the `training` of its metadata @raises MurmurError as write_whole does"""
    stored = {"layerNorm" if key == "layer_norm" else key: value for key, value in vars(architecture).items()}
    stored.update(task="many-to-many", labels=[])
    info = {
        "formatVersion": FORMAT_VERSION,
        "tokenizer": {"kind": "byte"},
        "architecture": stored,
        "training": training,
    }
    opset = helper.make_opsetid("", OPSET)
    graph = _graph(architecture, weights)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="murmur")
    helper.set_model_props(model, {METADATA_KEY: json.dumps(info, ensure_ascii=False, separators=(",", ":"))})
    write_whole(path, model.SerializeToString())


def write_whole(path: Path, contents: bytes) -> None:
    """Replaces a file as a whole, or leaves it as it was. @raises MurmurError that names it, if the disk is full, say"""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        try:
            with unfinished.open("wb") as file:
                file.write(contents)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        what = f"{path} can't be written ({error.strerror})"
        raise MurmurError(f"{what}. Free some space or choose another place. An old file is unchanged.") from error


def _graph(architecture: Architecture, weights: Weights) -> onnx.GraphProto:
    """`tokens` [time, batch] and `state_*` in; `logits` [time, batch, vocabulary] and `state_*_out` out."""
    cell, hidden = CELLS[architecture.cell], architecture.hidden
    nodes: list[onnx.NodeProto] = []
    constants = [numpy_helper.from_array(values.cpu().numpy(), name) for name, values in weights.items()]

    def node(operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> list[str]:
        nodes.append(helper.make_node(operator, inputs, outputs, name=f"{operator}_{len(nodes)}", **attributes))
        return outputs

    def apply(operator: str, *inputs: str, **attributes: Any) -> str:
        return node(operator, list(inputs), [f"{operator}_{len(nodes)}:0"], **attributes)[0]

    def constant(values: Any, kind: type) -> str:
        constants.append(numpy_helper.from_array(np.array(values, dtype=kind), f"constant_{len(constants)}"))
        return constants[-1].name

    def normalized(x: str) -> str:
        if not architecture.layer_norm:
            return x
        ones = constant(np.ones(hidden), np.float32)
        return apply("LayerNormalization", x, ones, axis=-1, epsilon=LAYER_NORM_EPSILON)

    zero, one = constant([0], np.int64), constant([1], np.int64)
    x = apply("Gather", "embedding", "tokens", axis=0)
    if architecture.tied:
        x = apply("Mul", x, constant(math.sqrt(architecture.embedding), np.float32))
    is_gru = architecture.cell == "gru"
    reset = {"linear_before_reset": 1} if is_gru else {}
    zeros = constant(np.zeros((2 if is_gru else cell.gates) * hidden), np.float32)
    last: list[list[str]] = []
    for i in range(architecture.layers):
        at = constant([i], np.int64), constant([i + 1], np.int64), zero
        states = [apply("Slice", f"state_{state}", *at) for state in cell.states]
        W, R = (apply("Unsqueeze", f"layer{i}.{name}", zero) for name in "WR")
        bias = apply("Concat", f"layer{i}.b", zeros, *([f"layer{i}.c"] if is_gru else []), axis=0)
        inputs = [normalized(x) if i > 0 else x, W, R, apply("Unsqueeze", bias, zero), "", *states]
        names = [f"layer{i}:{k}" for k in range(1 + len(states))]
        output, *after = node(cell.operator, inputs, names, hidden_size=hidden, **reset)
        last.append(after)
        output = apply("Squeeze", output, one)
        x = apply("Add", x, output) if architecture.residual and i > 0 else output
    matrix = apply("Transpose", "embedding" if architecture.tied else "output.W", perm=[1, 0])
    node("Add", [apply("MatMul", normalized(x), matrix), "output.b"], ["logits"])
    for state, parts in zip(cell.states, zip(*last)):
        node("Concat", list(parts), [f"state_{state}_out"], axis=0)

    def floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))

    shape = (architecture.layers, "batch", hidden)
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT32, ["time", "batch"])
    before = [floats(f"state_{state}", *shape) for state in cell.states]
    after = [floats(f"state_{state}_out", *shape) for state in cell.states]
    logits = floats("logits", "time", "batch", VOCABULARY)
    return helper.make_graph(nodes, "murmur", [tokens, *before], [logits, *after], constants)
