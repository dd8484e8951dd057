"""
Influences: what hormones, drugs and conditions do to the cells, as named factors by target.

An influence is one declaration: its name, its target, and a function that builds its level when a run is built. Its
level is a signal, so it changes when it says so. Factors of one target multiply, concentrations
add up; of what holds junctions open the largest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from typing import NamedTuple

from lactflow.chance import Streams
from lactflow.endocrine.checked import Checked, built
from lactflow.endocrine.course import Course
from lactflow.endocrine.names import check_known, check_once
from lactflow.endocrine.signal import Largest, Product, Signal, Sum
from lactflow.errors import DeclarationError, blamed_on
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland


class ActingOn(NamedTuple):
    """
    What influences may act on.

    Attributes
    ----------
    description
        What their levels are, and what reads them.
    together
        How several act together.
    highest
        Highest level that makes sense; None for no limit. The lowest is 0.
    one_sided
        Whether an influence may be of one breast.
    """

    description: str
    together: Callable[..., Signal] = Product
    highest: float | None = None
    one_sided: bool = True


TARGETS: Mapping[str, ActingOn] = {
    "translation": ActingOn("factor on translation, the entrance of the aqueous line"),
    "fat": ActingOn("factor on fat synthesis, the entrance of the lipid line"),
    "genes": ActingOn("factor on the transcription of milk genes"),
    "junctions": ActingOn("share of the tight junctions that is held open; the largest counts", Largest, highest=1.0),
    "fluxes": ActingOn("factor on what cells carry through of added analytes, where a route answers to it"),
    "uptake": ActingOn("factor on what cells let in of added analytes by clearance, where a route answers to it"),
    "let_down": ActingOn("factor on the answer of the myoepithelium to oxytocin"),
    "lactotroph": ActingOn("factor on the release of prolactin", one_sided=False),
    "estradiol": ActingOn(
        "estradiol equivalents beside the mother's own, such as those of a pill [pg/mL]; they hold the milk genes back",
        Sum,
        one_sided=False,
    ),
}
"""Everything that an influence may act on, by name."""


class BuildContext(NamedTuple):
    """
    What a declaration may read when a run is built.

    Attributes
    ----------
    endocrine, gland
        Declared quantities.
    course
        What interventions do.
    streams
        Random numbers.
    start_min
        Start of the run [min since birth].
    blood
        All signals of the blood, by name.
    influences
        All influences.
    side
        The breast that an influence of one side is built for; None otherwise.
    birth_clock_min
        Time of day at birth [min since midnight]: at a time since birth the clock shows their sum, less whole days.
    secretor
        Whether the mother is a secretor: her cells make oligosaccharides with alpha-1,2-linked fucose.
    """

    endocrine: Endocrine
    gland: Gland
    course: Course
    streams: Streams
    start_min: float
    blood: Mapping[str, Signal]
    influences: Influences
    side: str | None = None
    birth_clock_min: float = 0.0
    secretor: bool = True


class Influence(NamedTuple):
    """
    What a hormone, a drug or a condition does to one target.

    Attributes
    ----------
    name
        Of what acts; unique for each target.
    target
        A name of `TARGETS`.
    build
        Takes the context of a run and gives the level over time, as the target describes it.
    one_sided
        Whether it is built for each breast by itself, with its side in the context.
    """

    name: str
    target: str
    build: Callable[[BuildContext], Signal]
    one_sided: bool = False


class Influences:
    """
    All influences of a run, checked by name.

    Parameters
    ----------
    influences
        Declarations, in the order in which they multiply.
    from_outside
        More of them, which come last; their levels are checked whenever they are read.

    Raises
    ------
    DeclarationError
        If one has an unknown target, comes twice, or has a side where the target has none.
    """

    def __init__(self, influences: Sequence[Influence], from_outside: Sequence[Influence] = ()) -> None:
        influences = (*influences, *from_outside)
        for influence in influences:
            with blamed_on(influence):
                check_known(f"target (of the influence {influence.name!r}) called", influence.target, TARGETS)
                if influence.one_sided and not TARGETS[influence.target].one_sided:
                    msg = f"the influence {influence.name!r} has a side, which its target {influence.target} has not"
                    raise DeclarationError(msg)
        check_once("influence", [(f"{influence.name} on {influence.target}", influence) for influence in influences])
        self._influences = influences
        self._checked = {(each.name, each.target) for each in from_outside}

    def on(self, target: str, context: BuildContext) -> Signal:
        """
        All that acts on one target together: on both breasts, or, with a side in the context, on that one alone.

        Parameters
        ----------
        target
            A name of `TARGETS`.
        context
            Of the run.

        Raises
        ------
        DeclarationError
            If an influence cannot be built, or has a level at the start that its target does not allow.
        """
        one_sided = context.side is not None
        acting = [each for each in self._influences if each.target == target and each.one_sided == one_sided]
        return TARGETS[target].together(*(self._built(influence, context) for influence in acting))

    def _built(self, influence: Influence, context: BuildContext) -> Signal:
        """The level of one influence; errors are its own."""
        with blamed_on(influence):
            return self._checked_level(influence, context)

    def _checked_level(self, influence: Influence, context: BuildContext) -> Signal:
        """Checked at the start of the run; one from outside whenever it is read."""
        label, highest = f"the influence {influence.name!r} on {influence.target}", TARGETS[influence.target].highest
        if (influence.name, influence.target) in self._checked:
            signal = built(lambda: influence.build(context), label)
            checked = Checked(signal, label, lowest=0.0, highest=inf if highest is None else highest)
            checked.next_change(context.start_min)
            signal = checked
        else:
            signal = influence.build(context)
        level = signal.level(context.start_min)
        if not isfinite(level) or level < 0.0 or (highest is not None and level > highest):
            allowed = "0 or more" if highest is None else f"0 to {highest:g}"
            msg = f"{label} begins at {level:g} (allowed: {allowed})"
            raise DeclarationError(msg)
        return signal
