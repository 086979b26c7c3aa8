"""What the teacher changes in the labels that GaitPoseNet is trained on.

    python benchmarks/teacher.py

One row a data set: people, labels, pairs of joints whose sides were exchanged, labels dropped as
both looks contradict them, and labels added. Needs MediaPipe's model file.
"""

from __future__ import annotations

import numpy as np

from _record import ROOT, shared_data, write_csv
from gaitpose.pose.blazepose import BlazePose
from gaitpose.training.people import Person, read_boxed_people, read_people
from gaitpose.training.recipes import GAITPOSE
from gaitpose.training.teacher import look_at_everyone, mend

LESSONS = ROOT / "runs" / "lessons"


def row(name: str, people: list[Person], teacher: BlazePose) -> dict[str, object]:
    looks = look_at_everyone(teacher, people, LESSONS / f"{name}-train.npy")
    settings = GAITPOSE.mixture.teacher
    mended = [mend(person, look, settings) for person, look in zip(people, looks, strict=True)]
    before = np.stack([person.visibility > 0 for person in people])
    after = np.stack([person.visibility > 0 for person in mended])
    moved = np.stack(
        [
            np.abs(new.joints - old.joints).max(1) > 0
            for old, new in zip(people, mended, strict=True)
        ]
    )
    return {
        "set": name,
        "people": len(people),
        "labels": int(before.sum()),
        "pairs": int((before[:, 0::2] & before[:, 1::2]).sum()),
        "pairs_exchanged": int((moved & before).sum()) // 2,
        "dropped": int((before & ~after).sum()),
        "added": int((~before & after).sum()),
    }


def main() -> None:
    teacher, folder = BlazePose(), shared_data() / "images"
    mixture = GAITPOSE.mixture
    people = {name: read_people(folder / name, "train") for name in mixture.mended}
    people |= {name: read_boxed_people(folder / name) for name in mixture.boxed}
    rows = [row(name, everyone, teacher) for name, everyone in people.items()]
    write_csv("teacher", rows)


if __name__ == "__main__":
    main()
