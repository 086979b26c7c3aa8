"""When ankle, heel and toe are farthest from the pelvis, against the contact with a force plate.

Evidence for the leads of the walker (``ankle_lead_before_foot_strike`` and ``.._foot_off``).
Six overground trials of one adult at 1.2 m/s, 100 frames/s, contact from 20 N.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, filtfilt

from _record import shared_data, write_csv
from gaitpose.io.mot import read_mot
from gaitpose.io.trc import read_trc

CONTACT_N, CUTOFF_HZ, WINDOW_S = 20.0, 15.0, 0.15
PREFIX = {"left": "L_", "right": "r_"}
MARKERS = {"ankle": "ankle", "heel": "calc", "toe": "toe"}


def contacts(time: np.ndarray, force: np.ndarray) -> list[tuple[float, float]]:
    """(begin, end) of each contact of one plate, seconds; infinite where cut by the recording."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], force > CONTACT_N, [0]])))
    found = []
    for begin, end in zip(edges[::2], edges[1::2] - 1, strict=True):
        if end - begin >= 20:
            found.append(
                (
                    time[begin] if begin > 0 else -np.inf,
                    time[end] if end < len(time) - 1 else np.inf,
                )
            )
    return found


def extremum(time: np.ndarray, values: np.ndarray, near: float) -> float:
    """Time of the maximum within the window, by a parabola; NaN at the border of the window."""
    inside = np.flatnonzero(np.abs(time - near) < WINDOW_S)
    if len(inside) < 5:
        return np.nan
    top = inside[np.argmax(values[inside])]
    if top in (inside[0], inside[-1]):
        return np.nan
    before, at, after = values[top - 1 : top + 2]
    return float(
        time[top] + (time[1] - time[0]) * (before - after) / (2 * (before - 2 * at + after))
    )


def main() -> None:
    """One row for each event and point: median lead over all contacts, and its spread."""
    folder = shared_data() / "gait" / "mocap_force_plates"
    leads: dict[tuple[str, str], list[float]] = {}
    strides = []
    for path in sorted(folder.glob("*.trc")):
        trial, forces = read_trc(path), read_mot(path.with_name(path.stem + "_grf.mot"))
        time, at = (
            trial.time_s,
            dict(zip(trial.labels, np.moveaxis(trial.points, 1, 0), strict=True)),
        )
        pelvis = (at["L_HJC"] + at["R_HJC"])[:, 0] / 2
        b, a = butter(2, CUTOFF_HZ / 50)
        ahead = {}
        for side, prefix in PREFIX.items():
            for part, marker in MARKERS.items():
                relative = at[prefix + marker][:, 0] - pelvis
                known = np.isfinite(relative)
                ahead[side, part] = filtfilt(b, a, np.interp(time, time[known], relative[known]))
        clock = forces.table.index.to_numpy()
        begins: dict[str, list[float]] = {"left": [], "right": []}
        for plate in (1, 2):
            force = forces.table[f"ground_force_{plate}_vy"].to_numpy()
            for begin, end in contacts(clock, force):
                middle = np.nanmean([max(begin, clock[0]), min(end, clock[-1])])
                still = np.abs(time - middle) < 0.05
                side = min(
                    PREFIX,
                    key=lambda s: np.ptp(at[PREFIX[s] + "calc"][still, 0]),
                )
                begins[side].append(begin)
                for part in MARKERS:
                    values = ahead[side, part]
                    for kind, when, sign in (("foot_strike", begin, 1), ("foot_off", end, -1)):
                        if np.isfinite(when):
                            lead = when - extremum(time, sign * values, when)
                            leads.setdefault((kind, part), []).append(lead)
        for side in begins:
            strides += list(np.diff(sorted(t for t in begins[side] if np.isfinite(t))))
    stride = float(np.median(strides))
    rows = []
    for (kind, part), values in sorted(leads.items()):
        known = np.array([v for v in values if np.isfinite(v)])
        rows.append(
            {
                "event": kind,
                "point": part,
                "contacts": len(known),
                "median_lead_ms": round(1000 * float(np.median(known)), 1),
                "sd_ms": round(1000 * float(np.std(known)), 1),
                "share_of_stride": round(float(np.median(known)) / stride, 4),
                "stride_time_s": round(stride, 3),
            }
        )
    write_csv("walker_leads", rows)


if __name__ == "__main__":
    main()
