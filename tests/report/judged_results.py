"""What a validation may find: a claim, targets and a spread."""

from __future__ import annotations

from dataclasses import replace

from lactflow.validation.judge import Observed, Result


def _result(**about):
    base = Result(
        id="T02-016",
        kind="target",
        use="check",
        title="milk per breastfeed",
        required="76 (63.4 to 88.6) g/feed",
        found="78.5 g/feed",
        verdict="met",
        reason=None,
        known_gap=None,
        source="Kent 2006",
        value=78.5,
        low=63.4,
        high=88.6,
    )
    return replace(base, **about)


NOTHING = {"value": None, "low": None, "high": None}
RESULTS = (
    _result(
        id="C05",
        kind="claim",
        use=None,
        title="Copious milk starts",
        required="48 to 72 h",
        found="59 h",
        **NOTHING,
        observed=(
            Observed(None, "onset of copious milk [h]", 59.0, 48.0, 72.0),
            Observed(None, "milk on day 5 [mL/day]", 500.0, 350.0, None),
            Observed("delivery of the placenta", "onset of copious milk [h]", None, 48.0, 72.0),
            Observed("delivery of the placenta", "milk on day 5 [mL/day]", 40.0, 350.0, None),
        ),
    ),
    _result(n=71, statistic="sd", tests="gland"),
    _result(
        id="T04-070",
        found="12.6 mL/24h",
        required="49.5 (20.1 to 78.9) mL/24h",
        verdict="not met",
        known_gap="prolactin is permissive",
        value=12.6,
        low=20.1,
        high=78.9,
    ),
    _result(id="T07-001", use="calibration", found="", verdict="not judged", reason="an input of the model", **NOTHING),
    _result(
        id="T02-016-spread",
        kind="spread",
        required="SD 12.6 (8.4 to 18.9) g",
        found="SD 14.4 (mean 70) g",
        value=14.4,
        low=8.4,
        high=18.9,
    ),
)
