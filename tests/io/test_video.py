from __future__ import annotations

import subprocess
import sys
import textwrap
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gaitpose.errors import BadSettings, OutputFailed, UnreadableInput
from gaitpose.io.video import VideoReader, VideoWriter


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def square_at(rgb: np.ndarray) -> tuple[float, float]:
    """Centre (x, y) of the bright square."""
    rows, columns = np.nonzero(rgb[..., 1] > 128)
    return float(columns.mean()), float(rows.mean())


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    shortened = path.with_name(f"cut_{path.name}")
    shortened.write_bytes(content[: int(share * len(content))])
    return shortened


CODECS = {"avi": "mpeg4", "webm": "libvpx-vp9", "mpg": "mpeg2video"}


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.mov", "a.ts", "a.webm", "a.mpg"])
def test_every_frame_comes_once_in_order_with_its_time(make_video, name: str) -> None:
    codec = CODECS.get(name.split(".")[1], "libx264")
    with VideoReader(make_video(name, frames=20, fps=25, codec=codec)) as video:
        frames = list(video)
    assert [frame.index for frame in frames] == list(range(20))
    np.testing.assert_allclose([f.time_s for f in frames], np.arange(20) / 25, atol=1e-3)
    for frame in frames:
        assert frame.rgb.shape == (64, 96, 3)
        assert frame.rgb.dtype == np.uint8
        x, y = square_at(frame.rgb)
        assert x == pytest.approx(4 * frame.index + 5.5, abs=1)
        assert y == pytest.approx(9.5, abs=1)
    assert not video.was_truncated
    assert video.frames_read == 20


def test_slow_motion_has_the_times_of_its_filming(make_video) -> None:
    with VideoReader(make_video("a.mp4", frames=20, fps=30), fps=240) as video:
        assert video.pace == pytest.approx(1 / 8)
        assert video.info.fps == pytest.approx(240)
        assert video.info.duration == pytest.approx(20 / 240, abs=1e-4)
        assert video.info.expected_frames == 20
        np.testing.assert_allclose([f.time_s for f in video], np.arange(20) / 240, atol=1e-4)
        assert not video.was_truncated


@pytest.mark.parametrize("fps", [29.8, 29.97, 30.2])
def test_the_rate_itself_is_no_slow_motion(make_video, fps: float) -> None:
    with VideoReader(make_video("a.mp4", frames=20, fps=30), fps=fps) as video:
        assert video.pace == 1


@pytest.mark.parametrize("fps", [15.0, 0.0, -30.0, float("nan"), float("inf")])
def test_nothing_is_filmed_slower_than_it_plays(make_video, fps: float) -> None:
    with pytest.raises(BadSettings, match=r"plays 30 frames per second.*--fps"):
        VideoReader(make_video("a.mp4", frames=20, fps=30), fps=fps)


def test_variable_times_are_the_containers(make_video) -> None:
    times = np.array([0, 1, 2, 4, 5, 9, 10, 11, 12, 15]) / 30
    with VideoReader(make_video("a.mp4", frames=10, times=times)) as video:
        assert video.info.is_variable_rate
        np.testing.assert_allclose([f.time_s for f in video], times, atol=1e-4)


def test_time_counts_from_the_first_frame(make_video) -> None:
    with VideoReader(make_video("a.mkv", frames=10, origin_s=7.0)) as video:
        np.testing.assert_allclose([f.time_s for f in video], np.arange(10) / 30, atol=1.1e-3)


@pytest.mark.parametrize(
    ("clockwise", "centre"),
    [(90, (63 - 9.5, 5.5)), (180, (95 - 5.5, 63 - 9.5)), (270, (9.5, 95 - 5.5))],
)
def test_rotation_flag_is_applied(make_video, clockwise: int, centre: tuple) -> None:
    with VideoReader(make_video("a.mp4", turn=clockwise)) as video:
        assert video.info.rotation == clockwise
        first = next(iter(video))
    assert first.rgb.shape[:2] == (video.info.height, video.info.width)
    x, y = square_at(first.rgb)
    # Stored, the square of frame 0 has its centre at (5.5, 9.5) of 96 x 64.
    assert (x, y) == pytest.approx(centre, abs=1)


def test_pixels_are_made_square(make_video) -> None:
    with VideoReader(make_video("a.mp4", width=96, height=64, aspect=Fraction(2))) as video:
        frame = next(iter(video))
    assert frame.rgb.shape == (64, 192, 3)
    rows, columns = np.nonzero(frame.rgb[..., 1] > 128)
    assert np.ptp(columns) + 1 == pytest.approx(2 * (np.ptp(rows) + 1), abs=2)


def test_smaller_size_and_steps(make_video) -> None:
    with VideoReader(make_video("a.mp4", frames=20)) as video:
        some = list(video.frames(size=(48, 32), every=3, start_s=5 / 30))
    assert [frame.index for frame in some] == [5, 8, 11, 14, 17]
    for frame in some:
        assert frame.rgb.shape == (32, 48, 3)
        x, _ = square_at(frame.rgb)
        assert x == pytest.approx((4 * frame.index + 5.5) / 2, abs=1)
    assert video.frames_read == 20


def test_starts_at_a_moment_however_the_rate_varies(make_video) -> None:
    times = np.concatenate([np.arange(20) / 30, 20 / 30 + np.arange(20) / 15])
    with VideoReader(make_video("a.mp4", frames=40, times=times)) as video:
        for start in (0.0, 0.31, times[25], 1.7):
            first = next(video.frames(start_s=start))
            assert first.index == np.argmax(times >= start - 1e-4)
            assert first.time_s == pytest.approx(times[first.index], abs=1e-4)


def test_size_of_a_turned_video_is_that_of_the_upright_picture(make_video) -> None:
    with VideoReader(make_video("a.mp4", turn=90)) as video:
        assert next(video.frames(size=(32, 48))).rgb.shape == (48, 32, 3)


def test_a_reader_can_run_again_and_stop_early(make_video) -> None:
    with VideoReader(make_video("a.mp4", frames=20)) as video:
        assert next(iter(video)).index == 0
        assert [f.index for f in video] == list(range(20))
        assert len(list(video.frames(every=10))) == 2
        assert not video.was_truncated


def test_senseless_steps_are_refused(make_video) -> None:
    with VideoReader(make_video()) as video, pytest.raises(ValueError, match="every"):
        video.frames(every=0)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
@pytest.mark.parametrize("share", [0.5, 0.75])
def test_truncated_video_is_read_as_far_as_it_goes_and_says_so(
    make_video, name: str, share: float
) -> None:
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    whole = make_video(
        name, frames=120, codec=codec, width=192, height=128, options={"movflags": "faststart"}
    )
    with VideoReader(cut(whole, share)) as video:
        frames = list(video)
    assert video.was_truncated
    assert video.frames_read == len(frames)
    assert 20 < len(frames) < 119
    for frame in frames[:-8]:  # the last ones may rest on data that are gone
        assert square_at(frame.rgb)[0] == pytest.approx(4 * frame.index % 180 + 5.5, abs=1.5)


def test_whole_videos_are_not_called_truncated_when_sound_is_longer(
    make_video, tmp_path: Path
) -> None:
    path = tmp_path / "long_sound.mkv"
    with av.open(str(path), "w") as container, av.open(str(make_video("a.mp4"))) as source:
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        template = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = template
                container.mux(packet)
        for start in range(0, 16_000 * 5, 1024):
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate, silence.pts = 16_000, start
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    with VideoReader(path) as video:
        assert len(list(video)) == 20
        assert not video.was_truncated


def test_moov_lost_by_truncation_is_said(make_video) -> None:
    whole = make_video("a.mp4", frames=100)
    share = whole.read_bytes().index(b"moov") / whole.stat().st_size
    with pytest.raises(UnreadableInput, match=r"cut_a\.mp4: .*the copy may be incomplete"):
        VideoReader(cut(whole, 0.9 * share))


@pytest.mark.parametrize("name", ["a.m4a", "a.mp4", "a.wav", "a.mkv"])
def test_sound_only_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    is_wav = name.endswith("wav")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le" if is_wav else "aac", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 16_000), np.int16 if is_wav else np.float32),
            format="s16" if is_wav else "fltp",
            layout="mono",
        )
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(UnreadableInput, match="sound but no picture"):
        VideoReader(path)


def test_one_frame_is_said(make_video) -> None:
    with pytest.raises(UnreadableInput, match=r"one\.mp4: it has only one frame"):
        VideoReader(make_video("one.mp4", frames=1))


def test_no_frame_is_said(make_video, tmp_path: Path) -> None:
    whole = make_video("a.mp4", frames=30, options={"movflags": "faststart"}).read_bytes()
    head = tmp_path / "head.mp4"
    head.write_bytes(whole[: whole.index(b"mdat") + 4])
    with pytest.raises(UnreadableInput, match=r"no frame that can be decoded.*incomplete"):
        VideoReader(head)


def test_a_photo_is_said(tmp_path: Path) -> None:
    import cv2

    for name in ("photo.jpg", "photo.png"):
        cv2.imwrite(str(tmp_path / name), np.zeros((50, 60, 3), np.uint8))
        with pytest.raises(UnreadableInput, match="a picture, not a video"):
            VideoReader(tmp_path / name)


def test_written_video_reads_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 255, (5, 8, 10, 3), dtype=np.uint8)
    images = coarse.repeat(16, axis=1).repeat(16, axis=2)
    path = tmp_path / "overlay.mp4"
    with VideoWriter(path, 160, 128, 29.97) as writer:
        for image in images:
            writer.write(image)
        assert names_in(tmp_path) != ["overlay.mp4"]
    assert names_in(tmp_path) == ["overlay.mp4"]
    with VideoReader(path) as video:
        frames = list(video)
        assert video.info.codec == "h264"
        assert video.info.fps == pytest.approx(29.97, rel=1e-3)
    assert len(frames) == 5
    for frame, image in zip(frames, images, strict=True):
        centres = frame.rgb[8::16, 8::16].astype(float), image[8::16, 8::16].astype(float)
        brightness = [c @ [0.299, 0.587, 0.114] for c in centres]
        assert np.abs(brightness[0] - brightness[1]).mean() < 8


def test_written_video_plays_in_browsers(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with VideoWriter(path, 63, 49, 30) as writer:
        for _ in range(3):
            writer.write(np.full((49, 63, 3), 200, np.uint8))
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # starts before it is all there
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == (64, 50)  # 4:2:0 needs even sizes


def test_writer_keeps_variable_times(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.05, 0.5, 0.51]
    with VideoWriter(tmp_path / "a.mp4", 64, 48, 30) as writer:
        for time_s in times:
            writer.write(np.zeros((48, 64, 3), np.uint8), time_s)
    with VideoReader(tmp_path / "a.mp4") as video:
        np.testing.assert_allclose([f.time_s for f in video], times, atol=1e-4)


def test_interrupted_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / "a.mp4", 64, 48, 30) as writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
        raise KeyboardInterrupt
    assert names_in(tmp_path) == []


def test_writer_refuses_a_frame_of_another_size(tmp_path: Path) -> None:
    wrong = np.zeros((50, 64, 3), np.uint8)
    writer = VideoWriter(tmp_path / "a.mp4", 64, 48, 30)
    with pytest.raises(ValueError, match=r"not uint8 \(48, 64, 3\)"), writer:
        writer.write(wrong)


def test_writer_says_that_the_folder_is_absent(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="cannot be written"):
        VideoWriter(tmp_path / "absent" / "a.mp4", 64, 48, 30).__enter__()


def test_full_disk_while_writing_is_said(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a POSIX limit on file sizes")
    script = textwrap.dedent(
        """
        import resource, signal, sys
        import numpy as np
        from gaitpose.errors import OutputFailed
        from gaitpose.io.video import VideoWriter
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        noise = np.random.default_rng(0)
        try:
            with VideoWriter(sys.argv[1], 320, 240, 30) as writer:
                for _ in range(60):
                    writer.write(noise.integers(0, 255, (240, 320, 3), dtype=np.uint8))
        except OutputFailed as error:
            print(error)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "big.mp4")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "big.mp4: cannot be written" in done.stdout
    assert names_in(tmp_path) == []


@pytest.mark.slow
def test_a_long_video_needs_no_more_memory_than_a_short_one(make_video) -> None:
    script = textwrap.dedent(
        """
        import sys
        import psutil
        from gaitpose.io.video import VideoReader
        process = psutil.Process()
        with VideoReader(sys.argv[1]) as video:
            print(max(process.memory_info().rss for _ in video), video.frames_read)
        """
    )
    peaks = []
    for name, frames in (("short.mp4", 150), ("long.mp4", 1500)):
        path = make_video(name, frames=frames, width=1280, height=720, keyframe_every=60)
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )
        peak, count = map(int, done.stdout.split())
        assert count == frames
        peaks.append(peak)
    assert peaks[1] <= 1.1 * peaks[0]


def test_real_clip(shared_data: Path) -> None:
    clip = shared_data / "gait" / "sagittal_video" / "lawn_two_people.mp4"
    with VideoReader(clip) as video:
        assert (video.info.width, video.info.height) == (1768, 994)
        assert video.info.codec == "vp9"
        times = [frame.time_s for frame in video.frames(size=(221, 124))]
    assert len(times) == video.info.frame_count == 230
    np.testing.assert_allclose(np.diff(times), 1 / 30, atol=1e-6)
    assert not video.was_truncated


def test_real_clip_filmed_upright_is_turned(shared_data: Path) -> None:
    with VideoReader(shared_data / "gait" / "other_video" / "oblique_straps.mp4") as video:
        assert (video.info.rotation, video.info.width, video.info.height) == (90, 720, 526)
        assert next(iter(video)).rgb.shape == (526, 720, 3)
