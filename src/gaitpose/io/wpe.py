"""WPE-compatible folders: pictures, aligned depth, joints, cameras, truth; read and written.

The data set of the GaitPoseNet article (Sci Rep 2023, 13:22681) is not public; this is its form as
far as the article tells it, with COCO keypoints as the language for joints. The layout is written
down in ``docs/reference/wpe-format.md``. This module gathers the public names.
"""

from gaitpose.io.wpe_reader import WpeDataset, WpeRecord, clip_folders
from gaitpose.io.wpe_sample import Camera, Labels, Sample
from gaitpose.io.wpe_truth import Truth, read_truth, write_truth
from gaitpose.io.wpe_writer import WpeWriter

__all__ = [
    "Camera",
    "Labels",
    "Sample",
    "Truth",
    "WpeDataset",
    "WpeRecord",
    "WpeWriter",
    "clip_folders",
    "read_truth",
    "write_truth",
]
