"""The exoskeleton as a whole: built around a person at rest, moved with her segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitpose.skeleton import Side
from gaitpose.synthetic.exoskeleton.cables import box_cable, leg_cable, sided
from gaitpose.synthetic.exoskeleton.feet import foot_parts
from gaitpose.synthetic.exoskeleton.legs import gearbox, leg_parts, link_planes, thickness_of
from gaitpose.synthetic.exoskeleton.materials import materials
from gaitpose.synthetic.exoskeleton.placed import Finish, Hanging, Placed
from gaitpose.synthetic.exoskeleton.pressing import Pressing, Zone
from gaitpose.synthetic.exoskeleton.settings import Actuator, ExoskeletonSettings
from gaitpose.synthetic.exoskeleton.trunk import BELT_HEIGHT, hip_parts, trunk_parts
from gaitpose.synthetic.exoskeleton.wearer import Body, Leg, Wearer, measure
from gaitpose.synthetic.settings import WalkerSettings
from gaitpose.synthetic.surface import Material, Part, Surface
from gaitpose.synthetic.walker import walk

if TYPE_CHECKING:
    from gaitpose.synthetic.people import Person


class Exoskeleton:
    """Lower-limb exoskeleton fitted to one person.

    Links and motors are rigid and move with the segments they are tied to; the axes of hip, knee
    and ankle pass through the wearer's joint centres. Straps are fitted at rest.

    Parameters
    ----------
    settings : ExoskeletonSettings
    rest : Wearer
        The person standing, dressed, arms away from the hips.
    stride : Wearer, optional
        The same person with one leg ahead of the other: it tells to which leg wide trousers
        belong.

    Raises
    ------
    BadSettings
        If the person lacks a segment.
    """

    def __init__(
        self, settings: ExoskeletonSettings, rest: Wearer, stride: Wearer | None = None
    ) -> None:
        self.settings = settings
        body = measure(rest, stride)
        parts = trunk_parts(body, settings)
        cables: list[Hanging] = []
        for leg in _worn_on(body, settings):
            mine, hanging = _leg(body, leg, settings, rest)
            parts += [_sided(part, leg.side) for part in mine]
            cables += [sided(each, leg.side) for each in hanging]
        looks = materials(settings)
        self._groups = [
            _group([part for part in parts if part.finish is finish], looks[finish])
            for finish in Finish
            if any(part.finish is finish for part in parts)
        ]
        self._pressing = Pressing(rest, stride, zones(body, settings))
        self._cables = [_CableGroup(each, looks[Finish.CABLE]) for each in cables]

    @classmethod
    def fitted(cls, settings: ExoskeletonSettings, person: Person) -> Exoskeleton:
        """Fit it to a person, who stands for it with the arms raised."""
        from gaitpose.synthetic.people import Posture  # noqa: PLC0415  -- brings SciPy with it

        base = person.walker_settings(WalkerSettings(start=True))
        posture = Posture(arm_swing=0.0, arm_abduction=85.0, elbow=0.0)
        striding = base.standing_s + 2.0 * base.stride_time
        walked = walk(base, np.array([0.0, striding]))
        return cls(settings, person.pose(walked, 0, posture), person.pose(walked, 1, posture))

    def surfaces(self, posed: Wearer) -> tuple[Surface, ...]:
        """Return it as worn in a pose."""
        rigid = [group.posed(posed) for group in self._groups]
        return (*rigid, *(each.posed(posed) for each in self._cables))

    def worn(self, posed: Wearer) -> tuple[Surface, ...]:
        """Return the person in a pose with the exoskeleton on, clothes pressed under its straps.

        `posed` must have the surfaces that the person had at rest, in the same order.
        """
        return (*self._pressing.applied(posed), *self.surfaces(posed))


HEM = 0.95
"""Share of the shank at which wide trousers are tucked in, as the link runs there."""


def zones(body: Body, settings: ExoskeletonSettings) -> list[Zone]:
    """Where belt and cuffs press on the clothes."""
    size = body.size
    width = settings.cuff_width * size
    found = [Zone("pelvis", body.pelvis, BELT_HEIGHT * size, settings.belt_width * size)]
    for leg in _worn_on(body, settings):
        outwards = 1.0 if leg.side == "right" else -1.0
        segments = [("thigh", leg.thigh, leg.knee, settings.thigh_cuffs)]
        if settings.has_lower_leg:
            shares = (*settings.shank_cuffs, HEM)
            segments.append(("shank", leg.shank, leg.ankle, shares))
        for name, limb, end, shares in segments:
            found += [
                Zone(f"{leg.side}_{name}", limb, share * float(end[1]), width, outwards, outwards)
                for share in shares
            ]
    return found


@dataclass(frozen=True)
class _Group:
    """All parts of one material, sorted by segment."""

    slices: tuple[tuple[str, slice], ...]
    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray | None
    material: Material

    def posed(self, wearer: Wearer) -> Surface:
        out = np.empty(self.vertices.shape, dtype=np.float32)
        for segment, rows in self.slices:
            frame = wearer.frames[segment]
            out[rows] = self.vertices[rows] @ frame[:3, :3].T + frame[:3, 3]
        return Surface(out, self.faces, self.material, Part.EXOSKELETON, self.uv)


class _CableGroup:
    """One cable between two segments."""

    def __init__(self, cable: Hanging, material: Material) -> None:
        self._cable = cable
        self._material = material
        self._share = cable.share[:, None]

    def posed(self, wearer: Wearer) -> Surface:
        first, second = (wearer.frames[name] for name in self._cable.segments)
        start = self._cable.solid.vertices @ first[:3, :3].T + first[:3, 3]
        end = self._cable.other @ second[:3, :3].T + second[:3, 3]
        vertices = ((1 - self._share) * start + self._share * end).astype(np.float32)
        return Surface(vertices, self._cable.solid.faces, self._material, Part.EXOSKELETON)


def _leg(
    body: Body, leg: Leg, settings: ExoskeletonSettings, rest: Wearer
) -> tuple[list[Placed], list[Hanging]]:
    """Build everything of one leg, z outwards."""
    size = body.size
    planes = link_planes(leg, settings, size)
    thickness = thickness_of(settings, size)
    parts = leg_parts(leg, planes, settings, size)
    parts += hip_parts(body, leg, planes.hip, settings)
    if settings.hip.gearbox:
        by = size**0.5
        motor = Actuator(*(by * each for each in _sizes(settings.hip)))
        parts += gearbox("thigh", np.zeros(3), planes.hip + thickness, motor, up=False)
    if settings.has_lower_leg:
        parts += foot_parts(leg, planes.shank_ankle + thickness, settings, size)
    if not settings.has_cables:
        return parts, []
    parts.append(box_cable(body, leg, planes.hip, settings))
    if not settings.has_lower_leg:
        return parts, []
    thigh_to_pelvis = _between(rest, f"{leg.side}_thigh", "pelvis", leg.side)
    return parts, [leg_cable(body, leg, planes, settings, thigh_to_pelvis)]


def _worn_on(body: Body, settings: ExoskeletonSettings) -> list[Leg]:
    return [leg for leg in body.legs if leg.side in settings.legs]


def _sizes(motor: Actuator) -> tuple[float, float, float]:
    return motor.radius, motor.thickness, motor.gearbox


def _between(rest: Wearer, source: str, target: str, side: Side) -> np.ndarray:
    """Matrix (4, 4) from one segment's frame to another's at rest, z outwards in both."""
    outwards = np.diag([1.0, 1.0, 1.0 if side == "right" else -1.0, 1.0])
    return outwards @ np.linalg.inv(rest.frames[target]) @ rest.frames[source] @ outwards


def _sided(part: Placed, side: Side) -> Placed:
    """Give a part that was made with z outwards to one side of the body."""
    segment = part.segment if part.segment == "pelvis" else f"{side}_{part.segment}"
    solid = part.solid if side == "right" else part.solid.mirrored()
    uv = part.uv
    if uv is not None and side == "left":  # the picture is not mirrored
        uv = np.column_stack([1 - uv[:, 0], uv[:, 1]])
    return replace(part, solid=solid, segment=segment, uv=uv)


def _group(parts: Sequence[Placed], material: Material) -> _Group:
    parts = sorted(parts, key=lambda part: part.segment)
    starts = np.cumsum([0, *(len(part.solid.vertices) for part in parts)])
    slices: list[tuple[str, slice]] = []
    for part, start, end in zip(parts, starts[:-1], starts[1:], strict=True):
        if slices and slices[-1][0] == part.segment:
            start = slices.pop()[1].start
        slices.append((part.segment, slice(int(start), int(end))))
    places = [part.uv for part in parts if part.uv is not None]
    return _Group(
        slices=tuple(slices),
        vertices=np.vstack([part.solid.vertices for part in parts]),
        faces=np.vstack(
            [part.solid.faces + start for part, start in zip(parts, starts[:-1], strict=True)]
        ).astype(np.int32),
        uv=np.vstack(places).astype(np.float32) if places else None,
        material=material,
    )
