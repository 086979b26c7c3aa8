"""The exoskeleton on people: it is fitted to them, runs beside the knee, stays on the floor."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anny", reason="bodies need the extra `synthetic`")

from gaitpose.synthetic import WalkerSettings, walk
from gaitpose.synthetic.exoskeleton import Exoskeleton, ExoskeletonSettings
from gaitpose.synthetic.people import Person, PersonSettings, Posture
from gaitpose.synthetic.surface import Part


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 5])
def test_it_fits_people_who_walk(seed):
    rng = np.random.default_rng(seed)
    person = Person(PersonSettings.draw(rng))
    exo = Exoskeleton.fitted(ExoskeletonSettings.draw(rng, "clinic"), person)
    walked = walk(person.walker_settings(WalkerSettings(strides=2)), np.linspace(0.3, 1.3, 6))
    for index in range(6):
        posed = person.pose(walked, index, Posture())
        worn = exo.worn(posed)
        assert worn[: len(posed.surfaces)][0].vertices is posed.surfaces[0].vertices
        for before, after in zip(posed.surfaces, worn, strict=False):
            assert after.faces is before.faces
            if before.part is Part.CLOTHING:
                assert np.abs(after.vertices - before.vertices).max() < 0.2
        machine = [each.vertices for each in worn[len(posed.surfaces) :]]
        assert min(each[:, 1].min() for each in machine) > -0.02
        knee = posed.frames["right_shank"]
        beside = (np.vstack(machine) - knee[:3, 3]) @ knee[:3, :3]
        near = beside[np.hypot(beside[:, 0], beside[:, 1]) < 0.02]
        assert 0.03 < near[near[:, 2] > 0.02, 2].min() < 0.13
