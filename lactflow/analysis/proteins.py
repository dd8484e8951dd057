"""Days on which the declared parts of protein come to more than all protein of the milk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.gland.declared import OTHER_PROTEIN
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.tables import RunTables

_CONTENTS = "removal_contents"
_ROUND_OFF_G = 1e-9


def other_protein_by_day(run: RunTables) -> pd.DataFrame:
    """
    Protein that no declared part accounts for, a day.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    `mother`, `replicate`, `day` (of the start of a session), `removed_ml`, `other_protein_g`: below 0 where the parts
    are more than the total. Without rows for a run whose milk carries no part of protein.
    """
    import pandas as pd

    from lactflow.analysis.days import DAILY, UNIT

    columns = [*DAILY, "removed_ml", "other_protein_g"]
    if _CONTENTS not in run.tables:
        return pd.DataFrame(columns=columns)
    contents = run.read(_CONTENTS, ("session", "breast", "analyte", "amount", *UNIT))
    rests = contents[contents["analyte"] == OTHER_PROTEIN].rename(columns={"amount": "other_protein_g"})
    removals = run.read("removals", ("session", "breast", "start_min", "removed_ml", *UNIT))
    rows = rests.merge(removals, on=[*UNIT, "session", "breast"])
    days = rows.assign(day=(rows["start_min"] // DAY_MIN).astype(int) + 1)
    return days.groupby(DAILY)[["removed_ml", "other_protein_g"]].sum().reset_index()[columns]


def excess_in_words(run: RunTables) -> list[str]:
    """
    A line when the declared parts of protein come to more than all protein on some day; none when they never do.

    Parameters
    ----------
    run
        The run.
    """
    if _CONTENTS not in run.tables:
        return []  # without loading a library of tables for it
    days = other_protein_by_day(run)
    over = days[days["other_protein_g"] < -_ROUND_OFF_G]
    if over.empty:
        return []
    first, last, milk_ml = over["day"].min(), over["day"].max(), over["removed_ml"].sum()
    when = f"on day {first}" if first == last else f"on {len(over)} days between {first} and {last}"
    line = (
        f"the declared parts of protein come to more than all protein in the milk removed {when} ({milk_ml:.3g} mL; "
        f"row {OTHER_PROTEIN} of removal_contents): their fluxes do not fit so little milk"
    )
    return [line]
