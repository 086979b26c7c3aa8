from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.footholds import FootholdSettings, lower_leg
from gaitpose.gait.vertical import upright_picture
from gaitpose.skeleton import Side
from gaitpose.synthetic import presets

from .seen_walks import arrays, observed, seen

SETTINGS = FootholdSettings()
LEG = 300.0


def ankles(settings: dict[str, object], noise_px: float = 0.0, **camera: object) -> np.ndarray:
    """(time, left and right, 2), x along and y up."""
    exact = seen({"fps": 30, **settings}, **camera)
    noisy = observed(exact, 0, noise_px=noise_px, missed=0.05 if noise_px else 0.0)
    position, _, names = arrays(noisy.poses)
    upright = position @ upright_picture()
    return upright[:, [names.index("left_ankle"), names.index("right_ankle")]]


def odds(legs: np.ndarray, **changes: object) -> np.ndarray | None:
    time = np.arange(len(legs)) / 30
    return lower_leg(legs, time, LEG, SETTINGS.model_copy(update=changes))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    "preset", ["healthy", "hemiparetic", "stiff_knee", "crouch", "exoskeleton"]
)
def test_the_near_foot_stands_lower_if_both_ankles_are_equally_high(
    preset: str, side: Side
) -> None:
    gait = dict(getattr(presets, preset)(fps=30))
    found = odds(ankles(gait, noise_px=3, side=side, height=1.3))
    assert found is not None
    left = found if side == "left" else -found
    assert left.sum() > 15.0
    assert (left[np.abs(left) > 0.05] > 0).mean() > 0.95


def test_one_foothold_says_no_more_than_its_share() -> None:
    found = odds(ankles({}), strongest=2.0)
    assert found is not None
    stances = np.split(found, np.flatnonzero(np.diff(found != 0)) + 1)
    said = [abs(part.sum()) for part in stances if part.any()]
    # Two legs stand at once, so a stretch may hold several footholds.
    assert min(said) == pytest.approx(2.0)
    assert sum(said) == pytest.approx(2.0 * 12)


def test_it_tells_when_legs_were_followed_wrongly() -> None:
    legs = ankles({}, noise_px=3, height=1.3)
    half = len(legs) // 2
    legs[half:] = legs[half:, ::-1]
    found = odds(legs)
    assert found is not None
    assert (found[: half - 15] <= 0).all()
    assert (found[half + 15 :] >= 0).all()
    assert found[: half - 15].sum() < -10
    assert found[half + 15 :].sum() > 10


def test_a_foothold_far_off_the_lines_says_nothing() -> None:
    legs = ankles({}, height=1.3)
    legs[100:112, :, 1] -= 0.4 * LEG
    found = odds(legs)
    assert found is not None
    assert (found[100:112] == 0).all()
    assert (found <= 0).all()
    assert found.sum() < -20


def test_a_raised_heel_moves_a_line() -> None:
    found = odds(ankles({"ankle_height": (0.045, 0.105)}, noise_px=3, height=0.4))
    assert found is not None
    # The far, left foot is the lower one now.
    assert found.sum() > 20


def test_a_long_treadmill_recording_is_no_worse() -> None:
    legs = ankles({"fps": 30, "strides": 100, "treadmill": True}, noise_px=3, height=1.3)
    # 40 minutes: the way on the belt is 3,000 m.
    found = odds(np.tile(legs, (22, 1, 1)))
    assert found is not None
    assert found.sum() < -10_000


def test_a_hidden_foot_stands_before_and_after_at_the_same_place() -> None:
    legs = ankles({"speed": 0.9}, noise_px=2, height=1.3)
    forward = legs[:, 1, 0] - legs[:, 0, 0]
    passing = np.abs(forward) < 0.4 * LEG
    legs[passing, 0] = np.nan
    found = odds(legs)
    assert found is not None
    assert found.sum() < -15
    assert (found <= 0).all()


@pytest.mark.parametrize(
    "camera",
    [{"height": 0.08}, {"orthographic": True}],
    ids=["camera at the ankles' height", "parallel projection"],
)
def test_nothing_is_said_where_both_feet_are_equally_high(camera: dict[str, object]) -> None:
    assert odds(ankles({}, noise_px=3, **camera)) is None


def test_nothing_is_said_of_someone_who_stands_or_is_hardly_seen() -> None:
    legs = ankles({}, noise_px=3, height=1.3)
    assert odds(legs, enabled=False) is None
    assert odds(legs[:40]) is None
    rng = np.random.default_rng(0)
    assert odds(np.broadcast_to(legs[50], legs.shape) + rng.normal(0, 3, legs.shape)) is None
    assert odds(np.full_like(legs, np.nan)) is None
    assert odds(legs[:2]) is None
    one = legs.copy()
    one[:, 0] = np.nan
    assert odds(one) is None


def test_chance_alone_is_seldom_believed() -> None:
    rng = np.random.default_rng(1)
    legs = ankles({}, orthographic=True)
    believed = 0
    for _ in range(60):
        noisy = legs.copy()
        # Each foothold is off by as much as a whole, as uneven ground would have it.
        bumps = rng.normal(0, 0.02 * LEG, (12, 2))
        steps = np.linspace(0, 11, len(legs)).round().astype(int)
        noisy[..., 1] += bumps[steps]
        believed += odds(noisy) is not None
    assert believed <= 6
