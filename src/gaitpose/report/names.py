"""What a parameter is called in plain words, and with how many digits it is honest to print it."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Label:
    """How one parameter is shown.

    Parameters
    ----------
    words : str
        Name in plain words.
    decimals : int
        Digits after the point.
    explanation : str
        One sentence that says what is measured.
    """

    words: str
    decimals: int
    explanation: str


PARAMETERS: dict[str, Label] = {
    "speed": Label("Walking speed", 2, "Stride length over stride time."),
    "cadence": Label("Cadence", 1, "Steps a minute."),
    "stride_time": Label("Stride time", 2, "Foot strike to the next strike of the same foot."),
    "stride_length": Label("Stride length", 2, "Way forward during one stride."),
    "step_time": Label("Step time", 2, "Strike of the other foot to the strike of this one."),
    "step_length": Label(
        "Step length", 2, "From the other foot's place on the floor to this one's."
    ),
    "stance_time": Label("Stance time", 2, "Foot strike to foot off."),
    "swing_time": Label("Swing time", 2, "Foot off to foot strike."),
    "stance_percent": Label("Stance", 1, "Share of the cycle in which the foot is on the floor."),
    "swing_percent": Label("Swing", 1, "Share of the cycle in which the foot is in the air."),
    "single_support_percent": Label(
        "Single support", 1, "Share of the cycle in which only this foot is on the floor."
    ),
    "double_support_percent": Label(
        "Double support", 1, "Share of the cycle in which both feet are on the floor."
    ),
    "phase_symmetry_index_capped": Label(
        "Phase symmetry", 2, "Stance and swing of both legs compared; 1 is symmetric."
    ),
}
"""Space and time, in the order in which they are shown."""

JOINTS: dict[str, str] = {
    "hip": "Hip",
    "hip_trunk": "Hip to trunk",
    "knee": "Knee",
    "ankle": "Ankle",
    "trunk": "Trunk lean",
}
"""Plain names of the angles, in the order in which they are shown."""

DEFINITIONS: dict[str, str] = {
    "hip": "thigh against the vertical",
    "hip_trunk": "thigh against the trunk",
    "knee": "shank against the thigh",
    "ankle": "foot against the shank",
    "trunk": "trunk against the vertical",
}
"""What each angle is between; "hip angle" alone means three things in the literature."""

POSITIVE: dict[str, str] = {
    "hip": "flexion",
    "hip_trunk": "flexion",
    "knee": "flexion",
    "ankle": "dorsiflexion",
    "trunk": "forward",
}
"""What a positive angle means."""

_OF_A_JOINT: dict[str, tuple[str, str]] = {
    "range": ("range", "largest minus smallest angle of the cycle"),
    "peak_flexion": ("largest angle", "of the cycle"),
    "peak_extension": ("smallest angle", "of the cycle"),
    "peak_swing": ("peak in swing", "largest angle between foot off and foot strike"),
}


def label_of(name: str) -> Label:
    """Words, digits and meaning of a parameter; of one this table does not know, its own name."""
    if name in PARAMETERS:
        return PARAMETERS[name]
    for joint in sorted(JOINTS, key=len, reverse=True):
        quantity = name.removeprefix(f"{joint}_")
        if quantity != name and quantity in _OF_A_JOINT:
            words, explanation = _OF_A_JOINT[quantity]
            meaning = DEFINITIONS[joint].capitalize()
            return Label(f"{JOINTS[joint]}, {words}", 0, f"{meaning}, {explanation}.")
    return Label(name.replace("_", " ").capitalize(), 2, "")


def unit_text(unit: str) -> str:
    """Return a unit as it is printed."""
    return {"deg": "°", "1": ""}.get(unit, unit)


def number(value: float, decimals: int) -> str:
    """Return a number with a true minus sign, or an en dash where there is none."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)
