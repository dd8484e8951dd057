"""The generated part of `docs/guides/sensitivity.md`: the quantities that decide most, by `benchmarks/deciding.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RESULT = BENCHMARKS / "results" / "deciding.json"


def deciding_part():
    """The table, how it was made, and how much of each measure is chance."""
    if str(BENCHMARKS) not in sys.path:
        sys.path.append(str(BENCHMARKS))
    from deciding import MEASURES, deciding, markdown

    result = json.loads(RESULT.read_text(encoding="utf-8"))
    ranking = pd.DataFrame(**result["ranking"])
    about = (
        f"{result['keys']} quantities, {result['units']:,} units of work, {result['cpu_s'] / 3600:.1f} CPU hours, at "
        f"commit {result['commit']}, {result['date']}, model {result['model']}."
    )
    shares = [
        f"{MEASURES[each['measure']].partition(' [')[0]} {100 * each['share']:.2g} %" for each in result["chance"]
    ]
    chance = f"Chance takes of the variance between points: {'; '.join(shares)}."
    notes = [f"{note[0].upper()}{note[1:]}." for note in result["notes"]]
    measures = [name for name in MEASURES if name in set(ranking["measure"])]
    return "\n".join(["", about, chance, *notes, "", markdown(deciding(ranking), measures), "", ""])
