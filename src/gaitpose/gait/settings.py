"""Settings of the gait analysis: one frozen object a stage, with all defaults."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gaitpose.gait.cleaning import LONGEST_GAP_S
from gaitpose.gait.sagittal import SagittalSettings


class EventSettings(BaseModel):
    """How foot strikes and foot offs are found. Shares are of the stride time where not said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: Literal["auto", "ankle", "foot"] = "auto"
    """Ankles, or heels and toes; ``auto`` takes heels and toes where they are known well enough."""
    strike_lead: float = Field(default=0.054, ge=0, lt=0.2)
    """The foot is farthest ahead of the pelvis this much before it is on the ground."""
    off_lead: float = Field(default=0.042, ge=0, lt=0.2)
    """The ankle is farthest behind the pelvis this much before the foot leaves the ground."""
    video_delay_s: float = Field(default=0.022, ge=0, lt=0.1)
    """Joints read from a video pass their extrema this much later, against foot strikes read by
    eye, than markers do against force plates. Taken back from strikes and offs alike, so that
    stance stays what it is. Measured once on one of the four clips of ``sagittal_video``."""
    off_axis_deg: float = Field(default=48.0, ge=0, lt=90)
    """3-D input: at foot off the ankle moves against the pelvis at right angles to an axis that
    points this far below forward."""
    off_harmonics: float = Field(default=4.0, gt=0)
    """Low-pass of the signal along that axis, in strides per stride time: its minimum is flat."""
    least_prominence: float = Field(default=0.25, gt=0, lt=1)
    """Rise and fall of an extremum over the stride amplitude of the signal."""
    border_prominence: float = Field(default=0.005, gt=0, lt=1)
    """The same on a side that the recording's border cuts short."""
    border_quality: float = Field(default=0.5, gt=0, le=1)
    """What such an extremum counts of one that was seen whole."""
    border_fall: float = Field(default=0.4, gt=0)
    """Share of the amplitude that a foot may fall back in a tenth of a stride after a maximum near
    the border."""
    border_shortfall: float = Field(default=0.4, gt=0)
    """Share of the amplitude by which such a maximum may stay below the usual ones."""
    least_distance: float = Field(default=0.55, gt=0, lt=1)
    """Between two extrema of one kind and leg."""
    speed_span: float = Field(default=0.05, gt=0, lt=0.2)
    """Span over which a foot's speed is taken where a pass begins just before its strike."""
    usual_stance: float = Field(default=0.62, gt=0, lt=1)
    """Time from one extremum to the other where a pass shows no other stance of the leg."""
    stance_tolerance: float = Field(default=0.06, gt=0, lt=0.5)
    """Such a strike's stance may differ from the usual one by this."""
    least_step: float = Field(default=0.2, gt=0, lt=0.5)
    """Between two events of one kind, of whichever leg."""
    gait_band_hz: float = Field(default=12.0, gt=0)
    """What lies above is taken as noise; lower (``gait_band_share``) for low frame rates."""
    gait_band_share: float = Field(default=0.3, gt=0, lt=0.5)
    lowest_cutoff_hz: float = Field(default=3.0, gt=0)
    """No noise makes the low-pass of the event signal lower than this."""
    strike_shift: float = Field(default=0.2, ge=0)
    """A low-pass at f Hz delays the maximum by ``strike_shift / (f^2 stride time)`` seconds; taken
    back."""
    off_shift: float = Field(default=0.1, ge=0)
    """The same of the minimum, to either side; not taken back."""
    shortest_stride_s: float = Field(default=0.45, gt=0)
    longest_stride_s: float = Field(default=4.0, gt=0)
    half_stride_tolerance: float = Field(default=0.2, gt=0, lt=1)
    """Twice the half stride and the whole stride must agree this well."""
    sure_repeat: float = Field(default=0.5, gt=0, lt=1)
    """Correlation of the distance between the feet with itself half a stride later, over which the
    stride time is read from it; else it is read from the distance whichever foot is ahead."""
    sure_prominence: float = Field(default=0.6, gt=0)
    """Prominence over amplitude from which quality is not lowered."""
    sure_confidence: float = Field(default=0.6, gt=0, le=1)
    """Confidence of the points from which quality is not lowered."""
    sure_timing: float = Field(default=0.03, gt=0)
    """Expected error of the time, as a share of the stride, at which quality is halved."""


class CycleSettings(BaseModel):
    """Which cycles count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest_gap_s: float = Field(default=LONGEST_GAP_S, gt=0)
    """Filled gaps longer than this in a joint of the leg leave the cycle out."""
    duration_ratio: tuple[float, float] = (0.75, 1.35)
    """A cycle's duration over the median."""
    step_share_tolerance: float = Field(default=0.12, gt=0, lt=0.5)
    """Share of the stride by which the time from left to right strike may differ from its median
    over all cycles: a strike that was read where somebody turns makes one step much too short."""
    least_quality: float = Field(default=0.3, ge=0, le=1)
    """Of each of its events."""
    border_share: float = Field(default=0.01, ge=0, lt=0.5)
    """A point of a leg nearer to the left or right edge (share of the width) leaves a cycle out."""
    samples: int = Field(default=101, ge=11)
    """Of each resampled curve, 0..100 %."""


class PlacementSettings(BaseModel):
    """Where in stance feet are compared for lengths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flat_share: tuple[float, float] = (0.2, 0.5)
    """Part of the stance in which the foot surely lies flat."""
    belt_share: tuple[float, float] = (0.1, 0.55)
    """Part of the stance in which the ankle goes with a treadmill's belt: as long as may be, since
    an estimator that pulls the ankle aside where the other leg passes it then counts less. Against
    ``flat_share`` it costs 0.8 % of the speed on two people with markers (``gait_belt.csv``)."""
    samples: int = Field(default=11, ge=2)
    """Moments in it over which the places are averaged."""


class GaitSettings(BaseModel):
    """Settings of all stages of the gait analysis."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sagittal: SagittalSettings = SagittalSettings()
    events: EventSettings = EventSettings()
    cycles: CycleSettings = CycleSettings()
    placement: PlacementSettings = PlacementSettings()
