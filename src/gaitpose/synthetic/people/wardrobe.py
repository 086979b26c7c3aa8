"""Clothes, shoes, hair and skins from a folder of MakeHuman assets."""

from __future__ import annotations

from pathlib import Path


class Wardrobe:
    """A folder with `clothes`, `hair` and `skins`.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
