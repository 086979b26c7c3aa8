"""Fixtures that all rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run: a landing never fails on a case that it did not bring.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with the real recordings; the test is skipped where it is absent."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("GAITPOSE_SHARED", root.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real recordings are absent ({folder}); set GAITPOSE_SHARED to their folder")
    return folder
