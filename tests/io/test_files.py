from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gaitpose.errors import OutputFailed, UnreadableInput
from gaitpose.io.files import atomic_path, existing_file, sha256_of, writable_folder, write_text


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_result_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "gait.json") as temporary:
        assert temporary.suffix == ".json"
        assert temporary.parent == tmp_path
        temporary.write_text("{}")
        assert not (tmp_path / "gait.json").exists()
    assert (tmp_path / "gait.json").read_text() == "{}"
    assert names_in(tmp_path) == ["gait.json"]


@pytest.mark.parametrize("cause", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_interruption_keeps_the_old_file_and_leaves_no_half(
    tmp_path: Path, cause: type[BaseException]
) -> None:
    final = tmp_path / "gait.json"
    final.write_text("old")
    with pytest.raises(cause), atomic_path(final) as temporary:
        temporary.write_text("half of the n")
        raise cause
    assert final.read_text() == "old"
    assert names_in(tmp_path) == ["gait.json"]


def test_ctrl_c_in_another_process_leaves_no_half(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, signal, sys
        from gaitpose.io.files import atomic_path
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
        with atomic_path(sys.argv[1]) as temporary:
            temporary.write_text("half")
            os.kill(os.getpid(), signal.SIGINT)
            signal.pause()
        """
    )
    if not hasattr(__import__("signal"), "pause"):
        pytest.skip("needs POSIX signals")
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "out.csv")], check=False)
    assert done.returncode != 0
    assert names_in(tmp_path) == []


def test_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match=r"cannot be written.*[Cc]hoose another folder"):
        write_text(tmp_path / "absent" / "a.csv", "x")


def test_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputFailed, match="a folder of this name is in the way"):
        write_text(tmp_path / "a.csv", "x")


def test_full_disk_is_said(tmp_path: Path) -> None:
    expected = pytest.raises(OutputFailed, match=r"a\.csv: the disk is full\. Free some space")
    with expected, atomic_path(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names_in(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX limit on file sizes")
def test_a_write_that_the_system_refuses_is_said(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import resource, signal, sys
        from gaitpose.errors import OutputFailed
        from gaitpose.io.files import write_text
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_text(sys.argv[1], "x" * 100_000)
        except OutputFailed as error:
            print(error)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "big.csv")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "big.csv: cannot be written (File too large)" in done.stdout
    assert names_in(tmp_path) == []


def test_errors_of_other_files_are_not_taken_for_output_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "a.csv"):
        (tmp_path / "input that is absent").read_text()


def test_text_is_utf8_with_unix_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "Größe 1\n2\n")
    assert (tmp_path / "a.txt").read_bytes() == "Größe 1\n2\n".encode()


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 1000)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc" * 1000).hexdigest()


def test_existing_file_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_text("x")
    assert existing_file(str(tmp_path / "full")) == tmp_path / "full"
    with pytest.raises(UnreadableInput, match=r"absent\.mp4: no such file"):
        existing_file(tmp_path / "absent.mp4")
    with pytest.raises(UnreadableInput, match="this is a folder"):
        existing_file(tmp_path)
    with pytest.raises(UnreadableInput, match="the file is empty"):
        existing_file(tmp_path / "empty")


def test_writable_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = writable_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert names_in(folder) == []


def test_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputFailed, match=r"output folder cannot be written to.*--out"):
        writable_folder(tmp_path / "file" / "out")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_read_only_folder_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(OutputFailed, match="cannot be written to"):
        writable_folder(folder)
    with pytest.raises(OutputFailed, match="cannot be written"):
        write_text(folder / "a.csv", "x")
