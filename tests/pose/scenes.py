"""Little films of known content: drawn people who walk, stand or wave, cars, a drifting camera.

Legs are red (left) and green (right), so that :class:`ColourEstimator` can stand in for a network:
it finds the joints of the person in its box, and nobody in a car.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gaitpose.io.video import Frame, VideoWriter
from gaitpose.pose.body import LEG_PER_HEIGHT, TRUNK_PER_HEIGHT, Body
from gaitpose.pose.crop import cut
from gaitpose.pose.estimator import Box
from gaitpose.skeleton import JOINTS

FPS = 25.0
LEFT, RIGHT = (215, 25, 25), (25, 200, 25)


@dataclass(frozen=True)
class Person:
    """A drawn person; `hip_x` and `hip_y` are functions of time, None out of the scene."""

    height: float
    hip_x: Callable[[float], float | None]
    hip_y: Callable[[float], float]
    steps: Callable[[float], float] = lambda t: 0.0
    waves: bool = False
    shirt: tuple[int, int, int] = (60, 70, 190)

    def body(self, t: float) -> Body | None:
        x = self.hip_x(t)
        return None if x is None else Body(x, self.hip_y(t), self.height)


@dataclass(frozen=True)
class Car:
    """A textured block that drives."""

    width: int
    height: int
    x: Callable[[float], float]
    y: float


@dataclass(frozen=True)
class Scene:
    """What is filmed."""

    things: Sequence[Person | Car]
    width: int = 320
    height: int = 180
    seconds: float = 6.0
    camera: Callable[[float], tuple[float, float]] = lambda t: (0.0, 0.0)
    frozen: tuple[float, float] | None = None
    seed: int = 0
    pad: int = 40
    contrast: float = 4.0
    light: float = 1.0
    noise: float = 2.0

    def frames(self) -> list[Frame]:
        """Draw all frames."""
        rng = np.random.default_rng(self.seed)
        size = (self.height + 2 * self.pad, self.width + 2 * self.pad, 3)
        scenery = cv2.GaussianBlur(rng.integers(40, 215, size).astype(np.uint8), (0, 0), 3)
        scenery = cv2.convertScaleAbs(scenery, alpha=self.contrast, beta=128 * (1 - self.contrast))
        drawn = []
        for index in range(round(self.seconds * FPS)):
            t = index / FPS
            if self.frozen and self.frozen[0] <= t < self.frozen[1]:
                t = self.frozen[0]
            canvas = scenery.copy()
            for thing in self.things:
                if isinstance(thing, Car):
                    _draw_car(canvas, thing, t, self.pad)
                elif (body := thing.body(t)) is not None:
                    _draw_person(canvas, thing, body, t, self.pad)
            dx, dy = self.camera(t)
            shift = np.array([[1.0, 0.0, -self.pad - dx], [0.0, 1.0, -self.pad - dy]])
            view = cv2.warpAffine(canvas, shift, (self.width, self.height))
            view = self.light * view + rng.normal(0, self.noise, view.shape)
            drawn.append(Frame(index, index / FPS, np.clip(view, 0, 255).astype(np.uint8)))
        return drawn

    def film(self, path: Path, fps: float = FPS) -> Path:
        """Write them as a video, without loss: what x264 loses differs from run to run.

        At fewer frames per second it is slow motion.
        """
        with VideoWriter(path, self.width, self.height, fps, quality=0) as video:
            for frame in self.frames():
                video.write(frame.rgb)
        return path


def walker(
    height: float,
    start: float,
    stop: float,
    *,
    at: tuple[float, float],
    hip_y: float,
    shirt: tuple[int, int, int] = (60, 70, 190),
) -> Person:
    """Walk from x = start to x = stop between two times; out of the scene before and after."""
    begin, end = at
    speed = (stop - start) / (end - begin)

    def hip_x(t: float) -> float | None:
        return start + speed * (t - begin) if begin <= t <= end else None

    stride = 0.8 * height
    return Person(
        height,
        hip_x,
        lambda t: hip_y,
        lambda t: 2 * np.pi * abs(speed) * (t - begin) / stride,
        shirt=shirt,
    )


def stander(height: float, x: float, hip_y: float, *, waves: bool = False) -> Person:
    """Stand; perhaps wave both arms."""
    return Person(height, lambda t: x, lambda t: hip_y, waves=waves, shirt=(150, 60, 150))


def on_treadmill(height: float, x: float, hip_y: float) -> Person:
    """Walk on the spot, a stride a second."""
    return Person(height, lambda t: x, lambda t: hip_y, lambda t: 2 * np.pi * t)


def _draw_car(canvas: np.ndarray, car: Car, t: float, pad: int) -> None:
    x, y = round(car.x(t)) + pad, round(car.y) + pad
    cv2.rectangle(canvas, (x, y), (x + car.width, y + car.height), (235, 225, 90), -1)
    cv2.rectangle(
        canvas, (x + 6, y + 5), (x + car.width - 6, y + car.height // 2), (20, 20, 40), -1
    )


def _draw_person(canvas: np.ndarray, person: Person, body: Body, t: float, pad: int) -> None:
    height, thick = body.height, max(3, round(body.height / 14))
    hip = np.array([body.x + pad, body.y + pad])
    shoulder = hip - [0.0, TRUNK_PER_HEIGHT * height]
    phase = person.steps(t)
    swing = 0.0 if phase == 0.0 else 0.45
    segment = LEG_PER_HEIGHT * height / 2
    for angle, colour in ((phase + np.pi, RIGHT), (phase, LEFT)):
        thigh = swing * np.sin(angle)
        shank = thigh - swing * max(0.0, np.cos(angle))
        knee = hip + segment * np.array([np.sin(thigh), np.cos(thigh)])
        ankle = knee + segment * np.array([np.sin(shank), np.cos(shank)])
        for one, other in ((hip, knee), (knee, ankle)):
            cv2.line(canvas, _px(one), _px(other), colour, thick, cv2.LINE_AA)
    cv2.line(
        canvas, _px(hip - [0, thick]), _px(shoulder), person.shirt, round(1.8 * thick), cv2.LINE_AA
    )
    cv2.circle(
        canvas, _px(shoulder - [0, 0.12 * height]), round(0.07 * height), (230, 190, 160), -1
    )
    if person.waves:
        for side in (-1, 1):
            lift = 0.8 * np.sin(2 * np.pi * 0.8 * t)
            hand = shoulder + 0.3 * height * np.array([side * np.cos(lift), -np.sin(lift)])
            cv2.line(canvas, _px(shoulder), _px(hand), (230, 190, 160), thick, cv2.LINE_AA)


def _px(point: np.ndarray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


class ColourEstimator:
    """Finds the drawn person nearest to the middle of the box, by the colours of the legs."""

    name = "colour"
    keypoints = JOINTS

    def __init__(self) -> None:
        self.calls = 0

    def predict(self, rgb: np.ndarray, box: Box) -> np.ndarray:
        self.calls += 1
        crop = cut(rgb, box, 192, 192, 1.25)
        red, green, blue = (crop.patch[..., i].astype(int) for i in range(3))
        left = _leg((red > green + 50) & (red > blue + 50))
        right = _leg((green > red + 50) & (green > blue + 50))
        if left is None and right is None:
            return np.column_stack([np.tile(box.centre, (8, 1)), np.full(8, 0.02)])
        left, right = left if left is not None else right, right if right is not None else left
        hip = np.array([(left[0][0] + right[0][0]) / 2, min(left[0][1], right[0][1])])
        leg = max(left[2][1], right[2][1]) - hip[1]
        shoulder = hip - [0.0, TRUNK_PER_HEIGHT / LEG_PER_HEIGHT * leg]
        points = [shoulder, shoulder, hip, hip, left[1], right[1], left[2], right[2]]
        return np.column_stack([crop.to_image(np.array(points)), np.full(8, 0.95)])

    def describe(self) -> dict[str, str]:
        return {"weights": "none", "sha256": "0" * 64, "runtime": "numpy", "why": "it is a test"}


def _leg(mask: np.ndarray) -> np.ndarray | None:
    """Hip, knee and ankle of the leg nearest to the middle; None if none has a person's size."""
    _, labels, stats, centroids = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    tall = [i for i in range(1, len(stats)) if 40 <= stats[i][3] <= 130 and stats[i][2] < 120]
    if not tall:
        return None
    label = min(tall, key=lambda i: abs(centroids[i][0] - 96))
    rows = np.flatnonzero((labels == label).any(axis=1))
    at = [rows[0], rows[len(rows) // 2], rows[-1]]
    return np.array([[np.flatnonzero(labels[row] == label).mean(), row] for row in at], float)
