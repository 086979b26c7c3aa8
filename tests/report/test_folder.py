"""The output folder is checked first, keeps what others put there, and never stays half full."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gaitpose.errors import OutputFailed
from gaitpose.report.folder import output_folder


def earlier_results(folder: Path, sha256: str) -> None:
    folder.mkdir()
    source = {"name": "other.mp4", "sha256": sha256}
    (folder / "gait.json").write_text(json.dumps({"provenance": {"input": source}}))


def test_a_new_folder_that_stays_empty_is_removed_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), output_folder(tmp_path / "a" / "b", lambda: "x"):
        raise KeyboardInterrupt
    assert not (tmp_path / "a" / "b").exists()


def test_what_was_finished_stays(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), output_folder(tmp_path / "out", lambda: "x") as folder:
        (folder / "gait.json").write_text("{}")
        raise KeyboardInterrupt
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["gait.json"]


def test_an_existing_empty_folder_is_not_ours_to_remove(tmp_path: Path) -> None:
    with output_folder(tmp_path, lambda: "x"):
        pass
    assert tmp_path.is_dir()


def test_results_of_another_input_are_not_replaced(tmp_path: Path) -> None:
    earlier_results(tmp_path / "out", "aa")
    with (
        pytest.raises(OutputFailed, match=r"another input \(other.mp4\).*--force"),
        output_folder(tmp_path / "out", lambda: "bb"),
    ):
        pass


def test_results_of_the_same_input_are_replaced(tmp_path: Path) -> None:
    earlier_results(tmp_path / "out", "aa")
    with output_folder(tmp_path / "out", lambda: "aa") as folder:
        assert folder.is_dir()


def test_force_replaces_any_results(tmp_path: Path) -> None:
    earlier_results(tmp_path / "out", "aa")
    with output_folder(tmp_path / "out", lambda: "bb", force=True) as folder:
        assert folder.is_dir()


def test_a_foreign_gait_json_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "gait.json").write_text("[1, 2]")
    with output_folder(tmp_path, lambda: "x") as folder:
        assert folder == tmp_path


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputFailed, match="cannot be written to"),
        output_folder(tmp_path / "file" / "out", lambda: "x"),
    ):
        pass
