"""How right GaitPoseNet is on people never trained on, beside MediaPipe BlazePose if installed.

    python benchmarks/gaitposenet_accuracy.py [WEIGHTS ...] [--write-card]

Weights: those that the package ships, or names and .safetensors files given.

Our network is judged as it looks, with the mirror image and in 8-bit integers, and without either.

Sets: the validation parts of the photographs, and rendered walkers (bodies, rooms and a seed
never trained on; drawn at the first run), mostly from the side and from all around. Groups as in
``gaitpose evaluate``. Confidence is calibrated on every other person of the validation
photographs and judged on the rest; ``--write-card`` keeps scores and calibration in the weights'
card and draws the plot.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from _record import ROOT, shared_data, write_csv
from _rendered import rendered
from gaitpose.errors import GaitPoseError
from gaitpose.pose.blazepose import BlazePose
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.weights import read_card, shipped, write_card
from gaitpose.training.calibration import Table, calibration_error, fit_calibration
from gaitpose.training.evaluation import (
    breakdown,
    evaluate_whole_pictures,
    find_joints,
    score_row,
)
from gaitpose.training.metrics import correct_joints
from gaitpose.training.people import Person, read_people

SETS = ("lspet", "coco_mini", "pelota")
RENDERED = ("synthetic_test", "synthetic_around_test")
BINS = 10
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


def confidence_and_right(
    network: GaitPoseNet, people: list[Person]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Confidence as decoded, rightness by PCKs at 0.1, and the person's number, of all labels."""
    bare = GaitPoseNet(
        network.runtime,
        network.card,
        network.size,
        network.source,
        calibrated=False,
        mirrored=network.mirrored,
    )
    found = find_joints(bare, people)
    joints = np.stack([each.joints for each in people])
    labelled = np.stack([each.visibility > 0 for each in people])
    right = correct_joints(found[..., :2], joints, labelled, 0.1)
    number = np.broadcast_to(np.arange(len(people))[:, None], labelled.shape)
    return found[..., 2][labelled], right[labelled], number[labelled]


def calibrate(
    network: GaitPoseNet, people: list[Person]
) -> tuple[Table, pd.DataFrame, list[float]]:
    """Fit on even people; reliability of odd ones before and after, and both mean errors."""
    confidence, right, number = confidence_and_right(network, people)
    fitted = number % 2 == 0
    table = fit_calibration(confidence[fitted], right[fitted])
    level, share = np.array(table).T
    before, truth = confidence[~fitted], right[~fitted]
    after = np.interp(before, level, share)
    rows = []
    for name, stated in (("as decoded", before), ("calibrated", after)):
        for part in np.array_split(np.argsort(stated, kind="stable"), BINS):
            rows.append(
                {
                    "confidence": name,
                    "joints": len(part),
                    "stated": round(float(stated[part].mean()), 4),
                    "right": round(float(truth[part].mean()), 4),
                }
            )
    errors = [calibration_error(stated, truth) for stated in (before, after)]
    return table, pd.DataFrame(rows), errors


def draw(reliability: pd.DataFrame, path: Path) -> None:
    figure = Figure(figsize=(4.2, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for (name, part), style in zip(reliability.groupby("confidence"), ("o--", "s-"), strict=True):
        axes.plot(part["stated"], part["right"], style, label=name, markersize=4)
    axes.set(xlabel="stated confidence", ylabel="share of joints right (PCKs at 0.1)")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="*", default=shipped())
    parser.add_argument("--write-card", action="store_true")
    options = parser.parse_args()
    people = {name: read_people(shared_data() / "images" / name, "validation") for name in SETS}
    photographs = [each for everyone in people.values() for each in everyone]
    people |= {name: read_people(rendered(name)) for name in RENDERED}
    rows, reliabilities = [], []
    for weights in options.weights:
        network = GaitPoseNet.from_pretrained(weights)
        name = network.card.name
        about = {"weights": name, "input_px": network.size}
        own = rows_of(network, people, **about, mirror_image=True, integers=True)
        once = GaitPoseNet.from_pretrained(weights, mirrored=False)
        rows += rows_of(once, people, **about, mirror_image=False, integers=True)
        floats = GaitPoseNet.from_pretrained(weights, integers=False)
        rows += rows_of(floats, people, **about, mirror_image=True, integers=False)
        table, reliability, errors = calibrate(network, photographs)
        print(f"{name}: calibration error on the other half {errors[0]:.3f}, then {errors[1]:.3f}")
        if options.write_card:
            draw(reliability, ROOT / "docs" / "images" / f"calibration_{name}.png")
            keep(network.source, own, table, errors)
        rows += own
        reliabilities += [{"weights": name, **row} for row in reliability.to_dict("records")]
    peer = blazepose()
    if peer is not None:
        rows += rows_of(peer, people, weights="", input_px=256, mirror_image=False, integers=False)
    write_csv("gaitposenet_accuracy", rows)
    write_csv("gaitposenet_calibration", reliabilities)


def keep(path: Path, rows: list[dict[str, object]], table: Table, errors: list[float]) -> None:
    """Write scores and calibration to the card."""
    scores = {
        f"{each['set']}, {each['group']}, box {each['box']}": {key: each[key] for key in IN_CARD}
        for each in rows
    }
    before, after = (round(error, 4) for error in errors)
    card = read_card(path)
    results = {
        **card.results,
        "validation": scores,
        "confidence_error": {"as_decoded": before, "calibrated": after},
    }
    rounded = tuple((round(x, 4), round(p, 4)) for x, p in table)
    write_card(replace(card, results=results, calibration=rounded), path)


if __name__ == "__main__":
    main()
