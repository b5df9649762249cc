"""The command line."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn

from .errors import MurmurError
from .model import CELLS


def _number(kind: Callable[[str], float], what: str, is_valid: Callable[[float], bool]) -> Callable[[str], float]:
    """Reads such a number of the command line."""

    def number(text: str) -> float:
        with suppress(ValueError):
            value = kind(text)
            if is_valid(value):
                return value
        raise argparse.ArgumentTypeError(f"{text} is not {what}")

    return number


_positive = _number(float, "a number above 0", lambda value: 0 < value < math.inf)
_count = _number(int, "a whole number above 0", lambda value: value > 0)
_share = _number(float, "a number from 0 up to 1", lambda value: 0 <= value < 1)
_Switch = argparse.BooleanOptionalAction


def _option(help: str, **how: Any) -> Any:
    """An option of the command line: what argparse needs to know of it."""
    return field(metadata={"help": help, **how})


@dataclass
class Options:
    """What a run is asked to do. Those of the network are None unless they were given: see starting_point in train.py."""

    corpus: Path = _option("a folder that `murmur pack` wrote", type=Path, required=True, metavar="DIR")
    out: Path = _option("where the model is written", type=Path, required=True, metavar="FILE")
    init: str = _option("a model to fine-tune, or none to train a new network", default="none", metavar="FILE")
    cell: str | None = _option("recurrent cell of a new network (lstm)", choices=list(CELLS))
    layers: int | None = _option("recurrent layers (2)", type=_count)
    hidden: int | None = _option("units of each layer (256)", type=_count)
    residual: bool | None = _option("each layer but the first adds its input to its output (yes)", action=_Switch)
    layer_norm: bool | None = _option("normalise the input of later layers and of the output (yes)", action=_Switch)
    tied: bool | None = _option("reuse the embedding matrix as the output layer (no)", action=_Switch)
    minutes: float = _option("length of the run", type=_positive, default=3.0)
    tokens: int | None = _option("length of the run in tokens that all processes read", type=_count)
    batch: int = _option("texts that each process reads side by side (32; 16 to fine-tune)", type=_count)
    window: int = _option("tokens that a step reads of each text", type=_count, default=64)
    lr: float | None = _option("peak learning rate; by default it depends on the cell and the units", type=_positive)
    dropout: float = _option("share of each layer's output that is dropped", type=_share, default=0.0)
    weight_decay: float = _option("how strongly weights are pulled towards zero", type=_share, default=0.1)
    seed: int = _option("decides initial weights, order of texts and dropout", type=int, default=1)
    precision: str = _option("precision of products and states", choices=["float32", "bfloat16"], default="float32")
    resume: bool = _option("continue from the checkpoint next to --out, if there is one", action="store_true")
    checkpoint_every: float = _option("seconds between checkpoints", type=_positive, default=30.0, metavar="SECONDS")
    licence: str | None = _option("licence of the text, recorded in the model")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """All processes find the same error, so none of them ends by itself."""
        raise MurmurError(f"{self.prog}: {message}. See --help.")


def parse(arguments: Sequence[str]) -> Options:
    parser = _Parser(prog="murmur_distributed", description="Trains a network on a packed corpus; writes a model file.")
    parser.add_argument("command", choices=["train"])
    length = parser.add_mutually_exclusive_group()
    for option in fields(Options):
        group = length if option.name in ("minutes", "tokens") else parser
        group.add_argument(f"--{option.name.replace('_', '-')}", **option.metadata)
    given = vars(parser.parse_args(arguments))
    options = Options(**{option.name: given[option.name] for option in fields(Options)})
    options.batch = options.batch or (32 if options.init == "none" else 16)
    # Processes that torchrun has started again go on from where they were.
    options.resume |= int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0
    return options
