"""One door for every pose and motion file: find out the kind, read it, refuse what is useless."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path

import xarray as xr

from gaitpose.errors import BadSettings, UnreadableInput
from gaitpose.io.c3d import C3dFile, read_c3d
from gaitpose.io.coco import read_coco
from gaitpose.io.deeplabcut import read_deeplabcut
from gaitpose.io.kinds import POSE_KINDS, Kind, kind_of
from gaitpose.io.markers import Aliases, poses_from_markers
from gaitpose.io.mmpose import read_mmpose
from gaitpose.io.netcdf import read_poses
from gaitpose.io.openpose import read_openpose
from gaitpose.io.people import Individual
from gaitpose.io.trc import read_trc
from gaitpose.poses import require_rate, with_log
from gaitpose.skeleton import LEG_JOINTS


def load_poses(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    picture_size: tuple[float, float] | None = None,
    individual: Individual | None = None,
    keypoints: Aliases | None = None,
) -> xr.Dataset:
    """Read the poses of one person from any file that gaitpose understands.

    Parameters
    ----------
    path : path
        OpenPose folder, COCO, AlphaPose or MMPose JSON, DeepLabCut or Lightning Pose CSV or HDF5,
        TRC, C3D, or netCDF of gaitpose or movement. The content decides, not the name.
    fps : float, optional
        Frames per second. Needed for 2-D files, which do not tell it; elsewhere it must agree with
        the file.
    picture_size : (width, height), optional
        Of the video that 2-D poses were found in, pixels, where the file does not tell it. Without
        it perspective is corrected less well.
    individual : int or str, optional
        Which of several people: index in order of appearance, or name in the file. By default the
        one who travels farthest through the picture.
    keypoints : mapping, optional
        For TRC and C3D with an unusual marker set: our keypoint's name to the marker (or markers,
        whose mean is taken) that shall stand for it.

    Returns
    -------
    xarray.Dataset
        As :mod:`gaitpose.poses` describes; pixels in 2-D, metres with y up in 3-D. Shoulders and
        foot points that are never seen are left out.

    Raises
    ------
    UnreadableInput
        If there is no such file, its kind is unknown, a leg joint is missing or never seen, no
        frame rate is known, or it has fewer than two frames.
    BadSettings
        If a picture size is given for 3-D points, is not positive, or is not the file's, or a
        person is asked for in a file of markers.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind is Kind.VIDEO:
        raise UnreadableInput(
            "this is a video, or a file of unknown kind; poses are read from " + POSE_KINDS,
            where=str(path),
            hint="For a video use analyze_video or estimate_poses",
        )
    if kind in _PEOPLE_READERS:
        poses = _PEOPLE_READERS[kind](path, fps=fps, individual=individual)
    elif individual is not None:
        raise BadSettings(
            "holds the markers of one person", where=str(path), hint="Leave --individual out"
        )
    else:
        poses = _load_markers(path, kind, fps, keypoints)
    if picture_size is not None:
        poses = _in_picture(poses, picture_size, str(path))
    return _useful(poses, str(path))


def _in_picture(poses: xr.Dataset, size: tuple[float, float], where: str) -> xr.Dataset:
    width, height = size
    if poses.attrs["units"] != "px":
        raise BadSettings("are points in space, not in a picture", where=where)
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise BadSettings(f"a picture has no size of {width:g} x {height:g} pixels", where=where)
    told = (poses.attrs.get("image_width"), poses.attrs.get("image_height"))
    if all(told) and told != (width, height):
        raise BadSettings(
            f"the file says {told[0]:g} x {told[1]:g} pixels, not {width:g} x {height:g}",
            where=where,
            hint="Leave --picture-size out",
        )
    return poses.assign_attrs(image_width=width, image_height=height)


_PEOPLE_READERS: dict[Kind, Callable[..., xr.Dataset]] = {
    Kind.OPENPOSE: read_openpose,
    Kind.COCO: read_coco,
    Kind.MMPOSE: read_mmpose,
    Kind.DEEPLABCUT: read_deeplabcut,
    Kind.NETCDF: read_poses,
}


def _load_markers(
    path: Path, kind: Kind, fps: float | None, keypoints: Aliases | None
) -> xr.Dataset:
    motion = read_c3d(path) if kind is Kind.C3D else read_trc(path)
    require_rate(fps, motion.rate, str(path))
    try:
        poses = poses_from_markers(
            motion.labels,
            motion.points,
            motion.time_s,
            motion.rate,
            keypoints=keypoints,
            source_file=path.name,
            source_software=motion.software if isinstance(motion, C3dFile) else "",
        )
    except UnreadableInput as error:
        raise UnreadableInput(
            error.what,
            where=f"{path}, {error.where}" if error.where else str(path),
            hint=error.hint,
        ) from error
    missing = motion.missing_frames if isinstance(motion, C3dFile) else 0
    return with_log(poses, "truncated file", missing_frames=missing) if missing else poses


def _useful(poses: xr.Dataset, where: str) -> xr.Dataset:
    """Refuse poses that no analysis can use; drop optional points that are never seen."""
    if poses.sizes["time"] < 2:
        raise UnreadableInput("it has only one frame", where=where)
    is_seen = poses["position"].notnull().any(("time", "space", "individuals")).to_numpy()
    seen = [str(name) for name in poses["keypoints"].to_numpy()[is_seen]]
    if not seen:
        raise UnreadableInput("no joint is visible in any frame (all values missing)", where=where)
    never = [name for name in LEG_JOINTS if name not in seen]
    if never:
        raise UnreadableInput(
            f"needed joint {', '.join(never)} is not visible in any frame",
            where=where,
            hint="Both hips, knees and ankles are needed",
        )
    return poses.sel(keypoints=seen)
