"""Foot strikes in the first frames of a pass: simulated walks cut shortly before and after one.

    python benchmarks/gait_pass_start.py

A row a frame rate and place of the cut. A strike counts as found if one of that leg was detected
within 83 ms (2.5 frames of 30 a second); any other in the first 0.35 s is false.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from _record import write_csv
from gait_walker import SUBJECT, seen
from gaitpose.errors import GaitPoseError
from gaitpose.gait.analysis import analyze
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.presets import PRESETS
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

NOISE = ObservationSettings(noise_px=3.0, missed=0.03)
WALKERS = {
    **{f"{speed} m/s": WalkerSettings(speed=speed) for speed in (0.8, 1.1, 1.35)},
    **{name: preset() for name, preset in PRESETS.items() if name != "healthy"},
}
"""Healthy at three speeds, and the others."""

CUTS_S = tuple(cut / 30 for cut in range(-4, 7))
"""Beginnings of the pass against the strike, seconds."""

LENGTH_S, FIRST_S, WITHIN_S = 3.0, 0.35, 2.5 / 30


def cut_walks(fps: int) -> Iterator[tuple[float, float, Walk, xr.Dataset]]:
    """Yield the cut against the strike and in the walk, the walk, and the poses that are left."""
    for seed, settings in enumerate(WALKERS.values()):
        walked = walk(settings.model_copy(update={"fps": fps, "strides": 5}))
        poses = seen(walked, ("right", "left")[seed % 2], 0.0, "8 joints")
        observed = observe(poses, NOISE, np.random.default_rng(seed)).poses
        begin, end = float(walked.time[0]), float(walked.time[-1])
        strikes = walked.events[walked.events.kind == "foot_strike"].time_s
        for strike in strikes[strikes.between(begin + 0.7, end - LENGTH_S + 0.5)]:
            for cut in CUTS_S:
                first = round((strike + cut - begin) * fps)
                part = observed.isel(time=slice(first, first + round(LENGTH_S * fps)))
                yield cut, begin + first / fps, walked, part


def count(start: float, walked: Walk, poses: xr.Dataset) -> tuple[int, int, int]:
    """Return how many strikes there are at the start, are found, and are false."""
    try:
        found = analyze(poses, SUBJECT).events
    except GaitPoseError:
        found = walked.events[:0]
    true, found = (events[events.kind == "foot_strike"] for events in (walked.events, found))
    early = [events[events.time_s.between(start, start + FIRST_S)] for events in (true, found)]

    def near(event: object, others: object) -> bool:
        return bool(
            ((others.side == event.side) & ((others.time_s - event.time_s).abs() < WITHIN_S)).any()
        )

    hits = sum(near(event, found) for event in early[0].itertuples())
    false = sum(not near(event, true) for event in early[1].itertuples())
    return len(early[0]), hits, false


def main() -> None:
    rows = []
    for fps in (25, 30, 60, 120):
        counts: dict[float, np.ndarray] = {}
        for cut, start, walked, poses in cut_walks(fps):
            counts.setdefault(cut, np.zeros(4, int))
            counts[cut] += (1, *count(start, walked, poses))
        for cut, (cuts, strikes, hits, false) in sorted(counts.items()):
            rows.append(
                {
                    "fps": fps,
                    "begins_ms_after_strike": round(1e3 * cut),
                    "cuts": cuts,
                    "strikes": strikes,
                    "found": hits,
                    "false": false,
                }
            )
    write_csv("gait_pass_start", rows)


if __name__ == "__main__":
    main()
