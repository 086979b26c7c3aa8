"""What kind of file is this: told from its content, not from its name."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Any

from gaitpose.errors import UnreadableInput
from gaitpose.io.c3d import is_c3d
from gaitpose.io.deeplabcut import is_deeplabcut_csv
from gaitpose.io.files import existing_file
from gaitpose.io.json_text import read_json
from gaitpose.io.openpose import PATTERN

_HEAD_BYTES = 4096
_HDF5 = b"\x89HDF\r\n\x1a\n"


class Kind(StrEnum):
    """Kinds of input that are understood."""

    VIDEO = "video"
    OPENPOSE = "OpenPose folder"
    COCO = "COCO or AlphaPose JSON"
    MMPOSE = "MMPose JSON"
    DEEPLABCUT = "DeepLabCut or Lightning Pose CSV or HDF5"
    TRC = "TRC"
    C3D = "C3D"
    NETCDF = "netCDF of gaitpose or movement"


POSE_KINDS = ", ".join(kind.value for kind in Kind if kind is not Kind.VIDEO)


def kind_of(path: str | os.PathLike[str]) -> Kind:
    """Tell the kind of an input file or folder.

    Parameters
    ----------
    path : path

    Returns
    -------
    Kind
        ``VIDEO`` for any binary content that is none of the others; whether it is a video that
        can be read is for :class:`gaitpose.io.video.VideoReader` to say.

    Raises
    ------
    UnreadableInput
        If there is no such file or folder, it is empty, or it is text of an unknown kind.
    """
    path = Path(path)
    if path.is_dir():
        return _kind_of_folder(path)
    with existing_file(path).open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_HDF5):
        return _kind_of_hdf5(path)
    if _is_text(head):
        return _kind_of_text(path, head.decode("utf-8-sig", errors="replace").lstrip())
    return Kind.C3D if is_c3d(head) and path.suffix.lower() == ".c3d" else Kind.VIDEO


def kind_of_json(content: Any) -> Kind | None:
    """Tell the kind of JSON that is already parsed; None if it is unknown."""
    first = content[0] if isinstance(content, list) and content else None
    if isinstance(content, dict):
        if "annotations" in content:
            return Kind.COCO
        if "instance_info" in content or "predictions" in content:
            return Kind.MMPOSE
        return None
    if isinstance(first, dict) and "instances" in first:
        return Kind.MMPOSE
    if isinstance(first, dict) and {"image_id", "keypoints"} <= set(first):
        return Kind.COCO
    return None


def unknown(path: Path, what: str) -> UnreadableInput:
    """Return the error for content of no known kind; it names the kinds that are understood."""
    return UnreadableInput(what, where=str(path), hint=f"Understood are: video, {POSE_KINDS}")


def _kind_of_folder(path: Path) -> Kind:
    if next(path.glob(PATTERN), None) is not None:
        return Kind.OPENPOSE
    if next(path.iterdir(), None) is None:
        raise UnreadableInput("the folder is empty", where=str(path))
    raise unknown(path, f"the folder is not one of OpenPose's (no {PATTERN})")


def _kind_of_hdf5(path: Path) -> Kind:
    import h5py  # noqa: PLC0415  compiled, and few inputs need it

    try:
        with h5py.File(path) as file:
            if "position" in file:
                return Kind.NETCDF
            if any(group is not None and "pandas_type" in group.attrs for group in file.values()):
                return Kind.DEEPLABCUT
    except (OSError, RuntimeError, LookupError) as error:
        raise UnreadableInput("the HDF5 file is damaged", where=str(path)) from error
    raise unknown(path, "the HDF5 file is of an unknown kind")


def _kind_of_text(path: Path, head: str) -> Kind:
    if head.startswith("PathFileType"):
        return Kind.TRC
    if is_deeplabcut_csv(head.partition("\n")[0]):
        return Kind.DEEPLABCUT
    if head.startswith(("{", "[")):
        content = read_json(path)
        if isinstance(content, dict) and "people" in content:
            raise UnreadableInput(
                "this is a single frame of OpenPose", where=str(path), hint="Give the whole folder"
            )
        kind = kind_of_json(content)
        if kind is None:
            raise unknown(path, "the JSON is of an unknown kind")
        return kind
    if "endheader" in head:
        raise unknown(path, "this file holds angles or forces, not positions")
    raise unknown(path, "this text is of an unknown kind")


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head[: _HEAD_BYTES - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8  # a character cut at the end
    return True
