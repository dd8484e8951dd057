"""Records as they come: each nasty in one way, and either read as it was meant or refused with what is allowed."""

from __future__ import annotations

import gzip

import pytest
from records import BIRTH, HEADER, problems, read, remarks

from lactflow.diagnosis.diagnose import _observed
from lactflow.diagnosis.her import her
from lactflow.diagnosis.observing import observations_of
from lactflow.diagnosis.record import read_record
from lactflow.diagnosis.single import PUMPED_MIN
from lactflow.errors import ConfigError

SODIUM = "2031-05-05 09:00,sodium,left,36,mmol/L,"
WEIGHT = "2031-05-05 09:00,weight,,3300,g,"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2031-05-05 09:00,sodium,left,10-12,mmol/L,", "'10-12' is no number (allowed: such as 14.2 or <3)"),
        ("2031-05-05 09:00,sodium,left,10 \u2013 12,mmol/L,", "'10 \u2013 12' is no number"),
        ("2031-05-05 09:00,sodium,left,10\u00b12,mmol/L,", "'10\u00b12' is no number"),
        ("2031-05-05 09:00,weight,,3'300,g,", '"3\'300" is no number'),
        ("2031-05-05 09:00,weight,,3\u00a0300,g,", "is no number (allowed: such as 14.2)"),
        ("2031-05-05 09:00,weight,,1e308,g,", "'1e308' is no number"),
        ("2031-05-05 09:00,weight,,3.3e3,g,", "'3.3e3' is no number"),
        (f"2031-05-05 09:00,weight,,{'9' * 308},g,", "is no number"),
        ("2031-05-05 09:00,weight,,-inf,g,", "'-inf' is no number"),
        ("2031-05-05 09:00,weight,,=3300,g,", "'=3300' is no number"),
        ("2031-05-05 09:00,sodium,left,<>5,mmol/L,", "'<>5' is no number"),
        ("2031-05-05 09:00,sodium,left,36,5,mmol/L", "unknown unit '5' (allowed: mmol/L, "),
        ("2031-05-05 09:00,sodium,left,36,5,mmol/L", "; a number with a comma stands in quotation marks)"),
        ("2031-05-05 09:00,weight,,7 lb 19 oz,,", "'7 lb 19 oz' has 19 oz beside lb (allowed: less than 16)"),
        ("2031-05-05 09:00,sodium,Links,36,mmol/L,", "'Links' is no breast (allowed: left, right, both, or empty)"),
        ("1931-05-05 09:00,weight,,3300,g,", "is no time (allowed: such as 2031-05-03 08:10, from 1990 to 2100)"),
        ("2031-05-05 25:00,weight,,3300,g,", "'2031-05-05 25:00' is no time (allowed: such as 2031-05-03 08:10)"),
        ("2031-05-05 09:00 CET,weight,,3300,g,", "'2031-05-05 09:00 CET' is no time"),
        ("2031-05-05 09:00,wei\u200bght,,3300,g,", "'wei\\u200bght' is unknown"),
        ("2031-05-05 09:00,sodium,left,-36,mmol/L,", "sodium: -36 mmol/L is outside 0.5 to 200 mmol/L"),
        ("2031-05-05 09:00;weight;;3300;g;", "the kind is missing"),
    ],
)
def test_cells_that_are_refused(tmp_path, row, message):
    """With the line, what was found and what is allowed."""
    found = problems(tmp_path, row)
    assert all(line.startswith("3:") for line in found)
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{HEADER}\n{BIRTH}\n2031-05-05 09:00,weight,,33\x0000,g,\n".encode(), "record.csv:3: holds a character of"),
        (b"\x00" * 5000, "record.csv: is no text file"),
        (f"{HEADER}\n{BIRTH}\n".encode("utf-32"), "record.csv: is no text file"),
        (gzip.compress(HEADER.encode(), mtime=0), "record.csv: this is a compressed file"),
        (b"\n\n\n", "record.csv:1:1: the file is empty"),
        (HEADER.encode(), "record.csv: no birth"),
    ],
)
def test_files_that_are_refused(tmp_path, content, message):
    """By their first damage, with its line where it has one."""
    path = tmp_path / "record.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        read_record(path)
    assert str(error.value.problems[0]).replace(f"{tmp_path}/", "").startswith(message)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_ends_of_lines_do_not_matter(tmp_path, encoding, end):
    """Micrograms with their sign, and a note with umlauts."""
    path = tmp_path / "record.csv"
    rows = [HEADER, BIRTH, "2031-05-05 09:10,prolactin,,200,\u00b5g/L,f\u00fcr M\u00fctter", ""]
    path.write_bytes(end.join(rows).encode(encoding))
    (observation,) = observations_of(read_record(path))[0]
    assert observation.value == 200.0


@pytest.mark.parametrize("weight", ["0.3", "8"])
def test_a_birth_weight_that_cannot_be_simulated_is_refused_at_its_line(tmp_path, weight):
    """Not at an option that nobody gave."""
    record = read(tmp_path, WEIGHT, birth=f"2031-05-03 08:00,birth,,{weight},kg,")
    with pytest.raises(ConfigError, match=r"record.csv:2: value: birth: .* kg is outside 0.4 to 7 kg"):
        her(record)


@pytest.mark.parametrize(
    ("times", "sides", "minutes"),
    [
        (("09:00", "09:10"), ["left", "right"], [10.0, PUMPED_MIN]),
        (("09:00", "09:01"), ["left", "right"], [1.0, PUMPED_MIN]),
        (("09:00", "09:15"), ["left", "right"], [PUMPED_MIN, PUMPED_MIN]),
        (("09:00:00", "09:00:20"), ["both"], [PUMPED_MIN]),
    ],
)
def test_one_breast_after_the_other_is_pumped_as_it_was(tmp_path, times, sides, minutes):
    """The first pumping ends when the second begins; that is said."""
    rows = [f"2031-05-05 {at},pump,{side},20,mL," for at, side in zip(times, ("left", "right"), strict=True)]
    found = her(read(tmp_path, *rows))
    pumped = list(found.scenario.config.schedule[-1].singles)[:-1]
    assert [each.side for each in pumped] == sides
    assert [each.minutes for each in pumped] == pytest.approx(minutes)
    shorter = [line for line in found.assumed if line.startswith("a pumping takes 15 min, or ends")]
    assert bool(shorter) is (min(minutes) < PUMPED_MIN)


def test_two_bottles_at_one_time_follow_each_other(tmp_path):
    """Formula after her own milk: a minute later, which is said; both are drunk."""
    rows = [f"2031-05-05 09:00,bottle_{what},,{volume},mL," for what, volume in (("own_milk", 25), ("formula", 30))]
    found = her(read(tmp_path, WEIGHT, *rows))
    bottles = [each for each in found.scenario.config.schedule[-1].singles if each.what == "bottle"]
    assert [each.volume_ml for each in bottles] == [25.0, 30.0]
    assert (bottles[1].day - bottles[0].day) * 1440.0 == pytest.approx(1.0)
    assert "of bottles at one time each is 1 min after the one before: 1 of them" in found.assumed


def test_what_was_measured_of_each_breast_is_not_counted_again(tmp_path):
    """Of both together it says nothing new; that is said. One breast and both are two readings."""
    rows = [f"2031-05-05 09:00,pump,{side},{value},mL," for side, value in (("left", 20), ("right", 22), ("both", 42))]
    found, unused = observations_of(read(tmp_path, *rows))
    assert [(each.breast, each.value) for each in found] == [("left", 20.0), ("right", 22.0)]
    assert unused == ("pump, day 3: each breast was measured at that time, and both together are no more",)
    found, unused = observations_of(read(tmp_path, rows[0], rows[2]))
    assert ([each.breast for each in found], unused) == (["", "left"], ())


@pytest.mark.parametrize(("when", "doubted"), [("03 09:00", True), ("05 20:00", False), ("20 09:00", True)])
def test_an_onset_that_nobody_feels_then_is_doubted(tmp_path, when, doubted):
    """An hour after the birth, or on day 17; it is kept."""
    record = read(tmp_path, f"2031-05-{when},felt_onset,,,,")
    assert len(observations_of(record)[0]) == 1
    assert any("felt_onset outside of what is plausible, 6 to 240 h" in line for line in remarks(record)) is doubted


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["2031-05-01 09:00,sodium,left,36,mmol/L,"], "facts of the mother from before the birth are set aside: 1 row"),
        (["2032-05-01 09:00,weight,,9,kg,", "2031-05-04 09:00,feed,left,9,,"], "facts from later than 200 days"),
        (
            [f"2031-05-0{day} 1{hour}:00,feed,,,," for day in (4, 5) for hour in range(5)],
            "feeds of single rows, 10 of 10",
        ),
        (
            [f"2031-05-0{day} {n // 3:02d}:{n % 3 * 20:02d},feed,,,," for day in (4, 5, 6, 7) for n in range(60)],
            "or of days with fewer than 4 or more than 40",
        ),
    ],
)
def test_why_nothing_is_left_of_a_record_is_said(tmp_path, rows, message):
    """In the same line."""
    with pytest.raises(ConfigError) as error:
        _observed(read(tmp_path, *rows), 150)
    (problem,) = error.value.problems
    assert "nothing was observed; " in str(problem)
    assert message in str(problem)


def test_a_record_of_fifty_thousand_lines_is_read(tmp_path):
    """In the end it is a few means."""
    times = [f"2031-05-{4 + n % 20:02d} {n % 24:02d}:{n % 60:02d}" for n in range(50_000)]
    rows = [f"{time},sodium,{'lr'[n % 2]},{10 + n % 50},mM," for n, time in enumerate(times)]
    found, unused = observations_of(read(tmp_path, *rows))
    assert len(found) == 8
    assert unused == ()
