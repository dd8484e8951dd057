"""
A breast: its lobes, and the ducts that their milk goes through.

Ducts hold little. When alveoli contract, milk moves into them; a remover takes it from there; what is not
taken flows back when the contraction is over.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from math import inf, nan
from typing import Any, Final

import simpy

from lactflow.chance import Streams, hourly_noise
from lactflow.endocrine.signal import Product, first_change, that_change
from lactflow.gland.added import Poured
from lactflow.gland.analytes import Milk
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.contents import Contents
from lactflow.gland.history import GlandState
from lactflow.gland.lines import Lines
from lactflow.gland.lobe import Lobe, Place, Surroundings
from lactflow.gland.lumen import Globules
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.resolution import lobe_shares
from lactflow.gland.tissue import USUAL, Tissue
from lactflow.kinetics import plain_sum, saturation
from lactflow.parameters.gland import Gland
from lactflow.pipeline import VisitLog
from lactflow.records import BreastSample, Recorder, StationKey

SLICES: Final = 2
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
        Declared quantities, per breast of the usual size.
    packet_ml
        Aqueous packet [mL-eq].
    lines
        The two lines of each lobe.
    state
        Of a whole breast at the start.
    receptors
        What acts on its cells; shared by both breasts.
    streams
        Where chance comes from.
    mechanisms
        Which mechanisms there are.
    visits
        Where stations write their visits; None for nowhere.
    first_number
        Number of its first station in the pipeline.
    contents
        What milk carries in this run; the analytes that every run has when left out.
    tissue
        Its size, and the lobes whose ducts have been cut.
    cut_state
        Of those lobes at the start, as that of a whole breast; `state` when None.

    Attributes
    ----------
    nerve_share
        Rate of oxytocin pulses when it is suckled, relative to one whose nerves are whole.
    """

    def __init__(
        self,
        env: simpy.Environment,
        side: str,
        gland: Gland,
        packet_ml: float,
        *,
        lines: Lines,
        state: GlandState,
        receptors: Receptors,
        streams: Streams,
        mechanisms: Mechanisms,
        visits: VisitLog | None,
        first_number: int,
        contents: Contents | None = None,
        tissue: Tissue = USUAL,
        cut_state: GlandState | None = None,
    ) -> None:
        self.env = env
        self.side = side
        self.nerve_share = tissue.nerve_share
        self.contents = contents = Contents(gland) if contents is None else contents
        self._receptors = receptors
        blood = receptors.blood
        self._let_down = Product(blood.acting_on("let_down"), blood.acting_on("let_down", side))
        ducts = {
            lobe: blood.context.course.steps("obstruction", (side, lobe)) for lobe in range(gland.lobes_per_breast)
        }
        self._obstructed = {lobe: duct for lobe, duct in ducts.items() if duct.next_change(-inf) < inf}
        self._cut = frozenset(tissue.cut)
        self._changing = that_change([self._let_down, *ducts.values(), *contents.changing(side)])
        self._can_respond = float(mechanisms.present("oxytocin_receptor") and mechanisms.present("myoepithelium"))
        self._noise_at = hourly_noise(streams, f"secretion noise {side}", gland.noise.sd, gland.noise.correlation_h)
        surroundings = self._surroundings(env.now)
        states = {True: cut_state or state, False: state}
        self.lobes = [
            Lobe(
                env, gland, Place(side, number, share * tissue.size), packet_ml,
                lines=lines, cells=states[number in self._cut].cells.like(), milk=states[number in self._cut].milk,
                surroundings=surroundings, mechanisms=mechanisms, visits=visits,
                first_number=first_number + number * lines.stations, contents=contents,
            )
            for number, share in enumerate(lobe_shares(gland.lobes_per_breast, gland.lobe_spread))
        ]  # fmt: skip
        self.ducts = contents.no_milk()
        self._poured = Poured(len(contents.extras))
        ejection = gland.ejection
        self._duct_capacity_ml = ejection.duct_capacity_ml
        self._half_effect_pg_per_ml: float = ejection.half_effect_pg_per_ml
        self._steepness: float = ejection.steepness
        self._let_down_fraction: float = ejection.let_down_fraction
        self.contraction_min = ejection.contraction_min
        self._globules = Globules(
            ejection.globule_lag, ejection.globule_lag_steepness, gland.composition.fat_density_g_per_ml
        )
        self._crossed_min = nan
        self._sampled: tuple[float, float] | None = None

    def _surroundings(self, now: float) -> Surroundings:
        """What acts on its lobes now."""
        message, noise = self._receptors.read_at(self.side, now), self._noise_at(now)
        return Surroundings(message, message.translation * noise, message.fat * noise)

    def next_change(self, time_min: float) -> float:
        """When something that acts on it, apart from what acts on its cells, next leaves its closed form."""
        return first_change(self._changing, time_min)

    @property
    def _responds(self) -> float:
        """Share of the usual answer to oxytocin."""
        return self._can_respond * self._let_down.level(self.env.now)

    # -- volumes ----------------------------------------------------------------------------------------

    @property
    def capacity_ml(self) -> float:
        """Storage capacity of the alveoli."""
        return plain_sum([lobe.lumen.capacity_ml for lobe in self.lobes])

    @property
    def volume_ml(self) -> float:
        """Milk in alveoli and ducts."""
        return plain_sum([lobe.lumen.volume_ml for lobe in self.lobes]) + self.ducts.volume_ml

    def per_litre(self, analyte: int) -> float | None:
        """Amount of a substance in a litre of the milk that it holds now; None where it holds none."""
        self._cross()
        volume_ml = held = 0.0
        for lobe in self.lobes:  # one after the other, as `plain_sum` does: this is read for every sample of a drug
            volume_ml += lobe.lumen.volume_ml
            held += lobe.lumen.amount_of(analyte)
        volume_ml += self.ducts.volume_ml
        held += self.ducts.amounts[analyte]
        return held / volume_ml * 1000.0 if volume_ml > 0.0 else None

    @property
    def fullness(self) -> float:
        """Volume over capacity."""
        return self.volume_ml / self.capacity_ml

    def filling_ml_per_min(self) -> float:
        """Milk that enters its alveoli at present [mL/min]."""
        return plain_sum([lobe.filling_ml_per_min() for lobe in self.lobes])

    # -- ejection ---------------------------------------------------------------------------------------

    def moved_fraction(self, oxytocin_pg_per_ml: float) -> float:
        """Share of the mobile milk that a contraction at this level of oxytocin moves."""
        effect = saturation(oxytocin_pg_per_ml, self._half_effect_pg_per_ml, self._steepness)
        return self._responds * self._let_down_fraction * effect

    def begin_contraction(self) -> None:
        """The myoepithelium contracts: droplets that are budding come forward."""
        if self._responds > 0.0:
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
        return min(moved_fraction * plain_sum(self._mobile_ml()), self._duct_capacity_ml)

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
        self._cross()
        share = 1.0 - (1.0 - moved_fraction) ** (1.0 / SLICES)
        mobile = self._mobile_ml()
        pressed_ml = share * plain_sum(mobile)
        room_ml = self._duct_capacity_ml - self.ducts.volume_ml + drawn_ml
        moved_ml = min(pressed_ml, max(0.0, room_ml))
        if moved_ml > 0.0:
            share *= moved_ml / pressed_ml
            self._poured.begin(self.ducts)
            for lobe, mobile_ml in zip(self.lobes, mobile, strict=True):
                if mobile_ml > 0.0:
                    lobe.lumen.eject(share * mobile_ml, self._globules, self.ducts, self._poured)
            self._poured.end(self.ducts)
        taken = self.ducts.take(min(drawn_ml, self.ducts.volume_ml))
        if taken.volume_ml > 0.0:
            for lobe in self.lobes:
                if lobe.fusion.done or lobe.budding.done:
                    lobe.unblock(self.env.now)
        return moved_ml, taken

    def relax(self) -> None:
        """The contraction is over: milk flows back from the ducts, to each lobe that is open by its share."""
        back = self.ducts.take(self.ducts.volume_ml)
        if back.volume_ml > 0.0:
            self._cross()
            shut = self._shut_lobes()
            lobes = [lobe for lobe in self.lobes if lobe.place.lobe not in shut] or self.lobes
            whole = plain_sum([lobe.place.share for lobe in lobes])
            for lobe in lobes:
                lobe.lumen.fill(back.scaled(lobe.place.share / whole))

    def _cross(self) -> None:
        """Milk is about to move: let it be exchanged with plasma until now."""
        now: float = self.env.now
        if self.contents.passages and now != self._crossed_min:
            self._crossed_min = now
            instant = self.contents.levels.at(now)
            for lobe in self.lobes:
                lobe.cross(instant)

    def _shut_lobes(self) -> list[int]:
        """Numbers of the lobes whose ducts are shut, for some time or for good."""
        obstructed = [lobe for lobe, duct in self._obstructed.items() if duct.level(self.env.now)]
        return [*self._cut, *obstructed] if self._cut else obstructed

    def _mobile_ml(self) -> list[float]:
        """Milk of each lobe that contractions can move: what is above the residual milk, where the duct is open."""
        mobile = [max(0.0, lobe.lumen.volume_ml - lobe.lumen.residual_ml) for lobe in self.lobes]
        for shut in self._shut_lobes():
            mobile[shut] = 0.0
        return mobile

    def feel_fullness(self, *, emptied: bool = False) -> None:
        """Let the inhibitor act in all lobes; `emptied` after a let-down."""
        now = self.env.now
        for lobe in self.lobes:
            lobe.feel_fullness(now, emptied=emptied)

    # -- signals and reporting --------------------------------------------------------------------------

    def bring_up(self) -> None:
        """Bring the signals of all lobes up to the clock."""
        now = self.env.now
        surroundings = self._surroundings(now)
        for lobe in self.lobes:
            lobe.bring_up(now, surroundings)

    def station_keys(self) -> list[StationKey]:
        """Names of all its stations, in the order of their numbers."""
        return [key for lobe in self.lobes for key in lobe.station_keys()]

    def report(self, time_min: float, recorder: Recorder) -> None:
        """Record the state of its lobes and its own now; secretion is the mean since the sample before."""
        now = self.env.now
        lobes, queues = recorder.lobes, recorder.queues
        for lobe in self.lobes:
            lobe.sample(now, lobes)
            if queues is not None:
                lobe.write_queues(now, queues)
        secreted_ml = plain_sum([lobe.lumen.secreted_ml() for lobe in self.lobes])
        rate = None
        if self._sampled is not None:
            since_min, before_ml = self._sampled
            rate = (secreted_ml - before_ml) / (time_min - since_min) * 60.0 if time_min > since_min else None
        self._sampled = (time_min, secreted_ml)
        recorder.record(BreastSample(time_min, self.side, self.volume_ml, self.capacity_ml, rate))


def keep_signals(
    env: simpy.Environment,
    breasts: Sequence[Breast],
    receptors: Receptors,
    every_min: float,
    brought_up: Callable[[], None] = lambda: None,
) -> Generator[simpy.Event, Any, None]:
    """
    Bring all signals up to the clock at regular checkpoints, and whenever a regime changes.

    The inhibitor also acts when somebody comes to a breast, and after each let-down there (`dyad.session`). Between
    these, rates are held. Afterwards `brought_up` is called.
    """
    while True:
        now = env.now
        change_min = first_change((receptors, *breasts), now)
        yield env.timeout(min(every_min, change_min - now))
        for breast in breasts:
            breast.bring_up()
        brought_up()
