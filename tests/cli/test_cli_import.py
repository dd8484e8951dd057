"""`lactflow import` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lactflow.cli.summary import NO_ADVICE, typed
from lactflow.config.scenario import load_scenario
from lactflow.errors import ArchiveError
from lactflow.trackers.formats import shipped_formats

HUCKLEBERRY = """\
Type,Start,End,Duration,Start Condition,Start Location,End Condition,Notes
Pump,2031-03-04 21:15,2031-03-04 21:32,0:17,3oz,,85ml,Zebulon
Feed,2031-03-04 18:00,,,Formula,Bottle,110ml,Zebulon
Feed,2031-03-04 17:00,,,Formula,Bottle,,Zebulon
Diaper,2031-03-04 09:00,,,,,Pee,Zebulon
"""
LOG = """\
start,kind,left_min,right_min,volume_ml,left_ml,right_ml,first,child
2031-03-04 18:00,bottle_formula,,,110,,,,
2031-03-04 21:15,pump,17,17,,88.7,85,,
"""


@pytest.fixture
def export(tmp_path):
    """An export in the folder where commands are called."""
    (tmp_path / "export.csv").write_text(HUCKLEBERRY, encoding="utf-8")
    return "export.csv"


def test_the_log_goes_to_stdout_and_the_report_to_stderr(invoke, export):
    """What was taken, skipped and dropped; then that this is a model."""
    result = invoke("import", export)
    assert result.exit_code == 0
    assert result.stdout == LOG
    report = result.stderr.splitlines()
    assert report[0] == "format: Huckleberry"
    assert "rows read: 4" in report
    assert "taken: 2 (1 pumping, 1 bottle of formula)" in report
    assert "skipped: 1 diaper" in report
    assert "dropped: a bottle without a volume: 1 row (line 4)" in report
    assert report[-2] == f"next: {typed('lactflow')} import export.csv --init my-log"
    assert report[-1] == NO_ADVICE
    assert "Zebulon" not in result.output


def test_json_needs_a_file_and_has_every_count(invoke, export):
    """One object on stdout, the log in the file."""
    assert invoke("import", export, "--json").exit_code == 2
    result = invoke("import", export, "--json", "-o", "log.csv")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert {"format", "output", "rows", "taken", "skipped", "repaired", "assumed", "warnings"} <= set(said)
    assert (said["format"], said["output"], said["rows"], said["taken"]) == ("huckleberry", "log.csv", 4, 2)
    assert said["skipped"] == {"diaper": 1}
    assert [(one["line"], one["what"]) for one in said["repaired"]] == [(4, "a bottle without a volume")]
    assert [(one["what"], one["lines"]) for one in said["assumed"]] == [
        ("durations such as 0:21 are hours and minutes", [])
    ]
    assert said["warnings"] == []
    assert Path("log.csv").read_text(encoding="utf-8") == LOG
    assert result.stderr == ""


def test_a_log_is_written_whole_or_not_at_all(invoke, export):
    """Into no folder that is missing, over no input, and with nothing left behind."""
    assert invoke("import", export, "-o", "none/log.csv").exit_code == 2
    assert invoke("import", export, "-o", export).exit_code == 2
    assert invoke("import", export, "-o", ".").exit_code == 2
    assert Path(export).read_text(encoding="utf-8") == HUCKLEBERRY
    assert invoke("import", export, "-o", "log.csv").exit_code == 0
    again = invoke("import", export, "--unit", "oz", "-o", "log.csv")
    assert again.exit_code == 2
    assert again.stderr == "log.csv: exists already; nothing was written (choose another -o)\n"
    assert invoke("import", "log.csv", "-o", "log-2.csv").exit_code == 0
    assert Path("log-2.csv").read_text(encoding="utf-8") == LOG
    assert sorted(path.name for path in Path().iterdir()) == ["export.csv", "log-2.csv", "log.csv"]


def test_options_that_are_needed_are_named(invoke, tmp_path):
    """Exit code 2, on one line each; nothing is written."""
    text = "child,start,end,type,method,amount\n1,2031-05-03 08:00,2031-05-03 08:10,formula,bottle,3\n"
    (tmp_path / "feedings.csv").write_text(text, encoding="utf-8")
    result = invoke("import", "feedings.csv", "-o", "log.csv")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "feedings.csv:2:1:" in result.stderr
    assert "--unit oz or --unit mL" in result.stderr
    assert not Path("log.csv").exists()
    failure = json.loads(invoke("import", "feedings.csv", "-o", "log.csv", "--json").stdout)
    assert failure["exit_code"] == 2
    assert failure["problems"][0]["line"] == 2
    settled = invoke("import", "feedings.csv", "--unit", "ml", "--birth", "2031-05-01")
    assert settled.exit_code == 0
    options = "--unit mL --birth 2031-05-01 --init my-log"
    assert f"next: {typed('lactflow')} import feedings.csv {options}" in settled.stderr


def test_the_list_of_formats(invoke):
    """Each with where it was read."""
    result = invoke("import", "--list")
    assert result.exit_code == 0
    for name, found in shipped_formats().items():
        assert f"{name} " in result.stdout
        assert all(source.where in result.stdout for source in found.source)
    listed = json.loads(invoke("import", "--list", "--json").stdout)["formats"]
    assert [one["name"] for one in listed] == list(shipped_formats())


def test_a_format_by_name(invoke, export):
    """A wrong one says what the file lacks, a mistyped one gets the nearest."""
    assert invoke("import", export, "--from", "huckleberry").exit_code == 0
    assert "missing" in invoke("import", export, "--from", "nara").stderr
    assert "nearest: huckleberry" in invoke("import", export, "--from", "hucklebery").stderr
    both = invoke("import", export, "--from", "nara", "--map", "m.yaml")
    assert both.exit_code == 2
    assert invoke("import").exit_code == 2


def test_init_writes_a_config_beside_the_log(invoke, export):
    """Commented, with the date of birth; nothing is overwritten, and no other folder is written to."""
    result = invoke("import", export, "--birth", "2031-02-10", "--init", "my-log")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert Path("my-log.csv").read_text(encoding="utf-8") == LOG
    config = Path("my-log.yaml").read_text(encoding="utf-8")
    assert 'birth_date: "2031-02-10"' in config
    assert "{kind: log, file: my-log.csv}" in config or '{kind: log, file: "my-log.csv"}' in config
    assert "infants: [{}]" in config
    assert "days:" not in config
    assert "born 2031-02-10 (by --birth): the first row is on day 23 of lactation" in result.stderr
    assert f"next: {typed('lactflow')} run my-log.yaml" in result.stderr
    again = invoke("import", export, "--init", "my-log")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    for name in ("../out", "a/b", ".hidden", ""):
        assert invoke("import", export, "--init", name).exit_code == 2
    assert sorted(path.name for path in Path().iterdir()) == ["export.csv", "my-log.csv", "my-log.yaml"]


def test_a_config_without_a_birth_has_a_day_to_check(invoke, tmp_path):
    """And no infants where nobody was fed."""
    (tmp_path / "pump.csv").write_text("start,kind,left_min,right_min,volume_ml\n2031-05-03 08:00,pump,15,15,80\n")
    assert invoke("import", "pump.csv", "--init", "mine").exit_code == 0
    config = Path("mine.yaml").read_text(encoding="utf-8")
    assert "# Check this" in config
    assert "start_day: 30" in config
    assert "infants: []" in config


def test_the_config_that_init_writes_is_sound(invoke, export):
    """It loads with its log."""
    assert invoke("import", export, "--birth", "2031-02-10", "--init", "my-log").exit_code == 0
    assert load_scenario(Path("my-log.yaml")).config.name == "my-log"


def test_a_wrong_date_of_birth(invoke, export):
    """What was found, and how it is written; or a date that the log does not fit."""
    for text in ("soon", "01.04.2030", "2030-02-30", "2030-04-01 08:00", ""):
        result = invoke("import", export, "--birth", text)
        assert result.exit_code == 2
        assert f"--birth: {text!r} is no date (allowed: YYYY-MM-DD)" in result.stderr
    assert "is the date of birth right?" in invoke("import", export, "--birth", "2011-02-10").stderr


def test_quiet_says_nothing(invoke, export):
    """Only the log."""
    result = invoke("import", export, "--quiet")
    assert (result.stdout, result.stderr) == (LOG, "")


def test_init_writes_a_coarser_gland_for_a_log_of_many_days(invoke):
    """Which runs; a short log has the default gland."""
    rows = "".join(f"2031-{month:02}-{day:02} 09:00,pump,15,15,80\n" for month in range(1, 5) for day in (1, 11, 21))
    Path("long.csv").write_text(f"start,kind,left_min,right_min,volume_ml\n{rows}", encoding="utf-8")
    Path("short.csv").write_text(f"start,kind,left_min,right_min,volume_ml\n{rows[:200]}\n", encoding="utf-8")
    assert invoke("import", "long.csv", "--birth", "2030-12-20", "--init", "many").exit_code == 0
    config = load_scenario("many.yaml").config
    assert (config.resolution.packet_ml, config.gland.lobes_per_breast, config.record.visits) == (1.0, 2, False)
    assert config.title == "A feeding log"
    assert invoke("import", "short.csv", "--birth", "2030-12-20", "--init", "few").exit_code == 0
    assert load_scenario("few.yaml").config.gland.lobes_per_breast == 9


def test_the_next_command_works_as_it_is_printed(invoke, export):
    """Its name is free, and it keeps the zone."""
    first = invoke("import", export, "--zone", "America/New_York", "--birth", "2031-02-10", "-o", "my-log.csv")
    line = first.stderr.splitlines()[-2]
    assert line.endswith(" import my-log.csv --zone America/New_York --birth 2031-02-10 --init my-log-2")
    assert invoke(*line.split()[2:]).exit_code == 0
    assert Path("my-log-2.csv").read_text(encoding="utf-8") == Path("my-log.csv").read_text(encoding="utf-8")
    assert "--init my-log-3" in invoke("import", export).stderr


@pytest.fixture
def pumped(tmp_path):
    """A day of pumpings with volumes in millilitres, and one in ounces."""
    for name, unit in (("pumped", 30), ("ounces", 1)):
        rows = "".join(f"2031-03-04 {hour:02}:10,pump,15,15,{(2 + hour % 3) * unit}\n" for hour in range(0, 24, 3))
        (tmp_path / f"{name}.csv").write_text(f"start,kind,left_min,right_min,volume_ml\n{rows}", encoding="utf-8")


def printed(result):
    """The commands that an import prints, without the program."""
    lines = [line.removeprefix("next: ") for line in result.stderr.splitlines() if line.startswith("next: ")]
    assert all(line.startswith(typed("lactflow")) for line in lines)
    return [line.removeprefix(typed("lactflow")).split() for line in lines]


@pytest.fixture
def begun(monkeypatch):
    """Fits that are begun: day of the first date and what was said about it. None is simulated."""
    fits = []

    def begin(task, *_args, **_more):
        fits.append((task.start_day, task.virtual.warnings))
        raise ArchiveError("enough")

    monkeypatch.setattr("lactflow.experiments.fit._alone", begin)
    return fits


@pytest.mark.parametrize("birth", [("--birth", "2031-01-21"), ()])
def test_an_import_prints_commands_that_run_as_they_stand(invoke, pumped, begun, birth):
    """A log, its config, its run and its fit, on the day that the import knows, or the one that the config has."""
    day = 43 if birth else 30
    first = printed(invoke("import", "pumped.csv", *birth, "-o", "log.csv"))
    fits = [["fit", "log.csv", "--start-day", "43"]] if birth else []
    assert first == [["import", "log.csv", *birth, "--init", "my-log"], *fits]
    then = printed(invoke(*first[0]))
    assert then == [["run", "my-log.yaml"], ["fit", "my-log.csv", *(["--start-day", "43"] if birth else [])]]
    assert invoke(*then[0], "--no-visits").exit_code == 0
    for fit in (*first[1:], then[1]):
        assert "enough" in invoke(*fit).stderr
        assert begun[-1][0] == day
    said = "my-log.csv: it begins on day 30, as my-log.yaml beside it says (--start-day gives another)"
    assert [said in notes for _, notes in begun] == ([False, False] if birth else [True])


def test_no_fit_is_printed_that_would_be_refused(invoke, pumped, export):
    """Too few volumes, ounces, or a day on which nothing runs."""
    assert not any("fit" in line for line in printed(invoke("import", export, "--birth", "2031-02-10", "-o", "a.csv")))
    assert len(printed(invoke("import", "ounces.csv", "--birth", "2031-02-10", "-o", "b.csv"))) == 1
    assert printed(invoke("import", "pumped.csv", "--birth", "2011-02-10", "-o", "c.csv")) == []


def test_the_day_of_a_log_without_a_birth_is_an_assumption(invoke, export):
    """In the report and in its JSON; not where the birth is known."""
    expected = "the log begins on day 30 (give --birth, or change start_day)"
    assert f"assumed: {expected}\n" in invoke("import", export, "--init", "one").stderr
    report = json.loads(invoke("import", export, "--init", "two", "--json").stdout)
    assert {"what": expected, "lines": [], "file": "two.yaml"} in report["assumed"]
    assert expected not in invoke("import", export, "--init", "three", "--birth", "2031-02-10").stderr


def test_minutes_of_a_pump_at_both_breasts_are_said_to_count_once(invoke, export):
    """Where there is one."""
    assert "in the log: 17.0 min (a pump at both breasts counts once) and 283.7 mL" in invoke("import", export).stderr
    Path("feeds.csv").write_text("start,kind,left_min,right_min\n2031-05-03 08:00,breast,5,5\n", encoding="utf-8")
    assert "in the log: 10.0 min and 0.0 mL" in invoke("import", "feeds.csv").stderr


def test_both_orders_at_once(invoke, export):
    """Exclude each other."""
    result = invoke("import", export, "--day-first", "--month-first")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr
    assert f" import {export} --month-first --init" in invoke("import", export, "--month-first").stderr


@pytest.mark.parametrize(
    ("path", "what"), [(".", "is a folder"), ("/dev/null", "is a device"), ("none", "no such file")]
)
def test_what_is_no_file_is_named(invoke, path, what):
    """A folder, a device, nothing."""
    result = invoke("import", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}: ")
    assert what in result.stderr


def test_a_header_alone_is_refused_with_its_file(invoke):
    """And that no row is below it."""
    Path("empty.csv").write_text("start,kind,left_min,right_min\n", encoding="utf-8")
    result = invoke("import", "empty.csv")
    assert result.exit_code == 2
    assert result.stderr == "empty.csv: no feed, pumping or bottle is in it (no row is below the header)\n"


def test_short_names_of_trackers_are_listed_and_allowed(invoke, export):
    """In the list, and in what is allowed."""
    listed = invoke("import", "--list").stdout
    assert "baby-buddy            baby-buddy-feedings, baby-buddy-others, baby-buddy-pumpings" in listed
    assert list(json.loads(invoke("import", "--list", "--json").stdout)["short_names"]) == [
        "baby-buddy",
        "baby-daybook",
        "nighp",
    ]
    assert "nearest: nighp)" in invoke("import", export, "--from", "nigp").stderr


def test_a_line_is_named_once_and_in_plain_words(invoke):
    """Two parts of a row that share an assumption, a row that is dropped, a line that is no event."""
    rows = "2031-05-03 08:00,pump,abc,15,80\n,pump,15,15,70\n2031-05-03 11:00,breast,10,10,\n"
    Path("log.csv").write_text(f"start,kind,left_min,right_min,volume_ml\n{rows}", encoding="utf-8")
    report = invoke("import", "log.csv").stderr
    assert "dropped: the minutes of the left breast are no duration: 1 row (line 2)" in report
    assert "dropped: the start is missing: 1 row (line 3)" in report
    Path("piyo.txt").write_text(
        "[PiyoLog]Mar 2031\n\n----------\nSat, Mar 1, 2031\n01:00   Nursing Left 10min\nsome note\n", encoding="utf-8"
    )
    assert "skipped: 1 line that is no event" in invoke("import", "piyo.txt").stderr
    assert "[oz|mL]" in invoke("import", "--help").stdout
