"""`python -m murmur_distributed train …`; started by torchrun, it trains in many processes."""

from __future__ import annotations

import os
import sys

LEAST_PYTHON, LEAST_TORCH = (3, 9), (1, 13)


def main() -> int:
    """@returns the exit status"""
    # What all processes find wrong alike, one on each machine says.
    is_speaker = os.environ.get("LOCAL_RANK", "0") == "0"
    problem = version_problem()
    if problem is None:
        problem = run()
    if problem is None:
        return 0
    if is_speaker or problem.startswith("Process"):
        print(problem, file=sys.stderr, flush=True)
    return 1


def version_problem() -> str | None:
    if sys.version_info < LEAST_PYTHON:
        return (
            f"Python {sys.version.split()[0]} is too old: murmur_distributed needs {LEAST_PYTHON[0]}.{LEAST_PYTHON[1]}."
        )
    try:
        import onnx  # noqa: F401
        import torch
    except ImportError as error:
        return (
            f"{error.name} is missing. Install it: pip install torch onnx, or apt install python3-torch python3-onnx."
        )
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < LEAST_TORCH:
        return f"PyTorch {torch.__version__} is too old: murmur_distributed needs {LEAST_TORCH[0]}.{LEAST_TORCH[1]}."
    return None


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
