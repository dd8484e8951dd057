"""A scenario is loaded whole: config, settings, logs, warnings, and the text that repeats it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lactflow.config.scenario import Scenario, load_scenario
from lactflow.config.shipped import shipped
from lactflow.errors import ConfigError
from lactflow.parameters.declaration import declared_quantities

LOG = "start,kind,left_min,right_min,volume_ml\n2001-01-01 01:00,breast,5,6,\n2001-01-03 01:00,breast,5,0,\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a config into a folder of its own, which is then the working directory."""
    monkeypatch.chdir(tmp_path)

    def writer(text: str = "format: 1\n", name: str = "a.yaml") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    return writer


def problems(*args, **options) -> list[str]:
    """All problems of a scenario."""
    with pytest.raises(ConfigError) as caught:
        load_scenario(*args, **options)
    return [str(problem) for problem in caught.value.problems]


def replayed(scenario: Scenario, folder: Path) -> Scenario:
    """The scenario loaded from its own resolved text, as in a run directory."""
    folder.mkdir()
    (folder / "config.yaml").write_text(scenario.text, encoding="utf-8")
    for name, raw in scenario.files.items():
        (folder / name).write_bytes(raw)
    return load_scenario(folder / "config.yaml")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_scenarios_load_and_repeat(name, tmp_path):
    """From their resolved text comes an equal scenario with the same text."""
    scenario = load_scenario(name)
    again = replayed(scenario, tmp_path / "run")
    assert again.config == scenario.config
    assert again.text == scenario.text
    assert again.logs == scenario.logs
    assert again.files == scenario.files


def test_resolved_text_has_every_quantity(write):
    """Defaults too, so that a later change of a default does not change an old run."""
    scenario = load_scenario(write())
    plain = YAML(typ="safe", pure=True).load(scenario.text)
    for item in declared_quantities(scenario.config):
        value = plain
        for part in item.key.split("."):
            value = value[int(part)] if part.isdigit() else value[part]
        assert value == item.value
    assert '"00:00"' in scenario.text


@pytest.mark.parametrize(
    "title", ["", "a: b # c", "'\"\\", "täglich \U0001f37c", "- x", "null", "x" * 300, "two\nlines\n", "\u2028"]
)
def test_any_title_survives(write, tmp_path, title):
    """Text comes back as it was."""
    scenario = load_scenario(write(), title=title, name="1e3")
    again = replayed(scenario, tmp_path / "run")
    assert again.config.title == title
    assert again.config.name == "1e3"


@pytest.mark.parametrize(("file", "name"), [("mine.yaml", "mine"), ("my run (2).yaml", "my-run-2"), ("ü.yaml", "run")])
def test_a_config_without_a_name_has_that_of_its_file(write, file, name):
    """In the letters that names may have."""
    assert load_scenario(write(name=file)).config.name == name


def test_settings_and_options_are_laid_over(write):
    """Over what the file says; missing groups and default lists are made; a key is not given twice."""
    file = write("format: 1\ndays: 2\nschedule: [{kind: every, hours: 3}]\n")
    settings = [
        "gland.lumen.capacity_ml=150",
        "schedule.0.hours=2",
        "infants.0.appetite=0.9",
        "birth_clock=10:30",
        "knock_outs=[oxytocin_receptor]",
        "days=4",
        "title=",
    ]
    assert problems(file, settings) == ["--set: title: found nothing (allowed: text)"]
    config = load_scenario(file, settings[:-1], seed=9, replicates=None).config
    assert (config.days, config.seed, config.birth_clock) == (4.0, 9, "10:30")
    assert config.gland.lumen.capacity_ml == 150.0
    assert config.schedule[0].hours == 2.0
    assert config.infants[0].appetite == 0.9
    assert config.knock_outs == ("oxytocin_receptor",)
    assert problems(file, ["days=4"], days=3.0) == ["--set: days: also given by --days (allowed: one of them)"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("capacity_ml=3", "nearest: gland.lumen.capacity_ml"),
        ("gland.lumn.capacity_ml=3", "nearest: gland.lumen.capacity_ml"),
        ("gland.lumen.capacty_ml=3", "nearest: gland.lumen.capacity_ml"),
        ("nmea=x", "nearest: name"),
        ("infants.0.appetite_ml=3", "nearest: infants.0.appetite"),
        ("gland.lumen.capacity_ml=9999", "9999 mL is outside 10 to 1500 mL"),
        ("gland.lumen=3", "allowed: a mapping of capacity_ml"),
        ("schedule.0.hours=3", "no entry 0"),
        ("infants.1.appetite=3", "no entry 1"),
        ("name.x=3", "unknown key"),
        ("days", "no setting"),
        ("=3", "no setting"),
        ("days=[", "not YAML"),
        ("days=.nan", "finite"),
        ("days=!!int 3", "tag"),
        ("days=1\n--- 2", "second document"),
        ("..=3", "unknown key"),
        ("schedule.99999999999999999999=3", "schedule has no entry 99999999999999999999 (it has 0 entries"),
        ("days=\udcff", "UTF-8"),
        ("x" * 1000 + "=3", "unknown key"),
    ],
)
def test_settings_that_do_not_fit_name_their_option(write, setting, words):
    """The file is the option, there is no line."""
    (problem,) = problems(write(), [setting])
    assert problem.startswith("--set: ")
    assert words in problem
    assert problem.isprintable()
    assert len(problem) < 400


def test_options_are_named_in_problems(write):
    """As they are typed."""
    assert problems(write(), days=0.0) == ["--days: 0 days is outside 0 to 1000 days, 0 itself left out"]
    assert problems(write(), seed=True) == [
        "--seed: found true (allowed: a whole number from 0 to 9223372036854775807)"
    ]


def test_everything_wrong_is_reported_at_once_in_the_order_of_the_file(write):
    """Options first."""
    write("not a log\n", "bad.csv")
    file = write(
        "format: 1\nresolution: {packet_ml: 5}\nschedule:\n"
        "- {kind: log, file: none.csv}\n- {kind: log, file: bad.csv, from_day: 40}\n"
        "- {kind: every, hours: 3, from_day: 45}\n"
    )
    found = problems(file, ["infants=[]", "nothing=1"])
    assert [line.split(": ")[0] for line in found] == [
        "--set",
        "--set",
        "a.yaml:2:25",
        "a.yaml:4:21",
        *["bad.csv:1:1"] * 3,
    ]


def test_logs_are_read_named_flat_and_copied(write, tmp_path):
    """Two logs of one file name stay two; a log cannot pass for another file of the run directory."""
    write(LOG, "logs/a.csv")
    write(LOG.replace("5,6", "7,6"), "more/a.csv")
    write(LOG, "config.yaml")
    file = write(
        "format: 1\nstart_day: 10\ndays: 1\nschedule:\n- {kind: log, file: logs/a.csv}\n"
        "- {kind: log, file: more/a.csv, from_day: 10.5}\n- {kind: log, file: config.yaml, from_day: 50}\n"
    )
    scenario = load_scenario(file)
    assert [phase.file for phase in scenario.config.schedule] == ["a.csv", "a-2.csv", "config.yaml.csv"]
    assert set(scenario.files) == set(scenario.logs) == {"a.csv", "a-2.csv", "config.yaml.csv"}
    assert replayed(scenario, tmp_path / "run").config == scenario.config
    assert (
        "schedule.0.file: 1 of 2 sessions of logs/a.csv come after the phase ends (day 10.5) and are not simulated"
        in scenario.warnings
    )
    assert "schedule.2: begins on day 50, the run is over on day 11" in scenario.warnings
    assert any(warning.startswith("logs/a.csv: both breasts in turn") for warning in scenario.warnings)


def test_logs_are_found_by_paths_of_windows_and_kept_under_names_that_it_takes(write, tmp_path):
    """Wherever the run is made: a backslash parts folders, and devices and colons are no names."""
    for name in ("logs/a.csv", "at:1.csv", "con.csv", "dot..csv"):
        write(LOG, name)
    file = write(
        "format: 1\nstart_day: 10\ndays: 1\nschedule:\n- {kind: log, file: 'logs\\a.csv'}\n"
        "- {kind: log, file: 'at:1.csv', from_day: 50}\n- {kind: log, file: con.csv, from_day: 51}\n"
        "- {kind: log, file: dot..csv, from_day: 52}\n"
    )
    scenario = load_scenario(file)
    assert [phase.file for phase in scenario.config.schedule] == ["a.csv", "at_1.csv", "con_.csv", "dot.csv"]
    assert any(warning.startswith("logs/a.csv: both breasts in turn") for warning in scenario.warnings)
    assert replayed(scenario, tmp_path / "run").config == scenario.config


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "x/../../a.csv",
        "/etc/passwd",
        '"a\\0b"',
        "C:x.csv",
        "..\\a.csv",
        "\\\\server\\a.csv",
        "link.csv",
        "sub",
        "x" * 255,
        "loop.csv",
    ],
)
def test_logs_outside_the_folder_are_refused(write, tmp_path, name):
    """Absolute, upwards, through a link, or no file at all: an error at the key."""
    write(LOG, "sub/inside.csv")
    (tmp_path / "sub" / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "sub" / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "sub" / "sub").mkdir()
    file = write(f"format: 1\nschedule:\n- {{kind: log, file: {name}}}\n", "sub/a.yaml")
    (problem,) = problems(file)
    assert problem.startswith("sub/a.yaml:3:21: schedule.0.file: ") or '"' in name
    assert problem.isprintable()


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        (
            "interventions: [{kind: cabergoline, start_day: 50}]",
            "interventions.0 (cabergoline): begins on day 50, the run is over on day 37",
        ),
        (
            "interventions: [{kind: stress, start_day: 2, end_day: 9}]",
            "interventions.0 (stress): is over on day 9, the run begins on day 30",
        ),
        (
            "schedule: [{kind: on_demand, miss: [{days: [20, 31]}]}]",
            "schedule.0.miss.0: nothing is missed on day 20, outside the phase (day 30 to 37)",
        ),
        (
            'schedule: [{kind: pump, times: ["05:00"]}]',
            "nobody feeds the infant: the schedule has no feeds (allowed: `infants: []` for a mother who only pumps)",
        ),
        ("", "there is no schedule: nobody takes milk"),
    ],
)
def test_what_is_unusual_is_reported(write, keys, warning):
    """What has no effect within the run, and infants without food; the rest of the scenario draws no warning."""
    if not keys.startswith("schedule") and keys:
        keys += "\nschedule: [{kind: on_demand}]"
    assert load_scenario(write(f"format: 1\n{keys}\n")).warnings == (warning,)


def test_a_phase_without_oddities_draws_no_warning(write):
    """Missed on its last day, and an intervention that ends after the run."""
    text = """
format: 1
interventions: [{kind: stress, start_day: 36, end_day: 90}]
schedule: [{kind: on_demand, miss: [{days: [30, 36]}]}, {kind: pump, times: ["05:00"], from_day: 33}]
"""
    assert load_scenario(write(text)).warnings == ()


def test_what_is_odd_is_a_warning(write):
    """Implausible values, no schedule, a warm-up that leaves nothing."""
    warnings = load_scenario(write(), ["gland.lumen.capacity_ml=500", "record.warm_up_days=7"]).warnings
    assert warnings == (
        "gland.lumen.capacity_ml = 500 mL is outside its plausible range 74 to 400",
        "record.warm_up_days = 7 leaves nothing of 7 days to summarise",
        "there is no schedule: nobody takes milk",
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("every-three-hour", "nearest: every-three-hours"),
        ("aa.yaml", "nearest: a.yaml"),
        ("a", "nearest: a.yaml"),
        ("a.yml", "nearest: a.yaml"),
        ("every-thre-hours.yaml", "(nearest: every-three-hours, every-two-hours, every-four-hours)"),
        ("xylem", "shipped: abrupt-weaning, "),
        ("xylem.yaml", "(files there: a.yaml; `lactflow scenarios list` names those that are shipped)"),
        ("nowhere/x.yaml", "(`lactflow scenarios list` names those that are shipped)"),
        (".", "is a folder"),
        (Path(), "is a folder"),
        ("x" * 5000, "no such file"),
        ("a\0b", "no such file"),
        ("a\nb", "no such file"),
    ],
)
def test_a_source_that_is_not_there_gets_the_nearest(write, source, words):
    """Among shipped names and the files of the folder."""
    write()
    (problem,) = problems(source)
    assert words in problem
    assert problem.isprintable()


def test_a_file_goes_before_a_shipped_name(write):
    """Who has a file of that name means it."""
    write("format: 1\ntitle: mine\n", "every-three-hours")
    assert load_scenario("every-three-hours").config.title == "mine"


def test_all_problems_are_reported_at_once(tmp_path):
    """Unreadable numbers, repeated and unknown keys, contradictions and missing logs come in one go."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "format: 1\ndays: .nan\nseed: 1\nseed: 2\nsched: []\nresolution: {packet_ml: 1.0}\n"
        "schedule:\n  - {kind: log, file: nope.csv}\n"
    )
    with pytest.raises(ConfigError) as raised:
        load_scenario(path)
    assert [(problem.line, problem.key) for problem in raised.value.problems] == [
        (2, "days"),
        (4, "seed"),
        (5, "sched"),
        (6, "resolution.packet_ml"),
        (8, "schedule.0.file"),
    ]
