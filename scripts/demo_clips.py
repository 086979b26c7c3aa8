"""Draw the two clips of ``gaitpose demo``: a walker in an exoskeleton, and one without.

    python scripts/demo_clips.py [--out src/gaitpose/demo_clips] [--fps 30] [--size 960x540]

No asset and no photograph is used, so that what is drawn may be shipped.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from gaitpose.synthetic.exoskeleton import ExoskeletonSettings
from gaitpose.synthetic.people import Outfit, PersonSettings, Posture
from gaitpose.synthetic.people.settings import Cloth
from gaitpose.synthetic.rendering import Lighting, SensorSettings
from gaitpose.synthetic.scenes.clip_settings import ClipSettings
from gaitpose.synthetic.scenes.clips import Clip, ClipForm, write_clip
from gaitpose.synthetic.scenes.gait import GaitSettings
from gaitpose.synthetic.scenes.room_settings import Hanging, RoomSettings, Standing
from gaitpose.synthetic.scenes.settings import Cast
from gaitpose.synthetic.scenes.viewpoints import CameraSettings

SENSOR = SensorSettings(shot_noise=0.008, read_noise=0.003, noise_grain=0.6, vignette=0.1)


def corridor() -> RoomSettings:
    """Set up a plain room with a window, a door, a poster and a chair."""
    drawn = RoomSettings.draw(np.random.default_rng(3), "indoors")
    return replace(
        drawn,
        floor=("planks", 2),
        walls=("plaster", 11),
        wall_tint=(0.92, 0.93, 0.95),
        floor_tint=(0.9, 0.9, 0.9),
        margins=(1.2, 1.2, 1.4, 1.4),
        turn=0.0,
        height=2.9,
        dado=0.0,
        hangings=(
            Hanging("window", 3, 0, 0.3, 0.9, 1.6, 1.2),
            Hanging("door", 4, 0, 0.68, 0.0, 0.95, 2.05),
            Hanging("window", 6, 2, 0.3, 0.9, 1.6, 1.2),
            Hanging("poster", 5, 2, 0.7, 1.1, 0.9, 0.7),
        ),
        furniture=(
            Standing("chair", 2, 0, 0.1, 0.3, 0.0),
            Standing("plant", 3, 2, 0.9, 0.3, 0.0),
        ),
    )


def camera(view: float) -> CameraSettings:
    """Set up a camera on a tripod that looks across the way."""
    return CameraSettings(
        view_deg=view, height=1.0, focal=0.85, size=0.93, middle=(0.5, 0.53), aim=0.0
    )


def light(side: float) -> Lighting:
    """Set up a large lamp on the camera's side (z +, or -)."""
    return Lighting(sun_direction=(0.3, 1.0, side), sun_spread=18.0, exposure=1.5)


def free_walker() -> ClipSettings:
    person = PersonSettings(
        sex="female",
        years=34,
        height=1.70,
        hair="bob",
        outfit=Outfit(
            top="t-shirt",
            bottom="trousers",
            top_cloth=Cloth((0.55, 0.22, 0.2)),
            bottom_cloth=Cloth((0.16, 0.2, 0.32), pattern="denim"),
            looseness=0.25,
            from_wardrobe=False,
        ),
    )
    cast = Cast(
        person=person,
        gait=GaitSettings("healthy"),
        posture=Posture(),
        exoskeleton=None,
        aid=None,
        aid_variant=0,
        bystander=None,
        bystander_posture=Posture(),
    )
    return ClipSettings(
        cast=cast,
        strides=5,
        phase=0.3,
        room=corridor(),
        photo=None,
        outlook=0,
        lighting=light(0.5),
        camera=camera(4.0),
        bystanding=None,
        sensor=SENSOR,
        sensor_seed=1,
    )


def exoskeleton_walker() -> ClipSettings:
    free = free_walker()
    person = PersonSettings(
        sex="male",
        years=52,
        height=1.76,
        weight=0.55,
        hair="short",
        outfit=Outfit(
            top="sweater",
            bottom="trousers",
            top_cloth=Cloth((0.35, 0.4, 0.42), pattern="melange"),
            bottom_cloth=Cloth((0.3, 0.3, 0.33)),
            looseness=0.3,
            from_wardrobe=False,
        ),
    )
    cast = replace(
        free.cast,
        person=person,
        gait=GaitSettings("exoskeleton", speed=1.35),
        posture=Posture(arm_swing=0.2, elbow=30.0),
        exoskeleton=ExoskeletonSettings(),
    )
    return replace(
        free, cast=cast, strides=5, lighting=light(-0.5), camera=camera(177.0), sensor_seed=2
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("src/gaitpose/demo_clips"))
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--size", default="960x540")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    clips = {"free": free_walker(), "exoskeleton": exoskeleton_walker()}
    for name, settings in clips.items():
        if options.only not in ("", name):
            continue
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        clip = Clip(settings, ClipForm(width, height, options.fps))
        write_clip(folder, clip, quality=20)
        size = (folder / "video.mp4").stat().st_size
        print(f"{name}: {len(clip)} frames, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
