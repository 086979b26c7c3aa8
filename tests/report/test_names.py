"""Words and digits of the report."""

from __future__ import annotations

import math

import pytest

from gaitpose.report.names import JOINTS, label_of, number


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.234, 2, "1.23"),
        (-1.5, 1, "\N{MINUS SIGN}1.5"),
        (-0.04, 1, "0.0"),
        (math.nan, 2, "–"),
        (math.inf, 0, "–"),
    ],
)
def test_number(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize("joint", JOINTS)
def test_every_joint_has_a_range_in_plain_words(joint: str) -> None:
    assert label_of(f"{joint}_range").words == f"{JOINTS[joint]}, range"


def test_hip_against_the_trunk_is_not_taken_for_the_hip() -> None:
    assert label_of("hip_trunk_peak_flexion").explanation.startswith("Thigh against the trunk")


def test_an_unknown_parameter_still_has_a_name() -> None:
    assert label_of("toe_clearance").words == "Toe clearance"
