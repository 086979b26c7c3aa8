"""``gaitpose quantize``: lets trained weights run in 8-bit integers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitpose.cli.progress import progress_bar


def quantize(
    weights: Annotated[
        Path, typer.Argument(metavar="FILE", help="Weights (.safetensors), card beside them.")
    ],
    data: Annotated[
        list[Path],
        typer.Option(
            metavar="DIR",
            help="Pictures with annotations.json (COCO, WPE); may be given repeatedly.",
        ),
    ],
) -> None:
    """Measure what a network's layers see, so that it runs in 8-bit integers.

    The ranges go into the card beside the weights, which stay as they are.
    CPUs without AMX then need two thirds of the time.
    Pictures kept back for validation are not looked at.
    """
    from gaitpose.training.export import measure_input_ranges  # noqa: PLC0415  -- PyTorch

    with progress_bar("Measuring ranges", unit="people") as progress:
        card = measure_input_ranges(weights, data, progress)
    typer.echo(f"{weights.with_suffix('.json')}: {len(card.input_ranges)} ranges")
