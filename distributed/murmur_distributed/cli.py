"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import MurmurError
from .model import CELLS, Architecture
from .train import Options, train

EMBEDDING = 64
"""Width of the embedding vectors of a new network, unless they are tied."""


def run(arguments: Sequence[str], is_first: bool) -> int:
    """@param is_first whether this process says what is wrong with all of them alike @returns the exit status"""
    options = parse(arguments)
    try:
        train(options)
    except MurmurError as error:
        if is_first:
            print(error, file=sys.stderr)
    except RuntimeError as error:
        # A lost or full GPU, or another process that is gone: this one alone knows.
        place = f" in process {os.environ['RANK']}" if "RANK" in os.environ else ""
        print(f"Training failed{place}: {error}\nWith --resume it goes on from the last checkpoint.", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    else:
        return 0
    return 1


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="murmur_distributed", description="Trains networks of Murmur with PyTorch.")
    train_parser = parser.add_subparsers(dest="command", required=True).add_parser(
        "train", help="train a network on a packed corpus, and write it as a model file"
    )
    option = train_parser.add_argument
    option("--corpus", type=Path, required=True, metavar="DIR", help="a folder that `murmur pack` wrote")
    option("--out", type=Path, required=True, metavar="FILE", help="where the model is written")
    option("--init", default="none", metavar="FILE", help="a model to fine-tune, or none: a new network")
    option("--cell", choices=list(CELLS), default="lstm", help="of a new network")
    option("--layers", type=int, default=2, help="of a new network")
    option("--hidden", type=int, default=256, help="of a new network: units of each layer")
    option("--residual", action=argparse.BooleanOptionalAction, default=True, help="of a new network")
    option("--layer-norm", action=argparse.BooleanOptionalAction, default=True, help="of a new network")
    option("--tied", action=argparse.BooleanOptionalAction, default=False, help="of a new network")
    option("--minutes", type=positive, default=3.0, help="length of the run")
    option("--tokens", type=count, help="length of the run in tokens that all processes read, instead of --minutes")
    option("--batch", type=count, default=32, help="texts that each process reads side by side")
    option("--window", type=count, default=64, help="tokens that a step reads of each text")
    option("--lr", type=positive, help="peak of the learning rate; by default by cell and units")
    option("--dropout", type=share, default=0.0, help="share of each layer's output that is dropped")
    option(
        "--weight-decay", type=share, default=0.1, help="share times learning rate by which matrices shrink in a step"
    )
    option("--seed", type=int, default=1)
    option("--precision", choices=["float32", "bfloat16"], default="float32", help="of products and states")
    option("--resume", action="store_true", help="go on from the checkpoint beside --out, if there is one")
    option("--checkpoint-every", type=positive, default=30.0, metavar="SECONDS")
    option("--licence", help="of the text, recorded in the model")
    given = parser.parse_args(arguments)
    return Options(
        corpus=given.corpus,
        out=given.out,
        init=None if given.init == "none" else Path(given.init),
        architecture=Architecture(
            cell=given.cell,
            layers=given.layers,
            hidden=given.hidden,
            embedding=given.hidden if given.tied else min(given.hidden, EMBEDDING),
            residual=given.residual,
            layer_norm=given.layer_norm,
            tied=given.tied,
        ),
        minutes=given.minutes,
        tokens=given.tokens,
        batch=given.batch,
        window=given.window,
        rate=given.lr,
        dropout=given.dropout,
        weight_decay=given.weight_decay,
        seed=given.seed,
        precision=given.precision,
        # After torchrun has restarted its processes, they go on.
        resume=given.resume or int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0,
        checkpoint_every=given.checkpoint_every,
        licence=given.licence,
    )


def positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError
    return value


def share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise ValueError
    return value


def count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
