"""Train the model of `transformer_block`, and print its parameters as they stand in the master.

`python -m tests.train_characters` takes some minutes and needs PyTorch. The sentences are made here, from few words.
Other versions of PyTorch give other numbers, and then the master's printed true values have to be made anew.
"""

from __future__ import annotations

import base64
import math
import random
import sys
import textwrap
from typing import Any

import numpy as np
import torch

D, F, N = 16, 32, 40
STEPS = 4000
SCALE = 32
"""Parameters are rounded to whole numbers of 1 / SCALE, in the second half of the training already."""

ANIMALS = ["cat", "dog", "hen", "fox", "rat", "cow"]
PLACES = ["mat", "log", "nest", "den", "hat", "hill"]


def sentence(draw: random.Random) -> str:
    """Return a sentence and a space."""

    def the() -> str:
        return "the" if draw.random() < 0.7 else "a"

    kind, subject = draw.random(), f"{the()} {draw.choice(ANIMALS)}"
    if kind < 0.4:
        does, where = draw.choice(["sat", "sat", "hid", "is"]), draw.choice(["on", "on", "in"])
        return f"{subject} {does} {where} {the()} {draw.choice(PLACES)}. "
    if kind < 0.7:
        return f"{subject} {draw.choice(['saw', 'met', 'sees'])} {the()} {draw.choice(ANIMALS)}. "
    return f"{subject} {draw.choice(['ran', 'sat', 'hid'])} and {draw.choice(['sang', 'slept'])}. "


def parameters(V: int) -> dict[str, Any]:  # noqa: N803
    """Return what is learned, in the order of the master's list: columns for vectors, as it has them."""
    shapes = {"E": (D, V)}
    shapes |= {"gamma_a": (D, 1), "beta_a": (D, 1), "q": (D, D), "k": (D, D), "v": (D, D), "c": (D, D)}
    shapes |= {"gamma_f": (D, 1), "beta_f": (D, 1), "omega_1": (F, D), "beta_1": (F, 1)}
    shapes |= {"omega_2": (D, F), "beta_2": (D, 1), "gamma": (D, 1), "beta": (D, 1), "omega": (V, D)}
    made = {}
    for name, shape in shapes.items():
        start = torch.randn(shape) / math.sqrt(shape[1])
        if name == "E":
            start = torch.randn(shape) / math.sqrt(D)
        elif shape[1] == 1:
            start = torch.full(shape, float(name.startswith("gamma")))
        made[name] = torch.nn.Parameter(start)
    return made


def rounded(value: Any) -> Any:
    """Return what fits into a byte, and pass gradients on as if nothing had been rounded."""
    return value + (torch.clamp(torch.round(value * SCALE), -127, 127) / SCALE - value).detach()


def scores(p: dict[str, Any], tokens: Any) -> Any:
    """Return the scores of the next characters, (batch, V, N), for texts (batch, N)."""
    rows, positions = torch.arange(D)[:, None], torch.arange(tokens.shape[1])
    angles = positions / 10000 ** (rows // 2 * 2 / D)
    X = math.sqrt(D) * p["E"][:, tokens].movedim(0, 1)  # noqa: N806
    X = X + torch.where(rows % 2 == 1, angles.cos(), angles.sin())  # noqa: N806

    def normal(X: Any, part: str) -> Any:  # noqa: N803
        spread = (X.var(dim=1, correction=0, keepdim=True) + 1e-5).sqrt()
        return p[f"gamma{part}"] * (X - X.mean(dim=1, keepdim=True)) / spread + p[f"beta{part}"]

    Y = normal(X, "_a")  # noqa: N806
    products = (p["k"] @ Y).transpose(1, 2) @ (p["q"] @ Y) / math.sqrt(D)
    products = products + torch.full(products.shape[1:], -math.inf).tril(-1)
    X = X + p["c"] @ (p["v"] @ Y @ products.softmax(dim=1))  # noqa: N806
    hidden = torch.relu(p["omega_1"] @ normal(X, "_f") + p["beta_1"])
    return p["omega"] @ normal(X + p["omega_2"] @ hidden + p["beta_2"], "")


def train() -> None:
    """Train, and print."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    draw = random.Random(0)
    text = "".join(sentence(draw) for _ in range(6000))
    characters = sorted(set(text))
    data = torch.tensor([characters.index(each) for each in text])
    starts = torch.tensor([n for n in range(2, len(text) - N - 1) if text[n - 2 : n] == ". "])
    p = parameters(len(characters))
    optimizer = torch.optim.AdamW(p.values(), lr=1e-2, weight_decay=0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=STEPS)
    for step in range(STEPS):
        at = (
            starts[torch.randint(len(starts), (32,))] if step % 2 else torch.randint(len(data) - N - 1, (32,))
        )
        batch = torch.stack([data[n : n + N + 1] for n in at.tolist()])
        used = {name: rounded(value) for name, value in p.items()} if step > STEPS // 2 else p
        loss = torch.nn.functional.cross_entropy(scores(used, batch[:, :-1]), batch[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1)
        optimizer.step()
        schedule.step()
        if step % 500 == 0 or step == STEPS - 1:
            sys.stderr.write(f"{step}: {loss.item():.4f}\n")
    whole = [np.round(rounded(value).detach().numpy() * SCALE).astype(np.int8) for value in p.values()]
    packed = base64.b64encode(b"".join(each.tobytes() for each in whole)).decode()
    sys.stdout.write(f"CHARACTERS = {''.join(characters)!r}\n" + "\n".join(textwrap.wrap(packed, 100)) + "\n")


if __name__ == "__main__":
    train()
