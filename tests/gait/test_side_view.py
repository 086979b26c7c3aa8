from __future__ import annotations

import numpy as np
import pytest

from gaitpose.gait.side_view import turned


def test_turned_makes_a_rising_line_level() -> None:
    line = np.array([[0.0, 0.0], [10.0, 10.0 * np.tan(np.radians(7.0))]])
    level = turned(line, 7.0)
    assert level[1, 1] == pytest.approx(0.0, abs=1e-12)
    assert np.linalg.norm(level[1]) == pytest.approx(np.linalg.norm(line[1]))
