"""Fusion: for each angle the linear refiner, the BiLSTM, or their blend, chosen on inner folds.

The choice never sees the subject it is judged on: within the training subjects each is left out
once, both refiners are trained on the others, and the share of the BiLSTM that errs least is kept.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.refine.bilstm import BiLSTMRefiner, BiLSTMSettings
from gaitpose.refine.linear import LinearRefiner, LinearSettings
from gaitpose.refine.sequences import Groups, Sequences, check_pairs, root_mean_square

Progress = Callable[[int, int | None], None]


class FusionSettings(BaseModel):
    """Both refiners and what is chosen between them.

    Parameters
    ----------
    linear : LinearSettings
    bilstm : BiLSTMSettings
    shares : tuple of float
        Shares of the BiLSTM that are tried; 0 is the linear refiner, 1 the BiLSTM.
    inner_members : int
        Networks averaged on inner folds, fewer than in the end to save time.
    share_without_folds : float
        Taken with one training subject, where nothing can be left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    linear: LinearSettings = LinearSettings()
    bilstm: BiLSTMSettings = BiLSTMSettings()
    shares: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    inner_members: int = Field(default=1, ge=1)
    share_without_folds: float = Field(default=0.5, ge=0, le=1)


class FusionRefiner:
    """Linear refiner and BiLSTM, blended per angle.

    Parameters
    ----------
    rate : float
        Frames per second of the sequences.
    settings : FusionSettings, optional

    Attributes
    ----------
    linear, bilstm
        Both refiners, fitted on all training subjects.
    shares : array, (angles,)
        The BiLSTM's share of each angle.
    """

    linear: LinearRefiner
    bilstm: BiLSTMRefiner
    shares: np.ndarray

    def __init__(self, rate: float, settings: FusionSettings | None = None) -> None:
        self.rate = rate
        self.settings = settings or FusionSettings()

    def fit(
        self,
        sequences: Sequences,
        targets: Sequences,
        groups: Groups,
        progress: Progress | None = None,
    ) -> FusionRefiner:
        """Choose the shares on inner folds, then fit both refiners on everything."""
        check_pairs(sequences, targets, groups)
        subjects = sorted(set(groups))
        rounds = len(subjects) + 1 if len(subjects) > 1 else 1
        errors = []
        for number, subject in enumerate(subjects[: rounds - 1]):
            errors.append(self._errors_without(subject, sequences, targets, groups))
            if progress:
                progress(number + 1, rounds)
        if errors:
            best = np.nanmean(np.stack(errors), axis=0).argmin(axis=0)
            self.shares = np.array(self.settings.shares)[best]
        else:
            self.shares = np.full(targets[0].shape[1], self.settings.share_without_folds)
        self.linear = LinearRefiner(self.rate, self.settings.linear)
        self.linear.fit(sequences, targets, groups)
        self.bilstm = BiLSTMRefiner(self.rate, self.settings.bilstm)
        self.bilstm.fit(sequences, targets, groups)
        if progress:
            progress(rounds, rounds)
        return self

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Angles, (frames, angles) of each sequence, degrees."""
        return blend(self.linear.predict(sequences), self.bilstm.predict(sequences), self.shares)

    def _errors_without(
        self, subject: str, sequences: Sequences, targets: Sequences, groups: Groups
    ) -> np.ndarray:
        """RMSE of every share, (shares, angles), on a subject that neither refiner has seen."""
        inside = [number for number, group in enumerate(groups) if group != subject]
        outside = [number for number, group in enumerate(groups) if group == subject]
        training = (
            [sequences[number] for number in inside],
            [targets[number] for number in inside],
            [groups[number] for number in inside],
        )
        quick = self.settings.bilstm.model_copy(update={"members": self.settings.inner_members})
        linear = LinearRefiner(self.rate, self.settings.linear).fit(*training)
        bilstm = BiLSTMRefiner(self.rate, quick).fit(*training)
        unseen = [sequences[number] for number in outside]
        straight, bent = linear.predict(unseen), bilstm.predict(unseen)
        angles = targets[0].shape[1]
        return np.stack(
            [
                root_mean_square(
                    [
                        predicted - targets[number]
                        for predicted, number in zip(
                            blend(straight, bent, np.full(angles, share)), outside, strict=True
                        )
                    ]
                )
                for share in self.settings.shares
            ]
        )


def blend(
    linear: list[np.ndarray], bilstm: list[np.ndarray], shares: np.ndarray
) -> list[np.ndarray]:
    """Mix two predictions, per angle."""
    return [
        (1 - shares) * straight + shares * bent
        for straight, bent in zip(linear, bilstm, strict=True)
    ]
