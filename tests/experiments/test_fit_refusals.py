"""What `lactflow fit` refuses: in one line, before anything is simulated."""

from __future__ import annotations

import pytest
from kept_logs import HOURS, call, times, written

import lactflow
from lactflow.errors import ArchiveError, ConfigError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_logs_without_information_are_refused(here):
    """Without a file, without volumes, with too few: one line, exit code 2, nothing written."""
    empty = written(here / "empty.csv", 3)
    few = written(here / "few.csv", 1, [[50.0, 60.0]] * len(HOURS))
    few.write_text("".join(few.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    for log, words in (
        (here / "none.csv", "cannot be read"),
        (empty, "has no volumes of pumpings or weighed feeds, too few to learn from (allowed: 8 or more)"),
        (few, "has 4 volumes"),
    ):
        result = call(log)
        assert result.exit_code == 2, result.output
        assert words in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    assert not (here / "outputs").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--mothers", "5"], "--mothers: 5 is too few to learn from (allowed: 40 or more)"),
        (["--set", "gland.lumen.capcity_ml=100"], "nearest: gland.lumen.capacity_ml"),
        (["--start-day", "5000"], "--start-day: "),
        (["--start-day", "5", "--start-day", "6"], "--start-day: 2 days for 1 log (allowed: one, or one for each)"),
        (["--hold-out", "3"], "--hold-out: '3' is no duration (allowed: days as 3d, hours as 72h, 1h or more)"),
        (["--hold-out", "2d"], "--hold-out: '2d' of "),
        (["--unit", "oz"], "--unit: 'oz' is unknown here (allowed: mL)"),
        (["--start-day", "40", "--set", "start_day=50"], "--set: start_day: also given by --start-day"),
        (["--set", "infants.3.appetite=1"], "--set: infants.3.appetite: "),
        (["--name", "../up"], "name"),
    ],
)
def test_mistakes_are_reported_before_anything_is_simulated(here, args, words):
    """Exit code 2 and nothing written."""
    log = written(here / "hers.csv", 2, [[50.0, 60.0]] * len(times(2)))
    result = call(log, *args)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert not (here / "outputs").exists()


def test_without_scikit_learn_one_line_says_so(here, monkeypatch):
    """With the command that mends it."""
    log = written(here / "hers.csv", 2, [[50.0, 60.0]] * len(times(2)))
    monkeypatch.setattr("lactflow.experiments.fit.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'lactflow\[calibrate\]'"):
        lactflow.fit(log)


def test_a_folder_that_is_no_fit_is_refused(here):
    """By its own name."""
    with pytest.raises(ArchiveError, match="is not a fit"):
        lactflow.open_fit(here)
