from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import NoSubjectFound
from gaitpose.gait.scale import (
    ScaleSettings,
    check_metres,
    find_scale,
    segment_lengths,
    typical_leg,
)
from gaitpose.subject import Subject

from .seen_walks import LEG, walked

SETTINGS = ScaleSettings()
RNG = np.random.default_rng(0)
LEGS = np.array([150.0, 160.0]) + RNG.normal(0, 3, (200, 2))


def test_segments_of_the_walker() -> None:
    walk = walked(fps=25, thigh=(0.40, 0.43), shank=(0.44, 0.41))
    lengths = segment_lengths(walk.position, walk.keypoints)
    np.testing.assert_allclose(lengths[:, 0], np.tile([0.40, 0.44], (len(lengths), 1)))
    np.testing.assert_allclose(lengths[:, 1], np.tile([0.43, 0.41], (len(lengths), 1)))
    assert typical_leg(lengths) == pytest.approx(0.84)


def test_typical_leg_steps_over_what_is_hidden() -> None:
    lengths = np.full((10, 2, 2), np.nan)
    lengths[3, 1] = [1.0, 2.0]
    assert typical_leg(lengths) == 3.0
    with pytest.raises(NoSubjectFound, match="never seen"):
        typical_leg(np.full((10, 2, 2), np.nan))


def test_scale_from_the_leg_length() -> None:
    scale, findings = find_scale(
        [LEGS, 0.5 * LEGS], ["right", "left"], Subject(leg_length=0.93), SETTINGS
    )
    assert scale is not None
    assert findings == ()
    assert scale.source == "leg length"
    assert scale.per_pass == pytest.approx((0.003, 0.006), rel=0.005)
    assert scale.metres_per_px == pytest.approx(0.0045, rel=0.005)
    assert scale.spread == pytest.approx(3 * np.sqrt(2) / 310, rel=0.15)


def test_scale_uses_the_near_legs_own_length() -> None:
    subject = Subject(thigh=(0.40, 0.44), shank=(0.40, 0.44))
    right, _ = find_scale([LEGS], ["right"], subject, SETTINGS)
    left, _ = find_scale([LEGS], ["left"], subject, SETTINGS)
    assert right is not None
    assert left is not None
    assert right.metres_per_px / left.metres_per_px == pytest.approx(1.1)


def test_scale_from_height_is_an_estimate() -> None:
    scale, findings = find_scale([LEGS], ["right"], Subject(height=1.75), SETTINGS)
    assert scale is not None
    assert scale.source == "height (estimated)"
    assert scale.spread > SETTINGS.height_spread
    assert [f.code for f in findings] == ["scale-estimated"]


def test_a_leg_and_a_height_that_do_not_fit_are_asked_about() -> None:
    for leg, codes in (
        (0.86, []),
        (0.95, []),
        (0.5, ["leg-odd-for-height"]),
        (1.1, ["leg-odd-for-height"]),
    ):
        scale, findings = find_scale(
            [LEGS], ["right"], Subject(height=1.75, leg_length=leg), SETTINGS
        )
        assert [f.code for f in findings] == codes
        assert scale is not None
        assert scale.source == "leg length"


def test_no_scale_is_said() -> None:
    scale, findings = find_scale([LEGS], ["right"], Subject(), SETTINGS)
    assert scale is None
    assert [f.code for f in findings] == ["no-scale"]


@pytest.mark.parametrize(
    ("unit", "factor", "codes"),
    [(1, 1, []), (1000, 0.001, ["units-corrected"]), (100, 0.01, ["units-corrected"])],
)
def test_units_of_space(unit: float, factor: float, codes: list[str]) -> None:
    walk = walked(fps=25)
    lengths = segment_lengths(walk.position * unit, walk.keypoints)
    found, findings = check_metres(lengths, Subject(leg_length=LEG), SETTINGS)
    assert found == factor
    assert [f.code for f in findings] == codes


def test_a_wrong_leg_length_is_told() -> None:
    walk = walked(fps=25)
    lengths = segment_lengths(walk.position, walk.keypoints)
    _, findings = check_metres(lengths, Subject(leg_length=0.70), SETTINGS)
    assert [f.code for f in findings] == ["leg-length-mismatch"]
    assert "23 % more" in findings[0].message
    factor, findings = check_metres(lengths * 3.0, Subject(), SETTINGS)
    assert factor == 1.0
    assert [f.code for f in findings] == ["implausible-size"]
