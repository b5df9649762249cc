"""Lanes, pieces and samples."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
import torch
from support import CODE, HELD_OUT, write_corpus

from murmur_distributed.data import Text, part_of, pieces_of, read_corpus, sample, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from torch import Tensor


@pytest.fixture
def texts(tmp_path: Path) -> list[Text]:
    return read_corpus(write_corpus(tmp_path / "corpus", CODE, HELD_OUT))[0]


def windows(texts: list[Text], own: range, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    return windows_of(texts, 4, own, window=100, seed=1, device=torch.device("cpu"), first=first)


def test_the_lanes_of_two_processes_are_those_of_one(texts: list[Text]) -> None:
    whole, halves = windows(texts, range(4)), [windows(texts, range(2)), windows(texts, range(2, 4))]
    for _ in range(100):
        for one, first, second in zip(next(whole), *(next(half) for half in halves)):
            assert torch.equal(one, torch.cat([first, second], 1))


def test_lanes_that_begin_later_continue_as_if_they_had_read(texts: list[Text]) -> None:
    begun, later = windows(texts, range(4)), windows(texts, range(4), first=131)
    for expected, found in itertools.islice(zip(itertools.islice(begun, 131, None), later), 70):
        assert torch.equal(expected[0], found[0])
        assert torch.equal(expected[1], found[1])


def test_an_epoch_reads_each_text_once(texts: list[Text]) -> None:
    one = windows_of(texts, 1, range(1), window=1, seed=1, device=torch.device("cpu"))
    tokens = sum(len(text.contents) + 1 for text in texts)
    read = bytes(int(next(one)[1]) for _ in range(tokens))
    assert sorted(read.split(b"\0")[:-1]) == sorted(bytes(text.contents) for text in texts)


def test_pieces_are_measured_in_utf16_units_and_split_no_character() -> None:
    contents = "aé😀" * 50
    text = Text("x", torch.tensor(list(contents.encode()), dtype=torch.uint8).numpy(), 200)
    pieces = pieces_of(text, 7)
    assert "".join(bytes(piece.contents).decode() for piece in pieces) == contents
    assert [piece.chars for piece in pieces] == [
        len(bytes(p.contents).decode().encode("utf-16-le")) // 2 for p in pieces
    ]
    assert {piece.chars for piece in pieces[:-1]} == {6, 7}
    assert part_of(text, 3).chars == 2


def test_a_sample_has_an_equal_beginning_of_each_text(texts: list[Text]) -> None:
    parts = sample(texts, 480, 20)
    assert len(parts) == len(CODE)
    assert {part.chars for part in parts} == {20}
    assert len(sample(texts, 480, 100)) == 4
