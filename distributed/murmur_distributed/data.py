"""
The packed corpus that `murmur pack` writes, and what the lanes of a batch read of it.

A corpus is a folder: `train.bin` and `held-out.bin` are the UTF-8 of the texts, one after another; `train.jsonl` and
`held-out.jsonl` say, one text a line, what each is called and where it lies; `index.json` has the totals and a hash.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .errors import MurmurError

FORMAT = "murmur-corpus"
VERSION = 1

LONGEST_PIECE = 1 << 14
"""Longest piece of a text that a lane reads, in characters, as in src/training/tasks/examples.ts."""

Bytes = np.ndarray
"""A text: an array of uint8."""


@dataclass(frozen=True)
class Text:
    name: str
    contents: Bytes
    chars: int
    """UTF-16 units, as JavaScript counts characters."""


@dataclass(frozen=True)
class Corpus:
    train: list[Text]
    held_out: list[Text]
    hash: str
    """SHA-256 (hex) of the names and contents of all texts."""
    train_hash: str
    """The same of the texts to train on, as model files record it."""


def read_corpus(folder: Path) -> Corpus:
    """
    Reads a packed corpus and checks all of it. The files are mapped into memory, so processes on one machine share them.

    The hash of some texts is SHA-256 over each text's name, U+0000, hash (hex), U+0000. That of the corpus is SHA-256 over
    the same for the texts to train on, a line feed, and the same for the held-out texts.
    @raises MurmurError if it is missing, damaged, or of another version
    """
    try:
        index = dict(json.loads((folder / "index.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise MurmurError(
            f"There is no packed corpus in {folder} ({error}). Make one: murmur pack PATH… --out {folder}"
        ) from error
    if index.get("format") != FORMAT or index.get("version") != VERSION:
        raise MurmurError(
            f"The corpus {folder} has format {index.get('format')!r}, version {index.get('version')}; this package reads "
            f"{FORMAT!r}, version {VERSION}. Pack it again with the Murmur that this package came with."
        )
    digest, train_digest = hashlib.sha256(), hashlib.sha256()
    try:
        train = list(_texts(folder, "train", index["train"], [digest, train_digest]))
        digest.update(b"\n")
        held_out = list(_texts(folder, "held-out", index["heldOut"], [digest]))
        if digest.hexdigest() != index["hash"]:
            raise ValueError("the hash of index.json is not that of its texts")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MurmurError(f"The corpus {folder} is damaged ({error}). Pack it again.") from error
    if not any(text.chars for text in train) or not any(text.chars for text in held_out):
        raise MurmurError(f"The corpus {folder} has too little text to train on and to hold out. Pack more files.")
    return Corpus(train, held_out, digest.hexdigest(), train_digest.hexdigest())


def _texts(folder: Path, part: str, totals: dict[str, Any], digests: list[Any]) -> Iterator[Text]:
    path = folder / f"{part}.bin"
    size = path.stat().st_size
    if size != totals["bytes"]:
        raise ValueError(f"{path.name} has {size} bytes instead of {totals['bytes']}")
    with path.open("rb") as file:
        # An empty file can't be mapped. The map lives as long as the texts in it.
        contents = np.frombuffer(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) if size > 0 else b"", dtype=np.uint8)
    end = 0
    with (folder / f"{part}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            start, end = end, end + entry["length"]
            text = contents[start:end]
            if entry["offset"] != start or hashlib.sha256(text.data).hexdigest() != entry["hash"]:
                raise ValueError(f"the text {entry['name']} of {part}.bin is not what was packed")
            for digest in digests:
                digest.update(f"{entry['name']}\0{entry['hash']}\0".encode())
            yield Text(entry["name"], text, entry["chars"])
    if end != size:
        raise ValueError(f"{part}.jsonl lists {end} bytes of the {size} in {path.name}")


def part_of(text: Text, chars: int) -> Text:
    """The first characters of a text, or one less where that would split a surrogate pair."""
    if chars >= text.chars:
        return text
    if text.chars == len(text.contents):
        return Text(text.name, text.contents[:chars], chars)
    # A UTF-16 unit has three bytes of UTF-8 at most.
    start = bytes(text.contents[: 3 * chars]).decode(errors="ignore").encode("utf-16-le")[: 2 * chars]
    part = start.decode("utf-16-le", errors="ignore")
    return Text(text.name, text.contents[: len(part.encode())], len(part.encode("utf-16-le")) // 2)


def pieces_of(text: Text, length: int) -> list[Text]:
    """A text in pieces of `length` characters; the last may be shorter."""
    pieces = []
    while text.chars > length:
        piece = part_of(text, length)
        # A surrogate pair is longer than a piece of one character.
        if piece.chars == 0:
            break
        pieces.append(piece)
        text = Text(text.name, text.contents[len(piece.contents) :], text.chars - piece.chars)
    return [*pieces, text] if text.chars > 0 else pieces


def sample(texts: list[Text], limit: int, least: int = 4000) -> list[Text]:
    """
    An equally long beginning of each text, at most `limit` characters in all, of the texts whose names have the lowest
    SHA-256: sample in src/corpus/corpus.ts.
    """
    ordered = sorted(texts, key=lambda text: hashlib.sha256(text.name.encode()).hexdigest())
    chosen = ordered[: max(1, limit // least)]
    left, cap = float(limit), 0.0
    for i, length in enumerate(sorted(text.chars for text in chosen)):
        cap = max(cap, min(length, left / (len(chosen) - i)))
        left -= min(length, cap)
    parts = [part_of(text, int(cap)) for text in chosen]
    return [part for part in parts if part.chars > 0]


class Lanes:
    """
    The endless input of a batch (truncated BPTT): each lane reads one piece of text after another and takes the next one
    from an order that all lanes share; see src/training/lanes.ts, which reads the same. Which lane takes which piece
    depends on seed, number of lanes and window alone, so every process deals all of them and reads its own.

    What the lanes read in the next windows is gathered at once, and then lies on the device: between gathers, a step costs the
    host nothing.
    """

    def __init__(
        self, texts: list[Text], lanes: int, own: range, *, window: int, seed: int, device: torch.device
    ) -> None:
        """@param own those of the lanes that this process reads"""
        self.lanes, self.own = lanes, own
        self._window, self._device = window, device
        self._row = _row_of(texts)
        self._pieces = _pieces(texts, lanes, seed)
        # (window in which the lane needs its next piece, lane): the order in which pieces are taken.
        self._queue = [(0, lane) for lane in range(lanes)]
        self._ends = [0] * lanes
        # For each own lane its pieces: (start, end, place of the first token in the row); start and end in the lane's time.
        self._dealt: dict[int, list[tuple[int, int, int]]] = {lane: [] for lane in own}
        self._next = self._block_start = self._block_end = 0
        self._block = torch.empty(0)

    def seek(self, windows: int) -> None:
        """Continues after so many windows. Dealing starts from the first again: that takes a moment and needs no state."""
        self._next = self._block_start = self._block_end = windows

    def read(self) -> tuple[Tensor, Tensor]:
        """Tokens and targets of the next window, [window, own lanes] each."""
        if self._next == self._block_end:
            self._gather()
        start = (self._next - self._block_start) * self._window
        self._next += 1
        tokens, targets = self._block[:, :, start : start + self._window].transpose(1, 2)
        return tokens.int(), targets.long()

    def _gather(self) -> None:
        """Gathers the tokens and targets of the next windows: some MB."""
        count = max(1, min(64, (1 << 22) // (self._window * len(self.own))))
        self._block_start, self._block_end = self._next, self._next + count
        begin, end = self._block_start * self._window, self._block_end * self._window
        self._deal(self._block_end)
        block = np.empty((2, len(self.own), end - begin), dtype=np.uint8)
        for i, (lane, dealt) in enumerate(self._dealt.items()):
            for start, stop, place in dealt:
                first, last = max(start, begin), min(stop, end)
                for part in (0, 1) if first < last else ():
                    at = place + part - start
                    block[part, i, first - begin : last - begin] = self._row[at + first : at + last]
            self._dealt[lane] = [piece for piece in dealt if piece[1] > end]
        self._block = torch.from_numpy(block).to(self._device)

    def _deal(self, window: int) -> None:
        """Deals pieces until every lane has enough for the windows before this one."""
        while self._queue[0][0] < window:
            lane = self._queue[0][1]
            place, length = next(self._pieces)
            start = self._ends[lane]
            self._ends[lane] += length
            if lane in self._dealt:
                self._dealt[lane].append((start, start + length, place))
            heapq.heapreplace(self._queue, (self._ends[lane] // self._window, lane))


def _pieces(texts: list[Text], lanes: int, seed: int) -> Iterator[tuple[int, int]]:
    """The endless sequence of pieces: (place of the first token in the row, number of tokens). Each epoch has its own order."""
    # So that even with few large files every lane reads a text of its own.
    longest = min(LONGEST_PIECE, -(-sum(text.chars for text in texts) // lanes))
    of_text: list[list[tuple[int, int]]] = []
    at = 0
    for text in texts:
        lengths = [len(piece.contents) for piece in pieces_of(text, longest)]
        # After the last piece, the token before the next text is predicted.
        lengths[-1:] = [length + 1 for length in lengths[-1:]]
        ends = list(itertools.accumulate(lengths, initial=at))
        of_text.append(list(zip(ends, lengths)))
        at += len(text.contents) + 1
    for epoch in itertools.count():
        for i in shuffled(len(texts), seed + epoch):
            yield from of_text[i]


def _row_of(texts: list[Text]) -> Bytes:
    """All texts, with token 0 before each and after the last."""
    end = np.zeros(1, dtype=np.uint8)
    return np.concatenate([end, *(part for text in texts for part in (text.contents, end))])


def shuffled(count: int, seed: int) -> list[int]:
    """The order in which src/random.ts (sfc32, Fisher–Yates) puts `count` items."""
    mask = 0xFFFFFFFF
    a, b, c, counter = seed & mask, seed >> 32 & mask, 0x9E3779B9, 1

    def draw() -> float:
        nonlocal a, b, c, counter
        mixed = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a, b, c = b ^ (b >> 9), (c + (c << 3)) & mask, (((c << 21) | (c >> 11)) + mixed) & mask
        return mixed / (1 << 32)

    for _ in range(12):
        draw()
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = int(draw() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order
