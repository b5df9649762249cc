"""A network in training: its weights, and all else that changes with each step."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import clip_grad_norm_

from .convert import VOCABULARY, Weights
from .data import Lanes
from .errors import MurmurError
from .model import Architecture, Network, dropout_mask
from .options import Options
from .processes import Processes

BETAS, EPSILON = (0.9, 0.99), 1e-8
"""Of AdamW. src/training/adamw.ts says why β₂ is not that of the paper."""

MAX_NORM = 1.0
"""A gradient with a larger norm is scaled down to this one."""


PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class Learner:
    def __init__(
        self, architecture: Architecture, start: Weights, reader: Lanes, processes: Processes, options: Options
    ) -> None:
        self.steps = 0
        self._reader, self._processes, self._options = reader, processes, options
        self._network = Network(architecture, VOCABULARY, PRECISIONS[options.precision]).to(processes.device)
        self._network.load_state_dict(start)
        self.mean = Network(architecture, VOCABULARY).to(processes.device).eval()
        """The network to keep, whose weights are the mean over the last part of the steps. It predicts in float32, as a model file does."""
        self.mean.load_state_dict(start)
        assert_fused(PRECISIONS[options.precision], processes.device)
        self._model: nn.Module = self._network
        if processes.count > 1:
            self._model = DistributedDataParallel(self._network)
        self._optimizer = _adamw(self._network, options.weight_decay)
        self._states = self._network.zero_states(len(reader.own))

    def learn(self, rate: float) -> Tensor:
        """
        One step of truncated back-propagation through time.
        @returns this process's loss in nats per token, a tensor on the device; NaN if the gradient is not finite
        """
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        tokens, targets = self._reader.read()
        logits, states = self._model(tokens, self._states, self._mask())
        loss = functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = clip_grad_norm_(self._network.parameters(), MAX_NORM)
        self._optimizer.step()
        self._states = tuple(state.detach() for state in states)
        self.steps += 1
        self._average()
        return loss.detach() + 0 * norm

    def _mask(self) -> Tensor | None:
        rate = self._options.dropout
        if rate == 0:
            return None
        # Each step has a seed of its own, so a checkpoint needs no state of the random numbers.
        seed = (self._options.seed << 32) + self.steps
        return dropout_mask(self._network, self._reader.lanes, self._reader.own, rate, seed)

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

    def restore(self, state: dict[str, Any]) -> None:
        self.steps = state["steps"]
        self._network.load_state_dict(state["weights"])
        self.mean.load_state_dict(state["mean"])
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": state["moments"], "param_groups": groups})
        own = self._reader.own
        self._states = tuple(part[:, own.start : own.stop].to(self._processes.device) for part in state["states"])
        self._reader.seek(self.steps)


def assert_fused(precision: torch.dtype, device: torch.device) -> None:
    """@raises MurmurError if cuDNN's layers, without which a GPU is slow, don't have the precision in this version of PyTorch"""
    if device.type == "cuda" and not torch.cudnn_is_acceptable(torch.zeros(1, dtype=precision, device=device)):
        raise MurmurError(
            f"PyTorch {torch.__version__} has no fused layers in {precision}. Use --precision float32, or a newer PyTorch."
        )
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
