"""Loss and gradients are those of the TypeScript trainer, and so are the texts that the lanes read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import torch
from support import write_corpus
from torch.nn import functional

from murmur_distributed.convert import VOCABULARY, read_model
from murmur_distributed.data import Lanes, read_corpus
from murmur_distributed.model import Network

ROOT = Path(__file__).parents[2]
PLAIN = {"residual": False, "layerNorm": False, "tied": False}
OPTIONS = [PLAIN, {**PLAIN, "residual": True, "layerNorm": True}, {"residual": True, "layerNorm": True, "tied": True}]
TEXTS = {
    "a.ts": "export const answer = 42;\n" * 9,
    "long.md": "".join(f"line {i} of a text that is longer than a piece\n" for i in range(60)),
    "empty.txt": "",
    "unicode.txt": "naïve – 😀😀 ünïcode\n" * 30,
}


def reference(folder: Path, **job: object) -> dict:
    folder.mkdir(exist_ok=True)
    model, result, path = folder / "model.onnx", folder / "result.json", folder / "job.json"
    path.write_text(json.dumps({**job, "model": str(model), "result": str(result)}))
    subprocess.run([ROOT / "node_modules/.bin/node", "test/distributed/reference.ts", str(path)], cwd=ROOT, check=True)
    return {**json.loads(result.read_text()), "model": model}


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("has", OPTIONS, ids=["plain", "residual and layer norm", "tied"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_loss_and_gradients_equal_those_of_the_typescript_step(
    cell: str, has: dict[str, bool], dropout: float, tmp_path: Path
) -> None:
    batch, window, layers, hidden = 3, 40, 3, 24
    architecture = {"cell": cell, "layers": layers, "hidden": hidden, **has, "task": "many-to-many", "labels": []}
    expected = reference(
        tmp_path, architecture=architecture, texts=TEXTS, batch=batch, window=window, windows=2, dropout=dropout
    )
    read, weights = read_model(expected["model"])
    network = Network(read, VOCABULARY)
    network.load_state_dict(weights)
    corpus = read_corpus(write_corpus(tmp_path / "corpus", TEXTS, {"held.txt": "held out\n"}))
    lanes = Lanes(corpus.train, batch, range(batch), window=window, seed=3, device=torch.device("cpu"))
    states = network.zero_states(batch)
    for i, wanted in enumerate(expected["windows"]):
        tokens, targets = lanes.read()
        assert tokens.flatten().tolist() == wanted["tokens"]
        assert targets.flatten().tolist() == wanted["targets"]
        mask = torch.tensor(expected["masks"][i]).view(layers, batch, hidden) if dropout > 0 else None
        logits, states = network(tokens, tuple(state.detach() for state in states), mask)
        loss = functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        network.zero_grad()
        loss.backward()
        assert loss.item() == pytest.approx(wanted["loss"], rel=1e-5)
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None
            other = torch.tensor(wanted["gradients"][name]).view_as(parameter)
            assert torch.dist(parameter.grad, other) <= 1e-5 * torch.linalg.vector_norm(other), name
