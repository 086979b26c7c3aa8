from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.analysis import analyze
from gaitpose.gait.side_view import turned
from gaitpose.subject import Subject
from gaitpose.synthetic.settings import WalkerSettings

from .seen_walks import LEG, camera, walked


def test_turned_makes_a_rising_line_level() -> None:
    line = np.array([[0.0, 0.0], [10.0, 10.0 * np.tan(np.radians(7.0))]])
    level = turned(line, 7.0)
    assert level[1, 1] == pytest.approx(0.0, abs=1e-12)
    assert np.linalg.norm(level[1]) == pytest.approx(np.linalg.norm(line[1]))


@pytest.mark.parametrize(("distance", "largest"), [(4.0, 0.10), (10.0, 0.05)])
def test_without_the_pictures_size_even_steps_seem_uneven_and_the_report_says_so(
    distance: float, largest: float
) -> None:
    world = walked(step_width=WalkerSettings().step_width, fps=50.0, strides=8)
    middle = float(world.position[..., 0].mean())
    poses = camera(distance=distance, x=middle).to_poses(world)
    unknown = poses.copy()
    for name in ("image_width", "image_height"):
        del unknown.attrs[name]
    steps, codes = {}, {}
    for kind, each in (("known", poses), ("unknown", unknown)):
        analysis = analyze(each, Subject(leg_length=LEG))
        mean = analysis.summary.set_index(["name", "side"])["mean"]
        left, right = mean["step_length", "left"], mean["step_length", "right"]
        steps[kind] = abs(left - right) / (0.5 * (left + right))
        codes[kind] = {finding.code for finding in analysis.quality}
    assert steps["known"] < 0.01
    assert 0.02 < steps["unknown"] < largest
    assert "picture-size-unknown" in codes["unknown"]
    assert "picture-size-unknown" not in codes["known"]
