"""Fusion: for each angle the linear refiner, the BiLSTM, or their blend, chosen on inner folds.

The choice never sees the subject it is judged on: within the training subjects each is left out
once, both refiners are trained on the others, and the share of the BiLSTM that errs least is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.refine.bilstm import MEAN_ONLY, BiLSTMRefiner, BiLSTMSettings
from gaitpose.refine.features import FeatureSettings
from gaitpose.refine.linear import LinearRefiner, LinearSettings
from gaitpose.refine.sequences import Groups, Sequences, check_pairs, root_mean_square

Progress = Callable[[int, int | None], None]
ErrorsWithout = Callable[[str], np.ndarray]

RHYTHM = BiLSTMSettings(shrinkage=MEAN_ONLY, frames=192, members=5)
"""The network where trend is taken off the features; chosen on inner folds (docs/explanation)."""


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


def settings_for(features: FeatureSettings | None) -> FusionSettings:
    """Return the settings that suit what the features tell.

    Parameters
    ----------
    features : FeatureSettings or None
        How joints became features; None where the inputs were angles.

    Notes
    -----
    Features whose trend is taken off tell a rhythm: no frame of it resembles an angle, and it takes
    more than one stride to tell who walks. So there is no linear map beneath the network, and it
    is trained on cuts of several strides.
    """
    if features is None or features.trend_span is None:
        return FusionSettings()
    return FusionSettings(bilstm=RHYTHM)


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
        errors_without: ErrorsWithout | None = None,
    ) -> FusionRefiner:
        """Choose the shares on inner folds, then fit both refiners on everything.

        Parameters
        ----------
        sequences, targets : list of array, (frames, features) and (frames, angles)
        groups : list of str
            Subject of each sequence.
        progress : callable, optional
            Called with (trainings done, trainings).
        errors_without : callable, optional
            What :func:`share_errors` gives for one subject that is left out of these; for a caller
            who has it already.
        """
        check_pairs(sequences, targets, groups)
        subjects = sorted(set(groups)) if len(set(groups)) > 1 else []
        errors = []
        for number, subject in enumerate(subjects):
            if errors_without is None:
                found = share_errors(
                    self.rate, self.settings, sequences, targets, groups, [subject]
                )
                errors.append(found[subject])
            else:
                errors.append(errors_without(subject))
            if progress:
                progress(number + 1, len(subjects) + 1)
        self.shares = self._best_shares(errors, angles=targets[0].shape[1])
        self.linear = LinearRefiner(self.rate, self.settings.linear)
        self.linear.fit(sequences, targets, groups)
        self.bilstm = BiLSTMRefiner(self.rate, self.settings.bilstm)
        self.bilstm.fit(sequences, targets, groups)
        if progress:
            progress(len(subjects) + 1, len(subjects) + 1)
        return self

    def predict(self, sequences: Sequences) -> list[np.ndarray]:
        """Angles, (frames, angles) of each sequence, degrees."""
        return blend(self.linear.predict(sequences), self.bilstm.predict(sequences), self.shares)

    def _best_shares(self, errors: list[np.ndarray], angles: int) -> np.ndarray:
        if not errors:
            return np.full(angles, self.settings.share_without_folds)
        best = np.nanmean(np.stack(errors), axis=0).argmin(axis=0)
        return np.array(self.settings.shares)[best]


def share_errors(
    rate: float,
    settings: FusionSettings,
    sequences: Sequences,
    targets: Sequences,
    groups: Groups,
    left_out: Iterable[str],
) -> dict[str, np.ndarray]:
    """RMSE of every share on subjects that neither refiner has seen.

    Parameters
    ----------
    rate : float
        Frames per second.
    settings : FusionSettings
    sequences, targets, groups
        As :meth:`FusionRefiner.fit` takes them.
    left_out : iterable of str
        Subjects that both refiners are trained without, together.

    Returns
    -------
    dict of subject to array, (shares, angles)
    """
    out = list(left_out)
    inside = [number for number, group in enumerate(groups) if group not in out]
    training = (
        [sequences[number] for number in inside],
        [targets[number] for number in inside],
        [groups[number] for number in inside],
    )
    quick = settings.bilstm.model_copy(update={"members": settings.inner_members})
    linear = LinearRefiner(rate, settings.linear).fit(*training)
    bilstm = BiLSTMRefiner(rate, quick).fit(*training)
    found = {}
    for subject in out:
        places = [number for number, group in enumerate(groups) if group == subject]
        unseen = [sequences[place] for place in places]
        found[subject] = errors_of_shares(
            settings.shares,
            linear.predict(unseen),
            bilstm.predict(unseen),
            [targets[place] for place in places],
        )
    return found


def errors_of_shares(
    shares: Iterable[float],
    linear: list[np.ndarray],
    bilstm: list[np.ndarray],
    targets: Sequences,
) -> np.ndarray:
    """RMSE of both predictions mixed in every share, (shares, angles)."""
    errors = []
    for share in shares:
        mixed = blend(linear, bilstm, np.full(targets[0].shape[1], share))
        errors.append(
            root_mean_square([curve - wanted for curve, wanted in zip(mixed, targets, strict=True)])
        )
    return np.stack(errors)


def blend(
    linear: list[np.ndarray], bilstm: list[np.ndarray], shares: np.ndarray
) -> list[np.ndarray]:
    """Mix two predictions, per angle."""
    return [
        (1 - shares) * straight + shares * bent
        for straight, bent in zip(linear, bilstm, strict=True)
    ]
