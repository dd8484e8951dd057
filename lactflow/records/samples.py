"""Rows that are taken at regular instants; see `lactflow.records`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from lactflow.parameters.stations import STATIONS
from lactflow.records.column import BREAST, LOBE, SAMPLE_TIME, Column


class HormoneSample(NamedTuple):
    """Hormones in the mother's blood."""

    time_min: Annotated[float, SAMPLE_TIME]
    progesterone_ng_per_ml: Annotated[float, Column("ng/mL", "progesterone in plasma")]
    estradiol_pg_per_ml: Annotated[float, Column("pg/mL", "estradiol in plasma")]
    placental_lactogen_ug_per_ml: Annotated[float, Column("ug/mL", "placental lactogen in plasma")]
    prolactin_ng_per_ml: Annotated[float, Column("ng/mL", "prolactin in plasma")]
    oxytocin_pg_per_ml: Annotated[float, Column("pg/mL", "oxytocin in plasma")]


class LevelSample(NamedTuple):
    """One signal of the mother's blood beside the hormones; only in runs that declare one."""

    time_min: Annotated[float, SAMPLE_TIME]
    signal: Annotated[str, Column("", "name of the signal")]
    level: Annotated[float, Column("", "its level, in the unit of this row")]
    unit: Annotated[str, Column("", "unit of the level")]


class LobeSample(NamedTuple):
    """State of one lobe."""

    time_min: Annotated[float, SAMPLE_TIME]
    breast: Annotated[str, BREAST]
    lobe: Annotated[int, LOBE]
    volume_ml: Annotated[float, Column("mL", "milk in the alveolar lumen")]
    fullness: Annotated[float, Column("", "volume over storage capacity; may pass 1")]
    inhibitor: Annotated[float, Column("", "inhibitor per apical surface; about fullness in mature milk")]
    fusion_rate_fraction: Annotated[float, Column("", "rate of vesicle fusion over that of an empty lumen")]
    rer_queue: Annotated[int, Column("packets", "packets in the RER")]
    golgi_queue: Annotated[int, Column("packets", "packets in the Golgi")]
    fusion_queue: Annotated[int, Column("packets", "packets in the vesicle pool and at docking sites")]
    growth_queue: Annotated[int, Column("packets", "packets of growing lipid droplets")]
    budding_queue: Annotated[int, Column("packets", "packets of droplets at the apical membrane")]
    apical_membrane_fraction: Annotated[float, Column("", "apical membrane area over its resting area")]
    unfolded_protein: Annotated[float, Column("", "unfolded-protein signal from the RER backlog, 0 to 1")]
    upr_adaptive: Annotated[float, Column("", "adaptive arm of the unfolded protein response, 0 to 1")]
    upr_terminal: Annotated[float, Column("", "terminal arm of the unfolded protein response, 0 to 1")]
    stat5: Annotated[float, Column("", "active STAT5, 0 to 1")]
    lif: Annotated[float, Column("", "leukemia inhibitory factor, 0 to 1")]
    stat3: Annotated[float, Column("", "active STAT3, 0 to 1")]
    mrna: Annotated[float, Column("", "milk-protein mRNA, 0 to 1")]
    active_cells: Annotated[float, Column("", "secreting cells relative to all cells of a gland at term")]
    quiescent_cells: Annotated[float, Column("", "quiescent cells relative to all cells of a gland at term")]
    lost_cells: Annotated[float, Column("", "cells lost relative to all cells of a gland at term")]
    junction_leak: Annotated[float, Column("", "leak of the tight junctions, 0 to 1")]


class QueueSample(NamedTuple):
    """Packets at one station of one lobe."""

    time_min: Annotated[float, SAMPLE_TIME]
    breast: Annotated[str, BREAST]
    lobe: Annotated[int, LOBE]
    station: Annotated[str, Column("", "station of a line", STATIONS)]
    waiting: Annotated[int, Column("packets", "packets that wait for a place")]
    in_service: Annotated[int, Column("packets", "packets in service")]
    blocked: Annotated[int, Column("packets", "finished packets that cannot leave, because what comes next is full")]
    places: Annotated[int, Column("packets", "places of service; a blocked packet keeps its own")]
    room: Annotated[int, Column("packets", "packets that may wait")]


class BreastSample(NamedTuple):
    """State of one breast."""

    time_min: Annotated[float, SAMPLE_TIME]
    breast: Annotated[str, BREAST]
    volume_ml: Annotated[float, Column("mL", "milk in alveoli and ducts")]
    capacity_ml: Annotated[float, Column("mL", "storage capacity of the alveoli")]
    secretion_ml_per_h: Annotated[
        float | None, Column("mL/h", "milk secreted since the sample before, per hour; null in the first")
    ]


class InfantSample(NamedTuple):
    """State of one infant."""

    time_min: Annotated[float, SAMPLE_TIME]
    infant: Annotated[int, Column("", "number of the infant, from 0")]
    weight_kg: Annotated[float, Column("kg", "body weight")]
    stomach_ml: Annotated[float, Column("mL", "milk in the stomach")]
    intake_ml: Annotated[float, Column("mL", "milk taken since birth, or since the start of a run that begins later")]
    solids_kcal: Annotated[float, Column("kcal", "energy of other food than milk since then")]
