"""
Exchange of milk with plasma across the cells of one lobe, and what fresh milk brings.

The law is `pharmacology.passage.turnover`. A step is an interval in which nobody takes milk; what levels do over it is
worked out once for all lobes (`gland.levels`).
"""

from __future__ import annotations

from lactflow.gland.added import Added
from lactflow.gland.analytes import ALWAYS_THERE
from lactflow.gland.contents import Contents, Flux, Passage
from lactflow.gland.levels import Instant, Piece
from lactflow.gland.lumen import Lumen
from lactflow.pharmacology.passage import turnover
from lactflow.units import DAY_MIN


class FluxOfLobe:
    """
    A flux of a lobe.

    Attributes
    ----------
    analyte
        Its index.
    resting, active
        Flux without mRNA, and what full mRNA adds [amount/min].
    factor, acting
        Numbers of the levels that multiply it, and that it answers to; -1 for none.
    answers
        How much of it answers.
    added
        What there is of it in the lumen; None of what every run has.

    Parameters
    ----------
    flux
        Of a breast.
    lumen
        Of the lobe.
    share
        Of the breast that the lobe is.
    acting
        Number of the level of what acts on fluxes there; None for nothing.
    """

    __slots__ = ("acting", "active", "added", "analyte", "answers", "factor", "resting")

    def __init__(self, flux: Flux, lumen: Lumen, share: float, acting: int | None) -> None:
        per_min = flux.per_day / DAY_MIN * share
        self.analyte: int = flux.analyte
        self.resting: float = flux.resting_share * per_min
        self.active: float = per_min - self.resting
        self.factor: int = flux.factor
        self.acting: int = -1 if acting is None or flux.answers <= 0.0 else acting
        self.answers: float = flux.answers
        self.added = lumen.added[flux.analyte - ALWAYS_THERE] if flux.analyte >= ALWAYS_THERE else None


class _Crossing:
    """
    A passage as a lobe has it.

    Attributes
    ----------
    analyte, partition, plasma, fresh, fresh_ratio, active, fresh_active
        As of the passage.
    added
        What there is of it in the lumen.
    into_l_per_min, out_ml_per_min
        Clearances by the share of the breast that the lobe is.
    rides
        Whether packets bring the analyte too.
    synthesised
        Whether cells make what comes with fresh milk.
    acting
        Number of the level that the clearance from plasma answers to; -1 for none.
    answers
        How much of it answers.
    """

    __slots__ = (
        "acting",
        "active",
        "added",
        "analyte",
        "answers",
        "fresh",
        "fresh_active",
        "fresh_ratio",
        "into_l_per_min",
        "out_ml_per_min",
        "partition",
        "plasma",
        "rides",
        "synthesised",
    )

    def __init__(self, passage: Passage, added: Added, share: float, acting: int | None, *, rides: bool) -> None:
        self.analyte: int = passage.analyte
        self.added = added
        self.partition: float = passage.partition
        self.into_l_per_min: float = passage.into_ml_per_min / 1000.0 * share
        self.out_ml_per_min: float = passage.out_ml_per_min * share
        self.plasma: int = passage.plasma
        self.fresh: int = passage.fresh
        self.fresh_ratio: float = passage.fresh_ratio / 1000.0
        self.active: float = passage.active
        self.fresh_active: float = passage.fresh_active
        self.synthesised: bool = passage.synthesised
        self.rides: bool = rides
        self.acting: int = -1 if acting is None or passage.answers == 0.0 else acting
        self.answers: float = passage.answers


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
    acting
        Number of the level of what acts on uptake there; None for nothing.

    Attributes
    ----------
    until_min
        When the lumen was last brought up.
    """

    __slots__ = ("_crossings", "_droplets_ml", "_levels", "_lumen", "_since", "_vesicles_ml", "until_min")

    def __init__(self, contents: Contents, lumen: Lumen, share: float, now: float, acting: int | None = None) -> None:
        self._levels = contents.levels
        self._lumen = lumen
        self._crossings = [
            _Crossing(
                passage,
                lumen.added[passage.analyte - ALWAYS_THERE],
                share,
                acting,
                rides=bool(contents.packet_routes(passage.analyte)),
            )
            for passage in contents.passages
        ]
        self._since = contents.levels.at(now)
        self.until_min = now
        self._vesicles_ml: float = lumen.vesicles.total_ml()
        self._droplets_ml: float = lumen.droplets.total_ml()

    def bring_up(self, instant: Instant, cells: float, mrna: float = 1.0) -> None:
        """
        Bring the lumen up to an instant, which is now; to be called before milk leaves it or comes back.

        Parameters
        ----------
        instant
            Of the levels of the run.
        cells
            Living cells, relative to a gland at term: clearances go with them.
        mrna
            Milk-gene mRNA, which transporters follow.
        """
        since = self._since
        whole_min = instant.time_min - self.until_min
        if whole_min <= 0.0:
            return
        self.until_min = instant.time_min
        lumen = self._lumen
        vesicles_ml, droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()
        skim_ml, fresh_fat_ml = vesicles_ml - self._vesicles_ml, droplets_ml - self._droplets_ml
        self._since, self._vesicles_ml, self._droplets_ml = instant, vesicles_ml, droplets_ml
        volume_ml, fat_ml = lumen.volume_ml, lumen.fat_ml()
        pieces = self._levels.over(since, instant)
        if len(pieces) == 1:  # as nearly always: all of the step
            self._step(
                pieces[0],
                cells,
                mrna,
                volume_ml=volume_ml,
                fat_ml=fat_ml,
                skim_ml=skim_ml,
                fresh_fat_ml=fresh_fat_ml,
            )
            return
        to_come = 1.0
        for piece in pieces:
            share = piece.length_min / whole_min
            to_come -= share
            self._step(
                piece,
                cells,
                mrna,
                volume_ml=volume_ml - to_come * (skim_ml + fresh_fat_ml),
                fat_ml=fat_ml - to_come * fresh_fat_ml,
                skim_ml=share * skim_ml,
                fresh_fat_ml=share * fresh_fat_ml,
            )

    def _step(
        self,
        piece: Piece,
        cells: float,
        mrna: float,
        *,
        volume_ml: float,
        fat_ml: float,
        skim_ml: float,
        fresh_fat_ml: float,
    ) -> None:
        """
        Exchange over a piece of time.

        Parameters
        ----------
        piece
            What levels do in it.
        cells, mrna
            Of the lobe.
        volume_ml, fat_ml
            Milk and fat in the lumen at its end.
        skim_ml, fresh_fat_ml
            Skim and fat that came in it.
        """
        over = piece.over
        cell_min = piece.length_min * cells
        for crossing in self._crossings:
            partition, plasma = crossing.partition, over[crossing.plasma]
            fresh_ml = skim_ml + partition * fresh_fat_ml
            into_l, carried_l = crossing.into_l_per_min * cell_min, crossing.fresh_ratio * fresh_ml
            if crossing.active != 0.0:
                into_l *= 1.0 + crossing.active * mrna
            if crossing.acting >= 0:
                into_l *= max(0.0, 1.0 + crossing.answers * (over[crossing.acting].mean - 1.0))
            if crossing.fresh_active != 0.0:
                carried_l *= 1.0 + crossing.fresh_active * mrna
            decays, gone, kept = turnover(
                crossing.out_ml_per_min * cell_min, volume_ml + (partition - 1.0) * fat_ml, fresh_ml
            )
            if crossing.plasma == crossing.fresh:
                came = (into_l + carried_l) * plasma.mean
                arrived = (into_l + carried_l) * kept * plasma.felt(decays, gone)
            else:
                fresh = over[crossing.fresh]
                came = into_l * plasma.mean + carried_l * fresh.mean
                arrived = kept * (into_l * plasma.felt(decays, gone) + carried_l * fresh.felt(decays, gone))
            if not (crossing.rides or crossing.synthesised):
                crossing.added.turn_over(gone, arrived, came)
                continue
            made = carried_l * over[crossing.fresh].mean if crossing.synthesised else 0.0
            if crossing.rides:
                left = max(0.0, came + gone * self._lumen.amount_of(crossing.analyte) - arrived)
                crossing.added.pass_over(made, came - made, left)
            else:
                crossing.added.synthesise_over(gone, arrived, came, made)
