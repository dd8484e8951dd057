"""One replicate of a scenario, from start to end: the table of contents of a run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import Any, Protocol

import simpy

from lactflow.chance import Streams
from lactflow.config.model import RunConfig
from lactflow.dyad.remover import Infant, Pump
from lactflow.dyad.schedule import DAY_MIN, PlannedSession, plan
from lactflow.dyad.session import Sessions
from lactflow.endocrine.blood import Blood
from lactflow.gland.books import balances, check_balances
from lactflow.gland.breast import Breast, keep_signals
from lactflow.pipeline import Environment
from lactflow.records import BREASTS, STATIONS, Recorder

Progress = Callable[[float], None]
"""Told the simulated time [min] now and then; may raise to stop the run."""

_HOUR_MIN = 60.0


def simulate(
    config: RunConfig,
    recorder: Recorder,
    *,
    logs: Mapping[str, Sequence[PlannedSession]] | None = None,
    mother: int = 0,
    replicate: int = 0,
    progress: Progress | None = None,
) -> None:
    """
    Play one replicate of `config` and report every fact to `recorder`.

    Parameters
    ----------
    config
        The scenario.
    recorder
        Takes the facts.
    logs
        Sessions of each feeding log that the schedule names.
    mother, replicate
        Numbers that address all chance.
    progress
        Called once a simulated hour.

    Raises
    ------
    BalanceError
        If a quantity was made or lost out of nothing.
    pipeline.StillClockError
        If the clock stands still.
    """
    start_min = (config.start_day - 1.0) * DAY_MIN
    end_min = start_min + config.days * DAY_MIN
    env = Environment(start_min)
    streams = Streams(config.seed, mother, replicate)
    blood = Blood(config.endocrine, streams, start_min)
    breasts = _build_breasts(env, config, streams, recorder)
    infants = [Infant(number, parameters) for number, parameters in enumerate(config.infants)]
    pumps = {kind: Pump(kind, config.dyad.pump) for kind in ("pump", "hand")}
    sessions = Sessions(env, breasts, blood, infant=infants[0] if infants else None, pumps=pumps, recorder=recorder)
    schedule = plan(config.schedule, config.start_day, config.days, config.birth_clock, logs or {})
    watched: list[Watched] = [blood, *breasts, *infants]

    env.process(_take_samples(env, watched, config.record.sample_min, recorder))
    env.process(keep_signals(env, breasts, config.gland.checkpoint_min))
    env.process(sessions.keep_schedule(schedule))

    _play(env, end_min, recorder, progress)
    _sample(end_min, watched, recorder)
    _close_books(breasts, sessions, recorder)


def _build_breasts(env: Environment, config: RunConfig, streams: Streams, recorder: Recorder) -> list[Breast]:
    """Both breasts, with the recorder told which station has which number."""
    stations = config.gland.lobes_per_breast * len(STATIONS)
    breasts = [
        Breast(
            env, side, config.gland, config.resolution.packet_ml,
            streams=streams, knock_outs=config.knock_outs, visits=recorder.visits, first_number=number * stations,
        )
        for number, side in enumerate(BREASTS)
    ]  # fmt: skip
    recorder.stations([key for breast in breasts for key in breast.station_keys()])
    return breasts


class Watched(Protocol):
    """Part of the model whose state is sampled."""

    def samples(self, time_min: float) -> Iterable[tuple[object, ...]]:
        """Facts about its state at this instant, which is now."""


def _take_samples(
    env: Environment, watched: Sequence[Watched], every_min: float, recorder: Recorder
) -> Generator[simpy.Event, Any, None]:
    """Sample everything that is watched at the same instants."""
    while True:
        _sample(env.now, watched, recorder)
        yield env.timeout(every_min)


def _sample(time_min: float, watched: Sequence[Watched], recorder: Recorder) -> None:
    for part in watched:
        for fact in part.samples(time_min):
            recorder.record(fact)


def _play(env: Environment, end_min: float, recorder: Recorder, progress: Progress | None) -> None:
    """Run hour by hour, so that tables can be cut at whole instants and somebody can watch."""
    while env.now < end_min:
        until = min(end_min, (env.now // _HOUR_MIN + 1.0) * _HOUR_MIN)
        env.run(until=until)
        recorder.instant_over(until)
        if progress is not None:
            progress(until)


def _close_books(breasts: Sequence[Breast], sessions: Sessions, recorder: Recorder) -> None:
    """End the session under way, write the visits that are still open and the balances, and check those."""
    sessions.close()
    for breast in breasts:
        for lobe in breast.lobes:
            for station in lobe.stations:
                station.bring_up()
                if recorder.visits is not None:
                    recorder.visits += station.open_visits()
    rows = balances(breasts, sessions.removed)
    for row in rows:
        recorder.record(row)
    check_balances(rows)
