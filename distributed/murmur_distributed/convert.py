"""
The files of a run: Murmur's model files, and checkpoints. The graph of a model file is written anew, as inferenceGraph in
src/model/network.ts writes it: it depends on the architecture alone, so a new network needs no file to start from.
"""

# Debian's onnx has no types of its protocol buffers.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import base64
import io
import json
import math
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from .data import HASH
from .errors import MurmurError
from .model import CELLS, LAYER_NORM_EPSILON, VOCABULARY, Architecture, Network

METADATA_KEY = "murmur"
FORMAT_VERSION = 1
OPSET, IR_VERSION = 18, 8

TRAINED = {"format version": FORMAT_VERSION, "tokenizer": "byte", "task": "many-to-many", "labels": []}
"""What the networks have in common that are trained here."""

Weights = dict[str, Tensor]
"""Float32 tensors by the names of Network.named_parameters."""


def read_model(path: Path) -> tuple[Architecture, Weights, set[str]]:
    """
    @returns also the hashes that stand for what it has read: `training.texts` in src/model/info.ts
    @raises MurmurError if the file is no model of Murmur's, or one of a kind that is not trained here
    """
    try:
        model = onnx.load(str(path))
        info = json.loads({entry.key: entry.value for entry in model.metadata_props}[METADATA_KEY])
        architecture = _architecture(info, path)
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        weights = Network(architecture).state_dict()
        for name, values in weights.items():
            array = arrays.get(name, np.empty(0))
            if array.dtype == np.int8:
                array = array * arrays[f"{name}.scale"][:, None]
            if array.shape != values.shape or array.dtype != np.float32:
                raise MurmurError(f'{path} has no weights "{name}" of shape {list(values.shape)}. Train it again.')
            values.copy_(torch.from_numpy(array.copy()))
        return architecture, weights, set(HASH.findall(base64.b64decode(info["training"].get("texts", "")).hex()))
    except MurmurError:
        raise
    except Exception as error:  # those of protobuf have no common class in all versions
        raise MurmurError(f"{path} is no model of Murmur's ({error!r}). Choose a file that Murmur trained.") from error


def _architecture(info: dict[str, Any], path: Path) -> Architecture:
    stored = {"layer_norm" if key == "layerNorm" else key: value for key, value in info["architecture"].items()}
    found = {"format version": info["formatVersion"], "tokenizer": info["tokenizer"]["kind"]}
    found.update(task=stored.pop("task", stored.pop("shape", "many-to-many")), labels=stored.pop("labels", []))
    for name, value in TRAINED.items():
        if found[name] != value:
            raise MurmurError(f"The {name} of {path} is {found[name]!r}, not {value!r} as here. Use `murmur train`.")
    if unknown := stored.keys() - {field.name for field in fields(Architecture)}:
        raise MurmurError(f"The model {path} has an unknown option, {min(unknown)}. Use the package of a newer Murmur.")
    return Architecture(**stored)


def write_model(path: Path, architecture: Architecture, weights: Weights, training: dict[str, Any]) -> None:
    """Writes a model file. @param training the `training` of its metadata @raises MurmurError as write_whole does"""
    stored = {"layerNorm" if key == "layer_norm" else key: value for key, value in vars(architecture).items()}
    stored.update(task=TRAINED["task"], labels=TRAINED["labels"])
    tokenizer = {"kind": TRAINED["tokenizer"]}
    info = {"formatVersion": FORMAT_VERSION, "tokenizer": tokenizer, "architecture": stored, "training": training}
    opsets = [helper.make_opsetid("", OPSET)]
    graph = _graph(architecture, weights)
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="murmur")
    helper.set_model_props(model, {METADATA_KEY: json.dumps(info, ensure_ascii=False, separators=(",", ":"))})
    write_whole(path, model.SerializeToString())


def write_whole(path: Path, contents: bytes) -> None:
    """Replaces a file as a whole, or leaves it as it was. @raises MurmurError that names it, if the disk is full, say"""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        what = f"{path} can't be written ({error.strerror})"
        raise MurmurError(f"{what}. Free some space or choose another place. An old file is unchanged.") from error


def write_checkpoint(path: Path, run: dict[str, Any], state: dict[str, Any]) -> None:
    """
    Writes everything that a run needs to continue as if it had never stopped.
    @param run what decides the steps of the run
    @param state tensors, whole numbers, and lists and dicts of them: PyTorch 1.13 reads no others unless it may run code
    @raises MurmurError if it can't be written; the old one stays
    """
    contents = io.BytesIO()
    torch.save({"run": json.dumps(run), **state}, contents)
    write_whole(path, contents.getvalue())


def read_checkpoint(path: Path, run: dict[str, Any]) -> dict[str, Any] | None:
    """The state, or None if there is no checkpoint. @raises MurmurError if it is damaged or belongs to another run"""
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        saved = json.loads(state["run"])
    except Exception as error:  # torch.load raises whatever its parts raise
        problem = f"The checkpoint {path} is damaged ({error}). Delete it, or train without --resume."
        raise MurmurError(problem) from error
    for name, value in run.items():
        if saved.get(name) != value:
            what = f"belongs to a run with another {name}, {saved.get(name)} instead of {value}"
            raise MurmurError(f"The checkpoint {path} {what}. Give what that run had, or train without --resume.")
    return state


def _graph(architecture: Architecture, weights: Weights) -> onnx.GraphProto:
    """`tokens` [time, batch] and `state_*` in; `logits` [time, batch, vocabulary] and `state_*_out` out."""
    cell, layers, hidden = CELLS[architecture.cell], architecture.layers, architecture.hidden
    is_gru = cell.operator == "GRU"
    nodes: list[onnx.NodeProto] = []
    constants = [numpy_helper.from_array(values.cpu().numpy(), name) for name, values in weights.items()]

    def apply(operator: str, *inputs: str, to: Sequence[str] = (), **attributes: Any) -> str:
        outputs = to or [f"{operator}_{len(nodes)}:0"]
        nodes.append(helper.make_node(operator, inputs, outputs, name=f"{operator}_{len(nodes)}", **attributes))
        return outputs[0]

    def constant(values: Any, kind: type) -> str:
        constants.append(numpy_helper.from_array(np.array(values, dtype=kind), f"constant_{len(constants)}"))
        return constants[-1].name

    def normalized(x: str) -> str:
        if not architecture.layer_norm:
            return x
        ones = constant(np.ones(hidden), np.float32)
        return apply("LayerNormalization", x, ones, axis=-1, epsilon=LAYER_NORM_EPSILON)

    zero, one = constant([0], np.int64), constant([1], np.int64)
    zeros = constant(np.zeros((2 if is_gru else cell.gates) * hidden), np.float32)
    x = apply("Gather", "embedding", "tokens", axis=0)
    if architecture.tied:
        x = apply("Mul", x, constant(math.sqrt(architecture.embedding), np.float32))
    for i in range(layers):
        at = constant([i], np.int64), constant([i + 1], np.int64), zero
        before = [apply("Slice", f"state_{state}", *at) for state in cell.states]
        W, R = (apply("Unsqueeze", f"layer{i}.{name}", zero) for name in "WR")
        bias = apply("Concat", f"layer{i}.b", zeros, *([f"layer{i}.c"] if is_gru else []), axis=0)
        inputs = [normalized(x) if i > 0 else x, W, R, apply("Unsqueeze", bias, zero), "", *before]
        outputs = [f"layer{i}", *(f"layer{i}:{state}" for state in cell.states)]
        reset = {"linear_before_reset": 1} if is_gru else {}
        output = apply("Squeeze", apply(cell.operator, *inputs, to=outputs, hidden_size=hidden, **reset), one)
        x = apply("Add", x, output) if architecture.residual and i > 0 else output
    matrix = apply("Transpose", "embedding" if architecture.tied else "output.W", perm=[1, 0])
    apply("Add", apply("MatMul", normalized(x), matrix), "output.b", to=["logits"])
    for state in cell.states:
        apply("Concat", *(f"layer{i}:{state}" for i in range(layers)), to=[f"state_{state}_out"], axis=0)

    def value(name: str, shape: Sequence[int | str], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    shape = (layers, "batch", hidden)
    inputs = [value("tokens", ("time", "batch"), TensorProto.INT32), *(value(f"state_{s}", shape) for s in cell.states)]
    outputs = [value("logits", ("time", "batch", VOCABULARY)), *(value(f"state_{s}_out", shape) for s in cell.states)]
    return helper.make_graph(nodes, "murmur", inputs, outputs, constants)
