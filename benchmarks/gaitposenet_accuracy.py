"""PCKs of GaitPoseNet on the validation pictures, beside MediaPipe BlazePose where installed.

    python benchmarks/gaitposenet_accuracy.py [WEIGHTS.safetensors] [--size PX] [--write-card]

``--write-card`` keeps the scores in the weights' card, with the error of confidence before and
after a calibration that is fitted on every other validation person and judged on the rest; with
``--calibrate`` the card keeps the calibration too, and the estimator applies it from then on.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from _record import shared_data, write_csv
from gaitpose.errors import GaitPoseError
from gaitpose.pose.blazepose import BlazePose
from gaitpose.pose.estimator import Box, Estimator
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.weights import read_card, write_card
from gaitpose.skeleton import JOINTS
from gaitpose.training.calibration import Table, calibration_error, fit_calibration
from gaitpose.training.evaluation import Score, evaluate, evaluate_whole_pictures
from gaitpose.training.metrics import correct_joints
from gaitpose.training.people import Person, read_people

SETS = ("lspet", "coco_mini", "pelota")


def row(estimator: str, size: int, name: str, box: str, score: Score) -> dict[str, object]:
    return {
        "estimator": estimator,
        "input_px": size,
        "set": name,
        "box": box,
        "people": score.people,
        "pcks_0.1": round(score.pcks, 4),
        "pcks_0.08": round(score.pcks_strict, 4),
        "leg_pairs_exchanged": round(score.side_confusion, 4),
        **{joint: round(float(v), 4) for joint, v in zip(JOINTS, score.by_joint, strict=True)},
    }


def calibrate(network: GaitPoseNet, people: list[Person]) -> tuple[Table, float, float]:
    """Return the table fitted on even people, and the error on odd ones before and after."""
    found = np.stack([network.predict(each.image, Box(*each.box)) for each in people])
    joints = np.stack([each.joints for each in people])
    labelled = np.stack([each.visibility > 0 for each in people])
    right = correct_joints(found[..., :2], joints, labelled, 0.1)
    fitted = np.arange(len(people)) % 2 == 0
    confidence = found[..., 2]
    table = fit_calibration(confidence[fitted][labelled[fitted]], right[fitted][labelled[fitted]])
    raw, truth = confidence[~fitted][labelled[~fitted]], right[~fitted][labelled[~fitted]]
    level, share = np.array(table).T
    after = calibration_error(np.interp(raw, level, share), truth)
    return table, calibration_error(raw, truth), after


def blazepose() -> Estimator | None:
    try:
        return BlazePose()
    except GaitPoseError as error:
        print(f"MediaPipe is left out: {error}")
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="?", default="lite")
    parser.add_argument("--size", type=int)
    parser.add_argument("--write-card", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    options = parser.parse_args()
    network = GaitPoseNet.from_pretrained(options.weights, size=options.size)
    peer = blazepose()
    people = {name: read_people(shared_data() / "images" / name, "validation") for name in SETS}
    rows = []
    for name, everyone in people.items():
        rows.append(row("gaitpose", network.size, name, "given", evaluate(network, everyone)))
        whole = evaluate_whole_pictures(network, everyone)
        rows.append(row("gaitpose", network.size, name, "found", whole))
        if peer is not None:
            rows.append(row("mediapipe", 256, name, "given", evaluate(peer, everyone)))
    write_csv("gaitposenet_accuracy", rows)
    if options.write_card:
        path = network.source
        keep(network, path, rows, [each for all_ in people.values() for each in all_], options)


def keep(
    network: GaitPoseNet,
    path: Path,
    rows: list[dict[str, object]],
    people: list[Person],
    options: argparse.Namespace,
) -> None:
    """Write scores, error of confidence and, if asked for, the calibration to the card."""
    bare = replace(network.card, calibration=())
    table, before, after = calibrate(GaitPoseNet(network.runtime, bare, network.size, path), people)
    print(f"calibration error on the other half: {before:.3f} before, {after:.3f} after")
    keys = ("people", "pcks_0.1", "pcks_0.08", "leg_pairs_exchanged")
    scores = {
        f"{each['set']}, box {each['box']}": {key: each[key] for key in keys}
        for each in rows
        if each["estimator"] == "gaitpose"
    }
    card = read_card(path)
    results = {
        **card.results,
        "validation": scores,
        "confidence_error": {"as_decoded": round(before, 4), "calibrated": round(after, 4)},
    }
    rounded = tuple((round(x, 4), round(p, 4)) for x, p in table) if options.calibrate else ()
    write_card(replace(card, results=results, calibration=rounded), path)


if __name__ == "__main__":
    main()
