"""
Characters per second of training, and the share of the machine's matrix rate that this is. Each row is written to the file
as it is taken, so what was measured stays if the machine is taken away.

    [torchrun --nproc_per_node N] bench/speed.py OUT.tsv [--seconds 60] [--sizes 384x2,512x2,768x2] [--batches 128,…] [--precisions float32,bfloat16]
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from pathlib import Path

import numpy as np
import torch

from murmur_distributed.data import Text, windows_of
from murmur_distributed.errors import MurmurError
from murmur_distributed.learner import Learner
from murmur_distributed.model import PRECISIONS, Architecture, Network
from murmur_distributed.options import parse
from murmur_distributed.processes import Processes

WARM_UP_STEPS, LEAST_STEPS = 3, 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sizes", default="512x2,384x2,768x2")
    parser.add_argument("--batches", default="512,1024,256,2048,128")
    parser.add_argument("--window", type=int, default=128)
    parser.add_argument("--precisions", default="bfloat16,float32")
    given = parser.parse_args()
    processes = Processes.meet()
    device = processes.device
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    report(given.out, f"# {name}, {processes.count} processes, PyTorch {torch.__version__}, windows of {given.window}")
    rates = {precision: matrix_rate(PRECISIONS[precision], device) for precision in given.precisions.split(",")}
    for precision, rate in rates.items():
        report(given.out, f"# matrix product in {precision}: {rate / 1e12:.3g} TFLOP/s")
    report(given.out, "size\tbatch\tprecision\tms/step\tchars/s\tTFLOP/s\tshare")
    noise = np.random.default_rng(1).integers(1, 128, 32 << 20 if device.type == "cuda" else 1 << 20, dtype=np.uint8)
    cases = list(itertools.product(given.batches.split(","), rates, given.sizes.split(",")))
    began = time.perf_counter()
    for i, (batch, precision, size) in enumerate(cases):
        (left,) = processes.sums(given.seconds - (time.perf_counter() - began) if processes.rank == 0 else 0.0)
        if left <= 0:
            report(given.out, f"# the time is up; {len(cases) - i} rows were left out")
            break
        hidden, layers = (int(part) for part in size.split("x"))
        architecture = Architecture("lstm", layers, hidden, 64, residual=True, layer_norm=True)
        try:
            taken = seconds_per_step(
                architecture, int(batch), given.window, precision, noise, processes, left / (len(cases) - i)
            )
        except (RuntimeError, MurmurError) as error:  # out of memory, or no such layers
            report(given.out, f"{size}\t{batch}\t{precision}\t# {str(error).splitlines()[0]}")
            continue
        speed = int(batch) * given.window * processes.count / taken
        work = speed * operations_per_token(architecture)
        report(
            given.out,
            f"{size}\t{batch}\t{precision}\t{taken * 1e3:.2f}\t{speed:.0f}\t{work / 1e12:.3g}\t{work / rates[precision]:.3f}",
        )
    processes.leave()


def seconds_per_step(
    architecture: Architecture,
    batch: int,
    window: int,
    precision: str,
    noise: np.ndarray,
    processes: Processes,
    budget: float,
) -> float:
    """@param budget seconds, with what comes before the measured steps"""
    began = time.perf_counter()
    network = Network(architecture)
    network.initialize(1)
    texts, own = [Text("noise", noise, len(noise))], processes.own_lanes(batch)
    windows = windows_of(texts, batch * processes.count, own, window=window, seed=1, device=processes.device)
    options = parse(["train", "--corpus", "", "--out", "", "--batch", str(batch), "--precision", precision])
    learner = Learner(architecture, network.state_dict(), processes, options)

    def timed(steps: int) -> float:
        """Seconds that the steps take."""
        processes.sums(0)
        start = time.perf_counter()
        for _ in range(steps):
            learner.learn(*next(windows), 1e-3)
        processes.sums(0)
        return time.perf_counter() - start

    timed(WARM_UP_STEPS)
    steps, taken = LEAST_STEPS, timed(LEAST_STEPS)
    left = budget * 0.9 - (time.perf_counter() - began)
    # As many as the first process has time for, in all of them.
    (more,) = processes.sums(int(left / taken * steps) if processes.rank == 0 else 0)
    if more > 0:
        steps, taken = int(more), timed(int(more))
    return taken / steps


def operations_per_token(architecture: Architecture) -> int:
    """Of the matrix products in a step: two each way forward, and twice as many back."""
    parameters = Network(architecture).named_parameters()
    return 6 * sum(weights.numel() for name, weights in parameters if weights.dim() > 1 and name != "embedding")


def matrix_rate(precision: torch.dtype, device: torch.device) -> float:
    """Operations per second of a product of large square matrices."""
    width, repeats = (8192, 10) if device.type == "cuda" else (1024, 3)
    a, b = (torch.randn(width, width, device=device).to(precision) for _ in range(2))
    for _ in range(3):
        torch.matmul(a, b)
    synchronize(device)
    start = time.perf_counter()
    for _ in range(repeats):
        torch.matmul(a, b)
    synchronize(device)
    return repeats * 2 * width**3 / (time.perf_counter() - start)


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def report(path: Path, line: str) -> None:
    if os.environ.get("RANK", "0") != "0":
        return
    print(line, flush=True)
    with path.open("a") as file:
        file.write(f"{line}\n")


if __name__ == "__main__":
    main()
