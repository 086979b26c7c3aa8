"""The trainings that choosing and judging need: each done once, and kept where work may stop.

Leaving people out one at a time, and again among the others to choose, trains on the same people
many times: who is left out first and who second makes no difference.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.io.files import atomic_path
from gaitpose.refine.fusion import FusionSettings, errors_of_shares, share_errors
from gaitpose.refine.pairs import Dataset, arrays

Progress = Callable[[int, int | None], None]
Numbers = dict[str, np.ndarray]


class Trainings:
    """Finished trainings on one dataset with the same settings.

    Parameters
    ----------
    dataset : Dataset
    settings : FusionSettings
    folder : path, optional
        Where they are kept; others' files there are left alone.
    progress : callable, optional
        Called with (trainings done, `total`).
    total : int
        How many there will be.
    """

    def __init__(
        self,
        dataset: Dataset,
        settings: FusionSettings,
        folder: Path | None,
        progress: Progress | None,
        total: int,
    ) -> None:
        self.dataset, self.settings = dataset, settings
        self.folder, self.progress, self.total = folder, progress, total
        self.name = _fingerprint(dataset, settings)
        self.done: dict[str, Numbers] = {}

    def once(self, name: str, train: Callable[[], Numbers]) -> Numbers:
        """Return what this training gave, from memory, the folder, or by doing it."""
        if name not in self.done:
            path = self._path(name)
            if path is not None and path.exists():
                self.done[name] = _load(path)
            else:
                self.done[name] = train()
                if path is not None:
                    _save(path, self.done[name])
            if self.progress:
                self.progress(len(self.done), self.total)
        return self.done[name]

    def errors(self, left_out: str, subject: str) -> np.ndarray:
        """Error of every share on `subject`, (shares, angles), seen by neither of the two."""
        pair = sorted((left_out, subject))
        return self.once("-".join(pair), lambda: self._share_errors(pair))[subject]

    def errors_without(self, subject: str) -> np.ndarray:
        """Error of every share on `subject` by refiners of all others.

        An evaluation in the same folder has trained them already.
        """
        path = self._path(subject)
        if path is not None and path.exists():
            return self._errors_of_fold(self.once(subject, dict), subject)
        name = f"without-{subject}"
        return self.once(name, lambda: self._share_errors([subject]))[subject]

    def _share_errors(self, left_out: list[str]) -> Numbers:
        everybody = arrays(self.dataset.sequences)
        return share_errors(self.dataset.rate, self.settings, *everybody, left_out=left_out)

    def _errors_of_fold(self, fold: Numbers, subject: str) -> np.ndarray:
        _, unseen = self.dataset.split(subject)
        ends = np.cumsum([len(one.target) for one in unseen])[:-1]
        linear, bilstm = (np.split(fold[name], ends) for name in ("linear", "BiLSTM"))
        return errors_of_shares(
            self.settings.shares, linear, bilstm, [one.target for one in unseen]
        )

    def _path(self, name: str) -> Path | None:
        return None if self.folder is None else self.folder / f"{self.name}-{name}.npz"


def _fingerprint(dataset: Dataset, settings: FusionSettings) -> str:
    """Name that changes with data and settings, so that no training of others is taken for ours."""
    digest = hashlib.sha256(settings.model_dump_json().encode())
    for one in dataset.sequences:
        digest.update(f"{one.subject} {one.trial} {one.side}".encode())
        digest.update(np.ascontiguousarray(one.features).tobytes())
        digest.update(np.ascontiguousarray(one.target).tobytes())
    return digest.hexdigest()[:16]


def _save(path: Path, found: Numbers) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **{n.replace(" ", "_"): v for n, v in found.items()})


def _load(path: Path) -> Numbers:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name.replace("_", " "): archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableInput(
            "a kept training is damaged", where=str(path), hint="Delete it"
        ) from error
