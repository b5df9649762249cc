"""The many-to-many networks of src/model, computed by PyTorch's own layers (cuDNN's, on a GPU)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from .errors import MurmurError
from .processes import Processes

States = tuple[Tensor, ...]
"""The recurrent states: h, and c of an LSTM; [layers, batch, hidden] each."""

LAYER_NORM_EPSILON = 1e-5

VOCABULARY = 256
"""The tokens are bytes of UTF-8."""

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass(frozen=True)
class Cell:
    """What the kinds of recurrent network differ in."""

    operator: str
    """ONNX's operator for a layer."""
    states: tuple[str, ...]
    gates: int
    torch_order: tuple[int, ...]
    """PyTorch's blocks of rows, by their places in ONNX's order, which is that of the model file."""
    open_gate: int | None
    """The gate whose bias starts at 1, so that gradients pass at first (Jozefowicz et al. 2015, §2.2)."""
    layer: Callable[..., tuple[Tensor, ...]]


CELLS = {
    "rnn": Cell("RNN", ("h",), 1, (0,), None, torch.rnn_tanh),
    # ONNX: i, o, f, g. PyTorch: i, f, g, o.
    "lstm": Cell("LSTM", ("h", "c"), 4, (0, 2, 3, 1), 2, torch.lstm),
    # ONNX: z, r, n. PyTorch: r, z, n. Both apply the reset gate after the recurrent product.
    "gru": Cell("GRU", ("h",), 3, (1, 0, 2), 0, torch.gru),
}


@dataclass(frozen=True)
class Architecture:
    """The `architecture` of a model file; see src/model/info.ts."""

    cell: str
    layers: int
    hidden: int
    embedding: int
    residual: bool = False
    layer_norm: bool = False
    tied: bool = False

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise MurmurError(f'There is no cell "{self.cell}". Use one of: {", ".join(CELLS)}.')
        for name, most in {"layers": 8, "hidden": 4096, "embedding": 4096}.items():
            if not 1 <= getattr(self, name) <= most:
                raise MurmurError(f"{name} is {getattr(self, name)}, but must be from 1 to {most}.")
        if self.tied and self.embedding != self.hidden:
            raise MurmurError("Tied embeddings must be as wide as the hidden state.")


class Network(nn.Module):
    """A many-to-many network. `named_parameters` has the names and the order of parameterSpecs in src/model/parameters.ts."""

    def __init__(self, architecture: Architecture, precision: torch.dtype = torch.float32) -> None:
        """@param precision of the products and states; the weights and the loss are always in float32"""
        super().__init__()
        self.architecture, self.precision, self.cell = architecture, precision, CELLS[architecture.cell]
        hidden, rows = architecture.hidden, self.cell.gates * architecture.hidden
        self.embedding = nn.Parameter(torch.empty(VOCABULARY, architecture.embedding))
        self.layers: list[nn.ParameterDict] = []
        for i in range(architecture.layers):
            inputs = hidden if i > 0 else architecture.embedding
            own = {"c": (hidden,)} if self.cell.operator == "GRU" else {}
            self.layers.append(_parameters(W=(rows, inputs), R=(rows, hidden), b=(rows,), **own))
            self.add_module(f"layer{i}", self.layers[i])
        # Tied to the embedding, the output layer has a bias alone.
        own = {} if architecture.tied else {"W": (VOCABULARY, hidden)}
        self.output = _parameters(**own, b=(VOCABULARY,))

    def forward(self, tokens: Tensor, states: States, mask: Tensor | None = None) -> tuple[Tensor, States]:
        """
        @param tokens [time, batch]
        @param mask [layers, batch, hidden]: what the output of each layer is multiplied with
        @returns logits [time, batch, vocabulary] in float32, and the states after the last token
        """
        has = self.architecture
        # In the precision from here on: casting the table is cheaper than casting what is read from it.
        table = self.embedding.to(self.precision)
        x = functional.embedding(tokens, table * math.sqrt(has.embedding) if has.tied else table)
        last: list[States] = []
        for i, weights in enumerate(self.layers):
            below = self._normalized(x) if i > 0 else x
            output, after = self._layer(weights, below, tuple(state[i : i + 1].contiguous() for state in states))
            last.append(after)
            if mask is not None:
                output = output * mask[i]
            x = x + output if has.residual and i > 0 else output
        matrix = table if has.tied else self.output["W"].to(self.precision)
        logits = functional.linear(self._normalized(x), matrix).float() + self.output["b"]
        return logits, tuple(torch.cat(parts) for parts in zip(*last))

    def _layer(self, weights: nn.ParameterDict, x: Tensor, states: States) -> tuple[Tensor, States]:
        """x [time, batch, inputs] and states [1, batch, hidden] to the output [time, batch, hidden] and the last states."""
        in_blocks = (weights[name].to(self.precision).chunk(self.cell.gates) for name in "WRb")
        W, R, b = (torch.cat([blocks[i] for i in self.cell.torch_order]) for blocks in in_blocks)
        recurrent_bias = torch.zeros_like(b)
        if "c" in weights:
            c = weights["c"].to(self.precision)
            recurrent_bias = torch.cat([recurrent_bias[len(c) :], c])
        initial = states if self.cell.operator == "LSTM" else states[0]
        # With biases, one layer, no dropout, one direction, time before batch.
        output, *last = self.cell.layer(
            x, initial, [W, R, b, recurrent_bias], True, 1, 0.0, self.training, False, False
        )
        return output, tuple(last)

    def _normalized(self, x: Tensor) -> Tensor:
        if not self.architecture.layer_norm:
            return x
        return functional.layer_norm(x, x.shape[-1:], eps=LAYER_NORM_EPSILON)

    def zero_states(self, batch: int) -> States:
        """The states before the first token."""
        shape = (self.architecture.layers, batch, self.architecture.hidden)
        return tuple(torch.zeros(shape, dtype=self.precision, device=self.embedding.device) for _ in self.cell.states)

    def initialize(self, seed: int) -> None:
        """
        Draws initial values by the rules of the cells and of parameterSpecs: uniform in ± a scale, biases zero, and an
        open gate where the cell has one. The stream of random numbers is PyTorch's.
        """
        random = torch.Generator().manual_seed(seed)
        embedding_scale = 1 / math.sqrt(self.architecture.hidden) if self.architecture.tied else 1.0
        with torch.no_grad():
            for name, weights in self.named_parameters():
                if weights.dim() == 1:
                    weights.zero_()
                    continue
                scale = embedding_scale if name == "embedding" else 1 / math.sqrt(weights.shape[1])
                weights.copy_((2 * torch.rand(weights.shape, generator=random) - 1) * scale)
            gate, hidden = self.cell.open_gate, self.architecture.hidden
            if gate is not None:
                for layer in self.layers:
                    layer["b"][gate * hidden : (gate + 1) * hidden] = 1


def _parameters(**shapes: tuple[int, ...]) -> nn.ParameterDict:
    """Weights by their names in the model file; their values are not set."""
    return nn.ParameterDict([(name, nn.Parameter(torch.empty(shape))) for name, shape in shapes.items()])


def dropout_mask(network: Network, processes: Processes, batch: int, rate: float, seed: int) -> Tensor | None:
    """
    What each layer's output is multiplied with, the same at all times of a window (variational dropout, Gal & Ghahramani
    2016, §4): [layers, batch, hidden]. It is drawn for all lanes, so that it does not depend on how they are dealt.
    """
    if rate == 0:
        return None
    own, device = processes.own_lanes(batch), processes.device
    shape = (network.architecture.layers, batch * processes.count, network.architecture.hidden)
    kept = torch.rand(shape, generator=torch.Generator(device).manual_seed(seed), device=device) >= rate
    return kept[:, own.start : own.stop].to(network.precision) / (1 - rate)


def default_rate(architecture: Architecture, is_fine_tuning: bool) -> float:
    """The default peak of the learning rate: peakRateOf in src/training/options.ts, for byte tokens."""
    peak = {"lstm": 2e-2, "gru": 1e-2, "rnn": 1e-2}[architecture.cell]
    return peak * min(1.0, 256 / (architecture.layers * architecture.hidden)) * (0.1 if is_fine_tuning else 1.0)
