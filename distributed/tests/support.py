"""What the tests share."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from murmur_distributed.data import VERSIONS
from murmur_distributed.options import parse
from murmur_distributed.train import train

ROOT = Path(__file__).parents[2]
NODE = ROOT / "node_modules" / ".bin" / "node"


def _shop(i: int) -> str:
    return f"export function price{i}(item) {{\n  return item.cents * {i} + tax(item);\n}}\n" * 12


CODE = {f"shop{i}.js": _shop(i) for i in range(24)}
HELD_OUT = {"shop77.js": _shop(77), "größe.md": "// Größe 😀\n"}
SMALL = ["--hidden", "24", "--batch", "4", "--window", "32"]


def write_corpus(folder: Path, train: dict[str, str], held_out: dict[str, str]) -> Path:
    """A packed corpus of these texts, by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    digest, totals = hashlib.sha256(), {}
    for part, key, texts in (("train", "train", train), ("held-out", "heldOut", held_out)):
        if part == "held-out":
            digest.update(b"\n")
        contents, lines, chars = b"", [], 0
        for name, text in texts.items():
            own = text.encode()
            hashed = hashlib.sha256(own).hexdigest()
            entry = {"name": name, "hash": hashed, "language": None, "offset": len(contents), "length": len(own)}
            sketch = "".join(sketch_of(text))
            lines.append(json.dumps({**entry, "chars": len(text.encode("utf-16-le")) // 2, "sketch": sketch}))
            digest.update(f"{name}\0{hashed}\0".encode())
            contents += own
            chars += len(text.encode("utf-16-le")) // 2
        (folder / f"{part}.bin").write_bytes(contents)
        (folder / f"{part}.jsonl").write_text("".join(f"{line}\n" for line in lines))
        totals[key] = {"texts": len(texts), "bytes": len(contents), "chars": chars}
    index = {**VERSIONS, **totals, "hash": digest.hexdigest()}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def sketch_of(text: str) -> list[str]:
    """Hashes of a text's lines: some of those that Murmur takes, see TextSketch in src/model/read-texts.ts."""
    lines = [line.strip() for line in text.splitlines()] or [text]
    return sorted({hashlib.sha256(line.encode()).hexdigest()[:16] for line in lines})[:8]


def command(*arguments: object, processes: int = 1, restarts: int = 0) -> list[str]:
    """The command that trains in so many processes."""
    launcher = [sys.executable]
    if processes > 1 or restarts > 0:
        launcher += ["-m", "torch.distributed.run", "--nproc_per_node", str(processes)]
        # The port that --standalone takes in PyTorch 1.13 is always the same.
        launcher += ["--rdzv_backend", "c10d", "--rdzv_endpoint", f"localhost:{free_port()}"]
        launcher += ["--max_restarts", str(restarts)]
        if torch.__version__ < "2":
            # With Python 3.11, torchrun of PyTorch 1.13 fails at its own default, "no redirection"; this says the same otherwise.
            launcher += ["--redirects", "9:3", "--tee", "9:3"]
    return [*launcher, "-m", "murmur_distributed", "train", *map(str, arguments)]


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT / "distributed"),
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


def train_by_command(*arguments: object, processes: int = 1) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments, processes=processes), env=ENVIRONMENT, capture_output=True, text=True)


def train_here(*arguments: object) -> None:
    """Trains in this process, which must then have one thread to take the same steps as the others."""
    torch.set_num_threads(1)
    train(parse(["train", *map(str, arguments)]))


def murmur(*arguments: object) -> Any:
    """What a command of the TypeScript side prints with --json."""
    run = [NODE, "src/cli/main.ts", *map(str, arguments), "--json"]
    return json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
