"""A training run, by the rules of src/training. `train` is meant to be read from top to bottom."""

from __future__ import annotations

import hashlib
import math
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import torch

from .checkpoint import read_checkpoint, write_checkpoint
from .convert import VOCABULARY, Weights, read_model, write_model
from .data import Corpus, Lanes, Text, read_corpus
from .errors import MurmurError
from .evaluate import HeldOut, held_out_texts, measure
from .learner import Learner
from .model import Architecture, Network, default_rate
from .options import Options
from .processes import Processes

WARM_UP, LAST_RATE = 0.02, 0.02
"""The share of a run in which the learning rate rises, and the learning rate at the end as a share of its peak."""

EVALUATIONS = 12
"""In a run, in addition to the one before its first step."""

SECONDS_BETWEEN_REPORTS = 5.0

EMBEDDING = 64
"""Width of the embedding vectors of a new network, unless they are tied."""


class Best(NamedTuple):
    """The best weights of a run so far, by the sample of the held-out text, and the step that they are from."""

    step: int
    held_out: HeldOut
    weights: Weights


def train(options: Options) -> None:
    """
    Trains a network and writes the best weights, by the held-out text, to `out`. Each process of a group calls it.
    @raises MurmurError if something that was given does not fit, the run diverges, or a file can't be written
    """
    corpus = read_corpus(options.corpus)
    processes = Processes.meet()
    lanes = options.batch * processes.count
    chars, tokens = sum(text.chars for text in corpus.train), sum(len(text.contents) + 1 for text in corpus.train)
    assert_enough(tokens, lanes, options.window)
    architecture, start = starting_point(options)
    peak = options.lr or default_rate(architecture, options.init != "none")
    own = range(processes.rank * options.batch, (processes.rank + 1) * options.batch)
    reader = Lanes(corpus.train, lanes, own, window=options.window, seed=options.seed, device=processes.device)
    learner = Learner(architecture, start, reader, processes, options)
    everything, sampled = held_out_texts(corpus.held_out, processes.device)
    checkpoint = options.out.with_name(f"{options.out.name}.checkpoint")
    run = {name: getattr(options, name) for name in ("window", "dropout", "weight_decay", "seed", "precision")}
    run.update(lanes=lanes, rate=peak, corpus=corpus.hash, network=hash_of(architecture, start))
    say = processes.say

    saved = read_checkpoint(checkpoint, run) if options.resume else None
    if saved:
        figures, tensors = saved
        learner.restore(tensors["learner"])
        seconds, before = figures["seconds"], HeldOut(*figures["before"])
        best = Best(figures["best step"], HeldOut(*figures["best"]), tensors["best"])
        say(f"resumed after step {learner.steps}")
    else:
        seconds, before = 0.0, measure(learner.mean, everything, processes)
        best = Best(0, measure(learner.mean, sampled, processes), start)
        say(f"held out: {best.held_out.bits_per_char:.4f} bits/char before the first step")

    tokens_per_step = lanes * options.window
    # To look at the loss is to wait for the GPU, so that is done once in some steps.
    stride = 16 if processes.device.type == "cuda" else 1
    began = time.perf_counter() - seconds
    progress = progress_of(options, learner.steps * tokens_per_step, seconds)
    evaluations = int(progress * EVALUATIONS)
    checkpoint_at = reported_at = seconds
    steps, nats = 0, torch.zeros((), dtype=torch.float64, device=processes.device)
    while progress < 1:
        nats += learner.learn(learning_rate_at(progress, peak))
        steps += 1
        if learner.steps % stride > 0:
            progress = progress_of(options, learner.steps * tokens_per_step, seconds)
            continue

        # The clock is that of the first process, so that all of them do the same.
        seconds, total = processes.sums(time.perf_counter() - began if processes.rank == 0 else 0.0, nats)
        if not math.isfinite(total):
            raise MurmurError(
                f"Training diverged at step {learner.steps} (the loss is NaN or infinite). Try a lower --lr than {peak:g}. "
                f"{options.out} and its checkpoint, where they exist, are from before."
            )
        progress = progress_of(options, learner.steps * tokens_per_step, seconds)
        if seconds - reported_at > SECONDS_BETWEEN_REPORTS:
            speed = steps * tokens_per_step * chars / tokens / (seconds - reported_at)
            bits = total / processes.count / steps / math.log(2) * tokens / chars
            say(f"{progress:6.1%}  step {learner.steps}  {seconds:.0f} s  {speed:,.0f} chars/s  {bits:.4f} bits/char")
            reported_at, steps = seconds, 0
            nats.zero_()
        if int(progress * EVALUATIONS) > evaluations and progress < 1:
            evaluations = int(progress * EVALUATIONS)
            best = evaluate(learner, best, sampled, processes)
            if best.step == learner.steps and processes.rank == 0:
                write_model(options.out, architecture, best.weights, record_of(options, corpus, best, seconds))
        if seconds - checkpoint_at > options.checkpoint_every:
            checkpoint_at = seconds
            tensors = {"learner": learner.save(), "best": best.weights}
            figures = {"seconds": seconds, "before": before, "best step": best.step, "best": best.held_out}
            if processes.rank == 0:
                write_checkpoint(checkpoint, run, figures, tensors)

    best = evaluate(learner, best, sampled, processes)
    learner.mean.load_state_dict(best.weights)
    after = measure(learner.mean, everything, processes)
    if best.step == 0 or after.bits_per_char >= before.bits_per_char:
        best = Best(0, before, start)
        say("the run found nothing better than what it began with")
    else:
        best = best._replace(held_out=after)
    measured, bits = best.held_out
    say(f"held out: {bits:.4f} bits/char over {measured} characters, at step {best.step}")
    if processes.rank == 0:
        write_model(options.out, architecture, best.weights, record_of(options, corpus, best, seconds))
        checkpoint.unlink(missing_ok=True)
    say(f"wrote {options.out}")
    processes.leave()


def evaluate(learner: Learner, best: Best, texts: list[Text], processes: Processes) -> Best:
    """Measures the mean of the weights. @returns it, if it is better than the best so far, or else that"""
    found = measure(learner.mean, texts, processes)
    processes.say(f"held out: {found.bits_per_char:.4f} bits/char after step {learner.steps}")
    if not found.bits_per_char < best.held_out.bits_per_char:
        return best
    return Best(learner.steps, found, {name: values.clone() for name, values in learner.mean.state_dict().items()})


def starting_point(options: Options) -> tuple[Architecture, Weights]:
    """The model to fine-tune, or a new one."""
    if options.init != "none":
        return read_model(Path(options.init))
    embedding = options.hidden if options.tied else min(options.hidden, EMBEDDING)
    own = {name: getattr(options, name) for name in ("cell", "layers", "hidden", "residual", "layer_norm", "tied")}
    architecture = Architecture(embedding=embedding, **own)
    network = Network(architecture, VOCABULARY)
    network.initialize(options.seed)
    return architecture, network.state_dict()


def assert_enough(tokens: int, lanes: int, window: int) -> None:
    """@raises MurmurError if there is too little text for the lanes: each should have a window of its own"""
    if lanes * window > tokens:
        raise MurmurError(
            f"{lanes} lanes (--batch times the number of processes) of {window} tokens each are more than the {tokens} tokens to "
            "train on. Give a smaller --batch or --window, start fewer processes, or pack more text."
        )


def progress_of(options: Options, tokens: int, seconds: float) -> float:
    """From 0 to 1 or beyond. By tokens it depends on the steps alone; by minutes it follows the clock."""
    if options.tokens is not None:
        return tokens / max(1, options.tokens)
    return seconds / max(1e-9, 60 * options.minutes)


def learning_rate_at(progress: float, peak: float) -> float:
    """Linear warm-up, then cosine decay (Loshchilov & Hutter 2017, eq. 5): src/training/schedule.ts."""
    if progress < WARM_UP:
        return peak * max(progress / WARM_UP, 0.01)
    decayed = (min(progress, 1.0) - WARM_UP) / (1 - WARM_UP)
    return peak * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * decayed)))


def hash_of(architecture: Architecture, weights: Weights) -> str:
    contents = (values.cpu().numpy().tobytes() for values in weights.values())
    return hashlib.sha256(b"".join([repr(architecture).encode(), *contents])).hexdigest()


def record_of(options: Options, corpus: Corpus, best: Best, seconds: float) -> dict[str, Any]:
    """The `training` of a model file: src/model/info.ts."""
    record = {
        "corpusHash": corpus.train_hash,
        "trainChars": sum(text.chars for text in corpus.train),
        "steps": best.step,
        "seconds": round(seconds),
        "seed": options.seed,
        "heldOut": {"chars": best.held_out.chars, "bitsPerChar": best.held_out.bits_per_char},
        "date": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return record if options.licence is None else {**record, "licence": options.licence}
