"""How far apart real people put their feet: the step width that stands in where none is seen.

Heel markers of six people who walk on the level, about five trials each. The distance is between
the lines on which left and right heel stand, in half-second pieces of straight walking.
"""

from __future__ import annotations

import numpy as np

from _record import shared_data, write_csv

LEFT_ASIS, RIGHT_ASIS, LEFT_HEEL, RIGHT_HEEL = 0, 1, 8, 14
PIECE, EVERY = 100, 50
"""Samples at 200 Hz."""
SHORTEST_WAY_MM = 300.0
STANDS_MM, ON_THE_FLOOR_MM, FEWEST = 2.0, 90.0, 15
"""A heel that moves by less in a sample, and is lower, stands; so many samples tell where."""
LEG_PER_ASIS_HEIGHT = 0.93


def step_widths(markers: np.ndarray) -> list[float]:
    """Step width of each piece of a trial (samples, 16, 3), leg lengths; z up, mm."""
    leg = LEG_PER_ASIS_HEIGHT * float(np.nanmedian(markers[:, LEFT_ASIS, 2]))
    pelvis = markers[:, [LEFT_ASIS, RIGHT_ASIS]].mean(axis=1)
    widths = []
    for start in range(0, len(markers) - PIECE, EVERY):
        way = (pelvis[start + PIECE - 1] - pelvis[start])[:2]
        length = float(np.linalg.norm(way))
        if not length > SHORTEST_WAY_MM:
            continue
        across = np.array([-way[1], way[0]]) / length
        piece = markers[start : start + PIECE]
        lines = [stands_at(piece[:, heel], across) for heel in (LEFT_HEEL, RIGHT_HEEL)]
        widths.append(abs(lines[0] - lines[1]) / leg)
    return [width for width in widths if np.isfinite(width)]


def stands_at(heel: np.ndarray, across: np.ndarray) -> float:
    """Place of a standing heel (samples, 3) across the way, mm; NaN if it hardly stands."""
    speed = np.linalg.norm(np.gradient(heel, axis=0), axis=1)
    stands = (speed < STANDS_MM) & (heel[:, 2] < ON_THE_FLOOR_MM)
    return float(np.median(heel[stands, :2] @ across)) if stands.sum() > FEWEST else float("nan")


def main() -> None:
    recordings = np.load(shared_data() / "gait" / "video3d_vicon_walking" / "walking.npz")
    people: dict[str, list[float]] = {}
    for name in recordings.files:
        if name.endswith("_vicon"):
            widths = step_widths(recordings[name])
            if widths:
                people.setdefault(name[:2], []).append(float(np.median(widths)))
    rows: list[dict[str, object]] = [
        {"person": person, "trials": len(trials), "step_width_legs": round(np.mean(trials), 3)}
        for person, trials in people.items()
    ]
    means = [float(np.mean(trials)) for trials in people.values()]
    trials = sum(map(len, people.values()))
    rows.append({"person": "mean", "trials": trials, "step_width_legs": round(np.mean(means), 3)})
    write_csv("step_width", rows)


if __name__ == "__main__":
    main()
