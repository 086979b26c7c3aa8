"""Hair of our own: a cap on the scalp, and what hangs from it."""

from __future__ import annotations

import numpy as np

from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.segments import SEGMENTS
from gaitpose.synthetic.people.settings import PersonSettings
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh
from gaitpose.synthetic.people.tailoring import Piece, Suit
from gaitpose.synthetic.people.textures import noise, to_uint8

_HAIRLINE = ((-0.05, -0.02, 0.03, 0.06, 0.12, 0.16), (0.65, 0.655, 0.69, 0.725, 0.795, 0.81))
"""Depth and height of the hairline on the neutral head, metres: from the nape to the forehead."""

_THICKNESS = {"cropped": 0.004, "short": 0.013, "bob": 0.018, "long": 0.016}

_COLUMNS, _ROWS = 33, 14


def grow(settings: PersonSettings, body: Body, joints: Joints) -> list[Piece]:
    """Grow the hair that someone has; nothing on the bald."""
    if settings.hair == "bald":
        return []
    scalp = Suit("scalp", body, joints)
    cap, top = _cap(settings, scalp)
    if settings.hair in ("cropped", "short"):
        return [cap]
    return [cap, _curtain(settings, body, top)]


def hair_texture(settings: PersonSettings) -> np.ndarray:
    """Paint strands, uint8 (256, 256, 3)."""
    rng = np.random.default_rng(settings.seed + 3)
    strands = noise(rng, 1.5).cumsum(axis=0)
    strands -= strands.mean(axis=0)
    strands = noise(rng, 2)[:1] + 0.4 * strands / strands.std()
    light = 1 + 0.16 * strands
    return to_uint8(light[..., np.newaxis] * np.array(settings.hair_colour))


def _cap(settings: PersonSettings, scalp: Suit) -> tuple[Piece, np.ndarray]:
    """Hair on the scalp; also its points (vertices, 3)."""
    neutral = base_mesh().vertices[scalp.helper.vertices]
    depth, height, aside = neutral[:, 0], neutral[:, 1], np.abs(neutral[:, 2])
    field = np.interp(depth, *_HAIRLINE) - height
    ear = (aside > 0.068) & (height < 0.77) & (height > 0.655) & (depth > 0.0)
    short = settings.hair in ("cropped", "short")
    if short:
        field = np.where(ear, 0.01, field)
    points = scalp.smooth(scalp.points, field < 0.01, 2 if short else 12)
    if not short:  # it lies over the ears
        points = scalp.smooth(points, ear, 60, freely=True)
    ramp = np.sqrt(np.clip(-field / 0.03, 0.02, 1))
    thick = _THICKNESS[settings.hair] * ramp * scalp.size
    rng = np.random.default_rng(settings.seed + 4)
    lumps = rng.standard_normal(len(points))
    for _ in range(2):
        lumps = scalp.helper.mean @ lumps
    thick = thick * (1 + 0.25 * lumps / lumps.std())
    shaped = points + thick[:, np.newaxis] * scalp.helper.normals(points)
    shaped = scalp.pushed(shaped, np.where(ear, -0.03, 0.003))
    return scalp.cut(field, shaped, hem=0.012), shaped[field < 0]


def _curtain(settings: PersonSettings, body: Body, cap: np.ndarray) -> Piece:
    """Hang hair from the cap to chin or shoulder blades, open towards the face."""
    neck, chin = _height(body, "neck"), body.vertices[base_mesh().cubes["jaw"], 1].mean()
    eye = _height(body, "l-eye")
    angle = np.deg2rad(np.linspace(-112, 112, _COLUMNS))  # from the back
    away = np.stack([-np.cos(angle), np.sin(angle)], axis=1)
    middle = np.array([(cap[:, 0].min() + cap[:, 0].max()) / 2, 0.0])
    band = cap[np.abs(cap[:, 1] - eye) < 0.05 * body.height / 1.75]
    reach = ((band[:, [0, 2]] - middle) @ away.T).max(axis=0) * 0.99
    front = np.abs(angle) > np.deg2rad(70)
    if settings.hair == "bob":
        end = np.full(_COLUMNS, 0.6 * chin + 0.4 * neck)
    else:
        end = np.where(front, neck + 0.02, neck - 0.16 * body.height / 1.75)
        end = np.convolve(np.pad(end, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    start = eye + 0.3 * (cap[:, 1].max() - eye)
    share = np.linspace(0, 1, _ROWS)[:, np.newaxis]
    level = start + share * (end - start)
    # Out from under the cap, then straight down, but outside of neck and back.
    first = _reach(cap, level[:1] + 0.02, middle, away) - 0.006
    fallen = np.clip(share * 3, 0, 1)
    radius = (1 - fallen) * np.minimum(first, reach) + fallen * reach
    skin = body.vertices[:SKIN_VERTICES]
    trunk = skin[np.abs(skin[:, 2]) < 0.11]
    radius = np.maximum(radius, np.minimum(_reach(trunk, level, middle, away) + 0.02, 0.2))
    flat = middle + radius[..., np.newaxis] * away
    points = np.stack([flat[..., 0], level, flat[..., 1]], axis=-1).reshape(-1, 3)
    uv = (
        np.stack(np.broadcast_arrays(angle * 0.12, level), axis=-1)
        .reshape(-1, 2)
        .astype(np.float32)
    )
    weights = np.zeros((len(points), len(SEGMENTS)), dtype=np.float32)
    loose = np.clip((chin - points[:, 1]) / max(chin - neck + 0.08, 0.02), 0, 1)
    weights[:, SEGMENTS.index("head")] = 1 - loose
    weights[:, SEGMENTS.index("spine01")] = loose
    hides = np.zeros(SKIN_VERTICES, dtype=bool)
    return Piece(points, _grid(_ROWS, _COLUMNS), uv, weights, hides)


def _reach(
    points: np.ndarray, level: np.ndarray, middle: np.ndarray, away: np.ndarray
) -> np.ndarray:
    """How far points reach from the middle in each direction near each level, (rows, columns)."""
    near = points[(points[:, 1] < level.max() + 0.02) & (points[:, 1] > level.min() - 0.02)]
    out = (near[:, [0, 2]] - middle) @ away.T
    radius = np.zeros(level.shape)
    for row, heights in enumerate(level):
        here = np.abs(near[:, 1:2] - heights) < 0.02
        radius[row] = np.where(here, out, 0).max(axis=0)
    return radius


def _height(body: Body, cube: str) -> float:
    return float(body.cube(cube)[1])


def _grid(rows: int, columns: int) -> np.ndarray:
    """Triangles of a net of vertices, row by row."""
    corner = np.arange(rows * columns).reshape(rows, columns)
    a, b = corner[:-1, :-1].ravel(), corner[:-1, 1:].ravel()
    c, d = corner[1:, :-1].ravel(), corner[1:, 1:].ravel()
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)
