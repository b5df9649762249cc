"""
Murmur's model files. The graph is written here anew, as inferenceGraph in src/model/network.ts writes it: it depends on the
architecture alone, so a new network needs no file to start from.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
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
OPSET = 18
IR_VERSION = 8

VOCABULARY = 256
"""The tokens are bytes of UTF-8."""

Weights = dict[str, Tensor]
"""Float32 tensors by the names of Network.named_parameters."""

_names = {"layerNorm": "layer_norm"}
_options = {"cell", "layers", "hidden", "embedding", "residual", "layerNorm", "tied"}


def read_model(path: Path) -> tuple[Architecture, Weights]:
    """@raises MurmurError if the file is no model of Murmur's, or one of another kind than this package trains"""
    try:
        model = onnx.load(str(path))
    except Exception as error:  # protobuf's errors have no common class in all versions
        raise MurmurError(
            f"The model {path} can't be read ({error}). Choose a model file that Murmur trained."
        ) from error
    stored = {entry.key: entry.value for entry in model.metadata_props}.get(METADATA_KEY)
    if stored is None:
        raise MurmurError(f'{path} has no "{METADATA_KEY}" metadata. Choose a model file that Murmur trained.')
    architecture = _architecture(json.loads(stored), path)
    arrays = {tensor.name: tensor for tensor in model.graph.initializer}
    weights: Weights = {}
    for name, parameter in Network(architecture, VOCABULARY).named_parameters():
        array = numpy_helper.to_array(arrays[name]) if name in arrays else np.zeros(0)
        if array.shape != parameter.shape or array.dtype != np.float32:
            raise MurmurError(
                f'The model {path} has no weights "{name}" of shape {list(parameter.shape)}. Train it again.'
            )
        weights[name] = torch.from_numpy(array.copy())
    return architecture, weights


def _architecture(info: dict[str, Any], path: Path) -> Architecture:
    if info.get("formatVersion") != FORMAT_VERSION:
        raise MurmurError(
            f"The model {path} has format version {info.get('formatVersion')}; this package reads version {FORMAT_VERSION}. "
            "Train it again, or use the version of Murmur that made it."
        )
    kind = info.get("tokenizer", {}).get("kind")
    if kind != "byte":
        raise MurmurError(
            f'The tokens of the model {path} are of kind "{kind}", but only "byte" is trained here. Use `murmur train`.'
        )
    stored = dict(info["architecture"])
    task = stored.pop("task", stored.pop("shape", "many-to-many"))
    stored.pop("shape", None)
    if task != "many-to-many":
        raise MurmurError(
            f'The task of the model {path} is "{task}", but only "many-to-many" is trained here. Use `murmur train`.'
        )
    if not stored.pop("labels", []) == []:
        raise MurmurError(f"The model {path} has labels, which only a classifier has. Use `murmur train`.")
    for name in stored:
        if name not in _options:
            raise MurmurError(
                f'The model {path} has an option "{name}" that this package does not know. Use a newer version of it.'
            )
    try:
        return Architecture(**{_names.get(name, name): value for name, value in stored.items()})
    except TypeError as error:
        raise MurmurError(f"The architecture of the model {path} is not complete ({error}). Train it again.") from error


def write_model(path: Path, architecture: Architecture, weights: Weights, training: dict[str, Any]) -> None:
    """Replaces the file by a whole model file, or leaves it as it was. @param training the `training` of the metadata"""
    stored = {
        "cell": architecture.cell,
        "layers": architecture.layers,
        "hidden": architecture.hidden,
        "embedding": architecture.embedding,
        "residual": architecture.residual,
        "layerNorm": architecture.layer_norm,
        "tied": architecture.tied,
        "task": "many-to-many",
        "labels": [],
    }
    info = {
        "formatVersion": FORMAT_VERSION,
        "tokenizer": {"kind": "byte"},
        "architecture": stored,
        "training": training,
    }
    graph = _graph(architecture, weights)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="murmur"
    )
    helper.set_model_props(model, {METADATA_KEY: json.dumps(info, ensure_ascii=False)})
    write_whole(path, model.SerializeToString())


def write_whole(path: Path, contents: bytes) -> None:
    """Replaces a file as a whole, or leaves it as it was. @raises MurmurError that names the file, if the disk is full, say"""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise MurmurError(
            f"{path} can't be written ({error.strerror}). Free some space or choose another place. The old file, if there was "
            "one, is unchanged."
        ) from error


@dataclass
class _Graph:
    """Nodes and constants, as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, operator: str, inputs: list[str], outputs: int | list[str] = 1, **attributes: object) -> list[str]:
        name = f"{operator}_{len(self.nodes)}"
        names = outputs if isinstance(outputs, list) else [f"{name}:{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, name=name, **attributes))
        return names

    def apply(self, operator: str, *inputs: str, **attributes: object) -> str:
        return self.add(operator, list(inputs), **attributes)[0]

    def constant(self, values: np.ndarray, name: str | None = None) -> str:
        name = name or f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def int64s(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))


def _graph(architecture: Architecture, weights: Weights) -> onnx.GraphProto:
    """`tokens` [time, batch] and `state_*` in; `logits` [time, batch, vocabulary] and `state_*_out` out."""
    cell, hidden = CELLS[architecture.cell], architecture.hidden
    graph = _Graph()
    for name, values in weights.items():
        graph.constant(values.cpu().numpy(), name)

    def normalized(x: str) -> str:
        if not architecture.layer_norm:
            return x
        ones = graph.constant(np.ones(hidden, dtype=np.float32))
        return graph.apply("LayerNormalization", x, ones, axis=-1, epsilon=LAYER_NORM_EPSILON)

    x = graph.apply("Gather", "embedding", "tokens", axis=0)
    if architecture.tied:
        x = graph.apply("Mul", x, graph.constant(np.array(math.sqrt(architecture.embedding), dtype=np.float32)))
    attributes: dict[str, object] = {"hidden_size": hidden}
    if architecture.cell == "gru":
        attributes["linear_before_reset"] = 1
    last: list[list[str]] = []
    for i in range(architecture.layers):
        one, two = graph.int64s(i), graph.int64s(i + 1)
        states = [graph.apply("Slice", f"state_{state}", one, two, graph.int64s(0)) for state in cell.states]
        W, R = (graph.apply("Unsqueeze", f"layer{i}.{name}", graph.int64s(0)) for name in "WR")
        if architecture.cell == "gru":
            zeros = graph.constant(np.zeros(2 * hidden, dtype=np.float32))
            bias = graph.apply("Concat", f"layer{i}.b", zeros, f"layer{i}.c", axis=0)
        else:
            zeros = graph.constant(np.zeros(cell.gates * hidden, dtype=np.float32))
            bias = graph.apply("Concat", f"layer{i}.b", zeros, axis=0)
        bias = graph.apply("Unsqueeze", bias, graph.int64s(0))
        inputs = [normalized(x) if i > 0 else x, W, R, bias, "", *states]
        output, *after = graph.add(cell.operator, inputs, 1 + len(states), **attributes)
        last.append(after)
        output = graph.apply("Squeeze", output, graph.int64s(1))
        x = graph.apply("Add", x, output) if architecture.residual and i > 0 else output
    matrix = graph.apply("Transpose", "embedding" if architecture.tied else "output.W", perm=[1, 0])
    product = graph.apply("MatMul", normalized(x), matrix)
    graph.add("Add", [product, "output.b"], ["logits"])
    for state, parts in zip(cell.states, zip(*last)):
        graph.add("Concat", list(parts), [f"state_{state}_out"], axis=0)

    def tensor(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, list(shape))

    shape = (architecture.layers, "batch", hidden)
    states = [tensor(f"state_{state}", TensorProto.FLOAT, *shape) for state in cell.states]
    after = [tensor(f"state_{state}_out", TensorProto.FLOAT, *shape) for state in cell.states]
    return helper.make_graph(
        graph.nodes,
        "murmur",
        [tensor("tokens", TensorProto.INT32, "time", "batch"), *states],
        [tensor("logits", TensorProto.FLOAT, "time", "batch", VOCABULARY), *after],
        graph.constants,
    )
