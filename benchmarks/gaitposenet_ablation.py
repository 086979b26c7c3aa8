"""What each part of GaitPoseNet is worth: one fixed budget, several seeds, on rendered walkers.

    python benchmarks/gaitposenet_ablation.py [--views 8000] [--seeds 3] [--size 128]

Each network is the recipe ``gaitpose`` from random weights with rendered walkers alone, as only
they have depth and hidden joints; it differs in the parts named. Judged on bodies, rooms and seeds
never trained on, hidden joints apart. Finished runs are kept below ``runs/ablation`` and not
repeated.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from lightning_fabric import Fabric

from _record import write_csv
from _rendered import rendered
from gaitpose.pose.config import LITE, NetworkConfig
from gaitpose.pose.network import PoseNetwork
from gaitpose.training.checkpoint import load_checkpoint
from gaitpose.training.evaluation import find_in_crops, score
from gaitpose.training.loop import train
from gaitpose.training.mixture import MixtureSettings
from gaitpose.training.people import Person, read_people
from gaitpose.training.recipes import GAITPOSE, Phase, Recipe

BARE = replace(LITE, focus=False, fpn=False, depth_head=False, jgs="none", heatmap="distribution")
NETWORKS: dict[str, NetworkConfig] = {
    "baseline": BARE,
    "+ Focus": replace(BARE, focus=True),
    "+ FPN": replace(BARE, fpn=True),
    "+ Focus + FPN": replace(BARE, focus=True, fpn=True),
    "+ Focus + FPN + depth": replace(BARE, focus=True, fpn=True, depth_head=True),
    "+ Focus + FPN + JGS": replace(BARE, focus=True, fpn=True, jgs="mask"),
    "+ Focus + FPN + depth + JGS": replace(BARE, focus=True, fpn=True, depth_head=True, jgs="mask"),
}


def recipe_for(network: NetworkConfig, seed: int, views: int, size: int) -> Recipe:
    return replace(
        GAITPOSE,
        network=network,
        seed=seed,
        samples=views,
        phases=(Phase(size),),
        mixture=MixtureSettings(people={"synthetic": 1.0}),
        augment=replace(GAITPOSE.augment, bystander_share=0.0),
    )


def judge(
    checkpoint: Path, network: NetworkConfig, people: list[Person], size: int
) -> dict[str, float]:
    net = PoseNetwork(network)
    net.load_state_dict(load_checkpoint(checkpoint)["average"])
    found, joints, visibility = find_in_crops(net.eval(), people, size=size)
    labelled = visibility > 0
    result = {}
    for name, counted in (("all", labelled), ("hidden", visibility == 1)):
        each = score(found, joints, labelled, counted)
        result |= {f"{name}_pcks_0.1": each.pcks, f"{name}_pck_torso_0.2": each.pck_torso}
    return result | {"leg_pairs_exchanged": each.side_confusion}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=8_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"))
    options = parser.parse_args()
    data = rendered("synthetic").parent
    people = read_people(rendered("synthetic_test"))
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in NETWORKS}
    for seed in range(options.seeds):
        for name, network in NETWORKS.items():
            folder = options.out / f"{name.replace(' ', '')}-{seed}-{options.views}-{options.size}"
            recipe = recipe_for(network, seed, options.views, options.size)
            fabric = Fabric(accelerator="auto", devices=1, precision="bf16-mixed")
            checkpoint = train(recipe, data, folder, workers=1, fabric=fabric)
            runs[name].append(judge(checkpoint, network, people, options.size))
            print(seed, name, {key: round(value, 4) for key, value in runs[name][-1].items()})
            write_csv("gaitposenet_ablation", [row(n, r, options) for n, r in runs.items() if r])


def row(
    name: str, results: list[dict[str, float]], options: argparse.Namespace
) -> dict[str, object]:
    """Mean and standard deviation over the seeds."""
    columns: dict[str, object] = {
        "network": name, "seeds": len(results), "views": options.views, "input_px": options.size,
    }  # fmt: skip
    for key in results[0]:
        values = [each[key] for each in results]
        columns[key] = round(float(np.mean(values)), 4)
        columns[f"{key}_sd"] = round(float(np.std(values, ddof=1)), 4) if len(values) > 1 else ""
    return columns


if __name__ == "__main__":
    main()
