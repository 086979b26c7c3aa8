"""Leave one subject out: every refiner and control on people it has never seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import ttest_rel, wilcoxon

from gaitpose.agreement.metrics import cmc_between, pearson, rmse, rmse_without_offset
from gaitpose.errors import BadSettings
from gaitpose.refine.controls import PHASES, MeanCurve, stretch
from gaitpose.refine.fusion import FusionRefiner, FusionSettings, settings_for
from gaitpose.refine.pairs import Dataset, PairedSequence, arrays
from gaitpose.refine.trainings import Numbers, Progress, Trainings

MODELS = ("raw", "mean curve", "linear", "BiLSTM", "fusion")
"""Two controls, two refiners, and their fusion, in the order of tables."""

LEAST_SUBJECTS = 2
Predictions = dict[str, list[np.ndarray]]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What leaving each subject out gave.

    Attributes
    ----------
    dataset : Dataset
    predictions : dict of model to list of array
        In the order of ``dataset.sequences``; each by models that never saw its subject.
    shares : dict of subject to array
        BiLSTM's share of each angle in the fusion, chosen without that subject.
    scores : pandas.DataFrame
        One row a subject, side, angle and model: ``rmse``, ``rmse_without_offset``, ``r``, ``cmc``.
    """

    dataset: Dataset
    predictions: Predictions
    shares: dict[str, np.ndarray]
    scores: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Mean and SD over subjects (of the mean of both legs) for each angle and model."""
        measures = ["rmse", "rmse_without_offset", "r", "cmc"]
        people = self.scores.groupby(["angle", "model", "subject"], sort=False)[measures].mean()
        both = people.groupby(["angle", "model"], sort=False).agg(["mean", "std"])
        both.columns = ["_".join(column) for column in both.columns]
        return both.reset_index()

    def by_side(self) -> pd.DataFrame:
        """Mean and SD over subjects for each side, angle and model."""
        grouped = self.scores.groupby(["side", "angle", "model"], sort=False)
        both = grouped[["rmse", "cmc"]].agg(["mean", "std"])
        both.columns = ["_".join(column) for column in both.columns]
        return both.reset_index()

    def by_movement(self) -> pd.DataFrame:
        """Mean and SD over subjects of the RMSE in each movement, angle and model."""
        rows = []
        sequences = self.dataset.sequences
        for movement in sorted({one.movement for one in sequences}):
            part = [number for number, one in enumerate(sequences) if one.movement == movement]
            rows.append(_scores(self.dataset, self.predictions, part).assign(movement=movement))
        keys = ["movement", "angle", "model"]
        people = pd.concat(rows).groupby([*keys, "subject"], sort=False)["rmse"].mean()
        both = people.groupby(keys, sort=False).agg(["mean", "std"])
        both.columns = [f"rmse_{column}" for column in both.columns]
        return both.reset_index()

    def paired_tests(self, first: str = "BiLSTM", second: str = "linear") -> pd.DataFrame:
        """Compare two models' RMSE over subjects, per angle: paired t and Wilcoxon tests."""
        people = self.scores.pivot_table(
            index=["angle", "subject"], columns="model", values="rmse", sort=False
        )
        rows = []
        for angle in self.dataset.angles:
            pair = people.loc[angle][[first, second]].dropna()
            a, b = pair[first].to_numpy(), pair[second].to_numpy()
            is_testable = len(a) > 2 and not np.allclose(a, b)
            rows.append(
                {
                    "angle": angle,
                    "subjects": len(a),
                    "difference": float(np.mean(a - b)) if len(a) else np.nan,
                    "p_t": float(ttest_rel(a, b).pvalue) if is_testable else np.nan,
                    "p_wilcoxon": float(wilcoxon(a, b).pvalue) if is_testable else np.nan,
                }
            )
        return pd.DataFrame(rows)


def evaluate(
    dataset: Dataset,
    settings: FusionSettings | None = None,
    *,
    work: Path | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Leave each subject out in turn; all choices are made among the others.

    Parameters
    ----------
    dataset : Dataset
    settings : FusionSettings, optional
        Default: :func:`gaitpose.refine.fusion.settings_for` these features.
    work : path, optional
        Folder in which finished trainings are kept: an interrupted evaluation of the same data
        with the same settings goes on where it stopped.
    progress : callable, optional
        Called with (trainings done, trainings).

    Returns
    -------
    Evaluation

    Raises
    ------
    BadSettings
        With one subject: nobody can be left out.
    """
    settings = settings or settings_for(dataset.features)
    subjects = dataset.subjects
    require_subjects(dataset)
    predictions: Predictions = {model: [np.empty(0)] * len(dataset.sequences) for model in MODELS}
    shares: dict[str, np.ndarray] = {}
    people = len(subjects)
    # Two people leave one to learn from: then there is nothing to choose.
    total = people + (people * (people - 1) // 2 if people > LEAST_SUBJECTS else 0)
    trainings = Trainings(dataset, settings, work, progress, total)
    for subject in subjects:
        found = trainings.once(subject, partial(_fold, dataset, subject, trainings))
        shares[subject] = found["shares"]
        _spread(found, dataset, subject, predictions)
    everything = range(len(dataset.sequences))
    return Evaluation(dataset, predictions, shares, _scores(dataset, predictions, everything))


def require_subjects(dataset: Dataset) -> None:
    """Refuse data from which nobody can be left out.

    Raises
    ------
    BadSettings
    """
    if len(dataset.subjects) < LEAST_SUBJECTS:
        raise BadSettings(
            f"only subject {', '.join(dataset.subjects)}: leaving one out leaves nobody to learn "
            "from",
            where="data",
            hint="Give recordings of at least two people",
        )


def _fold(dataset: Dataset, subject: str, trainings: Trainings) -> Numbers:
    """Predictions for one subject by models of the others, end to end, and the shares."""
    training, unseen = dataset.split(subject)
    features = [one.features for one in unseen]
    fusion = FusionRefiner(dataset.rate, trainings.settings)
    fusion.fit(*arrays(training), errors_without=partial(trainings.errors, subject))
    linear, bilstm = fusion.linear.predict(features), fusion.bilstm.predict(features)
    found = {
        "raw": [one.own for one in unseen],
        "mean curve": _mean_curves(training, unseen),
        "linear": linear,
        "BiLSTM": bilstm,
        "fusion": fusion.predict(features),
    }
    return {"shares": fusion.shares} | {
        model: np.concatenate(curves) for model, curves in found.items()
    }


def _mean_curves(training: list[PairedSequence], unseen: list[PairedSequence]) -> list[np.ndarray]:
    """Predict by the mean curve of the same leg: in most movements the two differ."""
    curves = {
        side: MeanCurve().fit(*arrays([one for one in training if one.side == side]))
        for side in {one.side for one in unseen}
    }
    return [curves[one.side].predict([one.features])[0] for one in unseen]


def _spread(found: Numbers, dataset: Dataset, subject: str, predictions: Predictions) -> None:
    places = [n for n, one in enumerate(dataset.sequences) if one.subject == subject]
    ends = np.cumsum([len(dataset.sequences[place].features) for place in places])
    for model in MODELS:
        for place, curve in zip(places, np.split(found[model], ends[:-1]), strict=True):
            predictions[model][place] = curve


def _scores(dataset: Dataset, predictions: Predictions, among: Iterable[int]) -> pd.DataFrame:
    """One row a subject, side, angle and model, over the sequences of these numbers."""
    numbers = list(among)
    rows = []
    for subject in dataset.subjects:
        for side in dict.fromkeys(one.side for one in dataset.sequences):
            places = [
                number
                for number in numbers
                if dataset.sequences[number].subject == subject
                and dataset.sequences[number].side == side
            ]
            own = [dataset.sequences[place] for place in places]
            for column, angle in enumerate(dataset.angles):
                for model in MODELS:
                    curves = [predictions[model][place][:, column] for place in places]
                    rows.append(
                        {"subject": subject, "side": side, "angle": angle, "model": model}
                        | _score(curves, own, column)
                    )
    return pd.DataFrame(rows)


def _score(
    curves: list[np.ndarray], sequences: list[PairedSequence], column: int
) -> dict[str, float]:
    wanted = [one.target[:, column] for one in sequences]
    pairs = list(zip(curves, wanted, sequences, strict=True))
    a = _joined([curve[one.judged_frames] for curve, _, one in pairs])
    b = _joined([target[one.judged_frames] for _, target, one in pairs])
    both = [
        np.stack([_stretched(curve[start:end]), _stretched(target[start:end])])
        for curve, target, one in pairs
        for start, end in one.repetitions
    ]
    return {
        "rmse": rmse(a, b),
        "rmse_without_offset": rmse_without_offset(a, b),
        "r": pearson(a, b),
        "cmc": cmc_between(np.stack(both)).value if both else float("nan"),
    }


def _joined(curves: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(curves) if curves else np.empty(0)


def _stretched(curve: np.ndarray) -> np.ndarray:
    return stretch(curve[:, np.newaxis], PHASES)[:, 0]
