"""One renderer for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gaitpose.errors import GaitPoseError
from gaitpose.synthetic.rendering import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """A renderer of 320 x 240 pixels; the test is skipped where none can be had."""
    try:
        made = Renderer(320, 240)
    except GaitPoseError as error:
        pytest.skip(str(error))
    with made:
        yield made
