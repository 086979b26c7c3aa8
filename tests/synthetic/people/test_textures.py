from __future__ import annotations

import numpy as np
import pytest

from gaitpose.synthetic.people.settings import PATTERNS, Cloth, PersonSettings
from gaitpose.synthetic.people.skins import eye_patch, is_costume, painted_eye, painted_skin
from gaitpose.synthetic.people.textures import cloth_texture, noise, shoe_texture


@pytest.mark.parametrize("pattern", PATTERNS)
def test_cloth_has_its_colours(pattern: str) -> None:
    cloth = Cloth((0.8, 0.1, 0.1), (0.1, 0.1, 0.8), pattern)
    texture = cloth_texture(cloth, 3)
    assert texture.shape == (256, 256, 3)
    assert texture.dtype == np.uint8
    np.testing.assert_array_equal(texture, cloth_texture(cloth, 3))
    red = texture[..., 0].mean() - texture[..., 2].mean()
    if pattern == "plain":
        assert red == pytest.approx(0.7 * 255, abs=5)
    else:
        assert red < 0.69 * 255


def test_noise_repeats_without_a_seam() -> None:
    field = noise(np.random.default_rng(0), 10)
    assert field.std() == pytest.approx(1)
    inner = np.abs(np.diff(field, axis=0)).mean()
    assert np.abs(field[0] - field[-1]).mean() < 1.5 * inner


def test_shoe_has_a_sole() -> None:
    shoe = shoe_texture(Cloth((0.5, 0.5, 0.5)), 1).astype(float)
    assert np.abs(shoe[-5:].mean() - shoe[100:180].mean()) > 20


def test_skin_is_of_its_tone_and_has_lips() -> None:
    settings = PersonSettings(skin=(0.8, 0.6, 0.5), seed=4, sex="female")
    texture = painted_skin(settings)
    assert texture.shape == (512, 512, 3)
    middle = np.median(texture.reshape(-1, 3), axis=0) / 255
    np.testing.assert_allclose(middle, settings.skin, atol=0.03)
    assert not is_costume(texture)
    assert len(np.unique(texture.reshape(-1, 3), axis=0)) > 500


def test_costume_is_known() -> None:
    texture = painted_skin(PersonSettings())
    suited = texture.copy()
    suited[:, :256] //= 4  # the trunk lies in the left half of the layout
    assert is_costume(suited)


def test_eyes_look_ahead() -> None:
    eye = painted_eye(PersonSettings())
    assert eye[32, 32].max() < 20  # the pupil
    assert eye[2, 2].min() > 200
    for side in ("l", "r"):
        uv = eye_patch(side).uv
        assert uv.min() > -0.1
        assert uv.max() < 1.1
