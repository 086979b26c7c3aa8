"""What users type."""

from __future__ import annotations

import sys
from typing import get_args

import pytest

from gaitpose.cli.options import EstimatorName, SurfaceName, command_line, length, point
from gaitpose.errors import BadSettings
from gaitpose.pose import estimators
from gaitpose.subject import Surface


def test_the_choices_are_those_of_the_package() -> None:
    assert tuple(SurfaceName) == get_args(Surface)
    assert tuple(EstimatorName) == get_args(estimators.EstimatorName)


def test_lengths() -> None:
    assert length(None, "--thigh") is None
    assert length("0.43", "--thigh") == 0.43
    assert length("0.43,0.41", "--thigh") == (0.43, 0.41)


@pytest.mark.parametrize("text", ["", "a", "0.4,", "1,2,3", "0.4;0.5"])
def test_a_bad_length_names_its_option(text: str) -> None:
    with pytest.raises(BadSettings, match=r"--shank.*LEFT,RIGHT"):
        length(text, "--shank")


def test_points() -> None:
    assert point("640,360") == (640.0, 360.0)
    assert point("640,360,2.5") == (640.0, 360.0, 2.5)
    with pytest.raises(BadSettings, match="X,Y,SECONDS"):
        point("640")


def test_no_folder_of_the_user_ends_up_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "argv", ["gaitpose", "analyze", "/home/jane/patients/walk.mp4", "--leg-length", "0.9"]
    )
    assert command_line() == "gaitpose analyze walk.mp4 --leg-length 0.9"
