"""Draw the contact sheet of the documentation: 64 samples of 64 people, nothing but our own making.

python benchmarks/synth_sheet.py [--out docs/images/synthetic.jpg] [--seed 7] [--tile 200]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from gaitpose.synthetic.scenes.sample import SampleMaker
from gaitpose.synthetic.scenes.settings import CAST_SIZE, SceneSettings

ROWS = COLUMNS = 8
MOST_BYTES = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images/synthetic.jpg"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tile", type=int, default=200)
    options = parser.parse_args()
    maker = SampleMaker(512, 512)
    tiles = []
    for index in range(ROWS * COLUMNS):
        # One picture of each cast, and not always its first.
        number = CAST_SIZE * index + index % CAST_SIZE
        rgb = maker.sample(SceneSettings.draw(options.seed, number)).rgb
        size = (options.tile, options.tile)
        tiles.append(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
    sheet = np.vstack([np.hstack(tiles[row * COLUMNS :][:COLUMNS]) for row in range(ROWS)])
    for quality in range(90, 30, -5):
        packed = cv2.imencode(".jpg", sheet[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if len(packed) <= MOST_BYTES:
            break
    options.out.write_bytes(packed.tobytes())
    print(f"{options.out}: {len(packed) / 1000:.0f} kB, quality {quality}")


if __name__ == "__main__":
    main()
