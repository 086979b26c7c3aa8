"""What our networks' confidence means: stated beside true share of joints that are right.

    python benchmarks/gaitposenet_calibration.py [WEIGHTS ...] [--write-card]

Confidence is calibrated on the validation photographs. It is judged there by cross-validation, each
half of the people with the table of the other, and on rendered walkers, on whom nothing is fitted.
``--write-card`` keeps the table of all photographs in the weights' card and draws the plot.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from _photographs import kept_back
from _record import ROOT, write_csv
from _rendered import rendered
from gaitpose.pose.gaitposenet import GaitPoseNet, calibrate
from gaitpose.pose.weights import read_card, shipped, write_card
from gaitpose.training.calibration import Table, calibration_error, fit_calibration
from gaitpose.training.evaluation import find_joints
from gaitpose.training.metrics import correct_joints
from gaitpose.training.people import Person, read_people

RENDERED = "synthetic_test"
BINS = 10

Row = dict[str, object]


@dataclass(frozen=True)
class Joints:
    """Labelled joints of some people: confidence, whether right, and the person's number, (N,)."""

    confidence: np.ndarray
    right: np.ndarray
    person: np.ndarray


@dataclass(frozen=True)
class Reliability:
    """What was stated and what was right, (N,), of one kind of pictures."""

    pictures: str
    confidence: str
    stated: np.ndarray
    right: np.ndarray

    def rows(self) -> list[Row]:
        """Return one row for each tenth of the joints."""
        return [
            {
                "pictures": self.pictures,
                "confidence": self.confidence,
                "joints": len(part),
                "stated": round(float(self.stated[part].mean()), 4),
                "right": round(float(self.right[part].mean()), 4),
            }
            for part in np.array_split(np.argsort(self.stated, kind="stable"), BINS)
        ]

    @property
    def error(self) -> float:
        """Mean gap between the two."""
        return round(calibration_error(self.stated, self.right, BINS), 4)


def look(network: GaitPoseNet, people: list[Person]) -> Joints:
    """Let the network find people whose boxes it is given; PCKs at 0.1 says what is right."""
    found = find_joints(network, people)
    joints = np.stack([each.joints for each in people])
    labelled = np.stack([each.visibility > 0 for each in people])
    right = correct_joints(found[..., :2], joints, labelled, 0.1)
    person = np.broadcast_to(np.arange(len(people))[:, None], labelled.shape)
    return Joints(found[..., 2][labelled], right[labelled], person[labelled])


def cross_validated(joints: Joints) -> np.ndarray:
    """Calibrate each half of the people with the table of the other half."""
    stated = np.empty_like(joints.confidence)
    for half in (0, 1):
        own = joints.person % 2 == half
        table = fit_calibration(joints.confidence[~own], joints.right[~own])
        stated[own] = calibrate(joints.confidence[own], table)
    return stated


def draw(lines: list[Reliability], path: Path) -> None:
    figure = Figure(figsize=(4.2, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for line, style in zip(lines, ("o--", "s-", "^-"), strict=True):
        rows = line.rows()
        label = f"{line.confidence}, {line.pictures}"
        stated, right = ([row[key] for row in rows] for key in ("stated", "right"))
        axes.plot(stated, right, style, label=label, markersize=4)
    axes.set(xlabel="stated confidence", ylabel="share of joints right (PCKs at 0.1)")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(frameon=False, fontsize="small")
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="*", default=shipped())
    parser.add_argument("--write-card", action="store_true")
    options = parser.parse_args()
    photographs = [person for everyone in kept_back().values() for person in everyone]
    walkers = read_people(rendered(RENDERED))
    rows: list[Row] = []
    for weights in options.weights:
        network = GaitPoseNet.from_pretrained(weights, calibrated=False)
        name, photo, walker = network.card.name, look(network, photographs), look(network, walkers)
        table = fit_calibration(photo.confidence, photo.right)
        lines = [
            Reliability("photographs", "as decoded", photo.confidence, photo.right),
            Reliability("photographs", "calibrated", cross_validated(photo), photo.right),
            Reliability(
                "rendered walkers",
                "calibrated",
                calibrate(walker.confidence, table),
                walker.right,
            ),
        ]
        print(name, {f"{line.confidence}, {line.pictures}": line.error for line in lines})
        rows += [{"weights": name, **row} for line in lines for row in line.rows()]
        if options.write_card:
            draw(lines, ROOT / "docs" / "images" / f"calibration_{name}.png")
            keep(network.source, table, lines)
    write_csv("gaitposenet_calibration", rows)


def keep(path: Path, table: Table, lines: list[Reliability]) -> None:
    """Write the table, and how wrong confidence is with and without it, to the card."""
    card = read_card(path)
    errors = {f"{line.confidence}, {line.pictures}": line.error for line in lines}
    rounded = tuple((round(x, 4), round(p, 4)) for x, p in table)
    results = {**card.results, "confidence_error": errors}
    write_card(replace(card, results=results, calibration=rounded), path)


if __name__ == "__main__":
    main()
