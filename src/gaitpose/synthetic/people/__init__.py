"""People who can walk: bodies of all ages and shapes, dressed, posed by the walker."""

from gaitpose.synthetic.people.joints import BodyLengths
from gaitpose.synthetic.people.person import Person, PosedPerson
from gaitpose.synthetic.people.posture import Posture
from gaitpose.synthetic.people.settings import Outfit, PersonSettings
from gaitpose.synthetic.people.wardrobe import Wardrobe

__all__ = [
    "BodyLengths",
    "Outfit",
    "Person",
    "PersonSettings",
    "PosedPerson",
    "Posture",
    "Wardrobe",
]
