"""Held-out bits per character, as `murmur evaluate --sources rnn` counts them."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch.nn import functional

from .data import Text, pieces_of, sample
from .model import Network
from .processes import Processes

SAMPLE_PART = 4000
"""The sample is cut into parts of this many characters, which are read side by side."""

LANES, CHUNK = 256, 128
"""Texts that are read side by side, and tokens of each that are read at once."""


class HeldOut(NamedTuple):
    chars: int
    bits_per_char: float


def held_out_texts(texts: list[Text], device: torch.device) -> tuple[list[Text], list[Text]]:
    """
    What is measured before and after a run, and what is within it: as src/training/held-out.ts takes them, or ten times
    as much where there is a GPU.
    """
    scale = 10 if device.type == "cuda" else 1
    parts = [piece for text in sample(texts, scale * 40_000) for piece in pieces_of(text, SAMPLE_PART)]
    return sample(texts, scale * 160_000), parts


@torch.no_grad()
def measure(network: Network, texts: list[Text], processes: Processes) -> HeldOut:
    """The mean cost of the texts, each from its first character and the zero state on, Σ −log2 p(next byte) / characters."""
    device = processes.device
    longest_first = sorted(texts, key=lambda text: len(text.contents), reverse=True)
    own = longest_first[processes.rank :: processes.count]
    nats = torch.zeros((), dtype=torch.float64, device=device)
    for start in range(0, len(own), LANES):
        group = own[start : start + LANES]
        length = len(group[0].contents)
        # Token 0 stands before each text; padding after it does not count.
        tokens = torch.zeros((length + 1, len(group)), dtype=torch.uint8)
        for lane, text in enumerate(group):
            tokens[1 : 1 + len(text.contents), lane] = torch.tensor(text.contents)
        tokens = tokens.to(device)
        lengths = torch.tensor([len(text.contents) for text in group], device=device)
        states = network.zero_states(len(group))
        for at in range(0, length, CHUNK):
            end = min(at + CHUNK, length)
            logits, states = network(tokens[at:end].int(), states)
            targets = tokens[at + 1 : end + 1].long()
            costs = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view_as(targets)
            counts = torch.arange(at, end, device=device)[:, None] < lengths
            nats += (costs * counts).sum(dtype=torch.float64)
    total, chars = processes.sums(nats, sum(text.chars for text in own))
    return HeldOut(int(chars), total / math.log(2) / max(1, chars))
