"""Which days a log stands for, how long a run with a log lasts, and what is reported of its gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from lactflow.config.scenario import Scenario, load_scenario
from lactflow.errors import ConfigError

HEADER = "start,kind,left_min,right_min,volume_ml\n"


def rows(days: int, *, hours: float = 3.0, without: tuple[int, ...] = (), kind: str = "breast", month: int = 5) -> str:
    """A log of feeds every so many hours."""
    times = [number * hours for number in range(int(days * 24 / hours))]
    return HEADER + "".join(
        f"2030-{month:02}-{1 + int(time // 24):02} {int(time % 24):02}:{int(time % 1 * 60):02},{kind},10,0,\n"
        for time in times
        if 1 + int(time // 24) not in without
    )


@pytest.fixture
def load(tmp_path):
    """Load a config with a log beside it."""

    def load(text: str, log: str, **options: object) -> Scenario:
        (tmp_path / "a.csv").write_text(log)
        path = tmp_path / "a.yaml"
        path.write_text(f"format: 1\n{text}")
        return load_scenario(path, **options)

    return load


LOG = "schedule: [{kind: log, file: a.csv}]\n"


def test_a_run_without_days_ends_with_its_log(load):
    """At the midnight after the last row, or with the last session of a day that was not kept to its end."""
    assert load(LOG, rows(6)).config.days == 6.0
    short = load(LOG, rows(6) + "2030-05-07 00:00,pump,15,15,80\n")
    assert short.config.days == pytest.approx(6.0 + 25.0 / 1440.0)
    assert load("days: 4\n" + LOG, rows(6)).config.days == 4.0
    assert load(LOG, rows(6), days=2.0).config.days == 2.0
    assert load("", rows(6)).config.days == 7.0
    later = "schedule: [{kind: log, file: a.csv}, {kind: on_demand, from_day: 33}]\n"
    assert load(later, rows(6)).config.days == 7.0


def test_what_follows_from_the_log_stands_in_the_resolved_config(load, tmp_path):
    """It is repeated without asking again."""
    scenario = load("birth_date: '2030-04-20'\n" + LOG, rows(6))
    path = tmp_path / "resolved.yaml"
    path.write_text(scenario.text)
    assert load_scenario(path).config == scenario.config


def test_the_date_of_birth_places_the_log(load):
    """The run begins with it; rows before a later start are left out and reported."""
    config = load("birth_date: '2030-04-20'\n" + LOG, rows(6)).config
    assert (config.start_day, config.days) == (12.0, 6.0)
    assert config.schedule[0].first_day == 12.0
    late = load("birth_date: '2030-04-20'\nstart_day: 14\n" + LOG, rows(6))
    assert (late.config.start_day, late.config.days) == (14.0, 4.0)
    assert "schedule.0.file: 16 of 48 sessions of" in "\n".join(late.warnings)
    assert "come before day 14 and are not simulated" in "\n".join(late.warnings)
    noon = load("birth_date: '2030-04-20'\nbirth_clock: '12:00'\n" + LOG, rows(6)).config
    assert noon.start_day == 11.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("birth_date: '2030-05-02'\n", "a.csv begins on 2030-05-01, before the date of birth"),
        ("birth_date: '2020-05-02'\n", "day 3652 by the date of birth (allowed: 1000 or less)"),
        ("birth_date: 2030-13-02\n", "'2030-13-02' is no date (allowed: YYYY-MM-DD)"),
        ("birth_date: '20300502'\n", "is no date"),
        ("birth_date: '2030-04-20'\nstart_day: 60\n", "a.csv ends on day 18, before the run begins"),
        ("zone: Europe/Berlln\n", "is no time zone (allowed: Area/City, such as Europe/Berlin; nearest: Europe/Berlin"),
        ("zone: ../../etc/passwd\n", "is no time zone"),
    ],
)
def test_dates_that_cannot_be_are_refused(load, text, words):
    """One line each, with its key."""
    with pytest.raises(ConfigError) as caught:
        load(text + LOG, rows(6))
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.line is not None


def test_a_log_of_many_years_needs_days(load):
    """More than a run may last."""
    log = HEADER + "".join(
        f"{year}-{month:02}-01 09:00,pump,9,9,\n" for year in range(2030, 2034) for month in range(1, 13)
    )
    with pytest.raises(ConfigError, match=r"lasts for 1430.* days \(allowed: 1000; give `days`\)"):
        load(LOG, log)


def test_gaps_are_reported_with_hours_and_lines(load):
    """And with what stands in."""
    (warning,) = load(LOG, rows(6, without=(3,))).warnings
    assert warning.endswith(
        "a.csv: no session was written down for 27 h between lines 17 and 18: 8 of her own sessions of the days around "
        "stand in (gaps: continue)"
    )
    text = "\n".join(load("days: 9\n" + LOG, rows(6, without=(3, 5))).warnings)
    assert (
        "for 129 h in 3 pauses: 27 h between lines 17 and 18, 27 h between lines 25 and 26, 75 h after line 33" in text
    )
    nobody = "schedule: [{kind: log, file: a.csv, gaps: nobody}]\n"
    (warning,) = load(nobody, rows(6, without=(3,))).warnings
    assert warning.endswith("27 h between lines 17 and 18: nobody removes milk then (gaps: nobody)")


def test_a_run_may_stop_where_the_log_does(load):
    """At the end of the session before the first pause, whatever `days` says."""
    stop = "schedule: [{kind: log, file: a.csv, gaps: stop}]\n"
    for text in (stop, "days: 6\n" + stop):
        assert load(text, rows(6, without=(4,))).config.days == pytest.approx(2.875 + 20.0 / 1440.0)
    assert load("days: 9\n" + stop, rows(6)).config.days == pytest.approx(5.875 + 20.0 / 1440.0)
    assert load("days: 2\n" + stop, rows(6, without=(4,))).config.days == 2.0


def test_hours_that_no_day_covers_are_reported(load):
    """A log of one day, 8 to 18 h, shows nothing about the nights."""
    log = HEADER + "".join(f"2030-05-01 {hour:02}:00,breast,10,0,\n" for hour in (8, 10, 12, 14, 16, 18))
    (warning,) = load("days: 4\n" + LOG, log).warnings
    assert "78 h after line 7" in warning
    assert "for 48 h of it no day says what she does, and nobody removes milk" in warning


def test_a_run_that_stops_says_where(load):
    """With the pause, and no other word about it."""
    stop = "schedule: [{kind: log, file: a.csv, gaps: stop}]\n"
    text = "\n".join(load(stop, rows(6, without=(4,))).warnings)
    assert "the run ends where it pauses, 27 h between lines 25 and 26 (gaps: stop)" in text
    assert "nobody removes milk" not in text


def test_sessions_that_a_night_gap_or_a_miss_takes_out_are_not_put_back(load):
    """Gaps are those of the log."""
    text = "schedule: [{kind: log, file: a.csv, night_gap: {from: '01:00', to: '11:00'}, miss: [{days: [32]}]}]\n"
    assert load(text, rows(6)).warnings == ()


def test_repairs_count_rows_that_are_simulated(load):
    """A year-long log of which two days are run."""
    log = HEADER + "".join(f"2030-05-{day:02} 0{hour}:00,breast,70,0,\n" for day in range(1, 9) for hour in (0, 4, 8))
    text = "\n".join(load("days: 2\n" + LOG, log).warnings)
    assert "6 rows (lines 2, 3, 4, 5, 6, 7)" in text
    assert "18 of 24 sessions" in text


def test_a_log_past_the_age_of_solids_is_warned_about(load):
    """Only where an infant lives on it."""
    warning = "passes day 180: an infant is offered nothing but milk"
    fed = "start_day: 178\n" + LOG
    assert warning in "\n".join(load("infants: [{solids_from_day: null}]\n" + fed, rows(6)).warnings)
    assert warning not in "\n".join(load(fed, rows(6)).warnings)
    assert load("start_day: 170\n" + LOG, rows(6)).warnings == ()
    assert load("start_day: 178\ninfants: []\n" + LOG, rows(6, kind="pump")).warnings == ()


def test_ounces_are_warned_about_once_milk_has_come_in(load):
    """Colostrum comes in such volumes."""
    log = rows(6, kind="pump").replace(",0,\n", ",0,2.5\n")
    assert "look like ounces" in "\n".join(load(LOG, log).warnings)
    early = "".join(line for line in log.splitlines(keepends=True) if "05-05" not in line and "05-06" not in line)
    assert not any("ounces" in warning for warning in load("start_day: 1\n" + LOG, early).warnings)


def test_a_first_feed_long_after_the_day_of_birth_began_is_worth_a_word(load):
    """It is not filled."""
    log = HEADER + "".join(rows(6).splitlines(keepends=True)[6:])
    scenario = load("start_day: 1\n" + LOG, log)
    assert "begins 15 h after the start of the day of birth" in "\n".join(scenario.warnings)
    assert "stand in" not in "\n".join(scenario.warnings)


def test_shipped_log_says_nothing_of_gaps():
    """A log that was kept day and night."""
    assert not any("no session was written down" in warning for warning in load_scenario("feeding-log").warnings)
    assert Path("feeding-log.csv").name in load_scenario("feeding-log").files


def test_a_run_that_stops_goes_on_where_another_phase_takes_over(load):
    """The log ends where that one begins: that is no pause; and its last session is whole."""
    phases = "schedule: [{kind: log, file: a.csv, gaps: stop}, {kind: on_demand, from_day: 33}]\n"
    assert load("days: 4\n" + phases, rows(3)).config.days == 4.0
    stop = "schedule: [{kind: log, file: a.csv, gaps: stop}]\n"
    assert load("days: 6\n" + stop, rows(2)).config.days == pytest.approx(1.875 + 20.0 / 1440.0)


def test_the_log_that_holds_last_ends_the_run(load, tmp_path):
    """An earlier one may have gone on for longer."""
    (tmp_path / "b.csv").write_text(rows(2, month=6))
    phases = "schedule: [{kind: log, file: a.csv}, {kind: log, file: b.csv, from_day: 32}]\n"
    assert load(phases, rows(10)).config.days == 4.0


def test_a_log_before_birth_is_reported(load):
    """Nobody feeds then; what is not simulated is counted."""
    text = "\n".join(load("start_day: -20\ndays: 10\n" + LOG, rows(3)).warnings)
    assert "24 of 24 sessions" in text


def test_rows_at_a_sealed_breast_are_reported(load):
    """Those of that breast alone are not simulated; of both breasts, the other one is left."""
    log = HEADER + "".join(
        f"2030-05-01 {hour:02}:00,breast,{left},{right},\n" for hour, left, right in [(2, 9, 0), (5, 0, 9), (8, 9, 9)]
    )
    seal = "interventions: [{kind: seal, start_day: 30, end_day: 30.3, side: left}]\nstart_day: 30\ndays: 1\n"
    warnings = [line.partition("a.csv: ")[2] for line in load(seal + LOG, log).warnings if "is sealed" in line]
    assert warnings == ["sessions at a breast that is sealed then are not simulated: 1 row (line 2)"]
    longer = load(seal.replace("30.3", "31") + LOG, log)
    warnings = [line.partition("a.csv: ")[2] for line in longer.warnings if "is sealed" in line]
    assert warnings == [
        "sessions at a breast that is sealed then are not simulated: 1 row (line 2)",
        "sessions at a breast that is sealed then are simulated at the other breast alone: 1 row (line 4)",
    ]
