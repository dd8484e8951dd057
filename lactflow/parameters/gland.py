"""
The gland: storage, local control, ejection, its state at the start, and how it is cut into lobes.

Volumes are given per breast of a standard mother with all cells active; a lobe owns its share of them.
"""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.composition import Composition
from lactflow.parameters.declaration import Declared, quantity
from lactflow.parameters.ejection import Ejection
from lactflow.parameters.established import EstablishedState
from lactflow.parameters.genes import GeneParameters
from lactflow.parameters.inhibitor import Inhibitor
from lactflow.parameters.involution import InvolutionParameters
from lactflow.parameters.lipid_line import LipidLine
from lactflow.parameters.lumen import LumenParameters
from lactflow.parameters.membrane import Membrane
from lactflow.parameters.noise import Noise
from lactflow.parameters.plasticity import PlasticityParameters
from lactflow.parameters.protein_line import ProteinLine
from lactflow.parameters.resolution import LEVELS
from lactflow.parameters.resting import RestingGland
from lactflow.parameters.steroids import SteroidParameters
from lactflow.parameters.tight_junctions import JunctionParameters
from lactflow.parameters.unfolded_protein_response import UnfoldedProteinParameters


class Gland(Declared):
    """Two breasts, alike; each of unequal lobes."""

    lobes_per_breast: int = Field(
        default=LEVELS["default"].lobes,
        ge=1,
        le=60,
        description="Lobes of a breast; about nine main ducts open at the nipple (Ramsay 2005)",
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
    lumen: LumenParameters = Field(default_factory=LumenParameters)
    inhibitor: Inhibitor = Field(default_factory=Inhibitor)
    genes: GeneParameters = Field(default_factory=GeneParameters)
    tight_junctions: JunctionParameters = Field(default_factory=JunctionParameters)
    involution: InvolutionParameters = Field(default_factory=InvolutionParameters)
    plasticity: PlasticityParameters = Field(default_factory=PlasticityParameters)
    unfolded_protein_response: UnfoldedProteinParameters = Field(default_factory=UnfoldedProteinParameters)
    noise: Noise = Field(default_factory=Noise)
    ejection: Ejection = Field(default_factory=Ejection)
    established: EstablishedState = Field(default_factory=EstablishedState)
    steroids: SteroidParameters = Field(default_factory=SteroidParameters)
    resting: RestingGland = Field(default_factory=RestingGland)
    mastitis_slowing: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.6),
        source=sources.ASSUMED,
        note="Share of translation that full inflammation takes away; an inflamed breast gives less milk",
    )
    mastitis_fluxes: float = quantity(
        2.0,
        "",
        within=(0.0, 20.0),
        plausible=(1.0, 5.0),
        source=sources.ASSUMED,
        note="Factor of full inflammation on the fluxes of an added analyte that answer to it: secretory IgA and "
        "lactoferrin rise with the severity of mastitis (Fetherston 2006), by how much could not be read",
    )
    checkpoint_min: float = quantity(
        60.0,
        "min",
        within=(0.5, 240.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Longest time between two steps of the signals, which take hours; half of it gives the same milk to 1 %",
    )
