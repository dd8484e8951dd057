"""One replicate of a scenario, from start to end: the table of contents of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from simpy.events import URGENT

from lactflow.chance import Streams
from lactflow.config.additions import Additions, additions_of
from lactflow.config.conditions import with_conditions
from lactflow.config.drugs.compiled import dose_times_of, in_plasma, pulses_of, taken_min, taken_of
from lactflow.config.drugs.in_infants import have_had, in_infant
from lactflow.config.model import RunConfig, coarsest, run_window
from lactflow.config.tissue import tissue_of
from lactflow.dyad.bottles import Bottles
from lactflow.dyad.infant import Infant
from lactflow.dyad.infant_drugs import DosesOfInfants
from lactflow.dyad.interventions import course_of
from lactflow.dyad.schedule import Futures, Plan, PlannedSession, Split, clock_minutes
from lactflow.dyad.session import Sessions
from lactflow.dyad.session_queue import SessionQueue
from lactflow.dyad.watching import DrugLevels, Watched, doses_taken, drugs_taken, report_when_due, sample, take_samples
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.endocrine.signal import Steps
from lactflow.gland.books import balances, check_balances
from lactflow.gland.breast import Breast, keep_signals
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.contents import Contents
from lactflow.gland.declared import answering
from lactflow.gland.history import GlandState, state_at
from lactflow.gland.lines import Lines, lines_of
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.stations import StationRowError
from lactflow.gland.storage import left_by_index
from lactflow.gland.tissue import gland_of
from lactflow.interpreter import seldom_collected
from lactflow.parameters.gland import Gland
from lactflow.parameters.stations import StationRow
from lactflow.pipeline import Environment, event_at, next_turn
from lactflow.records import BREASTS, Recorder

Progress = Callable[[float], None]
"""Called with the simulated time [min] now and then; may raise to stop the run."""

_HOUR_MIN = 60.0


class StateOf(Protocol):
    """State of a breast at the start of a run, by its gland and whether its ducts are cut."""

    def __call__(self, gland: Gland, *, shut: bool = False) -> GlandState:
        """Work it out."""


class Branches(NamedTuple):
    """
    Scenarios that differ in nothing but their schedules, simulated as one until these part.

    Attributes
    ----------
    schedules
        The config of each, and the sessions of the feeding logs that it names.
    split
        Splits the simulation: see `dyad.schedule.futures`.
    """

    schedules: Sequence[tuple[RunConfig, Mapping[str, Sequence[PlannedSession]]]]
    split: Split


@seldom_collected()
def simulate(
    config: RunConfig,
    recorder: Recorder,
    *,
    logs: Mapping[str, Sequence[PlannedSession]] | None = None,
    mother: int = 0,
    replicate: int = 0,
    progress: Progress | None = None,
    additions: Additions | None = None,
    branches: Branches | None = None,
) -> None:
    """
    Run one replicate of `config` and report every fact to `recorder`.

    Parameters
    ----------
    config
        The scenario.
    recorder
        Takes the facts.
    logs
        Sessions of each feeding log that the schedule names.
    mother, replicate
        Numbers that address all random numbers.
    progress
        Called once a simulated hour.
    additions
        What the run has beside the reference model; when None, what the config names.
    branches
        Schedules of several scenarios that are simulated as one until they first differ; else that of `config`.

    Raises
    ------
    StationRowError
        If a station that is added is wrong, or has no room for the packets of the config.
    ConfigError
        If what the config names is not added by any package, or an analyte cannot work as it is declared.
    BalanceError
        If a quantity was made or lost out of nothing.
    DeclarationError
        If a declaration is wrong, a mechanism lacks a method, something that interventions set is read by nothing, or a
        kind of schedule from outside kept saying that a session was due and planned none.
    pipeline.StillClockError
        If the clock stands still.
    """
    config = with_conditions(config)[0]
    added = additions_of(config) if additions is None else additions
    span = run_window(config)
    start_min, end_min, _ = span
    env = Environment(start_min)
    streams = Streams(config.seed, mother, replicate)
    course = course_of(config.interventions, span, pregnant=config.mother.pregnant)
    woman = _build_mother(env, config, course, added, streams=streams, recorder=recorder)
    breasts = woman.breasts
    infants = _build_infants(config, course, streams, start_min, woman.contents)
    have_had(config, infants, breasts, woman.blood)
    plan = _plan(config, logs or {}) if branches is None else _plan_of_all(branches)
    sessions = _build_sessions(env, config, woman, infants=infants, plan=plan, course=course, recorder=recorder)
    queue = _queue_of(env, config, sessions, plan=plan, infants=infants, woman=woman, streams=streams)
    watched: list[Watched] = [woman.blood, *breasts, *infants]
    if config.drugs:
        watched.append(DrugLevels(in_plasma(config), woman.blood, breasts))
        weight_kg = config.mother.weight_kg
        env.process(report_when_due(env, doses_taken(dose_times_of(config), weight_kg), recorder))
        env.process(report_when_due(env, drugs_taken(taken_of(config), start_min, weight_kg), recorder))

    env.process(take_samples(env, watched, config.record.sample_min, recorder))
    env.process(keep_signals(env, breasts, woman.receptors, config.gland.checkpoint_min, queue.look_again))
    env.process(report_when_due(env, course.changes, recorder))
    env.process(queue.give_pulses(pulses_of(config, course)))
    course.check_read()

    _run_to_end(env, end_min, recorder, progress)
    sample(end_min, watched, recorder)
    _close_books(breasts, sessions, recorder)
    plan.check_over()


def _build_sessions(
    env: Environment,
    config: RunConfig,
    woman: _Mother,
    *,
    infants: Sequence[Infant],
    plan: Plan | Futures,
    course: Course,
    recorder: Recorder,
) -> Sessions:
    """What simulates the sessions, with bottles; what infants get is recorded where the run adds something to milk."""
    contents = woman.contents
    return Sessions(
        env,
        woman.breasts,
        woman.blood,
        infants=infants,
        dyad=config.dyad,
        practised=plan.practised,
        sealed=_sealed(course),
        recorder=recorder,
        bottles=Bottles(contents.no_milk(), plan.discards, left_by_index(contents)),
        doses=DosesOfInfants(contents, taken_min(config), recorder) if contents.extras else None,
    )


class _Mother(NamedTuple):
    """What both breasts share, and the breasts."""

    blood: Blood
    receptors: Receptors
    contents: Contents
    breasts: list[Breast]


def _queue_of(
    env: Environment,
    config: RunConfig,
    sessions: Sessions,
    *,
    plan: Plan | Futures,
    infants: Sequence[Infant],
    woman: _Mother,
    streams: Streams,
) -> SessionQueue:
    """The queue that starts the sessions of a plan."""
    return SessionQueue(
        env,
        sessions,
        plan,
        infants,
        woman.breasts,
        birth_clock_min=clock_minutes(config.birth_clock),
        oxytocin=config.endocrine.oxytocin,
        streams=streams,
        feeds_before=woman.blood.prolactin.bouts_before,
    )


def _build_mother(
    env: Environment, config: RunConfig, course: Course, added: Additions, *, streams: Streams, recorder: Recorder
) -> _Mother:
    """A mother with her past: the cells have been through the hormones until now."""

    def blood() -> Blood:
        return Blood(
            config.endocrine,
            config.gland,
            course,
            streams,
            env.now,
            signals=added.signals,
            influences=added.influences,
            birth_clock_min=clock_minutes(config.birth_clock),
            secretor=config.mother.secretor,
        )

    present = blood()
    mechanisms = Mechanisms(config.knock_outs, further=added.cell_mechanisms)
    acting = {target: present.acting_on_each(target) for target in answering(added.analytes)}
    contents = Contents(config.gland, added.analytes, present, acting)

    def state_of(gland: Gland, *, shut: bool = False) -> GlandState:
        past, further, resting = blood(), added.cell_mechanisms, not config.mother.pregnant
        return state_at(env.now, gland, past, mechanisms, further, contents=contents, shut=shut, resting=resting)

    receptors = Receptors(present, config.gland, mechanisms, env.now)
    breasts = _build_breasts(
        env,
        config,
        state_of,
        receptors,
        added=added,
        contents=contents,
        streams=streams,
        mechanisms=mechanisms,
        recorder=recorder,
    )
    return _Mother(present, receptors, contents, breasts)


def _plan(config: RunConfig, logs: Mapping[str, Sequence[PlannedSession]]) -> Plan:
    """The schedule of a config."""
    return Plan(
        config.schedule,
        config.start_day,
        config.days,
        config.birth_clock,
        logs=logs,
        infants=len(config.infants),
        first_feed_min=60.0 * config.birth.first_feed_h,
        taken_min=taken_min(config),
    )


def _plan_of_all(branches: Branches) -> Futures:
    """The schedules of several configs, queried as one."""
    return Futures([_plan(config, logs) for config, logs in branches.schedules], branches.split)


def _sealed(course: Course) -> dict[str, Steps]:
    """Whether each breast is shut off, over time."""
    return {side: course.steps("seal", side) for side in BREASTS}


def _build_lines(config: RunConfig, extra: Sequence[StationRow]) -> Lines:
    """The lines of every lobe; the packets of the config must fit into stations that it does not define."""
    lines = lines_of(config.gland, extra)
    if extra:
        packet_ml, largest = config.resolution.packet_ml, coarsest(config, extra)
        if packet_ml > largest.packet_ml:
            raise StationRowError(
                f"station {largest.station!r}: packets of {packet_ml:g} mL are too coarse for the smallest lobe "
                f"(largest allowed: {largest.packet_ml:.4g} mL)"
            )
    return lines


class _States:
    """States of breasts at the start, each worked out once: most mothers have two breasts alike."""

    def __init__(self, state_of: StateOf) -> None:
        self._state_of = state_of
        self._known: list[tuple[Gland, bool, GlandState]] = []

    def of(self, gland: Gland, *, shut: bool = False) -> GlandState:
        """That of a breast with this gland; of one that has never delivered anything where it is shut."""
        for known, was_shut, state in self._known:
            if was_shut is shut and known == gland:
                return state
        state = self._state_of(gland, shut=shut)
        self._known.append((gland, shut, state))
        return state


def _build_breasts(
    env: Environment,
    config: RunConfig,
    state_of: StateOf,
    receptors: Receptors,
    *,
    added: Additions,
    contents: Contents,
    streams: Streams,
    mechanisms: Mechanisms,
    recorder: Recorder,
) -> list[Breast]:
    """Both breasts; the recorder gets the name of each station by its number."""
    lines, states, breasts = _build_lines(config, added.stations), _States(state_of), []
    stations = config.gland.lobes_per_breast * lines.stations
    for number, side in enumerate(BREASTS):
        tissue = tissue_of(config, side)
        gland = gland_of(config.gland, tissue)
        breasts.append(
            Breast(
                env,
                side,
                gland,
                config.resolution.packet_ml * tissue.packet_share,
                lines=lines,
                state=states.of(gland),
                receptors=receptors,
                streams=streams,
                mechanisms=mechanisms,
                visits=recorder.visits,
                first_number=number * stations,
                contents=contents,
                tissue=tissue,
                cut_state=states.of(gland, shut=True) if tissue.cut else None,
            )
        )
    recorder.stations([key for breast in breasts for key in breast.station_keys()])
    return breasts


def _build_infants(
    config: RunConfig, course: Course, streams: Streams, start_min: float, contents: Contents
) -> list[Infant]:
    """All infants, as old as the run is at its start."""
    return [
        Infant(
            number,
            traits,
            config.dyad.growth,
            config.dyad.infant,
            demand=course.steps("demand", number),
            streams=streams,
            time_min=start_min,
            birth_clock_min=clock_minutes(config.birth_clock),
            nothing=contents.no_milk(),
            drugs=in_infant(config, traits, start_min, contents),
        )
        for number, traits in enumerate(config.infants)
    ]


def _run_to_end(env: Environment, end_min: float, recorder: Recorder, progress: Progress | None) -> None:
    """Run, and hour by hour, before anything else of that instant, let tables be cut and progress be shown."""

    def hour_over(_event: object = None) -> None:
        recorder.instant_over(env.now)
        if progress is not None:
            progress(env.now)
        call_next()

    def call_next() -> None:
        hour_min = (env.now // _HOUR_MIN + 1.0) * _HOUR_MIN
        if hour_min < end_min:  # to stop the simulation each hour would take three times as long
            event_at(env, hour_min, next_turn(env), URGENT).callbacks.append(hour_over)

    if env.now < end_min:
        call_next()
        env.run(until=end_min)
        hour_over()


def _close_books(breasts: Sequence[Breast], sessions: Sessions, recorder: Recorder) -> None:
    """End the session under way, write the visits that are still open and the balances, and check those."""
    sessions.close()
    for breast in breasts:
        for lobe in breast.lobes:
            for station in lobe.stations:
                station.bring_up()
                if recorder.visits is not None:
                    station.write_open_visits(recorder.visits)
    rows = balances(breasts, sessions.removed)
    for row in rows:
        recorder.record(row)
    check_balances(rows)
    sessions.bottles.close_books(breasts[0].contents, recorder)
