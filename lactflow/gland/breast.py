"""
A breast: its lobes, and the ducts that their milk goes through.

Ducts hold little. When alveoli contract, milk moves into them; a remover takes it from there; what is not
taken flows back when the contraction is over.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import Any

import simpy

from lactflow.chance import Streams, hourly_noise
from lactflow.gland.analytes import Milk
from lactflow.gland.lobe import Lobe, Place
from lactflow.gland.resolution import lobe_shares
from lactflow.kinetics import saturation
from lactflow.parameters.gland import Gland
from lactflow.records import STATIONS, BreastSample, StationKey

SLICES = 4
"""Parts of a contraction in which milk moves; composition is held within one."""


class Breast:
    """
    One breast.

    Parameters
    ----------
    env
        The simulation.
    side
        `left` or `right`.
    gland
        Declared quantities, per breast.
    packet_ml
        Aqueous packet [mL-eq].
    streams
        Where chance comes from.
    knock_outs
        Mechanisms that are removed.
    visits
        Where stations write their visits; None for nowhere.
    first_number
        Number of its first station in the pipeline.
    """

    def __init__(
        self,
        env: simpy.Environment,
        side: str,
        gland: Gland,
        packet_ml: float,
        *,
        streams: Streams,
        knock_outs: Collection[str],
        visits: bytearray | None,
        first_number: int,
    ) -> None:
        self.env = env
        self.side = side
        self._gland = gland
        self._receptor = 0.0 if "oxytocin_receptor" in knock_outs else 1.0
        noise = hourly_noise(streams, f"secretion noise {side}", gland.noise.sd, gland.noise.correlation_h)
        self.lobes = [
            Lobe(
                env, gland, Place(side, number, share), packet_ml,
                noise=noise, knock_outs=knock_outs, visits=visits, first_number=first_number + number * len(STATIONS),
            )
            for number, share in enumerate(lobe_shares(gland.lobes_per_breast, gland.lobe_spread))
        ]  # fmt: skip
        self.ducts = Milk()
        self._sampled: tuple[float, float] | None = None

    # -- volumes ----------------------------------------------------------------------------------------

    @property
    def capacity_ml(self) -> float:
        """Storage capacity of the alveoli."""
        return sum(lobe.lumen.capacity_ml for lobe in self.lobes)

    @property
    def volume_ml(self) -> float:
        """Milk in alveoli and ducts."""
        return sum(lobe.lumen.volume_ml for lobe in self.lobes) + self.ducts.volume_ml

    @property
    def fullness(self) -> float:
        """Volume over capacity."""
        return self.volume_ml / self.capacity_ml

    # -- ejection ---------------------------------------------------------------------------------------

    def moved_fraction(self, oxytocin_pg_per_ml: float) -> float:
        """Share of the mobile milk that a contraction at this level of oxytocin moves."""
        ejection = self._gland.ejection
        effect = saturation(oxytocin_pg_per_ml, ejection.half_effect_pg_per_ml, 2.0)
        return self._receptor * ejection.let_down_fraction * effect

    def begin_contraction(self) -> None:
        """The myoepithelium contracts: droplets that are budding come forward."""
        if self._receptor:
            for lobe in self.lobes:
                lobe.contract()

    def contract(self, moved_fraction: float, drawn_ml: float) -> tuple[float, Milk]:
        """
        One slice of a contraction.

        Parameters
        ----------
        moved_fraction
            Share of the mobile milk that the whole contraction moves.
        drawn_ml
            Most that a remover takes from the ducts meanwhile; 0 when none is at this breast.

        Returns
        -------
        Volume moved from the alveoli into the ducts [mL], and the milk taken.
        """
        share = 1.0 - (1.0 - moved_fraction) ** (1.0 / SLICES)
        residual = self._gland.lumen.residual_fraction
        mobile = [max(0.0, lobe.lumen.volume_ml - residual * lobe.lumen.capacity_ml) for lobe in self.lobes]
        pressed_ml = share * sum(mobile)
        room_ml = self._gland.ejection.duct_capacity_ml - self.ducts.volume_ml + drawn_ml
        moved_ml = min(pressed_ml, max(0.0, room_ml))
        if moved_ml > 0.0:
            density = self._gland.composition.fat_density_g_per_ml
            for lobe, mobile_ml in zip(self.lobes, mobile, strict=True):
                if mobile_ml > 0.0:
                    part_ml = share * mobile_ml * moved_ml / pressed_ml
                    self.ducts.add(lobe.lumen.eject(part_ml, self._gland.ejection, density))
        taken = self.ducts.take(min(drawn_ml, self.ducts.volume_ml))
        if taken.volume_ml > 0.0:
            for lobe in self.lobes:
                lobe.unblock()
        return moved_ml, taken

    def relax(self) -> float:
        """The contraction is over: milk flows back from the ducts, to each lobe by its share; returns its volume [mL]."""
        back = self.ducts.take(self.ducts.volume_ml)
        if back.volume_ml > 0.0:
            for lobe in self.lobes:
                share = lobe.place.share
                lobe.lumen.fill(Milk(back.volume_ml * share, [amount * share for amount in back.amounts]))
        return back.volume_ml

    # -- signals and reporting --------------------------------------------------------------------------

    def bring_up(self) -> None:
        """Bring the signals of all lobes up to the clock."""
        for lobe in self.lobes:
            lobe.bring_up()

    def station_keys(self) -> list[StationKey]:
        """Names of all its stations, in the order of their numbers."""
        return [key for lobe in self.lobes for key in lobe.station_keys()]

    def sample(self) -> BreastSample:
        """State now; secretion is the mean since the sample before."""
        secreted_ml = sum(lobe.lumen.secreted_ml() for lobe in self.lobes)
        rate = None
        if self._sampled is not None:
            since_min, before_ml = self._sampled
            rate = (secreted_ml - before_ml) / (self.env.now - since_min) * 60.0 if self.env.now > since_min else None
        self._sampled = (self.env.now, secreted_ml)
        return BreastSample(
            time_min=self.env.now,
            breast=self.side,
            volume_ml=self.volume_ml,
            capacity_ml=self.capacity_ml,
            secretion_ml_per_h=rate,  # type: ignore[arg-type]
        )


def keep_signals(env: simpy.Environment, breasts: list[Breast], every_min: float) -> Generator[simpy.Event, Any, None]:
    """
    Bring all signals up to the clock at regular checkpoints.

    The other occasion is the end of a let-down, for the breast that was emptied (`dyad.session`). Between
    the two, rates are held.
    """
    while True:
        yield env.timeout(every_min)
        for breast in breasts:
            breast.bring_up()
