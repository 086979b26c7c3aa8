"""What users type, turned into what the package takes."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaitpose.errors import BadSettings

if TYPE_CHECKING:
    from gaitpose.subject import Subject


class SurfaceName(StrEnum):
    """Values of ``--surface``."""

    AUTO = "auto"
    OVERGROUND = "overground"
    TREADMILL = "treadmill"


class EstimatorName(StrEnum):
    """Values of ``--estimator``."""

    AUTO = "auto"
    GAITPOSE = "gaitpose"
    GAITPOSE_FAST = "gaitpose-fast"
    MEDIAPIPE = "mediapipe"


SUBJECT = "Subject"
"""Panel of ``--help`` under which options about the subject stand."""

LegLength = Annotated[
    str | None,
    typer.Option(
        metavar="M",
        help="Thigh plus shank (hip to ankle) in metres. Without a length, results are in leg "
        "lengths; angles, times and symmetry do not need one.",
        rich_help_panel=SUBJECT,
    ),
]
Thigh = Annotated[
    str | None,
    typer.Option(
        metavar="M", help="Hip to knee in metres, or LEFT,RIGHT.", rich_help_panel=SUBJECT
    ),
]
Shank = Annotated[
    str | None,
    typer.Option(
        metavar="M", help="Knee to ankle in metres, or LEFT,RIGHT.", rich_help_panel=SUBJECT
    ),
]
Height = Annotated[
    str | None,
    typer.Option(
        metavar="M",
        help="Body height in metres, from which the leg length is estimated.",
        rich_help_panel=SUBJECT,
    ),
]
Identifier = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="Name or code printed in the report.", rich_help_panel=SUBJECT
    ),
]


def subject_from(
    leg_length: str | None,
    thigh: str | None,
    shank: str | None,
    height: str | None,
    identifier: str | None,
) -> Subject:
    """Make the subject of what was typed."""
    from gaitpose.subject import Subject  # noqa: PLC0415  -- pydantic; --help must be quick

    return Subject(
        leg_length=metres(leg_length, "--leg-length"),
        thigh=length(thigh, "--thigh"),
        shank=length(shank, "--shank"),
        height=metres(height, "--height"),
        identifier=identifier,
    )


def numbers(text: str, option: str, counts: tuple[int, ...], form: str) -> tuple[float, ...]:
    """Parse numbers separated by commas.

    Parameters
    ----------
    text : str
        What was typed.
    option : str
        Which option, for the message.
    counts : tuple of int
        How many numbers there may be.
    form : str
        How it should look, for the message.

    Raises
    ------
    BadSettings
        If it is not such a list.
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) not in counts:
        raise BadSettings(f"{text!r} is not {form}", where=option)
    return found


def metres(text: str | None, option: str) -> float | None:
    """Parse one length in metres."""
    if text is None:
        return None
    return numbers(text, option, (1,), "a length in metres; decimals have a point")[0]


def length(text: str | None, option: str) -> float | tuple[float, float] | None:
    """Parse one length in metres for both legs, or LEFT,RIGHT."""
    if text is None:
        return None
    found = numbers(text, option, (1, 2), "a length in metres, or LEFT,RIGHT")
    if len(found) == 2 and found[0] == 0:
        raise BadSettings(f"{text!r} are two lengths; decimals have a point", where=option)
    return found[0] if len(found) == 1 else (found[0], found[1])


def point(text: str | None) -> tuple[float, float] | tuple[float, float, float] | None:
    """Parse X,Y or X,Y,SECONDS."""
    if text is None:
        return None
    found = numbers(text, "--subject-at", (2, 3), "X,Y or X,Y,SECONDS")
    if len(found) == 2:
        return found[0], found[1]
    return found[0], found[1], found[2]


def size_of_picture(text: str | None) -> tuple[float, float] | None:
    """Parse W,H or WxH."""
    if text is None:
        return None
    width, height = numbers(text.replace("x", ","), "--picture-size", (2,), "W,H")
    return width, height


def command_line() -> str:
    """Return the command as typed, with files by their name: no folder ends up in a report."""
    words = (Path(word).name if "/" in word or "\\" in word else word for word in sys.argv[1:])
    return " ".join(["gaitpose", *words])
