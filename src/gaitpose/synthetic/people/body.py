"""One body at rest: its shape, size and joints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from gaitpose.synthetic.people.phenotype import Phenotype, target_weights
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh, has_target, target


@dataclass(frozen=True)
class Body:
    """The base mesh in the shape of one person, in the rig's rest pose (arms half raised).

    Parameters
    ----------
    vertices : array, (vertices, 3)
        All of the base mesh, helpers included, metres; the soles are at y = 0.
    height : float
        Sole to crown, metres.
    """

    vertices: np.ndarray
    height: float

    def cube(self, name: str) -> np.ndarray:
        """Centre of a joint of the rig ("l-knee"), metres, (3,)."""
        return np.asarray(self.vertices[base_mesh().cubes[name]].mean(axis=0))

    def keypoint(self, name: str) -> np.ndarray:
        """COCO keypoint ("left_knee") of the rest pose, metres, (3,)."""
        indices, weights = base_mesh().keypoints[name]
        return np.asarray(weights @ self.vertices[indices])


def build_body(phenotype: Phenotype, height: float) -> Body:
    """Shape a body and give it a height.

    The phenotype's own `height` is chosen so that proportions are those of people of that height;
    what remains (a giant, a small child) is scaling.

    Parameters
    ----------
    phenotype : Phenotype
    height : float
        Metres, sole to crown.
    """
    # A body's extent is linear in the phenotype's height: targets are added, not composed.
    low, high = (_shape(replace(phenotype, height=end)) for end in (0.0, 1.0))
    share = (height - _extent(low)) / (_extent(high) - _extent(low))
    vertices = low + min(max(share, 0.0), 1.0) * (high - low)
    vertices *= height / _extent(vertices)
    skin = vertices[:SKIN_VERTICES]
    vertices[:, 1] -= skin[:, 1].min()
    return Body(vertices, height)


@lru_cache(maxsize=4)
def _shape(phenotype: Phenotype) -> np.ndarray:
    vertices = base_mesh().vertices.copy()
    for name, weight in target_weights(phenotype).items():
        if has_target(name):
            moved, by = target(name)
            vertices[moved] += weight * by
    return vertices


def _extent(vertices: np.ndarray) -> float:
    return float(np.ptp(vertices[:SKIN_VERTICES, 1]))
