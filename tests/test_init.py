"""``import gaitpose`` is quick and still offers every public name."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gaitpose

START_LIMIT_S = 0.7
"""Half a second where nothing else runs; a neighbour on the same core costs up to half of that."""


@pytest.mark.parametrize("name", gaitpose.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(gaitpose, name).__name__ == name


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(gaitpose.__file__).read_text("utf-8"))
    block = next(
        node for node in tree.body if isinstance(node, ast.If) and "TYPE" in ast.unparse(node.test)
    )
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == gaitpose._HOMES
    assert sorted(seen) == gaitpose.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = gaitpose.nothing


def test_dir_lists_the_public_names() -> None:
    assert set(gaitpose.__all__) <= set(dir(gaitpose))


HELP = """
import atexit, sys, time
atexit.register(lambda: print(time.process_time(), file=sys.stderr))
sys.argv = ["gaitpose", "--help"]
from gaitpose.cli.main import main
main()
"""
IMPORT = "import sys, time, gaitpose; print(time.process_time(), file=sys.stderr)"


@pytest.mark.parametrize("code", [IMPORT, HELP], ids=["import", "help"])
def test_start(code: str) -> None:
    """Processor time, the interpreter's own start included, as other work must not fail this."""
    command = [sys.executable, "-c", code]
    took = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stderr)
        for _ in range(3)
    ]
    assert min(took) < START_LIMIT_S


@pytest.mark.parametrize("module", ["numpy", "xarray", "torch", "matplotlib", "cv2"])
def test_nothing_heavy_is_loaded_for_the_help(module: str) -> None:
    code = f"import sys, gaitpose.cli.main; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
