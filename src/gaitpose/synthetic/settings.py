"""What can be asked of the walker."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gaitpose.errors import BadSettings
from gaitpose.synthetic.fourier import FourierSeries
from gaitpose.synthetic.gait_curves import ADULT_TRUNK, LegStyle

PerSide = float | tuple[float, float]
"""One number for both legs, or (left, right)."""

WALK_RATIO = 0.0065
"""Step length over cadence, metres per (step/min), of adults at free speed (Sekiya 1996)."""

ADULT_LEG = 0.86
"""Thigh plus shank, metres, to which :data:`WALK_RATIO` belongs."""

STEP_WIDTH = 0.09
"""Step width of healthy people, leg lengths (mean of six, ``benchmarks/step_width.py``)."""


class WalkerSettings(BaseModel):
    """Settings of one simulated walk. Lengths in metres, times in seconds, angles in degrees.

    Parameters
    ----------
    speed : float
        Mean speed of walking (on a treadmill: of the belt), m/s.
    cadence : float, optional
        Steps per minute. Give this or ``stride_length``, or neither: then step length over cadence
        is that of healthy adults, scaled by leg length.
    stride_length : float, optional
        Metres.
    thigh, shank : float or (left, right)
        Hip to knee, knee to ankle.
    foot, heel_behind_ankle, ankle_height : float or (left, right)
        Heel to toe; ankle ahead of the heel; ankle above the sole, with the foot flat.
    hip_width, shoulder_width, trunk : float
        Between the hips; between the shoulders; mid-hip to mid-shoulder.
    step_width : float, optional
        Between the lines on which the feet stand; by default :data:`STEP_WIDTH` leg lengths.
    stance_percent : float or (left, right), optional
        Share of the stride on the ground; by default 64.2 - 3.5 speed (Kirtley 1985).
    left_step_time_share : float
        Time from right to left foot strike over stride time; 0.5 is symmetric.
    left_step_length_share : float
        Left step length (right heel print to left heel print) over stride length; 0.5 is symmetric.
    style : LegStyle or (left, right)
        Joint-angle curves as Fourier series.
    trunk_lean : FourierSeries
        Forward lean of the trunk over the left leg's cycle, degrees.
    ankle_lead_before_foot_strike : float
        Share of the stride by which the maxima of ankle, heel and toe - mid-hip come before foot
        strike; 0 is an idealised impact. The default is what gait analysis assumes
        (``EventSettings.strike_lead``), within the spread of force plates
        (``benchmarks/walker_leads.py``).
    ankle_lead_before_foot_off : float
        Share of the stride by which the minimum of ankle - mid-hip comes before foot off; default
        as above (``EventSettings.off_lead``). Above 1.6 m/s a smaller one is needed.
    strides : int
        Strides of each straight pass, start and stop included.
    start, stop : bool
        Whether the walk begins and ends standing.
    standing_s : float
        Time spent standing at each such end.
    turn : bool
        After the first pass: stop, turn by 180 degrees on the spot by stepping, walk back.
    treadmill : bool
        The belt moves and the body stays.
    phase : float
        Phase of the left leg's cycle when the first pass begins, 0..1.
    fps : float
        Frames per second, where no times are given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    speed: float = Field(default=1.3, gt=0, le=2.5)
    cadence: float | None = Field(default=None, gt=20, le=250)
    stride_length: float | None = Field(default=None, gt=0, le=2.5)
    thigh: PerSide = 0.43
    shank: PerSide = 0.43
    foot: PerSide = 0.24
    heel_behind_ankle: PerSide = 0.06
    ankle_height: PerSide = 0.075
    hip_width: float = Field(default=0.17, gt=0)
    shoulder_width: float = Field(default=0.36, gt=0)
    trunk: float = Field(default=0.50, gt=0)
    step_width: float | None = Field(default=None, ge=0, le=0.6)
    stance_percent: PerSide | None = None
    left_step_time_share: float = Field(default=0.5, ge=0.35, le=0.65)
    left_step_length_share: float = Field(default=0.5, ge=0.35, le=0.65)
    style: LegStyle | tuple[LegStyle, LegStyle] = LegStyle()
    trunk_lean: FourierSeries = ADULT_TRUNK
    ankle_lead_before_foot_strike: float = Field(default=0.054, ge=0, le=0.08)
    ankle_lead_before_foot_off: float = Field(default=0.042, ge=0, le=0.08)
    strides: int = Field(default=6, ge=1)
    start: bool = False
    stop: bool = False
    standing_s: float = Field(default=0.5, ge=0)
    turn: bool = False
    treadmill: bool = False
    phase: float = Field(default=0.15, ge=0, lt=1)
    fps: float = Field(default=100.0, gt=0)

    def __init__(self, **given: object) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
            message = str(first["msg"]).removeprefix("Value error, ")
            raise BadSettings(message, where=field or "walker") from error

    @model_validator(mode="after")
    def _possible(self) -> WalkerSettings:
        if self.cadence is not None and self.stride_length is not None:
            raise ValueError("give cadence or stride_length, not both (speed is given)")
        if self.treadmill and self.turn:
            raise ValueError("nobody turns on a treadmill; give treadmill or turn, not both")
        for name in ("thigh", "shank", "foot", "heel_behind_ankle", "ankle_height"):
            if any(not length > 0 for length in both(getattr(self, name))):
                raise ValueError(f"{name} must be positive")
        shares = (self.stance(0), self.stance(1))
        if any(not 0.5 < share < 0.85 for share in shares) or sum(shares) <= 1.02:
            raise ValueError(f"stance of {shares[0]:.0%} and {shares[1]:.0%} is not walking")
        return self

    @property
    def stride_time(self) -> float:
        """Seconds from foot strike to the next of the same leg."""
        if self.stride_length is not None:
            return self.stride_length / self.speed
        if self.cadence is not None:
            return 120.0 / self.cadence
        # step = ratio * cadence and speed = step * cadence / 60. In similar walks of small and tall
        # people lengths go with the leg and times with its square root (Froude).
        ratio = WALK_RATIO * (self.leg / ADULT_LEG) ** 1.5
        return 120.0 / (60.0 * self.speed / ratio) ** 0.5

    @property
    def leg(self) -> float:
        """Thigh plus shank, metres, mean of both legs."""
        return sum(both(self.thigh) + both(self.shank)) / 2

    @property
    def feet_apart(self) -> float:
        """Step width, metres: as given, or as usual for the leg."""
        return STEP_WIDTH * self.leg if self.step_width is None else self.step_width

    def stance(self, side: int) -> float:
        """Stance share (0..1) of the left (0) or right (1) leg."""
        if self.stance_percent is None:
            return min(max(64.2 - 3.5 * self.speed, 52.0), 75.0) / 100.0
        return both(self.stance_percent)[side] / 100.0

    def leg_style(self, side: int) -> LegStyle:
        """Style of the left (0) or right (1) leg."""
        return self.style[side] if isinstance(self.style, tuple) else self.style


def both(value: PerSide) -> tuple[float, float]:
    """(left, right) of a setting."""
    return value if isinstance(value, tuple) else (value, value)
