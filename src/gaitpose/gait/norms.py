"""What is usual at a given walking speed: times, lengths and joint-angle curves of healthy people.

Nearly everything about gait depends on speed, and patients walk slowly; a norm for one speed would
call slow walking a disease. All bands here follow the subject's own speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

GRAVITY = 9.81

ADULT_LEG = 0.86
"""Thigh plus shank, metres, of the adults behind the published relations."""

STANCE_AT_REST = 64.2
STANCE_PER_SPEED = -3.5
"""Stance in percent of the cycle is 64.2 - 3.5 v, v in m/s (Kirtley et al. 1985, J Biomed Eng
7:282-288; ten men, very slow to very fast)."""

STANCE_SD = 1.5
"""Percent; between healthy adults at one speed. Our choice: sources print it for a free speed only,
where it includes the spread of speeds."""

WALK_RATIO = 0.0065
"""Step length over cadence, metres per (step/min), the same at all but the slowest speeds (Sekiya &
Nagasaki 1998, Gait Posture 7:225-227)."""

WALK_RATIO_SD = 0.10
"""Relative; between healthy adults. Our choice, wide enough for men and women of all ages."""

SLOWEST_CONSTANT = 1.03
"""m/s below which the walk ratio rises and spreads (Murakami & Otaka 2017, J Phys Ther Sci
29:722-725: 62 m/min)."""

SPEED_LEVELS = {"very_slow": 0.16, "slow": 0.295, "free": 0.43, "fast": 0.57, "very_fast": 0.70}
"""Middle of each speed group of Schwartz et al. 2008 as v / sqrt(g leg): the groups are divided at
0.227, 0.363, 0.500 and 0.636; the outer two are given the width of the others."""

ANGLE_SOURCE = "Schwartz et al. 2008 (J Biomech 41:1639-1650), children at five speeds, mean and SD"

ANGLES = ("hip", "knee", "ankle")
"""Joints with a norm curve, by this package's definitions."""


@dataclass(frozen=True)
class Norm:
    """Usual value of one parameter.

    Parameters
    ----------
    mean, sd : float
        In `unit`; the SD is that between healthy people.
    unit : str
    source : str
        Where it comes from.
    """

    mean: float
    sd: float
    unit: str
    source: str

    @property
    def band(self) -> tuple[float, float]:
        """Mean minus and plus two standard deviations: about 95 % of healthy people."""
        return self.mean - 2 * self.sd, self.mean + 2 * self.sd


def parameter_norms(speed: float, leg_length: float = ADULT_LEG) -> dict[str, Norm]:
    """Return what is usual at a walking speed.

    Parameters
    ----------
    speed : float
        m/s, > 0.
    leg_length : float
        Thigh plus shank, metres.

    Returns
    -------
    dict of str to Norm
        By parameter name: shares of the cycle, cadence, step and stride times and lengths.

    Notes
    -----
    A leg of another length walks as an adult's would at the same dimensionless speed
    v / sqrt(g leg) (Hof 1996, Gait Posture 4:222-223). Step length is walk ratio times cadence, so
    both follow from the speed. Below about 1 m/s the walk ratio is no longer constant: the band is
    widened in proportion, and tells little below 0.5 m/s.
    """
    longer = leg_length / ADULT_LEG
    adult_speed = speed / np.sqrt(longer)
    kirtley = "Kirtley 1985"
    stance = STANCE_AT_REST + STANCE_PER_SPEED * adult_speed
    shares = {
        "stance_percent": (stance, STANCE_SD),
        "swing_percent": (100 - stance, STANCE_SD),
        "single_support_percent": (100 - stance, STANCE_SD),
        "double_support_percent": (2 * stance - 100, 2 * STANCE_SD),
    }
    norms = {name: Norm(mean, sd, "%", kirtley) for name, (mean, sd) in shares.items()}

    cadence = np.sqrt(60 * adult_speed / WALK_RATIO) / np.sqrt(longer)
    step_time, step_length = 60 / cadence, 60 * speed / cadence
    # Cadence goes with the inverse root of the walk ratio, so its spread is half as wide.
    spread = WALK_RATIO_SD / 2 * max(1.0, SLOWEST_CONSTANT / adult_speed)
    sekiya = "walk ratio, Sekiya 1998"
    for name, mean, unit in (
        ("cadence", cadence, "steps/min"),
        ("step_time", step_time, "s"),
        ("stride_time", 2 * step_time, "s"),
        ("step_length", step_length, "m"),
        ("stride_length", 2 * step_length, "m"),
    ):
        norms[name] = Norm(float(mean), float(mean * spread), unit, sekiya)
    stride = norms["stride_time"]
    for name, share in (("stance_time", stance / 100), ("swing_time", 1 - stance / 100)):
        sd = float(np.hypot(stride.sd * share, stride.mean * STANCE_SD / 100))
        norms[name] = Norm(stride.mean * share, sd, "s", f"{kirtley}; {sekiya}")
    return norms


def angle_norm(joint: str, speed: float, leg_length: float = ADULT_LEG) -> pd.DataFrame:
    """Return the usual curve of a joint angle at a walking speed.

    Parameters
    ----------
    joint : {"hip", "knee", "ankle"}
        As this package defines them; ``hip`` is the thigh against the vertical.
    speed : float
        m/s.
    leg_length : float
        Thigh plus shank, metres.

    Returns
    -------
    pandas.DataFrame
        Columns ``percent`` (0..100 by 1), ``mean`` and ``sd``, degrees.

    Raises
    ------
    KeyError
        If there is no norm for the joint.

    Notes
    -----
    Interpolated between the speed groups of Schwartz et al. (2008) by dimensionless speed; beyond
    the outer groups their curve is kept. Their subjects are children, whose joint angles at the
    same dimensionless speed are close to adults'. Their hip angle is that of thigh against pelvis;
    the thigh against the vertical is it minus the pelvis' anterior tilt (means subtracted; the SD
    is that of the hip angle, which overstates it a little). Their angles come from skin markers: a
    constant offset of some degrees against points of an image is no finding.
    """
    if joint not in ANGLES:
        raise KeyError(joint)
    level = speed / np.sqrt(GRAVITY * leg_length)
    table = _speed_table()
    groups = [table[table.speed == name] for name in SPEED_LEVELS]
    middles = np.array(list(SPEED_LEVELS.values()))
    means = np.stack([_mean(group, joint) for group in groups])
    sds = np.stack([group[f"{_column(joint)}_sd"].to_numpy() for group in groups])
    weights = np.array([np.interp(level, middles, row) for row in np.eye(len(middles))])
    percent = np.arange(101.0)
    known = groups[0].percent.to_numpy()
    return pd.DataFrame(
        {
            "percent": percent,
            "mean": np.interp(percent, known, weights @ means),
            "sd": np.interp(percent, known, weights @ sds),
        }
    )


def _column(joint: str) -> str:
    return "hip_pelvis" if joint == "hip" else joint


def _mean(group: pd.DataFrame, joint: str) -> np.ndarray:
    curve = group[f"{_column(joint)}_mean"].to_numpy()
    return curve - group["pelvis_tilt_mean"].to_numpy() if joint == "hip" else curve


@cache
def _speed_table() -> pd.DataFrame:
    with files("gaitpose.gait").joinpath("data/schwartz2008.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, comment="#")
