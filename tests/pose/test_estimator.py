from __future__ import annotations

import pytest

from gaitpose.pose.estimator import Box, Estimator

from .scenes import ColourEstimator


def test_box():
    box = Box(10, 20, 40, 100)
    assert (box.width, box.height) == (30, 80)
    assert box.centre == pytest.approx((25, 60))


def test_an_estimator_is_known_by_what_it_has():
    assert isinstance(ColourEstimator(), Estimator)
    assert not isinstance(object(), Estimator)
