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
        vesicles_ml, droplets_ml = lumen.totals_ml()
        skim_ml, fresh_fat_ml = vesicles_ml - self._vesicles_ml, droplets_ml - self._droplets_ml
        self._since, self._vesicles_ml, self._droplets_ml = instant, vesicles_ml, droplets_ml
        volume_ml, fat_ml = lumen.volume_ml, lumen.fat_ml()
        to_come = 1.0
        for piece in self._levels.over(since, instant):
            share = piece.length_min / whole_min
            to_come -= share
            self._step(
                piece,
                (volume_ml - to_come * (skim_ml + fresh_fat_ml), fat_ml - to_come * fresh_fat_ml),
                (share * skim_ml, share * fresh_fat_ml),
                cells,
                mrna,
            )

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
        (volume_ml, fat_ml), (skim_ml, fresh_fat_ml) = there, fresh
        cell_min = piece.length_min * cells
        for analyte, partition, into, out, number, fresh_number, ratio, active, fresh_active, flags in self._crossings:
            plasma = over[number]
            fresh_ml = skim_ml + partition * fresh_fat_ml
            into_l, carried_l = into * cell_min / 1000.0, ratio * fresh_ml / 1000.0
            if active != 0.0:
                into_l *= 1.0 + active * mrna
            if fresh_active != 0.0:
                carried_l *= 1.0 + fresh_active * mrna
            decays, gone, kept = turnover(out * cell_min, volume_ml + (partition - 1.0) * fat_ml, fresh_ml)
            if number == fresh_number:
                both_l = into_l + carried_l
                came, arrived = both_l * plasma.mean, both_l * kept * plasma.felt(decays, gone)
            else:
                level = over[fresh_number]
                came = into_l * plasma.mean + carried_l * level.mean
                arrived = kept * (into_l * plasma.felt(decays, gone) + carried_l * level.felt(decays, gone))
            if flags:
                made = carried_l * over[fresh_number].mean if flags & _MADE else 0.0
                left = max(0.0, came + gone * lumen.amount_of(analyte) - arrived)
                lumen.pass_over(analyte, made=made, entered=came - made, left=left)
            else:
                lumen.turn_over(analyte, gone, arrived, came)


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
