"""Analyses of walkers with known truth, made once."""

from __future__ import annotations

import numpy as np
import pytest

import gaitpose
from gaitpose.synthetic.camera import PinholeCamera
from gaitpose.synthetic.observation import ObservationSettings, observe
from gaitpose.synthetic.walker import Walk, WalkerSettings, walk

LEG = 0.86


@pytest.fixture(scope="session")
def walker() -> Walk:
    """Eight strides, with a left leg that takes longer steps than the right."""
    return walk(WalkerSettings(strides=8, fps=50.0, left_step_length_share=0.54))


@pytest.fixture(scope="session")
def analysis(walker: Walk) -> gaitpose.Analysis:
    """The walker seen by a camera, with a little of an estimator's noise."""
    camera = PinholeCamera(distance=9.0, x=float(walker.position[:, :, 0].mean()), fx=1500, fy=1500)
    errors = ObservationSettings(noise_px=1.0)
    poses = observe(camera.to_poses(walker, cropped=True), errors, np.random.default_rng(1)).poses
    return gaitpose.analyze_poses(
        poses.assign_attrs(source_file="walker.trc"),
        gaitpose.Subject(leg_length=LEG, identifier="P-017 <b>"),
        recording=gaitpose.Recording(condition="with exoskeleton"),
        command="gaitpose analyze walker.trc",
    )


@pytest.fixture(scope="session")
def without_length(walker: Walk) -> gaitpose.Analysis:
    """The same walker, nothing known about the subject."""
    camera = PinholeCamera(distance=9.0, x=float(walker.position[:, :, 0].mean()), fx=1500, fy=1500)
    return gaitpose.analyze_poses(camera.to_poses(walker, cropped=True))
