"""A training run, by the rules of src/training. `train` is meant to be read from top to bottom."""

from __future__ import annotations

import base64
import copy
import hashlib
import math
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import torch

from .convert import Weights, read_checkpoint, read_model, write_checkpoint, write_model
from .data import HASH, Text, chars_of, hash_of, read_corpus, windows_of
from .errors import MurmurError
from .learner import Learner, held_out_texts, measure
from .model import Architecture, Network, default_rate
from .options import Options
from .processes import Processes

WARM_UP, LAST_RATE = 0.02, 0.02
"""The share of a run in which the learning rate rises, and the learning rate at the end as a share of its peak."""

EVALUATIONS, SECONDS_BETWEEN_REPORTS = 12, 5.0
"""The evaluations in a run are in addition to the one before its first step."""

LEAST_MEASURED, MOST_RECORDED = 0.3, 20_000
"""
The share of the held-out text that a model must not have read to be measured on that part alone; the most texts to train on of
which a model's record tells that it has read them.
"""

EMBEDDING = 64
"""Width of the embedding vectors of a new network, unless they are tied."""

NEW_NETWORK = {"cell": "lstm", "layers": 2, "hidden": 256, "residual": True, "layer_norm": True, "tied": False}
"""A new network, but for what the options say."""


class Start(NamedTuple):
    """A network before its first step, and the hashes that stand for what it has read."""

    architecture: Architecture
    weights: Weights
    read: set[str]


class Best(NamedTuple):
    """The best weights of a run so far, by the sample of the held-out text, and the step that they are from."""

    step: int
    bits_per_char: float
    weights: Weights


def train(options: Options) -> None:
    """
    Trains a network and writes the best weights, by the held-out text, to `out`. Each process of a group calls it.
    @raises MurmurError if something that was given does not fit, the run diverges, or a file can't be written
    """
    texts, held_out = read_corpus(options.corpus)
    if not options.out.parent.is_dir():
        raise MurmurError(f"There is no folder {options.out.parent} for the model. Make it, or choose another --out.")
    start = starting_point(options)
    held_out = unread(held_out, start.read)
    processes = Processes.meet()
    device, say, is_first = processes.device, processes.say, processes.rank == 0
    lanes, chars = options.batch * processes.count, chars_of(texts)
    step_tokens, tokens = lanes * options.window, sum(len(text.contents) + 1 for text in texts)
    if step_tokens > tokens:
        what = f"{lanes} lanes (--batch times the number of processes) of {options.window} tokens each"
        cure = "Give a smaller --batch or --window, start fewer processes, or pack more text."
        raise MurmurError(f"{what} are more than the {tokens} tokens to train on. {cure}")
    peak = options.lr or default_rate(start.architecture, options.init != "none")
    run = {name: getattr(options, name) for name in ("window", "dropout", "weight_decay", "seed", "precision")}
    initial = b"".join(values.numpy().tobytes() for values in start.weights.values())
    run.update(lanes=lanes, rate=peak, network=str(start.architecture))
    run.update(corpus=hash_of(texts, held_out), start=hashlib.sha256(initial).hexdigest())

    checkpoint = options.out.with_name(f"{options.out.name}.checkpoint")
    saved = read_checkpoint(checkpoint, run) if options.resume else None
    processes.assert_alike(repr((run, options.minutes, options.tokens, saved and saved["steps"])))
    learner = Learner(start.architecture, start.weights, processes, options)
    everything, sampled = held_out_texts(held_out, device)
    if saved:
        learner.restore(saved)
        seconds, before, bits = saved["figures"].tolist()
        best = Best(saved["best step"], bits, saved["best"])
        say(f"resumed after step {learner.steps}")
    else:
        seconds, before = 0.0, measure(learner.mean, everything, processes)
        best = Best(0, measure(learner.mean, sampled, processes), start.weights)
        say(f"held out: {best.bits_per_char:.4f} bits/char before the first step")

    reading = {"window": options.window, "seed": options.seed, "device": device, "first": learner.steps}
    windows = windows_of(texts, lanes, processes.own_lanes(options.batch), **reading)
    # To look at the loss is to wait for the GPU, so that is done once in some steps.
    stride = 16 if device.type == "cuda" else 1
    began = time.perf_counter() - seconds
    progress = progress_of(options, learner.steps * step_tokens, seconds)
    checkpoint_at = reported_at = seconds
    steps, nats = 0, torch.zeros((), dtype=torch.float64, device=device)
    while progress < 1:
        for _ in range(stride):
            nats += learner.learn(*next(windows), learning_rate_at(progress, peak))
        steps += stride
        # The clock is that of the first process, so that all of them do the same.
        seconds, total = processes.sums(time.perf_counter() - began if is_first else 0.0, nats)
        if not math.isfinite(total):
            what = f"Training diverged at step {learner.steps} (the loss is NaN or infinite)"
            kept = f"{options.out} and its checkpoint, where they exist, are from before."
            raise MurmurError(f"{what}. Try a lower --lr than {peak:g}. {kept}")
        last, progress = progress, progress_of(options, learner.steps * step_tokens, seconds)
        if seconds - reported_at > SECONDS_BETWEEN_REPORTS:
            speed = steps * step_tokens * chars / tokens / (seconds - reported_at)
            bits = total / processes.count / steps / math.log(2) * tokens / chars
            say(f"{progress:6.1%}  step {learner.steps}  {seconds:.0f} s  {speed:,.0f} chars/s  {bits:.4f} bits/char")
            reported_at, steps = seconds, 0
            nats.zero_()
        if int(progress * EVALUATIONS) > int(last * EVALUATIONS):
            bits = measure(learner.mean, sampled, processes)
            say(f"held out: {bits:.4f} bits/char after step {learner.steps}")
            if bits < best.bits_per_char:
                best = Best(learner.steps, bits, copy.deepcopy(learner.mean.state_dict()))
                if is_first:
                    save_model(options, texts, start, best, sampled, seconds)
        if seconds - checkpoint_at > options.checkpoint_every:
            checkpoint_at = seconds
            figures = torch.tensor([seconds, before, best.bits_per_char], dtype=torch.float64)
            state = {**learner.save(), "figures": figures, "best step": best.step, "best": best.weights}
            if is_first:
                write_checkpoint(checkpoint, run, state)

    learner.mean.load_state_dict(best.weights)
    after = measure(learner.mean, everything, processes)
    best = best._replace(bits_per_char=after) if after < before else Best(0, before, start.weights)
    if best.step == 0:
        say("the run found nothing better than what it began with")
    say(f"held out: {best.bits_per_char:.4f} bits/char over {chars_of(everything)} characters, at step {best.step}")
    if is_first:
        save_model(options, texts, start, best, everything, seconds)
        checkpoint.unlink(missing_ok=True)
    say(f"wrote {options.out}")
    # It has the group, which must not be deleted with it: only PyTorch's own end of the group lets the group's threads end.
    del learner
    processes.leave()


def starting_point(options: Options) -> Start:
    """The model to fine-tune, or a new one. @raises MurmurError if options ask for another network than the model's"""
    asked = {name: getattr(options, name) for name in NEW_NETWORK if getattr(options, name) is not None}
    if options.init == "none":
        of_new = {**NEW_NETWORK, **asked}
        embedding = of_new["hidden"] if of_new["tied"] else min(of_new["hidden"], EMBEDDING)
        network = Network(Architecture(embedding=embedding, **of_new))
        network.initialize(options.seed)
        return Start(network.architecture, network.state_dict(), set())
    start = Start(*read_model(Path(options.init)))
    for name, value in asked.items():
        if value != (own := getattr(start.architecture, name)):
            what = f"--{name.replace('_', '-')} asks for {value}, but it is {own} in the model {options.init}"
            raise MurmurError(f"{what}. Leave it out, or train a new model (--init none).")
    return start


def unread(held_out: list[Text], read: set[str]) -> list[Text]:
    """The texts of which most was not read, or all of them if those are few: `unread` in src/training/plan.ts."""
    own = [text for text in held_out if 2 * len(read.intersection(HASH.findall(text.sketch))) < len(text.sketch) / 16]
    return own if chars_of(own) >= LEAST_MEASURED * chars_of(held_out) else held_out


def progress_of(options: Options, tokens: int, seconds: float) -> float:
    """From 0 to 1 or beyond. By tokens it depends on the steps alone; by minutes it follows the clock."""
    return tokens / options.tokens if options.tokens else seconds / (60 * options.minutes)


def learning_rate_at(progress: float, peak: float) -> float:
    """Linear warm-up, then cosine decay (Loshchilov & Hutter 2017, eq. 5): src/training/schedule.ts."""
    if progress < WARM_UP:
        return peak * max(progress / WARM_UP, 0.01)
    decayed = (progress - WARM_UP) / (1 - WARM_UP)
    return peak * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * decayed)))


def save_model(options: Options, texts: list[Text], start: Start, best: Best, held: list[Text], seconds: float) -> None:
    """Writes the best weights, measured on some held-out texts, with the record of training that src/model/info.ts describes."""
    date = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: dict[str, Any] = {"corpusHash": hash_of(texts), "trainChars": chars_of(texts), "steps": best.step}
    record.update(seconds=round(seconds), seed=options.seed, date=date)
    record["heldOut"] = {"chars": chars_of(held), "bitsPerChar": best.bits_per_char}
    # Weights that no step has changed have read nothing new.
    is_listed = best.step > 0 and len(texts) <= MOST_RECORDED
    read = start.read.union(*(HASH.findall(text.sketch) for text in texts)) if is_listed else start.read
    if read:
        record["texts"] = base64.b64encode(bytes.fromhex("".join(sorted(read)))).decode()
    if options.licence is not None:
        record["licence"] = options.licence
    write_model(options.out, start.architecture, best.weights, record)
