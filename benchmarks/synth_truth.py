"""Whether drawn pictures and their labels agree: visible joints lie on the subject, depth fits.

    python benchmarks/synth_truth.py [--count 200] [--seed 0] [--assets DIR]

For each labelled joint of the subject: `on_subject` is whether the pixel (or a neighbour, for the
points of the foot, which lie on the outline) shows the subject's skin or clothes; `before` is the
distance from that surface to the joint centre along the optical axis, which must be positive and
less than the limb is thick.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from _record import write_csv
from gaitpose.skeleton import KEYPOINTS
from gaitpose.synthetic.people import Wardrobe
from gaitpose.synthetic.scenes.sample import SampleMaker
from gaitpose.synthetic.scenes.settings import SceneOptions, SceneSettings
from gaitpose.synthetic.scenes.visibility import HIDDEN, VISIBLE, visibility
from gaitpose.synthetic.surface import Part

SUBJECT = (Part.BODY, Part.CLOTHING)
WINDOW = 2
"""Pixels around the joint in which the subject is looked for."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--assets", type=Path)
    options = parser.parse_args()
    wardrobe = None if options.assets is None else Wardrobe(options.assets)
    maker = SampleMaker(512, 512, wardrobe)
    seen: dict[str, list[tuple[int, bool, float]]] = defaultdict(list)
    for number in range(options.count):
        settings = SceneSettings.draw(options.seed, number, SceneOptions())
        scene = maker.scene(settings)
        drawn = maker.draw(settings, scene)
        marks = visibility(scene.subject, scene.viewpoint, drawn.depth, drawn.parts)
        pixels = scene.viewpoint.project(scene.subject.keypoints)
        depths = scene.viewpoint.in_camera(scene.subject.keypoints)[:, 2]
        for name, mark, (x, y), depth in zip(KEYPOINTS, marks, pixels, depths, strict=True):
            if mark == 0:
                continue
            column, row = round(float(x)), round(float(y))
            rows = slice(max(row - WINDOW, 0), row + WINDOW + 1)
            columns = slice(max(column - WINDOW, 0), column + WINDOW + 1)
            on = np.isin(drawn.parts[rows, columns], SUBJECT)
            before = np.nan
            if on.any():
                down, right = np.nonzero(on)
                nearest = np.hypot(down + rows.start - y, right + columns.start - x).argmin()
                surface = drawn.depth[rows, columns][down[nearest], right[nearest]]
                before = float(depth - surface)
            seen[name.split("_")[1]].append((int(mark), bool(on.any()), before))
    rows_out = []
    for part, entries in seen.items():
        visible = [entry for entry in entries if entry[0] == VISIBLE]
        before = np.array([entry[2] for entry in visible])
        rows_out.append(
            {
                "joint": part,
                "pictures": options.count,
                "labelled": len(entries),
                "hidden_percent": round(
                    100 * np.mean([entry[0] == HIDDEN for entry in entries]), 1
                ),
                "visible_on_subject_percent": round(
                    100 * np.mean([entry[1] for entry in visible]), 2
                ),
                "surface_before_joint_cm_median": round(100 * float(np.nanmedian(before)), 1),
                "surface_before_joint_cm_min": round(100 * float(np.nanmin(before)), 1),
                "surface_before_joint_cm_max": round(100 * float(np.nanmax(before)), 1),
            }
        )
    write_csv("synth_truth", rows_out)


if __name__ == "__main__":
    main()
