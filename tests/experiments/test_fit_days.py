"""On which day the log of a fit begins."""

from __future__ import annotations

import pytest
from kept_logs import call, times, written

from lactflow.errors import ArchiveError, ConfigError
from lactflow.experiments.fit_days import beginning, start_days

CONFIG = "format: 1\n{}\ninfants: []\nschedule:\n  - {{kind: log, file: hers.csv}}\n"


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A log whose first date is 5 May 2001."""
    monkeypatch.chdir(tmp_path)
    return written(tmp_path / "hers.csv", 2, [[50.0, 60.0]] * len(times(2))).relative_to(tmp_path)


def beside(log, text):
    """The config of the same name."""
    log.with_suffix(".yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("keys", "day"), [('birth_date: "2001-04-01"', 35), ("start_day: 43", 43), ('birth_date: "2001-05-05"', 1)]
)
def test_the_config_beside_a_log_says_its_day(log, keys, day):
    """By hand: 5 May is day 35 of a child of 1 April. The user's own word comes first."""
    beside(log, CONFIG.format(keys))
    expected = f"hers.csv: it begins on day {day}, as hers.yaml beside it says (--start-day gives another)"
    assert beginning(log, (), None) == (day, (expected,))
    assert beginning(log, (), 60.0) == (60.0, ())
    for setting in ("start_day=50", 'birth_date="2001-03-01"'):
        assert beginning(log, (setting,), None) == (None, ())


@pytest.mark.parametrize(
    "text",
    [
        None,
        CONFIG.format("start_day: 43").replace("hers.csv", "other.csv"),
        "- no config",
        "format: 1\nschedule: {kind: log}",
        "\x00",
    ],
)
def test_without_such_a_config_the_day_of_birth_is_taken_and_said(log, text):
    """A config of another log says nothing, nor does another file."""
    if text is not None:
        beside(log, text)
    expected = (
        "hers.csv: nothing says on which day it begins: day 1, that of birth, is taken (--start-day gives another)"
    )
    assert beginning(log, (), None) == (None, (expected,))


def test_a_config_that_does_not_load_is_said(log):
    """With what is wrong in it."""
    beside(log, CONFIG.format("strat_day: 43"))
    day, (note,) = beginning(log, (), None)
    assert day is None
    assert "hers.csv: hers.yaml beside it does not load: day 1, that of birth, is taken" in note
    assert "nearest: start_day" in note


def test_the_day_is_said_before_anything_is_simulated(log, monkeypatch):
    """A fit on the wrong day takes minutes."""

    def stop(*_args, **_more):
        raise ArchiveError("enough")

    monkeypatch.setattr("lactflow.experiments.fit._alone", stop)
    result = call(log)
    assert result.stderr.splitlines()[0].startswith("warning: hers.csv: nothing says on which day it begins")
    assert call(log, "--start-day", "40").stderr == "enough\n"
    assert "nothing says" not in call(log, "--quiet").stderr


def test_days_of_several_logs():
    """None, one for all, or one for each."""
    assert start_days(None, 2) == [None, None]
    assert start_days(40.0, 2) == [40.0, 40.0]
    assert start_days([40.0], 2) == [40.0, 40.0]
    assert start_days([40.0, 50.0], 2) == [40.0, 50.0]
    with pytest.raises(ConfigError, match="3 days for 2 logs"):
        start_days([1.0, 2.0, 3.0], 2)
