import json

import cv2
import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.pose.codec import PRESENT
from gaitpose.training.bystanders import MOST_COVERED, paste_bystander, read_cutouts
from gaitpose.training.views import View


@pytest.fixture
def masked(tmp_path):
    """One picture of two people: red (100 px tall) and green (too small), with a mask."""
    picture, mask = np.full((150, 120, 3), 50, np.uint8), np.zeros((150, 120), np.uint8)
    picture[20:120, 30:60], mask[20:120, 30:60] = (0, 0, 255), 1
    picture[90:120, 80:100], mask[90:120, 80:100] = (0, 255, 0), 2
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    cv2.imwrite(str(tmp_path / "m.png"), mask)
    content = {
        "images": [{"id": 1, "file_name": "a.png", "mask": "m.png"}],
        "annotations": [
            {"id": n, "image_id": 1, "mask_value": n, "bbox": [0, 0, 9, 9]} for n in (1, 2)
        ],
    }
    (tmp_path / "annotations.json").write_text(json.dumps(content))
    return tmp_path


def test_cutouts_are_people_large_enough_without_their_background(masked):
    cutouts = read_cutouts(masked)
    assert [each.shape for each in cutouts] == [(100, 30, 4)]
    assert (cutouts[0] == (255, 0, 0, 255)).all()
    with pytest.raises(UnreadableInput, match=r"annotations\.json"):
        read_cutouts(masked / "nowhere")


@pytest.mark.parametrize("seed", range(12))
def test_a_bystander_covers_few_joints_and_moves_none(masked, seed):
    rng = np.random.default_rng(seed)
    joints = np.column_stack((np.tile([60, 68], 4), np.repeat([30, 60, 80, 105], 2))).astype(float)
    view = View(np.zeros((128, 128, 3), np.uint8), joints, np.full(8, PRESENT))
    pasted = paste_bystander(view, read_cutouts(masked), rng)
    assert pasted.joints is view.joints
    x, y = joints.astype(int).T
    assert (pasted.image[y, x, 0] > 100).sum() <= MOST_COVERED
    assert (view.image == 0).all()


def test_somebody_is_usually_there(masked):
    cutouts = read_cutouts(masked)
    joints = np.column_stack((np.tile([60, 68], 4), np.repeat([30, 60, 80, 105], 2))).astype(float)
    view = View(np.zeros((128, 128, 3), np.uint8), joints, np.full(8, PRESENT))
    pasted = [paste_bystander(view, cutouts, np.random.default_rng(k)).image for k in range(40)]
    assert np.mean([image.any() for image in pasted]) > 0.7
