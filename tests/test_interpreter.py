"""A run leaves the settings of the interpreter as they were once it is over."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

import lactflow
from lactflow import cli
from lactflow.interpreter import SELDOM, TURN_S, seldom_collected, short_turns


@pytest.fixture(autouse=True)
def settings():
    """Puts back what these tests change."""
    thresholds, turn_s = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(turn_s)


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


def test_threads_take_short_turns_meanwhile():
    """The last of several contexts puts back what was there."""
    sys.setswitchinterval(0.004)
    first, second = short_turns(), short_turns()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(TURN_S, abs=3e-6)
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(0.004, abs=3e-6)


def test_shorter_turns_are_left_alone():
    """A program may have its reasons."""
    sys.setswitchinterval(0.5 * TURN_S)
    with short_turns():
        assert sys.getswitchinterval() == pytest.approx(0.5 * TURN_S, abs=3e-6)


def test_threads_take_short_turns_while_a_run_is_recorded(tmp_path):
    """The thread that writes would wait for the one that simulates."""
    usual_s, seen_s = sys.getswitchinterval(), []
    lactflow.run(
        "every-three-hours",
        days=0.1,
        out=tmp_path,
        settings="record.visits=false",
        progress=lambda _share, _time_min: seen_s.append(sys.getswitchinterval()),
    )
    assert seen_s
    assert max(seen_s) == pytest.approx(TURN_S, abs=3e-6)
    assert sys.getswitchinterval() == pytest.approx(usual_s, abs=3e-6)


def test_a_command_collects_seldom_from_its_imports_on(monkeypatch, capsys):
    """And leaves the collector as it was."""
    gc.set_threshold(500, 7, 9)
    found, before = [], cli.import_module

    def look(module):
        found.append(gc.get_threshold())
        return before(module)

    monkeypatch.setattr(cli, "import_module", look)
    with pytest.raises(SystemExit):
        cli.main(["scenarios", "list"])
    assert (found, gc.get_threshold()) == ([(SELDOM, 7, 9)], (500, 7, 9))


@pytest.mark.parametrize(("before", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_a_command_has_one_thread_of_linear_algebra_and_ends_without_a_last_look(before, threads):
    """Unless somebody wants more of them."""
    code = """if True:
        import atexit, gc, os, sys
        atexit.register(lambda: print(os.environ["OPENBLAS_NUM_THREADS"], gc.get_freeze_count() > 0))
        from lactflow.cli import main
        main(["--version"])
    """
    others = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    typed, environment = [sys.executable, "-c", code], {**others, **before}
    found = subprocess.run(typed, env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.splitlines()[-1] == f"{threads} True"
