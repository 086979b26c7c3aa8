"""Peak memory of `gaitpose analyze` on one minute and on ten minutes of 1080p video.

python benchmarks/memory.py

The one-minute film repeats a real side-view clip, forward and backward; the ten-minute one repeats
its packets ten times, without encoding them again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2

from _record import shared_data, write_csv

SIZE = (1920, 1080)
FPS = 30
MINUTE = 60 * FPS


def write_minute(source: Path, target: Path) -> None:
    with av.open(str(source)) as container:
        frames = [
            cv2.resize(frame.to_ndarray(format="rgb24"), SIZE)
            for frame in container.decode(video=0)
        ]
    loop = frames + frames[::-1]
    with av.open(str(target), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(MINUTE):
            frame = av.VideoFrame.from_ndarray(loop[index % len(loop)], format="rgb24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


def repeat(source: Path, target: Path, times: int) -> None:
    with av.open(str(target), "w") as output:
        stream = None
        for turn in range(times):
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                if stream is None:
                    stream = output.add_stream_from_template(video)
                ticks = int(Fraction(MINUTE, FPS) / video.time_base)
                for packet in container.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts += turn * ticks
                    packet.dts += turn * ticks
                    packet.stream = stream
                    output.mux(packet)


def peak_megabytes(video: Path, out: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "gaitpose", "analyze", str(video), "--leg-length", "0.86"]
    started = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--no-overlay", "--out", str(out)], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"gaitpose analyze failed on {video.name}")
    return usage.ru_maxrss / 1024, time.perf_counter() - started


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        minute, ten = Path(folder) / "minute.mp4", Path(folder) / "ten_minutes.mp4"
        write_minute(shared_data() / "gait/sagittal_video/lawn_two_people.mp4", minute)
        repeat(minute, ten, 10)
        for video, minutes in ((minute, 1), (ten, 10)):
            peak, seconds = peak_megabytes(video, Path(folder) / video.stem)
            rows.append(
                {
                    "minutes": minutes,
                    "frames": minutes * MINUTE,
                    "peak_mb": round(peak),
                    "ms_per_frame": round(1000 * seconds / (minutes * MINUTE), 2),
                }
            )
    for row in rows:
        row["over_one_minute_percent"] = round(100 * (row["peak_mb"] / rows[0]["peak_mb"] - 1), 1)
    write_csv("memory", rows)


if __name__ == "__main__":
    main()
