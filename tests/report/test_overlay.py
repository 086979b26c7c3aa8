"""The overlay: joints on the right pixels, every frame, in constant memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gaitpose
from gaitpose.io.video import Frame, VideoReader, VideoWriter
from gaitpose.report.overlay import Canvas, OverlaySettings, track_of, write_overlay
from gaitpose.report.palette import SIDE_COLOUR, rgb
from gaitpose.skeleton import SIDES

WIDTH, HEIGHT = 480, 270


@pytest.fixture(scope="module")
def small(analysis: gaitpose.Analysis) -> gaitpose.Analysis:
    """The analysis, as if it had been filmed with a quarter of the pixels."""
    return replace(analysis, repaired=analysis.repaired / 4)


@pytest.fixture(scope="module")
def recording(small: gaitpose.Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "black.mp4"
    with VideoWriter(path, WIDTH, HEIGHT, 50) as video:
        for time in small.raw_poses["time"].to_numpy()[:120]:
            video.write(np.zeros((HEIGHT, WIDTH, 3), np.uint8), float(time))
    return path


def test_joints_are_drawn_where_they_are(small: gaitpose.Analysis) -> None:
    track = track_of(small)
    canvas = Canvas(WIDTH, HEIGHT, 1.0, track, OverlaySettings())
    sample = int(np.flatnonzero(np.isfinite(track.points["left_knee"]).all(axis=1))[30])
    blank = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

    image = canvas.draw(Frame(sample, float(track.time[sample]), blank))

    assert image.shape == (HEIGHT + canvas.strip_height, WIDTH, 3)
    for side in SIDES:
        x, y = np.round(track.points[f"{side}_ankle"][sample]).astype(int)
        near = image[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3).astype(int)
        assert np.abs(near - rgb(SIDE_COLOUR[side])).sum(axis=1).min() < 40


def test_a_smaller_picture_has_the_joints_where_they_belong(small: gaitpose.Analysis) -> None:
    track = track_of(small)
    canvas = Canvas(WIDTH // 2, HEIGHT // 2, 0.5, track, OverlaySettings())
    blank = np.zeros((HEIGHT // 2, WIDTH // 2, 3), np.uint8)
    image = canvas.draw(Frame(0, float(track.time[200]), blank))[: HEIGHT // 2]
    drawn = np.argwhere(image.any(axis=-1))
    points = np.stack([xy[200] for xy in track.points.values()]) / 2
    assert abs(drawn[:, 1].mean() - np.nanmean(points[:, 0])) < 12
    assert drawn[:, 0].min() > np.nanmin(points[:, 1]) - 12


def test_marks_are_the_events(small: gaitpose.Analysis) -> None:
    marks = track_of(small).marks
    assert [mark.time_s for mark in marks] == sorted(small.events["time_s"])
    assert {(mark.side, mark.kind) for mark in marks} == set(
        zip(small.events["side"], small.events["kind"], strict=True)
    )


def test_one_frame_out_for_each_in_with_its_time(
    small: gaitpose.Analysis, recording: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []
    path = write_overlay(
        small, recording, tmp_path / "overlay.mp4", progress=lambda *step: seen.append(step)
    )
    with VideoReader(recording) as source, VideoReader(path) as overlay:
        times = [frame.time_s for frame in source]
        frames = list(overlay)
        np.testing.assert_allclose([frame.time_s for frame in frames], times, atol=1e-3)
    assert len(seen) == 120
    assert seen[-1] == (120, 120)
    assert frames[60].rgb[:HEIGHT].max() > 150, "the skeleton is drawn"
    assert list(tmp_path.iterdir()) == [path]


def test_slow_motion_is_drawn_at_the_times_of_the_walk(
    small: gaitpose.Analysis, recording: Path, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.mp4"
    with VideoReader(recording) as source:
        size = source.info.width, source.info.height
        with VideoWriter(slow, *size, source.info.fps / 4, quality=0) as video:
            for frame in source:
                video.write(frame.rgb)
    told = replace(small, raw_poses=small.raw_poses.assign_attrs(video_pace=0.25))
    whole = write_overlay(small, recording, tmp_path / "whole.mp4")
    slowed = write_overlay(told, slow, tmp_path / "slowed.mp4")
    with VideoReader(whole) as one, VideoReader(slowed) as other:
        for frame, later in zip(one, other, strict=True):
            assert later.time_s == pytest.approx(4 * frame.time_s, abs=5e-3)
            assert np.abs(frame.rgb.astype(int) - later.rgb).mean() < 1


def test_large_pictures_are_made_smaller(
    small: gaitpose.Analysis, recording: Path, tmp_path: Path
) -> None:
    path = write_overlay(
        small, recording, tmp_path / "overlay.mp4", OverlaySettings(max_height=134)
    )
    with VideoReader(path) as overlay:
        assert overlay.info.width == 238
        assert 134 < overlay.info.height < 180


def test_interrupted_drawing_leaves_nothing(
    small: gaitpose.Analysis, recording: Path, tmp_path: Path
) -> None:
    def interrupt(done: int, total: int | None) -> None:
        if done == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_overlay(small, recording, tmp_path / "overlay.mp4", progress=interrupt)
    assert list(tmp_path.iterdir()) == []
