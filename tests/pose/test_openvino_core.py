"""Models that come and go leave the process able to take a signal."""

import os
import subprocess
import sys
import textwrap

import pytest

SCRIPT = textwrap.dedent(
    """
    import gc, os, signal
    import openvino
    from gaitpose.pose.runtime import OpenVinoRuntime

    def runtime():
        pixels = openvino.opset13.parameter([1, 8, 8, 3])
        return OpenVinoRuntime(openvino.Model([openvino.opset13.relu(pixels)], [pixels]))

    first, second = runtime(), runtime()
    del first
    gc.collect()
    del second
    gc.collect()
    signal.signal(signal.SIGUSR1, lambda *_: print("taken"))
    os.kill(os.getpid(), signal.SIGUSR1)
    """
)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_signal_after_models_that_came_and_went():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "taken\n"), done.stderr
