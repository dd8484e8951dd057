"""
The facts a model can report: the data dictionary of every table.

Each class is one table; each field is one column, with its unit and meaning written once, here. The
archive takes names, types, units and descriptions from these annotations. A model reports facts to a
`Recorder` and never computes statistics from them.

`None` in a field means that the mechanism or the occasion does not exist; it becomes a null.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol

from lactflow.parameters import stations
from lactflow.records.bottles import BottleBalance, BottleContent, StorageLoss
from lactflow.records.column import BREAST, LOBE, SESSION, TIME, Column
from lactflow.records.column import BREASTS as BREASTS
from lactflow.records.drugs import BottleMade as BottleMade
from lactflow.records.drugs import DoseTaken as DoseTaken
from lactflow.records.drugs import DrugLevelSample as DrugLevelSample
from lactflow.records.drugs import DrugTaken as DrugTaken
from lactflow.records.drugs import InfantDose as InfantDose
from lactflow.records.drugs import InfantLevel as InfantLevel
from lactflow.records.samples import BreastSample as BreastSample
from lactflow.records.samples import HormoneSample as HormoneSample
from lactflow.records.samples import InfantSample as InfantSample
from lactflow.records.samples import LevelSample as LevelSample
from lactflow.records.samples import LobeSample as LobeSample
from lactflow.records.samples import QueueSample as QueueSample

if TYPE_CHECKING:
    from lactflow.pipeline import QueueLog, VisitLog
    from lactflow.records.lobes import LobeLog

LINES = stations.LINES
STATIONS_OF_LINE = stations.STATIONS_OF_LINE
STATIONS = stations.STATIONS
"""Stations that every lobe has; a run may have others beside them."""


_TIME = TIME
_BREAST = BREAST
_LOBE = LOBE
_SESSION = SESSION


class Visit(NamedTuple):
    """One packet at one station. Written when it leaves, or at the end with empty times."""

    breast: Annotated[str, _BREAST]
    lobe: Annotated[int, _LOBE]
    line: Annotated[str, Column("", "aqueous (vesicles) or lipid (droplets)", LINES)]
    station: Annotated[str, Column("", "station of the line", STATIONS)]
    packet: Annotated[int, Column("", "number of the packet in its line and lobe, from 0")]
    entered_min: Annotated[float, Column("min", "entered the station: its queue or a place of service")]
    started_min: Annotated[float | None, Column("min", "service began; null while still waiting at the end")]
    finished_min: Annotated[float | None, Column("min", "service ended; null while still in service at the end")]
    left_min: Annotated[
        float | None, Column("min", "left for the next station or the lumen; null when still there at the end")
    ]
    queue_length: Annotated[int, Column("packets", "packets waiting for service when it entered")]


class Removal(NamedTuple):
    """One breast in one session."""

    session: Annotated[int, _SESSION]
    kind: Annotated[str, Column("", "how milk was removed", ("feed", "pump", "hand"))]
    breast: Annotated[str, _BREAST]
    start_min: Annotated[float, Column("min", "latch, or pump switched on")]
    end_min: Annotated[float, Column("min", "end of removal from this breast")]
    available_ml: Annotated[float, Column("mL", "milk in the breast (alveoli and ducts) at the start")]
    removed_ml: Annotated[float, Column("mL", "milk taken from this breast")]
    fullness_start: Annotated[float, Column("", "volume over storage capacity at the start; may pass 1")]
    fullness_end: Annotated[float, Column("", "volume over storage capacity at the end")]
    let_downs: Annotated[int, Column("", "oxytocin pulses while this breast was being emptied")]
    lactose_g_per_l: Annotated[float | None, Column("g/L", "lactose (anhydrous) in the milk taken; null when none was")]
    protein_g_per_l: Annotated[float | None, Column("g/L", "total protein in the milk taken")]
    fat_g_per_l: Annotated[float | None, Column("g/L", "fat in the milk taken")]
    fat_start_g_per_l: Annotated[float | None, Column("g/L", "fat in the first milk taken (foremilk)")]
    fat_end_g_per_l: Annotated[float | None, Column("g/L", "fat in the last milk taken (hindmilk)")]
    sodium_mmol_per_l: Annotated[float | None, Column("mmol/L", "sodium in the milk taken")]
    potassium_mmol_per_l: Annotated[float | None, Column("mmol/L", "potassium in the milk taken")]
    chloride_mmol_per_l: Annotated[float | None, Column("mmol/L", "chloride in the milk taken")]
    citrate_mmol_per_l: Annotated[float | None, Column("mmol/L", "citrate in the milk taken")]
    osmolality_mosm_per_kg: Annotated[float | None, Column("mOsm/kg", "osmolality of the skim of the milk taken")]
    energy_kcal_per_l: Annotated[float | None, Column("kcal/L", "energy of the milk taken (Atwater)")]
    recorded_ml: Annotated[
        float | None, Column("mL", "milk taken from this breast as recorded in a feeding log; null where it is in none")
    ]


class RemovalContent(NamedTuple):
    """One substance that the run adds, in the milk taken from one breast in one session; only in runs that add one."""

    session: Annotated[int, _SESSION]
    breast: Annotated[str, _BREAST]
    analyte: Annotated[str, Column("", "name of the substance, as it was declared")]
    unit: Annotated[str, Column("", "unit of the amount in this row; concentrations are in that unit per litre")]
    amount: Annotated[float, Column("", "amount in the milk taken")]
    mean_per_l: Annotated[float | None, Column("", "amount per litre of the milk taken; null when none was")]
    first_per_l: Annotated[float | None, Column("", "amount per litre of the first milk taken (foremilk)")]
    last_per_l: Annotated[float | None, Column("", "amount per litre of the last milk taken (hindmilk)")]


class Session(NamedTuple):
    """One feed, pumping or bottle."""

    session: Annotated[int, _SESSION]
    kind: Annotated[str, Column("", "what it was", ("feed", "pump", "hand", "bottle"))]
    infant: Annotated[int | None, Column("", "number of the infant, from 0; null for a pump")]
    planned_min: Annotated[float, Column("min", "time planned by the schedule")]
    start_min: Annotated[float, Column("min", "time it began; later than planned when the session before was not over")]
    end_min: Annotated[float, Column("min", "time it ended")]
    end_reason: Annotated[str, Column("", "why it ended", ("satiety", "empty", "time", "schedule"))]
    intake_ml: Annotated[float, Column("mL", "milk taken in the session, both breasts, or from the bottle")]
    content: Annotated[str | None, Column("", "what the bottle held; null for other kinds", ("formula", "own_milk"))]
    recorded_ml: Annotated[
        float | None,
        Column(
            "mL", "the same as recorded in a feeding log, weighed or pumped; null for bottles and where it is in none"
        ),
    ]
    planned_duration_min: Annotated[
        float | None, Column("min", "time at the breast that was planned; null where it is left open, and for bottles")
    ]
    planned_sides: Annotated[
        str | None, Column("", "breasts that were planned; null for bottles", ("left", "right", "both"))
    ]
    source: Annotated[
        str,
        Column(
            "",
            "what it comes from: the schedule or an infant; a row of a feeding log; the days around a gap in a log",
            ("schedule", "log", "filled"),
        ),
    ]


class LetDown(NamedTuple):
    """One milk ejection in one breast; the oxytocin pulse is shared by both breasts."""

    let_down: Annotated[int, Column("", "number of the oxytocin pulse in this replicate, from 0")]
    time_min: Annotated[float, _TIME]
    breast: Annotated[str, _BREAST]
    session: Annotated[int | None, Column("", "session it fell in; null outside one")]
    trigger: Annotated[
        str, Column("", "what released oxytocin; `pump` by hand too", ("suckling", "pump", "conditioned", "dose"))
    ]
    oxytocin_pg_per_ml: Annotated[float, Column("pg/mL", "oxytocin in plasma at the peak of the pulse")]
    ejected_ml: Annotated[float, Column("mL", "milk moved from the alveoli into the ducts")]
    removed_ml: Annotated[float, Column("mL", "milk that whoever is at the breast took while it lasted")]
    fat_g_per_l: Annotated[float | None, Column("g/L", "fat in the milk that was taken; null where none was")]


class InterventionChange(NamedTuple):
    """A change that took place."""

    time_min: Annotated[float, _TIME]
    intervention: Annotated[str, Column("", "kind of the intervention")]
    action: Annotated[str, Column("", "what changed: start, end, or a dose")]


class MotherTrait(NamedTuple):
    """One quantity of a mother, as a condition set it or as it was drawn; no rows for one who has and is neither."""

    trait: Annotated[str, Column("", "what differs between mothers, as `mother.variation` names it; or the condition")]
    key: Annotated[str, Column("", "quantity of the config")]
    factor: Annotated[float, Column("", "factor on the value of the config")]
    value: Annotated[float, Column("", "her value, in the unit of the quantity")]


class Balance(NamedTuple):
    """One quantity of one replicate: initial + made + gained = stored + in_transit + removed + lost."""

    quantity: Annotated[str, Column("", "what is balanced")]
    unit: Annotated[str, Column("", "unit of the amounts in this row")]
    initial: Annotated[float, Column("", "in stations, lumens, ducts and membranes at the start")]
    made: Annotated[float, Column("", "synthesised, or drawn in with what was")]
    gained: Annotated[float, Column("", "taken up by another way: from plasma, or from outside")]
    stored: Annotated[float, Column("", "in lumens, ducts and membranes at the end")]
    in_transit: Annotated[float, Column("", "in packets at stations at the end")]
    removed: Annotated[float, Column("", "left with the milk")]
    lost: Annotated[float, Column("", "left another way: retrieved, resorbed")]
    residual: Annotated[float, Column("", "left side less right side, over the larger of the left side and a floor")]


TABLES: dict[str, type[tuple[object, ...]]] = {
    "visits": Visit,
    "removals": Removal,
    "removal_contents": RemovalContent,
    "bottle_contents": BottleContent,
    "sessions": Session,
    "let_downs": LetDown,
    "hormones": HormoneSample,
    "levels": LevelSample,
    "drug_levels": DrugLevelSample,
    "lobes": LobeSample,
    "queues": QueueSample,
    "breasts": BreastSample,
    "infants": InfantSample,
    "infant_doses": InfantDose,
    "infant_levels": InfantLevel,
    "interventions": InterventionChange,
    "doses": DoseTaken,
    "drugs_taken": DrugTaken,
    "mothers": MotherTrait,
    "balance": Balance,
    "bottle_balance": BottleBalance,
    "bottles": BottleMade,
    "storage_losses": StorageLoss,
}
"""Name of every table and the class of its rows, in the order of the documentation."""

OPTIONAL_TABLES = (
    "removal_contents",
    "bottle_contents",
    "levels",
    "drug_levels",
    "infant_doses",
    "infant_levels",
    "doses",
    "drugs_taken",
    "bottle_balance",
    "bottles",
    "storage_losses",
)
"""Tables that a run has only when something is declared that they report: see `optional_tables`."""


def optional_tables(
    *,
    analytes: Collection[object] = (),
    signals: Collection[object] = (),
    bottles: Collection[str] = (),
    drugs: Collection[object] = (),
    stored: Collection[str] = (),
) -> tuple[str, ...]:
    """
    Which of `OPTIONAL_TABLES` a run has.

    Parameters
    ----------
    analytes
        What its milk carries beside the analytes that every run has, as `simulate` takes them.
    signals
        Signals of the blood that it declares beside the hormones, as `simulate` takes them.
    bottles
        Names of bottles in its schedule.
    drugs
        What the mother takes, as the config has it.
    stored
        Ways of storing milk in its schedule.
    """
    declared: dict[str, Collection[object]] = {
        "removal_contents": analytes,
        "bottle_contents": bottles,
        "levels": signals,
        "drug_levels": drugs,
        "infant_doses": analytes,
        "infant_levels": drugs,
        "doses": drugs,
        "drugs_taken": drugs,
        "bottle_balance": bottles,
        "bottles": analytes,
        "storage_losses": stored if analytes else (),
    }
    return tuple(table for table in OPTIONAL_TABLES if declared[table])


def tables_with(optional: Collection[str]) -> tuple[str, ...]:
    """
    Names of the tables of a run, in the order of the documentation.

    Parameters
    ----------
    optional
        Those of `OPTIONAL_TABLES` that it has.

    Raises
    ------
    ValueError
        If one of them is not an optional table.
    """
    for table in optional:
        if table not in OPTIONAL_TABLES:
            raise ValueError(f"{table!r} is not an optional table (allowed: {', '.join(OPTIONAL_TABLES)})")
    return tuple(table for table in TABLES if table in optional or table not in OPTIONAL_TABLES)


IDENTITY: dict[str, Column] = {
    "replicate": Column("", "number of the replicate, from 0"),
    "mother": Column("", "number of the mother, from 0"),
}
"""Columns that every table ends with; the archive adds them, a model does not make them."""


class StationKey(NamedTuple):
    """Which station of the gland a packed row belongs to."""

    breast: str
    lobe: int
    line: str
    station: str


class Recorder(Protocol):
    """
    Where a model reports its facts.

    Attributes
    ----------
    visits
        Where stations write their visits; None for no visits.
    lobes, queues
        Where lobes write their state, and the packets at their stations, whenever samples are taken; None for nowhere.
    """

    visits: VisitLog | None

    @property
    def lobes(self) -> LobeLog | None:
        """As above."""

    @property
    def queues(self) -> QueueLog | None:
        """As above."""

    def stations(self, keys: list[StationKey]) -> None:
        """Called once, before the first event: `keys[n]` is the station that has number n in packed rows."""

    def record(self, fact: tuple[object, ...]) -> None:
        """Take one fact; its class is the table."""

    def record_rows(self, kind: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> None:
        """Take facts of one kind, as plain tuples of its fields: where there are many, making them costs a quarter."""

    def instant_over(self, time_min: float) -> None:
        """All facts before `time_min` are reported: a moment at which tables may be cut."""


class MemoryRecorder:
    """Keeps facts in lists: for tests and small experiments."""

    def __init__(self, *, visits: bool = True) -> None:
        from lactflow.pipeline import QueueLog, VisitLog
        from lactflow.records.lobes import LobeLog

        self.visits: VisitLog | None = VisitLog() if visits else None
        self.lobes, self.queues = LobeLog(), QueueLog()
        self.keys: list[StationKey] = []
        self._facts: list[tuple[object, ...]] = []
        self._since: list[tuple[Any, ...]] = []  # facts; or plain tuples: their kind, and rows

    @property
    def facts(self) -> list[tuple[object, ...]]:
        """
        All facts so far, each kind in its order; rows become facts when they are first asked for.

        Samples of lobes and of queues, which come packed, stand behind those of the other kinds since the last time.
        """
        from lactflow.pipeline import QUEUES
        from lactflow.records.lobes import LOBES

        for each in self._since:
            if type(each) is tuple:
                kind, rows = each
                self._facts += map(tuple.__new__, repeat(kind), rows)
            else:
                self._facts.append(each)
        self._since = []
        for number, time_min, *state in LOBES.iter_unpack(self.lobes.take()):
            key = self.keys[number]
            self._facts.append(LobeSample(time_min, key.breast, key.lobe, *state))
        for number, time_min, *counts in QUEUES.iter_unpack(self.queues.take()):
            key = self.keys[number]
            self._facts.append(QueueSample(time_min, key.breast, key.lobe, key.station, *counts))
        return self._facts

    def stations(self, keys: list[StationKey]) -> None:
        """Remember which number is which station."""
        self.keys = keys

    def record(self, fact: tuple[object, ...]) -> None:
        """Keep one fact."""
        self._since.append(fact)

    def record_rows(self, kind: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> None:
        """Keep facts of one kind."""
        self._since.append((kind, rows))

    def instant_over(self, time_min: float) -> None:
        """Nothing to cut."""
