"""A mother's log: what it tells of her gland, what it does not, and what is refused."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import lactflow
from lactflow.cli import main
from lactflow.cli.fit import _lines
from lactflow.errors import ArchiveError, ConfigError, ScenarioWarning

HEADER = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"
HOURS = (0, 3, 6.5, 9, 13, 15.5, 19)
HER = {"gland.lumen.capacity_ml": 205.0 * 1.5, "gland.protein_line.translation_ml_per_h": 38.0}
"""A mother with half as much room again; her gland is usual."""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def times(days):
    """Pumpings at uneven hours, shifted from day to day."""
    start = pd.Timestamp("2001-05-05")
    return [start + pd.Timedelta(days=day, hours=hour + 0.3 * (day % 3)) for day in range(days) for hour in HOURS]


def written(path, days, volumes=None):
    """A log of pumpings, 15 min each, with volumes of both breasts where they are given."""
    rows = []
    for number, time in enumerate(times(days)):
        left, right = ("", "") if volumes is None else (f"{each:.0f}" for each in volumes[number])
        rows.append(f"{time:%Y-%m-%d %H:%M},pump,15,15,,{left},{right}\n")
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def log_of(path, days, settings):
    """The log that a mother with these values would have kept: played, and written down to the millilitre."""
    bare = written(path.with_name("bare.csv"), days)
    config = path.with_name("known.yaml")
    config.write_text(
        f"format: 1\nstart_day: 40\ndays: {days}\ninfants: []\nseed: 77\nrecord: {{visits: false}}\n"
        f"schedule: [{{kind: log, file: {bare.name}}}]\n",
        encoding="utf-8",
    )
    removals = lactflow.run(config, settings=settings, out=path.parent)["removals"]
    by_session = removals.pivot_table(index="session", columns="breast", values="removed_ml")
    return written(path, days, by_session[["left", "right"]].to_numpy().tolist())


def call(*args):
    """The command."""
    return CliRunner().invoke(main, ["fit", *map(str, args)])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_known_mother_is_found_in_her_log(here):
    """What is identifiable lies in its interval, the rest is said not to be; her config plays her."""
    settings = [f"{key}={value}" for key, value in HER.items()]
    log = log_of(here / "hers.csv", 6, settings)
    found = lactflow.fit(log, start_day=40.0, mothers=100)
    assert found.status == "complete"
    traits = found.traits.set_index("key")
    for key, truth in HER.items():
        assert traits.loc[key, "identified"], key
        assert traits.loc[key, "low"] < truth < traits.loc[key, "high"], key
    unknown = ["endocrine.progesterone.slow_half_life_h", "gland.genes.mrna_h", "gland.composition.fat_g_per_l"]
    assert not traits.loc[unknown, "identified"].any()
    assert traits.loc["gland.lumen.capacity_ml", "value"] > 205.0
    assert found.manifest["volumes"] == 2 * len(times(6))
    assert abs(found.manifest["bias_ml"]) < 0.1 * found.manifest["recorded_ml"]
    again = lactflow.open_fit(found.path)
    assert again.traits.equals(found.traits)
    hers = lactflow.run(found.config, settings=["record.visits=false"])
    assert hers["removals"]["recorded_ml"].notna().all()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_a_log_tells_only_together_is_in_the_config_together(here):
    """Weighed feeds of a hungry infant: not its appetite, not its size, but how much the two of them take."""
    known = here / "known.yaml"
    known.write_text(
        "format: 1\nstart_day: 40\ndays: 6\nseed: 9\ninfants: [{appetite: 1.3}]\n"
        "record: {visits: false}\nschedule: [{kind: on_demand}]\n",
        encoding="utf-8",
    )
    run = lactflow.run(known)
    minutes = run["removals"].assign(minutes=lambda rows: rows["end_min"] - rows["start_min"])
    at = minutes.pivot_table(index="session", columns="breast", values="minutes").reindex(run["sessions"]["session"])
    rows = [
        f"{pd.Timestamp('2001-05-05') + pd.Timedelta(minutes=time_min - 39 * 1440.0):%Y-%m-%d %H:%M},breast,"
        f"{left:.1f},{right:.1f},{intake_ml:.0f},,\n".replace("nan", "0")
        for time_min, intake_ml, left, right in zip(
            run["sessions"]["start_min"], run["sessions"]["intake_ml"], at["left"], at["right"], strict=True
        )
    ]
    (here / "weighed.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    with pytest.warns(ScenarioWarning, match=r"weighed.csv: both breasts in turn"):
        found = lactflow.fit("weighed.csv", start_day=40.0, mothers=80)
    of_infant = found.traits.set_index("key")["value"][["infants.0.appetite", "infants.0.birth_weight_kg"]]
    assert 1.1 < of_infant.prod() / 3.4 < 1.4
    assert found.manifest["fed"]
    assert abs(found.manifest["bias_ml"]) < 0.05 * found.manifest["recorded_ml"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A fit of few volumes by few mothers, and its log."""
    folder = tmp_path_factory.mktemp("small")
    log = log_of(folder / "hers.csv", 2, [])
    log.write_text(log.read_text(encoding="utf-8") + log.read_text(encoding="utf-8").splitlines()[-1], encoding="utf-8")
    with pytest.warns(ScenarioWarning, match="repeated rows are dropped"):
        return log, lactflow.fit(log, start_day=40.0, mothers=40, workers=2, out=folder)


def test_what_was_found_is_told(small):
    """A table, what is not identifiable, no advice, and commands to go on."""
    log, found = small
    told = "\n".join(_lines(found))
    assert told.startswith(str(found.path))
    assert "Not identifiable from this log: " in told
    assert "no medical advice" in told
    assert found.manifest["warnings"] == [f"{log}: repeated rows are dropped: 1 row (line 16)"]
    assert f"run {found.config}" in told
    assert found.config.read_text(encoding="utf-8").startswith("# Made by lactflow fit")
    dry = CliRunner().invoke(main, ["run", str(found.config), "--dry-run"])
    assert dry.exit_code == 0, dry.output


@pytest.mark.slow
def test_json_is_one_object_and_workers_do_not_matter(small, here):
    """One worker tells the same as two."""
    log, found = small
    told = json.loads(call(log, "--start-day", 40, "--mothers", 40, "--workers", 1, "--json").stdout)
    assert told["status"] == "complete"
    assert told["traits"] == found.traits.to_dict("records")


def test_logs_that_tell_nothing_are_refused(here):
    """Without a file, without volumes, with too few: one line, exit code 2, nothing written."""
    empty = written(here / "empty.csv", 3)
    few = written(here / "few.csv", 1, [[50.0, 60.0]] * len(HOURS))
    few.write_text("".join(few.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    for log, words in (
        (here / "none.csv", "cannot be read"),
        (empty, "has no volumes of pumpings or weighed feeds, too few to tell of a gland (allowed: 8 or more)"),
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
        (["--start-day", "40", "--set", "start_day=50"], "--set: start_day: also given by --start-day"),
        (["--set", "infants.3.appetite=1"], "--set: infants.3.appetite: "),
        (["--name", "../up"], "name"),
    ],
)
def test_mistakes_are_told_before_anything_is_played(here, args, words):
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
