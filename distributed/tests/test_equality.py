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

from murmur_distributed.convert import VOCABULARY, read_model
from murmur_distributed.data import Lanes, read_corpus
from murmur_distributed.model import Network

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
    jobs = [
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
    program = [NODE, "test/distributed/reference.ts"]
    done = subprocess.run(program, cwd=ROOT, input=json.dumps(jobs), stdout=subprocess.PIPE, text=True, check=True)
    return {
        case: (folder / f"{i}.onnx", windows) for i, (case, windows) in enumerate(zip(CASES, json.loads(done.stdout)))
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}, {case[1]}, dropout {case[2]}")
def test_loss_and_gradients_equal_those_of_the_typescript_step(
    case: tuple[str, str, float], reference: dict[Any, Any], tmp_path: Path
) -> None:
    model, windows = reference[case]
    architecture, weights = read_model(model)
    network = Network(architecture, VOCABULARY)
    network.load_state_dict(weights)
    corpus = read_corpus(write_corpus(tmp_path, TEXTS, {"held.txt": "held out\n"}))
    lanes = Lanes(corpus.train, BATCH, range(BATCH), window=WINDOW, seed=3, device=torch.device("cpu"))
    states = network.zero_states(BATCH)
    for wanted in windows:
        tokens, targets = lanes.read()
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
