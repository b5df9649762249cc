"""`python -m murmur_distributed train …`; started by torchrun, it trains in many processes."""

from __future__ import annotations

import os
import sys

LEAST_PYTHON, LEAST_TORCH = (3, 9), (1, 13)


def main() -> int:
    """@returns the exit status"""
    problem = version_problem() or run()
    # What all processes find wrong alike, one on each machine says.
    if problem and (problem.startswith("Process") or os.environ.get("LOCAL_RANK", "0") == "0"):
        print(problem, file=sys.stderr, flush=True)
    return 1 if problem else 0


def version_problem() -> str | None:
    python = sys.version_info[:2]
    if python < LEAST_PYTHON:
        return too_old("Python", python, LEAST_PYTHON)
    try:
        import onnx  # noqa: F401
        import torch
    except ImportError as error:
        return (
            f"{error.name} is missing. Install it: pip install torch onnx, or apt install python3-torch python3-onnx."
        )
    pytorch = tuple(int(part) for part in torch.__version__.split(".")[:2])
    return too_old("PyTorch", pytorch, LEAST_TORCH) if pytorch < LEAST_TORCH else None


def too_old(what: str, version: tuple[int, ...], least: tuple[int, ...]) -> str:
    return f"{what} {'.'.join(map(str, version))} is too old: murmur_distributed needs {'.'.join(map(str, least))}."


def run() -> str | None:
    """@returns what went wrong; if this process alone can know of it, that begins with its number"""
    from .errors import MurmurError
    from .options import parse
    from .train import train

    try:
        train(parse(sys.argv[1:]))
    except MurmurError as error:
        return str(error)
    except RuntimeError as error:
        # PyTorch's errors: a GPU that is lost or full, another process that is gone.
        rank = os.environ.get("RANK", "0")
        return f"Process {rank} failed: {error}\nWith --resume, training goes on from the last checkpoint."
    except KeyboardInterrupt:
        return "Training was interrupted. With --resume, it goes on from the last checkpoint."
    return None


if __name__ == "__main__":
    sys.exit(main())
