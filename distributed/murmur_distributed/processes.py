"""The processes that train one network together: this one's place among them, and what they tell one another."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

import torch
from torch import Tensor, distributed

from .errors import MurmurError


@dataclass(frozen=True)
class Processes:
    rank: int
    count: int
    device: torch.device

    @staticmethod
    def meet() -> Processes:
        """Joins the processes that torchrun started: over NCCL if they have GPUs, else over gloo. Alone without torchrun."""
        rank, count = _number("RANK", 0), _number("WORLD_SIZE", 1)
        device = _own_device()
        if count > 1:
            store, _, _ = next(distributed.rendezvous("env://"))
            # Processes that torchrun starts again on one machine may find the store of those that ended, with addresses at
            # which nobody answers. (Machines count their restarts on their own, and meet in a new store.)
            attempt = _number("TORCHELASTIC_RESTART_COUNT", 0) if count == _number("LOCAL_WORLD_SIZE", 1) else 0
            store = distributed.PrefixStore(f"attempt{attempt}", store)
            backend = "nccl" if device.type == "cuda" else "gloo"
            distributed.init_process_group(backend, store=store, rank=rank, world_size=count)
        return Processes(rank, count, device)

    def leave(self) -> None:
        """To be called at the end; no process ends while another still needs it."""
        if self.count > 1:
            distributed.barrier()
            distributed.destroy_process_group()

    def assert_alike(self, value: str) -> None:
        """@raises MurmurError on all processes if they were not given the same"""
        number = int(hashlib.sha256(value.encode()).hexdigest()[:8], 16)
        if self.sums(number) != [number * self.count]:
            what = "The nodes differ in their options, corpus, model or checkpoint"
            raise MurmurError(f"{what}. Give all of them the same, and --out on a disk that they share.")

    def own_lanes(self, batch: int) -> range:
        """Those that this process reads, of batch × count lanes in all."""
        return range(self.rank * batch, (self.rank + 1) * batch)

    def say(self, line: str) -> None:
        """Prints a line, on the first process."""
        if self.rank == 0:
            print(line, flush=True)

    def sums(self, *values: float | Tensor) -> list[float]:
        """Each number summed over all processes."""
        numbers = torch.tensor([float(value) for value in values], dtype=torch.float64, device=self.device)
        if self.count > 1:
            distributed.all_reduce(numbers)
        return numbers.tolist()

    def gathered(self, own: Tensor, dim: int) -> Tensor:
        """The parts of all processes, one after another."""
        if self.count == 1:
            return own
        parts = [torch.empty_like(own) for _ in range(self.count)]
        distributed.all_gather(parts, own.contiguous())
        return torch.cat(parts, dim)


def _own_device() -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    local, here, gpus = _number("LOCAL_RANK", 0), _number("LOCAL_WORLD_SIZE", 1), torch.cuda.device_count()
    if here > gpus:
        cure = f'Give torchrun --nproc-per-node {gpus}, or train on the CPUs: CUDA_VISIBLE_DEVICES="".'
        raise MurmurError(f"{here} processes on this machine are more than its {gpus} GPUs. {cure}")
    torch.cuda.set_device(local)
    # Products of float32 matrices run on the tensor cores too (TF32), as cuDNN's layers do.
    torch.set_float32_matmul_precision("high")
    return torch.device("cuda", local)


def _number(name: str, default: int) -> int:
    """Of the environment that torchrun sets."""
    return int(os.environ.get(name, default))
