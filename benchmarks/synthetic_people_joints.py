"""Where annotators click against where joints turn, on the bodies of `gaitpose.synthetic.people`.

Two tables, over 30 random bodies. ``synthetic_people_joints.csv``: the COCO point and the centre
that we turn about against the centre of the rig, at rest, in the axes of the segment (forward, up,
outward), and the angle by which the three skeletons see the same leg differently.
``synthetic_people_clicks.csv``: what is clicked on the posed skin against the truth of the walk,
over two strides of each.
"""

from __future__ import annotations

import numpy as np

from _record import write_csv
from gaitpose.skeleton import JOINTS, KEYPOINTS, SIDES
from gaitpose.synthetic import PRESETS, walk
from gaitpose.synthetic.people import Person, PersonSettings, Posture
from gaitpose.synthetic.people.body import build_body
from gaitpose.synthetic.people.joints import find_joints
from gaitpose.synthetic.people.rotations import upright

BODIES, SEED, FPS = 30, 2026, 12.5
RIG = {"shoulder": "shoulder", "hip": "upper-leg", "knee": "knee", "ankle": "ankle"}
SEGMENT = {"hip": "thigh", "knee": "shank", "ankle": "foot"}
OUTWARD = np.array([1.0, 1.0, -1.0])  # left side: outward is to the left


def bent(hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray) -> tuple[float, float]:
    """Thigh against the vertical and flexion of the knee, degrees."""
    thigh, shank = (
        np.rad2deg(np.arctan2(low[0] - high[0], high[1] - low[1]))
        for high, low in ((hip, knee), (knee, ankle))
    )
    return thigh, thigh - shank


def at_rest(settings: PersonSettings) -> dict[tuple[str, str], np.ndarray | float]:
    """Offsets (centimetres) and angles (degrees) of one body's left side."""
    body = build_body(settings.phenotype, settings.height)
    ours = find_joints(body).centres
    rig = {name: body.cube(f"l-{cube}") for name, cube in RIG.items()}
    clicked = {name: body.keypoint(f"left_{name}") for name in RIG}
    turns = {name: ours[f"left_{segment}"] for name, segment in SEGMENT.items()}
    turns["shoulder"] = rig["shoulder"]
    chain = (clicked["hip"], clicked["knee"], clicked["ankle"])
    axes = {
        "shoulder": np.eye(3),
        "hip": upright(chain[0] - chain[1]),
        "knee": upright(chain[1] - chain[2]),
        "ankle": upright(chain[1] - chain[2]),
    }
    found: dict[tuple[str, str], np.ndarray | float] = {}
    for name in RIG:
        for label, points in (("clicked", clicked), ("turns", turns)):
            offset = 100 * (points[name] - rig[name]) @ axes[name] * OUTWARD
            found[name, label] = offset
    rig_angles = bent(rig["hip"], rig["knee"], rig["ankle"])
    for label, points in (("clicked", clicked), ("turns", turns)):
        angles = bent(points["hip"], points["knee"], points["ankle"])
        found["hip angle", label] = angles[0] - rig_angles[0]
        found["knee angle", label] = angles[1] - rig_angles[1]
    return found


def on_a_walk(settings: PersonSettings, rng: np.random.Generator) -> np.ndarray:
    """Clicks against truth: centimetres of the eight joints, degrees of hip, knee and ankle."""
    person = Person(settings)
    walked = walk(person.walker_settings(PRESETS["healthy"](strides=2, fps=FPS)))
    posture = Posture.draw(rng, hands="free")
    rows = []
    for index in range(len(walked.time)):
        posed = person.pose(walked, index, posture)
        at = dict(zip(JOINTS, posed.keypoints, strict=False))
        feet = dict(zip(KEYPOINTS, posed.keypoints, strict=True))
        miss = 100 * np.linalg.norm(posed.keypoints[:8] - posed.joint_centres, axis=1)
        angles = []
        for side in SIDES:
            truth = walked.angles.isel(time=index).sel(side=side)
            seen = bent(*(at[f"{side}_{name}"] for name in ("hip", "knee", "ankle")))
            angles += [seen[0] - float(truth.sel(joint="hip"))]
            angles += [seen[1] - float(truth.sel(joint="knee"))]
            foot = feet[f"{side}_toe"] - feet[f"{side}_heel"]
            shank = at[f"{side}_ankle"] - at[f"{side}_knee"]
            pitch, lean = np.arctan2(foot[1], foot[0]), np.arctan2(shank[0], -shank[1])
            angles += [np.rad2deg(pitch - lean) - float(truth.sel(joint="ankle"))]
        rows.append([*miss, *angles])
    return np.array(rows)


def main() -> None:
    """Write both tables."""
    rng = np.random.default_rng(SEED)
    people = [PersonSettings.draw(rng) for _ in range(BODIES)]
    rest = [at_rest(settings) for settings in people]
    rows: list[dict[str, object]] = []
    for name, label in rest[0]:
        values = np.array([one[name, label] for one in rest])
        mean, spread = np.atleast_1d(values.mean(axis=0)), np.atleast_1d(values.std(axis=0))
        along = ("angle",) if len(mean) == 1 else ("forward", "up", "outward")
        for axis, middle, wide in zip(along, mean, spread, strict=True):
            rows.append(
                {
                    "what": name,
                    "point": label,
                    "against": "rig",
                    "along": axis,
                    "unit": "deg" if axis == "angle" else "cm",
                    "mean": round(float(middle), 2),
                    "sd": round(float(wide), 2),
                    "bodies": BODIES,
                }
            )
    write_csv("synthetic_people_joints", rows)
    seen = [on_a_walk(settings, rng) for settings in people]
    columns = [*(f"{name} cm" for name in JOINTS)]
    columns += [f"{side} {name} deg" for side in SIDES for name in ("hip", "knee", "ankle")]
    table = []
    for index, column in enumerate(columns):
        values = np.concatenate([one[:, index] for one in seen])
        between = np.array([one[:, index].mean() for one in seen])
        table.append(
            {
                "what": column,
                "bodies": BODIES,
                "mean": round(float(values.mean()), 2),
                "sd_between_bodies": round(float(between.std()), 2),
                "sd_within_walk": round(float(np.mean([one[:, index].std() for one in seen])), 2),
                "largest": round(float(np.abs(values).max()), 2),
            }
        )
    write_csv("synthetic_people_clicks", table)


if __name__ == "__main__":
    main()
