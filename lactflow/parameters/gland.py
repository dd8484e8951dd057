"""
The gland: storage, local control, ejection, its state at the start, and how it is cut into lobes.

Volumes are given per breast of a standard mother with all cells active; a lobe owns its share of them.
"""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.cells import Genes, TightJunctions, UnfoldedProteinResponse
from lactflow.parameters.declaration import Declared, quantity
from lactflow.parameters.fate import Involution, Plasticity
from lactflow.parameters.secretion import Composition, LipidLine, Membrane, ProteinLine


class Lumen(Declared):
    """Alveolar storage."""

    capacity_ml: float = quantity(
        205.0,
        "mL",
        within=(10.0, 1500.0),
        plausible=(74.0, 400.0),
        source=sources.KENT_1999,
        locator="abstract",
        note="Storage capacity of a breast, 209.9 (SEM 11) mL in months 1 to 6; 179 (74 to 382) in Kent 2006",
    )
    largest_fullness: float = quantity(
        1.4,
        "",
        within=(1.01, 5.0),
        plausible=(1.2, 1.6),
        source=sources.ASSUMED,
        note="A lumen takes no more beyond this; capacity is measured in days of feeding, not at the limit of the wall",
    )
    residual_fraction: float = quantity(
        0.06,
        "",
        within=(0.0, 0.9),
        plausible=(0.02, 0.1),
        source=sources.ASSUMED,
        note="Share of capacity that no contraction moves",
    )


class Inhibitor(Declared):
    """
    The local inhibitor that slows the last station of each line.

    Its molecule is not established in women: a 7.6 kDa whey protein in the goat, serotonin and pressure are rivals.
    """

    half_effect: float = quantity(
        0.72,
        "",
        within=(0.05, 10.0),
        plausible=(0.5, 1.0),
        source=sources.DALY_1996,
        locator="rate against interval",
        note="Inhibitor per apical surface that halves fusion and budding; fitted to rates that fall after 6 to 18 h",
    )
    steepness: float = quantity(
        4.0,
        "",
        within=(0.5, 20.0),
        plausible=(2.0, 6.0),
        source=sources.DALY_1996,
        locator="rate against interval",
        note="Hill exponent; steeper forms give oscillations when cells answer to fullness",
    )
    pressure_share: float = quantity(
        0.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.5),
        source=sources.ASSUMED,
        note="Share of what cells feel of a full lumen that is its distension and not its inhibitor; 1 for pressure "
        "alone. The two part where milk is diluted or watery",
    )


class Noise(Declared):
    """Secretion that varies from hour to hour, in each breast by itself."""

    sd: float = quantity(
        0.5,
        "",
        within=(0.0, 2.0),
        plausible=(0.0, 1.2),
        source=sources.DALY_1996,
        locator="CV within breasts",
        note="SD of the log of the factor on translation; the published CV of 85 % contains the error of the method",
    )
    correlation_h: float = quantity(
        3.0,
        "h",
        within=(0.1, 100.0),
        plausible=(1.0, 6.0),
        source=sources.ASSUMED,
        note="Correlation time of that factor; drawn on a fixed hourly grid",
    )


class Ejection(Declared):
    """Myoepithelial contraction and ducts."""

    let_down_fraction: float = quantity(
        0.46,
        "",
        within=(0.0, 0.99),
        plausible=(0.3, 0.6),
        source=sources.RAMSAY_2004,
        locator="let-downs per feed",
        note="Share of the mobile milk moved by a full let-down: 2.5 of them take 67 % of the milk (Kent 2006)",
    )
    half_effect_pg_per_ml: float = quantity(
        3.0,
        "pg/mL",
        within=(0.01, 500.0),
        plausible=(1.0, 10.0),
        source=sources.ASSUMED,
        note="Oxytocin of half contraction, well below a pulse: halving the size of pulses matters little, Ueda 1994",
    )
    steepness: float = quantity(
        2.0,
        "",
        within=(0.5, 10.0),
        plausible=(1.0, 4.0),
        source=sources.ASSUMED,
        note="Hill exponent of contraction on oxytocin: the receptor's coupling to calcium is taken as cooperative",
    )
    contraction_min: float = quantity(
        1.5,
        "min",
        within=(0.1, 20.0),
        plausible=(0.75, 3.5),
        source=sources.GARDNER_2015,
        locator="abstract",
        note="A contraction lasts 45 to 210 s",
    )
    duct_capacity_ml: float = quantity(
        4.0,
        "mL",
        within=(0.1, 200.0),
        plausible=(2.0, 5.0),
        source=sources.RAMSAY_2005,
        locator="duct diameters",
        note="Room in the ducts of a breast: nine of 2 mm store little",
    )
    globule_lag: float = quantity(
        0.64,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 0.8),
        source=sources.DALY_1993,
        locator="fat against emptying",
        note="Globules lag behind the skim phase in full alveoli: share of the way from none to all of the skim's "
        "speed that depends on fullness; gives 20 to 75 g/L as a breast empties",
    )
    globule_lag_steepness: float = quantity(
        1.6,
        "",
        within=(0.2, 10.0),
        plausible=(1.0, 3.0),
        source=sources.DALY_1993,
        locator="fat against emptying",
        note="Exponent of that dependence",
    )


class EstablishedState(Declared):
    """State of the gland at the start of a run that begins after the first day."""

    fullness: float = quantity(
        0.45,
        "",
        within=(0.0, 1.2),
        plausible=(0.2, 0.8),
        source=sources.KENT_2006,
        locator="abstract",
        note="Fullness at the start; feeds take 67 % of the milk, so a breast goes between a quarter and three "
        "quarters",
    )


class Gland(Declared):
    """Two breasts, alike; each of unequal lobes."""

    lobes_per_breast: int = Field(
        default=9, ge=1, le=60, description="Lobes of a breast; about nine main ducts open at the nipple (Ramsay 2005)"
    )
    lobe_spread: float = quantity(
        0.4,
        "",
        within=(0.0, 1.5),
        plausible=(0.2, 0.6),
        source=sources.ASSUMED,
        note="SD of the log of lobe sizes; lobes of one breast differ several-fold",
    )
    protein_line: ProteinLine = Field(default_factory=ProteinLine)
    lipid_line: LipidLine = Field(default_factory=LipidLine)
    membrane: Membrane = Field(default_factory=Membrane)
    composition: Composition = Field(default_factory=Composition)
    lumen: Lumen = Field(default_factory=Lumen)
    inhibitor: Inhibitor = Field(default_factory=Inhibitor)
    genes: Genes = Field(default_factory=Genes)
    tight_junctions: TightJunctions = Field(default_factory=TightJunctions)
    involution: Involution = Field(default_factory=Involution)
    plasticity: Plasticity = Field(default_factory=Plasticity)
    unfolded_protein_response: UnfoldedProteinResponse = Field(default_factory=UnfoldedProteinResponse)
    noise: Noise = Field(default_factory=Noise)
    ejection: Ejection = Field(default_factory=Ejection)
    established: EstablishedState = Field(default_factory=EstablishedState)
    mastitis_slowing: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.6),
        source=sources.ASSUMED,
        note="Share of translation that full inflammation takes away; an inflamed breast gives less milk",
    )
    checkpoint_min: float = quantity(
        60.0,
        "min",
        within=(0.5, 240.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Longest time between two steps of the signals, which take hours; half of it gives the same milk to 1 %",
    )
