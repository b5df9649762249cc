"""
Trains PyTorch's own nn.LSTM or nn.GRU on the first 90 % of a text for some minutes, as its users would, and prints the best loss on
the last 10 %: what Murmur's trainer is measured against.

    torch_plain.py FILE [--cell gru] [--hidden 512] [--layers 1] [--batch 16] [--window 64] [--rate 0.005] [--weight-decay 0.3]
                   [--dropout 0] [--minutes 5] [--threads 2]
"""

import argparse
import math
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

EMBEDDING, WARM_UP, LAST_RATE, EVALUATIONS = 64, 0.02, 0.02, 12


class CharRnn(nn.Module):
    def __init__(self, vocabulary: int, given: argparse.Namespace) -> None:
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU}[given.cell]
        self.embedding = nn.Embedding(vocabulary, EMBEDDING)
        self.rnn = kind(EMBEDDING, given.hidden, given.layers, dropout=given.dropout if given.layers > 1 else 0)
        self.dropout = nn.Dropout(given.dropout)
        self.output = nn.Linear(given.hidden, vocabulary)

    def forward(self, tokens, state=None):
        x, state = self.rnn(self.embedding(tokens), state)
        return self.output(self.dropout(x)), state


def main() -> None:
    given = options()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    text = given.file.read_text("utf-8")
    characters = sorted(set(text))
    place = {character: i for i, character in enumerate(characters)}
    tokens = torch.tensor([place[character] for character in text])
    end = int(0.9 * len(tokens))
    train, held_out = tokens[:end], tokens[end:]
    model = CharRnn(len(characters), given)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=given.weight_decay, betas=(0.9, 0.99), fused=True)
    # Each lane reads the text from a place of its own, and carries its state on.
    length = len(train) // given.batch
    lanes = train[: length * given.batch].view(given.batch, length).t()
    best, steps, evaluated, state = math.inf, 0, 0, None
    seconds, last = 0.0, time.perf_counter()
    while seconds < 60 * given.minutes:
        progress = seconds / (60 * given.minutes)
        for group in optimizer.param_groups:
            group["lr"] = given.rate * schedule(progress)
        at = steps * given.window % (length - given.window)
        window = lanes[at : at + given.window + 1]
        optimizer.zero_grad(set_to_none=True)
        logits, state = model(window[:-1], detached(state))
        functional.cross_entropy(logits.flatten(0, 1), window[1:].flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        steps += 1
        seconds += time.perf_counter() - last
        # Evaluations do not count, as they take little of a run of Murmur's.
        if int(progress * EVALUATIONS) > evaluated or seconds >= 60 * given.minutes:
            evaluated = int(progress * EVALUATIONS)
            best = min(best, nats(model, held_out))
            print(f"{seconds:.0f} s, step {steps}: {best:.4f} nats per character", flush=True)
        last = time.perf_counter()


def detached(state):
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return None if state is None else state.detach()


def schedule(progress: float) -> float:
    """Linear warm-up, then cosine decay."""
    if progress < WARM_UP:
        return max(progress / WARM_UP, 0.01)
    decayed = (progress - WARM_UP) / (1 - WARM_UP)
    return LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * decayed))


@torch.no_grad()
def nats(model: CharRnn, tokens: torch.Tensor) -> float:
    """The mean loss of a text that is read from its beginning to its end."""
    model.eval()
    logits, _ = model(tokens[:-1, None])
    model.train()
    return functional.cross_entropy(logits.flatten(0, 1), tokens[1:]).item()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--cell", choices=["lstm", "gru"], default="gru")
    for name, value in {"hidden": 512, "layers": 1, "batch": 16, "window": 64, "threads": 2}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in {"rate": 0.005, "weight-decay": 0.3, "dropout": 0.0, "minutes": 5.0}.items():
        parser.add_argument(f"--{name}", type=float, default=value)
    return parser.parse_args()


main()
