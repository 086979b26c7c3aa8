"""Labels of drawn samples: joints lie on the subject, depth fits, left and right are right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic.scenes.sample import SampleMaker, people_of, view_of
from gaitpose.synthetic.scenes.settings import SceneSettings
from gaitpose.synthetic.scenes.viewpoints import CameraSettings
from gaitpose.synthetic.scenes.visibility import VISIBLE
from gaitpose.synthetic.surface import Part

from .conftest import SIZE, Drawn

SUBJECT = (Part.BODY, Part.CLOTHING)


def test_visible_joints_lie_on_the_subject(drawn: list[Drawn]) -> None:
    seen = 0
    for each in drawn:
        labels = people_of(each.settings.cast, each.scene, each.rendered)[0]
        depths = each.scene.viewpoint.in_camera(each.scene.subject.keypoints)[:, 2]
        for (x, y), mark, depth in zip(labels.keypoints, labels.visibility, depths, strict=True):
            if mark != VISIBLE:
                continue
            rows = slice(max(round(y) - 2, 0), round(y) + 3)
            columns = slice(max(round(x) - 2, 0), round(x) + 3)
            on = np.isin(each.rendered.parts[rows, columns], SUBJECT)
            assert on.any()
            down, right = np.nonzero(on)
            nearest = np.hypot(down + rows.start - y, right + columns.start - x).argmin()
            before = depth - each.rendered.depth[rows, columns][down[nearest], right[nearest]]
            assert -0.02 < before < 0.3, "the surface is at most a limb's thickness before it"
            seen += 1
    assert seen > 20


def test_nothing_labelled_lies_outside(drawn: list[Drawn]) -> None:
    for each in drawn:
        for labels in people_of(each.settings.cast, each.scene, each.rendered):
            known = labels.visibility > 0
            assert (labels.keypoints[known] >= -0.5).all()
            assert (labels.keypoints[known] < SIZE - 0.5).all()
            assert np.isnan(labels.keypoints[~known]).all()


@pytest.mark.parametrize(
    ("view", "left_is"),
    [(90.0, "right of"), (-90.0, "left of"), (0.0, "behind"), (180.0, "before")],
)
def test_left_is_the_subjects_own(maker: SampleMaker, view: float, left_is: str) -> None:
    settings = SceneSettings.draw(0, 0)
    camera = CameraSettings(view, height=1.0, focal=1.0, size=0.8, middle=(0.5, 0.5))
    scene = maker.scene(replace(settings, camera=camera, stance=None))
    index = {name: KEYPOINTS.index(name) for name in ("left_hip", "right_hip")}
    pixels = scene.viewpoint.project(scene.subject.keypoints)
    depth = scene.viewpoint.in_camera(scene.subject.keypoints)[:, 2]
    left, right = index["left_hip"], index["right_hip"]
    assert {
        "right of": pixels[left, 0] > pixels[right, 0] + 5,
        "left of": pixels[left, 0] < pixels[right, 0] - 5,
        "behind": depth[left] > depth[right] + 0.05,
        "before": depth[left] < depth[right] - 0.05,
    }[left_is]
    found = view_of(scene.viewpoint, scene.subject.keypoints, scene.heading)
    assert (found - view + 180) % 360 - 180 == pytest.approx(0, abs=8)


def test_who_walks_right_is_seen_from_the_right(maker: SampleMaker) -> None:
    settings = SceneSettings.draw(0, 0)
    camera = CameraSettings(0.0, height=1.0, focal=1.0, size=0.8, middle=(0.5, 0.5))
    scene = maker.scene(replace(settings, camera=camera, stance=None))
    toe, heel = (KEYPOINTS.index(f"right_{name}") for name in ("toe", "heel"))
    pixels = scene.viewpoint.project(scene.subject.keypoints)
    assert pixels[toe, 0] > pixels[heel, 0]


def test_a_sample_is_a_pure_function_of_its_settings(maker: SampleMaker) -> None:
    settings = SceneSettings.draw(0, 1)
    first = maker.sample(settings)
    maker.sample(SceneSettings.draw(3, 8))  # another cast in between
    again = maker.sample(settings)
    assert (first.rgb == again.rgb).all()
    assert (first.depth == again.depth).all()
    np.testing.assert_array_equal(first.people[0].keypoints, again.people[0].keypoints)


def test_an_exoskeleton_is_drawn_where_it_is_said(drawn: list[Drawn]) -> None:
    for each in drawn:
        shown = (each.rendered.parts == Part.EXOSKELETON).any()
        labels = people_of(each.settings.cast, each.scene, each.rendered)[0]
        assert labels.exoskeleton is each.scene.exoskeleton
        assert not shown or labels.exoskeleton
