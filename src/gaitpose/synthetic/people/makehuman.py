"""MakeHuman's clothes files (.mhclo): reading them, and fitting them to a body.

Each vertex of a garment lies on a triangle of the base mesh, moved by an offset that grows with the
body. Format: http://www.makehumancommunity.org/wiki/Documentation:MHCLO.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from gaitpose.errors import UnreadableInput
from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.source import (
    SKIN_VERTICES,
    Patch,
    base_mesh,
    patch_of,
    read_obj_lines,
    to_walker_axes,
)
from gaitpose.synthetic.people.tailoring import Piece

_AXIS = {"x_scale": 2, "y_scale": 1, "z_scale": 0}
"""MakeHuman's axes, in the walker's."""


@dataclass(frozen=True)
class Pattern:
    """A garment, not yet on a body.

    Parameters
    ----------
    corners : int array, (vertices, 3)
        Vertices of the base mesh.
    shares : array, (vertices, 3)
        Weights of these corners.
    offsets : array, (vertices, 3)
        In the walker's axes, in MakeHuman's unit times the scale.
    scales : dict
        Axis (0..2) to (vertex, vertex, their distance along it in MakeHuman's unit).
    covers : bool array, (SKIN_VERTICES,)
        Skin that the garment hides.
    patch : Patch
    texture : Path or None
    """

    corners: np.ndarray
    shares: np.ndarray
    offsets: np.ndarray
    scales: dict[int, tuple[int, int, float]]
    covers: np.ndarray
    patch: Patch
    texture: Path | None


@lru_cache(maxsize=64)
def read_pattern(path: Path) -> Pattern:
    """Read a .mhclo file and the mesh and material it names.

    Raises
    ------
    UnreadableInput
        If it is absent, damaged or for another base mesh.
    """
    try:
        return _parse(path)
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise UnreadableInput(
            f"not a MakeHuman garment ({error})",
            where=str(path),
            hint="Give a folder of assets for the base mesh hm08",
        ) from error


def _parse(path: Path) -> Pattern:
    rows: list[list[float]] = []
    covers = np.zeros(len(base_mesh().vertices), dtype=bool)
    words: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        if not parts[0].isdigit():
            section, words[parts[0]] = parts[0], parts[1:]
        elif section == "delete_verts":
            for first, last in _ranges(parts):
                covers[first : last + 1] = True
        elif len(parts) == 1:
            rows.append([float(parts[0])] * 3 + [1, 0, 0] + [0, 0, 0])
        else:
            rows.append([float(part) for part in parts[:9]])
    table = np.array(rows)
    scales = {
        axis: (int(words[name][0]), int(words[name][1]), float(words[name][2]))
        for name, axis in _AXIS.items()
    }
    material = path.parent / words["material"][0] if "material" in words else None
    return Pattern(
        corners=table[:, :3].astype(int),
        shares=table[:, 3:6],
        offsets=to_walker_axes(table[:, 6:]),
        scales=scales,
        covers=covers[:SKIN_VERTICES],
        patch=_mesh(path.parent / words["obj_file"][0], len(table)),
        texture=_texture(material),
    )


def _ranges(parts: list[str]) -> list[tuple[int, int]]:
    """Vertices of ``1 - 3 7`` as (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    until = False
    for part in parts:
        if part == "-":
            until = True
        elif until:
            found[-1] = (found[-1][0], int(part))
            until = False
        else:
            found.append((int(part), int(part)))
    return found


def _mesh(path: Path, count: int) -> Patch:
    vertices, uv, groups = read_obj_lines(path.read_text().splitlines())
    if len(vertices) != count:
        raise ValueError(
            f"{len(vertices)} vertices in {path.name}, but {count} in the clothes file"
        )
    return patch_of(np.concatenate(list(groups.values())), uv)


def _texture(material: Path | None) -> Path | None:
    if material is None or not material.is_file():
        return None
    for line in material.read_text(errors="replace").splitlines():
        parts = line.split()
        if parts[:1] == ["diffuseTexture"]:
            found = material.parent / parts[-1]
            return found if found.is_file() else None
    return None


def fit(pattern: Pattern, body: Body) -> Piece:
    """Put a garment on a body at rest."""
    at = body.vertices
    scale = np.ones(3)
    for axis, (first, second, length) in pattern.scales.items():
        scale[axis] = abs(at[first, axis] - at[second, axis]) / length
    placed = np.einsum("vk,vki->vi", pattern.shares, at[pattern.corners])
    placed += scale * pattern.offsets
    of_corners = base_mesh().weights[pattern.corners]
    shares = np.clip(pattern.shares, 0, None)
    weights = np.einsum("vk,vks->vs", shares / shares.sum(1, keepdims=True), of_corners)
    used = pattern.patch.vertices
    return Piece(
        placed[used],
        pattern.patch.faces,
        pattern.patch.uv,
        weights[used].astype(np.float32),
        pattern.covers,
    )
