"""Immune proteins and sugars: fluxes that belong to the cells, parts of a total that they do not change."""

from __future__ import annotations

import pytest

from lactflow.config.additions import Additions
from lactflow.config.scenario import load_scenario
from lactflow.endocrine.rhythms import ByAge
from lactflow.errors import ConfigError
from lactflow.gland.analytes import Analyte
from lactflow.gland.contents import Contents
from lactflow.gland.immune import lysozyme_course
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma
from lactflow.gland.sugars import oligosaccharides
from lactflow.parameters.gland import Gland
from lactflow.records import Balance, BottleMade, InfantDose, LevelSample, MemoryRecorder, Removal, RemovalContent
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

PARTS = ("siga", "lactoferrin", "lysozyme", "igm", "igg", "albumin")
NAMES = (*PARTS, "hmo", "glucose")
TEXT = """
format: 1
start_day: 31
days: 2.0
resolution: {packet_ml: 0.5}
gland: {lobes_per_breast: 2, noise: {sd: 0.0}}
record: {visits: false}
schedule: [{kind: every, hours: 4}]
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Facts of two days with some keys over those of `TEXT`, each once."""
    path = tmp_path_factory.mktemp("immune") / "day.yaml"
    path.write_text(TEXT)
    known = {}

    def play(names=NAMES, **keys):
        address = repr((names, keys))
        if address not in known:
            recorder = MemoryRecorder(visits=False)
            simulate(load_scenario(path, analytes=names, **keys).config, recorder)
            known[address] = recorder.facts
        return known[address]

    return play


def of(facts, kind):
    """Facts of one table."""
    return [fact for fact in facts if type(fact) is kind]


def amount(facts, analyte, breast=None):
    """What was removed of it, from both breasts or one."""
    return sum(
        row.amount for row in of(facts, RemovalContent) if row.analyte == analyte and breast in (None, row.breast)
    )


def removed_ml(facts, breast=None):
    """Milk removed."""
    return sum(row.removed_ml for row in of(facts, Removal) if breast in (None, row.breast))


def test_the_total_and_all_else_stay_as_they_are_to_the_last_bit(played):
    """Every other fact is that of a run without them."""
    mine = {*NAMES, "other_protein"}

    def others(facts):
        return [
            fact
            for fact in facts
            if type(fact) not in (RemovalContent, LevelSample, InfantDose, BottleMade)
            and not (type(fact) is Balance and fact.quantity in mine)
        ]

    assert others(played()) == played(())
    assert not of(played(()), RemovalContent)


def test_parts_and_the_rest_are_the_total(played):
    """Of each removal: first, last and mean."""
    removals = {(row.session, row.breast): row for row in of(played(), Removal)}
    rows = {(row.session, row.breast, row.analyte): row for row in of(played(), RemovalContent)}
    rests = [row for row in rows.values() if row.analyte == "other_protein"]
    assert len(rests) == len(removals)
    for rest in rests:
        where = (rest.session, rest.breast)
        parts = [rows[*where, name] for name in PARTS]
        total = removals[where].protein_g_per_l
        assert sum(part.mean_per_l for part in parts) + rest.mean_per_l == pytest.approx(total, rel=1e-12)
        assert rest.unit == "g"
        assert 0.5 * total < rest.mean_per_l < 0.8 * total
        assert rest.amount == pytest.approx(rest.mean_per_l * removals[where].removed_ml / 1000.0, rel=1e-12)
        assert rest.first_per_l > 0.0
        assert rest.last_per_l > 0.0


def test_no_rest_where_nothing_is_part_of_it(played):
    """Sugars are parts of nothing."""
    assert {row.analyte for row in of(played(("hmo", "glucose")), RemovalContent)} == {"hmo", "glucose"}


def test_balances_close(played):
    """To 1e-9; what is made in the cell and what comes from plasma are told apart."""
    rows = {row.quantity: row for row in of(played(), Balance)}
    for name in NAMES:
        assert abs(rows[name].residual) <= 1e-9
        assert rows[name].removed > 0.0
    assert "other_protein" not in rows
    assert rows["hmo"].made > 0.0
    assert rows["siga"].gained > 0.0


def test_a_flux_is_of_the_cells_and_not_of_the_milk(played):
    """Every six hours and every two: the litre differs, the mass hardly."""
    seldom, often = (played(schedule=[{"kind": "every", "hours": hours}]) for hours in (8, 2))
    litre = [amount(facts, "siga") / removed_ml(facts) for facts in (seldom, often)]
    assert removed_ml(seldom) < 0.75 * removed_ml(often)
    assert litre[0] > 1.2 * litre[1]
    assert amount(seldom, "hmo") / removed_ml(seldom) == pytest.approx(
        amount(often, "hmo") / removed_ml(often), rel=0.03
    )


def test_its_size_by_hand(played):
    """0.3 g a day of each breast at full mRNA, for the cells of these days: a third more for 0.4 g."""
    facts = played()
    made = {row.quantity: row for row in of(facts, Balance)}["siga"].gained
    by_setting = played(({"siga": {"per_day": 0.4}}), days=2.0)
    more = {row.quantity: row for row in of(by_setting, Balance)}["siga"].gained
    assert made / 2.0 == pytest.approx(0.6, rel=0.15)
    assert more / made == pytest.approx(4.0 / 3.0, rel=1e-9)


def test_mastitis_doubles_secretory_iga_and_lactoferrin_of_its_breast(played):
    """Not IgM, not the other breast; with open junctions more albumin too, and less lactose and oligosaccharides."""
    ill = played(interventions=[{"kind": "mastitis", "side": "left", "start_day": 31.0}], days=3.0)
    well = played(days=3.0)
    for name, factor in (("siga", 2.0), ("lactoferrin", 2.0), ("igm", 1.0), ("lysozyme", 1.0)):
        gained = [{row.quantity: row for row in of(facts, Balance)}[name].gained for facts in (ill, well)]
        assert gained[0] / gained[1] == pytest.approx(0.5 * (1.0 + factor), rel=0.03)
        assert amount(ill, name, "right") == pytest.approx(
            amount(well, name, "right"), rel=0.05
        )  # the infant drinks more there
    left = {name: [amount(facts, name, "left") / removed_ml(facts, "left") for facts in (ill, well)] for name in NAMES}
    assert left["albumin"][0] > 1.2 * left["albumin"][1]
    assert left["hmo"][0] < left["hmo"][1]
    rest = [row.mean_per_l for row in of(ill, RemovalContent) if row.analyte == "other_protein"]
    assert min(rest) > 0.0


def test_mastitis_of_half_severity_and_another_factor(played):
    """By hand: 1 + 0.5 * (5 - 1) = 3 times the flux of one breast, the level at once."""
    mastitis = {"kind": "mastitis", "side": "left", "start_day": 31.0, "severity": 0.5}
    well, ill = (
        {row.quantity: row for row in of(facts, Balance)}["siga"].gained
        for facts in (
            played(("siga",)),
            played(("siga",), interventions=[mastitis], settings=["gland.mastitis_fluxes=5"]),
        )
    )
    assert ill / well == pytest.approx(2.0, rel=0.03)


def glucose(facts, breast):
    """Glucose in the milk of the last three removals of a breast [mmol/L]."""
    rows = [row.mean_per_l for row in of(facts, RemovalContent) if row.analyte == "glucose" and row.breast == breast]
    return sum(rows[-3:]) / 3.0


@pytest.mark.parametrize(
    ("severity", "answers", "by_hand"), [(1.0, 0.4, 0.6), (0.5, 0.4, 0.8), (1.0, 1.0, 0.0), (1.0, 0.0, 1.0)]
)
def test_mastitis_lets_less_glucose_in(played, severity, answers, by_hand):
    """1 - severity * answers, and a few percent more by open junctions; the other breast is as without."""
    mastitis = {"kind": "mastitis", "side": "left", "start_day": 31.0, "severity": severity}
    asked = {"glucose": {"answers": answers}}
    well, ill = (played(asked, interventions=each, days=3.0) for each in ([], [mastitis]))
    assert by_hand < glucose(ill, "left") / glucose(well, "left") < by_hand + 0.06
    assert glucose(ill, "right") == pytest.approx(glucose(well, "right"), rel=0.01)
    assert abs({row.quantity: row for row in of(ill, Balance)}["glucose"].residual) <= 1e-9


def test_glucose_comes_back_when_the_inflammation_ends(played):
    """Carriers exchange it within half an hour: half a day later it is as without."""
    mastitis = {"kind": "mastitis", "side": "left", "start_day": 31.0, "end_day": 32.5}
    well, ill = (played(("glucose",), interventions=each, days=3.0) for each in ([], [mastitis]))
    assert glucose(ill, "left") == pytest.approx(glucose(well, "left"), rel=0.02)


def test_mothers_who_are_no_secretors(played):
    """Two fifths less oligosaccharides; nothing else differs."""
    other = played(settings=["mother.secretor=false"])
    assert amount(other, "hmo") == pytest.approx(0.6 * amount(played(), "hmo"), rel=1e-9)
    for name in PARTS:
        assert amount(other, name) == amount(played(), name)


def test_courses_by_hand():
    """Lysozyme: a rise of 14, half of it on day 90. Oligosaccharides: 12.5 g/L at birth, 5 in the end."""
    assert lysozyme_course(0.0, 14.0, 90.0) == 1.0
    assert lysozyme_course(90.0, 14.0, 90.0) == 8.0
    assert lysozyme_course(1e6, 14.0, 90.0) == pytest.approx(15.0)
    assert oligosaccharides(0.0, 5.0, 7.5, 70.0) == 12.5
    assert oligosaccharides(70.0, 5.0, 7.5, 70.0) == pytest.approx(5.0 + 7.5 / 2.718281828459045)
    assert ByAge(lambda days: days).level(-5.0 * DAY_MIN) == 0.0
    assert ByAge(lambda days: days).level(3.0 * DAY_MIN) == 3.0


@pytest.mark.parametrize(
    ("analyte", "problem"),
    [
        (
            Analyte("x", "g", (CrossesJunctions(1.0),), part_of="fat"),
            r"part_of is 'fat' \(allowed: protein, or nothing\)",
        ),
        (
            Analyte("x", "mg", (CrossesJunctions(1.0),), part_of="protein"),
            r"its unit is 'mg' \(as part of protein: 'g'\)",
        ),
        (Analyte("other_protein", "g", (CrossesJunctions(1.0),)), "this name is taken"),
        (Analyte("x", "g", (CarriedThroughCells(1.0, answers=-1.0),)), r"answers is -1.0 \(0 or more, finite\)"),
        (
            Analyte("x", "g", (ExchangedWithPlasma(1.0, 2.0, 3.0, answers=-1.0),)),
            r"ExchangedWithPlasma: answers is -1.0 \(0 or more, finite\)",
        ),
    ],
)
def test_declarations_that_cannot_work(analyte, problem):
    """Each says what is wrong."""
    with pytest.raises(ConfigError, match=problem):
        Contents(Gland(), [analyte])


def test_a_stranger_adds_a_protein_with_one_declaration(tmp_path):
    """A part of the total from outside: balance, rows and the rest follow by themselves."""
    path = tmp_path / "day.yaml"
    path.write_text(TEXT)
    recorder = MemoryRecorder(visits=False)
    osteopontin = Analyte("osteopontin", "g", (CarriedThroughCells(0.05, 0.1, answers=1.0),), part_of="protein")
    simulate(load_scenario(path).config, recorder, additions=Additions(analytes=(osteopontin,)))
    rows = of(recorder.facts, RemovalContent)
    assert {row.analyte for row in rows} == {"osteopontin", "other_protein"}
    assert amount(recorder.facts, "osteopontin") > 0.0
