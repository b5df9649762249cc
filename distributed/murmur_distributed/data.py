"""
The packed corpus that `murmur pack` writes, and what the lanes of a batch read of it.

A corpus is a folder: `train.bin` and `held-out.bin` are the UTF-8 of the texts, one after another; `train.jsonl` and
`held-out.jsonl` say, one text a line, what each is called and where it lies; `index.json` has the totals and a hash.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from .errors import MurmurError

VERSIONS = {"format": "murmur-corpus", "version": 2, "rules": 4}
"""What index.json says of a corpus that can be read: packedFormat, packedVersion and rulesVersion in src/corpus."""

HASH, SKETCH = re.compile("[0-9a-f]{16}"), re.compile("([0-9a-f]{16})+")
"""
One of the hashes that stand for a text in a model's record of what it has read, and all of a text's, one after another:
TextSketch in src/model/read-texts.ts.
"""

LONGEST_PIECE = 1 << 14
"""Longest piece of a text that a lane reads, in characters, as in src/training/tasks/examples.ts."""


class Text(NamedTuple):
    name: str
    contents: np.ndarray
    """UTF-8, an array of uint8."""
    chars: int
    """UTF-16 units, as JavaScript counts characters."""
    hash: str = ""
    """SHA-256 (hex) of a whole text."""
    sketch: str = ""
    """Of the text, or of the one that it is a part of."""


def read_corpus(folder: Path) -> tuple[list[Text], list[Text]]:
    """
    Reads a packed corpus and checks all of it: the texts to train on and those held out. The files are mapped into memory, so
    processes on one machine share them.
    @raises MurmurError if it is missing, damaged, or packed by another version
    """
    try:
        index = dict(json.loads((folder / "index.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise MurmurError(f"There is no packed corpus in {folder} ({error}). Make one with `murmur pack`.") from error
    for what, version in VERSIONS.items():
        if index.get(what) != version:
            problem = f"its {what} is {index.get(what)!r}, and {version!r} is read here. Pack it again with this Murmur"
            raise MurmurError(f"The corpus {folder} was packed by another version of Murmur: {problem}.")
    try:
        train = list(_texts(folder, "train", index["train"]))
        held_out = list(_texts(folder, "held-out", index["heldOut"]))
        if hash_of(train, held_out) != index["hash"]:
            raise ValueError("the hash of index.json is not that of its texts")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MurmurError(f"The corpus {folder} is damaged ({error}). Pack it again.") from error
    if chars_of(train) == 0 or chars_of(held_out) == 0:
        raise MurmurError(f"The corpus {folder} has too little text to train on and to hold out. Pack more files.")
    return train, held_out


def chars_of(texts: list[Text]) -> int:
    return sum(text.chars for text in texts)


def hash_of(*sides: list[Text]) -> str:
    """SHA-256 (hex) of names and hashes of the texts: of those to train on alone, or of these and the held-out ones."""
    listed = ("".join(f"{text.name}\0{text.hash}\0" for text in side) for side in sides)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def _texts(folder: Path, side: str, totals: dict[str, Any]) -> Iterator[Text]:
    path = folder / f"{side}.bin"
    size = path.stat().st_size
    if size != totals["bytes"]:
        raise ValueError(f"{path.name} has {size} bytes instead of {totals['bytes']}")
    # An empty file can't be mapped.
    contents = np.asarray(np.memmap(path, np.uint8, "r")) if size > 0 else np.empty(0, np.uint8)
    end = 0
    with (folder / f"{side}.jsonl").open(encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            start, end = end, end + entry["length"]
            text = Text(entry["name"], contents[start:end], entry["chars"], entry["hash"], entry["sketch"])
            is_same = hashlib.sha256(text.contents.data).hexdigest() == text.hash and SKETCH.fullmatch(text.sketch)
            if entry["offset"] != start or not is_same:
                raise ValueError(f"the text {text.name} of {path.name} is not what was packed")
            yield text
    if end != size:
        raise ValueError(f"{side}.jsonl lists {end} bytes of the {size} in {path.name}")


def part_of(text: Text, chars: int) -> Text:
    """The first characters of a text, or one less where that would split a surrogate pair."""
    # A UTF-16 unit has three bytes of UTF-8 at most. A character begins a unit at its first byte, or two if it has four bytes.
    head = text.contents[: 3 * chars]
    units = np.cumsum(((head & 0xC0) != 0x80) * (1 + (head >= 0xF0)))
    end = int(np.searchsorted(units, chars, side="right"))
    return text._replace(contents=head[:end], chars=int(units[end - 1]) if end > 0 else 0)


def pieces_of(text: Text, length: int) -> list[Text]:
    """A text in pieces of `length` characters; the last may be shorter."""
    pieces = []
    while text.chars > 0:
        piece = part_of(text, length)
        # A surrogate pair is longer than a piece of one character.
        if piece.chars == 0:
            piece = text
        pieces.append(piece)
        text = text._replace(contents=text.contents[len(piece.contents) :], chars=text.chars - piece.chars)
    return pieces


def sample(texts: list[Text], limit: int, least: int = 4000) -> list[Text]:
    """
    An equally long beginning of each text, at most `limit` characters in all, of the texts whose names have the lowest
    SHA-256: sample in src/corpus/corpus.ts.
    """
    chosen = sorted(texts, key=lambda text: hashlib.sha256(text.name.encode()).hexdigest())[: max(1, limit // least)]
    left, cap = float(limit), 0.0
    for i, length in enumerate(sorted(text.chars for text in chosen)):
        cap = max(cap, min(length, left / (len(chosen) - i)))
        left -= min(length, cap)
    return [part for part in (part_of(text, int(cap)) for text in chosen) if part.chars > 0]


def windows_of(
    texts: list[Text], lanes: int, own: range, *, window: int, seed: int, device: torch.device, first: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """
    The endless input of a batch (truncated BPTT), from the window `first` on: tokens and targets, [window, own lanes] each.
    Each lane reads one piece of text after another and takes the next one from an order that all lanes share; see
    src/training/lanes.ts, which reads the same. Which lane takes which piece depends on seed, number of lanes and window alone,
    so every process deals all of them and reads its own.
    """
    pieces = _pieces(texts, lanes, seed)
    # All texts, with token 0 before each and after the last.
    between = np.zeros(1, dtype=np.uint8)
    row = np.concatenate([between, *(part for text in texts for part in (text.contents, between))])
    time, ends = 0, np.zeros(lanes, dtype=np.int64)
    # For each own lane its pieces: (start, end, place of the first token in the row); start and end in the lane's time.
    dealt: dict[int, list[tuple[int, int, int]]] = {lane: [] for lane in own}
    # Some MB at once go to the device, so that a window costs the host nothing.
    block = window * max(1, min(64, (1 << 22) // (window * len(own))))
    for begin in itertools.count(first * window, block):
        while time < begin + block:
            time += window
            for lane in np.flatnonzero(ends < time).tolist():
                while ends[lane] < time:
                    place, length = next(pieces)
                    start = int(ends[lane])
                    ends[lane] += length
                    if lane in own and start + length > begin:
                        dealt[lane].append((start, start + length, place))
        both = np.empty((2, len(own), block), dtype=np.uint8)
        for i, lane in enumerate(own):
            for start, end, place in dealt[lane]:
                at, to = max(start, begin), min(end, begin + block)
                for part in (0, 1):
                    both[part, i, at - begin : to - begin] = row[place + part + at - start : place + part + to - start]
            dealt[lane] = [piece for piece in dealt[lane] if piece[1] > begin + block]
        for tokens, targets in torch.from_numpy(both).to(device).transpose(1, 2).split(window, dim=1):
            yield tokens.int(), targets.long()


def _pieces(texts: list[Text], lanes: int, seed: int) -> Iterator[tuple[int, int]]:
    """The endless sequence of pieces: (place of the first token in the row, number of tokens). Each epoch has its own order."""
    # So that even with few large files every lane reads a text of its own.
    longest = min(LONGEST_PIECE, -(-chars_of(texts) // lanes))
    of_text: list[list[tuple[int, int]]] = []
    at = 0
    for text in texts:
        lengths = [len(piece.contents) for piece in pieces_of(text, longest)]
        # After the last piece, the token before the next text is predicted.
        lengths[-1:] = [length + 1 for length in lengths[-1:]]
        of_text.append(list(zip(itertools.accumulate(lengths, initial=at), lengths)))
        at += len(text.contents) + 1
    for epoch in itertools.count():
        for i in shuffled(len(texts), seed + epoch):
            yield from of_text[i]


def shuffled(count: int, seed: int) -> list[int]:
    """The order in which src/random.ts (sfc32, Fisher–Yates) puts `count` items."""
    mask = 0xFFFFFFFF
    a, b, c, counter = seed & mask, seed >> 32 & mask, 0x9E3779B9, 1
    order = list(range(count))
    # The first twelve numbers of the generator are not used: an item that changes places with itself stays.
    for i in itertools.chain([0] * 12, range(count - 1, 0, -1)):
        drawn = (a + b + counter) & mask
        a, b, c = b ^ (b >> 9), (c + (c << 3)) & mask, (((c << 21) | (c >> 11)) + drawn) & mask
        counter = (counter + 1) & mask
        j = drawn * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order
