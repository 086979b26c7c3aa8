"""Walks of which everything is known, and how a camera and a pose estimator see them.

The oracle by which gait analysis is judged: it imports neither :mod:`gaitpose.gait` nor
:mod:`gaitpose.kinematics`.
"""

from gaitpose.synthetic.camera import PinholeCamera, variable_frame_times
from gaitpose.synthetic.fourier import FourierSeries
from gaitpose.synthetic.gait_curves import LegStyle
from gaitpose.synthetic.observation import Observation, ObservationSettings, observe
from gaitpose.synthetic.presets import PRESETS
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.walker import Walk, walk

__all__ = [
    "PRESETS",
    "FourierSeries",
    "LegStyle",
    "Observation",
    "ObservationSettings",
    "PinholeCamera",
    "Walk",
    "WalkerSettings",
    "observe",
    "variable_frame_times",
    "walk",
]
