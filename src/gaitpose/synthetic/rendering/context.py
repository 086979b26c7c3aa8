"""An OpenGL context without a window, on a GPU or in software, and the shaders that run in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gaitpose.errors import GaitPoseError, MissingExtra

if TYPE_CHECKING:
    import moderngl

GLSL = "#version 410 core\n"


def open_context() -> moderngl.Context:
    """Open an off-screen context of OpenGL 4.1 or later; over EGL on Linux.

    Raises
    ------
    MissingExtra
        If moderngl is not installed.
    GaitPoseError
        If there is no device or no EGL library.
    """
    try:
        import moderngl  # noqa: PLC0415  -- an optional extra
    except ImportError as error:
        raise MissingExtra("Rendering walkers", "synthetic") from error
    try:
        if sys.platform.startswith("linux"):
            return moderngl.create_context(standalone=True, require=410, backend="egl")  # type: ignore[arg-type]
        return moderngl.create_context(standalone=True, require=410)
    except Exception as error:  # glcontext raises nothing more specific
        raise GaitPoseError(
            f"no OpenGL device for off-screen rendering ({error})",
            hint="On Debian or Ubuntu: apt install libegl1 libgl1-mesa-dri",
        ) from error


def compile_program(
    context: moderngl.Context,
    vertex: str,
    *fragments: str,
    define: Mapping[str, int] | None = None,
) -> moderngl.Program:
    """Compile `vertex` with the concatenation of `fragments`, named as files in `shaders`."""
    head = GLSL + "".join(f"#define {name} {value}\n" for name, value in (define or {}).items())
    return context.program(
        vertex_shader=head + _source(vertex),
        fragment_shader=head + "".join(_source(name) for name in fragments),
    )


def set_uniforms(program: moderngl.Program, values: Mapping[str, Any]) -> None:
    """Set those uniforms that the program uses; a compiler drops the others."""
    for name, value in values.items():
        member: Any = program.get(name, None)
        if member is None:
            continue
        if isinstance(value, bytes):
            member.write(value)
        else:
            member.value = value


def _source(name: str) -> str:
    return (files("gaitpose.synthetic.rendering") / "shaders" / name).read_text("utf-8") + "\n"
