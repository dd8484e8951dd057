"""
Exchange of milk with plasma across the cells of one lobe, and what fresh milk brings.

The law is `pharmacology.passage.turnover`. A step is an interval in which nobody takes milk; what levels do over it is
worked out once for all lobes (`gland.levels`).
"""

from __future__ import annotations

from typing import Final

from lactflow.gland.contents import Contents, Passage
from lactflow.gland.levels import Piece
from lactflow.gland.lumen import Lumen
from lactflow.pharmacology.passage import turnover

_RIDES: Final = 1
_MADE: Final = 2
"""Flags of a crossing: packets bring the analyte too; cells make what comes with fresh milk."""

_Crossing = tuple[int, float, float, float, int, int, float, float, float, int]
"""Analyte, partition, clearances in and out [mL/min], numbers of levels, ratio of fresh milk, activities, flags."""


class Exchange:
    """
    Exchange of one lobe.

    Parameters
    ----------
    contents
        Of the run; `contents.passages` is what is exchanged.
    lumen
        Of the lobe.
    share
        Of the breast that the lobe is.
    now
        Clock time.
    """

    __slots__ = ("_crossings", "_droplets_ml", "_levels", "_lumen", "_since", "_vesicles_ml")

    def __init__(self, contents: Contents, lumen: Lumen, share: float, now: float) -> None:
        self._levels = contents.levels
        self._lumen = lumen
        self._crossings = [_crossing(contents, passage, share) for passage in contents.passages]
        self._since = contents.levels.at(now)
        self._vesicles_ml, self._droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()

    def bring_up(self, now: float, cells: float, mrna: float = 1.0) -> None:
        """
        Bring the lumen up to the clock; to be called before milk leaves it or comes back.

        Parameters
        ----------
        now
            Clock time.
        cells
            Living cells, relative to a gland at term: clearances go with them.
        mrna
            Milk-gene mRNA, which transporters follow.
        """
        since = self._since
        whole_min = now - since.time_min
        if whole_min <= 0.0:
            return
        lumen = self._lumen
        instant = self._levels.at(now)
        vesicles_ml, droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()
        skim_ml, fat_ml = vesicles_ml - self._vesicles_ml, droplets_ml - self._droplets_ml
        self._since, self._vesicles_ml, self._droplets_ml = instant, vesicles_ml, droplets_ml
        pieces = self._levels.over(since, instant)
        if len(pieces) == 1:
            self._step(pieces[0], (lumen.volume_ml, lumen.fat_ml()), (skim_ml, fat_ml), cells, mrna)
            return
        to_come = 1.0
        for piece in pieces:
            share = piece.length_min / whole_min
            to_come = max(0.0, to_come - share)
            there = lumen.volume_ml - to_come * (skim_ml + fat_ml), lumen.fat_ml() - to_come * fat_ml
            self._step(piece, there, (share * skim_ml, share * fat_ml), cells, mrna)

    def _step(
        self, piece: Piece, there: tuple[float, float], fresh: tuple[float, float], cells: float, mrna: float
    ) -> None:
        """
        Exchange over a piece of time.

        Parameters
        ----------
        piece
            What levels do in it.
        there
            Milk and fat in the lumen at its end [mL].
        fresh
            Skim and fat that came in it [mL].
        cells, mrna
            Of the lobe.
        """
        lumen, over = self._lumen, piece.over
        volume_ml, fat_ml = there
        fresh_skim_ml, fresh_fat_ml = fresh
        cell_min = piece.length_min * cells
        for analyte, partition, into, out, number, fresh_number, ratio, active, fresh_active, flags in self._crossings:
            plasma = over[number]
            amount = lumen.amount_of(analyte) if flags & _RIDES else lumen.amount_past_packets(analyte)
            fresh_ml = fresh_skim_ml + partition * fresh_fat_ml
            into_ml, carried_ml = into * cell_min, ratio * fresh_ml
            if active != 0.0:
                into_ml *= 1.0 + active * mrna
            if fresh_active != 0.0:
                carried_ml *= 1.0 + fresh_active * mrna
            decays, gone, kept = turnover(out * cell_min, volume_ml + (partition - 1.0) * fat_ml, fresh_ml)
            if number == fresh_number:
                from_plasma, with_fresh = into_ml * plasma.mean / 1000.0, carried_ml * plasma.mean / 1000.0
                arrived = (into_ml + carried_ml) / 1000.0 * kept * plasma.felt(decays, gone)
            else:
                level = over[fresh_number]
                from_plasma, with_fresh = into_ml * plasma.mean / 1000.0, carried_ml * level.mean / 1000.0
                arrived = into_ml * plasma.felt(decays, gone) + carried_ml * level.felt(decays, gone)
                arrived *= kept / 1000.0
            made = with_fresh if flags & _MADE else 0.0
            lumen.turn_over(analyte, arrived - amount * gone, from_plasma + with_fresh, made)


def _crossing(contents: Contents, passage: Passage, share: float) -> _Crossing:
    """A passage as a lobe has it: clearances by its share of the breast."""
    rides = _RIDES if contents.packet_routes(passage.analyte) else 0
    return (
        passage.analyte,
        passage.partition,
        passage.into_ml_per_min * share,
        passage.out_ml_per_min * share,
        passage.plasma,
        passage.fresh,
        passage.fresh_ratio,
        passage.active,
        passage.fresh_active,
        rides | (_MADE if passage.synthesised else 0),
    )
