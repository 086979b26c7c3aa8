"""Which clock differs from which: video's and markers', from the ankles' paths.

A walker seen from the front has a poor knee in video, and its angle cannot tell the lag. The way
that one ankle is ahead of the other can: both systems see its rhythm, and no angle that is learnt
or judged goes into it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gaitpose.agreement.align import lag_of_curves
from gaitpose.kinematics.plug_in_gait import pelvis_frame
from gaitpose.refine.features import FeatureSettings, in_heading_frame, resample_joints, rhythm

LEAST_CORRELATION = 0.6
"""Below this the two paths are not the same walking."""


def lag_of_ankles(
    joints: Mapping[str, np.ndarray],
    time: np.ndarray,
    markers: Mapping[str, np.ndarray],
    rate: float,
    walking: tuple[int, int],
    features: FeatureSettings,
    maximum: float,
) -> float:
    """Find the seconds to add to a sensor's clock so that its ankles pass when the markers do.

    Parameters
    ----------
    joints : mapping of name to array, (frames, 3)
        The sensor's joints, y up, at `time` (s).
    markers : mapping of name to array, (samples, 3)
        Plug-in-Gait markers at `rate` per second, from zero of the same clock.
    walking : (int, int)
        First and last+1 sample that counts.
    features : FeatureSettings
        How the body's heading is found, and trend and gain are taken off.
    maximum : float
        Seconds that the two may be apart.

    Returns
    -------
    float
        NaN where the paths do not resemble each other.
    """
    fine = features.model_copy(update={"rate": rate})
    bridged, clock, _ = resample_joints(joints, time, fine)
    body = in_heading_frame(bridged, fine)
    ours = rhythm((body["right_ankle"] - body["left_ankle"])[:, :1], fine)
    forward = pelvis_frame(markers)[..., 0]
    reference = np.sum((markers["RANK"] - markers["LANK"]) * forward, axis=1)
    inside = np.full_like(reference, np.nan)
    inside[slice(*walking)] = reference[slice(*walking)]
    reach = round(maximum * rate)
    begins = round(clock[0] * rate)
    shift, correlation = lag_of_curves(
        ours,
        inside[:, np.newaxis],
        lowest=begins - reach,
        highest=begins + reach,
        preferred=begins,
        minimum_overlap=0.8,
        near_best=0.0,
    )
    return (shift - begins) / rate if correlation > LEAST_CORRELATION else float("nan")


def differences_between_people(
    lags: Mapping[str, float], people: Mapping[str, str]
) -> dict[str, float]:
    """Seconds by which each person's clock differs from the others'.

    Parameters
    ----------
    lags : mapping of trial to float
        Of :func:`lag_of_ankles`; NaN is left out.
    people : mapping of trial to str
        Who walks.

    Returns
    -------
    dict of person to float
        The median over their trials, less the median person's: what all have in common may be the
        sensor's own delay, and stays. Zero for someone without a lag.
    """
    own: dict[str, list[float]] = {person: [] for person in people.values()}
    for trial, lag in lags.items():
        if np.isfinite(lag):
            own[people[trial]].append(lag)
    medians = {person: float(np.median(found)) for person, found in own.items() if found}
    common = float(np.median(list(medians.values()))) if medians else 0.0
    return {person: medians.get(person, common) - common for person in own}
