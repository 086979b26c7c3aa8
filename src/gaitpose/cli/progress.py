"""A progress bar on stderr with frames a second and the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class RateColumn(ProgressColumn):
    """Items a second."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """Return the rate over the last seconds, or nothing before it is known."""
        rate = task.finished_speed or task.speed
        return Text(f"{rate:.0f} {self._unit}/s" if rate else "", style="progress.data.speed")


@contextmanager
def progress_bar(words: str, unit: str = "frames") -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar while the block runs; it disappears when the block ends.

    Nothing is shown where stderr is not a terminal.

    Parameters
    ----------
    words : str
        What is going on.
    unit : str
        What is counted.

    Yields
    ------
    callable
        To be called with (done, total or None).
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
