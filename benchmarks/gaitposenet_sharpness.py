"""How sharp labels should be once most joints are found: one fixed budget from Lite's weights.

    python benchmarks/gaitposenet_sharpness.py [--data runs/data] [--views 10000] [--size 192]

Each variant goes on from the shipped weights with the recipe ``gaitpose-continue`` at one size.
As this is for choosing, it is judged on pictures that all variants were trained on: some
photographs of LSP-extended, box given, and some rendered walkers. Finished runs are kept below
``runs/sharpness`` and not repeated.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from lightning_fabric import Fabric

from _record import ROOT, shared_data, write_csv
from _rendered import rendered
from gaitpose.pose.blazepose import BlazePose
from gaitpose.pose.gaitposenet import GaitPoseNet
from gaitpose.pose.weights import weights_path
from gaitpose.training.evaluation import find_joints
from gaitpose.training.export import export_weights
from gaitpose.training.loop import train
from gaitpose.training.metrics import pcks, side_confusion
from gaitpose.training.people import Person, read_people
from gaitpose.training.recipes import GAITPOSE_CONTINUE, Phase, Recipe

VARIANTS: dict[str, tuple[float, float, float]] = {
    "as gaitpose": (2.0, 2.0, 0.25),
    "heavier offsets": (2.0, 2.0, 1.0),
    "wider, heavier offsets": (2.0, 3.0, 1.5),
    "sharper": (1.2, 1.5, 0.5),
    "as gaitpose-full-continue": (1.2, 1.5, 1.0),
}
"""Sigma and radius of the offsets in cells, and the offsets' weight in the loss."""

THRESHOLDS = (0.05, 0.08, 0.1, 0.2, 0.5)


def recipe_for(variant: str, views: int, size: int) -> Recipe:
    sigma, radius, weight = VARIANTS[variant]
    return replace(
        GAITPOSE_CONTINUE,
        samples=views,
        phases=(Phase(size),),
        learning_rate=4e-4,
        ema_decay=0.99,
        codec=replace(GAITPOSE_CONTINUE.codec, sigma=sigma, positive_radius=radius),
        loss=replace(GAITPOSE_CONTINUE.loss, offset=weight),
    )


def judge(weights: Path, people: list[Person], size: int) -> dict[str, float]:
    net = GaitPoseNet.from_pretrained(weights, size=size)
    found = find_joints(net, people)[..., :2]
    joints = np.stack([one.joints for one in people])
    labelled = np.stack([one.visibility > 0 for one in people])
    scores = {f"pcks_{limit}": pcks(found, joints, labelled, limit) for limit in THRESHOLDS}
    scores["leg_pairs_exchanged"] = side_confusion(found, joints, labelled)
    return {name: round(float(value), 4) for name, value in scores.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the set synthetic")
    parser.add_argument("--views", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "sharpness")
    options = parser.parse_args()
    drawn = options.data or rendered("synthetic").parent
    photographs = shared_data() / "images"
    sets = {
        "lspet": read_people(photographs / "lspet", "train")[::12],
        "rendered walkers": read_people(drawn / "synthetic")[::30],
    }
    rows: list[dict[str, object]] = []
    for variant, (sigma, radius, weight) in VARIANTS.items():
        folder = options.out / variant.replace(" ", "-").replace(",", "")
        weights = folder / "variant.safetensors"
        if not weights.exists():
            checkpoint = train(
                recipe_for(variant, options.views, options.size),
                [photographs, drawn],
                folder,
                starts_from=weights_path("lite"),
                teacher=BlazePose(),
                fabric=Fabric(accelerator="auto", devices=1, precision="bf16-mixed"),
            )
            export_weights(checkpoint, weights.stem, folder)
        for name, people in sets.items():
            rows.append(
                {
                    "variant": variant,
                    "sigma_cells": sigma,
                    "offset_radius_cells": radius,
                    "offset_weight": weight,
                    "views": options.views,
                    "input_px": options.size,
                    "set": name,
                    "people": len(people),
                    **judge(weights, people, options.size),
                }
            )
        write_csv("gaitposenet_sharpness", rows)


if __name__ == "__main__":
    main()
