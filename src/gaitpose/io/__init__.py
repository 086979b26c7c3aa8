"""Every file format, one module each: readers return poses or frames, writers take them.

:func:`load_poses` is loaded when it is first used: video needs none of what it imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gaitpose.io.load import load_poses

__all__ = ["load_poses"]


def __getattr__(name: str) -> Any:
    """Load the one public name from its module (PEP 562)."""
    if name != "load_poses":
        raise AttributeError(f"module 'gaitpose.io' has no attribute {name!r}")
    from gaitpose.io.load import load_poses  # noqa: PLC0415  pandas, h5py and scipy behind it

    return load_poses
