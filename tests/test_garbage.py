"""The collector of garbage is left alone by a run once it is over."""

from __future__ import annotations

import gc

import pytest

from lactflow.garbage import SELDOM, seldom_collected


@pytest.fixture(autouse=True)
def threshold():
    """Puts back what these tests change."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_garbage_is_collected_seldom_meanwhile_and_as_before_afterwards():
    """Also after an error."""
    gc.set_threshold(500, 7, 9)

    @seldom_collected()
    def fail():
        assert gc.get_threshold() == (SELDOM, 7, 9)
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.get_threshold() == (500, 7, 9)


def test_the_last_of_several_runs_puts_back_what_was_there():
    """Runs in threads end in any order."""
    gc.set_threshold(500, 7, 9)
    first, second = seldom_collected(), seldom_collected()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == (SELDOM, 7, 9)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (500, 7, 9)


@pytest.mark.parametrize("first", [0, SELDOM + 1])
def test_who_collects_more_seldom_or_never_goes_on_to(first):
    """A program may have its reasons."""
    gc.set_threshold(first, 10, 10)
    with seldom_collected():
        assert gc.get_threshold() == (first, 10, 10)
    assert gc.get_threshold() == (first, 10, 10)
