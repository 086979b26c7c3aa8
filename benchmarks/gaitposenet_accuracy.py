"""How right GaitPoseNet is on people never trained on, beside MediaPipe BlazePose if installed.

    python benchmarks/gaitposenet_accuracy.py [WEIGHTS ...] [--write-card]

Weights: those that the package ships, or names and .safetensors files given.

Our network is judged as it looks, with the mirror image and in 8-bit integers, and without either.

Sets: the validation parts of the photographs, and rendered walkers (bodies, rooms and a seed
never trained on; drawn at the first run), mostly from the side and from all around. Groups as in
``gaitpose evaluate``. ``--write-card`` keeps the scores in the weights' card.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from _photographs import kept_back
from _record import write_csv
from _rendered import rendered
from gaitpose.errors import GaitPoseError
from gaitpose.pose.blazepose import BlazePose
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.weights import read_card, shipped, write_card
from gaitpose.training.evaluation import (
    breakdown,
    evaluate_whole_pictures,
    find_joints,
    score_row,
)
from gaitpose.training.people import Person, read_people

RENDERED = ("synthetic_test", "synthetic_around_test")
IN_CARD = ("people", "pcks_0.1", "pcks_0.08", "leg_pairs_exchanged")


def blazepose() -> Estimator | None:
    try:
        return BlazePose()
    except GaitPoseError as error:
        print(f"MediaPipe is left out: {error}")
        return None


def rows_of(
    estimator: Estimator, people: dict[str, list[Person]], **about: object
) -> list[dict[str, object]]:
    """Scores of an estimator on all sets by group; of ours also where the box is not given."""
    rows: list[dict[str, object]] = []
    for name, everyone in people.items():
        shared = {"estimator": estimator.name, **about, "set": name}
        table = breakdown(find_joints(estimator, everyone), everyone)
        rows += [{**shared, "box": "given", **row} for row in table.to_dict("records")]
        if isinstance(estimator, GaitPoseNet):
            whole = score_row(evaluate_whole_pictures(estimator, everyone))
            rows.append({**shared, "box": "found", "group": "all", **whole})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="*", default=shipped())
    parser.add_argument("--write-card", action="store_true")
    options = parser.parse_args()
    people = kept_back() | {name: read_people(rendered(name)) for name in RENDERED}
    rows = []
    for weights in options.weights:
        network = GaitPoseNet.from_pretrained(weights)
        about = {"weights": network.card.name, "input_px": network.size}
        own = rows_of(network, people, **about, mirror_image=True, integers=True)
        once = GaitPoseNet.from_pretrained(weights, mirrored=False)
        rows += rows_of(once, people, **about, mirror_image=False, integers=True)
        floats = GaitPoseNet.from_pretrained(weights, integers=False)
        rows += rows_of(floats, people, **about, mirror_image=True, integers=False)
        if options.write_card:
            keep(network.source, own)
        rows += own
    peer = blazepose()
    if peer is not None:
        rows += rows_of(peer, people, weights="", input_px=256, mirror_image=False, integers=False)
    write_csv("gaitposenet_accuracy", rows)


def keep(path: Path, rows: list[dict[str, object]]) -> None:
    """Write scores to the card."""
    scores = {
        f"{each['set']}, {each['group']}, box {each['box']}": {key: each[key] for key in IN_CARD}
        for each in rows
    }
    card = read_card(path)
    write_card(replace(card, results={**card.results, "validation": scores}), path)


if __name__ == "__main__":
    main()
