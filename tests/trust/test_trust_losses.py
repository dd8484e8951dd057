"""What an experiment would say if something were lost: a table of nothing but zeros must be able to be another."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from random import Random

import pandas as pd
import pytest

from benchmarks.trust import commands, damage, drawing, injection, mutants, names, reading
from benchmarks.trust.configs import TooLongError, _odd_values, within
from benchmarks.trust.experiment import Experiment, Try, measure
from benchmarks.trust.material import Material
from lactflow.config.model import RunConfig


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """Sound folders."""
    return Material(tmp_path_factory.mktemp("material") / "sound")


@pytest.fixture
def run(material, tmp_path):
    """A copy of a sound run."""
    return shutil.copytree(material.run, tmp_path / "copy")


def test_a_sound_run_is_read_whole(run):
    """Rows are counted by the journal, without lactflow's reader."""
    import lactflow

    stored = lactflow.open_run(run)
    assert reading.journalled(run) == Counter(stored.manifest["rows"]) + Counter()
    assert reading.lost_of_run(run, "complete") == ""
    assert reading.flushed(run.parent)


def test_a_run_that_lost_rows_is_noticed(run):
    """A part that is gone, a table that cannot be opened, another status."""
    assert "has the status complete" in reading.lost_of_run(run, "crashed")
    part = next(run.glob("removals/part-*-000001.parquet"))
    content = part.read_bytes()
    part.unlink()
    assert part.name in reading.lost_of_run(run, "complete")
    part.write_bytes(content)
    stranger = part.with_name("part-stranger.parquet")
    stranger.write_bytes(b"PAR1")
    assert "ArrowInvalid" in reading.lost_of_run(run, "complete")
    stranger.unlink()
    assert reading.lost_of_run(run, "complete") == ""


def test_silent_damage_is_noticed():
    """A reader that gives other rows without an error has lost them; so has one that raises what nobody handles."""

    def other(_folder):
        return {"rows": pd.DataFrame({"x": [2.0]})}

    def broken(_folder):
        raise KeyError("x")

    sound = {"rows": pd.DataFrame({"x": [1.0]})}
    nowhere = damage.Path("nowhere")
    assert damage._noticed(nowhere, other, sound, verifies=False) == (
        "silently different",
        "without an error another rows",
    )
    ended, lost = damage._noticed(nowhere, broken, sound, verifies=False)
    assert ended == "traceback"
    assert "KeyError" in lost
    assert damage._noticed(nowhere, lambda _folder: sound, sound, verifies=False)[1] == ""


@pytest.mark.parametrize("kind", damage.KINDS)
def test_damage_is_done_and_undone(tmp_path, kind):
    """The file is another one meanwhile, and the same afterwards."""
    file, other = tmp_path / "one", tmp_path / "other"
    file.write_bytes(bytes(range(200)))
    other.write_bytes(b"other")
    with damage.damaged(file, kind, Random(1), [file, other]):
        assert not file.exists() or file.read_bytes() != bytes(range(200))
    assert file.read_bytes() == bytes(range(200))
    assert other.read_bytes() == b"other"


def test_odd_values_are_noticed(run):
    """An infinity, a null where a value is declared, a volume below zero."""
    assert _odd_values(run) == ""
    part = next(each for each in run.glob("breasts/part-*") if len(pd.read_parquet(each)))
    frame = pd.read_parquet(part)
    for value, words in ((float("inf"), "an infinity"), (None, "1 nulls"), (-1.0, "is -1.0")):
        frame.assign(volume_ml=[value, *frame["volume_ml"][1:]]).to_parquet(part)
        assert words in _odd_values(run)


def test_what_takes_too_long_is_stopped():
    """By its CPU time."""

    def go_on():
        while True:
            pass

    with pytest.raises(TooLongError), within(0.05):
        go_on()


def test_a_traceback_of_a_command_is_noticed(monkeypatch, tmp_path):
    """Exit code and text do not hide it."""
    monkeypatch.setattr("lactflow.experiments.verify.verify", lambda path: 1 / 0)
    assert "ZeroDivisionError" in commands.called("verify", str(tmp_path)).traceback


@pytest.mark.parametrize("payload", ["<img src=x onerror=run()>", "<script>run()</script>", "<!-- -->"])
def test_a_page_with_a_script_in_it_is_noticed(payload):
    """An element, an attribute or a comment more."""
    page = "<p title='{}'>{}</p><script type='application/json'>[1]</script>"
    harmless = injection.Looked(page.format("x", "nothing"))
    assert injection._strange(injection.Looked(page.format("x", payload)), harmless)
    assert injection._strange(injection.Looked(page.format("x", payload.replace("<", "&lt;"))), harmless) == ""
    assert injection._strange(injection.Looked("<a href='javascript:run()'>x</a>"), harmless)


def test_what_is_written_outside_is_noticed(tmp_path):
    """A new file, another content; not what is written inside."""
    sandbox = names.Sandbox(tmp_path / "box")
    (sandbox.inside / "out").mkdir()
    assert sandbox.escaped() == ""
    (sandbox.outside / "secret.csv").write_text("other", encoding="utf-8")
    (sandbox.outside / "new").touch()
    assert sandbox.escaped().count("box/") == 2


@pytest.mark.parametrize("error", [ValueError("x"), None])
def test_a_loader_that_fails_otherwise_is_noticed(monkeypatch, tmp_path, error):
    """Another exception, or a refusal that names no line."""
    from lactflow.errors import ConfigError, Problem

    def load(_path):
        raise error or ConfigError(Problem("wrong", "config.yaml"))

    monkeypatch.setattr("lactflow.config.scenario.load_scenario", load)
    assert mutants._loaded(tmp_path)[1]


def test_mutations_change_and_repeat():
    """The same random numbers give the same file, others another one."""
    content = b"a: 1\nb: [2, 3]\n" * 10
    made = [mutants.mutated(content, [content], ("!x",), Random(seed)) for seed in (*range(40), *range(40))]
    assert made[:40] == made[40:]
    assert len({*made}) > 30


@pytest.mark.parametrize("mood", drawing.MOODS)
def test_each_key_of_a_drawn_config_is_legal(mood):
    """What is wrong is between keys, or within an entry: never a type, a range, or a name."""
    from pydantic import ValidationError

    schema = RunConfig.model_json_schema()
    for seed in range(20):
        config = drawing.Drawing(schema, Random(seed)).config(mood)
        try:
            RunConfig.model_validate_json(json.dumps(config))
        except ValidationError as error:
            assert {detail["type"] for detail in error.errors()} == {"value_error"}  # noqa: PT017 - of a few


def test_a_try_can_be_repeated():
    """Random numbers of a try do not depend on those before it."""

    def tries(bench):
        for number in range(bench.size):
            yield Try("draw", f"{bench.random(number).random():.6f}", "odd" * (number == 1))

    experiment = Experiment(name="x", title="x", size=9, how="x", lost="x", tries=tries)
    row, again = measure(experiment, 3, 1), measure(experiment, 2, 1)
    assert [*again["ends"]["draw"]] == [*row["ends"]["draw"]][:2]
    assert (row["tried"], row["lost"], row["losses"]) == (3, 1, ["draw: odd"])
