from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.analysis import analyze
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.side_view import turned
from gaitpose.subject import Subject
from gaitpose.synthetic.settings import WalkerSettings

from .seen_walks import LEG, camera, walked


def test_turned_makes_a_rising_line_level() -> None:
    line = np.array([[0.0, 0.0], [10.0, 10.0 * np.tan(np.radians(7.0))]])
    level = turned(line, 7.0)
    assert level[1, 1] == pytest.approx(0.0, abs=1e-12)
    assert np.linalg.norm(level[1]) == pytest.approx(np.linalg.norm(line[1]))


@pytest.mark.parametrize(("distance", "aside"), [(4.0, 0.064), (10.0, 0.026)])
def test_without_the_pictures_size_the_middle_of_the_pass_stands_in_and_the_report_says_so(
    distance: float, aside: float
) -> None:
    world = walked(step_width=WalkerSettings().step_width, fps=50.0, strides=8)
    middle = float(world.position[..., 0].mean())
    for x, uneven in ((middle, 0.0), (middle + 1.0, aside)):
        poses = camera(distance=distance, x=x, width=6000).to_poses(world)
        unknown = poses.copy()
        for name in ("image_width", "image_height"):
            del unknown.attrs[name]
        known, guessed = (analyze(each, Subject(leg_length=LEG)) for each in (poses, unknown))
        assert _unevenness(known) == pytest.approx(0.0, abs=0.005)
        assert _unevenness(guessed) == pytest.approx(uneven, abs=0.01)
        assert "picture-size-unknown" in {finding.code for finding in guessed.quality}
        assert "picture-size-unknown" not in {finding.code for finding in known.quality}


def _unevenness(analysis: GaitAnalysis) -> float:
    mean = analysis.summary.set_index(["name", "side"])["mean"]
    left, right = mean["step_length", "left"], mean["step_length", "right"]
    return abs(left - right) / (0.5 * (left + right))
