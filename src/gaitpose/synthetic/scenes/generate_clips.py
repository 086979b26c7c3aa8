"""Many clips: a folder for each, made in several processes, resumable."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from gaitpose.errors import BadSettings
from gaitpose.io.files import writable_folder
from gaitpose.synthetic.scenes.settings import SceneOptions
from gaitpose.synthetic.scenes.workers import (
    Progress,
    errors_that_travel,
    in_processes,
    keep_recipe,
)


@dataclass(frozen=True)
class ClipJob:
    """Clips to be made.

    Parameters
    ----------
    folder : Path
        Where they go: ``clip_0000`` and so on.
    count : int
    seed : int
    options : SceneOptions
    width, height : int
        Pixels.
    fps : float
        Frames per second.
    frames : bool
        Whether the pictures with depth and labels are kept too, as a WPE folder.
    assets, backgrounds : Path or None
        Folders of clothes and of photographs.
    """

    folder: Path
    count: int
    seed: int = 0
    options: SceneOptions = field(default_factory=SceneOptions)
    width: int = 960
    height: int = 540
    fps: float = 30.0
    frames: bool = False
    assets: Path | None = None
    backgrounds: Path | None = None

    def recipe(self) -> dict[str, object]:
        """Return what must be the same for all clips of a folder."""
        return {
            "clips": True,
            "seed": self.seed,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "frames": self.frames,
            "assets": self.assets is not None,
            **asdict(self.options),
        }

    def clip_folder(self, number: int) -> Path:
        """Return the folder of one clip."""
        return self.folder / f"clip_{number:04d}"


def generate_clips(job: ClipJob, *, processes: int, progress: Progress | None = None) -> int:
    """Make the clips of a job that are not there yet; return how many there are.

    Parameters
    ----------
    job : ClipJob
    processes : int
    progress : callable, optional
        Called with (clips done, clips in all).
    """
    if job.count < 1 or processes < 1 or not job.fps > 0:
        raise BadSettings("count, processes and fps must be positive")
    writable_folder(job.folder)
    keep_recipe(job.folder, job.recipe())
    # The truth is written last: a clip that has it is whole.
    missing = [
        number
        for number in range(job.count)
        if not (job.clip_folder(number) / "truth.json").exists()
    ]
    done = job.count - len(missing)
    for made in in_processes(_make, [(job, number) for number in missing], processes):
        done += made
        if progress is not None:
            progress(done, job.count)
    return done


def _make(task: tuple[ClipJob, int]) -> int:
    """Make one clip; runs in a process of its own."""
    from gaitpose.synthetic.people import Wardrobe  # noqa: PLC0415  -- heavy: only in the workers
    from gaitpose.synthetic.scenes.backdrops import photos_in  # noqa: PLC0415
    from gaitpose.synthetic.scenes.clip_settings import ClipSettings  # noqa: PLC0415
    from gaitpose.synthetic.scenes.clips import Clip, ClipForm, write_clip  # noqa: PLC0415

    job, number = task
    with errors_that_travel():
        wardrobe = None if job.assets is None else Wardrobe(job.assets)
        clip = Clip(
            ClipSettings.draw(job.seed, number, job.options),
            ClipForm(job.width, job.height, job.fps),
            wardrobe,
            photos_in(job.backgrounds),
        )
        write_clip(writable_folder(job.clip_folder(number)), clip, frames=job.frames)
    return 1
