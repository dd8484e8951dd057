"""What the trials of a calibration say: values and intervals of the quantities, targets, what is not decided."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.analysis.calibration.axes import Axis, values_at
from lactflow.analysis.calibration.directions import Direction, Pair, directions_of, flat, pairs_of
from lactflow.analysis.calibration.profiles import Interval, Profile, interval_of, profiles_of, smallest
from lactflow.calibration.search import Plan, one_thread, surface_of
from lactflow.calibration.targets import Target
from lactflow.config.text import counted
from lactflow.recording.trials import Trial

if TYPE_CHECKING:
    import pandas as pd

DECIDED, AT_LEAST, AT_MOST, NOT_DECIDED = "decided", "at least", "at most", "not decided"
"""What targets show about a quantity: both ends of its range are excluded, the lower one, the upper one, none."""
_NOWHERE = np.zeros(0)
_AT_END = 0.01
"""Of a range: a value so near to its end is at it."""
_NOISY = 0.5
"""Standard error of the model, in SDs of a target, from which on more replicates are needed."""


class Findings(NamedTuple):
    """
    What the trials say, as tables and lines.

    Attributes
    ----------
    values
        What was found for each quantity, by key: those of the trial with the smallest loss.
    loss
        The smallest loss.
    tables
        `trials`, `targets`, `quantities`, and where there are enough trials `profiles`, `directions`, `pairs`.
    words
        What the targets cannot distinguish, one line each.
    notes
        What is unusual, one line each.
    """

    values: dict[str, float]
    loss: float
    tables: dict[str, pd.DataFrame]
    words: list[str]
    notes: list[str]


def findings_of(plan: Plan, targets: Sequence[Target], trials: Sequence[Trial]) -> Findings:
    """
    Look at all trials.

    Parameters
    ----------
    plan
        What was looked for.
    targets
        Those that were fitted to first.
    trials
        All of them, one at least not failed.
    """
    with one_thread():
        return _findings(plan, targets, trials)


def _findings(plan: Plan, targets: Sequence[Target], trials: Sequence[Trial]) -> Findings:
    """As `findings_of`."""
    good = [trial for trial in trials if not trial.failed]
    best = min(good, key=lambda trial: (plan.loss(trial), trial.point.number))
    tables = {"trials": _trials(plan, targets, trials), "targets": _targets(targets, best)}
    values, loss = values_at(plan.axes, best.point.shares), plan.loss(best)
    notes = _notes(plan, targets, trials, best)
    surface = surface_of(plan, trials)
    if surface is None:
        notes.append("too few trials have not failed for intervals: nothing is called decided")
        unknown = [Interval(0.0, 1.0, open_low=True, open_high=True, at_low=_NOWHERE, at_high=_NOWHERE)] * len(values)
        tables["quantities"] = _quantities(plan.axes, values, unknown, [NOT_DECIDED] * len(values))
        return Findings(values, loss, tables, [], notes)
    profiles = profiles_of(surface, seed=plan.seed)
    point, least = smallest(profiles)
    intervals = [interval_of(profile, least, share) for profile, share in zip(profiles, best.point.shares, strict=True)]
    verdicts = [_verdict(interval) for interval in intervals]
    slopes = surface.slopes(point)
    directions = directions_of(slopes)
    pairs = pairs_of(surface, plan.axes, point, [verdict == DECIDED for verdict in verdicts])
    tables |= {
        "quantities": _quantities(plan.axes, values, intervals, verdicts),
        "profiles": _profiles(plan.axes, profiles, least),
        "directions": _directions(plan.axes, directions),
        "pairs": _pairs(plan.axes, pairs),
    }
    words = _in_words(plan.axes, pairs, directions, verdicts, flat(slopes))
    return Findings(values, loss, tables, words, [*notes, *_ends(plan.axes, best, verdicts)])


def _verdict(interval: Interval) -> str:
    return {
        (False, False): DECIDED,
        (False, True): AT_LEAST,
        (True, False): AT_MOST,
        (True, True): NOT_DECIDED,
    }[interval.open_low, interval.open_high]


def _trials(plan: Plan, targets: Sequence[Target], trials: Sequence[Trial]) -> pd.DataFrame:
    """A row for each trial: `trial`, `stage`, `status`, `reason`, `loss`, the quantities, the targets."""
    import pandas as pd

    rows = []
    for trial in trials:
        loss = nan if trial.failed else plan.loss(trial)
        models = trial.models or (nan,) * len(targets)
        rows.append(
            {
                "trial": trial.point.number,
                "stage": trial.point.stage,
                "status": "failed" if trial.failed else "complete",
                "reason": trial.reason,
                "loss": loss,
                **values_at(plan.axes, trial.point.shares),
                **{target.id: model for target, model in zip(targets, models, strict=True)},
            }
        )
    return pd.DataFrame(rows)


def _targets(targets: Sequence[Target], best: Trial) -> pd.DataFrame:
    """A row for each target, with what the best trial gives for it."""
    import pandas as pd

    rows = [
        {
            "id": target.id,
            "observable": target.observable,
            "value": target.value,
            "sd": target.sd,
            "weight": target.weight,
            "use": "fitted" if target.fitted else "held out",
            "model": model,
            "model_error": error,
            "z": (model - target.value) / target.sd,
            "source": target.source,
        }
        for target, model, error in zip(targets, best.models, best.errors, strict=True)
    ]
    return pd.DataFrame(rows)


def _quantities(
    axes: Sequence[Axis], values: dict[str, float], intervals: Sequence[Interval], verdicts: Sequence[str]
) -> pd.DataFrame:
    """A row for each quantity: what was found, its 95 % interval, its range."""
    import pandas as pd

    rows = [
        {
            "key": axis.key,
            "unit": axis.unit,
            "start": axis.start,
            "value": values[axis.key],
            "low": axis.value(interval.low),
            "high": axis.value(interval.high),
            "range_low": axis.low,
            "range_high": axis.high,
            "logarithmic": axis.logarithmic,
            "verdict": verdict,
        }
        for axis, interval, verdict in zip(axes, intervals, verdicts, strict=True)
    ]
    return pd.DataFrame(rows)


def _profiles(axes: Sequence[Axis], profiles: Sequence[Profile], least: float) -> pd.DataFrame:
    """A row for each value of each quantity: the smallest loss that it allows, and where the others then are."""
    import pandas as pd

    rows = [
        {
            "key": axis.key,
            "value": axis.value(float(share)),
            "loss": float(loss),
            "above_least": float(loss - least),
            **{f"at {other}": value for other, value in values_at(axes, [float(each) for each in point]).items()},
        }
        for axis, profile in zip(axes, profiles, strict=True)
        for share, loss, point in zip(*profile, strict=True)
    ]
    return pd.DataFrame(rows)


def _directions(axes: Sequence[Axis], directions: Sequence[Direction]) -> pd.DataFrame:
    """A row for each quantity in each direction."""
    import pandas as pd

    rows = [
        {
            "direction": number,
            "eigenvalue": each.eigenvalue,
            "ratio": each.ratio,
            "half_width": each.half_width,
            "decided": each.decided,
            "key": axis.key,
            "part": float(part),
        }
        for number, each in enumerate(directions)
        for axis, part in zip(axes, each.parts, strict=True)
    ]
    return pd.DataFrame(rows)


def _pairs(axes: Sequence[Axis], pairs: Sequence[Pair]) -> pd.DataFrame:
    """A row for each two quantities that the targets cannot distinguish."""
    import pandas as pd

    columns = ["first", "second", "inflation", "relation", "factor", "holds"]
    rows = [each._replace(first=axes[each.first].key, second=axes[each.second].key) for each in pairs]  # type: ignore[arg-type]
    return pd.DataFrame([each._asdict() for each in rows], columns=columns)


def _in_words(
    axes: Sequence[Axis],
    pairs: Sequence[Pair],
    directions: Sequence[Direction],
    verdicts: Sequence[str],
    alone: Sequence[bool],
) -> list[str]:
    """What the targets cannot distinguish, and what they show nothing about."""
    lines = [
        f"{axes[pair.first].key} and {axes[pair.second].key} together: the targets hold {pair.holds}, not each"
        for pair in pairs
    ]
    named = {number for pair in pairs for number in (pair.first, pair.second)}
    lines += [
        f"{axis.key}: no target changes with it enough to show anything about it"
        for axis, verdict, is_flat in zip(axes, verdicts, alone, strict=True)
        if is_flat and verdict != DECIDED
    ]
    loose = [each for each in directions if not each.decided]
    for each in loose:
        parts = [number for number in np.argsort(-np.abs(each.parts)) if abs(each.parts[number]) > 0.3]
        if len(parts) > 2 and not {*parts} <= named:
            lines.append(f"{', '.join(axes[number].key for number in parts)} together are not decided, nor is each")
    if loose and len(directions) > 1:
        smallest_one = min(each.ratio for each in directions)
        ratio = "beyond what can be computed" if smallest_one <= 1e-12 else f"{1.0 / smallest_one:,.3g} to 1"
        many = counted(len(loose), "direction")
        lines.append(f"{many} of {len(directions)} not decided; largest to smallest eigenvalue {ratio}")
    return lines


def _notes(plan: Plan, targets: Sequence[Target], trials: Sequence[Trial], best: Trial) -> list[str]:
    """What is unusual about the trials and the fit."""
    notes = []
    failed = [trial for trial in trials if trial.failed]
    if failed:
        reasons = list(dict.fromkeys(trial.reason for trial in failed))
        more = f", and {counted(len(reasons) - 1, 'other reason')}" if len(reasons) > 1 else ""
        notes.append(f"{len(failed)} of {counted(len(trials), 'trial')} failed: {reasons[0]}{more}")
    fitted = len(plan.goals.values)
    freedom = fitted - len(plan.axes)
    if freedom < 0:
        notes.append(
            f"{counted(fitted, 'target')} for {counted(len(plan.axes), 'quantity', 'quantities')}: too few for all"
        )
    if plan.loss(best) > _chi_squared_95(max(freedom, 1)):
        notes.append(
            f"the targets are not met: a loss of {plan.loss(best):.3g}, where {max(freedom, 1)} or so is expected; "
            "intervals are those of a model that can meet them, and too narrow here"
        )
    noisy = [
        target.id
        for target, error in zip(targets, best.errors, strict=True)
        if target.fitted and error > _NOISY * target.sd
    ]
    if noisy:
        notes.append(
            f"chance moves {', '.join(noisy)} by more than half of the SD: more replicates or mothers are needed"
        )
    return notes


def _chi_squared_95(freedom: int) -> float:
    """95 % quantile of chi-squared, by Wilson and Hilferty 1931 (Proc Natl Acad Sci 17:684)."""
    part = 2.0 / (9.0 * freedom)
    return float(freedom * (1.0 - part + 1.6449 * part**0.5) ** 3)


def _ends(axes: Sequence[Axis], best: Trial, verdicts: Sequence[str]) -> list[str]:
    """Quantities that lie at an end of their range, though they are not free: the targets call for more."""
    notes = []
    for axis, share, verdict in zip(axes, best.point.shares, verdicts, strict=True):
        distance = min(share, 1.0 - share, inf)
        if distance <= _AT_END and verdict in (AT_LEAST, AT_MOST):
            end = axis.low if share < 0.5 else axis.high
            notes.append(
                f"{axis.key} lies at the end of its range, {end:.4g}: a wider range may meet the targets better"
            )
    return notes
