"""
Exchange of milk with plasma across the cells of one lobe, and what fresh milk brings.

The law is `pharmacology.passage.exchanged`. A step is an interval in which nobody takes milk; what levels do over it is
worked out once for all lobes (`gland.levels`).
"""

from __future__ import annotations

from lactflow.gland.contents import Contents, Passage
from lactflow.gland.lumen import Lumen
from lactflow.pharmacology.passage import exchanged


class _Crossing:
    """One passage as this lobe has it: clearances by its share of the breast."""

    __slots__ = (
        "active",
        "analyte",
        "fresh",
        "fresh_active",
        "fresh_ratio",
        "into_ml_per_min",
        "out_ml_per_min",
        "partition",
        "plasma",
        "rides",
        "synthesised",
    )

    def __init__(self, passage: Passage, share: float, *, rides: bool) -> None:
        self.analyte = passage.analyte
        self.partition = passage.partition
        self.into_ml_per_min = passage.into_ml_per_min * share
        self.out_ml_per_min = passage.out_ml_per_min * share
        self.plasma, self.fresh = passage.plasma, passage.fresh
        self.fresh_ratio = passage.fresh_ratio
        self.synthesised = passage.synthesised
        self.active, self.fresh_active = passage.active, passage.fresh_active
        self.rides = rides


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
        self._crossings = [
            _Crossing(passage, share, rides=bool(contents.packet_routes(passage.analyte)))
            for passage in contents.passages
        ]
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
        elapsed_min = now - since.time_min
        if elapsed_min <= 0.0:
            return
        lumen, levels = self._lumen, self._levels
        instant = levels.at(now)
        vesicles_ml, droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()
        came_ml, came_fat_ml = vesicles_ml - self._vesicles_ml, droplets_ml - self._droplets_ml
        self._since, self._vesicles_ml, self._droplets_ml = instant, vesicles_ml, droplets_ml
        volume_ml, fat_ml = lumen.volume_ml, lumen.fat_ml()
        pieces = levels.over(since, instant)
        for crossing in self._crossings:
            partition, analyte = crossing.partition, crossing.analyte
            before = amount = lumen.amount_of(analyte) if crossing.rides else lumen.amount_past_packets(analyte)
            from_plasma = with_fresh = 0.0
            fresh_ml = came_ml + partition * came_fat_ml
            into_ml_per_min = crossing.into_ml_per_min * cells * (1.0 + crossing.active * mrna)
            fresh_ratio = crossing.fresh_ratio * (1.0 + crossing.fresh_active * mrna)
            to_come = 1.0
            for piece in pieces:
                plasma, fresh = piece.over[crossing.plasma], piece.over[crossing.fresh]
                share = piece.length_min / elapsed_min
                to_come -= share
                into_ml, carried_ml = into_ml_per_min * piece.length_min, fresh_ratio * fresh_ml * share
                amount = exchanged(
                    amount,
                    volume_ml=volume_ml + (partition - 1.0) * fat_ml - to_come * fresh_ml,
                    fresh_ml=share * fresh_ml,
                    cleared_ml=crossing.out_ml_per_min * cells * piece.length_min,
                    plasma=plasma,
                    into_ml=into_ml,
                    fresh=fresh,
                    carried_ml=carried_ml,
                )
                from_plasma += into_ml * plasma.mean / 1000.0
                with_fresh += carried_ml * fresh.mean / 1000.0
            made = with_fresh if crossing.synthesised else 0.0
            came = from_plasma + with_fresh
            went = max(0.0, before + came - amount)
            if came != 0.0 or went != 0.0:
                lumen.pass_over(analyte, made=made, entered=came - made, left=went)
