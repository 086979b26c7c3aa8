"""What the numbers of one analysis cannot tell, in plain words; the same for page and summary."""

from __future__ import annotations

from gaitpose.gait.result import GaitAnalysis
from gaitpose.report.content import used_cycles
from gaitpose.skeleton import SIDES

FEW_CYCLES = 10
"""Cycles a side below which variability says little (a handful of strides is not a gait)."""


def limits_of(analysis: GaitAnalysis) -> list[str]:
    """Sentences that hold for this analysis, the weightiest first.

    Parameters
    ----------
    analysis : GaitAnalysis
    """
    is_flat = analysis.raw_poses.sizes["space"] == 2
    return [
        *(_of_one_camera() if is_flat else []),
        _of_lengths(analysis),
        *_of_few_cycles(analysis),
        "“Hip” is the thigh against the vertical. It leaves out the tilt of the pelvis and is not "
        "the hip angle of a motion-capture report.",
        "The usual ranges are those of other people, healthy ones on level ground. Outside of them "
        "is a question, not an answer.",
        "Nothing here is a diagnosis. The numbers describe these steps, on this day, in this room.",
    ]


def _of_one_camera() -> list[str]:
    return [
        "One camera sees one plane: rotation, sideways movement and step width are not measured, "
        "and a walk at an angle to the camera looks shorter and stiffer than it is.",
        "The far leg is partly hidden and tends to read flatter. A difference between the legs "
        "that changes sides when the subject walks back is the camera's, not the subject's.",
        "Points found in pictures are not bones: expect constant offsets of some degrees against "
        "skin markers. Compare shapes and changes before absolute values.",
    ]


def _of_lengths(analysis: GaitAnalysis) -> str:
    scale = analysis.scale
    if scale is None:
        return (
            "No leg length was given, so lengths and speed are in leg lengths, not metres. Angles, "
            "times and symmetry do not need it."
        )
    if scale.source == "3-D":
        return "Lengths are as good as the calibration of the system that recorded them."
    sentence = (
        f"Lengths rest on the {scale.source} that was given: one per cent there is one per cent "
        f"here. The scale itself varied by {100 * scale.spread:.1f} % within the recording."
    )
    if "estimated" in scale.source:
        sentence += " A leg length derived from body height is typically off by 2 to 4 %."
    return sentence


def _of_few_cycles(analysis: GaitAnalysis) -> list[str]:
    used = used_cycles(analysis)
    counts = {side: int((used["side"] == side).sum()) for side in SIDES}
    if min(counts.values()) >= FEW_CYCLES:
        return []
    return [
        f"Only {counts['left']} left and {counts['right']} right cycles were measured. Means are "
        "of these; how much a person varies needs tens of strides."
    ]
