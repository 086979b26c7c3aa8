"""From settings to layers: what of a person is drawn, with which material, moved by what."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitpose.synthetic.people.body import Body
from gaitpose.synthetic.people.garments import dress, shoes
from gaitpose.synthetic.people.hair import grow, hair_texture
from gaitpose.synthetic.people.joints import Joints
from gaitpose.synthetic.people.makehuman import Pattern, fit
from gaitpose.synthetic.people.segments import skinned
from gaitpose.synthetic.people.settings import Cloth, Colour, PersonSettings
from gaitpose.synthetic.people.skins import eye_patch, is_costume, painted_eye, painted_skin
from gaitpose.synthetic.people.source import SKIN_VERTICES, Patch, base_mesh
from gaitpose.synthetic.people.tailoring import Piece
from gaitpose.synthetic.people.textures import cloth_texture, shoe_texture
from gaitpose.synthetic.people.wardrobe import Wardrobe, picture
from gaitpose.synthetic.surface import Material, Part, Surface

_WHITE: Colour = (1.0, 1.0, 1.0)


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


@dataclass(frozen=True)
class Worn:
    """A piece and what it is made of."""

    piece: Piece
    material: Material
    on_foot: bool = False

    def layer(self) -> Layer:
        """Make it ready to be posed."""
        piece = self.piece
        rest = piece.vertices.astype(np.float32)
        return Layer(rest, piece.weights, piece.faces, piece.uv, self.material, Part.CLOTHING)


def layers_of(
    settings: PersonSettings, body: Body, joints: Joints, wardrobe: Wardrobe | None
) -> tuple[list[Layer], np.ndarray]:
    """Dress a body.

    Returns
    -------
    layers : list of Layer
    soles : array, (vertices, 3)
        Of shoes, or of bare feet, at rest: what touches the ground, metres.
    """
    worn = [
        *_clothes(settings, body, joints, wardrobe),
        *_shoes(settings, body, joints, wardrobe),
        *_hair(settings, body, joints, wardrobe),
    ]
    hidden = np.zeros(SKIN_VERTICES, dtype=bool)
    for thing in worn:
        hidden |= thing.piece.hides
    soles = [w.piece.vertices for w in worn if w.on_foot] or [body.vertices[:SKIN_VERTICES]]
    # Short shorts below a coat: nothing of them is left to be seen.
    seen = [thing.layer() for thing in worn if len(thing.piece.faces)]
    layers = [*_skin_layers(settings, body, hidden, wardrobe), *seen]
    return layers, np.concatenate(soles)


def _clothes(
    settings: PersonSettings, body: Body, joints: Joints, wardrobe: Wardrobe | None
) -> list[Worn]:
    outfit = settings.outfit
    if wardrobe is not None and outfit.from_wardrobe:
        suit = wardrobe.suit(settings)
        if suit is not None:
            return [_assets(suit, body, outfit.tint)]
    cloths = {"top": outfit.top_cloth, "bottom": outfit.bottom_cloth}
    return [
        _cloth(piece, cloths[kind], settings.seed) for piece, kind in dress(outfit, body, joints)
    ]


def _shoes(
    settings: PersonSettings, body: Body, joints: Joints, wardrobe: Wardrobe | None
) -> list[Worn]:
    outfit = settings.outfit
    if wardrobe is not None and outfit.from_wardrobe and outfit.shoes in ("trainers", "boots"):
        pair = wardrobe.shoes(settings)
        if pair is not None:
            return [_assets(pair, body, _WHITE, on_foot=True)]
    pair_of_ours = shoes(outfit, body, joints)
    if pair_of_ours is None:
        return []
    if outfit.shoes == "socks":
        return [_cloth(pair_of_ours, outfit.shoe_cloth, settings.seed + 5, on_foot=True)]
    texture = shoe_texture(outfit.shoe_cloth, settings.seed + 5)
    material = Material(_WHITE, texture, roughness=0.6, two_sided=True)
    return [Worn(pair_of_ours, material, on_foot=True)]


def _hair(
    settings: PersonSettings, body: Body, joints: Joints, wardrobe: Wardrobe | None
) -> list[Worn]:
    worn = []
    pattern = None
    if wardrobe is not None:
        hat = wardrobe.hat(settings) if settings.outfit.hat else None
        if hat is None:
            pattern = wardrobe.hair(settings)
        else:  # what shows below its brim is short
            worn.append(_assets(hat, body, settings.outfit.tint))
            settings = replace(settings, hair="cropped")
    if pattern is not None:
        texture = None if pattern.texture is None else _dyed(picture(pattern.texture), settings)
        colour = settings.hair_colour if texture is None else _WHITE
        material = Material(colour, texture, roughness=0.55, two_sided=True)
        return [*worn, Worn(fit(pattern, body), material)]
    material = Material(_WHITE, hair_texture(settings), roughness=0.6, two_sided=True)
    return [*worn, *(Worn(piece, material) for piece in grow(settings, body, joints))]


def _assets(pattern: Pattern, body: Body, tint: Colour, *, on_foot: bool = False) -> Worn:
    texture = None if pattern.texture is None else picture(pattern.texture)
    material = Material(tint, texture, roughness=0.85, two_sided=True)
    return Worn(fit(pattern, body), material, on_foot)


def _cloth(piece: Piece, cloth: Cloth, seed: int, *, on_foot: bool = False) -> Worn:
    repeats = Piece(piece.vertices, piece.faces, piece.uv / cloth.scale, piece.weights, piece.hides)
    material = Material(_WHITE, cloth_texture(cloth, seed), roughness=0.9, two_sided=True)
    return Worn(repeats, material, on_foot)


def _dyed(texture: np.ndarray, settings: PersonSettings) -> np.ndarray:
    """Give hair another colour: its light and shade stay."""
    light = texture[..., :3].mean(axis=2) / 255
    seen = texture[..., 3] > 127 if texture.shape[2] == 4 else np.ones(light.shape, dtype=bool)
    light = 0.25 + 0.75 * light / max(float(light[seen].mean()), 0.02)
    dyed = np.clip(light[..., np.newaxis] * settings.hair_colour * 255, 0, 255).astype(np.uint8)
    return np.concatenate([dyed, texture[..., 3:]], axis=2)


def _skin_layers(
    settings: PersonSettings, body: Body, hidden: np.ndarray, wardrobe: Wardrobe | None
) -> list[Layer]:
    texture = None if wardrobe is None else wardrobe.skin(settings)
    if texture is None or is_costume(texture):
        texture = painted_skin(settings)
    patch = base_mesh().patches["body"]
    patch = patch.restricted(~hidden[patch.vertices][patch.faces].all(axis=1))
    eye = Material(_WHITE, painted_eye(settings), roughness=0.25)
    return [
        _body_layer(patch, body, Material(_WHITE, texture, roughness=0.6)),
        *(_body_layer(eye_patch(side), body, eye) for side in ("l", "r")),
    ]


def _body_layer(patch: Patch, body: Body, material: Material) -> Layer:
    return Layer(
        body.vertices[patch.vertices].astype(np.float32),
        base_mesh().weights[patch.vertices],
        patch.faces,
        patch.uv,
        material,
        Part.BODY,
    )
