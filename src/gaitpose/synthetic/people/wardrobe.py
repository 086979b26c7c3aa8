"""Clothes, shoes, hair and skins from a folder of MakeHuman assets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.synthetic.people.makehuman import Pattern, read_pattern
from gaitpose.synthetic.people.settings import Hair, PersonSettings

_HAIR: dict[Hair, tuple[str, ...]] = {
    "bald": (),
    "cropped": ("short04", "short02"),
    "short": ("short01", "short02", "short03", "short04", "afro01"),
    "bob": ("bob01", "bob02", "afro01"),
    "long": ("long01", "ponytail01", "braid01"),
}
_AGES = ((35.0, "young"), (58.0, "middleage"), (200.0, "old"))


class Wardrobe:
    """A folder with `clothes`, `hair` and `skins`.

    Parameters
    ----------
    folder : Path
        Below it, ``clothes/NAME/*.mhclo`` (shoes begin with "shoes", the sex with "male_" or
        "female_"), ``hair/NAME/*.mhclo`` and ``skins/AGE_ANCESTRY_SEX.jpg``.

    Raises
    ------
    UnreadableInput
        If there is nothing of the kind.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._clothes = _named(sorted(self.folder.glob("clothes/*/*.mhclo")))
        self._hair = _named(sorted(self.folder.glob("hair/*/*.mhclo")))
        self._skins = {path.stem: path for path in sorted(self.folder.glob("skins/*.jpg"))}
        if not (self._clothes or self._hair or self._skins):
            raise UnreadableInput(
                "no clothes, hair or skins of MakeHuman",
                where=str(folder),
                hint="Give the folder that holds clothes/, hair/ and skins/",
            )

    def suit(self, settings: PersonSettings) -> Pattern | None:
        """Find a suit for someone: of his sex, or of any if there is none."""
        names = [name for name in self._clothes if name.startswith(f"{settings.sex}_")]
        return self._picked(self._clothes, names, settings.outfit.pick)

    def shoes(self, settings: PersonSettings) -> Pattern | None:
        """Find a pair of shoes."""
        names = [name for name in self._clothes if name.startswith("shoes")]
        return self._picked(self._clothes, names, settings.outfit.pick * 7.3 % 1)

    def hat(self, settings: PersonSettings) -> Pattern | None:
        """Find a hat."""
        names = [name for name in self._clothes if name.startswith("fedora")]
        return self._picked(self._clothes, names, settings.outfit.pick * 5.1 % 1)

    def hair(self, settings: PersonSettings) -> Pattern | None:
        """Find hair of the wanted length; None for the bald."""
        names = [name for name in _HAIR[settings.hair] if name in self._hair]
        african = settings.ancestry[0] / sum(settings.ancestry)
        if african < 0.4:
            names = [name for name in names if not name.startswith("afro")]
        return self._picked(self._hair, names, settings.outfit.pick * 3.7 % 1)

    def skin(self, settings: PersonSettings) -> np.ndarray | None:
        """Find the texture of a skin of that age, ancestry and sex; uint8 (height, width, 3)."""
        age = next(name for limit, name in _AGES if settings.years < limit)
        ancestry = ("african", "asian", "caucasian")[int(np.argmax(settings.ancestry))]
        path = self._skins.get(f"{age}_{ancestry}_{settings.sex}")
        return None if path is None else picture(path)

    @staticmethod
    def _picked(paths: dict[str, Path], names: Sequence[str], share: float) -> Pattern | None:
        if not names:
            return None
        return read_pattern(paths[names[min(int(share * len(names)), len(names) - 1)]])


@lru_cache(maxsize=64)
def picture(path: Path) -> np.ndarray:
    """Read a texture, uint8 RGB or RGBA (height, width, 3 or 4).

    Raises
    ------
    UnreadableInput
        If it is no picture.
    """
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if read is None or read.ndim != 3:
        raise UnreadableInput("not a colour picture", where=str(path))
    order = cv2.COLOR_BGRA2RGBA if read.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(read, order))


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    return {path.stem: path for path in paths}
