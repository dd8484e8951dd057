"""
Both at once? The two leading mechanisms together, as one more rival beside all others.

It has a table of its own. Criteria by which the method was judged are about single mechanisms, and what is said of
those does not change with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from lactflow.diagnosis.finding import CANNOT_TELL, read_all, seen_in
from lactflow.diagnosis.observing import Readings
from lactflow.diagnosis.pair import AND
from lactflow.diagnosis.probabilities import CANNOT_SAY, Model
from lactflow.kinetics import plain_sum

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.diagnosis.her import Her
    from lactflow.diagnosis.observing import Observation
    from lactflow.diagnosis.virtual import Cohort

AS_BY_CHANCE: Final = 1.0
"""Times that two mechanisms are in one mother as often as if each came without regard to the other. Ours."""
BOTH, ONE = "both", "one"
COLUMNS: Final = ("mechanism", "title", "probability", "low", "high", "prior", "distance", "right", "of_both")


class Together(NamedTuple):
    """
    What is said of two mechanisms at once.

    Attributes
    ----------
    about
        As the manifest has it: `mechanism`, `of`, `title`, `answer` and `within`, or else `why_not`; None where it was
        not asked for.
    table
        As `Diagnosis.pairs` has it; without rows where nothing was simulated.
    """

    about: Mapping[str, Any] | None
    table: pd.DataFrame


def not_together(why: str | None) -> Together:
    """
    No two mechanisms at once.

    Parameters
    ----------
    why
        The reason, in words; None where it was not asked for.
    """
    import pandas as pd

    words = ("mechanism", "title")
    columns = {name: pd.Series(dtype=object if name in words else float) for name in COLUMNS}
    return Together(None if why is None else {"why_not": why}, pd.DataFrame(columns))


def prior_with_both(prior: Sequence[float], two: tuple[int, int], times: float = AS_BY_CHANCE) -> list[float]:
    """
    How probable each mechanism is before the record, and behind them both of two at once; they add up to 1.

    Equation
    --------
    both = times * prior[first] * prior[second], before all are divided by their sum

    Parameters
    ----------
    prior
        Of each mechanism; they add up to 1.
    two
        Numbers of the two.
    times
        As often as that two come together as if each came without regard to the other.

    References
    ----------
    The form is ours: how often two of these mechanisms meet in one mother is not known.
    """
    weights = [*prior, times * prior[two[0]] * prior[two[1]]]
    return [weight / plain_sum(weights) for weight in weights]


def found_together(
    her: Her,
    observations: Sequence[Observation],
    everyone: Sequence[Cohort],
    prior: Sequence[float],
    seed: int,
) -> Together:
    """
    What her observations say of two mechanisms at once, beside each alone and all others.

    Parameters
    ----------
    her
        Her record as a scenario.
    observations
        Hers.
    everyone
        Virtual mothers of each mechanism and, behind them, those with two at once.
    prior
        Of each mechanism and, behind them, of both at once.
    seed
        Of the errors of instruments.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):  # as for single mechanisms
        used, _ = seen_in(her, everyone[:-1], observations)
        readings = Readings(used, her.record.birth.weight_kg)
        hers, taught = readings.hers(), read_all(everyone, readings, seed).taught
        model = Model(taught, prior)
        confusion = model.confusion()
        low, high = model.interval(hers, seed)
        numbers = {
            "probability": model.probabilities(hers)[0],
            "low": low,
            "high": high,
            "prior": np.array(prior),
            "distance": model.distances(hers)[0],
            "right": confusion.diagonal(),
            "of_both": confusion[-1],
        }
    return Together(_about(everyone, numbers), _table(everyone, numbers))


def _table(everyone: Sequence[Cohort], numbers: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    rivals = [cohort.rival for cohort in everyone]
    names = {"mechanism": [each.mechanism for each in rivals], "title": [each.title for each in rivals]}
    table = pd.DataFrame({**names, **numbers})[list(COLUMNS)]
    return table.sort_values("probability", ascending=False, kind="stable").reset_index(drop=True)


def _about(everyone: Sequence[Cohort], numbers: Mapping[str, Any]) -> dict[str, Any]:
    *singles, pair = (cohort.rival for cohort in everyone)
    of = pair.mechanism.split(AND)
    alone = [number for number, each in enumerate(singles) if each.mechanism in of]
    probabilities, distances = numbers["probability"], numbers["distance"]
    return {
        "mechanism": pair.mechanism,
        "title": pair.title,
        "of": of,
        "answer": answer_of_both(float(probabilities[-1]), float(probabilities[alone].max())),
        "within": bool(distances[-1] <= 1.0 < distances[:-1].min()),
    }


def answer_of_both(together: float, alone: float) -> str:
    """
    Whether two at once can be kept apart from one alone: `BOTH`, `ONE` or `CANNOT_TELL`.

    Parameters
    ----------
    together
        Probability of both at once.
    alone
        That of the more probable one alone.
    """
    if together >= CANNOT_SAY * alone:
        return BOTH
    return ONE if alone >= CANNOT_SAY * together else CANNOT_TELL


def side_by_side(pairs: pd.DataFrame, pair: Mapping[str, Any]) -> pd.DataFrame:
    """
    Both at once, each of the two alone, and all others taken together: what people read of the table.

    Parameters
    ----------
    pairs
        Of a diagnosis.
    pair
        What its manifest has about them.

    Returns
    -------
    `title`, `probability`, `low`, `high`, `of_both`; of all others there is no interval.
    """
    import pandas as pd

    rows = pairs.set_index("mechanism")
    names = [pair["mechanism"], *pair["of"]]
    columns = ["title", "probability", "low", "high", "of_both"]
    shown = rows.loc[names, columns].reset_index(drop=True)
    shown.loc[1:, "title"] += " alone"
    others = rows.drop(index=names)[["probability", "of_both"]]
    if others.empty:
        return shown
    rest = {"title": "any other", **{name: plain_sum(others[name]) for name in others}, "low": np.nan, "high": np.nan}
    return pd.concat([shown, pd.DataFrame([rest])[columns]], ignore_index=True)
