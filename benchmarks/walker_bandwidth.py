"""How much of the walker's own angles the default 6 Hz low-pass removes, without any noise.

Noise-free joints at 100 frames/s go through the zero-lag Butterworth of the cleaning defaults (2nd
order, run both ways); angles are computed before and after. What is left is the floor of any error
that can be measured on the walker.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, filtfilt

from _record import write_csv
from gaitpose.skeleton import SIDES
from gaitpose.synthetic import PRESETS, Walk, walk

FPS, CUTOFF_HZ, BORDER_S = 100.0, 6.0, 1.5


def inclination(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Of a segment against the downward vertical, forward +, degrees."""
    segment = end - start
    return np.degrees(np.arctan2(segment[:, 0], -segment[:, 1]))


def filtered_angles(walked: Walk, side: str) -> dict[str, np.ndarray]:
    """Hip, knee and ankle from filtered points, degrees."""
    # Two passes of a filter halve its power at the cutoff twice: moved up so that 6 Hz is meant.
    corrected = CUTOFF_HZ / (np.sqrt(2) - 1) ** 0.25
    b, a = butter(2, corrected / (FPS / 2))
    hip, knee, ankle, heel, toe = (
        filtfilt(b, a, walked.point(f"{side}_{part}"), axis=0)
        for part in ("hip", "knee", "ankle", "heel", "toe")
    )
    thigh, shank = inclination(hip, knee), inclination(knee, ankle)
    return {
        "hip": thigh,
        "knee": thigh - shank,
        "ankle": inclination(heel, toe) - 90 - shank,
    }


def main() -> None:
    """One row for each preset, side and joint."""
    rows = []
    for name, preset in PRESETS.items():
        walked = walk(preset(fps=FPS))
        middle = (walked.time > BORDER_S) & (walked.time < walked.time[-1] - BORDER_S)
        for side in SIDES:
            for joint, values in filtered_angles(walked, side).items():
                error = (values - walked.angles.sel(side=side, joint=joint).values)[middle]
                rows.append(
                    {
                        "preset": name,
                        "side": side,
                        "joint": joint,
                        "rmse_deg": round(float(np.sqrt((error**2).mean())), 3),
                        "max_deg": round(float(np.abs(error).max()), 2),
                    }
                )
    write_csv("walker_bandwidth", rows)


if __name__ == "__main__":
    main()
