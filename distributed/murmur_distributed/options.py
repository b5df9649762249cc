"""The command line."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .model import CELLS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Options(argparse.Namespace):
    """What a run is asked to do; `parse` says what each is."""

    corpus: Path
    out: Path
    init: str
    cell: str
    layers: int
    hidden: int
    residual: bool
    layer_norm: bool
    tied: bool
    minutes: float
    tokens: int | None
    batch: int
    window: int
    lr: float | None
    dropout: float
    weight_decay: float
    seed: int
    precision: str
    resume: bool
    checkpoint_every: float
    licence: str | None


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="murmur_distributed", description="Trains networks of Murmur with PyTorch.")
    commands = parser.add_subparsers(dest="command", required=True)
    option = commands.add_parser(
        "train", help="train a network on a packed corpus, and write it as a model file"
    ).add_argument
    option("--corpus", type=Path, required=True, metavar="DIR", help="a folder that `murmur pack` wrote")
    option("--out", type=Path, required=True, metavar="FILE", help="where the model is written")
    option(
        "--init",
        default="none",
        metavar="FILE",
        help="a model to fine-tune, or none: a new network, as the next six say",
    )
    option("--cell", choices=list(CELLS), default="lstm")
    option("--layers", type=int, default=2)
    option("--hidden", type=int, default=256, help="units of each layer")
    option("--residual", action=argparse.BooleanOptionalAction, default=True)
    option("--layer-norm", action=argparse.BooleanOptionalAction, default=True)
    option(
        "--tied", action=argparse.BooleanOptionalAction, default=False, help="the embeddings are the output layer too"
    )
    option("--minutes", type=_positive, default=3.0, help="length of the run")
    option("--tokens", type=_count, help="length of the run in tokens that all processes read, instead of --minutes")
    option("--batch", type=_count, default=32, help="texts that each process reads side by side")
    option("--window", type=_count, default=64, help="tokens that a step reads of each text")
    option("--lr", type=_positive, help="peak of the learning rate; by default it follows from cell and units")
    option("--dropout", type=_share, default=0.0, help="share of each layer's output that is dropped")
    option("--weight-decay", type=_share, default=0.1, help="matrices shrink by this times the learning rate in a step")
    option("--seed", type=int, default=1)
    option("--precision", choices=["float32", "bfloat16"], default="float32", help="of products and states")
    option("--resume", action="store_true", help="go on from the checkpoint beside --out, if there is one")
    option("--checkpoint-every", type=_positive, default=30.0, metavar="SECONDS")
    option("--licence", help="of the text, recorded in the model")
    options = parser.parse_args(arguments, namespace=Options())
    # Processes that torchrun has started again go on from where they were.
    options.resume |= int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0
    return options


def _positive(text: str) -> float:
    return _checked(float(text), float(text) > 0)


def _share(text: str) -> float:
    return _checked(float(text), 0 <= float(text) < 1)


def _count(text: str) -> int:
    return int(_checked(int(text), int(text) > 0))


def _checked(value: float, is_valid: bool) -> float:
    if not is_valid:
        raise ValueError(value)
    return value
