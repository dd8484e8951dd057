"""Last days of synthetic mothers, forecast from their first ones by virtual mothers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.forecasts import METHODS, score, simple_forecasts
from lactflow.analysis.volumes import Forecaster

MOTHERS, SYNTHETIC = 80, 20
HOURS = (1, 4.5, 8, 12.5, 16, 20.5)
KEYS = ["planned_min", "kind", "breast"]


@pytest.mark.slow
@pytest.mark.fast_build
def test_forecasts_are_no_worse_than_the_simple_ones(tmp_path):
    """In the mean over twenty synthetic mothers who pump for six days, of which the last two are held out."""
    start = pd.Timestamp("2001-05-05")
    times = [start + pd.Timedelta(days=day, hours=hour + 0.4 * (day % 3)) for day in range(6) for hour in HOURS]
    rows = [f"{time:%Y-%m-%d %H:%M},pump,15,15,,,\n" for time in times]
    header = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"
    (tmp_path / "log.csv").write_text(header + "".join(rows), encoding="utf-8")
    (tmp_path / "all.yaml").write_text(
        "format: 1\nstart_day: 40\ndays: 6\ninfants: []\ngland: {lobes_per_breast: 3}\nresolution: {packet_ml: 0.2}\n"
        f"mother: {{cohort: {MOTHERS + SYNTHETIC}}}\nrecord: {{visits: false, sample_min: 1440}}\n"
        "schedule: [{kind: log, file: log.csv}]\n",
        encoding="utf-8",
    )
    run = lactflow.run(tmp_path / "all.yaml", out=tmp_path)
    planned = run["sessions"][["mother", "session", "planned_min"]]
    removals = run["removals"].merge(planned, on=["mother", "session"]).astype({"kind": str, "breast": str})
    volumes = removals.pivot_table(index="mother", columns=KEYS, values="removed_ml")
    keys = volumes.columns.to_frame(index=False)
    held = (keys["planned_min"] >= (39 + 4) * 1440.0).to_numpy()
    forecaster = Forecaster(volumes.iloc[:MOTHERS], held, 3.0)
    scores = []
    for mother in range(MOTHERS, MOTHERS + SYNTHETIC):
        hers = keys.assign(recorded_ml=volumes.iloc[mother].round().to_numpy())
        simple = simple_forecasts(hers[~held], hers[held], removals[removals["mother"] == mother])
        ours = forecaster.of(volumes.iloc[mother].round()).set_index(simple.index)
        scores.append(score(hers[held].join(ours).join(simple)))
    mae_ml = {name: np.mean([each.mae_ml[name] for each in scores]) for name in METHODS}
    assert mae_ml["forecast"] <= mae_ml["yesterday"]
    assert mae_ml["forecast"] <= mae_ml["rate"]
    assert 0.88 <= np.mean([each.inside for each in scores]) <= 1.0
