"""Who is the subject, and about where: one look through the video at low resolution.

The subject is who walks farthest through the picture. What moves is found without a network
(:mod:`gaitpose.pose.motion`, :mod:`gaitpose.pose.tracks`); the pose estimator then only has to say
which of the few things that travel is a person. One who moves on the spot is taken for the subject
if the legs swing as in walking: that is a treadmill (:mod:`gaitpose.pose.walkers`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from gaitpose.errors import NoSubjectFound
from gaitpose.io.video import Frame, VideoReader
from gaitpose.pose.ahead import ahead
from gaitpose.pose.estimator import Estimator
from gaitpose.pose.exposure import brightened, gain_of, noise_between
from gaitpose.pose.gathering import gather_on_the_spot
from gaitpose.pose.motion import MotionSettings, moving_samples
from gaitpose.pose.stills import person_at, person_in_stills
from gaitpose.pose.swing import legs_swing
from gaitpose.pose.tracker import Stretch, Whereabouts
from gaitpose.pose.tracks import TrackSettings, find_tracks
from gaitpose.pose.walkers import (
    WalkerSettings,
    find_walker,
    pointed_at,
    stretches_of,
)

FRAMES_AHEAD = 8
"""Small frames that are decoded ahead of their use."""

MOST_STILLS = 24
"""Small frames that are kept, spread over the video, to look for a person where motion fails."""


MOST_NOISE = 2.5
"""Noise of brightened samples, grey levels (SD): what moves must differ by 14."""


class SurveySettings(BaseModel):
    """How the subject is chosen.

    Parameters
    ----------
    long_side : int
        Longer side of the small frames, px.
    rate : float
        Samples a second.
    motion, tracks, walkers
        Settings of the steps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    long_side: int = Field(default=320, ge=64)
    rate: float = Field(default=10.0, gt=0)
    motion: MotionSettings = MotionSettings()
    tracks: TrackSettings = TrackSettings()
    walkers: WalkerSettings = WalkerSettings()


class SubjectAt(NamedTuple):
    """A point on the subject, given by the user.

    Parameters
    ----------
    x, y : float
        px of the frame.
    seconds : float or None
        When; any time if not given.
    """

    x: float
    y: float
    seconds: float | None = None

    def at_pace(self, pace: float) -> SubjectAt:
        """Return it with its time in seconds of filming, `pace` of them in a second of playing."""
        return self._replace(seconds=None if self.seconds is None else self.seconds * pace)


def survey(
    video: VideoReader,
    estimator: Estimator,
    subject_at: SubjectAt | None = None,
    settings: SurveySettings | None = None,
    progress: Callable[[int], None] | None = None,
) -> Whereabouts:
    """Find the subject and the coarse whereabouts.

    Parameters
    ----------
    video : VideoReader
        It is read through once, a second time in part where someone moves on the spot.
    estimator : Estimator
        Says which moving thing is a person.
    subject_at : SubjectAt, optional
        A point on the subject, which overrides the choice.
    settings : SurveySettings, optional
    progress : callable, optional
        Called with the number of frames that were read.

    Returns
    -------
    Whereabouts
        In pixels of the frame.

    Raises
    ------
    NoSubjectFound
        If nothing moves, nothing that moves is a person, or the person seen does not walk.
    """
    chosen = settings or SurveySettings()
    small = _Small(video, chosen)
    with closing(small.frames(progress)) as frames:
        moving = find_tracks(moving_samples(frames, chosen.motion), chosen.tracks)
    tracks = gather_on_the_spot(moving, chosen.tracks.views_kept)
    if subject_at is None:
        search = find_walker(tracks, estimator, small.frames_from, chosen.walkers)
        if search.walker is None:
            still = person_in_stills(small.stills, estimator)
            if still is None:
                raise _nobody(video.path.name, len(tracks), search.persons)
            if not legs_swing(still, estimator, small.frames_from, chosen.walkers.swing):
                raise _nobody(video.path.name, len(tracks), search.persons + 1)
            return small.enlarged([still.forever()])
        walker = search.walker
    else:
        point, seconds = small.point(subject_at), subject_at.seconds
        pointed = pointed_at(tracks, point, seconds, estimator, chosen.walkers)
        if pointed is None:
            return Whereabouts((_standing_at(subject_at, video, estimator),))
        walker = pointed
    return small.enlarged(stretches_of(walker, tracks, estimator, small.size[0], chosen.walkers))


class _Small:
    """The video in small, and the way back to its own pixels."""

    def __init__(self, video: VideoReader, settings: SurveySettings) -> None:
        info = video.info
        self._video = video
        self._every = max(1, round(info.fps / settings.rate))
        shrink = min(1.0, settings.long_side / max(info.width, info.height))
        self.size = (max(2, round(info.width * shrink)), max(2, round(info.height * shrink)))
        self._scale = np.array([info.width / self.size[0], info.height / self.size[1]])
        self.stills: list[Frame] = []
        self._still_every = 1

    def frames(self, progress: Callable[[int], None] | None) -> Generator[Frame, None, None]:
        """All samples, from the start; a few of them are kept as stills.

        A dark video is brightened, all of it by one factor: what moves would differ too little.
        """
        frames = self._video.frames(size=self.size, every=self._every)
        with closing(ahead(frames, FRAMES_AHEAD)) as samples:
            first = list(islice(samples, 2))
            gain = _gain([sample.rgb for sample in first])
            for number, sample in enumerate(chain(first, samples)):
                frame = replace(sample, rgb=brightened(sample.rgb, gain))
                if progress is not None:
                    progress(frame.index + 1)
                if number % self._still_every == 0:
                    self.stills.append(frame)
                if len(self.stills) > MOST_STILLS:
                    self.stills = self.stills[::2]
                    self._still_every *= 2
                yield frame

    def frames_from(self, start_s: float) -> Iterator[Frame]:
        """Every frame from a moment on."""
        return self._video.frames(size=self.size, start_s=start_s)

    def point(self, at: SubjectAt) -> tuple[float, float]:
        """Carry a point of the frame into the small frame."""
        x, y = (np.array([at.x, at.y]) + 0.5) / self._scale - 0.5
        return float(x), float(y)

    def enlarged(self, stretches: list[Stretch]) -> Whereabouts:
        """Carry whereabouts from the small frames to the frames."""
        scale_x, scale_y = self._scale
        scale, shift = np.array([scale_x, scale_y, scale_y]), np.array([0.5, 0.5, 0.0])
        return Whereabouts(
            tuple(replace(s, bodies=(s.bodies + shift) * scale - shift) for s in stretches)
        )


def _gain(first: list[np.ndarray]) -> float:
    """Factor by which to brighten a video, not so far that its noise would be taken for motion."""
    if len(first) < 2:
        return 1.0
    noise = noise_between(*first)
    return max(1.0, min(gain_of(first[0]), MOST_NOISE / max(noise, 1e-3)))


def _nobody(where: str, movers: int, persons: int) -> NoSubjectFound:
    """Say in one line why there is no subject."""
    pointing = "or point at the subject with --subject-at X,Y,SECONDS"
    if persons:
        return NoSubjectFound(
            "someone is seen, but nobody walks",
            where=where,
            hint="Film three strides or more across the picture or on a treadmill, upright and "
            f"from the side, {pointing}",
        )
    if movers:
        return NoSubjectFound(
            "something moves, but no person was recognised in it",
            where=where,
            hint=f"Film the whole body from the side, {pointing}",
        )
    return NoSubjectFound(
        "nothing moves in the picture", where=where, hint="Film a walk across the picture"
    )


def _standing_at(at: SubjectAt, video: VideoReader, estimator: Estimator) -> Stretch:
    """Find someone who does not move, or not yet, around a point."""
    frame = next(iter(video.frames(start_s=at.seconds or 0.0)), None)
    if frame is None:
        raise NoSubjectFound(
            f"the video ends before {at.seconds:g} s",
            where=video.path.name,
            hint="See --subject-at",
        )
    body = person_at(frame.rgb, (at.x, at.y), estimator)
    if body is None:
        raise NoSubjectFound(
            f"nobody is recognised at {at.x:g}, {at.y:g}",
            where=video.path.name,
            hint="Give a point on the subject's body, and the second",
        )
    return Stretch(np.array([frame.time_s]), np.array([body]))
