from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitpose.errors import NoSubjectFound, NotEnoughCycles
from gaitpose.gait.sagittal import SagittalSettings
from gaitpose.gait.seen import USUAL_FOCAL, Seen, look
from gaitpose.subject import Subject

from .seen_walks import LEG, arrays, seen, walked, with_position

STAGES = SagittalSettings()


def looked(poses: xr.Dataset) -> Seen:
    return look(poses, Subject(), STAGES.cleaning, STAGES.vertical, STAGES.scale, 1.0)


def test_a_picture_is_put_upright() -> None:
    poses = seen({"fps": 25}, fx=1000.0, fy=1250.0)
    person = looked(poses)
    position, _, names = arrays(poses)
    assert person.names == tuple(names)
    assert not person.is_space
    np.testing.assert_allclose(person.position, position * [1.0, -0.8])
    assert person.centre is not None
    np.testing.assert_allclose(person.centre, [1799.5, -0.8 * 539.5])
    assert person.focal == 1000.0
    assert person.leg == pytest.approx(1000 * LEG / 4, rel=0.01)


def test_pixels_are_square_unless_told() -> None:
    poses = seen({"fps": 25})
    del poses.attrs["fx"], poses.attrs["fy"]
    person = looked(poses)
    assert person.to_upright.tolist() == [[1, 0], [0, -1]]
    assert person.focal == USUAL_FOCAL * 3600
    del poses.attrs["image_width"]
    assert looked(poses).centre is None


def test_millimetres_are_noticed() -> None:
    walk = walked(fps=25)
    person = looked(with_position(walk.to_poses(), 1000 * walk.position))
    assert [finding.code for finding in person.findings] == ["units-corrected"]
    assert person.leg == pytest.approx(LEG)


def test_unsure_points_are_missing() -> None:
    poses = seen({"fps": 25})
    poses.confidence[3, 4] = 0.1
    assert np.isnan(looked(poses).position[3, 4]).all()
    assert looked(poses).confidence[3, 4] == 0.0


def test_who_travels_farthest_is_taken() -> None:
    walker = seen({"fps": 25})
    position, _, _ = arrays(walker)
    onlooker = with_position(walker, 2.0 * np.tile(position[:1], (len(position), 1, 1)) - 500.0)
    both = xr.concat(
        [onlooker.assign_coords(individuals=["a"]), walker.assign_coords(individuals=["b"])],
        dim="individuals",
    )
    both.attrs = walker.attrs
    np.testing.assert_array_equal(looked(both).position, looked(walker).position)


def test_too_short_and_empty_recordings_are_refused() -> None:
    poses = seen({"fps": 25})
    with pytest.raises(NotEnoughCycles, match="3 frames"):
        looked(poses.isel(time=slice(0, 3)))
    position, _, _ = arrays(poses)
    with pytest.raises(NoSubjectFound, match="no joint"):
        looked(with_position(poses, np.full(position.shape, np.nan)))
    poses.confidence[:] = 0.05
    with pytest.raises(NoSubjectFound, match=r"confidence of 0\.3"):
        looked(poses)
