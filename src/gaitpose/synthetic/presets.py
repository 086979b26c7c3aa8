"""Ready-made walks."""

from __future__ import annotations

from gaitpose.synthetic.settings import WalkerSettings


def healthy(**changes: object) -> WalkerSettings:
    """Adult at a comfortable 1.3 m/s."""
    return WalkerSettings(**changes)


def slow(**changes: object) -> WalkerSettings:
    """Adult at 0.7 m/s."""
    return WalkerSettings(**{"speed": 0.7, **changes})
