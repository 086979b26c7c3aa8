"""What the analysis found worth telling: one code, one severity, one sentence in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


WORTH_A_WARNING = 0.05
"""Share of the frames, or positions, from which what happened to them is a warning."""


@dataclass(frozen=True)
class Finding:
    """Something about the quality of a recording that its reader should know.

    Parameters
    ----------
    code : str
        Stable name in kebab case, such as ``"swaps-repaired"``; for programs.
    severity : {"info", "warning", "error"}
        ``info`` says what was done, ``warning`` that numbers may suffer, ``error`` that some are
        missing.
    message : str
        One sentence for people, with the numbers.
    """

    code: str
    severity: Severity
    message: str
