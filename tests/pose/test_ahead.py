from __future__ import annotations

import threading
import time

import pytest

from gaitpose.errors import UnreadableInput
from gaitpose.pose.ahead import ahead


def test_ahead_keeps_the_order_and_the_distance():
    made = 0

    def items():
        nonlocal made
        for item in range(50):
            made += 1
            yield item

    for expected, item in enumerate(ahead(items(), 3)):
        assert item == expected
        time.sleep(0.001)
        assert made <= expected + 6


def test_ahead_carries_errors_over():
    def items():
        yield 1
        raise UnreadableInput("broken in the middle")

    iterator = ahead(items(), 3)
    assert next(iterator) == 1
    with pytest.raises(UnreadableInput, match="broken in the middle"):
        next(iterator)


def test_ahead_ends_its_thread_when_left_early():
    before = threading.active_count()
    iterator = ahead(iter(range(1_000_000)), 3)
    next(iterator)
    iterator.close()
    assert threading.active_count() == before
