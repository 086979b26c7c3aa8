"""The one OpenVINO core of a process.

OpenVINO's CPU plugin gives the main thread a signal stack when a core comes, and when the core goes
puts back the one that it found. Where several cores come and go it may put back a stack that has
been freed, and the next signal (Ctrl-C, the end of a child process) kills Python without a word. So
there is one core, and it stays.
"""

from __future__ import annotations

import platform
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import openvino


@cache
def openvino_core() -> openvino.Core:
    """Return the core; the first call takes a quarter of a second."""
    import openvino  # noqa: PLC0415  -- a quarter second, and not needed on a GPU

    return openvino.Core()


def computes_in_bf16() -> bool:
    """Whether this processor computes in bf16."""
    return "BF16" in openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def best_float() -> Literal["bf16", "f32"]:
    """Return the floating-point numbers that this processor is fastest in."""
    return "bf16" if computes_in_bf16() else "f32"


def computes_in_integers() -> bool:
    """Whether this processor is of the kind that 8-bit integers were measured to be faster on."""
    return platform.machine().lower() in ("x86_64", "amd64")
