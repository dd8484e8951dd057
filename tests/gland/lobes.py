"""One lobe that is a whole breast, for tests that work it by hand."""

from __future__ import annotations

from lactflow.chance import Streams
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.gland.added import Poured
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.contents import Contents
from lactflow.gland.history import state_at
from lactflow.gland.lines import lines_of
from lactflow.gland.lobe import Lobe, Place, Surroundings
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Environment
from lactflow.units import DAY_MIN


def lobe(extras=(), *, signals=None, day=30.0, filled=1.0, knock_outs=(), packet_ml=1.0, **gland):
    """A lobe at the start of a day, its milk so many times the usual; and what surrounds it."""
    declared, mechanisms = Gland.model_validate(gland), Mechanisms(knock_outs)
    now = (day - 1.0) * DAY_MIN
    contents = Contents(declared, extras, signals)
    past, blood = (Blood(Endocrine(), declared, Course(), Streams(1), now) for _ in range(2))
    state = state_at(now, declared, past, mechanisms, contents=contents)
    surroundings = Surroundings(Receptors(blood, declared, mechanisms, now).read(now))
    some = Lobe(
        Environment(now), declared, Place("left", 0, 1.0), packet_ml,
        lines=lines_of(declared), cells=state.cells, milk=state.milk.scaled(filled), surroundings=surroundings,
        mechanisms=mechanisms, visits=None, first_number=0, contents=contents,
    )  # fmt: skip
    return some, surroundings


def go_on(some, surroundings, minutes):
    """Let time pass, and bring the lobe up to the clock."""
    some.env.run(until=some.env.now + minutes)
    some.bring_up(some.env.now, surroundings)


def pour(lumen, volume_ml, globules, ducts):
    """Press milk of one lumen into ducts."""
    poured = Poured(len(lumen.added))
    poured.begin(ducts)
    lumen.eject(volume_ml, globules, ducts, poured)
    poured.end(ducts)
