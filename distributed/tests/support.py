"""What the tests share."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


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
            units = len(text.encode("utf-16-le")) // 2
            hashed = hashlib.sha256(own).hexdigest()
            entry = {"name": name, "hash": hashed, "language": None, "offset": len(contents), "length": len(own)}
            lines.append(json.dumps({**entry, "chars": units}))
            digest.update(f"{name}\0{hashed}\0".encode())
            contents += own
            chars += units
        (folder / f"{part}.bin").write_bytes(contents)
        (folder / f"{part}.jsonl").write_text("".join(f"{line}\n" for line in lines))
        totals[key] = {"texts": len(texts), "bytes": len(contents), "chars": chars}
    index = {"format": "murmur-corpus", "version": 1, "rules": 1, **totals, "hash": digest.hexdigest()}
    (folder / "index.json").write_text(json.dumps(index))
    return folder
