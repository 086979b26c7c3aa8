import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitpose.pose.people import person_box, square_around

STANDING = np.array([[9, 0], [-9, 0], [6, 50], [-6, 50], [7, 92], [-7, 92], [7, 134], [-7, 134.0]])
KNOWN = np.ones(8, bool)


def test_box_of_a_standing_person_holds_head_and_feet():
    x0, y0, x1, y1 = person_box(STANDING, KNOWN)
    assert y0 == pytest.approx(-27.5 - 0.06 * 172, abs=1)  # head 0.55 trunks above the shoulders
    assert y1 == pytest.approx(134 + 10.5 + 0.06 * 172, abs=1)
    assert x0 < -9
    assert x1 > 9


@given(
    scale=st.floats(0.1, 10),
    x=st.floats(-500, 500),
    y=st.floats(-500, 500),
    mask=st.integers(1, 255),
)
def test_box_moves_and_grows_with_the_person(scale, x, y, mask):
    known = np.array([bool(mask >> k & 1) for k in range(8)])
    moved = person_box(scale * STANDING + [x, y], known)
    assert moved == pytest.approx(scale * person_box(STANDING, known) + [x, y, x, y], abs=1e-6)


def test_unknown_joints_do_not_matter():
    wild = STANDING.copy()
    wild[6] = 1e6
    known = KNOWN.copy()
    known[6] = False
    assert np.abs(person_box(wild, known)).max() < 500


def test_square_has_the_longer_side_and_a_margin():
    assert square_around(np.array([10, 20, 50, 120.0])) == (30.0, 70.0, 125.0)
