"""Train a refiner on everybody; what is blended is chosen by leaving each person out."""

from __future__ import annotations

from pathlib import Path

from gaitpose.refine.cross_validation import require_subjects
from gaitpose.refine.fusion import FusionRefiner, FusionSettings, settings_for
from gaitpose.refine.pairs import Dataset, arrays
from gaitpose.refine.store import TrainedRefiner, trained
from gaitpose.refine.trainings import Progress, Trainings


def train(
    dataset: Dataset,
    settings: FusionSettings | None = None,
    *,
    work: Path | None = None,
    progress: Progress | None = None,
) -> TrainedRefiner:
    """Train on everybody in a dataset.

    Parameters
    ----------
    dataset : Dataset
    settings : FusionSettings, optional
        Default: :func:`gaitpose.refine.fusion.settings_for` these features.
    work : path, optional
        Folder in which finished trainings are kept, and looked for: an interrupted one goes on
        where it stopped, and one that follows an evaluation only has the last step to do.
    progress : callable, optional
        Called with (trainings done, trainings).

    Returns
    -------
    TrainedRefiner

    Raises
    ------
    BadSettings
        With one subject: nobody can be left out.
    """
    require_subjects(dataset)
    settings = settings or settings_for(dataset.features)
    total = len(dataset.subjects) + 1
    trainings = Trainings(dataset, settings, work, progress, total)
    refiner = FusionRefiner(dataset.rate, settings)
    refiner.fit(*arrays(dataset.sequences), errors_without=trainings.errors_without)
    if progress:
        progress(total, total)
    return trained(refiner, dataset)
