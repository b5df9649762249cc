"""`python -m murmur_distributed train …`; started by torchrun, it trains in many processes."""

from __future__ import annotations

import os
import platform
import re
import sys
import time

NEEDED = "Needed: Python 3.9+, torch 1.13+, onnx (pip install torch onnx; apt install python3-torch python3-onnx)."
RESUME = "With --resume, training goes on from the last checkpoint."


def main() -> None:
    problem = version_problem() or run()
    if problem:
        if os.environ.get("LOCAL_RANK", "0") != "0" and not problem.startswith("Process"):
            # The first process finds it too, and says it. When one process ends, torchrun ends all: this one waits for that.
            time.sleep(60)
        print(problem, file=sys.stderr, flush=True)
        # At once: in Python's own end, threads of the group wait for Python, which waits for them.
        os._exit(1)


def version_problem() -> str | None:
    """@returns what is missing or too old, and what to do"""
    if sys.version_info < (3, 9):  # noqa: UP036 (it may be run without being installed)
        return f"Python {platform.python_version()} is too old. {NEEDED}"
    try:
        import onnx  # noqa: F401
        import torch
    except ImportError as error:
        return f"{error.name} is missing. {NEEDED}"
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (1, 13):
        return f"PyTorch {torch.__version__} is too old. {NEEDED}"
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
        # PyTorch's errors: another process is gone, which all that are left find, or this one's GPU is lost or full.
        is_other = re.search("gloo|nccl|tcpstore|socket", str(error), re.IGNORECASE)
        what = "Another process ended" if is_other else f"Process {os.environ.get('RANK', '0')} failed"
        return f"{what}: {error}\n{RESUME}"
    except KeyboardInterrupt:
        return f"Training was interrupted. {RESUME}"
    return None


if __name__ == "__main__":
    main()
