"""``gaitpose info``: what is installed, what will be used, and why."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table
from rich.text import Text

import gaitpose
from gaitpose.errors import GaitPoseError

LIBRARIES = (
    "numpy",
    "scipy",
    "xarray",
    "pandas",
    "av",
    "opencv-python-headless",
    "openvino",
    "torch",
)

EXTRAS = {
    "train": ("lightning-fabric", 'pip install "gaitpose[train]"'),
    "mediapipe": ("mediapipe", "pip install --no-deps mediapipe==0.10.21"),
}
"""Optional parts: the distribution by which each is recognised, and the line that brings it."""


def info() -> None:
    """Show versions, the estimator and runtime that will be used and why, and optional parts."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (*_machine(), *_estimator(), *_extras()):
        table.add_row(Text(name), Text(value))
    Console().print(table)


def _machine() -> Iterator[tuple[str, str]]:
    yield "gaitpose", gaitpose.__version__
    yield "Python", f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    yield "cores", str(os.cpu_count())
    yield from _devices()
    for library in LIBRARIES:
        yield library, _version(library) or "not installed"


def _devices() -> Iterator[tuple[str, str]]:
    from gaitpose.pose.openvino_core import openvino_core  # noqa: PLC0415  -- late: start-up time

    core = openvino_core()
    for device in core.available_devices:
        yield device, str(core.get_property(device, "FULL_DEVICE_NAME"))


def _estimator() -> Iterator[tuple[str, str]]:
    from gaitpose.io.files import sha256_of  # noqa: PLC0415  -- late: start-up time
    from gaitpose.pose.estimators import choose, decide  # noqa: PLC0415
    from gaitpose.pose.weights import shipped, weights_path  # noqa: PLC0415

    for name in shipped():
        yield "own weights", f"{name}, sha256 {sha256_of(weights_path(name))}"
    choice = decide()
    yield "estimator", f"{choice.name}: {choice.reason}"
    try:
        chosen = choose()
    except GaitPoseError as error:
        yield "", str(error)
        return
    for name, value in chosen.describe().items():
        yield f"  {name}", value


def _extras() -> Iterator[tuple[str, str]]:
    for extra, (distribution, line) in EXTRAS.items():
        found = _version(distribution)
        yield f"[{extra}]", f"{distribution} {found}" if found else f"not installed: {line}"


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
