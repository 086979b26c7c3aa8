"""gaitpose: from an ordinary video of a person walking to a gait report, on your own machine.

The public names are loaded when they are first used, so that ``import gaitpose`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gaitpose.errors import GaitPoseError
    from gaitpose.gait.result import GaitAnalysis
    from gaitpose.io import load_poses
    from gaitpose.pose.estimate import estimate_poses
    from gaitpose.pose.gaitposenet import GaitPoseNet
    from gaitpose.poses import poses_from_arrays
    from gaitpose.subject import Recording, Subject
    from gaitpose.workflow import Analysis, analyze_file, analyze_poses, analyze_video

    __version__: str

__all__ = [
    "Analysis",
    "GaitAnalysis",
    "GaitPoseError",
    "GaitPoseNet",
    "Recording",
    "Subject",
    "analyze_file",
    "analyze_poses",
    "analyze_video",
    "estimate_poses",
    "load_poses",
    "poses_from_arrays",
]

_HOMES = {
    "Analysis": "gaitpose.workflow",
    "GaitAnalysis": "gaitpose.gait.result",
    "GaitPoseError": "gaitpose.errors",
    "GaitPoseNet": "gaitpose.pose.gaitposenet",
    "Recording": "gaitpose.subject",
    "Subject": "gaitpose.subject",
    "analyze_file": "gaitpose.workflow",
    "analyze_poses": "gaitpose.workflow",
    "analyze_video": "gaitpose.workflow",
    "estimate_poses": "gaitpose.pose.estimate",
    "load_poses": "gaitpose.io",
    "poses_from_arrays": "gaitpose.poses",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home module (PEP 562)."""
    if name == "__version__":
        return import_module("importlib.metadata").version("gaitpose")
    if name not in _HOMES:
        raise AttributeError(f"module 'gaitpose' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
