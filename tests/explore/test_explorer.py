"""What the app simulates, draws and says, without marimo."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.memory import simulated_in_memory
from lactflow.explore import page, pictures
from lactflow.explore.choices import BY_THE_CLOCK, ONE_MISSED, PUMP
from lactflow.explore.explorer import SOURCE, Explorer
from lactflow.explore.stations import stations_html, stations_of

mpl.use("Agg")
CONFIG = {"start_day": 30, "days": 3, "schedule": [{"kind": "every", "hours": 3}]}


@pytest.fixture(scope="module")
def explorer():
    """Three days of feeds every three hours."""
    return Explorer(CONFIG)


@pytest.fixture(scope="module")
def own(explorer):
    """The config as it is."""
    return explorer.run(explorer.start)


@pytest.fixture(scope="module")
def pumped(explorer):
    """A pump alone, five times a day."""
    return explorer.run(replace(explorer.start, who=PUMP, per_day=5))


def test_what_is_simulated_is_the_config_at_the_coarse_resolution(own):
    """The same rows as any other run of it."""
    scenario = load_scenario(CONFIG | {"resolution": "coarse", "record": {"visits": False}})
    expected = simulated_in_memory(scenario.config, scenario.logs)
    for table in ("breasts", "removals", "sessions"):
        assert own[table].equals(expected[table])


def test_a_choice_that_was_made_before_is_not_simulated_again(explorer, own):
    """And measures are worked out once."""
    assert explorer.run(replace(explorer.start)) is own
    first = own.daily()
    first.loc[:, "fullness"] = -1.0
    assert (own.daily()["fullness"] > 0.0).all()


def test_choices_show_in_the_run(explorer, own, pumped):
    """A pump alone has five sessions a day; a small capacity is a small one."""
    assert pumped.summary()["sessions_per_day"] == pytest.approx(5.0)
    small = explorer.run(replace(explorer.start, capacity_ml=100.0))
    assert small["breasts"]["capacity_ml"].max() < 110.0 < own["breasts"]["capacity_ml"].min()


def test_a_missed_night_is_seen_in_the_last_day(explorer):
    """No session from 23:00 of the day before to 05:30."""
    run = explorer.run(replace(explorer.start, who=BY_THE_CLOCK, nights=ONE_MISSED))
    starts_h = run["sessions"]["start_min"] / 60.0 - 29 * 24
    assert ((starts_h > 24.0) & (starts_h < 29.0)).any()  # of the night before
    assert not ((starts_h >= 47.0) & (starts_h < 53.5)).any()
    assert (starts_h >= 53.5).any()


def test_cohorts_and_severed_lobes_are_explored_too():
    """One mother of a cohort; a gland whose lobes have names keeps its own resolution."""
    cohort = Explorer(CONFIG | {"mother": {"cohort": 5}, "replicates": 3})
    assert cohort.note == "One replicate of the median mother; resolution coarse (3 lobes a breast, packets of 0.3 mL)."
    run = cohort.run(replace(cohort.start, days=2))
    assert set(run["breasts"]["mother"]) == {0}
    severed = Explorer(CONFIG | {"breasts": {"left": {"severed_lobes": [8]}}})
    assert severed.note == "One mother; resolution default (9 lobes a breast, packets of 0.1 mL)."


def test_settings_hold_throughout():
    """Those of the command line, under what is chosen; days are those of the control."""
    explorer = Explorer(CONFIG, {"days": 2.0, "gland.lumen.capacity_ml": 150.0}, seed=5)
    assert (explorer.start.days, explorer.start.capacity_ml) == (2, 150.0)
    run = explorer.run(replace(explorer.start, days=3))
    assert run.spans_min[0, 0][1] == pytest.approx(32 * 1440.0)
    assert "seed: 5" in run.config_text
    assert run["breasts"]["capacity_ml"].iloc[0] < 160.0


def test_a_week_is_simulated_unless_days_are_asked_for():
    """As many as the control has; of a short config, all of it."""
    assert Explorer("on-demand").start.days == 7
    assert Explorer("on-demand", days=14.0).start.days == 14
    assert Explorer("on-demand", days=90.0).start.days == 30
    assert Explorer(CONFIG).start.days == 3
    assert Explorer(CONFIG, days=0.5).start.days == 2


def test_a_wrong_config_is_reported_as_everywhere():
    """With the key."""
    with pytest.raises(ConfigError, match=r"gland\.lumen\.capacity_ml"):
        Explorer(CONFIG, {"gland.lumen.capacity_ml": "much"})


def test_the_picture_of_a_day_has_words_with_the_numbers_of_the_tables(own):
    """Sessions and volumes of the day."""
    picture = pictures.day_picture(own, 31)
    removals = own["removals"]
    of_day = removals[(removals["start_min"] >= 30 * 1440.0) & (removals["start_min"] < 31 * 1440.0)]
    words = re.match(r"Day 31: (\d+) sessions took (\d+) mL of milk, (\d+) mL from the left", picture.words)
    left = of_day.loc[of_day["breast"] == "left", "removed_ml"].sum()
    assert words.groups() == (
        str(of_day["session"].nunique()),
        f"{of_day['removed_ml'].sum():.0f}",
        f"{left:.0f}",
    )
    assert "The longest time from one session to the next was 3." in picture.words
    ET.fromstring(picture.svg)


def test_stations_are_those_of_the_table(own):
    """The first lobe of the left breast at every sample of a day; bars as long as there are packets."""
    of_day = stations_of(own, 31)
    queues = own["queues"]
    mine = queues[(queues["breast"] == "left") & (queues["lobe"] == 0) & queues["time_min"].between(43200.0, 44640.0)]
    assert len(of_day.clocks) == mine["time_min"].nunique() == 25
    assert of_day.clocks[7] == "day 31, 07:00"
    blocked = mine.groupby("time_min")["blocked"].sum()
    assert blocked.iloc[of_day.fullest] == blocked.max()
    html = stations_html(of_day, of_day.fullest)
    ET.fromstring(html)
    budding = of_day.found.packets["droplet_budding"].iloc[of_day.fullest]
    room = of_day.found.room["droplet_budding"]
    drawn = [float(width) for width in re.findall(r'width="([\d.]+)" height="14" fill="#d55e00"', html)]
    assert drawn[-1] == pytest.approx(300.0 * budding["blocked"] / room, abs=0.06)
    assert f"{budding['blocked']:.0f} packets after budding" in html
    with pytest.raises(ConfigError, match="no samples of the stations"):
        stations_of(own, 90)


def test_bottles_are_said_and_are_no_sessions():
    """A day of bottles alone."""
    explorer = Explorer({"start_day": 30, "days": 2, "schedule": [{"kind": "none"}]})
    words = pictures.day_in_words(explorer.run(explorer.start), 31)
    assert words.startswith("Day 31: 0 sessions took 0 mL of milk")
    assert re.search(r"\d+ bottles gave \d+ mL\.", words)


def test_the_picture_of_the_days_has_both_runs(own, pumped):
    """What was chosen, and the config as it is."""
    picture = pictures.course_picture(pumped, own, "removed_ml_per_day")
    days, before = (run.daily().set_index("day")["removed_ml_per_day"] for run in (pumped, own))
    assert picture.words == (
        f"Milk removed on days 30 to 32: {days.min():.3g} to {days.max():.3g} mL/day; "
        f"on day 32 it was {days[32]:.3g}, and {before[32]:.3g} with the config as it is."
    )
    assert "config as it is" in picture.svg
    assert "as chosen" in picture.svg


@pytest.mark.parametrize("name", pictures.COURSES)
def test_every_course_can_be_drawn(own, pumped, name):
    """A mother who pumps has no infant whose weight could be drawn."""
    assert pictures.course_picture(own, own, name).words
    words = pictures.course_picture(pumped, own, name).words
    assert words.endswith("there is none.") == (name == "infant_weight_kg")


def test_numbers_stand_beside_those_of_the_config(own, pumped):
    """With their difference."""
    found = pictures.numbers(pumped, own).set_index("measure")
    assert found.loc["sessions", "as chosen"] == pytest.approx(5.0)
    assert found.loc["sessions", "config as it is"] == pytest.approx(8.0)
    assert found.loc["sessions", "difference"] == pytest.approx(-3.0)
    assert "let-downs" not in found.index  # no feeds
    html = page.table_html(pictures.numbers(pumped, own))
    assert "<td>-3</td>" in html
    assert '<td style="text-align: left">sessions</td>' in html
    assert 'tabindex="0"' in html


def test_text_of_configs_is_shown_and_does_nothing():
    """Neither Markdown nor HTML; a picture stands in the page itself."""
    hostile = load_scenario(CONFIG | {"title": "<img src=x onerror=alert(1)> *a* [b](c)"}).config
    shown = page.heading(hostile, "One mother.", ["odd <b>"])
    assert "<" not in re.sub(r"\\.", "", shown)
    assert "*a*" not in shown
    html = pictures.Picture("<svg/>", 'a "title"', "<words>").html
    assert "&lt;words&gt;" in html
    assert 'src="data:image/svg+xml;base64,' in html
    assert 'alt="a &quot;title&quot;; in words below"' in html


def test_arguments_reach_the_page():
    """One setting, several, none."""
    line = page.arguments("twins", ["a=1", "b=2"], 7, 2.5)
    assert line == ["--config", "twins", "--seed", "7", "--days", "2.5", "--set", "a=1", "--set", "b=2"]
    given = {"config": "twins", "seed": 7, "days": 2.5, "set": ["a=1", "b=2"]}
    expected = {"source": "twins", "settings": ["a=1", "b=2"], "seed": 7, "days": 2.5}
    assert page.pairs_of(given, SOURCE) == expected
    assert page.pairs_of({"set": "a=1"}, SOURCE) == {"source": SOURCE, "settings": ["a=1"]}
    assert page.pairs_of({}, SOURCE) == {"source": SOURCE, "settings": []}
