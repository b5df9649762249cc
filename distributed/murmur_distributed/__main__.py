"""`python -m murmur_distributed train …`; started by torchrun, it trains in many processes."""

from __future__ import annotations

import os
import sys

LEAST_PYTHON, LEAST_TORCH = (3, 9), (1, 13)


def main() -> int:
    """@returns the exit status"""
    # What all processes find wrong alike, only the first one says.
    is_first = os.environ.get("RANK", "0") == "0"
    problem = version_problem()
    if problem is None:
        from .cli import run

        return run(sys.argv[1:], is_first)
    if is_first:
        print(problem, file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
