"""Symmetry indices at known values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.gait.symmetry import (
    capped,
    phase_symmetry_index,
    robinson_index,
    symmetry_angle,
    symmetry_ratio,
)

amounts = st.floats(0.01, 100.0)


def test_phase_symmetry_index_as_printed() -> None:
    assert phase_symmetry_index(1.2, (0.74, 0.74), (0.46, 0.46)) == pytest.approx(1.0)
    uneven = phase_symmetry_index(1.5, (0.9, 1.0), (0.6, 0.5))
    assert uneven == pytest.approx(math.sqrt(0.8) * (0.62 * 0.9 + 0.38 * 0.5 / 0.6))


def test_short_cycles_exceed_one_and_are_capped() -> None:
    raw = phase_symmetry_index(1.0, (0.6, 0.6), (0.4, 0.4))
    assert raw == pytest.approx(math.sqrt(1.2))
    assert capped(raw) == 1.0
    assert capped(0.7) == 0.7
    assert math.isnan(capped(math.nan))


@given(left=amounts, right=amounts, stride=st.floats(0.5, 3))
def test_phase_symmetry_index_knows_no_side(left: float, right: float, stride: float) -> None:
    one = phase_symmetry_index(stride, (left, right), (right, left))
    other = phase_symmetry_index(stride, (right, left), (left, right))
    assert one == pytest.approx(other)
    assert one <= math.sqrt(1.2 / stride) + 1e-12


@pytest.mark.parametrize("missing", [math.nan, 0.0, -1.0])
def test_phase_symmetry_index_of_nothing_is_nan(missing: float) -> None:
    assert math.isnan(phase_symmetry_index(1.2, (missing, 0.7), (0.5, 0.5)))


def test_known_values() -> None:
    assert symmetry_ratio(1.2, 1.0) == pytest.approx(1.2)
    assert robinson_index(1.1, 0.9) == pytest.approx(20.0)
    # (45 - atan(2)) / 90 = -20.48 %
    assert symmetry_angle(2.0, 1.0) == pytest.approx(-20.483, abs=0.001)
    assert math.isnan(symmetry_ratio(1.0, 0.0))
    assert math.isnan(robinson_index(1.0, -1.0))
    assert math.isnan(symmetry_angle(0.0, 0.0))


@given(value=amounts)
def test_equal_sides_are_symmetric(value: float) -> None:
    assert symmetry_ratio(value, value) == 1.0
    assert robinson_index(value, value) == 0.0
    assert symmetry_angle(value, value) == pytest.approx(0.0, abs=1e-9)
    assert symmetry_angle(-value, -value) == pytest.approx(0.0, abs=1e-9)


@given(left=st.floats(-100, 100), right=st.floats(-100, 100))
def test_symmetry_angle_is_bounded_and_odd(left: float, right: float) -> None:
    angle = symmetry_angle(left, right)
    if math.isnan(angle):
        return
    assert -100.0 - 1e-9 <= angle <= 100.0 + 1e-9
    if abs(angle) < 99.9:
        assert symmetry_angle(right, left) == pytest.approx(-angle, abs=1e-6)
