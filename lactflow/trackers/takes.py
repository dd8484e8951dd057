"""
From a row of cells to rows of a log.

Quantities are read before the time, so that what a row holds is known even where the row cannot be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lactflow.config.logs.believable import SHORTEST_MIN
from lactflow.config.logs.cells import OUNCE_ML
from lactflow.config.logs.rows import (
    HEAVIEST_KG,
    LARGEST_BOTTLE_ML,
    LARGEST_SESSION_ML,
    LIGHTEST_KG,
    LONGEST_TIMER_MIN,
)
from lactflow.trackers import amounts
from lactflow.trackers.amounts import NoUnitError
from lactflow.trackers.drafts import Draft, DraftNotes, Given
from lactflow.trackers.places import Getter, Places
from lactflow.trackers.schema import Cell, Content, Format, Take
from lactflow.trackers.sheet import CellTable, key_of
from lactflow.trackers.stamps import tidy

_SAME_MIN, _SAME_ML = 1.0, 1.0
_SAME_WRITTEN = 0.1001
"""Of the unit that is written: ounces have one decimal."""
_MOST_REMEMBERED = 5_000
_NO_LIMIT = "feeds with neither minutes nor volume are taken as feeds without limit of time"
_SPLIT = "minutes of both breasts in all are split evenly"
_BY_LAST = "which breast came first is taken from the one that came last"
_BY_NAME = "what was in the bottle is taken from the name of the file"
_LONE_SIDE = "a feed at one breast without minutes: the breast is kept as the first one, the time is without limit"
NEEDS_UNIT, NEEDS_BOTTLE = "--unit", "--bottle"


class TakeReader:
    """Reads one row of the log out of a row of the file."""

    def __init__(self, take: Take, found: Format, table: CellTable, places: Places, given: Given) -> None:
        self._take = take
        self._format = found
        self._units = table.units()
        self._comma = table.comma_decimal
        self._places = places
        self._given = given
        self.unit_decides = False
        """Whether some column has numbers that `--unit` gives their unit."""
        self._minutes = {
            name: [self._duration(cell) for cell in getattr(take, name)]
            for name in ("left_minutes", "right_minutes", "minutes")
        }
        self._volumes = {
            name: [self._quantity(cell, weight=False) for cell in getattr(take, name)]
            for name in ("left_volume", "right_volume", "volume")
        }
        self._weights = [self._quantity(cell, weight=True) for cell in take.weight]
        self._side, self._first, self._last = (places.side(part) for part in (take.side, take.first, take.last))
        self._own, self._formula = self._content(take.content)

    def read(self, row: Sequence[str], length_min: Callable[[], float | None], notes: DraftNotes) -> Draft | None:
        """
        The row of the log.

        Parameters
        ----------
        row
            Of `Places.row`.
        length_min
            Gives the end minus the start, None where there is no end.
        notes
            Takes notes; `dropped` says why there is no row.

        Returns
        -------
        None where an optional row has no volume. A row that is dropped or has something wrong is given back with what
        could be read of it, so that it can be accounted for.
        """
        take = self._take
        if take.kind == "weight":
            draft = Draft("weight", value_kg=self._sum(self._weights, row, notes, "the weight"))
            if draft.value_kg is None and not notes.wrong:
                notes.dropped = "a weight without a value"
            elif draft.value_kg is not None and not LIGHTEST_KG <= draft.value_kg <= HEAVIEST_KG:
                notes.dropped = f"a weight outside {LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg"
            return draft
        draft = Draft(self._kind(row, notes) if take.kind == "bottle" else take.kind)
        self._read_volumes(draft, row, notes)
        if take.optional and not draft.ml and not notes.wrong:
            return None
        if take.kind == "bottle":
            draft.volume_ml = draft.ml if draft.volume_ml is None and draft.ml else draft.volume_ml
            draft.left_ml = draft.right_ml = None
            if not draft.volume_ml and not notes.wrong:
                notes.dropped = "a bottle without a volume"
            elif draft.ml > LARGEST_BOTTLE_ML:
                notes.dropped = f"a bottle of more than {LARGEST_BOTTLE_ML:g} mL"
            return draft
        self._read_minutes(draft, row, length_min, notes)
        if not notes.wrong:
            self._bound(draft, notes)
        if not notes.wrong and not notes.dropped:
            self._settle(draft, row, notes)
        return draft

    @staticmethod
    def _bound(draft: Draft, notes: DraftNotes) -> None:
        """What no log may hold: a timer that is a slip of the pen drops the row, a volume only itself where it can."""
        if max(draft.left_min or 0.0, draft.right_min or 0.0) > LONGEST_TIMER_MIN:
            notes.dropped = f"more than {LONGEST_TIMER_MIN:,.0f} min at one breast"
        elif draft.ml > LARGEST_SESSION_ML:
            what = f"more than {LARGEST_SESSION_ML:g} mL in one session"
            if draft.minutes < SHORTEST_MIN:
                notes.dropped = what
                return
            notes.repaired.append(f"{what}: the volume is left out")
            notes.left_out_ml += draft.ml
            draft.volume_ml = draft.left_ml = draft.right_ml = None

    def _read_volumes(self, draft: Draft, row: Sequence[str], notes: DraftNotes) -> None:
        draft.left_ml = self._sum(self._volumes["left_volume"], row, notes, "the volume of the left breast")
        draft.right_ml = self._sum(self._volumes["right_volume"], row, notes, "the volume of the right breast")
        total = self._sum(self._volumes["volume"], row, notes, "the volume")
        if draft.left_ml is None and draft.right_ml is None:
            draft.volume_ml = total
            if total is not None and draft.kind in ("pump", "hand"):
                side = self._side(row)
                if side in ("left", "right"):
                    setattr(draft, f"{side}_ml", total)
                    draft.volume_ml = None
            return
        if self._take.side_by_place and (draft.left_ml is None or draft.right_ml is None):
            side = "right" if draft.left_ml is None else "left"
            notes.assumed.append(f"a single volume is taken as that of the {side} breast, and the other one as at rest")
        if total is not None and abs(total - draft.ml) > max(_SAME_ML, _SAME_WRITTEN * notes.unit_ml):
            notes.repaired.append("the volume in all is not that of the breasts; the breasts' are taken")

    def _read_minutes(
        self, draft: Draft, row: Sequence[str], length_min: Callable[[], float | None], notes: DraftNotes
    ) -> None:
        draft.left_min = self._sum(self._minutes["left_minutes"], row, notes, "the minutes of the left breast")
        draft.right_min = self._sum(self._minutes["right_minutes"], row, notes, "the minutes of the right breast")
        total = self._sum(self._minutes["minutes"], row, notes, "the minutes")
        both = (draft.left_min or 0.0) + (draft.right_min or 0.0)
        if self._take.only_sums and total and not self._adds_up(draft, total):
            if both > 0.0:
                notes.repaired.append("the minutes of the breasts are not those in all; those in all are taken")
            both = 0.0
        if both > 0.0:
            at_once = max(draft.left_min or 0.0, draft.right_min or 0.0)
            if total and min(abs(total - both), abs(total - at_once)) > _SAME_MIN:
                notes.repaired.append("the minutes in all are not those of the breasts; the breasts' are taken")
            return
        # Zeros are what some trackers write where nothing was timed.
        total = total or length_min() or total
        if total or (total is not None and draft.left_min is None and draft.right_min is None):
            self._divide(draft, total, self._side(row), notes)

    @staticmethod
    def _adds_up(draft: Draft, total: float) -> bool:
        if draft.left_min is None or draft.right_min is None:
            return False
        return abs(draft.left_min + draft.right_min - total) <= _SAME_MIN

    @staticmethod
    def _divide(draft: Draft, total: float, side: str, notes: DraftNotes) -> None:
        """Minutes in all to the breasts that they were at."""
        if not side and draft.kind == "pump" and (draft.left_ml is None) != (draft.right_ml is None):
            side = "left" if draft.left_ml is not None else "right"
        draft.left_min = draft.right_min = None
        if side in ("left", "right"):
            setattr(draft, f"{side}_min", total)
        elif draft.kind == "pump":
            draft.left_min = draft.right_min = total
        else:
            draft.left_min = draft.right_min = total / 2.0
            if total:
                notes.assumed.append(_SPLIT)

    def _settle(self, draft: Draft, row: Sequence[str], notes: DraftNotes) -> None:
        """Rows without minutes, timers of seconds, and which breast came first."""
        no_timer = draft.left_min is None and draft.right_min is None
        if not no_timer and draft.minutes < SHORTEST_MIN and (draft.ml or draft.minutes == 0.0):
            if draft.ml:
                self._forget_timer(draft, notes)
                no_timer = True
            elif draft.kind == "breast":
                notes.dropped = "a feed of 0 minutes without a volume"
        if draft.kind in ("pump", "hand") and draft.minutes == 0.0 and not draft.ml and not notes.dropped:
            notes.dropped = "a pumping with neither minutes nor milk"
        elif draft.kind == "breast" and no_timer and draft.ml:
            self._to_breast(draft, self._side(row))
        elif draft.kind == "breast" and no_timer:
            side = self._side(row)
            draft.first = side if side in ("left", "right") else ""
            notes.assumed.append(_LONE_SIDE if draft.first else _NO_LIMIT)
        elif draft.left_min and draft.right_min:
            self._order(draft, row, notes)

    @staticmethod
    def _to_breast(draft: Draft, side: str) -> None:
        """A volume in all is that of the breast that is named."""
        if side in ("left", "right") and draft.left_ml is None and draft.right_ml is None:
            setattr(draft, f"{side}_ml", draft.volume_ml)
            draft.volume_ml = None

    @staticmethod
    def _forget_timer(draft: Draft, notes: DraftNotes) -> None:
        side = (
            "left"
            if draft.left_min and not draft.right_min
            else "right"
            if draft.right_min and not draft.left_min
            else ""
        )
        TakeReader._to_breast(draft, side)
        notes.left_out_minutes += draft.minutes
        notes.repaired.append("a timer of seconds beside a volume is taken as no minutes")
        draft.left_min = draft.right_min = None

    def _order(self, draft: Draft, row: Sequence[str], notes: DraftNotes) -> None:
        first, last = self._first(row), self._last(row)
        if first in ("left", "right"):
            draft.first = first
        elif last in ("left", "right") and draft.kind != "pump":
            draft.first = "right" if last == "left" else "left"
            notes.assumed.append(_BY_LAST)

    def _kind(self, row: Sequence[str], notes: DraftNotes) -> str:
        """What was in the bottle: by the format, by a cell, by the name of the file, or as the user says."""
        take = self._take
        content = take.contains
        if content is None and self._own(row):
            content = "own"
        elif content is None and self._formula(row):
            content = "formula"
        if content is None and take.contains_by_file is not None:
            named = take.contains_by_file
            for choice, words in (("own", named.own), ("formula", named.formula)):
                if any(word.casefold() in self._given.file_name for word in words):
                    content = choice  # type: ignore[assignment]
                    notes.assumed.append(_BY_NAME)
                    break
        if content is None:
            if self._given.bottle is None:
                notes.needs.append(NEEDS_BOTTLE)
            content = "formula" if self._given.bottle == "formula" else "own"
        return "bottle_own_milk" if content == "own" else "bottle_formula"

    def _content(self, content: Content | None) -> tuple[Callable[[Sequence[str]], bool], ...]:
        if content is None:
            return (lambda _: False), (lambda _: False)
        place = self._places.of(content.column)
        own, formula = ({word.casefold() for word in words} for words in (content.own, content.formula))
        return (lambda row: tidy(row[place]).casefold() in own), (lambda row: tidy(row[place]).casefold() in formula)

    def _sum(
        self, readers: list[Callable[..., float | None]], row: Sequence[str], notes: DraftNotes, what: str
    ) -> float | None:
        total: float | None = None
        if not readers:
            return None
        for reader in readers:
            try:
                value = reader(row, notes)
            except ValueError as error:
                notes.wrong.append(f"{what} {_of_many(str(error)) if what.startswith('the minutes') else error}")
                continue
            if value is not None:
                total = value if total is None else total + value
        return total

    def _duration(self, cell: Cell) -> Callable[[Sequence[str], DraftNotes], float | None]:
        place = self._places.of(cell.column)
        of_number = cell.number or self._format.durations.number
        of_colon = cell.colon or self._format.durations.colon
        unit = amounts.duration_word(self._units.get(key_of(cell.column), ""))
        if unit in ("m:ss", "h:mm"):
            of_colon = unit  # type: ignore[assignment]
        elif unit is not None and cell.number is None:
            of_number = unit  # type: ignore[assignment]

        known: dict[str, float] = {}

        def duration(row: Sequence[str], notes: DraftNotes) -> float | None:
            text = row[place]
            if not text or not (text := tidy(text)):
                return None
            if text in known:
                return known[text]
            notes.comma = notes.comma or amounts.comma_of(text, comma_decimal=self._comma)
            notes.colon = notes.colon or (of_colon if text.count(":") == 1 and not unit else "")
            value = amounts.minutes(text, of_number, of_colon, comma_decimal=self._comma)
            if len(known) < _MOST_REMEMBERED and not notes.comma:
                known[text] = value
            return value

        return duration

    def _quantity(self, cell: Cell, *, weight: bool) -> Callable[[Sequence[str], DraftNotes], float | None]:
        place = self._places.of(cell.column)
        unit_of: Getter = self._places.text(cell.unit) if cell.unit else lambda _: ""
        header = self._units.get(key_of(cell.column), "")
        factor_of = amounts.weight_factor if weight else amounts.volume_factor
        read = amounts.kilograms if weight else amounts.millilitres
        usual = (self._format.weight_unit if weight else self._format.volume_unit) or ""
        by_option = {"oz": "lb", "mL": "kg"}.get(self._given.unit or "", "") if weight else (self._given.unit or "")
        without_own = next((factor for unit in (header, usual, by_option) if (factor := factor_of(unit))), None)
        by_weight_option = not header and not usual and bool(by_option)
        self.unit_decides = self.unit_decides or (not usual and not factor_of(header))

        def quantity(row: Sequence[str], notes: DraftNotes) -> float | None:
            text = row[place]
            if not text or not (text := tidy(text)):
                return None
            notes.comma = notes.comma or amounts.comma_of(text, comma_decimal=self._comma)
            factor, unit = without_own, unit_of(row)
            if unit and (factor := factor_of(unit)) is None:
                raise ValueError("has an unknown unit")
            if not weight and amounts.in_ounces(text, factor):
                notes.unit_ml = OUNCE_ML
            if weight and by_weight_option and not unit:
                notes.assumed.append(
                    f"weights without a unit are taken as {by_option}, as --unit is {self._given.unit}"
                )
            try:
                return read(text, factor, comma_decimal=self._comma)
            except NoUnitError:
                notes.needs.append(NEEDS_UNIT)
                return read(text, 1.0, comma_decimal=self._comma)

        return quantity


def _of_many(predicate: str) -> str:
    """`are no duration` of `is no duration`."""
    return {"is": "are", "has": "have"}.get(predicate.split(" ", 1)[0], "are") + " " + predicate.split(" ", 1)[1]
