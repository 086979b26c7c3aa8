"""Bidirectional LSTM refiner: the whole sequence at once, all angles together.

The network does not learn the angles themselves but what a strongly shrunk linear map of the same
frame leaves over. With ten people or fewer, a network that must also learn that a bent sensor knee
is a bent knee spends its data on that, and cuts people off who move further than the training's.
Where the features are a rhythm without level or size there is no such map to begin with: a penalty
of :data:`MEAN_ONLY` leaves the mean of it, and the network learns the angles.

Three things stand in for the people that are not there: a constant offset a sequence and noise a
frame on every feature (sensors err that way: a joint sits in the wrong place for the whole
recording), sequences played faster and slower, and cut anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import nn

from gaitpose.refine.linear import LinearRefiner, LinearSettings
from gaitpose.refine.sequences import (
    Groups,
    Sequences,
    Standard,
    check_features,
    check_pairs,
)

FIRST_SEED = 0

MEAN_ONLY = 1e6
"""A penalty of the linear map so large that only the training's mean is left."""


class BiLSTMSettings(BaseModel):
    """Network and training; chosen on two people of the exercises, see docs/explanation.

    Parameters
    ----------
    hidden, layers : int
        Units of each direction; stacked LSTMs.
    steps, batch : int
        Updates of the weights, whatever the amount of data; sequences in each.
    frames : int
        Length of the cuts that are trained on.
    learning_rate, weight_decay, dropout : float
        AdamW with one cycle of the learning rate.
    noise, offset : float
        Standard deviations of what is added to standardised features: a frame, a sequence.
    tempo : float
        Sequences are played at 1 -+ this share of their speed.
    velocity_span : float
        Features' changes over this many seconds are features too.
    shrinkage : float
        Penalty of the linear map beneath the network; :data:`MEAN_ONLY` takes it away.
    members : int
        Networks from different seeds, averaged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hidden: int = Field(default=32, ge=2)
    layers: int = Field(default=1, ge=1)
    steps: int = Field(default=280, ge=1)
    batch: int = Field(default=32, ge=1)
    frames: int = Field(default=64, ge=8)
    learning_rate: float = Field(default=3e-3, gt=0)
    weight_decay: float = Field(default=0.1, ge=0)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    noise: float = Field(default=0.3, ge=0)
    offset: float = Field(default=0.7, ge=0)
    tempo: float = Field(default=0.25, ge=0, lt=1)
    velocity_span: float = Field(default=0.17, gt=0)
    shrinkage: float = Field(default=3.0, gt=0)
    members: int = Field(default=3, ge=1)


class SequenceNetwork(nn.Module):
    """Features (batch, frames, features) to scaled angles (batch, frames, angles)."""

    def __init__(self, features: int, angles: int, settings: BiLSTMSettings) -> None:
        super().__init__()
        hidden, dropout = settings.hidden, settings.dropout
        self.squeeze = nn.Sequential(
            nn.Dropout(dropout / 2), nn.Linear(features, hidden), nn.Tanh(), nn.Dropout(dropout)
        )
        self.lstm = nn.LSTM(
            hidden,
            hidden,
            settings.layers,
            batch_first=True,
            bidirectional=True,
            dropout=dropout if settings.layers > 1 else 0.0,
        )
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * hidden, angles))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Predict all frames of a batch of equally long sequences."""
        states, _ = self.lstm(self.squeeze(features))
        scaled: torch.Tensor = self.head(states)
        return scaled


class BiLSTMRefiner:
    """An average of bidirectional LSTMs over a shrunk linear map.

    Parameters
    ----------
    rate : float
        Frames per second of the sequences.
    settings : BiLSTMSettings, optional
    """

    linear: LinearRefiner
    standard: Standard
    left_over: Standard
    networks: list[SequenceNetwork]

    def __init__(self, rate: float, settings: BiLSTMSettings | None = None) -> None:
        self.rate = rate
        self.settings = settings or BiLSTMSettings()

    def fit(self, sequences: Sequences, targets: Sequences, groups: Groups) -> BiLSTMRefiner:
        """Learn from paired sequences; the same data give the same weights on the same machine."""
        check_pairs(sequences, targets, groups)
        self.linear = LinearRefiner(self.rate, shrunk(self.settings.shrinkage))
        self.linear.fit(sequences, targets, groups)
        beneath = self.linear.predict(sequences)
        rest = [target - under for target, under in zip(targets, beneath, strict=True)]
        moving = [self._with_velocity(one) for one in sequences]
        self.standard = Standard.of(moving)
        self.left_over = Standard.of(rest)
        features = [self.standard.apply(one).astype(np.float32) for one in moving]
        scaled = [self.left_over.mask(one).astype(np.float32) for one in rest]
        self.networks = [
            _train(features, scaled, self.settings, FIRST_SEED + member)
            for member in range(self.settings.members)
        ]
        return self

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Angles, (frames, angles) of each sequence, degrees."""
        check_features(sequences, len(self.linear.standard.mean))
        results = []
        for one, beneath in zip(sequences, self.linear.predict(sequences), strict=True):
            scaled = self.standard.apply(self._with_velocity(one)).astype(np.float32)
            batch = torch.from_numpy(scaled)[None]
            with torch.inference_mode():
                members = [network(batch)[0].numpy() for network in self.networks]
            results.append(beneath + self.left_over.invert(np.mean(members, axis=0)))
        return results

    def _with_velocity(self, features: np.ndarray) -> np.ndarray:
        if len(features) < 2:
            return np.concatenate([features, np.zeros_like(features)], axis=1)
        span = self.settings.velocity_span * self.rate
        return np.concatenate([features, np.gradient(features, axis=0) * span], axis=1)


def shrunk(penalty: float) -> LinearSettings:
    """Return settings of a linear map of the frame alone, with this penalty."""
    return LinearSettings(half_windows=(0.0,), penalties=(penalty,))


def _train(
    features: list[np.ndarray], targets: list[np.ndarray], settings: BiLSTMSettings, seed: int
) -> SequenceNetwork:
    # Dropout draws from the global generator: seed it, and leave the caller's as it was.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        network = SequenceNetwork(features[0].shape[1], targets[0].shape[1], settings)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, settings.learning_rate, total_steps=settings.steps
        )
        network.train()
        for batch, wanted in _batches(features, targets, settings, rng):
            batch = batch + settings.noise * torch.randn_like(batch)
            batch = batch + settings.offset * torch.randn(len(batch), 1, batch.shape[2])
            loss = _loss(network(batch), wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network.eval()


def _loss(predicted: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    known = torch.isfinite(wanted)
    return nn.functional.smooth_l1_loss(predicted[known], wanted[known], beta=0.5)


def _batches(
    features: list[np.ndarray],
    targets: list[np.ndarray],
    settings: BiLSTMSettings,
    rng: np.random.Generator,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    queue: list[int] = []
    for _ in range(settings.steps):
        while len(queue) < settings.batch:
            queue.extend(rng.permutation(len(features)).tolist())
        chosen, queue = queue[: settings.batch], queue[settings.batch :]
        cuts = [_cut(features[number], targets[number], settings, rng) for number in chosen]
        yield (
            torch.from_numpy(np.stack([cut[0] for cut in cuts])),
            torch.from_numpy(np.stack([cut[1] for cut in cuts])),
        )


def _cut(
    features: np.ndarray, target: np.ndarray, settings: BiLSTMSettings, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Take a stretch of the sequence at another speed, resampled to the training length."""
    if len(features) < 2:
        repeat = np.zeros(settings.frames, dtype=int)
        return features[repeat], target[repeat]
    wanted = settings.frames * rng.uniform(1 - settings.tempo, 1 + settings.tempo)
    length = min(len(features) - 1, wanted)
    at = rng.uniform(0, len(features) - 1 - length) + np.linspace(0, length, settings.frames)
    before = np.minimum(at.astype(int), len(features) - 2)
    share = (at - before).astype(np.float32)[:, None]

    def mixed(values: np.ndarray) -> np.ndarray:
        result: np.ndarray = values[before] * (1 - share) + values[before + 1] * share
        return result

    return mixed(features), mixed(target)
