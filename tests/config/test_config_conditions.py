"""Conditions of the mother and the birth: what each sets, how they add up, what is refused, and when milk comes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lactflow.analysis.citations import references_of_configs
from lactflow.cli import main
from lactflow.config.cohort import drawn
from lactflow.config.conditions import contradicting, rows_of, slowing, with_conditions
from lactflow.config.model import RunConfig
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.parameters.conditions import ACTING, CONDITIONS, REFUSED
from lactflow.parameters.declaration import quantity_at
from lactflow.records import MotherTrait, Session
from lactflow.sources import ASSUMED
from lactflow.validation.simulated import merged, simulated

EACH = {
    "diabetes, type 1": {"mother": {"conditions": [{"kind": "diabetes", "type": 1}]}},
    "diabetes, type 2": {"mother": {"conditions": [{"kind": "diabetes", "type": 2}]}},
    "gestational_diabetes": {"mother": {"conditions": ["gestational_diabetes"]}},
    "gestational_diabetes, insulin": {"mother": {"conditions": [{"kind": "gestational_diabetes", "insulin": True}]}},
    "obesity": {"mother": {"conditions": ["obesity"]}},
    "sheehan": {"mother": {"conditions": ["sheehan"]}},
    "hypoplasia": {"mother": {"conditions": [{"kind": "hypoplasia"}]}},
    "first birth": {"mother": {"parity": "first"}},
    "caesarean": {"birth": {"mode": "caesarean"}},
    "fluids": {"birth": {"fluids": 1201.0}},
}


def config(**keys):
    """A config with these keys."""
    return RunConfig.model_validate_json(json.dumps({"format": 1, **keys}))


def values(some):
    """What its conditions set, by key."""
    return {each.key: each.value for each in with_conditions(some)[1]}


def test_every_declared_condition_can_be_said():
    """Each row of the table has its words in a config, and sets the quantities that it says."""
    assert set(EACH) == set(CONDITIONS)
    for name, keys in EACH.items():
        assert rows_of(config(**keys)) == (name,)
        wanted = {key for effect in CONDITIONS[name] for key in ACTING[effect.on].keys}
        assert set(values(config(**keys))) == wanted


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_size_has_its_uncertainty_and_its_reason(name):
    """Within its range; a choice of ours says so; every quantity that it acts on is declared."""
    for effect in CONDITIONS[name]:
        assert effect.low <= effect.size <= effect.high
        assert effect.low < effect.high
        assert effect.note
        assert (effect.source == ASSUMED) == (not effect.locator)
        assert all(quantity_at(config(), key) is not None for key in ACTING[effect.on].keys)


def test_without_any_the_config_stays_as_it_is():
    """The very same, and no rows."""
    some = config(mother={"parity": "later"}, birth={"fluids": 1200.0})
    assert with_conditions(some) == (some, [])
    assert drawn(some, 0) == (some, [])


def test_what_is_set_is_set_once():
    """The names are gone from the config that has their values."""
    some = config(
        mother={"conditions": ["obesity"], "parity": "first"}, birth={"mode": "caesarean", "first_feed_h": 5.0}
    )
    changed, rows = with_conditions(some)
    assert rows_of(changed) == ()
    assert with_conditions(changed) == (changed, [])
    assert changed.birth.first_feed_h == 5.0
    assert changed.gland.genes.mrna_h == next(row.value for row in rows if row.key == "gland.genes.mrna_h")


def test_later_onsets_add_up_and_water_does_not():
    """6 and 8.2 h are one onset 14.2 h later; a caesarean and fluids are the larger loss of the two."""
    first_and_obese = config(mother={"conditions": ["obesity"], "parity": "first"})
    assert values(first_and_obese)["gland.genes.mrna_h"] == pytest.approx(14.0 * slowing(14.2), rel=1e-12)
    loss = config().dyad.growth.newborn_weight_loss
    both = config(birth={"mode": "caesarean", "fluids": 3000.0})
    assert values(both)["dyad.growth.newborn_weight_loss"] == pytest.approx(loss + 0.015, rel=1e-12)
    assert slowing(0.0) == 1.0


def test_traits_of_a_cohort_come_on_top():
    """A mother drawn from obese women has her own factor on their value, and both stand in the table."""
    keys = {"mother": {"cohort": 3, "conditions": ["obesity"]}}
    woman, rows = drawn(config(**keys), 1)
    usual, _ = drawn(config(mother={"cohort": 3}), 1)
    assert woman.gland.genes.mrna_h == pytest.approx(usual.gland.genes.mrna_h * slowing(6.0), rel=1e-12)
    assert [row.trait for row in rows if row.key == "gland.genes.mrna_h"] == ["obesity", "transcription_lag"]


@pytest.mark.parametrize(
    ("settings", "key", "message"),
    [
        (["mother.conditions=[obesty]"], "mother.conditions.0.kind", "'obesty' is unknown (allowed: diabetes, "),
        (["mother.conditions=[diabetes]"], "mother.conditions.0.type", "missing (allowed: 1, 2)"),
        (["mother.conditions=[{kind: diabetes, type: 3}]"], "mother.conditions.0.type", "found 3 (allowed: 1, 2)"),
        (["mother.conditions=[obesity, obesity]"], "mother.conditions.1", "obesity stands here twice"),
        (["mother.conditions=[pcos]"], "mother.conditions", "pcos is refused: only the share of mothers"),
        (["mother.conditions=[{kind: hypothyroid}]"], "mother.conditions", "hypothyroid is refused: direction only"),
        (["mother.parity=second"], "mother.parity", "'second' is unknown (allowed: first, later)"),
        (
            ["birth.mode=cesarean"],
            "birth.mode",
            "'cesarean' is unknown (allowed: vaginal, caesarean; nearest: caesarean)",
        ),
        (
            ["mother.conditions=[hypoplasia]", "mother.gland_size=0.5"],
            "mother.gland_size",
            "0.5 is given, and hypoplasia would change it too",
        ),
        (
            ["mother.conditions=[obesity]", "mother.parity=first", "gland.genes.mrna_h=20"],
            "gland.genes.mrna_h",
            "20 is given, and obesity and first birth would change it too",
        ),
    ],
)
def test_what_is_wrong_is_said(settings, key, message):
    """One line at its key."""
    with pytest.raises(ConfigError) as error:
        load_scenario("on-demand", settings)
    (problem,) = error.value.problems
    assert problem.key == key
    assert problem.message.startswith(message)


def test_the_resolved_config_says_the_same():
    """Words become mappings; nothing that a condition sets is written out, or refused when it is read again."""
    scenario = load_scenario("on-demand", ["mother.conditions=[obesity]", "mother.parity=first"])
    assert list(contradicting(scenario.config)) == []
    assert 'kind: "obesity"' in scenario.text
    assert (
        config(mother=json.loads(scenario.config.mother.model_dump_json(by_alias=True))).mother
        == scenario.config.mother
    )


def test_what_has_no_effect_or_is_a_guess_draws_a_warning():
    """A first feed before the run, and type 2."""
    lines = load_scenario(
        "on-demand", ["birth.first_feed_h=30", "mother.conditions=[{kind: diabetes, type: 2}]"]
    ).warnings
    assert any(line.startswith("birth.first_feed_h = 30 changes nothing") for line in lines)
    assert any(line.startswith("diabetes of type 2 counts as gestational diabetes") for line in lines)


def test_their_sources_are_cited():
    """Those of the conditions that a config names, and of no others."""
    cited = {each.source.key: each.quantities for each in references_of_configs([config(**EACH["caesarean"])])}
    assert "caesarean: onset_h" in cited["Scott2007"]
    assert "caesarean: newborn_weight_loss" in cited["Flaherman2015"]
    assert "Gestational2021" not in cited


def test_lactflow_parameters_lists_them():
    """As text by name, and all of them as JSON with their sources."""
    text = CliRunner().invoke(main, ["parameters", "obesity"])
    assert text.exit_code == 0
    assert "6 h (3 to 8)" in text.stdout
    listed = json.loads(CliRunner().invoke(main, ["parameters", "--json"]).stdout)["conditions"]
    assert {each["condition"] for each in listed} == {*CONDITIONS, *REFUSED}
    assert all("reference" in each or each["refused"] for each in listed)


def test_a_run_records_what_was_set_and_waits_for_the_first_feed(play):
    """Nobody is at the breast for twelve hours; conditions act in a run from Python too."""
    coarse = {"gland": {"lobes_per_breast": 3}, "resolution": {"packet_ml": 0.3}, "start_day": 1.0}
    run = play(
        days=1.0,
        schedule=({"kind": "on_demand"},),
        birth={"first_feed_h": 12.0},
        mother={"conditions": ("sheehan",)},
        **coarse,
    )
    assert run.table(Session)["start_min"].min() >= 720.0
    assert run.table(MotherTrait).empty  # what was drawn and set is written by whoever runs a unit


@pytest.mark.slow
def test_copious_milk_begins_by_the_declared_hours_later():
    """In the reference mother without chance in her gland: to an hour, each alone and several together."""
    base = {
        "start_day": 1,
        "days": 6,
        "schedule": [{"kind": "on_demand"}],
        "gland": {"noise": {"sd": 0.0}},
        "record": {"sample_min": 15.0},
    }
    usual = simulated(base).onset_h()
    together = {"mother": {"parity": "first", "conditions": ["obesity"]}, "birth": {"mode": "caesarean"}}
    for keys in (EACH["diabetes, type 1"], EACH["gestational_diabetes"], EACH["first birth"], together):
        hours = sum(
            effect.size for name in rows_of(config(**keys)) for effect in CONDITIONS[name] if effect.on == "onset_h"
        )
        assert simulated(merged(base, keys)).onset_h() - usual == pytest.approx(hours, abs=1.0)
