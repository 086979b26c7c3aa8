"""The photographs of people that are kept back from training."""

from __future__ import annotations

from _record import shared_data
from gaitpose.training.people import Person, read_people

SETS = ("lspet", "coco_mini", "pelota")


def kept_back() -> dict[str, list[Person]]:
    """Return the validation part of each set."""
    return {name: read_people(shared_data() / "images" / name, "validation") for name in SETS}
