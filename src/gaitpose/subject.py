"""Who walked (:class:`Subject`) and how it was recorded (:class:`Recording`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gaitpose.errors import BadSettings, BadSubject

LEG_LENGTH_RANGE = (0.20, 1.30)
"""Thigh plus shank in metres, from a toddler to the tallest adults."""

HEIGHT_RANGE = (0.50, 2.50)

THIGH_PER_HEIGHT = 0.245
"""Thigh length over body height (Drillis & Contini 1966, as printed in Winter 2009, fig. 4.1)."""

SHANK_PER_HEIGHT = 0.246
"""Shank length over body height (same source)."""

Lengths = float | tuple[float, float]
"""One length in metres for both legs, or (left, right)."""

Surface = Literal["auto", "overground", "treadmill"]


def _message(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if isinstance(part, str)) or "subject"
    return field, str(first["msg"]).removeprefix("Value error, ")


class Subject(BaseModel):
    """Facts about the person who walks. All are optional; lengths need one of the three forms.

    Parameters
    ----------
    leg_length : float, optional
        Thigh plus shank, hip joint centre to ankle joint centre, metres.
    thigh, shank : float or (left, right), optional
        Hip to knee and knee to ankle, metres. Both or none.
    height : float, optional
        Body height in metres, from which leg length is *estimated* if nothing better is given.
    identifier : str, optional
        A name or code, printed in the report.
    age : float, optional
        Years.
    sex : {"female", "male"}, optional

    Raises
    ------
    BadSubject
        If a length is impossible or two facts contradict each other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    leg_length: float | None = None
    thigh: Lengths | None = None
    shank: Lengths | None = None
    height: float | None = None
    identifier: str | None = None
    age: float | None = Field(default=None, ge=0, le=120)
    sex: Literal["female", "male"] | None = None

    def __init__(self, **facts: object) -> None:
        try:
            super().__init__(**facts)
        except ValidationError as error:
            field, message = _message(error)
            raise BadSubject(message, where=field) from error

    @model_validator(mode="after")
    def _possible(self) -> Subject:
        if self.leg_length is not None and (self.thigh, self.shank) != (None, None):
            raise ValueError("give either leg_length, or thigh and shank, not both")
        if (self.thigh is None) != (self.shank is None):
            given = "thigh" if self.shank is None else "shank"
            raise ValueError(f"{given} is given alone; give thigh and shank, or leg_length")
        low, high = HEIGHT_RANGE
        if self.height is not None and not low <= self.height <= high:
            raise ValueError(f"height of {self.height:g} m is not between {low} and {high} m")
        low, high = LEG_LENGTH_RANGE
        segments = self.segments()
        if segments is None:
            return self
        for leg in segments:
            if any(not length > 0 for length in leg) or not low <= sum(leg) <= high:
                raise ValueError(
                    f"leg length of {sum(leg):g} m is not between {low} and {high} m "
                    "(thigh plus shank, in metres)"
                )
        return self

    @property
    def leg_over_usual(self) -> float | None:
        """The leg length over that of other people of this height; None if one is not given."""
        segments = self.segments()
        if self.height is None or self.is_estimated or segments is None:
            return None
        usual = self.height * (THIGH_PER_HEIGHT + SHANK_PER_HEIGHT)
        return sum(map(sum, segments)) / 2 / usual

    @property
    def is_estimated(self) -> bool:
        """Whether lengths rest on body height alone."""
        return self.leg_length is None and self.thigh is None and self.height is not None

    def leg_lengths(self) -> tuple[float, float] | None:
        """Thigh plus shank of the left and the right leg, metres; None if nothing is known."""
        segments = self.segments()
        if segments is None:
            return None
        (left_thigh, left_shank), (right_thigh, right_shank) = segments
        return left_thigh + left_shank, right_thigh + right_shank

    def segments(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Lengths ((left thigh, left shank), (right thigh, right shank)) in metres.

        With only ``leg_length`` it is divided as in the average adult (245 : 246).
        """
        if self.thigh is not None and self.shank is not None:
            left_thigh, right_thigh = _both(self.thigh)
            left_shank, right_shank = _both(self.shank)
            return (left_thigh, left_shank), (right_thigh, right_shank)
        if self.leg_length is not None:
            share = THIGH_PER_HEIGHT / (THIGH_PER_HEIGHT + SHANK_PER_HEIGHT)
            leg = (self.leg_length * share, self.leg_length * (1 - share))
            return leg, leg
        if self.height is not None:
            leg = (self.height * THIGH_PER_HEIGHT, self.height * SHANK_PER_HEIGHT)
            return leg, leg
        return None


def _both(length: Lengths) -> tuple[float, float]:
    return length if isinstance(length, tuple) else (length, length)


class Recording(BaseModel):
    """Circumstances of one recording that the data themselves do not tell.

    Parameters
    ----------
    surface : {"auto", "overground", "treadmill"}
        What the subject walked on; ``auto`` decides from whether the body travels.
    condition : str, optional
        A free label ("with exoskeleton", "barefoot"), printed in the report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: Surface = "auto"
    condition: str | None = None

    def __init__(self, **facts: object) -> None:
        try:
            super().__init__(**facts)
        except ValidationError as error:
            field, message = _message(error)
            raise BadSettings(message, where=field) from error
