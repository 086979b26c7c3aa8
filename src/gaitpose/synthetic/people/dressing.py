"""From settings to layers: what of a person is drawn, with which material, moved by what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.garments import dress, shoes
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.segments import skinned
from gaitpose.synthetic.people.settings import Cloth, PersonSettings
from gaitpose.synthetic.people.source import SKIN_VERTICES, Patch, base_mesh
from gaitpose.synthetic.people.tailoring import Piece
from gaitpose.synthetic.people.textures import cloth_texture
from gaitpose.synthetic.people.wardrobe import Wardrobe
from gaitpose.synthetic.surface import Material, Part, Surface


@dataclass(frozen=True)
class Layer:
    """A mesh on the body at rest, with all that is needed to pose and draw it."""

    rest: np.ndarray
    weights: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    material: Material
    part: Part

    def posed(self, motions: np.ndarray) -> Surface:
        """Move it with the segments: motions (segments, 3, 4)."""
        vertices = skinned(self.rest, self.weights, motions)
        return Surface(vertices, self.faces, self.material, self.part, self.uv)


def layers_of(
    settings: PersonSettings, body: Body, joints: Joints, wardrobe: Wardrobe | None
) -> tuple[list[Layer], np.ndarray]:
    """Dress a body.

    Returns
    -------
    layers : list of Layer
    soles : array, (vertices, 3)
        Of feet and shoes at rest: what touches the ground, metres.
    """
    outfit = settings.outfit
    pieces = dress(outfit, body, joints)
    pair = shoes(outfit, body, joints)
    if pair is not None:
        pieces.append((pair, "shoes"))
    cloths = {"top": outfit.top_cloth, "bottom": outfit.bottom_cloth, "shoes": outfit.shoe_cloth}
    layers = [_cloth_layer(piece, cloths[kind], settings.seed) for piece, kind in pieces]
    hidden = np.logical_or.reduce([piece.hides for piece, _ in pieces])
    soles = body.vertices[:SKIN_VERTICES]
    if pair is not None:
        soles = np.concatenate([soles, pair.vertices])
    return [*_skin_layers(settings, body, hidden), *layers], soles


def _cloth_layer(piece: Piece, cloth: Cloth, seed: int) -> Layer:
    texture = cloth_texture(cloth, seed)
    material = Material((1.0, 1.0, 1.0), texture, two_sided=True, roughness=0.9)
    return Layer(
        piece.vertices.astype(np.float32),
        piece.weights,
        piece.faces,
        piece.uv / cloth.scale,
        material,
        Part.CLOTHING,
    )


def _skin_layers(settings: PersonSettings, body: Body, hidden: np.ndarray) -> list[Layer]:
    patch = base_mesh().patches["body"]
    corners_hidden = hidden[patch.vertices]
    patch = patch.restricted(~corners_hidden[patch.faces].all(axis=1))
    layers = [_body_layer(patch, body, Material(settings.skin, roughness=0.6))]
    for side in ("l", "r"):
        eye = base_mesh().patches[f"helper-{side}-eye"]
        layers.append(_body_layer(eye, body, Material((0.9, 0.9, 0.9), roughness=0.3)))
    return layers


def _body_layer(patch: Patch, body: Body, material: Material) -> Layer:
    return Layer(
        body.vertices[patch.vertices].astype(np.float32),
        base_mesh().weights[patch.vertices],
        patch.faces,
        patch.uv,
        material,
        Part.BODY,
    )
