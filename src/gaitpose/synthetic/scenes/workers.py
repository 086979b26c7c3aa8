"""Work that is spread over processes, can be resumed, and is the same however many there are."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from gaitpose.errors import BadSettings, GaitPoseError
from gaitpose.io.files import write_text
from gaitpose.io.json_text import read_json

RECIPE = "synth.json"
"""File in the folder that tells how its samples were made."""

VERSION = 3
"""Of what a seed gives; raised whenever the same seed gives something else."""

Task = TypeVar("Task")

Progress = Callable[[int, int | None], None]


def keep_recipe(folder: Path, recipe: dict[str, object]) -> None:
    """Write down how the samples of a folder are made; refuse to mix two ways.

    Raises
    ------
    BadSettings
        If the folder was begun with another recipe.
    """
    path = folder / RECIPE
    plain = json.loads(json.dumps({"version": VERSION, **recipe}))
    if path.exists():
        before = read_json(path)
        differing = sorted(key for key in plain if before.get(key) != plain[key])
        if differing:
            raise BadSettings(
                f"holds samples that were made with another {', '.join(differing)}",
                where=str(folder),
                hint="Take another folder, or the same settings to resume",
            )
    write_text(path, json.dumps(plain, indent=1) + "\n")


def in_processes(work: Callable[[Task], int], tasks: list[Task], processes: int) -> Iterator[int]:
    """Do tasks in processes of one thread each, and yield what each returns, in any order.

    One thread, so that neither speed nor rounding depends on how many processes there are.
    """
    if not tasks:
        return
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(processes, mp_context=context) as pool:
        pending: set[Future[int]] = set()
        rest = iter(tasks)
        try:
            for task in rest:
                pending.add(pool.submit(work, task))
                if len(pending) < 2 * processes:
                    continue
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile use one thread for numbers and for drawing."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LP_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def errors_that_travel() -> Iterator[None]:
    """Turn an error into one that gets from a worker back to the parent."""
    try:
        yield
    except GaitPoseError as error:
        # Only an exception whose arguments make it again does.
        raise GaitPoseError(str(error)) from None
