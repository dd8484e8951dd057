"""A log may be written in many ways: what is read differently from the plain form is reported, and nothing is lost."""

from __future__ import annotations

import pytest

from lactflow.config.logs import cells
from lactflow.config.logs.cells import OUNCE_ML
from lactflow.config.logs.feeding_log import FeedingLog, read_feeding_log
from lactflow.errors import ConfigError

HEADER = "start,kind,left_min,right_min,volume_ml"


def read(*lines: str, **options: object) -> FeedingLog:
    """A log of these lines."""
    return read_feeding_log("\n".join(lines).encode(), "log.csv", **options)


def test_case_of_names_and_words_does_not_matter():
    """Spaces and hyphens either."""
    log = read("Start,KIND,Left Min,right-min,Volume_mL", "2030-05-03 00:00,Bottle Formula,,,60")
    assert [(each.kind, each.content, each.volume_ml) for each in log.sessions] == [("bottle", "formula", 60.0)]


def test_unknown_columns_are_ignored_and_reported_once():
    """What looks like a slip of the pen is refused: its milk would be lost."""
    log = read(f"{HEADER},note,mood", *(f"2030-05-03 0{hour}:00,breast,5,0,,slept,good" for hour in range(3)))
    assert log.warnings == ("log.csv: columns that lactflow does not know are ignored: 'note', 'mood'",)
    with pytest.raises(ConfigError, match="unknown column 'volume_m' \\(nearest: volume_ml\\)"):
        read("start,kind,left_min,right_min,volume_m", "2030-05-03 00:00,pump,5,5,80")


@pytest.mark.parametrize("prefix", ["", "\ufeff", "sep=;\n", "SEP=;\r\n", "\ufeffsep=;\n"])
def test_semicolons_bring_decimal_commas(prefix):
    """As spreadsheets of half of Europe write them; reported once, and lines count as in the file."""
    text = f"{prefix}start;kind;left_min;right_min;volume_ml\n2030-05-03 10:00;pump;12,5;15;80,5\n"
    log = read_feeding_log(text.encode(), "log.csv")
    (session,) = log.sessions
    assert session.sides == (("left", 12.5), ("right", 15.0))
    assert session.recorded_ml == 80.5
    line = 3 if "ep=" in prefix.casefold() else 2
    assert log.warnings == (f"log.csv: the comma is read as the decimal sign: 2 rows (lines {line}, {line})",)


def test_tabs_and_announced_separators_are_read():
    """`sep=` may name any character."""
    assert len(read("start\tkind\tleft_min\tright_min\tvolume_ml", "2030-05-03 10:00\tpump\t5\t5\t80").sessions) == 1
    assert len(read("sep=|", "start|kind|left_min|right_min|volume_ml", "2030-05-03 10:00|pump|5|5|80").sessions) == 1


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2030-05-03 12:05 AM", 5.0),
        ("2030-05-03 12:30 pm", 750.0),
        ("2030-05-03 9:20PM", 1280.0),
        ("2030-05-03 9:20 a.m.", 560.0),
        ("2030-05-03T09:20:30.250", 560.5),
        ("2030-05-03 09:20:30", 560.5),
    ],
)
def test_clocks_of_twelve_hours(text, minutes):
    """Midnight is 12 AM, noon 12 PM."""
    (session,) = read(HEADER, f"{text},breast,10,0,").sessions
    assert session.planned_min == minutes


@pytest.mark.parametrize(
    ("text", "minutes", "form"),
    [
        ("7:31", 7.0 + 31.0 / 60.0, "M:SS"),
        ("0:10:00", 10.0, "H:MM:SS"),
        ("1:02:30", 62.5, "H:MM:SS"),
        ("12 min", 12.0, None),
        ("90s", 1.5, "converted"),
        ("8.25", 8.25, None),
    ],
)
def test_lengths_of_time(text, minutes, form):
    """The form that was taken comes with the value."""
    amount = cells.minutes(text)
    assert amount.value == pytest.approx(minutes)
    assert (form is None) == (amount.form is None)
    assert form is None or form in amount.form


@pytest.mark.parametrize(
    ("text", "ml"),
    [("80ml", 80.0), ("80 mL", 80.0), ("2.5 oz", 2.5 * OUNCE_ML), ("3 fl. oz", 3.0 * OUNCE_ML), ("1 dl", 100.0)],
)
def test_volumes_with_units(text, ml):
    """US fluid ounces, as apps mean them."""
    assert cells.volume_ml(text).value == pytest.approx(ml)


def test_units_other_than_those_of_the_column_are_reported():
    """Those of the column are no news."""
    log = read(HEADER, "2030-05-03 09:20,pump,15,15,80ml", "2030-05-03 12:20,pump,15,15,2.5 oz")
    assert [session.recorded_ml for session in log.sessions] == [80.0, pytest.approx(73.93, abs=0.01)]
    assert log.warnings == ("log.csv: other units than mL are converted: 1 row (line 3)",)


@pytest.mark.parametrize("text", ["3 kg", "", "7 lb 8 oz", "3400 g", "3,4"])
def test_weights(text):
    """Kilograms, or with another unit."""
    if text in ("", "3,4"):
        with pytest.raises(ConfigError, match=r"a weight has none|no number"):
            read("start,kind,volume_ml,value", f'2030-05-03 09:00,weight,,"{text}"', "2030-05-03 10:00,pump,80,")
        return
    kg = {"3 kg": 3.0, "7 lb 8 oz": 3.402, "3400 g": 3.4}[text]
    assert cells.weight_kg(text).value == pytest.approx(kg, abs=1e-3)
    log = read("start,kind,volume_ml,value", f"2030-05-02 09:00,weight,,{text}", "2030-05-03 10:00,pump,80,")
    assert len(log.sessions) == 1
    assert log.first_date.day == 3  # a weight is no session
    assert any("weights are read and not simulated: the model's infant" in warning for warning in log.warnings)


def test_an_end_stands_for_minutes():
    """Pumps take both breasts at once, infants one after the other; a breast with milk was the one."""
    log = read(
        "start,end,kind,left_min,left_ml,right_ml",
        "2030-05-03 01:00,2030-05-03 01:20,pump,,,",
        "2030-05-03 03:00,2030-05-03 03:20,breast,,,",
        "2030-05-03 05:00,2030-05-03 05:20,hand,,,40",
        "2030-05-03 07:00,2030-05-03 07:20,breast,12,,",
        "2030-05-03 23:50,2030-05-04 00:10,hand,,,40",
        "2030-05-04 03:00,2030-05-04 02:00,breast,,,",
    )
    assert [session.sides for session in log.sessions] == [
        (("left", 20.0), ("right", 20.0)),
        (("left", 10.0), ("right", 10.0)),
        (("right", 20.0),),
        (("left", 12.0),),
        (("right", 20.0),),
        (("right", None), ("left", None)),
    ]
    text = "\n".join(log.warnings)
    assert "only the start and the end are known: at both breasts at once: 1 row (line 2)" in text
    assert "only the start and the end are known: half of the time at each breast: 1 row (line 3)" in text
    assert "the end is not after the start, and is not used: 1 row (line 7)" in text


def test_the_breast_that_came_first_is_read():
    """The assumption is made for rows without it alone."""
    log = read(
        f"{HEADER},first",
        "2030-05-03 00:00,breast,12,10,,right",
        "2030-05-03 03:00,breast,12,10,,",
        "2030-05-03 06:00,breast,12,10,,LEFT",
        "2030-05-03 09:00,breast,12,10,,",
    )
    assert [session.sides[0][0] for session in log.sessions] == ["right", "left", "left", "right"]
    assert "2 rows (lines 3, 5)" in log.warnings[0]


def test_children_are_numbered_as_the_infants_of_the_config():
    """A child that the config does not have is an error with its line."""
    lines = (f"{HEADER},child", "2030-05-03 00:00,breast,12,0,,1", "2030-05-03 03:00,bottle_formula,,,60,2")
    assert [session.child for session in read(*lines, infants=2).sessions] == [0, 1]
    with pytest.raises(ConfigError, match=r"log.csv:3: child: a row of child 2, and the config has 1"):
        read(*lines)
    with pytest.raises(ConfigError, match="no number of a child"):
        read(lines[0], "2030-05-03 00:00,breast,12,0,,Kim")


def test_a_feed_with_a_start_alone_goes_on_without_limit():
    """Empty cells, not zeros: nobody says how long it took."""
    log = read(HEADER, "2030-05-03 00:00,breast,,,", "2030-05-03 03:00,breast,0,0,", "2030-05-03 06:00,pump,,,")
    assert [session.sides for session in log.sessions] == [(("left", None), ("right", None))]
    assert not log.sessions[0].kept
    assert "2 rows (lines 3, 4)" in next(text for text in log.warnings if "without minutes at a breast" in text)
    assert "1 row (line 2)" in next(text for text in log.warnings if "infant likes" in text)


def test_a_timer_of_seconds_beside_milk_is_no_timer():
    """The breasts it names are kept."""
    log = read(HEADER, "2030-05-03 09:20,pump,0.17,0.17,80", "2030-05-03 15:20,breast,0.3,0,60")
    assert [session.sides for session in log.sessions] == [(("left", None), ("right", None)), (("left", None),)]
    assert [session.recorded_ml for session in log.sessions] == [80.0, 60.0]


def test_volumes_that_are_hard_to_believe_are_kept_and_reported():
    """With their lines; small volumes of one who usually has none are no slip."""
    rows = [f"2030-05-03 {hour:02}:00,pump,15,15,{ml}" for hour, ml in enumerate([80, 70, 800, 90, 75, 85, 510])]
    text = "\n".join(read(HEADER, *rows).warnings)
    assert "more than 5 times her median of 85 mL (one digit too many?): 2 rows (lines 4, 8)" in text
    text = "\n".join(read(HEADER, *rows[:1], "2030-05-03 20:00,pump,15,15,501").warnings)
    assert "more than 500 mL in one session: 1 row (line 3)" in text
    few = [f"2030-05-03 {hour:02}:00,pump,15,15,{ml}" for hour, ml in enumerate([5, 4, 60, 5, 5, 6])]
    assert read(HEADER, *few).warnings == ()


def test_an_end_may_be_a_time_of_the_day_and_a_side_a_letter():
    """It is the next such time after the start."""
    log = read(
        "start,end,kind,first,volume_ml",
        "2030-05-03 10:05,10:25 AM,pump,,",
        "2030-05-03 23:50,00:10,breast,R,",
    )
    assert [session.length_min for session in log.sessions] == [20.0, 20.0]
    assert log.sessions[1].sides[0][0] == "right"


def test_an_end_moves_with_its_start():
    """Offsets change both."""
    log = read(
        "start,end,kind,first",
        "2030-05-03T02:00-04:00,2030-05-03T06:20Z,breast,left",
        "2030-05-03T10:00+02:00,2030-05-03T10:20+02:00,breast,left",
    )
    assert [(session.planned_min, session.length_min) for session in log.sessions] == [(120.0, 20.0), (240.0, 20.0)]


def test_the_number_of_a_child_is_bounded():
    """However it is written."""
    with pytest.raises(ConfigError, match="no number of a child"):
        read(f"{HEADER},child", "2030-05-03 00:00,breast,12,0,,0000000011000000", infants=None)


def test_text_in_utf_16_and_long_notes_are_read():
    """Spreadsheets save UTF-16; a note may be longer than what Python's csv module takes by itself."""
    text = f"start,kind,left_min,note\n2031-05-01 10:00,breast,8,{'x' * 200_000}\n"
    plain = read_feeding_log(text.encode(), "log.csv")
    assert len(plain.sessions) == 1
    assert read_feeding_log(text.encode("utf-16"), "log.csv").sessions == plain.sessions
    with pytest.raises(ConfigError, match="UTF-16 text that breaks off"):
        read_feeding_log(text.encode("utf-16") + b"x", "log.csv")
