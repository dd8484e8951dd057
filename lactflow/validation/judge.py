"""Claims and targets held against what the model does: one result for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import isfinite, isnan
from pathlib import Path

from lactflow.errors import ConfigError
from lactflow.experiments.in_memory import OnRetried
from lactflow.experiments.work import ShowProgress, part_of
from lactflow.validation import (
    claims_clinic,
    claims_control,
    claims_day,
    claims_dosing,
    claims_identities,
    claims_immune,
    claims_infant_drugs,
    claims_infants,
    claims_involution,
    claims_mothers,
    claims_onset,
    claims_passage,
    claims_pregnancies,
    claims_preterm,
    claims_supply,
)
from lactflow.validation.claim import Adversary, Claim, Finding, Runs
from lactflow.validation.claims_records import RECORD_CLAIMS, RecordClaim
from lactflow.validation.drug_observables import DRUG_OBSERVABLES, DRUG_RUNS
from lactflow.validation.drug_papers import PAPER_OBSERVABLES, PAPER_RUNS
from lactflow.validation.gaps import KNOWN_GAPS, NOT_JUDGED
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.readings import Observable
from lactflow.validation.recognised import Clinic
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import Config, Simulated, key_of, simulated_all
from lactflow.validation.spreads import MEASURES, TABLES, spread_of, women
from lactflow.validation.targets import About, Target, load_targets
from lactflow.validation.tested import citing_keys, known_rows

_CLAIMS = (
    claims_onset, claims_control, claims_involution, claims_infants, claims_supply, claims_mothers, claims_preterm,
    claims_pregnancies, claims_clinic,
    claims_day, claims_immune, claims_identities, claims_passage, claims_dosing, claims_infant_drugs,
)  # fmt: skip
CLAIMS: tuple[Claim, ...] = tuple(
    sorted((claim for module in _CLAIMS for claim in module.CLAIMS), key=lambda each: each.id)
)
ON_REQUEST: tuple[RecordClaim, ...] = RECORD_CLAIMS
"""Claims that are judged where they are named, and not with all others: they take ten minutes of CPU time."""
ALL_RUNS: Mapping[str, Config] = {**RUNS, **DRUG_RUNS, **PAPER_RUNS}
"""Every run that a target is read from."""
ALL_OBSERVABLES: Mapping[str, Observable] = {**OBSERVABLES, **DRUG_OBSERVABLES, **PAPER_OBSERVABLES}
"""Every target that the model has an observable for, drugs and proteins in milk among them, by its id."""
SPREAD = "-spread"
"""Ending of the id of a spread, after that of its target."""

_EDGE = 1e-6
"""Relative width by which a value at the very edge of its band is inside."""


@dataclass(frozen=True)
class Observed:
    """
    One number that a claim is judged by, with its mechanism or without.

    Attributes
    ----------
    without
        What an adversary has removed; None with everything there.
    what
        What it is, its unit in brackets; empty where there was nothing to judge.
    value
        As found, inf for what never came; None where there is none.
    low, high
        Ends of what is required; None where it is open.
    """

    without: str | None
    what: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Result:
    """
    One claim, target or spread between women, judged.

    Attributes
    ----------
    id
        C01 and on, the group of the target, or that with `-spread`.
    kind
        `claim`, `target` or `spread`.
    use
        `calibration` or `check`; None for a claim.
    title
        What is claimed, or what was measured in whom.
    required, found
        In words and numbers.
    verdict
        `met`, `not met` or `not judged`.
    reason
        What the adversary of a claim found; why a target is not judged.
    known_gap
        The mechanism at fault, where a miss is known; also for one that has closed.
    source
        Of a target.
    parameters_cite
        Whether a parameter rests on the same paper, so that the target is not independent of it.
    value, low, high
        What was found, and the ends of its band, as numbers; None where there are none.
    tests
        What a target tests: `gland`, `input` or `fitted` (`lactflow.validation.tested`); None where nobody knows.
    n, statistic
        Size of the sample behind a target, and what its band is made of: `sd`, `spread_as_printed`, `sem` or `range`;
        None where the source does not say, and for claims.
    observed
        The numbers of a claim: as found, then under each adversary. Empty for targets and spreads.
    about
        What a target is about: `secretion` or `exposure` (`lactflow.validation.targets`); None for claims.
    """

    id: str
    kind: str
    use: str | None
    title: str
    required: str
    found: str
    verdict: str
    reason: str | None
    known_gap: str | None
    source: str | None
    parameters_cite: bool = False
    value: float | None = None
    low: float | None = None
    high: float | None = None
    tests: str | None = None
    n: int | None = None
    statistic: str | None = None
    observed: tuple[Observed, ...] = ()
    about: About | None = None

    @property
    def expected(self) -> bool:
        """Whether the verdict is what the list of known gaps says."""
        return self.verdict == "not judged" or (self.verdict == "met") == (self.known_gap is None)


def known_ids() -> list[str]:
    """Everything that can be asked for: claims, targets, spreads."""
    targets = [target.id for target in load_targets()]
    claims = sorted([*(claim.id for claim in CLAIMS), *(claim.id for claim in ON_REQUEST)])
    return [*claims, *targets, *(name + SPREAD for name in MEASURES)]


def judgeable_ids() -> list[str]:
    """Everything that a validation of all of it judges: claims, targets that the model has a number for, spreads."""
    targets = [each.id for each in load_targets() if each.id in ALL_OBSERVABLES and each.low is not None]
    return [*(claim.id for claim in CLAIMS), *targets, *(name + SPREAD for name in MEASURES)]


def judge(
    ids: Collection[str] = (),
    workers: int = 1,
    progress: ShowProgress | None = None,
    on_retried: OnRetried | None = None,
    cache: Path | None = None,
) -> list[Result]:
    """
    Play what is needed, and judge.

    Parameters
    ----------
    ids
        Of claims and targets; empty for all but those that are judged on request.
    workers
        Processes.
    progress, on_retried
        As `simulated_all` takes them.
    cache
        Folder of the virtual mothers by which claims on request are judged; None for none.

    Returns
    -------
    One result for each: claims, targets, spreads.

    Raises
    ------
    ConfigError
        If a claim on request is named, and scikit-learn is not installed.
    """
    claims = [claim for claim in CLAIMS if not ids or claim.id in ids]
    targets = [target for target in load_targets() if not ids or target.id in ids]
    configs: list[Config] = [config for claim in claims for config in claim.runs.values()]
    configs += [
        config for claim in claims for adversary in claim.adversaries for config in claim.under(adversary).values()
    ]
    if any(target.id in ALL_OBSERVABLES for target in targets):
        configs += ALL_RUNS.values()
    spreads = [target for target in load_targets() if target.id in MEASURES and (not ids or target.id + SPREAD in ids)]
    cohort = women() if spreads else {}
    many = [*cohort.values(), *(config for claim in claims for config in claim.women.values())]
    configs += many
    few = {key_of(config): TABLES for config in many}
    asked = [claim for claim in ON_REQUEST if claim.id in ids]
    end = 0.5 if asked else 1.0
    played = simulated_all(configs, workers, part_of(progress, 0.0, end), on_retried, tables=few) if configs else {}
    results = [_judge_claim(claim, played) for claim in claims]
    results += _judge_on_request(asked, workers, cache, part_of(progress, end if configs else 0.0, 1.0))
    runs = {name: played[key] for name, config in ALL_RUNS.items() if (key := key_of(config)) in played}
    results += [_judge_target(target, runs) for target in targets]
    measured = {name: played[key_of(config)] for name, config in cohort.items()}
    return results + [_judge_spread(target, measured) for target in spreads]


def _judge_claim(claim: Claim, played: dict[str, Simulated]) -> Result:
    """A claim is met when it holds, and fails under each of its adversaries."""
    many = {name: played[key_of(config)] for name, config in claim.women.items()}
    finding = claim.judge({**many, **{name: played[key_of(config)] for name, config in claim.runs.items()}})
    without = []
    for adversary in claim.adversaries:
        runs = {name: played[key_of(config)] for name, config in claim.under(adversary).items()}
        without.append((adversary, _adverse(adversary.judge or claim.judge, {**many, **runs})))
    return _result_of(claim, finding, without, f"no adversary: {claim.without}")


def _judge_on_request(
    claims: Sequence[RecordClaim], workers: int, cache: Path | None, progress: ShowProgress | None
) -> list[Result]:
    """Claims about the method of a diagnosis, by the same virtual mothers."""
    if not claims:
        return []
    if find_spec("sklearn") is None:
        raise ConfigError(f"{claims[0].id} needs scikit-learn: pip install 'lactflow[calibrate]'")
    from threadpoolctl import threadpool_limits

    kinds = {kind for claim in claims for kind in claim.kinds}
    with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads would wait for each other
        clinic = Clinic(workers, cache, progress, sorted(kinds))
        return [_result_of(claim, claim.judge(clinic), [(claim.adversary, claim.adverse(clinic))]) for claim in claims]


def _result_of(
    claim: Claim | RecordClaim, finding: Finding, without: Sequence[tuple[Adversary, Finding]], reason: str = ""
) -> Result:
    """The result of a claim: what was found, and what without each of what its adversaries remove."""
    met, reasons, observed = finding.holds, [], _observed(None, finding)
    for adversary, adverse in without:
        failed = adversary.failed(adverse)
        observed += _observed(adversary.without, adverse)
        met = met and failed
        what = " (still holds)" if not adversary.fails else f" (of parts {adversary.fails}, some still hold)"
        reasons.append(f"without {adversary.without}: {adverse.found}{'' if failed else what}")
    return Result(
        id=claim.id,
        kind="claim",
        use=None,
        title=claim.text,
        required=claim.required,
        found=finding.found,
        verdict="met" if met else "not met",
        reason="; ".join(reasons) or reason,
        known_gap=KNOWN_GAPS.get(claim.id),
        source=None,
        observed=tuple(observed),
    )


def _observed(without: str | None, finding: Finding) -> list[Observed]:
    """The numbers of a finding; one without any where there was nothing to judge."""
    if not finding.seen:
        return [Observed(without, "", None, None, None)]
    return [
        Observed(without, each.what, None if isnan(each.value) else each.value, each.low, each.high)
        for each in finding.seen
    ]


def _adverse(judge: Callable[[Runs], Finding], runs: Runs) -> Finding:
    """What a judge finds where the mechanism is missing; nothing to find is a failure too."""
    try:
        return judge(runs)
    except (ArithmeticError, IndexError, KeyError, ValueError) as error:
        return Finding(f"nothing to judge ({type(error).__name__})", holds=False)


def _judge_target(target: Target, runs: Runs) -> Result:
    """A target is met when the model's value lies in its band."""
    found, verdict, reason, value = "", "not judged", NOT_JUDGED.get(target.id), None
    if target.id in ALL_OBSERVABLES and target.low is not None and target.high is not None:
        value = ALL_OBSERVABLES[target.id](runs)
        found = f"{value:.4g} {target.unit}"
        edge = _EDGE * max(abs(target.low), abs(target.high))
        inside = isfinite(value) and target.low - edge <= value <= target.high + edge
        verdict, reason = "met" if inside else "not met", None
    return Result(
        id=target.id,
        kind="target",
        use=target.use,
        title=f"{target.quantity}; {target.condition}",
        required=target.required,
        found=found,
        verdict=verdict,
        reason=reason,
        known_gap=KNOWN_GAPS.get(target.id),
        source=target.source,
        parameters_cite=bool(citing_keys(target.source)),
        value=value if value is not None and isfinite(value) else None,
        low=target.low,
        high=target.high,
        tests=known_rows()[target.id].tests if target.id in known_rows() else None,
        n=target.n,
        statistic=target.spread,
        about=target.about,
    )


def _judge_spread(target: Target, cohort: Runs) -> Result:
    """A spread is met when women differ by as much as was printed, within a factor."""
    spread = spread_of(target, cohort)
    return Result(
        id=target.id + SPREAD,
        kind="spread",
        use=target.use,
        title=f"spread between women: {target.quantity}; {target.condition}",
        required=f"{spread.required} {target.unit}",
        found=f"{spread.found} {target.unit}",
        verdict="met" if spread.met else "not met",
        reason=spread.doubt,
        known_gap=KNOWN_GAPS.get(target.id + SPREAD),
        source=target.source,
        parameters_cite=bool(citing_keys(target.source)),
        value=spread.sd,
        low=spread.low,
        high=spread.high,
        n=MEASURES[target.id][1] or target.n,
        statistic=target.spread,
        about=target.about,
    )


def share_met(
    results: Sequence[Result], use: str | None = None, tests: str | None = None, about: str | None = None
) -> tuple[int, int]:
    """Judged targets that are met, and how many are: of one use, that test one thing, about one; None for any."""
    of_use = [
        result
        for result in results
        if result.kind == "target"
        and use in (None, result.use)
        and tests in (None, result.tests)
        and about in (None, result.about)
    ]
    judged = [result for result in of_use if result.verdict != "not judged"]
    return sum(result.verdict == "met" for result in judged), len(judged)
