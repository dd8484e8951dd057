"""The cells of a lobe: all mechanisms step from the state before, in any order, and another can be added."""

from __future__ import annotations

from itertools import permutations
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import FED, emitted

from lactflow.chance import Streams
from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.errors import DeclarationError
from lactflow.gland.cell.cells import CELL_MECHANISMS, cells_of
from lactflow.gland.cell.senses import Senses
from lactflow.gland.history import state_at
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.records import LobeSample, MemoryRecorder
from lactflow.simulation import simulate

GLAND = Gland()
STATES = {
    "genes": ("stat5", "mrna", "maturity"),
    "junctions": ("leak", "stasis"),
    "stress": ("unfolded_protein", "adaptive", "recovery", "terminal"),
    "involution": ("lif", "stat3", "commitment"),
    "plasticity": ("active_fraction", "averaged", "capacity", "cells", "lost"),
}


def cells(mechanisms=(), message=FED, further=None, gland=GLAND):
    """The cells of a fed lobe."""
    return cells_of(gland, Mechanisms(mechanisms), message, further or {})


def state(some):
    """All numbers of these cells, by mechanism and name."""
    return {
        (name, number): getattr(some.by_name[name], number) for name, numbers in STATES.items() for number in numbers
    }


def advanced(some, steps, hours=6.0, **outside):
    """The same cells after so many steps in a full, stressed lobe."""
    outside = {"filled": 1.1, "inhibitor": 0.9, "backlog": 1.0, **outside}
    for _ in range(steps):
        some.advance(hours * 60.0, FED, **outside)
    return some


def test_like_cells_are_in_the_same_state():
    """All that a mechanism shows, and all that they do from then on."""
    some = advanced(cells(), 10)
    other = some.like()
    for name, mechanism in some.by_name.items():
        shown = [each for each in dir(mechanism) if each[0] != "_" and not callable(getattr(mechanism, each))]
        assert set(STATES[name]) <= set(shown)
        copied = other.by_name[name]
        assert copied is not mechanism
        assert [getattr(copied, each) for each in shown] == [getattr(mechanism, each) for each in shown]
    assert other.translation == some.translation
    assert state(advanced(other, 10)) == state(advanced(some, 10))


# -- the step ---------------------------------------------------------------------------------------------


def test_the_order_of_the_mechanisms_does_not_matter():
    """All 120 orders give the same numbers to the bit, over a week in which every signal moves."""
    usual = state(advanced(cells(), 28))
    began = state(cells())
    assert [key for key, value in usual.items() if value == began[key]] == []
    for order in permutations(CELL_MECHANISMS):
        other = cells()
        mechanisms = [other.by_name[name] for name in order]
        for _ in range(28):
            fullness = 1.1 / other.plasticity.capacity
            senses = Senses(FED, filled=1.1, fullness=fullness, inhibitor=0.9, backlog=1.0)
            for mechanism in mechanisms:
                mechanism.emit(senses)
            for mechanism in mechanisms:
                mechanism.advance(6.0 * 60.0, senses)
        assert state(other) == usual


def test_one_step_by_hand():
    """Every target is taken from the state before the step: stat3 from LIF, commitment from stat3, loss from both."""
    some = cells()
    some.involution.lif, some.involution.stat3, some.involution.commitment = 0.4, 0.8, 0.6
    some.stress.terminal, some.stress.adaptive, some.stress.recovery = 0.8, 0.7, 0.2
    some.junctions.stasis, some.plasticity.averaged, some.plasticity.capacity = 0.5, 2.0 * 0.53, 0.8
    some.gather()
    assert some.translation == pytest.approx(1.0 / (1.0 + 2.0 * 0.5), rel=1e-12)
    some.advance(24.0 * 60.0, FED, filled=0.6, inhibitor=0.5, backlog=0.0)
    involution, genes, plasticity = some.involution, some.genes, some.plasticity
    released = 1.0 / (1.0 + (0.98 / 0.75) ** 14)  # fullness 0.6 / 0.8; kept up: 0.9 * 0.8 is more
    assert released < 0.9 * 0.8
    assert involution.lif == pytest.approx(0.72 + (0.4 - 0.72) * exp(-24 / 10), rel=1e-9)
    assert involution.stat3 == pytest.approx(0.5 + (0.8 - 0.5) * exp(-24 / 5), rel=1e-9)
    assert involution.commitment == pytest.approx(1.0 + (0.6 - 1.0) * exp(-24 / 24), rel=1e-9)
    assert genes.stat5 == pytest.approx(0.6 + 0.4 * exp(-24 / 4), rel=1e-9)  # LIF of half effect leaves 1 - 0.8 / 2
    assert genes.mrna == genes.maturity == pytest.approx(1.0, rel=1e-12)  # of the STAT5 and the mRNA before
    assert some.stress.terminal == pytest.approx(0.8 * exp(-24 / 30), rel=1e-9)
    dying = 0.1 * 0.8**2 * 0.6 + 0.04 * (0.8 - 0.6) / (1.0 - 0.6) + 0.0012
    assert plasticity.lost == pytest.approx(1.0 - exp(-dying), rel=1e-9)
    assert plasticity.capacity == pytest.approx(1.0 + (0.8 - 1.0) * exp(-1 / 10), rel=1e-9)
    assert some.junctions.leak == pytest.approx(0.18 * 0.8 + (0.004 - 0.18 * 0.8) * exp(-24 / 7), rel=1e-9)
    assert some.junctions.stasis == pytest.approx(0.5 * exp(-24 / 12), rel=1e-9)  # three quarters full are no stasis


@pytest.mark.parametrize(("filled", "kept"), [(0.51, 0.9), (0.49, 0.0)])
def test_fullness_counts_what_the_cells_store_now(filled, kept):
    """In a lobe of half the capacity: distension and stasis by that, what committed tissue keeps up by the alveoli."""
    some = cells(gland=Gland.model_validate({"involution": {"distension_steepness": 1.0, "maintenance": 0.9}}))
    some.plasticity.capacity, some.involution.stat3, some.involution.commitment = 0.5, 1.0, 1.0
    some.gather()
    some.advance(10.0 * 60.0, FED, filled=filled, inhibitor=0.5, backlog=0.0)
    released = 2.0 * filled / (2.0 * filled + 0.98)
    assert some.involution.lif == pytest.approx(max(released, kept) * (1.0 - exp(-1.0)), rel=1e-9)
    assert some.junctions.stasis == pytest.approx(1.0 - exp(-10.0 / 12.0), rel=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 8), st.integers(1, 4))
def test_like_cells_go_their_own_way(before, after):
    """The same state, nothing shared: what one goes through does not move the other, and both go on alike."""
    some = advanced(cells(), before)
    other = some.like()
    kept = state(some)
    assert state(other) == kept
    assert other.translation == some.translation
    advanced(other, after)
    assert state(some) == kept
    assert state(advanced(some, after)) == state(other)


def test_what_the_mechanisms_emit():
    """Each writes what others sense of it, and multiplies, adds or takes the larger where several act."""
    some = cells()
    some.genes.stat5, some.genes.mrna = 0.3, 0.4
    some.involution.lif, some.involution.stat3, some.involution.commitment = 0.4, 0.5, 0.8
    some.stress.terminal, some.stress.adaptive = 0.9, 0.25
    others = {"stat5_allowed": 0.5, "translation": 0.5, "held_open": 0.02, "dying_per_day": 0.5}
    assert emitted(some.genes, **others) == Senses(FED, stat5=0.3, mrna=0.4, **others)
    of_involution = {
        "stat3": 0.5, "lif_effect": 0.5, "stat5_allowed": 0.5 * 0.6, "held_open": 0.09,
        "dying_per_day": 0.5 + 0.1 * 0.25 * 0.8,
    }  # fmt: skip
    felt = emitted(some.involution, **others)
    assert {name: getattr(felt, name) for name in of_involution} == pytest.approx(of_involution, rel=1e-12)
    assert emitted(some.involution, held_open=0.7).held_open == 0.7
    felt = emitted(some.stress, **others)
    assert felt.translation == pytest.approx(0.5 / 1.5, rel=1e-12)
    assert felt.dying_per_day == pytest.approx(0.5 + 0.04 * 0.75, rel=1e-12)
    for silent in (some.junctions, some.plasticity):
        assert emitted(silent, **others) == Senses(FED, **others)


# -- another mechanism ------------------------------------------------------------------------------------


class Serotonin:
    """A local signal that follows fullness within a day: it opens junctions, and slows translation."""

    def __init__(self, gland, mechanisms, message):
        self.present = float(mechanisms.present("serotonin"))
        self.level = 0.0

    def emit(self, senses):
        senses.translation *= 1.0 - 0.5 * self.level
        senses.held_open = max(senses.held_open, 0.3 * self.level)

    def advance(self, elapsed_min, senses):
        target = self.present * senses.fullness
        self.level = target + (self.level - target) * exp(-elapsed_min / 1440.0)


def with_serotonin(*knock_outs):
    """Cells that have it, or could have it."""
    return cells_of(GLAND, Mechanisms(knock_outs, further=("serotonin",)), FED, {"serotonin": Serotonin})


def test_another_mechanism_senses_and_acts():
    """It follows the fullness before the step; what it does reaches the lobe and the other mechanisms."""
    some, plain = with_serotonin(), cells()
    for each in (some, plain):
        each.advance(1440.0, FED, filled=0.5, inhibitor=0.5, backlog=0.0)
    level = 0.5 * (1.0 - exp(-1.0))
    assert some.by_name["serotonin"].level == pytest.approx(level, rel=1e-12)
    assert some.translation == pytest.approx(1.0 - 0.5 * level, rel=1e-12)
    assert state(some) == state(plain)  # what it holds open counts from the next step on
    some.advance(1e6, FED, filled=0.0, inhibitor=0.5, backlog=0.0)
    assert some.junctions.leak == pytest.approx(0.3 * level, rel=1e-9)
    some.advance(1e6, FED, filled=0.0, inhibitor=0.5, backlog=0.0)
    assert some.junctions.leak == pytest.approx(0.004, rel=1e-9)  # nothing holds them open any more


def test_another_mechanism_can_be_knocked_out():
    """By the name that it looks up."""
    some = advanced(with_serotonin("serotonin"), 4)
    assert some.by_name["serotonin"].level == 0.0
    assert state(some) == state(advanced(cells(), 4))


def test_lobes_have_it_each_for_itself():
    """A run starts from cells with it, and like cells have a state of their own."""
    day = 20 * 1440.0
    blood = Blood(Endocrine(), Gland(), Course(), Streams(1), day)
    mechanisms = Mechanisms(further=("serotonin",))
    some = state_at(day, GLAND, blood, mechanisms, {"serotonin": Serotonin}).cells
    settled = some.by_name["serotonin"].level
    assert settled > 0.1
    other = advanced(some.like(), 1)
    assert other.by_name["serotonin"].level > settled == some.by_name["serotonin"].level


def test_a_run_has_it():
    """Declared where a run is started: breasts then leak more, and make less than without it."""
    config = RunConfig.model_validate(
        {"format": 1, "days": 0.25, "schedule": ({"kind": "none"},), "gland": {"lobes_per_breast": 1}}
    )
    gains, leaks = [], []
    for further in ({}, {"serotonin": Serotonin}):
        recorder = MemoryRecorder(visits=False)
        simulate(config, recorder, additions=Additions(cell_mechanisms=further))
        samples = [fact for fact in recorder.facts if isinstance(fact, LobeSample)]
        gains.append(samples[-1].volume_ml - next(s.volume_ml for s in samples if s.breast == samples[-1].breast))
        leaks.append(samples[-1].junction_leak)
    assert 0.6 * gains[0] < gains[1] < 0.9 * gains[0]
    assert leaks[0] < 0.01 < leaks[1] < 0.3


# -- what is forgotten ------------------------------------------------------------------------------------


class Mute:
    """A mechanism that has only half of the methods."""

    def __init__(self, *_):
        pass

    def advance(self, elapsed_min, senses):
        pass


class Keeper(Mute):
    """One that keeps a list."""

    def __init__(self, *_):
        self.fullness_seen = []

    def emit(self, senses):
        pass


class CarefulKeeper(Keeper):
    """One that keeps a list and copies it."""

    def __copy__(self):
        other = CarefulKeeper()
        other.fullness_seen = list(self.fullness_seen)
        return other


class SlottedKeeper(Mute):
    """One that keeps a dictionary in a slot."""

    __slots__ = ("seen",)

    def __init__(self, *_):
        self.seen = {}

    emit = Keeper.emit


def test_a_mechanism_without_a_method_is_an_error_by_name():
    """When the cells are built; the message has the mechanism, the method, the class."""
    with pytest.raises(DeclarationError, match=r"'serotonin' of a cell has no `emit` .Mute."):
        cells(further={"serotonin": Mute})
    with pytest.raises(DeclarationError, match=r"no `emit` and no `advance` .object."):
        cells(further={"serotonin": lambda *_: object()})


def test_a_mechanism_that_lobes_would_share_is_an_error_by_name():
    """A list that copies have in common; not where it says how it is copied."""
    for kind, kept in ((Keeper, "fullness_seen"), (SlottedKeeper, "seen")):
        with pytest.raises(DeclarationError, match=f"'memory' of a cell keeps `{kept}`"):
            cells(further={"memory": kind})
    some = cells(further={"memory": CarefulKeeper})
    some.like().by_name["memory"].fullness_seen.append(0.5)
    assert some.by_name["memory"].fullness_seen == []


def test_a_name_that_is_taken_is_an_error():
    """A further mechanism does not replace one of the cells' own."""
    with pytest.raises(DeclarationError, match="'genes', which is taken"):
        cells(further={"genes": Serotonin})


@pytest.mark.parametrize("name", CELL_MECHANISMS)
def test_every_mechanism_is_whole(name):
    """It has methods of its own."""
    mechanism = cells().by_name[name]
    assert {"emit", "advance"} <= vars(type(mechanism)).keys()
