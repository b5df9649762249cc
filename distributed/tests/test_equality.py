"""Loss and gradients are those of the TypeScript trainer, and so are the texts that the lanes read."""

from __future__ import annotations

import itertools
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import torch
from support import NODE, ROOT, write_corpus
from torch.nn import functional

from murmur_distributed.convert import read_model, write_model
from murmur_distributed.data import read_corpus, windows_of
from murmur_distributed.model import Architecture, Network, default_rate
from murmur_distributed.options import parse

if TYPE_CHECKING:
    from pathlib import Path

BATCH, WINDOW, LAYERS, HIDDEN = 3, 40, 3, 24
TEXTS = {
    "a.ts": "export const answer = 42;\n" * 9,
    "long.md": "".join(f"line {i} of a text that is longer than a piece\n" for i in range(60)),
    "empty.txt": "",
    "unicode.txt": "naïve – 😀😀 ünïcode\n" * 30,
}
NONE = {"residual": False, "layerNorm": False, "tied": False}
OPTIONS = {
    "no option": NONE,
    "residual": {**NONE, "residual": True},
    "layer norm": {**NONE, "layerNorm": True},
    "tied": {**NONE, "tied": True},
    "all options": {"residual": True, "layerNorm": True, "tied": True},
}
CASES = list(itertools.product(["rnn", "lstm", "gru"], OPTIONS, [0.0, 0.4]))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """For each case the model file that the TypeScript trainer started from, and its figures for the first windows."""
    folder = tmp_path_factory.mktemp("reference")
    jobs: list[dict[str, Any]] = [
        {
            "architecture": {"cell": cell, "layers": LAYERS, "hidden": HIDDEN, **OPTIONS[has], "labels": []},
            "texts": TEXTS,
            "batch": BATCH,
            "window": WINDOW,
            "windows": 2,
            "dropout": dropout,
            "model": str(folder / f"{i}.onnx"),
        }
        for i, (cell, has, dropout) in enumerate(CASES)
    ]
    results = answers_of("reference.ts", jobs)
    return {case: (folder / f"{i}.onnx", windows) for i, (case, windows) in enumerate(zip(CASES, results))}


def answers_of(program: str, jobs: list[dict[str, Any]]) -> list[Any]:
    """What a program of test/distributed answers to a list of jobs."""
    done = subprocess.run(
        [NODE, f"test/distributed/{program}"],
        cwd=ROOT,
        input=json.dumps(jobs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}, {case[1]}, dropout {case[2]}")
def test_loss_and_gradients_equal_those_of_the_typescript_step(
    case: tuple[str, str, float], reference: dict[Any, Any], tmp_path: Path
) -> None:
    model, windows = reference[case]
    architecture, weights, _ = read_model(model)
    network = Network(architecture)
    network.load_state_dict(weights)
    texts, _ = read_corpus(write_corpus(tmp_path, TEXTS, {"held.txt": "held out\n"}))
    reading = windows_of(texts, BATCH, range(BATCH), window=WINDOW, seed=3, device=torch.device("cpu"))
    states = network.zero_states(BATCH)
    for wanted, (tokens, targets) in zip(windows, reading):
        assert tokens.flatten().tolist() == wanted["tokens"]
        assert targets.flatten().tolist() == wanted["targets"]
        mask = torch.tensor(wanted["mask"]).view(LAYERS, BATCH, HIDDEN) if wanted["mask"] else None
        logits, states = network(tokens, tuple(state.detach() for state in states), mask)
        loss = functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        network.zero_grad()
        loss.backward()
        assert loss.item() == pytest.approx(wanted["loss"], rel=1e-5)
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None
            other = torch.tensor(wanted["gradients"][name]).view_as(parameter)
            assert torch.dist(parameter.grad, other) <= 1e-5 * torch.linalg.vector_norm(other), name


def test_learning_rate_and_batch_are_by_default_those_of_the_typescript_trainer() -> None:
    sizes = [(1, 64), (2, 256), (2, 768)]
    jobs = [
        {"architecture": {"cell": cell, "layers": layers, "hidden": hidden, "tied": False}, "isFineTuning": tunes}
        for cell, (layers, hidden), tunes in itertools.product(["rnn", "lstm", "gru"], sizes, [False, True])
    ]
    answers = answers_of("defaults.ts", jobs)
    assert len(answers) == len(jobs)
    for job, wanted in zip(jobs, answers):
        architecture = Architecture(embedding=64, **job["architecture"])
        assert default_rate(architecture, job["isFineTuning"]) == pytest.approx(wanted["rate"], rel=1e-12)
        options = parse(["train", "--corpus", "c", "--out", "o", "--init", "m" if job["isFineTuning"] else "none"])
        assert options.batch == wanted["batch"]


def test_the_graph_of_a_written_file_computes_in_onnx_runtime_what_the_network_does(tmp_path: Path) -> None:
    tokens = torch.arange(5 * BATCH, dtype=torch.int32).view(5, BATCH)
    jobs, wanted = [], []
    for cell, has in itertools.product(["rnn", "lstm", "gru"], [False, True]):
        options = {"residual": has, "layer_norm": has, "tied": has}
        network = Network(Architecture(cell, LAYERS, HIDDEN, HIDDEN if has else 16, **options))
        network.initialize(1)
        with torch.no_grad():
            for weights in network.parameters():
                weights += 0.1 * torch.rand_like(weights)
            states = tuple(torch.rand_like(state) for state in network.zero_states(BATCH))
            logits, after = network(tokens, states)
        model = tmp_path / f"{cell}{has}.onnx"
        write_model(model, network.architecture, network.state_dict(), {})
        names = [f"state_{state}" for state in network.cell.states]
        jobs.append(
            {
                "model": str(model),
                "tokens": values_of(tokens),
                "states": {name: values_of(state) for name, state in zip(names, states)},
            }
        )
        wanted.append({"logits": logits, **{f"{name}_out": state for name, state in zip(names, after)}})
    for outputs, expected in zip(answers_of("graph.ts", jobs), wanted):
        assert outputs.keys() == expected.keys()
        for name, values in expected.items():
            torch.testing.assert_close(torch.tensor(outputs[name]).view_as(values), values, rtol=1e-4, atol=1e-5)


def values_of(tensor: torch.Tensor) -> dict[str, Any]:
    return {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}
