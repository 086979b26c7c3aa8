"""Bland-Altman analysis: bias, limits of agreement and their confidence intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from gaitpose.agreement.metrics import paired

LIMIT = 1.96
"""Standard deviations between the bias and each limit, for 95 % of the differences."""


@dataclass(frozen=True)
class BlandAltman:
    """Bias and limits of agreement in the data's unit; intervals are (low, high) at 95 %."""

    n: int
    bias: float
    sd: float
    lower: float
    upper: float
    bias_interval: tuple[float, float]
    lower_interval: tuple[float, float]
    upper_interval: tuple[float, float]


def bland_altman(ours: np.ndarray, reference: np.ndarray) -> BlandAltman:
    """Describe the differences ours - reference.

    Parameters
    ----------
    ours, reference : array
        Same size; pairs with a missing value are left out.

    Returns
    -------
    BlandAltman
        NaN where fewer than two pairs exist.

    Notes
    -----
    Bland & Altman, Lancet 1986, 327:307-310; the standard error of a limit is sqrt(3/n) SD, as
    there. Successive frames of a recording are not independent: for frames read the limits, not
    the intervals.
    """
    a, b = paired(ours, reference)
    n = a.size
    nothing = float("nan")
    if n < 2:
        nowhere = (nothing, nothing)
        centre = float(np.mean(a - b)) if n else nothing
        return BlandAltman(n, centre, nothing, nothing, nothing, nowhere, nowhere, nowhere)
    difference = a - b
    centre, sd = float(difference.mean()), float(difference.std(ddof=1))
    quantile = float(student.ppf(0.975, n - 1))
    around_bias = quantile * sd / np.sqrt(n)
    around_limit = quantile * sd * np.sqrt(3 / n)
    lower, upper = centre - LIMIT * sd, centre + LIMIT * sd
    return BlandAltman(
        n=n,
        bias=centre,
        sd=sd,
        lower=lower,
        upper=upper,
        bias_interval=(centre - around_bias, centre + around_bias),
        lower_interval=(lower - around_limit, lower + around_limit),
        upper_interval=(upper - around_limit, upper + around_limit),
    )
