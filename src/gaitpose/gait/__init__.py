"""From poses to a gait analysis: clean sagittal motion, events, cycles, parameters.

The public names are loaded when they are first used: pandas and SciPy take longer to import than
the command line may take to start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gaitpose.gait.analysis import analyze
    from gaitpose.gait.findings import Finding
    from gaitpose.gait.result import GaitAnalysis
    from gaitpose.gait.settings import GaitSettings

__all__ = ["Finding", "GaitAnalysis", "GaitSettings", "analyze"]

_HOMES = {
    "Finding": "gaitpose.gait.findings",
    "GaitAnalysis": "gaitpose.gait.result",
    "GaitSettings": "gaitpose.gait.settings",
    "analyze": "gaitpose.gait.analysis",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home module (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
