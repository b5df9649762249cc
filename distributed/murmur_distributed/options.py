"""The command line."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from .errors import MurmurError
from .model import CELLS


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
    positive = _number(float, "a number above 0", lambda value: 0 < value < math.inf)
    count = _number(int, "a whole number above 0", lambda value: value > 0)
    share = _number(float, "a number from 0 up to 1", lambda value: 0 <= value < 1)
    parser = _Parser(prog="murmur_distributed", description="Trains networks of Murmur with PyTorch.")
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
        help="a model to fine-tune, or none to train a new network with the next six options",
    )
    option("--cell", choices=list(CELLS), default="lstm")
    option("--layers", type=int, default=2)
    option("--hidden", type=int, default=256, help="units of each layer")
    option("--residual", action=argparse.BooleanOptionalAction, default=True)
    option("--layer-norm", action=argparse.BooleanOptionalAction, default=True)
    option(
        "--tied", action=argparse.BooleanOptionalAction, default=False, help="reuse the embedding matrix as the output layer"
    )
    option("--minutes", type=positive, default=3.0, help="length of the run")
    option("--tokens", type=count, help="length of the run in tokens that all processes read, instead of --minutes")
    option("--batch", type=count, default=32, help="texts that each process reads side by side")
    option("--window", type=count, default=64, help="tokens that a step reads of each text")
    option("--lr", type=positive, help="peak learning rate; by default it depends on the cell and the number of units")
    option("--dropout", type=share, default=0.0, help="share of each layer's output that is dropped")
    option("--weight-decay", type=share, default=0.1, help="how strongly weights are pulled towards zero")
    option("--seed", type=int, default=1)
    option("--precision", choices=["float32", "bfloat16"], default="float32", help="precision of products and states")
    option("--resume", action="store_true", help="continue from the checkpoint next to --out, if there is one")
    option("--checkpoint-every", type=positive, default=30.0, metavar="SECONDS")
    option("--licence", help="licence of the text, recorded in the model")
    options = parser.parse_args(arguments, namespace=Options())
    # Processes that torchrun has started again go on from where they were.
    options.resume |= int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0
    return options


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """All processes find the same error, so none of them ends by itself."""
        raise MurmurError(f"{self.prog}: {message}. See --help.")


def _number(kind: Callable[[str], float], what: str, is_valid: Callable[[float], bool]) -> Callable[[str], float]:
    """Reads such a number of the command line."""

    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if is_valid(value):
            return value
        raise argparse.ArgumentTypeError(f"{text} is not {what}")

    return number
