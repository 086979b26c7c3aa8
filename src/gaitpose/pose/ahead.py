"""Decode in one thread while another one computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Produce the items in a thread, up to `depth` ahead of their use.

    Parameters
    ----------
    items : iterable
        Consumed in the thread only.
    depth : int
        Items that wait at most.

    Yields
    ------
    object
        The items in order. An error in the thread is raised here; closing it ends the thread, which
        `contextlib.closing` sees to also where an exception keeps hold of it.
    """
    waiting: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(depth)
    stop = threading.Event()

    def put(entry: tuple[bool, T | BaseException | None]) -> bool:
        while not stop.is_set():
            try:
                waiting.put(entry, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def produce() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except Exception as error:  # noqa: BLE001  -- carried over and raised in the other thread
            put((False, error))

    thread = threading.Thread(target=produce, daemon=True)
    thread.start()
    try:
        while True:
            is_item, value = waiting.get()
            if is_item:
                yield value  # type: ignore[misc]
            elif isinstance(value, BaseException):
                raise value
            else:
                return
    finally:
        stop.set()
        thread.join()
