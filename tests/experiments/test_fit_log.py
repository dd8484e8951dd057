"""A log before it is fitted: how long it is, which unit it has, what is held out, where its volumes stand."""

from __future__ import annotations

import pytest

from lactflow.errors import ConfigError
from lactflow.experiments.fit_about import misses
from lactflow.experiments.fit_log import check_hold_out, read_log, read_logs, span_min

HEADER = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"
USUAL = ("06:10", "10:00", "14:20", "18:40", "23:30")

_OUNCES = {2: 3.5, 7: 3, 12: 3, 17: 2.5, 22: 3}


def written(path, rows):
    """A log of these rows."""
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def pumped(path, days=10, hours=USUAL, volume=80, last=None):
    """Pumpings of 15 min at these hours, from 1 March on; the last day may end at another hour."""
    rows = []
    for day in range(1, days + 1):
        of_day = [*hours] if last is None or day < days else [hour for hour in hours if hour < last] + [last]
        rows += [f"2026-03-{day:02d} {hour},pump,15,15,{volume},," for hour in of_day]
    return read_log(written(path / "log.csv", rows))


def test_a_log_kept_to_its_last_evening_has_no_day_too_many(tmp_path):
    """From 1 to 10 March with the last row at 23:30: ten days."""
    assert pumped(tmp_path).days == 10.0


@pytest.mark.parametrize("last", ["21:50", "22:10", "23:59"])
def test_midnight_is_the_end_where_nothing_is_missing_before_it(tmp_path, last):
    """Less than her usual interval is left of the day, or the session itself goes on to midnight."""
    assert pumped(tmp_path, last=last).days == 10.0


def test_a_mother_who_sleeps_early_has_kept_her_day_to_its_end(tmp_path):
    """Her last session is at half past seven every day."""
    assert pumped(tmp_path, hours=("05:00", "07:00", "09:00", "11:00", "13:00", "19:30")).days == 10.0


def test_a_last_day_that_breaks_off_ends_with_its_last_session(tmp_path):
    """At 10:00, with 15 min, and ten more for one that begins late."""
    assert pumped(tmp_path, last="10:00").days == pytest.approx(9.0 + (10 * 60 + 25) / 1440, abs=0.001)


def test_a_session_without_minutes_has_an_hour_to_end(tmp_path):
    """The volume alone was written down."""
    rows = [f"2026-03-01 {hour:02d}:00,pump,,,50,," for hour in range(8)]
    assert read_log(written(tmp_path / "a.csv", rows)).days == pytest.approx((7 * 60 + 70) / 1440, abs=0.001)


def test_volumes_are_counted_by_breast_and_by_time(tmp_path):
    """Two where both breasts are known, none for bottles."""
    rows = [f"2026-03-01 {hour:02d}:00,pump,15,15,,40,30" for hour in range(0, 8, 2)]
    rows += ["2026-03-01 21:00,bottle_own_milk,,,60,,", "2026-03-02 01:00,pump,15,15,55,,"]
    log = read_log(written(tmp_path / "a.csv", rows))
    assert log.volumes() == 9
    assert log.volumes(from_min=1440.0) == 1
    assert log.volumes(before_min=120.0) == 2
    assert log.fed


def test_a_volume_knows_its_line_and_its_clock(tmp_path):
    """By the time it was planned and what it was; blank lines and repaired rows count."""
    rows = [f"2026-03-01 {hour:02d}:00,pump,15,15,50,," for hour in range(8)]
    log = read_log(written(tmp_path / "a.csv", [*rows, "", "2026-03-01 12:00,breast,10,10,60,,"]))
    assert log.line_at(180.0, "pump") == 5
    assert log.line_at(720.0, "feed") == 11
    assert log.line_at(720.0, "pump") is None
    assert log.line_at(181.0, "pump") is None
    assert log.clock_at(720.0) == "2026-03-01 12:00"


@pytest.mark.parametrize("volume", [2.7, 4, 0.5])
def test_volumes_that_look_like_ounces_are_refused_in_one_line(tmp_path, volume):
    """It says what to do; whoever says that they are millilitres is believed."""
    log = pumped(tmp_path, volume=volume)
    with pytest.raises(ConfigError, match=r"look like ounces: half are .* `2.5 oz` .*--unit oz.*`--unit mL`") as error:
        log.check_volumes(40.0, in_ml=False)
    assert len(str(error.value).splitlines()) == 1
    log.check_volumes(40.0, in_ml=True)


def test_one_large_volume_hides_no_ounces(tmp_path):
    """Nor do bottles in ounces hide behind pumpings in millilitres."""
    rows = [f"2026-03-0{day} {hour:02d}:00,pump,15,15,{volume},," for day in (1, 2) for hour, volume in _OUNCES.items()]
    log = read_log(written(tmp_path / "a.csv", [*rows, "2026-03-03 08:00,pump,15,15,16.6,,"]))
    with pytest.raises(ConfigError, match=r"volumes look like ounces: half are 3 or less, all but 1 of 11 are 3.5"):
        log.check_volumes(40.0, in_ml=False)
    fed = [f"2026-03-0{day} {hour:02d}:30,bottle_formula,,,3,," for day in (1, 2) for hour in _OUNCES]
    log = read_log(written(tmp_path / "b.csv", sorted([*(row.replace(",3", ",83") for row in rows), *fed])))
    with pytest.raises(ConfigError, match="bottles look like ounces: half are 3 or less, none is above 3"):
        log.check_volumes(40.0, in_ml=False)


@pytest.mark.parametrize("volume", [15, 40, 300])
def test_volumes_of_milk_are_no_ounces(tmp_path, volume):
    """Little and much."""
    pumped(tmp_path, volume=volume).check_volumes(40.0, in_ml=False)


def test_the_first_days_give_drops(tmp_path):
    """Three days from birth on."""
    pumped(tmp_path, days=3, volume=4).check_volumes(1.0, in_ml=False)


def test_ounces_among_millilitres_are_refused_with_their_lines(tmp_path):
    """A third of the rows is of somebody who thinks in ounces; a bad session or two are none."""
    hours = ("02:00", "06:00", "10:00", "14:00", "18:00", "22:00")
    rows = [f"2026-03-0{day} {hour},pump,15,15,{80 + day},," for day in range(1, 6) for hour in hours]
    mixed = [row.replace("pump,15,15,8", "pump,15,15,3.") if n % 3 == 1 else row for n, row in enumerate(rows)]
    log = read_log(written(tmp_path / "mixed.csv", mixed))
    with pytest.raises(ConfigError, match=r"10 volumes of 30 look like ounces among millilitres \(line 3, line 6"):
        log.check_volumes(40.0, in_ml=False)
    log.check_volumes(40.0, in_ml=True)
    bad = [row.replace("pump,15,15,8", "pump,15,15,1.") if n in (4, 9) else row for n, row in enumerate(rows)]
    read_log(written(tmp_path / "bad.csv", bad)).check_volumes(40.0, in_ml=False)


def test_nothing_but_noughts_is_refused(tmp_path):
    """Pumpings that gave nothing."""
    with pytest.raises(ConfigError, match="all its volumes are 0: nothing can be learned"):
        pumped(tmp_path, volume=0).check_volumes(40.0, in_ml=True)


@pytest.mark.parametrize(
    ("text", "minutes"), [("3d", 4320), ("72h", 4320), ("1.5 days", 2160), ("1H", 60), ("1day", 1440)]
)
def test_spans(text, minutes):
    """Days and hours."""
    assert span_min(text) == minutes


@pytest.mark.parametrize("text", ["3", "d", "3m", "-1d", "0d", "0.5h", "1e3d", "nan", "", "3d4h"])
def test_what_is_no_span_is_refused(text):
    """In one line of the option."""
    with pytest.raises(ConfigError, match=r"--hold-out: .* \(allowed: days as 3d, hours as 72h, 1h or more\)"):
        span_min(text)


def test_something_is_left_on_both_sides(tmp_path):
    """Of fifty volumes in ten days."""
    log = pumped(tmp_path)
    assert check_hold_out(log, log.days, "3d") == 4320.0
    for text, words in (("9d", "leaves 5 volumes to learn from"), ("12d", "leaves 0 volumes"), ("20h", None)):
        if words is None:
            assert check_hold_out(log, log.days, text) == 1200.0
        else:
            with pytest.raises(ConfigError, match=rf"--hold-out: '{text}' of .*log.csv {words}"):
                check_hold_out(log, log.days, text)
    with pytest.raises(ConfigError, match="holds out no volume"):
        check_hold_out(log, 20.0, "3d")


def test_one_volume_is_one_volume(tmp_path):
    """Not `1 volumes`."""
    with pytest.raises(ConfigError, match="has 1 volume of pumpings or weighed feeds, too few"):
        read_log(written(tmp_path / "a.csv", ["2026-03-01 02:00,pump,15,15,50,,"]))


def test_a_config_is_no_log(tmp_path):
    """One line that says what it is."""
    path = tmp_path / "mine.yaml"
    path.write_text("format: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine.yaml: is a config, not a feeding log \(allowed: a CSV file") as error:
        read_log(path)
    assert len(error.value.problems) == 1


def test_of_several_logs_all_that_is_wrong_is_reported(tmp_path):
    """Each with its file."""
    few = written(tmp_path / "few.csv", ["2026-03-01 02:00,pump,15,15,50,,"])
    with pytest.raises(ConfigError) as error:
        read_logs([few, tmp_path / "none.csv"])
    assert [problem.file for problem in error.value.problems] == [str(few), str(tmp_path / "none.csv")]


@pytest.mark.parametrize(
    ("bias_ml", "sd_ml", "missed"),
    [(30.0, 20.0, True), (-30.0, 20.0, True), (10.0, 20.0, False), (20.0, 60.0, False), (None, None, False)],
)
def test_a_mother_whom_no_virtual_one_is_like_is_found_out(bias_ml, sd_ml, missed):
    """Twenty-four volumes of 55 mL: more than chance, and more than a quarter of a volume."""
    assert misses({"bias_ml": bias_ml, "sd_ml": sd_ml}, 24, 55.0) == missed
