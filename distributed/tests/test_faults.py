"""What can be wrong is named, with what to do, and once."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Callable

import onnx
import pytest
import torch
from support import CODE, ENVIRONMENT, HELD_OUT, SMALL, command, free_port, train_by_command, train_here, write_corpus

from murmur_distributed.__main__ import version_problem
from murmur_distributed.convert import read_model
from murmur_distributed.errors import MurmurError


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", CODE, HELD_OUT)


def run(corpus: Path, *arguments: object) -> None:
    train_here("--corpus", corpus, "--out", corpus.parent / "model.onnx", *SMALL, *arguments)


def changed(corpus: Path, **changes: object) -> None:
    index = json.loads((corpus / "index.json").read_text())
    (corpus / "index.json").write_text(json.dumps({**index, **changes}))


def flip(path: Path) -> None:
    contents = bytearray(path.read_bytes())
    contents[100] ^= 1
    path.write_bytes(contents)


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new, 1))


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "is missing": (lambda corpus: (corpus / "index.json").unlink(), r"no packed corpus in .*murmur pack"),
    "is of another version": (
        lambda corpus: changed(corpus, version=1),
        r"packed by another version of Murmur: its version is 1, and 2 is read here. Pack it again",
    ),
    "was packed by other rules": (lambda corpus: changed(corpus, rules=1), r"its rules is 1"),
    "has another byte": (lambda corpus: flip(corpus / "train.bin"), r"damaged \(the text shop\d+.js of train.bin"),
    "was cut": (lambda corpus: (corpus / "held-out.bin").write_bytes(b"x"), r"damaged \(held-out.bin has 1 bytes"),
    "has a damaged sketch": (
        lambda corpus: edit(corpus / "train.jsonl", '"sketch": "', '"sketch": "x'),
        r"damaged \(the text shop0.js of train.bin",
    ),
    "has another list": (lambda corpus: (corpus / "train.jsonl").write_text(""), r"train.jsonl lists 0 bytes"),
    "has another hash": (lambda corpus: changed(corpus, hash="0"), r"the hash of index.json"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_corpus_is_refused_that(fault: str, corpus: Path) -> None:
    change, message = FAULTS[fault]
    change(corpus)
    with pytest.raises(MurmurError, match=message):
        run(corpus)


def test_a_fault_of_all_processes_is_said_once(corpus: Path) -> None:
    done = train_by_command("--corpus", corpus / "none", "--out", corpus.parent / "model.onnx", processes=2)
    assert done.returncode != 0
    assert done.stderr.count("There is no packed corpus in") == 1


def test_a_fault_that_one_process_alone_finds_is_said_once(corpus: Path) -> None:
    out = corpus.parent / "model.onnx"
    out.mkdir()
    done = train_by_command("--corpus", corpus, "--out", out, *SMALL, "--tokens", 2560, processes=2)
    assert done.returncode != 0
    assert done.stderr.count("can't be written (Is a directory)") == 1
    assert "Another process ended" not in done.stderr
    assert "Process 1 failed" not in done.stderr


def test_nodes_that_were_given_different_options_do_not_train(corpus: Path) -> None:
    group = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "1"}
    nodes = [
        subprocess.Popen(
            command("--corpus", corpus, "--out", corpus.parent / "model.onnx", *SMALL, "--seed", rank),
            env={**ENVIRONMENT, **group, "RANK": str(rank)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    for node in nodes:
        assert "The nodes differ in their options" in node.communicate(timeout=60)[1]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--batch", 0), "--batch: 0 is not a whole number above 0"),
        (("--minutes", "x"), "--minutes: x is not a number above 0"),
        (("--dropout", 1), "--dropout: 1 is not a number from 0 up to 1"),
        (("--tokens", 9, "--minutes", 1), "--minutes: not allowed with argument --tokens"),
        (("--cell", "mamba"), "--cell: invalid choice: 'mamba'"),
        (("--hiden", 2), "unrecognized arguments: --hiden 2"),
        (("--hidden", 5000), "hidden is 5000, but must be from 1 to 4096"),
    ],
)
def test_an_option_is_refused_that_is_not_valid(option: tuple[str, object], message: str, corpus: Path) -> None:
    with pytest.raises(MurmurError, match=message):
        run(corpus, *option)


def test_an_option_of_another_network_than_that_of_the_given_model_is_refused(corpus: Path) -> None:
    run(corpus, "--tokens", 128)
    given = ("--init", corpus.parent / "model.onnx", "--tokens", 128)
    with pytest.raises(MurmurError, match=r"--layers asks for 3, but it is 2 in the model .*model.onnx"):
        run(corpus, *given, "--layers", 3)
    with pytest.raises(MurmurError, match=r"--layer-norm asks for False, but it is True"):
        run(corpus, *given, "--no-layer-norm")


def test_more_lanes_than_the_text_has_windows_are_refused(corpus: Path) -> None:
    with pytest.raises(MurmurError, match=r"2000 lanes .* are more than the \d+ tokens .* smaller --batch"):
        run(corpus, "--batch", 2000)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": {"attention": True}}, r"unknown option, attention"),
        ({"architecture": {"task": "many-to-one"}}, r"task .* is 'many-to-one'"),
        ({"architecture": {"hidden": 25}}, r"no weights \"layer0.W\" of shape \[100, 24\]"),
        ({"architecture": {"cell": "mamba"}}, r'no cell "mamba"'),
        ({"tokenizer": {"kind": "word", "words": []}}, r"tokenizer .* is 'word'"),
        ({"formatVersion": 9}, r"format version .* is 9, not 1"),
    ],
)
def test_a_model_file_that_is_of_another_kind_is_refused(change: dict, message: str, corpus: Path) -> None:
    run(corpus, "--tokens", 128)
    path = corpus.parent / "model.onnx"
    model = onnx.load(str(path))
    info = json.loads(model.metadata_props[0].value)
    for name, value in change.items():
        info[name] = {**info[name], **value} if name == "architecture" else value
    model.metadata_props[0].value = json.dumps(info)
    path.write_bytes(model.SerializeToString())
    with pytest.raises(MurmurError, match=message):
        read_model(path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(MurmurError, match=r"text.onnx is no model of Murmur's"):
        read_model(tmp_path / "text.onnx")


def test_a_run_that_diverges_says_so_and_keeps_the_model_and_the_checkpoint(corpus: Path) -> None:
    leave_checkpoint(corpus)
    model = corpus.parent / "model.onnx"
    files = (model, model.with_name("model.onnx.checkpoint"))
    model.write_text("from before")
    kept = [file.read_bytes() for file in files]
    with pytest.raises(MurmurError, match=r"diverged at step \d+ .* lower --lr than 1e\+30.* are from before"):
        run(corpus, "--tokens", 100_000, "--lr", 1e30)
    assert [file.read_bytes() for file in files] == kept


def test_a_full_disk_is_named_and_leaves_the_old_file(corpus: Path) -> None:
    out = corpus.parent / "model.onnx"
    out.write_text("old")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limit[1]))
    try:
        with pytest.raises(MurmurError, match=r"model.onnx can't be written \(File too large\). Free some space"):
            run(corpus, "--tokens", 128)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert out.read_text() == "old"
    assert [path.name for path in out.parent.iterdir() if path.name.startswith("model")] == ["model.onnx"]


def test_a_checkpoint_of_another_corpus_or_run_is_refused(corpus: Path) -> None:
    leave_checkpoint(corpus)
    with pytest.raises(MurmurError, match=r"another seed, 1 instead of 2"):
        run(corpus, "--resume", "--seed", 2)
    write_corpus(corpus, {**CODE, "new.js": "let a;"}, HELD_OUT)
    with pytest.raises(MurmurError, match=r"another corpus"):
        run(corpus, "--resume")


def test_a_damaged_checkpoint_is_refused(corpus: Path) -> None:
    leave_checkpoint(corpus)
    checkpoint = corpus.parent / "model.onnx.checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(MurmurError, match=r"checkpoint .* is damaged .* without --resume"):
        run(corpus, "--resume")


def leave_checkpoint(corpus: Path) -> None:
    """A run that ends after its first checkpoint: its model can't be written, since a folder is in the way."""
    out = corpus.parent / "model.onnx"
    out.mkdir()
    with pytest.raises(MurmurError, match="can't be written"):
        run(corpus, "--tokens", 6400, "--checkpoint-every", 1e-9)
    out.rmdir()


def test_an_old_python_or_pytorch_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert version_problem() is None
    with monkeypatch.context() as patch:
        patch.setattr(torch, "__version__", "1.12.1")
        assert "PyTorch 1.12.1 is too old. Needed: Python 3.9+, torch 1.13+, onnx" in str(version_problem())
    monkeypatch.setattr(sys, "version_info", (3, 8))
    assert re.match(r"Python \S+ is too old\. Needed: Python 3\.9\+, torch 1\.13\+, onnx", str(version_problem()))
