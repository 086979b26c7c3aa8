from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.io.json_text import frame_range, last_number, person_array, read_json


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("walk_000000000012_keypoints.json", 12),
        ("frame7.jpg", 7),
        ("2024-03-01_0042.png", 42),
        ("folder3/image.png", None),
    ],
)
def test_last_number(name: str, number: int | None) -> None:
    assert last_number(name) == number


def test_points_without_confidence_or_at_the_origin_are_missing() -> None:
    person = person_array([5, 6, 0.5, 7, 8, 0, 0, 0, 0.9, 0, 3, 0.1], "a.json")
    np.testing.assert_array_equal(
        person, [[5, 6, 0.5], [np.nan, np.nan, 0], [np.nan, np.nan, 0], [0, 3, 0.1]]
    )


@pytest.mark.parametrize("numbers", [[1, 2], [], ["a", 1, 2], [[1, 2, 3]], None])
def test_other_numbers_are_refused(numbers) -> None:
    with pytest.raises(UnreadableInput, match=r"a\.json: keypoints are"):
        person_array(numbers, "a.json")


def test_broken_json_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"people": [\n1, 2,,]}')
    with pytest.raises(UnreadableInput, match=r"a\.json: broken JSON at line 2, column 6"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_bytes(b'{"a": "\xff\xfe\xfa"}')
    with pytest.raises(UnreadableInput, match="no text"):
        read_json(tmp_path / "a.json")


def test_frame_numbers_that_count_no_video_are_refused() -> None:
    assert frame_range([7, 4, 9], "a.json") == range(4, 10)
    with pytest.raises(UnreadableInput, match="numbered from 3 to 397133, but only 2 are there"):
        frame_range([3, 397133], "a.json")
