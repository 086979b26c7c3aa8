"""``gaitpose export``: from a training's checkpoint to weights, or from weights to ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitpose.errors import BadSettings


def export(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="checkpoint.pt of a training, or weights (.safetensors)."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")] = Path(),
    name: Annotated[
        str | None, typer.Option(help="What the weights or the model shall be called.")
    ] = None,
    size: Annotated[
        int | None, typer.Option(metavar="PX", help="Side of the model's input (ONNX, OpenVINO).")
    ] = None,
    openvino: Annotated[
        bool, typer.Option("--openvino", help="Write an OpenVINO model instead of ONNX.")
    ] = False,
) -> None:
    """Write the weights of a training (.safetensors), or a model of weights (.onnx, .xml)."""
    from gaitpose.io.files import writable_folder  # noqa: PLC0415  -- late: start-up time
    from gaitpose.training import export as exporting  # noqa: PLC0415  -- PyTorch

    if source.suffix == ".pt":
        if name is None:
            raise BadSettings("weights need a name", where="--name")
        typer.echo(exporting.export_weights(source, name, writable_folder(out)))
    elif source.suffix == ".safetensors":
        write, suffix = (
            (exporting.export_openvino, ".xml") if openvino else (exporting.export_onnx, ".onnx")
        )
        path = writable_folder(out) / f"{name or source.stem}{suffix}"
        typer.echo(write(source, path, size=size))
    else:
        raise BadSettings(
            "neither a checkpoint (.pt) nor weights (.safetensors)", where=str(source)
        )
