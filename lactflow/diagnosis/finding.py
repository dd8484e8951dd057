"""From virtual mothers and her observations to the tables of a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lactflow.chance import Streams
from lactflow.config.named import entries_of
from lactflow.diagnosis.evidence import HELPS_NATS, Candidate, Outlook, candidates, contributions
from lactflow.diagnosis.her import Her
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.observing import Observation, Readings
from lactflow.diagnosis.probabilities import CANNOT_SAY, Model, Taught
from lactflow.diagnosis.virtual import Cohort
from lactflow.errors import ConfigError, Problem
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

REPEATS: Final = 4
"""How often each virtual mother is read, with other errors of instruments. Ours."""
MOST_GONE: Final = 0.5
"""Share of virtual mothers without an observation, above which it is not used. Ours."""
FEWEST_OF_HALF: Final = 10
"""Mothers of a half of a mechanism, for it to be a half of its own. Ours."""
MECHANISM, CANNOT_TELL, NONE_OF_THESE = "mechanism", "cannot tell", "none of these"
_BAND: Final = (0.05, 0.5, 0.95)
_DRUNK: Final = ("feed", "bottle")


class Found(NamedTuple):
    """
    A diagnosis before it is written.

    Attributes
    ----------
    answer
        `MECHANISM`, `CANNOT_TELL` or `NONE_OF_THESE`.
    leaders
        Names of the two most probable mechanisms.
    tables
        As `Diagnosis` has them: diagnoses, observations, confusion, next, courses.
    unused
        Observations that too few virtual mothers have, a line each.
    """

    answer: str
    leaders: tuple[str, str]
    tables: Mapping[str, pd.DataFrame]
    unused: tuple[str, ...]


class Read(NamedTuple):
    """
    Readings of all virtual mothers.

    Attributes
    ----------
    taught
        Flat, with gaps.
    true
        Of each mechanism, in units of the kinds, with gaps.
    gone
        Share of each column that could not be observed.
    """

    taught: Taught
    true: tuple[Array, ...]
    gone: tuple[float, ...]


def read_all(virtual: Sequence[Cohort], readings: Readings, seed: int, repeats: int = REPEATS) -> Read:
    """
    Read virtual mothers as a clinic would.

    Parameters
    ----------
    virtual
        Those of each mechanism.
    readings
        What is observed.
    seed
        Of the errors of instruments.
    repeats
        How often each is read.
    """
    true = tuple(readings.true(cohort) for cohort in virtual)
    parts, halves, mothers = [], [], []
    of: list[int] = []
    for number, (cohort, values) in enumerate(zip(virtual, true, strict=True)):
        streams = partial(_streams, cohort, seed)
        read = readings.read(values, streams, repeats)
        parts.append(read.reshape(-1, values.shape[1]))
        half = halves_of(cohort)
        halves.append(np.tile(len(of) + half, repeats))
        of += [number] * (int(half.max()) + 1)
        mothers.append(np.tile(np.array(cohort.numbers), repeats))
    half = np.concatenate(halves)
    names = tuple(cohort.rival.mechanism for cohort in virtual)
    taught = Taught(np.concatenate(parts), half, np.concatenate(mothers), names, tuple(of))
    return Read(taught, true, tuple(float(share) for share in np.isnan(taught.readings).mean(axis=0)))


def halves_of(cohort: Cohort) -> Labels:
    """
    Which half of its mechanism each mother has: the lower or the upper one of what its file draws first.

    Of values that are listed, the lower half is the first half of the list. A mechanism that draws nothing is one half,
    and so is one of which few mothers have the other: too few to learn from.

    Parameters
    ----------
    cohort
        Of one mechanism.
    """
    one = np.zeros(len(cohort.numbers), dtype=np.intp)
    first = next(iter(cohort.rival.draws), None)
    if first is None:
        return one
    draw, values = cohort.rival.draws[first], [drawn[first] for drawn in cohort.drawn]
    listed = len(draw.among)
    upper = draw.among[listed // 2 :] if listed else [value for value in values if float(value) >= float(draw.at(0.5))]
    half = np.array([int(value in upper) for value in values], dtype=np.intp)
    return half if FEWEST_OF_HALF <= half.sum() <= len(half) - FEWEST_OF_HALF else one


def _streams(cohort: Cohort, seed: int, row: int) -> Streams:
    return Streams(seed, cohort.numbers[row])


def answer_of(probabilities: Array, distances: Array) -> str:
    """
    What is said of a record.

    Parameters
    ----------
    probabilities
        Of each mechanism.
    distances
        From the virtual mothers of each; above 1 is outside.
    """
    if distances.min() > 1.0:
        return NONE_OF_THESE
    first, second = np.sort(probabilities)[::-1][:2]
    return CANNOT_TELL if first < CANNOT_SAY * second else MECHANISM


def found(
    her: Her, observations: Sequence[Observation], virtual: Sequence[Cohort], prior: Sequence[float], seed: int
) -> Found:
    """
    What her observations say, as tables.

    Parameters
    ----------
    her
        Her record as a scenario.
    observations
        Hers.
    virtual
        Virtual mothers of each mechanism.
    prior
        Of each mechanism.
    seed
        Of the errors of instruments.
    """
    from sklearn import config_context
    from threadpoolctl import threadpool_limits

    # Small matrices: threads would wait for each other, and checks of what is finite take as long as what is learned.
    checked = config_context(assume_finite=True, skip_parameter_validation=True)
    with checked, threadpool_limits(limits=1, user_api="blas"):
        return _found(her, observations, virtual, prior, seed)


def _found(
    her: Her, observations: Sequence[Observation], virtual: Sequence[Cohort], prior: Sequence[float], seed: int
) -> Found:
    observations, unused = seen_in(her, virtual, observations)
    readings = Readings(observations, her.record.birth.weight_kg)
    hers, read = readings.hers(), read_all(virtual, readings, seed)
    model = Model(read.taught, prior)
    probabilities, distances = model.probabilities(hers)[0], model.distances(hers)[0]
    order = np.argsort(-probabilities, kind="stable")
    leaders = (int(order[0]), int(order[1]))
    names = read.taught.names
    low, high = model.interval(hers, seed)
    confusion, log_odds = model.confusion(), contributions(read.taught, hers, prior, leaders, model)
    columns = {
        "probability": probabilities,
        "low": low,
        "high": high,
        "prior": np.array(prior),
        "distance": distances,
        "right": confusion.diagonal(),
    }
    tables = {
        "diagnoses": _diagnoses(virtual, columns).iloc[order].reset_index(drop=True),
        "observations": _observed(observations, log_odds, read, leaders[0]),
        "confusion": _confusion(names, confusion),
        "next": _next(her, Outlook(read.taught, prior, _more(her, virtual, seed), model).falls(hers)),
        "courses": _courses(virtual),
    }
    return Found(answer_of(probabilities, distances), (names[leaders[0]], names[leaders[1]]), tables, unused)


def seen_in(
    her: Her, virtual: Sequence[Cohort], observations: Sequence[Observation]
) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """
    Observations that enough virtual mothers have; and a line for each of the others.

    Parameters
    ----------
    her
        Her record as a scenario.
    virtual
        Virtual mothers of each mechanism.
    observations
        Hers.

    Raises
    ------
    ConfigError
        If there are none of them.
    """
    readings = Readings(observations, her.record.birth.weight_kg)
    gone = np.isnan(np.concatenate([readings.true(cohort) for cohort in virtual])).mean(axis=0)
    used = tuple(each for each, share in zip(observations, gone, strict=True) if share <= MOST_GONE)
    unused = tuple(
        f"{each.name}: {share:.0%} of virtual mothers have no milk, feed or infant to observe near that time"
        for each, share in zip(observations, gone, strict=True)
        if share > MOST_GONE
    )
    if not used:
        raise ConfigError(Problem("none of its observations can be made of virtual mothers", her.record.file))
    return used, unused


def _diagnoses(virtual: Sequence[Cohort], columns: Mapping[str, Array]) -> pd.DataFrame:
    import pandas as pd

    rivals = [cohort.rival for cohort in virtual]
    names = {"mechanism": [rival.mechanism for rival in rivals], "title": [rival.title for rival in rivals]}
    return pd.DataFrame({**names, **columns})


def _observed(observations: Sequence[Observation], log_odds: Sequence[float], read: Read, leader: int) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for column, each in enumerate(observations):
        own = read.true[leader][:, column]
        known = own[~np.isnan(own)]
        low, median, high = np.quantile(known, _BAND) if len(known) else (np.nan,) * 3
        rows.append(
            {
                "observation": each.name,
                "kind": each.kind,
                "breast": each.breast,
                "time_min": each.time_min,
                "value": each.value,
                "unit": KINDS[each.kind].unit or "h",
                "limit": "below" if each.below else ("above" if each.above else ""),
                "lines": ", ".join(map(str, each.lines)),
                "log_odds": log_odds[column],
                "gone": read.gone[column],
                "leader_low": low,
                "leader_median": median,
                "leader_high": high,
            }
        )
    return pd.DataFrame(rows)


def _confusion(names: Sequence[str], confusion: Array) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"truth": truth, "mechanism": name, "probability": float(confusion[row, column])}
        for row, truth in enumerate(names)
        for column, name in enumerate(names)
    ]
    return pd.DataFrame(rows)


def _choice(her: Her) -> tuple[Candidate, ...]:
    return candidates(her.next_min, [name for name, _ in entries_of(her.scenario.config.analytes)])


def _more(her: Her, virtual: Sequence[Cohort], seed: int) -> list[Array]:
    """Readings of what could be measured next, of each candidate."""
    choice = _choice(her)
    readings = Readings([one for each in choice for one in each.observations], her.record.birth.weight_kg)
    whole = read_all(virtual, readings, seed).taught.readings
    ends = np.cumsum([len(each.observations) for each in choice])
    return np.split(whole, ends[:-1], axis=1)


def _next(her: Her, falls: Sequence[float]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"measurement": each.name, "effort": each.effort, "fall_nats": fall, "helps": fall >= HELPS_NATS}
        for each, fall in zip(_choice(her), falls, strict=True)
    ]
    table = pd.DataFrame(rows).sort_values("fall_nats", ascending=False, kind="stable").reset_index(drop=True)
    # An estimate over a few values errs to both sides of nothing, and nothing can be expected to raise an entropy.
    return table.assign(fall_nats=table["fall_nats"].clip(lower=0.0))


def _courses(virtual: Sequence[Cohort]) -> pd.DataFrame:
    """Bands of weight at the end of each day and milk taken on it, by mechanism."""
    import pandas as pd

    parts = []
    for cohort in virtual:
        infants, sessions = cohort.tables["infants"], cohort.tables["sessions"]
        weights = infants[(infants["infant"] == 0) & (infants["time_min"] % DAY_MIN == 0.0)]
        # Of a pumping, `intake_ml` is what went into the bottle; of twins, weights are those of the first as well.
        drunk = sessions[sessions["kind"].isin(_DRUNK) & (sessions["infant"] == 0)]
        days = drunk.assign(day=drunk["start_min"] // DAY_MIN + 1.0).groupby(["mother", "day"])
        for what, values in (
            ("weight_kg", weights.assign(day=weights["time_min"] / DAY_MIN, value=weights["weight_kg"])),
            ("intake_ml_per_day", days["intake_ml"].sum().rename("value").reset_index()),
        ):
            by_day = values.groupby("day")["value"]
            low, median, high = (by_day.quantile(share) for share in _BAND)
            band = pd.DataFrame({"low": low, "median": median, "high": high}).reset_index()
            parts.append(band.assign(mechanism=cohort.rival.mechanism, what=what, day=band["day"].astype(int)))
    return pd.concat(parts, ignore_index=True)[["mechanism", "what", "day", "low", "median", "high"]]
