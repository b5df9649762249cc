"""Whole runs: what they write, in how many processes, and after a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import onnx
import pytest
import torch
from support import (
    CODE,
    ENVIRONMENT,
    HELD_OUT,
    ROOT,
    SMALL,
    command,
    murmur,
    sketch_of,
    train_by_command,
    train_here,
    write_corpus,
)

from murmur_distributed.convert import Weights, read_model
from murmur_distributed.data import chars_of, read_corpus
from murmur_distributed.learner import measure
from murmur_distributed.model import Network
from murmur_distributed.processes import Processes


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("packed"), CODE, HELD_OUT)


def weights_of(model: Path) -> Weights:
    return read_model(model)[1]


def distance(one: Weights, other: Weights) -> float:
    """The largest difference of any weight."""
    return max(float((one[name] - other[name]).abs().max()) for name in one)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_murmur_measures_answers_from_and_trains_a_model_trained_here(cell: str, corpus: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    train_here("--corpus", corpus, "--out", model, *SMALL, "--cell", cell, "--tokens", 40_000)
    for folder, texts in (("held", HELD_OUT), ("code", CODE)):
        (tmp_path / folder).mkdir()
        for name, text in texts.items():
            (tmp_path / folder / name).write_text(text)
    assert_measured_alike(model, corpus, tmp_path / "held")

    (tmp_path / "new.js").write_text("export function price3(item) {\n  return item.ce")
    assert murmur("complete", "--model", model, tmp_path / "new.js")["suggestions"]
    tuned = tmp_path / "tuned.onnx"
    murmur("train", tmp_path / "code", "--init", model, "--out", tuned, "--steps", 1, "--batch", 2)
    assert read_model(tuned)[0] == read_model(model)[0]


def test_the_default_model_is_read_with_its_matrices_in_int8(corpus: Path, tmp_path: Path) -> None:
    for name, text in HELD_OUT.items():
        (tmp_path / name).write_text(text)
    assert_measured_alike(ROOT / "models/default.onnx", corpus, tmp_path)


def assert_measured_alike(model: Path, corpus: Path, held_out: Path) -> None:
    """Murmur and PyTorch measure a model alike on the corpus's held-out texts, which are also in a folder."""
    evaluated = murmur("evaluate", "--model", model, "--sources", "rnn", held_out)
    architecture, weights, _ = read_model(model)
    network = Network(architecture)
    network.load_state_dict(weights)
    alone = Processes(0, 1, torch.device("cpu"))
    _, texts = read_corpus(corpus)
    assert chars_of(texts) == evaluated["chars"]
    assert measure(network.eval(), texts, alone) == pytest.approx(evaluated["bitsPerChar"], rel=1e-4)


def test_two_processes_train_on_what_murmur_packed_and_murmur_answers_from_the_result(tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    murmur("pack", "samples", "--out", tmp_path / "corpus")
    done = train_by_command(
        "--corpus", tmp_path / "corpus", "--out", model, "--tokens", 65_536, "--hidden", 64, "--batch", 8, processes=2
    )
    assert done.returncode == 0, done.stderr
    assert murmur("complete", "--model", model, "samples/cart.js")["suggestions"]
    alike = tmp_path / "alike.onnx"
    murmur("train", "--corpus", tmp_path / "corpus", "--init", "none", "--out", alike, "--steps", 20, "--hidden", 16)
    assert read_model(model)[2] == read_model(alike)[2] != set()


def test_a_run_begins_with_the_model_that_it_is_given(corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.onnx", tmp_path / "second.onnx"
    train_here("--corpus", corpus, "--out", first, *SMALL, "--tokens", 2560)
    train_here("--corpus", corpus, "--out", second, "--init", first, *SMALL, "--tokens", 1280, "--lr", 1e-3)
    assert 0 < distance(weights_of(first), weights_of(second)) < 2e-2


def test_a_model_records_what_it_has_read_and_is_not_measured_on_that_later(
    corpus: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.onnx", tmp_path / "second.onnx"
    train_here("--corpus", corpus, "--out", first, *SMALL, "--tokens", 2560)
    read = {hashed for text in CODE.values() for hashed in sketch_of(text)}
    assert read_model(first)[2] == read
    new = {"new.js": "export const total = sum(prices);\n" * 200}
    later = write_corpus(tmp_path / "later", new, {**HELD_OUT, "shop3.js": CODE["shop3.js"]})
    capfd.readouterr()
    train_here("--corpus", later, "--out", second, "--init", first, *SMALL, "--tokens", 2560)
    # The emoji counts as two.
    chars = sum(map(len, HELD_OUT.values())) + 1
    assert f" over {chars} characters" in capfd.readouterr().out
    steps = json.loads(onnx.load(str(second)).metadata_props[0].value)["training"]["steps"]
    assert read_model(second)[2] == (read if steps == 0 else read.union(sketch_of(new["new.js"])))


def test_two_processes_take_the_steps_of_one_with_twice_the_batch(
    corpus: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.onnx", tmp_path / "two.onnx"
    options = ["--corpus", corpus, "--hidden", 24, "--window", 32, "--tokens", 10 * 8 * 32, "--dropout", 0.3]
    train_here(*options, "--out", one, "--batch", 8)
    both = train_by_command(*options, "--out", two, "--batch", 4, processes=2)
    assert both.returncode == 0, both.stderr
    assert distance(weights_of(one), weights_of(two)) < 1e-4
    assert measured(capfd.readouterr().out) == measured(both.stdout)


def measured(output: str) -> list[str]:
    """The lines that depend on no time."""
    lines = [line for line in output.splitlines() if line.startswith("held out")]
    assert len(lines) > 2
    return lines


def test_a_run_that_was_killed_goes_on_to_the_weights_of_one_that_was_not(
    corpus: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, killed = tmp_path / "whole.onnx", tmp_path / "killed.onnx"
    options = ["--corpus", corpus, *SMALL, "--tokens", 60_000, "--dropout", 0.2]
    train_here(*options, "--out", whole)
    checkpoint = killed.with_name("killed.onnx.checkpoint")
    often = [*options, "--out", killed, "--checkpoint-every", 0.001]
    with subprocess.Popen(command(*often), env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
        wait_for(checkpoint, process)
        process.kill()
    assert not killed.exists() or distance(weights_of(whole), weights_of(killed)) > 0
    train_here(*options, "--out", killed, "--resume")
    assert "resumed after step" in capfd.readouterr().out
    assert distance(weights_of(whole), weights_of(killed)) == 0
    assert not checkpoint.exists()


def test_torchrun_restarts_a_killed_process_and_the_run_goes_on_to_the_same_weights(
    corpus: Path, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole.onnx", tmp_path / "killed.onnx"
    options = ["--corpus", corpus, *SMALL, "--tokens", 30_000]
    assert train_by_command(*options, "--out", whole, processes=2).returncode == 0
    checkpoint = killed.with_name("killed.onnx.checkpoint")
    launcher = command(*options, "--out", killed, "--checkpoint-every", 0.001, processes=2, restarts=1)
    with subprocess.Popen(
        launcher, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(checkpoint, process)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        victim = next(int(pid) for pid in children if "murmur_distributed" in Path(f"/proc/{pid}/cmdline").read_text())
        # By its number: it is a process that this test started.
        subprocess.run(["kill", f"-{int(signal.SIGKILL)}", str(victim)], check=True)
        output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "resumed after step" in output
    assert distance(weights_of(whole), weights_of(killed)) == 0


def wait_for(path: Path, process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    while not path.exists():
        assert process.poll() is None, "the run ended before its first checkpoint"
        time.sleep(0.01)
