"""The night on which the clocks go back, by the same rule as in the reader of logs: by the order of rows."""

from __future__ import annotations

import pytest
from readable import read_again

from lactflow.config.logs.feeding_log import read_feeding_log
from lactflow.errors import ConfigError
from lactflow.trackers.zones import chosen_zone

OWN = "start,kind,left_min,right_min,volume_ml\n"
NEW_YORK = "America/New_York"
AGAIN = "an hour that the clock repeats: taken as its {} time, by the order of rows"


def night(*times):
    return OWN + "".join(f"2031-11-02 {time},breast,10,,\n" for time in times)


def starts(imported):
    return [row.start.removeprefix("2031-11-02 ") for row in imported.rows]


@pytest.mark.parametrize(
    ("times", "written"),
    [
        (("00:10", "01:20", "01:20", "03:30"), ["00:10-04:00", "01:20-04:00", "01:20-05:00", "03:30-05:00"]),
        (("01:50", "01:20"), ["01:50-04:00", "01:20-05:00"]),
        (("00:10", "01:50", "01:20", "03:30"), ["00:10-04:00", "01:50-04:00", "01:20-05:00", "03:30-05:00"]),
        (("03:30", "01:20", "01:50", "00:10"), ["00:10-04:00", "01:50-04:00", "01:20-05:00", "03:30-05:00"]),
        (("01:20", "01:20", "01:20"), ["01:20-04:00", "01:20-05:00"]),
    ],
)
def test_a_repeated_hour_goes_by_the_order_of_rows(read, times, written):
    """Also where the newest row comes first; the log is in order of real time."""
    text = night(*times)
    imported = read(text, zone=NEW_YORK)
    assert starts(imported) == written
    assert any(one.what.startswith("an hour that the clock repeats") for one in imported.account.assumed)
    log = read_again(imported)
    assert [one.planned_min for one in log.sessions] == [
        one.planned_min for one in read_feeding_log(text.encode(), "log.csv", zone=NEW_YORK).sessions
    ]


def test_what_is_said_of_a_repeated_hour_has_its_lines(read):
    """Which of the two times each row is."""
    account = read(night("00:10", "01:20", "01:20", "03:30"), zone=NEW_YORK).account
    said = {one.what: lines for one, lines in account.assumed.items()}
    assert said == {AGAIN.format("first"): [3], AGAIN.format("second"): [4]}
    assert account.repaired == []


def test_an_hour_that_the_clock_skips_is_stated(read):
    """The time stays as it is written."""
    imported = read(OWN + "2031-03-09 02:30,breast,10,,\n2031-03-09 09:00,breast,10,,\n", zone=NEW_YORK)
    assert [row.start for row in imported.rows] == ["2031-03-09 02:30-05:00", "2031-03-09 09:00-04:00"]
    assert [lines for one, lines in imported.account.assumed.items() if "skipped this hour" in one.what] == [[2]]


def test_every_file_has_an_order_of_its_own(read):
    """The same night in two files is one night."""
    text = night("00:10", "01:20", "01:20", "03:30")
    imported = read({"a.csv": text, "b.csv": text}, zone=NEW_YORK)
    assert len(imported.rows) == 4
    assert [one.what for one in imported.account.repaired] == ["a row that another file has too"] * 4


def test_a_zone_in_a_column_goes_by_the_order_of_rows_too(read):
    """Without an option all rows are on the clock of the first one."""
    text = (
        "type,started_at,ended_at,amount_ml,contents,left_seconds,right_seconds,ended_on_side,time_zone\n"
        f"nursing,2031-11-02 01:20,,,,600,,,{NEW_YORK}\n"
        f"nursing,2031-11-02 01:20,,,,600,,,{NEW_YORK}\n"
    )
    imported = read(text)
    assert starts(imported) == ["01:20", "02:20"]
    said = {one.what for one in imported.account.assumed}
    assert {AGAIN.format("first"), AGAIN.format("second")} < said
    assert starts(read(text, zone=NEW_YORK)) == ["01:20-04:00", "01:20-05:00"]
    assert starts(read(text, zone="UTC")) == ["05:20+00:00", "06:20+00:00"]


@pytest.mark.parametrize(("day", "zone_decides"), [("2031-11-02", True), ("2031-10-26", True), ("2031-11-03", False)])
def test_a_repeated_row_on_such_a_night_without_a_zone(read, day, zone_decides):
    """It is dropped, and the option that decides is named."""
    rows = f"{day} 00:10,breast,10,,\n" + 2 * f"{day} 01:20,breast,10,,\n" + f"{day} 03:30,breast,10,,\n"
    imported = read(OWN + rows)
    assert len(imported.rows) == 3
    (dropped,) = imported.account.repaired
    assert (dropped.line, dropped.dropped) == (4, True)
    assert ("--zone decides" in dropped.what) == zone_decides


def test_a_row_that_two_files_have_is_no_second_hour(read):
    """Nothing is said of the zone."""
    text = night("01:20", "03:30")
    account = read({"a.csv": text, "b.csv": text}).account
    assert {one.what for one in account.repaired} == {"a row that another file has too"}


@pytest.mark.parametrize(
    ("name", "hint"), [("America/New_Yrok", "nearest: America/New_York"), ("Europe/Berlim", "nearest: Europe/Berlin")]
)
def test_an_unknown_zone_gets_the_nearest(read, name, hint):
    """As in a config."""
    with pytest.raises(ConfigError, match=hint) as error:
        read(night("01:20"), zone=name)
    assert f"--zone: '{name}' is no time zone" in str(error.value)


def test_the_zone_of_the_machine_is_no_zone():
    """It would differ from place to place."""
    with pytest.raises(ConfigError, match="is no time zone"):
        chosen_zone("localtime")
