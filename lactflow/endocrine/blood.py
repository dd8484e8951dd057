"""
All signals of the mother's blood, by name.

A signal is one declaration: a row with its name, its unit and a function that builds it. Samples, columns and the time
of the next change follow from the rows, so that none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lactflow.chance import Streams
from lactflow.endocrine.acting import INFLUENCES
from lactflow.endocrine.births import Births
from lactflow.endocrine.checked import Checked, built
from lactflow.endocrine.course import Course
from lactflow.endocrine.influences import BuildContext, Influence, Influences
from lactflow.endocrine.names import check_known, check_once
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.endocrine.placenta import PlacentalHormone
from lactflow.endocrine.prolactin import Prolactin
from lactflow.endocrine.signal import Product, Signal, components_of, first_change
from lactflow.endocrine.steroids import with_later
from lactflow.errors import DeclarationError, blamed_on
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.records import BREASTS, HormoneSample, LevelSample, Recorder


class SignalRow(NamedTuple):
    """
    One signal of the blood.

    Attributes
    ----------
    name
        By which it is read.
    unit
        Of its level.
    description
        What it is.
    build
        Takes the context of a run and gives the signal. It may read other signals from `context.blood`, in any order.
        It is called twice for a run, for the blood of the run and for that of the time before, and gives two objects.
    column
        Its column of the table `hormones`; None for rows of the table `levels`.
    """

    name: str
    unit: str
    description: str
    build: Callable[[BuildContext], Signal]
    column: str | None = None


def _progesterone(context: BuildContext) -> Signal:
    first = PlacentalHormone(context.endocrine.progesterone.decline(), context.course.placenta())
    return with_later(first, "progesterone", context)


def _estradiol(context: BuildContext) -> Signal:
    first = PlacentalHormone(context.endocrine.estradiol.decline(), context.course.placenta())
    return with_later(first, "estradiol", context)


def _placental_lactogen(context: BuildContext) -> Signal:
    first = PlacentalHormone(context.endocrine.placental_lactogen.decline(), context.course.placenta())
    return with_later(first, "placental_lactogen", context)


def _prolactin(context: BuildContext) -> Signal:
    release = context.influences.on("lactotroph", context)
    return Prolactin(context.endocrine.prolactin, release, context.start_min, births_of(context))


def births_of(context: BuildContext) -> Births | None:
    """Pregnancies and births of the mother; None where there is just the birth from which days are counted."""
    course = context.course
    if course.pregnant and not course.pregnancies:
        return None
    return Births(course.pregnant, tuple(course.pregnancies), context.endocrine.pregnancy.prolactin_power)


def _oxytocin(context: BuildContext) -> Signal:
    endocrine, stress = context.endocrine, context.course.steps("stress")
    return Oxytocin(endocrine.oxytocin, endocrine.drugs.stress, stress, context.streams, context.start_min)


HORMONES = (
    SignalRow("progesterone", "ng/mL", "progesterone in plasma", _progesterone, "progesterone_ng_per_ml"),
    SignalRow("estradiol", "pg/mL", "estradiol in plasma", _estradiol, "estradiol_pg_per_ml"),
    SignalRow(
        "placental_lactogen", "ug/mL", "placental lactogen in plasma", _placental_lactogen,
        "placental_lactogen_ug_per_ml",
    ),
    SignalRow("prolactin", "ng/mL", "prolactin in plasma", _prolactin, "prolactin_ng_per_ml"),
    SignalRow("oxytocin", "pg/mL", "oxytocin in plasma", _oxytocin, "oxytocin_pg_per_ml"),
)  # fmt: skip
"""The hormones of the reference model."""


class Blood(Mapping[str, Signal]):
    """
    The signals of the mother's blood, by name; the same for both breasts.

    Parameters
    ----------
    endocrine, gland
        Declared quantities.
    course
        What interventions do.
    streams
        Random numbers.
    time_min
        Start of the run.
    signals, influences
        Declared beside those of the reference model.
    birth_clock_min
        Time of day at birth [min since midnight], for those signals that have a rhythm of day and night.
    secretor
        Whether the mother is a secretor, for what her milk has of oligosaccharides.

    Attributes
    ----------
    context
        What they were built from.
    prolactin, oxytocin
        The two that sessions release.

    Raises
    ------
    DeclarationError
        If a name is unknown or declared twice, if a signal needs itself, cannot be built or begins with something that
        is no number, if an influence is wrong, or if one that is declared beside those of the reference model claims a
        column of `hormones`.
    """

    def __init__(
        self,
        endocrine: Endocrine,
        gland: Gland,
        course: Course,
        streams: Streams,
        time_min: float,
        *,
        signals: Sequence[SignalRow] = (),
        influences: Sequence[Influence] = (),
        birth_clock_min: float = 0.0,
        secretor: bool = True,
    ) -> None:
        for row in signals:
            if row.column is not None:
                msg = f"the signal {row.name!r} has no column in the table hormones (leave `column` out)"
                with blamed_on(row):
                    raise DeclarationError(msg)
        rows = (*HORMONES, *signals)
        check_once("signal", [(row.name, row) for row in rows])
        self._rows = {row.name: row for row in rows}
        self._from_outside = {row.name for row in signals}
        self._signals: dict[str, Signal] = {}
        self._under_construction: list[str] = []
        declared = Influences(INFLUENCES, influences)
        self.context = BuildContext(
            endocrine,
            gland,
            course,
            streams,
            time_min,
            self,
            declared,
            birth_clock_min=birth_clock_min,
            secretor=secretor,
        )
        self._signals = {name: self[name] for name in self._rows}
        self._columns = [(row.column, self[row.name]) for row in rows if row.column is not None]
        self._extra = [(row.name, row.unit, self[row.name]) for row in rows if row.column is None]
        self._waking = [signal for signal in self._signals.values() if components_of(signal) is None]
        prolactin, oxytocin = self["prolactin"], self["oxytocin"]
        assert isinstance(prolactin, Prolactin)
        assert isinstance(oxytocin, Oxytocin)
        self.prolactin, self.oxytocin = prolactin, oxytocin

    def __getitem__(self, name: str) -> Signal:
        """
        The signal of this name; while the run is built, it is built when it is first asked for.

        Raises
        ------
        DeclarationError
            If there is none, or if it needs itself.
        """
        if name not in self._signals:
            check_known("signal", name, self._rows)
            if name in self._under_construction:
                msg = f"signals need one another: {' -> '.join([*self._under_construction, name])}"
                raise DeclarationError(msg)
            self._under_construction.append(name)
            self._signals[name] = self._built(self._rows[name])
            self._under_construction.pop()
        return self._signals[name]

    def _built(self, row: SignalRow) -> Signal:
        """A signal; one from outside is checked at the start, and whenever it is read."""
        if row.name not in self._from_outside:
            return row.build(self.context)
        label = f"the signal {row.name!r}"
        with blamed_on(row):
            signal = Checked(built(lambda: row.build(self.context), label), label)
            signal.level(self.context.start_min)
            signal.next_change(self.context.start_min)
            return signal

    def __iter__(self) -> Iterator[str]:
        """Names of all signals."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Number of signals."""
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        """Whether there is a signal of this name."""
        return name in self._rows

    def acting_on(self, target: str, side: str | None = None) -> Signal:
        """
        All that acts on a target of the cells together: on both breasts, or on one side alone.

        Parameters
        ----------
        target
            A name of `TARGETS`.
        side
            The breast; None for what acts on both.
        """
        return self.context.influences.on(target, self.context._replace(side=side))

    def acting_on_each(self, target: str) -> dict[str, Signal]:
        """All that acts on a target of the cells of each breast, by side; `target` is a name of `TARGETS`."""
        both = self.acting_on(target)
        return {side: Product(both, self.acting_on(target, side)) for side in BREASTS}

    def next_change(self, time_min: float) -> float:
        """When one of them next leaves its closed form, but for sums of exponentials: milk is exact across a change."""
        return first_change(self._waking, time_min)

    def report(self, time_min: float, recorder: Recorder) -> None:
        """Record all levels at one instant: a row of hormones, and a row for each other signal."""
        levels = {column: signal.level(time_min) for column, signal in self._columns}
        recorder.record(HormoneSample(time_min=time_min, **levels))
        if self._extra:
            recorder.record_rows(LevelSample, self._other_levels(time_min))

    def _other_levels(self, time_min: float) -> list[tuple[object, ...]]:
        """The fields of a `LevelSample` for each signal that is no hormone of the table."""
        rows: list[tuple[object, ...]] = []
        for name, unit, signal in self._extra:
            rows.append((time_min, name, signal.level(time_min), unit))
        return rows
