"""One maker of samples for all tests of this folder, and what it drew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gaitpose.errors import GaitPoseError
from gaitpose.synthetic.rendering import Rendered
from gaitpose.synthetic.scenes.settings import SceneSettings
from gaitpose.synthetic.scenes.stage import Scene

SIZE = 192
NUMBERS = (0, 1, 2, 5, 9, 13)
"""Of the samples that are looked at."""


@dataclass(frozen=True)
class Drawn:
    """One sample in all its stages."""

    settings: SceneSettings
    scene: Scene
    rendered: Rendered


@pytest.fixture(scope="session")
def maker() -> Iterator[object]:
    """A maker of small samples; the test is skipped where none can be had."""
    pytest.importorskip("anny", reason="bodies need gaitpose[synthetic]")
    from gaitpose.synthetic.scenes.sample import SampleMaker

    try:
        made = SampleMaker(SIZE, SIZE)
    except GaitPoseError as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture(scope="session")
def drawn(maker: object) -> list[Drawn]:
    """A few samples of seed 0."""
    from gaitpose.synthetic.scenes.sample import SampleMaker

    assert isinstance(maker, SampleMaker)
    found = []
    for number in NUMBERS:
        settings = SceneSettings.draw(0, number)
        scene = maker.scene(settings)
        found.append(Drawn(settings, scene, maker.draw(settings, scene)))
    return found
