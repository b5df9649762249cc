"""Everything that a run needs to continue as if it had never stopped, as one file that is replaced as a whole."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import torch

from .convert import write_whole
from .errors import MurmurError

VERSION = 1


def write_checkpoint(path: Path, run: dict[str, Any], figures: dict[str, Any], tensors: dict[str, Any]) -> None:
    """@param run what decides the steps of the run @raises MurmurError if it can't be written; the old one stays"""
    contents = io.BytesIO()
    # PyTorch 1.13 reads no numbers with a point unless it may run code; as text they stay what they are.
    torch.save({"version": VERSION, "run": json.dumps(run), "figures": json.dumps(figures), **tensors}, contents)
    write_whole(path, contents.getvalue())


def read_checkpoint(path: Path, run: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Figures and tensors, or None if there is no checkpoint. @raises MurmurError if it is damaged or belongs to another run"""
    if not path.exists():
        return None
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
        version, saved, figures = stored["version"], json.loads(stored["run"]), json.loads(stored["figures"])
    except Exception as error:  # torch.load raises whatever its parts raise
        raise MurmurError(
            f"The checkpoint {path} is damaged ({error}). Delete it, or train without --resume."
        ) from error
    if version != VERSION:
        raise MurmurError(f"The checkpoint {path} comes from another version. Delete it, or train without --resume.")
    for name, value in run.items():
        if saved.get(name) != value:
            what = f"belongs to a run with another {name}, {saved.get(name)} instead of {value}"
            raise MurmurError(f"The checkpoint {path} {what}. Give what that run had, or train without --resume.")
    return figures, stored
