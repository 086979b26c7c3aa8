"""``gait.json``: the whole analysis for programs, with a schema version inside."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gaitpose.gait.result import GaitAnalysis
from gaitpose.io.files import write_text


def write_json(analysis: GaitAnalysis, path: str | os.PathLike[str]) -> Path:
    """Write ``gait.json``: strict JSON, so missing numbers are ``null``.

    Parameters
    ----------
    analysis : GaitAnalysis
    path : path

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    OutputFailed
        If the folder is not writable or the disk is full.
    """
    text = json.dumps(analysis.to_json(), indent=1, allow_nan=False, ensure_ascii=False)
    return write_text(path, text + "\n")
