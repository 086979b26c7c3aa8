"""Cut, drape and loosen: garments of our own from the suit that MakeHuman's mesh carries.

The base mesh has helpers that no one sees: a close-fitting suit from neck to wrists and toes, and a
long skirt. They take every shape that the body takes, and move with it. A garment is a piece of
them, smoothed as cloth bridges hollows, and moved outwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from gaitpose.skeleton import SIDES
from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.segments import SEGMENTS
from gaitpose.synthetic.people.source import SKIN_VERTICES, Patch, base_mesh

_COVERS = 0.045
"""Metres between a helper and the skin that it covers."""


@dataclass(frozen=True)
class Helper:
    """Topology of a helper of the base mesh, the same for all bodies.

    Parameters
    ----------
    vertices : int array, (vertices,)
        In the base mesh.
    faces : int32 array, (faces, 3)
        Into `vertices`.
    weights : float32 array, (vertices, segments)
    mean : sparse array, (vertices, vertices)
        Average of the neighbours.
    nearest : int array, (SKIN_VERTICES,)
        Vertex of the helper that covers a vertex of the skin, -1 for none.
    """

    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    mean: sparse.csr_array
    nearest: np.ndarray

    def normals(self, points: np.ndarray) -> np.ndarray:
        """Outward unit normals of its vertices at some positions, (vertices, 3)."""
        a, b, c = (points[self.faces[:, k]] for k in range(3))
        of_face = np.cross(b - a, c - a)
        normals = np.stack(
            [
                sum(np.bincount(self.faces[:, k], of_face[:, axis], len(points)) for k in range(3))
                for axis in range(3)
            ],
            axis=1,
        )
        return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)


@cache
def helper(name: str) -> Helper:
    """Look at one helper ("helper-tights"), or at the "scalp", once a process."""
    mesh = base_mesh()
    patch = _scalp() if name == "scalp" else mesh.patches[name]
    vertices, flat = np.unique(patch.vertices, return_inverse=True)
    faces = flat[patch.faces].astype(np.int32)
    count = len(vertices)
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    links = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count))
    mean = sparse.diags_array(1 / links.sum(axis=1)) @ links
    tree = cKDTree(mesh.vertices[vertices])
    distance, nearest = tree.query(mesh.vertices[:SKIN_VERTICES])
    nearest[distance > _COVERS] = -1
    return Helper(vertices, faces, mesh.weights[vertices], sparse.csr_array(mean), nearest)


def _scalp() -> Patch:
    """Skin of the head, of which hair is a piece."""
    mesh = base_mesh()
    patch = mesh.patches["body"]
    high = (mesh.vertices[patch.vertices][:, 1] > 0.62)[patch.faces].all(axis=1)
    return patch.restricted(high)


@dataclass(frozen=True)
class Chart:
    """Where each vertex of a helper is on the body: what garments are cut along.

    Parameters
    ----------
    down : array, (vertices,)
        0 at the hips, 1 at the ankles, negative above the hips.
    arm : array, (vertices,)
        0 on the trunk, from 0 at the shoulder to 1 at the wrist on an arm.
    neck : array, (vertices,)
        Height above the root of the neck, metres.
    foot, leg, sleeve : array, (vertices,)
        Share of foot and toes, of thigh and shank, and of the arm in a vertex' motion.
    axis : array, (vertices, 3)
        Nearest point on the axis of the limb or trunk.
    along : array, (vertices,)
        Metres along that axis.
    """

    down: np.ndarray
    arm: np.ndarray
    neck: np.ndarray
    foot: np.ndarray
    leg: np.ndarray
    sleeve: np.ndarray
    axis: np.ndarray
    along: np.ndarray


def chart(points: np.ndarray, weights: np.ndarray, joints: Joints) -> Chart:
    """Locate vertices (vertices, 3) on a body at rest."""
    at = joints.centres
    hip, ankle = joints.mid_hip[1], at["left_foot"][1]
    axis = np.stack([np.full(len(points), joints.mid_hip[0]), points[:, 1], 0 * points[:, 1]], 1)
    along = points[:, 1].copy()
    arm = np.zeros(len(points))

    def share(*names: str) -> np.ndarray:
        return weights[:, [SEGMENTS.index(name) for name in names]].sum(axis=1)

    legs, feet, sleeves = (np.zeros(len(points)) for _ in range(3))
    for side in SIDES:
        of_arm = share(*(f"{side}_{s}" for s in ("upperarm", "forearm", "wrist_roll", "hand")))
        chain = np.stack([at[f"{side}_{s}"] for s in ("upperarm", "forearm", "hand")])
        on, length = _on_chain(points, chain)
        mine = of_arm > 0.5
        sleeves = sleeves + of_arm
        total = np.linalg.norm(np.diff(chain, axis=0), axis=1).sum()
        arm[mine], axis[mine], along[mine] = length[mine] / total, on[mine], length[mine]
        leg = share(f"{side}_thigh", f"{side}_shank")
        foot = share(f"{side}_foot", f"{side}_toes")
        chain = np.stack([at[f"{side}_{s}"] for s in ("thigh", "shank", "foot")])
        mine = leg + foot > 0.5
        axis[mine] = _on_chain(points, chain)[0][mine]
        legs, feet = legs + leg, feet + foot
    down = (hip - points[:, 1]) / (hip - ankle)
    return Chart(down, arm, points[:, 1] - at["neck01"][1], feet, legs, sleeves, axis, along)


@dataclass(frozen=True)
class Piece:
    """A garment on the body at rest.

    Parameters
    ----------
    vertices : array, (vertices, 3)
        Metres.
    faces : int32 array, (faces, 3)
    uv : float32 array, (vertices, 2)
        Metres along the cloth.
    weights : float32 array, (vertices, segments)
    hides : bool array, (SKIN_VERTICES,)
        Skin that cannot be seen under it.
    """

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    weights: np.ndarray
    hides: np.ndarray


class Suit:
    """A helper in the shape of one body, from which pieces are cut."""

    def __init__(self, name: str, body: Body, joints: Joints) -> None:
        self.helper = helper(name)
        self.points = body.vertices[self.helper.vertices]
        self.normals = self.helper.normals(self.points)
        self.chart = chart(self.points, self.helper.weights, joints)
        self.leg = float(joints.mid_hip[1] - joints.centres["left_foot"][1])
        self.size = body.height / 1.75

    def between(self, top: float, hem: float) -> np.ndarray:
        """Field that is negative between two heights on the chart's scale."""
        return np.maximum(top - self.chart.down, self.chart.down - hem) * self.leg

    def smooth(
        self, points: np.ndarray, inside: np.ndarray, rounds: int, *, freely: bool = False
    ) -> np.ndarray:
        """Let cloth bridge hollows: vertices inside move to the mean of their neighbours.

        Only the way in or out counts: a vertex stays over its place on the body, so that hems stay
        level and what is worn over it can be kept outside of it. Not so `freely`.
        """
        smooth = points
        for _ in range(rounds):
            smooth = np.where(inside[:, np.newaxis], self.helper.mean @ smooth, smooth)
        if freely:
            return smooth
        way = np.einsum("vi,vi->v", smooth - points, self.normals)
        return points + way[:, np.newaxis] * self.normals

    def pushed(self, shaped: np.ndarray, least: np.ndarray | float) -> np.ndarray:
        """Keep cloth at least so many metres outside of the suit."""
        outside = np.einsum("vi,vi->v", shaped - self.points, self.normals)
        return shaped + np.clip(least - outside, 0, None)[:, np.newaxis] * self.normals

    def cut(
        self,
        field: np.ndarray,
        shaped: np.ndarray,
        *,
        hem: float = 0.02,
        uv: np.ndarray | None = None,
    ) -> Piece:
        """Take what lies inside a line.

        Parameters
        ----------
        field : array, (vertices,)
            Negative inside; about metres to the line along which the cloth is cut.
        shaped : array, (vertices, 3)
            Where the cloth is, metres.
        hem : float
            Metres inside of the line from where on skin under the cloth is left out.
        uv : array, (vertices, 2), optional
            Texture coordinates; by default around and along the body, metres.
        """
        cut = clip(self.helper.faces, field)
        rows = cut.weighted
        covered = (field < -hem)[self.helper.nearest] & (self.helper.nearest >= 0)
        return Piece(
            rows @ shaped,
            cut.faces,
            (rows @ (self._uv(shaped) if uv is None else uv)).astype(np.float32),
            (rows @ self.helper.weights).astype(np.float32),
            covered,
        )

    def _uv(self, shaped: np.ndarray) -> np.ndarray:
        """Around and along limb or trunk, metres; left and right halves mirror each other."""
        spoke = shaped - self.chart.axis
        radius = np.linalg.norm(spoke[:, [0, 2]], axis=1)
        around = np.abs(np.arctan2(spoke[:, 2], spoke[:, 0]))
        typical = np.where(self.chart.arm > 0, 0.05, np.where(self.chart.leg > 0.5, 0.08, 0.14))
        return np.stack([around * np.where(radius > 0, typical, 0), self.chart.along], 1).astype(
            np.float32
        )


@dataclass(frozen=True)
class Cut:
    """What is left of a mesh.

    Parameters
    ----------
    weighted : sparse array, (kept, vertices)
        Each vertex that is left as a mean of vertices of the mesh.
    faces : int32 array, (faces, 3)
        Into those left.
    """

    weighted: sparse.csr_array
    faces: np.ndarray


def clip(faces: np.ndarray, field: np.ndarray) -> Cut:
    """Cut a mesh along the line where a field over its vertices is zero, and keep the negative.

    Parameters
    ----------
    faces : int array, (faces, 3)
    field : array, (vertices,)
    """
    count = len(field)
    inside = field < 0
    number = inside[faces].sum(axis=1)
    # Turn each face that is cut so that its odd corner comes first.
    odd = np.where(number == 1, inside[faces].argmax(1), (~inside[faces]).argmax(1))
    turned = np.take_along_axis(faces, (odd[:, np.newaxis] + np.arange(3)) % 3, axis=1)
    one, two = turned[number == 1], turned[number == 2]
    edges = np.concatenate(
        [one[:, [0, 1]], one[:, [0, 2]], two[:, [1, 0]], two[:, [2, 0]]]
    )  # from the inside outwards
    edges, named = np.unique(edges, axis=0, return_inverse=True)
    ab, ac, ba, ca = np.split(count + named.ravel(), np.cumsum([len(one), len(one), len(two)]))
    kept = np.concatenate(
        [
            faces[number == 3],
            np.stack([one[:, 0], ab, ac], axis=1),
            np.stack([two[:, 1], two[:, 2], ca], axis=1),
            np.stack([two[:, 1], ca, ba], axis=1),
        ]
    )
    used, flat = np.unique(kept, return_inverse=True)
    share = field[edges[:, 0]] / (field[edges[:, 0]] - field[edges[:, 1]])
    cut = sparse.coo_array(
        (
            np.concatenate([1 - share, share]),
            (np.tile(np.arange(len(edges)), 2), edges.T.ravel()),
        ),
        (len(edges), count),
    )
    rows = sparse.csr_array(sparse.vstack([sparse.eye_array(count), cut]))
    return Cut(sparse.csr_array(rows[used]), flat.reshape(kept.shape).astype(np.int32))


def _on_chain(points: np.ndarray, chain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest points on a polyline, (points, 3), and their distance along it; its ends go on."""
    best = np.full(len(points), np.inf)
    on, length = np.zeros_like(points), np.zeros(len(points))
    before = 0.0
    for index, (start, end) in enumerate(pairwise(chain)):
        span = float(np.linalg.norm(end - start))
        along = (points - start) @ (end - start) / span
        first, last = index == 0, index == len(chain) - 2
        along = np.clip(along, -np.inf if first else 0, np.inf if last else span)
        candidate = start + along[:, np.newaxis] * (end - start) / span
        distance = np.linalg.norm(points - candidate, axis=1)
        nearer = distance < best
        best[nearer], on[nearer] = distance[nearer], candidate[nearer]
        length[nearer] = before + along[nearer]
        before += span
    return on, length
