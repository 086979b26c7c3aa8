"""Colours and marks of left and right, the same in every figure, table and video.

The two colours are from the palette of Okabe & Ito (Color Universal Design, 2008), which people
with any of the common colour-vision deficiencies tell apart. Where a line can be dashed, right is:
no figure needs colour to be read.
"""

from __future__ import annotations

from gaitpose.skeleton import Side

SIDE_COLOUR: dict[Side, str] = {"left": "#0072B2", "right": "#D55E00"}
SIDE_DASH: dict[Side, str] = {"left": "solid", "right": "dash"}
"""Line style in Plotly's words."""

SIDE_LINE: dict[Side, str] = {"left": "-", "right": "--"}
"""Line style in Matplotlib's words."""

NORM_COLOUR = "#C9CDD2"
TEXT_COLOUR = "#1B1F24"
MUTED_COLOUR = "#57606A"
GRID_COLOUR = "#E3E6EA"


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0..255) of a ``#RRGGBB`` colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def transparent(colour: str, opacity: float) -> str:
    """CSS ``rgba()`` of a ``#RRGGBB`` colour at an opacity of 0..1."""
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{opacity:g})"
