"""One step of truncated back-propagation in PyTorch, timed: the same network, batch and window as Murmur's."""

import json
import re
import statistics
import sys
import time

import torch
from torch import nn

setting = json.loads(sys.argv[1])
hidden, layers, batch, steps = (setting[name] for name in ("hidden", "layers", "batch", "steps"))
window, vocabulary, size = setting["window"], setting["vocabulary"], setting["embedding"]
torch.set_num_threads(setting["threads"])
torch.manual_seed(1)


class CharRnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        self.lstm = nn.LSTM(size, hidden, layers)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, tokens, state):
        x, state = self.lstm(self.embedding(tokens), state)
        return self.output(x), state


model = CharRnn()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1, fused=True)
# Every lane reads the same cycle of characters from a place of its own.
cycle = 32 + (torch.arange(window + 1)[:, None] + torch.arange(batch)) % 61
tokens, targets = cycle[:-1], cycle[1:]
state = tuple(torch.zeros(layers, batch, hidden) for _ in range(2))
milliseconds = []
losses = []
for _ in range(steps):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    logits, state = model(tokens, state)
    loss = nn.functional.cross_entropy(logits.view(-1, vocabulary), targets.view(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    state = tuple(part.detach() for part in state)
    losses.append(loss.item())
    milliseconds.append(1000 * (time.perf_counter() - start))
with open("/proc/self/status") as status:
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read())
print(
    json.dumps(
        {
            "milliseconds": statistics.mean(milliseconds[steps // 4 :]),
            "megabytes": int(peak[1]) / 1024,
            "losses": [losses[0], losses[-1]],
        }
    )
)
