"""Drugs in a config: the library, what is laid over it, and one line for each mistake at its key and line."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import TypeAdapter

from lactflow.config.additions import additions_of, config_from_json
from lactflow.config.drugs.files import drug_of, shipped_drugs
from lactflow.config.overrides import Overrides
from lactflow.config.scenario import load_scenario
from lactflow.config.schema import json_schema
from lactflow.errors import ConfigError
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.rests_on import without_source

BASE = "format: 1\nstart_day: 30\ndays: 1\nschedule: [{kind: every, hours: 3}]\n"
MINE = "format: 1\ndrug: mine\nkinetics: {clearance_l_per_h: 3, volume_l: 4}\nsources: {kinetics: {cite: abc}}\n"
DOSES = '\ndrugs: [{drug: mine, dose_mg: 5, times: ["08:00"]}]\n'
LINE = 'drugs: [{drug: paracetamol, dose_mg: 5, times: ["08:00"]}]\n'


@pytest.fixture
def loaded(tmp_path):
    """Loads a config of this text, with files beside it."""

    def load(text, *settings, **files):
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        (tmp_path / "x.yaml").write_text(BASE + text)
        return load_scenario(tmp_path / "x.yaml", settings)

    return load


def problems(load, text, *settings, **files):
    """What is wrong with it, one line each."""
    with pytest.raises(ConfigError) as error:
        load(text, *settings, **files)
    return [str(each).replace(str(each.file), str(each.file).rsplit("/", 1)[-1]) for each in error.value.problems]


@pytest.mark.parametrize("name", shipped_drugs())
def test_every_shipped_drug_is_whole(name):
    """It is valid, is called as its file, says what it is, and every number in it rests on something."""
    drug = drug_of(name)
    assert drug.drug == name
    assert drug.title
    assert without_source(drug) == []
    assert "no medical advice" in shipped_drugs()[name].read_text().splitlines()[0]


def test_a_config_without_drugs_has_none(loaded):
    """Neither library nor additions."""
    config = loaded("").config
    assert config.drugs == ()
    assert config.drug_library == {}
    assert additions_of(config) == ((), (), (), (), {})


def test_a_shipped_drug_is_taken_by_its_name(loaded):
    """Its whole declaration is in the resolved config, which repeats the run whatever the library becomes."""
    scenario = loaded(LINE)
    assert scenario.warnings == ()
    assert scenario.config.drug_library == {"paracetamol": drug_of("paracetamol")}
    assert "clearance_l_per_h: 16.7" in scenario.text


def test_the_resolved_config_is_the_config(loaded, tmp_path):
    """As YAML and as JSON."""
    config = loaded(LINE + "drug_library: {mine: {kinetics: daily_steps, sources: {kinetics: {cite: abc}}}}\n").config
    (tmp_path / "resolved.yaml").write_text(loaded(LINE).text)
    assert load_scenario(tmp_path / "resolved.yaml").config == loaded(LINE).config
    assert config_from_json(config.model_dump_json(by_alias=True)) == config


@pytest.mark.parametrize("library", ["drug_library: mine.yaml", "drug_library: [mine.yaml]", "drug_library: ./"])
def test_a_drug_in_a_file_beside_the_config(loaded, tmp_path, library):
    """By its path, in a list of paths, or by the folder that it is in: one file and no code."""
    if library.endswith("./"):
        library = "drug_library: lib"
        files = {"lib__mine_yaml": MINE, "lib__other_yaml": MINE.replace("mine", "other")}
    else:
        files = {"mine_yaml": MINE}
    config = loaded(library + DOSES, **files).config
    assert config.drug_library["mine"].kinetics.clearance_l_per_h == 3.0
    assert [row.name for row in additions_of(config).signals] == ["mine_in_plasma"]
    assert additions_of(config).analytes == ()


def test_a_mapping_of_drugs(loaded):
    """A config may hold the declaration itself; `format` and `drug` follow from where it stands."""
    text = "drug_library:\n  mine:\n    kinetics: {clearance_l_per_h: 3, volume_l: 4}\n"
    text += "    sources: {kinetics: {cite: abc}}\n    passage: {class: neutral, unbound_plasma: 0.5}\n"
    scenario = loaded(text + DOSES)
    (analyte,) = additions_of(scenario.config).analytes
    assert (analyte.name, analyte.unit) == ("mine", "mg")
    assert scenario.warnings == ("drug_library.mine: no source: passage.unbound_plasma",)


def test_what_a_config_says_of_a_shipped_drug_is_laid_over_it(loaded):
    """The rest stays; the number does not rest on the source of the one that it replaces."""
    kinetics = "drug_library: {paracetamol: {kinetics: {clearance_l_per_h: 9}}}\n"
    for scenario in (
        loaded(LINE + kinetics),
        loaded(LINE, "drug_library.paracetamol.kinetics.clearance_l_per_h=9"),
    ):
        drug, shipped = scenario.config.drug_library["paracetamol"], drug_of("paracetamol")
        assert drug.kinetics == shipped.kinetics.model_copy(update={"clearance_l_per_h": 9.0})
        assert drug.passage == shipped.passage
        assert drug.uses == {**shipped.uses, "kinetics.clearance_l_per_h": "own"}


def test_a_source_of_ones_own_stands_with_the_number(loaded):
    """Then it is not marked."""
    own = "{kinetics: {clearance_l_per_h: 9}, sources: {clearance_l_per_h: {cite: Mine 2020}}}"
    drug = loaded(LINE + f"drug_library: {{paracetamol: {own}}}\n").config.drug_library["paracetamol"]
    assert "kinetics.clearance_l_per_h" not in drug.uses
    assert drug.sources["clearance_l_per_h"].cite == "Mine 2020"


def test_a_whole_declaration_takes_the_place_of_a_shipped_one(loaded):
    """Nothing of the shipped one stays."""
    whole = MINE.replace("mine", "paracetamol")
    scenario = loaded("drug_library: p.yaml\n" + LINE, p_yaml=whole)
    assert scenario.config.drug_library["paracetamol"].passage is None
    (warning,) = scenario.warnings
    assert warning.startswith("drug_library.paracetamol: takes the place of the paracetamol that comes with lactflow; ")
    assert re.search(r"others are kinetics\.\S+, .* and \d+ more$", warning)


def test_a_file_that_says_what_the_shipped_one_says_is_no_warning(loaded):
    """A copy; nor is what a config lays over it, which its numbers say. A copy with another number is."""
    copy = shipped_drugs()["paracetamol"].read_text(encoding="utf-8")
    assert loaded("drug_library: p.yaml\n" + LINE, p_yaml=copy).warnings == ()
    assert loaded(LINE, "drug_library.paracetamol.kinetics.clearance_l_per_h=9").warnings == ()
    changed = re.sub(r"unbound_plasma: [\d.]+", "unbound_plasma: 0.123", copy)
    (warning,) = loaded("drug_library: p.yaml\n" + LINE, p_yaml=changed).warnings
    assert warning.endswith("; others are passage.unbound_plasma")


def test_settings_of_doses(loaded):
    """As every key of a list."""
    assert loaded(LINE, "drugs.0.dose_mg=7.5", 'drugs.0.times=["09:00"]').config.drugs[0].dose_mg == 7.5
    assert problems(loaded, LINE, "drugs.1.dose_mg=7") == [
        "--set: drugs.1.dose_mg: drugs has no entry 1 (it has 1 entry; numbers count from 0)"
    ]


CITE = "sources: {kinetics: {cite: abc}}"
STEPS = f"kinetics: daily_steps, {CITE}"
MISTAKES = {
    LINE.replace(
        "paracetamol", "paracetmol"
    ): "5:16: drugs.0.drug: there is no drug 'paracetmol' (nearest: paracetamol",
    LINE.replace("]}", "], form: slow}"): "drugs.0.form: paracetamol has no form 'slow' (allowed: immediate",
    LINE.replace("dose_mg", "dose"): "x.yaml:5:29: drugs.0.dose: unknown key (nearest: dose_mg)",
    LINE.replace("dose_mg: 5", "drinks: 2"): "drugs.0.drinks: paracetamol is not taken in drinks (needed: dose_mg)",
    "drugs: [{drug: ethanol, drinks: 40, times: ['08:00']}]": "drugs.0.drinks: 480000 mg a day for ever are more",
    f"drug_library: {{x: {{kinetics: {{clearance_l_per_h: 3}}, {CITE}}}}}": "drug_library.x.kinetics: volume_l is",
    "drug_library: {x: {kinetics: daily_steps}}": "x.yaml:5:19: drug_library.x.sources: missing",
    "drug_library: {x: {kinetic: 3}}": "x.yaml:5:20: drug_library.x.kinetic: unknown key (nearest: kinetics)",
    "drug_library: {x: 3}": "x.yaml:5:19: drug_library.x: found 3 (allowed: a mapping of format, drug",
    "drug_library: 3": "x.yaml:5:15: drug_library: found 3 (allowed: a mapping of names",
    "drug_library: [3]": "drug_library.0: found 3 (allowed: the path of a file or a folder, or a mapping of names)",
    "drug_library: lib": "x.yaml:5:15: drug_library: 'lib' is not beside the config",
    "drug_library: ../x": "x.yaml:5:15: drug_library: '../x' goes up with '..'",
    "drug_library: /etc/hosts": "x.yaml:5:15: drug_library: '/etc/hosts' is not relative",
    f"drug_library: {{5x: {{{STEPS}}}}}": "letters, digits, underscores",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_are_one_line_at_their_place(loaded, text):
    """Key, what was found, what is allowed, the nearest name."""
    found = problems(loaded, text)
    assert any(MISTAKES[text] in each for each in found), found


MISTAKES_IN_FILES = {
    MINE.replace("3,", "-3,"): "mine.yaml:3:31: kinetics.clearance_l_per_h: -3 L/h is outside 1e-05 to 10000 L/h",
    MINE.replace("drug:", "durg:"): "mine.yaml:2:1: durg: unknown key (nearest: drug)",
    MINE.replace("format: 1\n", ""): "format: missing (allowed: 1)",
    "": "mine.yaml:1:1: the file is empty (needed: a mapping of keys that begins with format: 1)",
    "[1]": "mine.yaml:1:1: found a list (needed: a mapping",
    MINE + "x: [": "mine.yaml:",
    MINE + "effects: [{on: letdown, law: brake, half_effect: 1}]": "5:16: effects.0.on: 'letdown' is unknown",
}


@pytest.mark.parametrize("content", MISTAKES_IN_FILES)
def test_mistakes_of_a_file_are_at_its_own_lines(loaded, content):
    """With its name, not that of the config."""
    found = problems(loaded, "drug_library: mine.yaml" + DOSES, mine_yaml=content)
    assert any(MISTAKES_IN_FILES[content] in each for each in found), found


def test_a_name_that_milk_has_is_taken(loaded):
    """And one substance has one level."""
    text = "drug_library: {fat: {kinetics: daily_steps, sources: {kinetics: {cite: abc}}}}\n"
    assert "the name fat is taken" in problems(loaded, text + DOSES.replace("mine", "fat"))[0]
    made = "metabolites: [{drug: paracetamol, formed_share: 0.5, clearance_l_per_h: 1, volume_l: 1}]"
    text = f"drug_library: {{mine: {{kinetics: {{clearance_l_per_h: 3, volume_l: 4}}, {made}, "
    text += "sources: {kinetics: {cite: abc}, metabolites: {cite: abc}}}}\n"
    two = DOSES.strip()[:-1] + ", " + LINE.strip().removeprefix("drugs: [")
    assert "paracetamol is in blood by mine and paracetamol" in problems(loaded, text + two)[0]


def test_two_files_of_one_drug(loaded):
    """Neither silently wins."""
    found = problems(loaded, "drug_library: [a.yaml, b.yaml]", a_yaml=MINE, b_yaml=MINE)
    assert found == [
        "x.yaml:5:24: drug_library.1: 'b.yaml' declares 'mine', which another file does too (allowed: one of them)"
    ]


def test_a_drug_under_another_name(loaded):
    """The key of the mapping is its name."""
    found = problems(loaded, "drug_library: {x: {drug: y, kinetics: daily_steps, sources: {kinetics: {cite: abc}}}}")
    assert found == ["x.yaml:5:26: drug_library.x.drug: y stands here as x (allowed: one name)"]


def test_a_daily_dose_is_missed_by_nobody(loaded):
    """What has steps of days has no single doses."""
    steps = "drug_library: {mine: {kinetics: daily_steps, sources: {kinetics: {cite: abc}}}}"
    found = problems(loaded, steps + DOSES.replace("]}", "], miss: [{days: [31]}]}"))
    assert "drugs.0.miss: the level of mine is its daily dose" in found[0]


def test_doses_that_nobody_takes_are_odd(loaded):
    """Said, and not refused."""
    scenario = loaded(LINE.replace("]}", "], from_day: 50}"))
    assert scenario.warnings == ("drugs.0 (paracetamol): begins on day 50, the run is over on day 31",)


def test_the_schema_takes_what_configs_take(loaded):
    """A library as a path, as paths, whole, and as what is laid over a shipped drug."""
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    for library in (
        "a.yaml",
        ["a.yaml"],
        ["a.yaml", {"paracetamol": {"kinetics": {"clearance_l_per_h": 3}}}],
        {"paracetamol": {"kinetics": {"clearance_l_per_h": 3}}},
        {"x": {"kinetics": "daily_steps"}},
    ):
        assert not list(validator.iter_errors({"format": 1, "drug_library": library}))
    for wrong in (3, [3], [{"x": {"kinetic": 3}}], {"x": {"kinetic": 3}}, {"x": {"passage": {"class": "sour"}}}):
        assert list(validator.iter_errors({"format": 1, "drug_library": wrong}))
    entry = {"drug": "paracetamol", "dose_mg": 3, "times": ["08:00"]}
    assert not list(validator.iter_errors({"format": 1, "drugs": [entry]}))
    assert list(validator.iter_errors({"format": 1, "drugs": [{**entry, "times": ["8"]}]}))


def test_keys_below_a_name_are_known_to_settings():
    """A typing mistake far below a drug's name finds the nearest key."""
    overrides = Overrides(["drug_library.x.passage.unbund_plasma=0.5"], {})
    assert [each.message for each in overrides.problems] == ["unknown key (nearest: unbound_plasma)"]


def test_drugs_are_plain_data_both_ways():
    """What is written to JSON is read back by the type itself."""
    drug = drug_of("paracetamol")
    assert TypeAdapter(Drug).validate_python(drug.model_dump(by_alias=True)) == drug
    assert json.loads(drug.model_dump_json(by_alias=True))["passage"]["class"] == "neutral"


# -- effects ----------------------------------------------------------------------------------------------

KIND = "interventions: [{kind: domperidone, start_day: 30}]\n"
ACTS = "format: 1\ndrug: mine\nkinetics: daily_steps\nsources: {kinetics: {cite: abc}}\n"
RISE = "effects: [{on: lactotroph, law: rise, largest: 2, quantities: {half_effect: %s}}]\n"


def test_the_drug_of_an_intervention_is_in_the_resolved_config(loaded):
    """So that it repeats its run; it is none of `drugs`, and adds neither levels nor analytes."""
    scenario = loaded(KIND)
    assert scenario.config.drug_library == {"domperidone": drug_of("domperidone")}
    assert scenario.config.drugs == ()
    added = additions_of(scenario.config)
    assert [(each.name, each.target) for each in added.influences] == [("domperidone", "lactotroph")]
    assert (added.signals, added.analytes, scenario.warnings) == ((), (), ())
    assert config_from_json(scenario.config.model_dump_json(by_alias=True)) == scenario.config


def test_a_config_that_was_resolved_without_the_drug_still_has_it(loaded):
    """Those of before, which hold no library: the drug that comes with lactflow."""
    old = loaded(KIND).config.model_copy(update={"drug_library": {}})
    assert [each.name for each in additions_of(old).influences] == ["domperidone"]


def test_what_a_config_lays_over_the_drug_of_an_intervention(loaded):
    """Acts; a drug that cannot act as the intervention gives it is refused."""
    own = "drug_library: {domperidone: {effects: [{on: genes, law: brake, half_effect: 30%s}]}}\n"
    (each,) = additions_of(loaded(KIND + own % ", by: daily_dose").config).influences
    assert each.target == "genes"
    (wrong,) = problems(loaded, KIND + own % "")
    by_day = "it is given day by day, and domperidone acts on genes by level (allowed: daily_dose; or doses in drugs)"
    assert wrong == f"x.yaml:5:24: interventions.0.kind: {by_day}"


def test_a_drug_is_taken_one_way(loaded):
    """By an intervention or in drugs, not by both."""
    both = KIND + LINE.replace("paracetamol", "domperidone")
    (wrong,) = problems(loaded, both)
    twice = "domperidone is taken in drugs too (allowed: one of them; doses there act the same)"
    assert wrong == f"x.yaml:5:24: interventions.0.kind: {twice}"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("endocrine.drugs.domperidone.half_effect_mg", "nearest: endocrine.drugs.domperidone.half_effect_mg_per_day)"),
        ("endocrine.drugs.cabergoline.half_effect_mg", "cabergoline.half_effect_mg is in mg (needed: mg/d)"),
        ("dyad.nothing", "there is no quantity 'dyad.nothing' (allowed: one of endocrine or gland"),
    ],
)
def test_quantities_that_are_none_or_in_another_unit(loaded, key, message):
    """In a file at its own line, and in a config."""
    (found,) = problems(loaded, "drug_library: mine.yaml" + DOSES, mine_yaml=ACTS + RISE % key)
    assert found.startswith("mine.yaml:5:")
    assert found.endswith(message) or message in found
    whole = f"drug_library: {{mine: {{kinetics: daily_steps, {(RISE % key).strip()}, {CITE}}}}}\n"
    (found,) = problems(loaded, whole)
    assert "drug_library.mine.effects.0.quantities.half_effect: " in found
    assert message in found


def test_international_units(loaded):
    """Of what is dosed in them; what acts by daily doses needs clock times."""
    spray = 'drugs: [{drug: nasal_oxytocin, dose_iu: 4, times: ["08:00"]}]\n'
    entry = loaded(spray).config.drugs[0]
    drug = drug_of("nasal_oxytocin")
    assert entry.iu(drug) == 4.0
    assert entry.mg(drug) == pytest.approx(0.00667, rel=1e-3)
    wrong = spray.replace("nasal_oxytocin", "paracetamol")
    assert "drugs.0.dose_iu: paracetamol is not dosed in international units" in problems(loaded, wrong)[0]
    both = spray.replace("dose_iu", "dose_mg: 2, dose_iu")
    assert "dose_mg and dose_iu exclude each other" in problems(loaded, both)[0]
    once = "drugs: [{drug: domperidone, dose_mg: 10, from_day: 30}]\n"
    assert "drugs.0.times: what acts of domperidone is its daily dose" in problems(loaded, once)[0]
