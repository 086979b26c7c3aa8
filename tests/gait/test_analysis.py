"""The whole way from poses to parameters, against the walker's truth."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitpose.errors import NoSubjectFound
from gaitpose.gait.analysis import GaitSettings, analyze
from gaitpose.gait.perspective import PerspectiveSettings
from gaitpose.gait.result import GaitAnalysis
from gaitpose.gait.sagittal import SagittalSettings
from gaitpose.gait.settings import EventSettings
from gaitpose.poses import poses_from_arrays
from gaitpose.skeleton import FOOT_POINTS, mirrored
from gaitpose.subject import Recording, Subject
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.walker import Walk

from .clean_walks import event_errors, simulated

SUBJECT = Subject(thigh=0.43, shank=0.43)


def _seen(walked: Walk, *, feet: bool = False, **camera: object) -> xr.Dataset:
    middle = float(np.mean([walked.position[..., 0].min(), walked.position[..., 0].max()]))
    given = {"distance": 8.0, "x": middle, "fx": 2790.0, "fy": 2790.0, "width": 4200, **camera}
    poses = PinholeCamera(**given).to_poses(walked)
    if feet:
        return poses
    names = [name for name in poses.keypoints.values if name not in FOOT_POINTS]
    return poses.sel(keypoints=names)


def _mean(analysis: GaitAnalysis, name: str, side: str) -> float:
    summary = analysis.summary.set_index(["name", "side"])["mean"]
    return float(summary[name, side])


def _check_against_truth(analysis: GaitAnalysis, walked: Walk, fps: float) -> None:
    strikes = event_errors(analysis.events, walked, "foot_strike") * fps
    offs = event_errors(analysis.events, walked, "foot_off") * fps
    assert np.abs(strikes).max() < 0.5
    assert np.abs(offs).max() < 1.0
    stride = walked.settings.speed * walked.settings.stride_time
    for side in ("left", "right"):
        assert _mean(analysis, "stride_length", side) == pytest.approx(stride, rel=0.01)
        assert _mean(analysis, "step_length", side) == pytest.approx(stride / 2, rel=0.01)
    assert _mean(analysis, "speed", "both") == pytest.approx(walked.settings.speed, rel=0.01)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("yaw", [-8.0, 8.0])
def test_an_oblique_walk_has_equal_steps(side: str, yaw: float) -> None:
    walked = simulated(50, step_width=0.17)
    poses = _seen(walked, side=side, yaw=yaw)
    asymmetry = {}
    for width in (0.0, 0.17 / 0.86):
        perspective = PerspectiveSettings(step_width=width)
        settings = GaitSettings(sagittal=SagittalSettings(perspective=perspective))
        analysis = analyze(poses, SUBJECT, settings=settings)
        left, right = (_mean(analysis, "step_length", name) for name in ("left", "right"))
        asymmetry[width > 0] = abs(left - right) / (left + right)
    assert asymmetry[False] > 0.03
    assert asymmetry[True] < 0.006


@pytest.mark.parametrize("fps", [25, 60, 240])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("roll", [0.0, 5.0])
def test_noise_free_walks_past_a_camera(fps: int, side: str, roll: float) -> None:
    walked = simulated(fps)
    analysis = analyze(_seen(walked, side=side, roll=roll), SUBJECT)
    _check_against_truth(analysis, walked, fps)
    assert analysis.recording.surface == "overground"
    assert {walk.direction for walk in analysis.passes} == {1 if side == "right" else -1}


def test_heels_and_toes_from_a_camera() -> None:
    walked = simulated(60)
    _check_against_truth(analyze(_seen(walked, feet=True), SUBJECT), walked, 60)


def test_treadmill() -> None:
    walked = simulated(60, strides=8, treadmill=True)
    analysis = analyze(_seen(walked), SUBJECT)
    assert analysis.recording.surface == "treadmill"
    _check_against_truth(analysis, walked, 60)


def test_three_dimensions() -> None:
    walked = simulated(100)
    analysis = analyze(walked.to_poses())
    strikes = event_errors(analysis.events, walked, "foot_strike") * 100
    assert np.abs(strikes).max() < 0.5
    assert analysis.scale is not None
    assert analysis.scale.source == "3-D"
    stride = walked.settings.speed * walked.settings.stride_time
    assert _mean(analysis, "stride_length", "left") == pytest.approx(stride, rel=0.01)


@pytest.mark.parametrize("fps", [30, 60])
def test_an_estimators_noise(fps: int) -> None:
    # 3 px at a leg of 300 px, 5 % missed, 2 % of the frames with legs exchanged.
    errors, lengths = [], []
    for seed in range(3):
        walked = simulated(fps, strides=6)
        settings = ObservationSettings(noise_px=3.0, missed=0.05, swaps=0.02, swap_run=3.0)
        poses = observe(_seen(walked), settings, np.random.default_rng(seed)).poses
        analysis = analyze(poses, SUBJECT)
        errors.append(event_errors(analysis.events, walked, "foot_strike") * fps)
        stride = walked.settings.speed * walked.settings.stride_time
        lengths += [_mean(analysis, "stride_length", side) / stride for side in ("left", "right")]
    assert (np.abs(np.concatenate(errors)) < 1.0).mean() >= 0.95
    np.testing.assert_allclose(lengths, 1.0, atol=0.02)


def test_of_several_people_one_is_analysed_and_others_who_walk_are_told() -> None:
    walker = _seen(simulated(60))
    start = walker.isel(time=[0] * walker.sizes["time"]).assign_coords(time=walker.time)
    shorter = start.copy(deep=True)
    shorter["position"] = start.position + 0.7 * (walker.position - start.position)
    alone = analyze(walker, SUBJECT)
    for other, told in ((start, False), (shorter, True)):
        unsure = other.assign(confidence=other.confidence * 0.31)
        people = [unsure.assign_coords(individuals=["a"]), walker.assign_coords(individuals=["b"])]
        both = xr.concat(people, dim="individuals").assign_attrs(walker.attrs)
        analysis = analyze(both, SUBJECT)
        xr.testing.assert_identical(analysis.angles, alone.angles)
        assert analysis.raw_poses.individuals.values.tolist() == ["b"]
        assert ("others-travel" in {finding.code for finding in analysis.quality}) == told


def test_a_mirrored_picture_exchanges_the_sides() -> None:
    walked = simulated(60, left_step_time_share=0.53)
    poses = _seen(walked)
    width = poses.attrs["image_width"]
    names = [mirrored(str(name)) for name in poses.keypoints.values]
    position = poses.position.isel(individuals=0).transpose("time", "keypoints", "space").values
    flipped = poses_from_arrays(
        np.stack([width - 1 - position[..., 0], position[..., 1]], axis=-1),
        None,
        names,
        "px",
        times=poses.time.values,
        attributes=poses.attrs,
    )
    plain, other = analyze(poses, SUBJECT), analyze(flipped, SUBJECT)
    np.testing.assert_allclose(other.events.time_s, plain.events.time_s, atol=1e-6)
    assert (other.events.side != plain.events.side).all()
    for name in ("step_time", "stance_percent", "knee_range", "step_length"):
        for one, two in (("left", "right"), ("right", "left")):
            assert _mean(other, name, one) == pytest.approx(_mean(plain, name, two), rel=1e-3)


def test_a_delayed_and_magnified_recording_gives_the_same_numbers() -> None:
    walked = simulated(60)
    poses = _seen(walked)
    later = poses.assign_coords(time=poses.time + 7.25)
    later["position"] = later.position * 1.7
    size = {name: round(1.7 * poses.attrs[name]) for name in ("image_width", "image_height")}
    later = later.assign_attrs(**size)
    plain, other = analyze(poses, SUBJECT), analyze(later, SUBJECT)
    np.testing.assert_allclose(other.events.time_s - 7.25, plain.events.time_s, atol=1e-6)
    one, two = (a.summary.set_index(["name", "side"])["mean"] for a in (plain, other))
    np.testing.assert_allclose(two[one.index], one, rtol=1e-3, atol=0.02)


def test_without_a_size_lengths_are_in_leg_lengths() -> None:
    walked = simulated(60)
    known, unknown = analyze(_seen(walked), SUBJECT), analyze(_seen(walked))
    assert unknown.scale is None
    assert unknown.poses.attrs["units"] == "leg lengths"
    units = unknown.summary.set_index("name").unit
    assert units["speed"] == "leg lengths/s"
    assert (units["stride_length"] == "leg lengths").all()
    ratio = _mean(known, "stride_length", "left") / _mean(unknown, "stride_length", "left")
    assert ratio == pytest.approx(0.86, rel=0.01)
    assert _mean(unknown, "knee_range", "left") == pytest.approx(
        _mean(known, "knee_range", "left"), abs=0.01
    )


def test_the_surface_that_was_given_is_kept() -> None:
    analysis = analyze(_seen(simulated(60)), SUBJECT, Recording(surface="overground"))
    assert analysis.recording.surface == "overground"


def test_settings_reach_the_events() -> None:
    poses = _seen(simulated(60, strides=4))
    plain = analyze(poses, SUBJECT)
    settings = GaitSettings(events=EventSettings(strike_lead=0.0))
    early = analyze(poses, SUBJECT, settings=settings)
    strikes = [a.events[a.events.kind == "foot_strike"].time_s.median() for a in (plain, early)]
    assert strikes[0] - strikes[1] == pytest.approx(0.054 * 1.0954, abs=0.01)
    assert early.settings == settings


def test_joints_from_a_video_are_late() -> None:
    poses = _seen(simulated(60, strides=4))
    plain = analyze(poses, SUBJECT)
    video = analyze(poses.assign_attrs(joints_from="video"), SUBJECT)
    inner = plain.events[plain.events.time_s.between(0.5, 3.0)]
    for event in inner.itertuples():
        same = video.events[(video.events.side == event.side) & (video.events.kind == event.kind)]
        expected = event.time_s - EventSettings().video_delay_s
        assert (same.time_s - expected).abs().min() < 1e-6


def test_steps_without_a_whole_cycle_still_give_events() -> None:
    walked = simulated(100, strides=4)
    poses = walked.to_poses()
    short = poses.isel(time=slice(150, 270))
    analysis = analyze(short)
    assert not analysis.events.empty
    codes = {finding.code: finding.severity for finding in analysis.quality}
    if not analysis.cycle_table.used.any():
        assert codes["no-cycles"] == "error"
        assert analysis.parameters.empty
        assert analysis.to_json()["cycles"] is not None


def test_someone_who_stands_is_refused() -> None:
    poses = _seen(simulated(30))
    still = poses.copy()
    still["position"] = poses.position * 0 + poses.position.isel(time=20)
    with pytest.raises(NoSubjectFound):
        analyze(still, SUBJECT)
