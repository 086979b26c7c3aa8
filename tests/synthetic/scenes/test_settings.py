"""Pictures are pure functions of seed and number; shares come out as asked."""

from __future__ import annotations

import numpy as np
import pytest

from gaitpose.errors import BadSettings
from gaitpose.synthetic.scenes.clip_settings import VIEW_SPREAD, ClipSettings
from gaitpose.synthetic.scenes.settings import (
    CAST_SIZE,
    WEARER_HEIGHTS,
    SceneOptions,
    SceneSettings,
)


def test_a_picture_depends_on_nothing_but_seed_and_number() -> None:
    assert SceneSettings.draw(4, 17) == SceneSettings.draw(4, 17)
    assert SceneSettings.draw(4, 17) != SceneSettings.draw(5, 17)
    assert SceneSettings.draw(4, 17).room != SceneSettings.draw(4, 18).room


def test_a_cast_stays_for_some_pictures() -> None:
    casts = [SceneSettings.draw(0, number).cast for number in range(2 * CAST_SIZE)]
    assert all(cast == casts[0] for cast in casts[:CAST_SIZE])
    assert casts[CAST_SIZE] != casts[0]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_share_of_exoskeletons(share: float) -> None:
    options = SceneOptions(exoskeleton=share)
    drawn = [SceneSettings.draw(1, CAST_SIZE * i, options).cast for i in range(200)]
    worn = np.mean([cast.exoskeleton is not None for cast in drawn])
    assert worn == pytest.approx(share, abs=0.1)
    low, high = WEARER_HEIGHTS
    assert all(low <= c.person.height <= high for c in drawn if c.exoskeleton is not None)


def test_views_are_mostly_from_the_side() -> None:
    views = np.array([SceneSettings.draw(2, i).camera.view_deg for i in range(400)])
    off = np.minimum(np.abs(views), 180 - np.abs(views))
    assert np.mean(off <= 25) == pytest.approx(0.93, abs=0.04), "nine in ten, and some by chance"
    assert np.mean(np.abs(views) < 90) == pytest.approx(0.5, abs=0.08)


def test_views_from_everywhere_where_asked_for() -> None:
    options = SceneOptions(all_around=1.0)
    views = np.array([SceneSettings.draw(2, i, options).camera.view_deg for i in range(400)])
    quarters = np.histogram(views, np.linspace(-180, 180, 5))[0]
    assert quarters.min() > 70, "a hundred in each quarter, and chance"


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_share_of_people_who_stand(share: float) -> None:
    options = SceneOptions(standing=share)
    stances = [SceneSettings.draw(2, i, options).stance for i in range(300)]
    assert np.mean([stance is not None for stance in stances]) == pytest.approx(share, abs=0.08)


def test_photographs_only_where_there_are_some() -> None:
    assert all(SceneSettings.draw(3, i).photo is None for i in range(50))
    options = SceneOptions(photos=7, photo_share=0.5)
    photos = [SceneSettings.draw(3, i, options).photo for i in range(200)]
    assert np.mean([photo is not None for photo in photos]) == pytest.approx(0.5, abs=0.1)
    assert {photo.number for photo in photos if photo} == set(range(7))


def test_clips_are_seen_from_the_side() -> None:
    assert ClipSettings.draw(0, 3) == ClipSettings.draw(0, 3)
    for number in range(40):
        drawn = ClipSettings.draw(0, number)
        view = abs(drawn.camera.view_deg)
        assert min(view, 180 - view) <= VIEW_SPREAD
        assert drawn.cast.aid != "bars"


def test_a_share_is_a_share() -> None:
    with pytest.raises(BadSettings, match="exoskeleton"):
        SceneOptions(exoskeleton=1.5)
