"""Infants below their growth channel: the guideline by hand, and the warning wherever a run is looked at."""

from __future__ import annotations

import json
import sys
import warnings

import pytest
from click.testing import CliRunner
from small_runs import small_run

import lactflow
from lactflow.analysis.faltering import fall_of, faltering, faltering_in_words
from lactflow.analysis.run import open_run
from lactflow.cli import main
from lactflow.config.scenario import load_scenario
from lactflow.errors import ScenarioWarning
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.faltering import CENTILE_SPACE, spaces_of_concern
from lactflow.parameters.growth_standard import standard_at
from lactflow.records import InfantSample, MotherTrait
from lactflow.report.page import write_report
from lactflow.units import DAY_MIN

CONFIG = "format: 1\nstart_day: 1\ndays: 60\n"
STARVING = """format: 1
start_day: 12
days: 18
resolution: {packet_ml: 0.5}
gland: {lobes_per_breast: 2}
record: {visits: false}
schedule: [{kind: every, hours: 24}]
"""


def weighed(scores, sex=None, infant=0):
    """Samples at the start of some days of life, at these standard scores."""
    return [
        InfantSample((day - 1.0) * DAY_MIN, infant, standard_at(day - 1.0, sex).weight_kg(score), 0.0, 0.0, 0.0)
        for day, score in scores.items()
    ]


@pytest.mark.parametrize(("score", "spaces"), [(-1.4, 1), (-1.33, 2), (0.0, 2), (1.33, 2), (1.4, 3)])
def test_the_guideline(score, spaces):
    """One space below the 9th centile at birth, three above the 91st, two between."""
    assert spaces_of_concern(score) == spaces


@pytest.mark.parametrize(("at_birth", "spaces"), [(-2.0, 1), (0.5, 2), (2.0, 3)])
def test_a_fall_counts_from_as_many_spaces_as_the_guideline_says(at_birth, spaces):
    """Just short of them is none; the day is the first, and the end is where it ends."""
    traits = InfantTraits(birth_weight_kg=standard_at(0.0).weight_kg(at_birth))
    limit = spaces * CENTILE_SPACE

    def fall(*below):
        scores = {20.0 + number: at_birth - each for number, each in enumerate(below)}
        samples = [(sample.time_min, sample.weight_kg) for sample in weighed(scores)]
        return fall_of(traits, traits.birth_weight_kg, samples)

    assert fall(limit - 0.01, limit - 0.02) is None
    found = fall(0.0, limit + 0.01, limit + 0.5, 0.1)
    assert found[:2] == (21, spaces)
    assert found.below_at_end == pytest.approx(0.1)
    assert found.to_day == 23


def test_newborns_and_elder_children():
    """Nothing is held against the standard before two weeks; the age counts from the child's own birth."""
    traits = InfantTraits()
    assert fall_of(traits, 3.4, [(10.0 * DAY_MIN, 2.0), (13.9 * DAY_MIN, 2.0)]) is None
    assert fall_of(traits, 3.4, [(14.0 * DAY_MIN, 2.0)]).from_day == 15
    elder = InfantTraits(born_day=-364.0)
    assert fall_of(elder, 3.4, [(0.0, standard_at(365.0).weight_kg(0.0))]) is None
    assert fall_of(elder, 3.4, [(0.0, standard_at(365.0).weight_kg(-2.0))]) is not None


def test_a_run_with_two_infants(tmp_path):
    """The second one falls, and is named once; its sex is its own, and its mother's row has its birth weight."""
    config = CONFIG + "infants: [{birth_weight_kg: 3.4}, {birth_weight_kg: 2.2, sex: girl}]\n"
    facts = [
        MotherTrait("birth_weight", "infants.1.birth_weight_kg", 1.5, 3.3),
        *weighed({20.0: 0.0, 21.0: 0.1}),
        *weighed({20.0: -0.5, 21.0: -1.4, 22.0: -1.6, 23.0: -1.7}, "girl", infant=1),
    ]
    run = open_run(small_run(tmp_path, facts, config=config, days=60))
    at_birth = standard_at(0.0, "girl").score(3.3)
    (row,) = faltering(run).to_dict("records")
    assert (row["mother"], row["replicate"], row["infant"], row["from_day"], row["to_day"]) == (0, 0, 1, 21, 23)
    assert row["spaces"] == 2
    assert row["below_at_end"] == pytest.approx(at_birth + 1.7)
    (line,) = faltering_in_words(run)
    assert line == (
        "an infant fell below its growth channel, which clinicians call faltering growth (NICE NG75): infant 1 was 2 "
        f"centile spaces or more below its weight at birth from day 21, and {at_birth + 1.7:.1f} standard scores on "
        "day 23"
    )


def test_many_are_counted_and_few_named(tmp_path):
    """A cohort gets one line, however many fall."""
    facts = {(mother, 0): weighed({20.0: -2.0}) for mother in range(5)}
    run = open_run(small_run(tmp_path, facts, config=CONFIG, units=[*facts]))
    (line,) = faltering_in_words(run)
    assert line.startswith("5 infants fell below their growth channels in all runs together")
    assert "mother 2, replicate 0, infant 0 was" in line
    assert "mother 3" not in line
    assert line.endswith("and 2 more (`run.faltering()` has all)")


@pytest.mark.parametrize("config", [CONFIG + "infants: []\n", "format: 1\nstart_day: 1\ndays: 14\n"])
def test_nobody_to_weigh(tmp_path, config):
    """Without infants, or while they are newborns, there is nothing to say."""
    run = open_run(small_run(tmp_path, weighed({14.0: -3.0}), config=config))
    assert faltering(run).empty
    assert faltering_in_words(run) == []


def test_a_config_that_is_at_hand_is_not_read_again(tmp_path):
    """Neither are tables, for infants that are too young at the end."""

    class Unreadable:
        """Nothing can be read from it."""

    newborns = load_scenario({"start_day": 1.0, "days": 10.0}).config
    assert faltering_in_words(Unreadable(), newborns) == []
    run = open_run(small_run(tmp_path, weighed({20.0: -2.0}), config=CONFIG))
    given = load_scenario({"start_day": 15.0, "days": 10.0}).config
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys.modules[fall_of.__module__], "parse_yaml", None)
        assert len(faltering(run, given)) == 1


@pytest.fixture(scope="module")
def starved(tmp_path_factory):
    """A fortnight-old infant that gets one feed a day: the run, what was warned of, and what the command printed."""
    folder = tmp_path_factory.mktemp("starved")
    (folder / "starving.yaml").write_text(STARVING)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = lactflow.run(folder / "starving.yaml", out=folder, workers=1)
    said = [str(each.message) for each in caught if each.category is ScenarioWarning]
    args = ["run", str(folder / "starving.yaml"), "--out", str(folder), "--workers", "1"]
    return run, said, *(CliRunner().invoke(main, [*args, *more]) for more in ([], ["--json"], ["--quiet"]))


def test_the_warning_is_everywhere_and_once(starved, tmp_path):
    """In Python, the manifest, the summary, the JSON and the report; not where warnings are not wanted."""
    run, said, printed, as_json, quiet = starved
    (line,) = faltering_in_words(run)
    assert said == [line]
    assert run.manifest["warnings"] == [line]
    assert printed.exit_code == 0
    assert printed.output.count("fell below its growth channel") == 1
    assert json.loads(as_json.stdout)["warnings"] == [line]
    assert "growth channel" not in quiet.output
    assert line[:60] in write_report(run.path, tmp_path / "page.html").read_text(encoding="utf-8")
    assert len(run.faltering()) == 1


def test_no_result_moves(starved):
    """What is counted are the samples of the run: the same weights as before the warning was there."""
    run = starved[0]
    samples = run["infants"]
    assert run.faltering()["to_day"].item() == samples["time_min"].max() // DAY_MIN + 1
