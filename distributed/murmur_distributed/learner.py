"""A network in training: its steps, and its bits per character of held-out text."""

from __future__ import annotations

import math
import warnings
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pad_sequence

from .convert import Weights
from .data import Text, chars_of, pieces_of, sample
from .errors import MurmurError
from .model import PRECISIONS, Architecture, Network, dropout_mask
from .options import Options
from .processes import Processes

BETAS, EPSILON = (0.9, 0.99), 1e-8
"""Of AdamW. src/training/adamw.ts says why β₂ is not that of the paper."""

MAX_NORM = 1.0
"""A gradient with a larger norm is scaled down to this one."""

SAMPLE_PART = 4000
"""The sample is cut into parts of this many characters, which are read side by side."""

NO_TARGET = -100
"""What PyTorch's cross_entropy leaves out of its sum."""

LANES, CHUNK = 256, 128
"""Texts that are read side by side, and tokens of each that are read at once."""


class Learner:
    def __init__(self, architecture: Architecture, start: Weights, processes: Processes, options: Options) -> None:
        self.steps = 0
        self._processes, self._options = processes, options
        precision = PRECISIONS[options.precision]
        self._network = Network(architecture, precision).to(processes.device)
        self._network.load_state_dict(start)
        self.mean = Network(architecture).to(processes.device).eval()
        """The network to keep: the mean of the weights over the last part of the steps. It predicts in float32, as a model file does."""
        self.mean.load_state_dict(start)
        assert_fused(precision, processes.device)
        self._model = DistributedDataParallel(self._network) if processes.count > 1 else self._network
        self._optimizer = _adamw(self._network, options.weight_decay)
        self._states = self._network.zero_states(options.batch)

    def learn(self, tokens: Tensor, targets: Tensor, rate: float) -> Tensor:
        """
        One step of truncated back-propagation through time.
        @param tokens what this process's lanes read, [window, batch], as the targets
        @returns this process's loss in nats per token, a tensor on the device; NaN if the gradient is not finite
        """
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        # Each step has a seed of its own, so a checkpoint needs no state of the random numbers.
        seed = (self._options.seed << 32) + self.steps
        mask = dropout_mask(self._network, self._processes, self._options.batch, self._options.dropout, seed)
        logits, states = self._model(tokens, self._states, mask)
        loss = functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = clip_grad_norm_(self._network.parameters(), MAX_NORM)
        self._optimizer.step()
        self._states = tuple(state.detach() for state in states)
        self.steps += 1
        self._average()
        return loss.detach() + 0 * norm

    @torch.no_grad()
    def _average(self) -> None:
        """Polynomial-decay averaging, as src/training/average.ts has it: η = 8, and every fourth step of a long run."""
        stride = 1 if self.steps < 200 else 4
        if self.steps % stride == 0:
            share = stride * 9 / (self.steps + 8)
            for mean, weights in zip(self.mean.parameters(), self._network.parameters()):
                mean.lerp_(weights, share)

    def save(self) -> dict[str, Any]:
        """All processes take part, since each has the states of its own lanes."""
        return {
            "steps": self.steps,
            "weights": self._network.state_dict(),
            "mean": self.mean.state_dict(),
            "moments": self._optimizer.state_dict()["state"],
            "states": [self._processes.gathered(state, 1) for state in self._states],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        self.steps = saved["steps"]
        self._network.load_state_dict(saved["weights"])
        self.mean.load_state_dict(saved["mean"])
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": saved["moments"]})
        own = self._processes.own_lanes(self._options.batch)
        self._states = tuple(part[:, own.start : own.stop].to(self._processes.device) for part in saved["states"])


def assert_fused(precision: torch.dtype, device: torch.device) -> None:
    """@raises MurmurError if cuDNN's layers, without which a GPU is slow, don't have the precision in this version of PyTorch"""
    if device.type == "cuda" and not torch.cudnn_is_acceptable(torch.zeros(1, dtype=precision, device=device)):
        what = f"PyTorch {torch.__version__} has no fused layers in {precision}"
        raise MurmurError(f"{what}. Use --precision float32, or a newer PyTorch.")
    # The weights are put in order for each call; that takes microseconds, and cuDNN's remark on it helps nobody.
    warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous")


def _adamw(network: Network, weight_decay: float) -> torch.optim.AdamW:
    """Matrices decay, biases do not."""
    matrices = [weights for weights in network.parameters() if weights.dim() > 1]
    biases = [weights for weights in network.parameters() if weights.dim() == 1]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]
    # One kernel for all weights; PyTorch has it from version 2 on.
    is_fused = network.embedding.is_cuda and int(torch.__version__.split(".")[0]) >= 2
    return torch.optim.AdamW(groups, lr=0.0, betas=BETAS, eps=EPSILON, **({"fused": True} if is_fused else {}))


def held_out_texts(texts: list[Text], device: torch.device) -> tuple[list[Text], list[Text]]:
    """
    What is measured before and after a run, and what is within it: as src/training/held-out.ts takes them, or ten times
    as much where there is a GPU.
    """
    scale = 10 if device.type == "cuda" else 1
    parts = [piece for text in sample(texts, scale * 40_000) for piece in pieces_of(text, SAMPLE_PART)]
    return sample(texts, scale * 160_000), parts


@torch.no_grad()
def measure(network: Network, texts: list[Text], processes: Processes) -> float:
    """Bits per character of texts, each from its first character and the zero state on: Σ −log2 p(next byte) / characters."""
    # The longest first, so that those that are read side by side are about as long.
    own = sorted(texts, key=lambda text: len(text.contents), reverse=True)[processes.rank :: processes.count]
    nats = torch.zeros((), dtype=torch.float64, device=processes.device)
    for start in range(0, len(own), LANES):
        group = own[start : start + LANES]
        contents = [torch.tensor(text.contents, dtype=torch.int64) for text in group]
        targets = pad_sequence(contents, padding_value=NO_TARGET).to(processes.device)
        # Token 0 stands before each text.
        tokens = functional.pad(targets[:-1], (0, 0, 1, 0)).clamp(min=0)
        states = network.zero_states(len(group))
        for inputs, wanted in zip(tokens.split(CHUNK), targets.split(CHUNK)):
            logits, states = network(inputs.int(), states)
            nats += functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="sum")
    return processes.sums(nats)[0] / math.log(2) / chars_of(texts)
