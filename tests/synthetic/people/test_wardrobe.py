from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.synthetic.people import Outfit, Person, PersonSettings, Wardrobe
from gaitpose.synthetic.people.body import build_body
from gaitpose.synthetic.people.makehuman import fit, read_pattern
from gaitpose.synthetic.people.phenotype import Phenotype
from gaitpose.synthetic.people.source import SKIN_VERTICES, base_mesh

HEADER = "name patch\nobj_file patch.obj\nx_scale 5399 11998 1.4\nz_scale 962 5320 1.9\n"


def write_garment(folder: Path, rows: str, vertices: int = 4) -> Path:
    """A patch of cloth of two triangles."""
    lines = [f"v {index} 0 0" for index in range(vertices)]
    lines += ["vt 0 0", "vt 1 0", "vt 1 1", "vt 0 1", "f 1/1 2/2 3/3 4/4"]
    (folder / "patch.obj").write_text("\n".join(lines))
    path = folder / "patch.mhclo"
    path.write_text(f"{HEADER}y_scale 791 881 2.3\nverts 0\n{rows}\ndelete_verts\n10 - 12 20\n")
    return path


def test_garment_lies_on_the_corners_that_it_names(tmp_path: Path) -> None:
    rows = "\n".join(["100", "101", "100 101 102 0.2 0.3 0.5 0 0 0", "100 101 102 1 0 0 0 1 0"])
    pattern = read_pattern(write_garment(tmp_path, rows))
    body = build_body(Phenotype(), 1.7)
    piece = fit(pattern, body)
    at = body.vertices
    placed = {int(v): piece.vertices[i] for i, v in enumerate(pattern.patch.vertices)}
    np.testing.assert_allclose(placed[0], at[100])
    np.testing.assert_allclose(placed[2], (0.2, 0.3, 0.5) @ at[[100, 101, 102]])
    upwards = abs(at[791, 1] - at[881, 1]) / 2.3
    np.testing.assert_allclose(placed[3], at[100] + (0, upwards, 0))
    np.testing.assert_array_equal(np.flatnonzero(piece.hides), [10, 11, 12, 20])
    np.testing.assert_allclose(piece.weights.sum(axis=1), 1, atol=1e-5)
    assert len(piece.faces) == 2


def test_damaged_garment_is_refused_by_name(tmp_path: Path) -> None:
    path = write_garment(tmp_path, "100\n101\n102", vertices=4)
    with pytest.raises(UnreadableInput, match=r"patch\.mhclo.*4 vertices"):
        read_pattern(path)


def test_folder_without_assets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no clothes"):
        Wardrobe(tmp_path)


@pytest.fixture(scope="module")
def wardrobe(shared_data: Path) -> Wardrobe:
    folder = shared_data / "bodies"
    if not folder.is_dir():
        pytest.skip("the assets of MakeHuman are absent")
    return Wardrobe(folder)


def test_suits_fit_their_body(wardrobe: Wardrobe) -> None:
    for sex, height, weight in (("male", 1.9, 0.9), ("female", 1.55, 0.1)):
        for pick in (0.05, 0.5, 0.95):
            settings = PersonSettings(
                sex=sex, height=height, weight=weight, outfit=Outfit(pick=pick)
            )
            body = build_body(settings.phenotype, height)
            suit = wardrobe.suit(settings)
            assert suit is not None
            piece = fit(suit, body)
            skin, cloth = (
                points[
                    (np.abs(points[:, 1] - 0.56 * height) < 0.02) & (np.abs(points[:, 2]) < 0.15)
                ]
                for points in (body.vertices[:SKIN_VERTICES], piece.vertices)
            )
            width = np.ptp(skin[:, 0])
            assert width - 0.02 < np.ptp(cloth[:, 0]) < width + 0.1
            assert piece.hides.sum() > 1000


def test_dressed_from_the_wardrobe(wardrobe: Wardrobe) -> None:
    outfit = Outfit(from_wardrobe=True, shoes="trainers", pick=0.3)
    settings = PersonSettings(sex="male", hair="short", outfit=outfit)
    dressed, painted = Person(settings, wardrobe), Person(settings)
    assert dressed.lengths.thigh == painted.lengths.thigh
    assert 0.0 < dressed.lengths.ankle_height - painted.lengths.ankle_height + 0.02 < 0.05


def test_costume_of_the_skin_is_not_worn(wardrobe: Wardrobe) -> None:
    settings = PersonSettings(sex="male", years=25, ancestry=(0.0, 0.0, 1.0))
    texture = wardrobe.skin(settings)
    assert texture is not None
    from gaitpose.synthetic.people.skins import is_costume

    assert is_costume(texture)
    older = PersonSettings(sex="male", years=45, ancestry=(0.0, 0.0, 1.0))
    other = wardrobe.skin(older)
    assert other is not None
    assert not is_costume(other)


def test_base_mesh_has_the_helpers_that_garments_lie_on() -> None:
    assert {"helper-tights", "helper-skirt", "helper-l-eye"} <= set(base_mesh().patches)
