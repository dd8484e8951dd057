"""Distension to LIF, LIF to STAT3 and against STAT5, a latched commitment, loss of cells: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class InvolutionParameters(Declared):
    """Distension to LIF, LIF to STAT3 and against STAT5, a latched commitment, loss of cells."""

    distension_half_effect: float = quantity(
        0.98,
        "",
        within=(0.1, 5.0),
        plausible=(0.9, 1.2),
        source=sources.ASSUMED,
        note="Fullness of half the release of LIF: above what a fed breast reaches, below the plateau of stasis",
    )
    distension_steepness: float = quantity(
        14.0,
        "",
        within=(1.0, 50.0),
        plausible=(8.0, 20.0),
        source=sources.ASSUMED,
        note="Hill exponent of that",
    )
    lif_h: float = quantity(
        10.0,
        "h",
        within=(0.5, 300.0),
        plausible=(6.0, 24.0),
        source=sources.WATSON_2006,
        locator="figure 1",
        note="Time constant of LIF; induced within 12 h of sealing in the mouse",
    )
    lif_half_effect: float = quantity(
        0.4,
        "",
        within=(0.01, 1.0),
        plausible=(0.2, 0.6),
        source=sources.ASSUMED,
        note="LIF of half effect on STAT3 and on STAT5",
    )
    lif_steepness: float = quantity(
        4.0,
        "",
        within=(0.5, 12.0),
        plausible=(2.0, 6.0),
        source=sources.ASSUMED,
        note="Hill exponent of both",
    )
    stat5_shut_off: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 1.0),
        source=sources.CHAPMAN_1999,
        locator="STAT3-null glands",
        note="Share of STAT5 that full LIF takes away, without help of STAT3",
    )
    stat3_h: float = quantity(
        5.0,
        "h",
        within=(0.1, 200.0),
        plausible=(2.0, 12.0),
        source=sources.ASSUMED,
        note="Time constant of active STAT3; it follows LIF",
    )
    maintenance: float = quantity(
        0.9,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 1.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="LIF that committed tissue keeps up while milk stays in it",
    )
    commitment_h: float = quantity(
        24.0,
        "h",
        within=(0.5, 1000.0),
        plausible=(12.0, 60.0),
        shaped="outcome",
        source=sources.JAGGI_1996,
        locator="abstract",
        note="Time constant of the commitment to die; mice return within 30 to 36 h, women are slower",
    )
    terminal_threshold: float = quantity(
        0.6,
        "",
        within=(0.0, 0.99),
        plausible=(0.5, 0.8),
        source=sources.ASSUMED,
        note="Terminal arm above which STAT3 starts the commitment, and stress alone begins to kill",
    )
    loss_per_day: float = quantity(
        0.1,
        "1/d",
        within=(0.0, 5.0),
        plausible=(0.05, 0.3),
        shaped="outcome",
        source=sources.HARTMANN_KULSKI_1978,
        locator="42 days",
        note="Loss of cells under full STAT3 and commitment: partly functional after weeks, far below the mouse",
    )
    stress_loss_per_day: float = quantity(
        0.04,
        "1/d",
        within=(0.0, 5.0),
        plausible=(0.0, 0.1),
        source=sources.ASSUMED,
        note="Loss of cells under terminal stress alone: late involution without STAT3",
    )
