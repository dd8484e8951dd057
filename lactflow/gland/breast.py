"""
A breast: its lobes, and the ducts that their milk goes through.

Ducts hold little. When alveoli contract, milk moves into them; a remover takes it from there; what is not
taken flows back when the contraction is over.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from typing import Any

import simpy

from lactflow.chance import Streams, hourly_noise
from lactflow.gland.analytes import Milk
from lactflow.gland.lobe import Lobe, Place
from lactflow.gland.lumen import Globules
from lactflow.gland.mechanism import ModifiedRate, Modifier
from lactflow.gland.resolution import lobe_shares
from lactflow.kinetics import saturation
from lactflow.parameters.gland import Gland
from lactflow.records import STATIONS, BreastSample, LobeSample, StationKey

SLICES = 2
"""Parts of a contraction in which milk moves; 16 of them give the same volumes and the same fat of a day to 0.1 %."""


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
        self._response = ModifiedRate(
            Modifier("oxytocin_receptor", absent=0.0),
            knock_outs=knock_outs,
        )
        self._noise_at = hourly_noise(streams, f"secretion noise {side}", gland.noise.sd, gland.noise.correlation_h)
        self._noise = Modifier("secretion_noise")
        self._noise.value = self._noise_at(env.now)
        self.lobes = [
            Lobe(
                env, gland, Place(side, number, share), packet_ml,
                noise=self._noise, knock_outs=knock_outs, visits=visits,
                first_number=first_number + number * len(STATIONS),
            )
            for number, share in enumerate(lobe_shares(gland.lobes_per_breast, gland.lobe_spread))
        ]  # fmt: skip
        self.ducts = Milk()
        ejection = gland.ejection
        self._duct_capacity_ml = ejection.duct_capacity_ml
        self.contraction_min = ejection.contraction_min
        self._globules = Globules(
            ejection.globule_lag, ejection.globule_lag_steepness, gland.composition.fat_density_g_per_ml
        )
        self._residual_ml = [gland.lumen.residual_fraction * lobe.lumen.capacity_ml for lobe in self.lobes]
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
        effect = saturation(oxytocin_pg_per_ml, ejection.half_effect_pg_per_ml, ejection.steepness)
        return self._response.fraction() * ejection.let_down_fraction * effect

    def begin_contraction(self) -> None:
        """The myoepithelium contracts: droplets that are budding come forward."""
        if self._response.fraction() > 0.0:
            for lobe in self.lobes:
                lobe.contract()

    def squeeze(self, moved_fraction: float) -> float:
        """
        Let a contraction pass while nobody is at the breast.

        Milk enters the ducts, as much as they hold, and flows back when the contraction is over.

        Returns
        -------
        Volume that moved into the ducts [mL].
        """
        return min(moved_fraction * sum(self._mobile_ml()), self._duct_capacity_ml)

    def contract(self, moved_fraction: float, drawn_ml: float) -> tuple[float, Milk]:
        """
        One slice of a contraction while somebody takes milk from the ducts.

        Parameters
        ----------
        moved_fraction
            Share of the mobile milk that the whole contraction moves.
        drawn_ml
            Most that the remover takes meanwhile.

        Returns
        -------
        Volume moved from the alveoli into the ducts [mL], and the milk taken.
        """
        share = 1.0 - (1.0 - moved_fraction) ** (1.0 / SLICES)
        mobile = self._mobile_ml()
        pressed_ml = share * sum(mobile)
        room_ml = self._duct_capacity_ml - self.ducts.volume_ml + drawn_ml
        moved_ml = min(pressed_ml, max(0.0, room_ml))
        if moved_ml > 0.0:
            share *= moved_ml / pressed_ml
            for lobe, mobile_ml in zip(self.lobes, mobile, strict=True):
                if mobile_ml > 0.0:
                    lobe.lumen.eject(share * mobile_ml, self._globules, self.ducts)
        taken = self.ducts.take(min(drawn_ml, self.ducts.volume_ml))
        if taken.volume_ml > 0.0:
            for lobe in self.lobes:
                if lobe.fusion.done or lobe.budding.done:
                    lobe.unblock(self.env.now)
        return moved_ml, taken

    def relax(self) -> None:
        """The contraction is over: milk flows back from the ducts, to each lobe by its share."""
        back = self.ducts.take(self.ducts.volume_ml)
        if back.volume_ml > 0.0:
            for lobe in self.lobes:
                share = lobe.place.share
                lobe.lumen.fill(Milk(back.volume_ml * share, [amount * share for amount in back.amounts]))

    def _mobile_ml(self) -> list[float]:
        """Milk of each lobe that contractions can move: what is above the residual milk."""
        return [
            max(0.0, lobe.lumen.volume_ml - residual_ml)
            for lobe, residual_ml in zip(self.lobes, self._residual_ml, strict=True)
        ]

    def feel_fullness(self) -> None:
        """Let the inhibitor act at once in all lobes, as after a let-down."""
        for lobe in self.lobes:
            lobe.feel_fullness()

    # -- signals and reporting --------------------------------------------------------------------------

    def bring_up(self) -> None:
        """Bring the signals of all lobes up to the clock."""
        now = self.env.now
        self._noise.value = self._noise_at(now)
        for lobe in self.lobes:
            lobe.bring_up(now)

    def station_keys(self) -> list[StationKey]:
        """Names of all its stations, in the order of their numbers."""
        return [key for lobe in self.lobes for key in lobe.station_keys()]

    def samples(self, time_min: float) -> Iterator[LobeSample | BreastSample]:
        """State of its lobes and its own now; secretion is the mean since the sample before."""
        for lobe in self.lobes:
            yield lobe.sample()
        secreted_ml = sum(lobe.lumen.secreted_ml() for lobe in self.lobes)
        rate = None
        if self._sampled is not None:
            since_min, before_ml = self._sampled
            rate = (secreted_ml - before_ml) / (time_min - since_min) * 60.0 if time_min > since_min else None
        self._sampled = (time_min, secreted_ml)
        yield BreastSample(
            time_min=time_min,
            breast=self.side,
            volume_ml=self.volume_ml,
            capacity_ml=self.capacity_ml,
            secretion_ml_per_h=rate,
        )


def keep_signals(env: simpy.Environment, breasts: list[Breast], every_min: float) -> Generator[simpy.Event, Any, None]:
    """
    Bring all signals up to the clock at regular checkpoints.

    The others are the start and the end of a removal; the inhibitor alone acts after each let-down too, on the
    breast that was emptied (`dyad.session`). Between these, rates are held.
    """
    while True:
        yield env.timeout(every_min)
        for breast in breasts:
            breast.bring_up()
