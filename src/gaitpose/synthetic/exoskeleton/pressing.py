"""Cloth under straps: it is pressed to the leg, as no strap goes through loose trousers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.exoskeleton.sections import LOOSEST, pressed
from gaitpose.synthetic.exoskeleton.wearer import Limb, Wearer, sides, within
from gaitpose.synthetic.surface import Part, Surface

_FULL, _FADE = 0.03, 0.11
"""Cloth is pressed wholly up to so far beyond a strap's edge, then less and less, metres. Meshes of
clothes are that wide; a strap between two rings must press both."""


@dataclass(frozen=True)
class Zone:
    """Where a band presses.

    Parameters
    ----------
    segment : str
    limb : Limb
        What the band was fitted to.
    at, width : float
        Of the band, along the segment's y, metres.
    outwards : float
        1, or -1 where the limb's z points to the segment's left.
    side : float
        1 to press on the right half of the body only, -1 on the left, 0 on both.
    """

    segment: str
    limb: Limb
    at: float
    width: float
    outwards: float = 1.0
    side: float = 0.0


@dataclass(frozen=True)
class _Press:
    """Vertices of one surface that one zone presses."""

    segment: str
    rows: np.ndarray
    centre: np.ndarray
    factor: np.ndarray


class Pressing:
    """How the clothes of one person give way; found at rest, applied in every pose.

    Parameters
    ----------
    rest : Wearer
    stride : Wearer or None
        The same person with one leg ahead of the other.
    zones : sequence of Zone
    """

    def __init__(self, rest: Wearer, stride: Wearer | None, zones: Sequence[Zone]) -> None:
        again = rest.surfaces if stride is None else stride.surfaces
        self._presses = []
        for surface, other in zip(rest.surfaces, again, strict=True):
            if surface.part is Part.CLOTHING:
                half = sides(rest, stride, surface.vertices, other.vertices)
                self._presses.append(_presses(rest, surface, half, zones))
            else:
                self._presses.append([])

    def applied(self, wearer: Wearer) -> tuple[Surface, ...]:
        """Return the person's surfaces with the clothes pressed; in the order they came in."""
        return tuple(
            _pressed(wearer, surface, presses) if presses else surface
            for surface, presses in zip(wearer.surfaces, self._presses, strict=True)
        )


def _pressed(wearer: Wearer, surface: Surface, presses: Sequence[_Press]) -> Surface:
    vertices = surface.vertices.copy()
    for press in presses:
        _apply(press, wearer.frames[press.segment], vertices)
    return replace(surface, vertices=vertices)


def _apply(press: _Press, frame: np.ndarray, vertices: np.ndarray) -> None:
    """Move the vertices (in place) towards the limb's middle."""
    local = within(frame, vertices[press.rows])
    for axis, middle in ((2, press.centre[:, 0]), (0, press.centre[:, 1])):
        local[:, axis] = middle + (local[:, axis] - middle) * press.factor
    vertices[press.rows] = local @ frame[:3, :3].T + frame[:3, 3]


def _presses(
    rest: Wearer, surface: Surface, half: np.ndarray, zones: Sequence[Zone]
) -> list[_Press]:
    """Find what each zone does to what those before it have left."""
    vertices = surface.vertices.astype(float)
    presses = []
    for zone in zones:
        press = _press(rest, vertices, half, zone)
        if press is not None:
            _apply(press, rest.frames[zone.segment], vertices)
            presses.append(press)
    return presses


def _press(rest: Wearer, vertices: np.ndarray, half: np.ndarray, zone: Zone) -> _Press | None:
    local = within(rest.frames[zone.segment], vertices)
    local[:, 2] *= zone.outwards
    beyond = np.abs(local[:, 1] - zone.at) - zone.width / 2
    near = np.flatnonzero((beyond < _FULL + _FADE) & (half * zone.side >= 0))
    if not len(near):
        return None
    offset, radius, skin = zone.limb.girth(1).around_skin(local[near])
    under = skin + pressed(radius - skin)
    loose = (radius > under) & (radius < skin + LOOSEST)
    if not loose.any():
        return None
    weight = np.clip(1 - (beyond[near][loose] - _FULL) / _FADE, 0, 1)
    weight = weight * weight * (3 - 2 * weight)
    factor = 1 - weight * (1 - under[loose] / radius[loose])
    centre = (local[near][:, [2, 0]] - offset)[loose] * (zone.outwards, 1.0)
    return _Press(zone.segment, near[loose], centre, factor)
