"""Lower-limb exoskeletons: drawn from a seed, fitted to a body, moved with its legs.

After the machine of the GaitPoseNet article (Sci Rep 2023, 13:22681, Fig. 8): a belt and a box on
the back, and per leg a driven hip with two free joints, a driven knee and a free ankle, with links
along the outside of the leg that adjust to who wears it.
"""

from gaitpose.synthetic.exoskeleton.exoskeleton import Exoskeleton
from gaitpose.synthetic.exoskeleton.settings import (
    LOOKS,
    Actuator,
    Colours,
    ExoskeletonSettings,
)
from gaitpose.synthetic.exoskeleton.wearer import Wearer

__all__ = ["LOOKS", "Actuator", "Colours", "Exoskeleton", "ExoskeletonSettings", "Wearer"]
