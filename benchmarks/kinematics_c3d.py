"""Our kinematic models against the angles that C3D files hold from the same markers."""

from __future__ import annotations

import itertools

import numpy as np

from _record import shared_data, write_csv
from gaitpose.io.c3d import C3dFile, read_c3d
from gaitpose.kinematics.cleveland import CLUSTERS, cleveland
from gaitpose.kinematics.plug_in_gait import MARKERS, plug_in_gait

COMPARED = {
    "hip_flexion": ("Hip", 0),
    "hip_adduction": ("Hip", 1),
    "hip_rotation": ("Hip", 2),
    "knee_flexion": ("Knee", 0),
    "ankle_dorsiflexion": ("Ankle", 0),
}
STATIC_FRAME = 60
"""A stance frame of FunctionalWalk that stands in for its missing static trial."""


def rows(model: str, file: str, walk: C3dFile, angles) -> list[dict[str, object]]:
    found = []
    for side in ("left", "right"):
        for angle, (joint, axis) in COMPARED.items():
            start = f"{side[0].upper()}{joint}Angles"
            (name,) = (one for one in walk.angles if one.startswith(start))
            difference = angles.sel(side=side, joint=angle).values - walk.angles[name][:, axis]
            found.append(
                {
                    "model": model,
                    "file": file,
                    "side": side,
                    "angle": angle,
                    "frames": int(np.isfinite(difference).sum()),
                    "rmse_deg": round(float(np.sqrt(np.nanmean(difference**2))), 3),
                    "offset_deg": round(float(np.nanmean(difference)), 3),
                    "rmse_without_offset_deg": round(float(np.nanstd(difference)), 3),
                }
            )
    return found


def cleveland_markers(points: dict[str, np.ndarray]) -> tuple[dict, dict]:
    """Skin clusters as triads (the widest three of five); medial markers from the joint centres."""
    markers = {
        "L.ASIS": points["LASI"],
        "R.ASIS": points["RASI"],
        "V.Sacral": (points["LPSI"] + points["RPSI"]) / 2,
    }
    for letter in "LR":
        markers[f"{letter}.Heel"] = points[letter + "HEE"]
        markers[f"{letter}.Toe"] = points[letter + "TOE"]
        for segment, initial in (("Thigh", "F"), ("Shank", "T")):
            names = [f"{letter}{initial}0{number}" for number in range(1, 6)]
            widest = max(itertools.combinations(names, 3), key=lambda three: area(points, three))
            for role, name in zip(CLUSTERS[segment], widest, strict=True):
                markers[f"{letter}.{role}"] = points[name]
    frame = slice(STATIC_FRAME, STATIC_FRAME + 1)
    static = {name: path[frame] for name, path in markers.items()}
    for letter in "LR":
        for joint, lateral, centre in (("Knee", "KNE", "FEO"), ("Ankle", "ANK", "TIO")):
            outer = points[letter + lateral][frame]
            static[f"{letter}.{joint}"] = outer
            static[f"{letter}.{joint}.Medial"] = 2 * points[letter + centre][frame] - outer
    return markers, static


def area(points: dict[str, np.ndarray], three: tuple[str, ...]) -> float:
    a, b, c = (points[name] for name in three)
    return float(np.nanmedian(np.linalg.norm(np.cross(b - a, c - a), axis=1)))


def main() -> None:
    folder = shared_data() / "gait" / "plug_in_gait_c3d"
    table = []
    for file in ("FunctionalWalk", "PiG_Motion3_FF"):
        walk = read_c3d(folder / f"{file}.c3d")
        points = {name: walk.points[:, number] for number, name in enumerate(walk.labels)}
        needed = {name: points[name] for name in (*MARKERS, "LPSI", "RPSI")}
        table += rows("plug_in_gait", file, walk, plug_in_gait(needed, walk.time_s))
        if file == "FunctionalWalk":
            markers, static = cleveland_markers(points)
            table += rows("cleveland", file, walk, cleveland(markers, walk.time_s, static))
    write_csv("kinematics_c3d", table)


if __name__ == "__main__":
    main()
