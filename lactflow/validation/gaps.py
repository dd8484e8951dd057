"""
What the model does not meet, and what it has no observable for; each with the reason.

A known gap is a target that the model misses, with the mechanism at fault. A target that is not judged is one whose
quantity the model does not have, or takes as an input. Both lists are held against the targets by tests, and a gap
that has closed is reported by `lactflow validate` as much as a new one.
"""

from __future__ import annotations

from collections.abc import Mapping

KNOWN_GAPS: Mapping[str, str] = {
    "C37": "parts 2, 3 and 4 hold; part 1 does not: the genes answer prolactin so steeply that twice a low "
    "level gives 470 to 740 mL a day more; a receptor that saturates meets all parts, but with it alone a gland is not "
    "silent without lactation, and supply does not fall over months (docs/background/validation.md)",
    "A08": "an infant takes what it wants of what pumping has left and of what has come since, so that mg fall by 21 "
    "to 26 % for paracetamol and caffeine; amoxicillin, which crosses slowly, is 22 % more concentrated in little milk",
    "A11": "one dose of a drug with a half-life of six days is 11 % of a steady state",
    "A12": "with a half-life of four days caffeine is not at its steady state after two weeks: 1.49 where 1.5 is asked",
    "A16": "the mean is 0.612; ordinary mothers get 0.34, low prolactin 0.29: with a fifth of the usual levels "
    "milk is nearly what it is in others, with a sixteenth the breast is that of a retained fragment",
    "T01-009": "lactose rises with what vesicles are loaded with, which matures over days, as well as with closure of "
    "the junctions; its plateau comes with that of citrate",
    "T03-072": "rest between feeds on the first day is a compromise of 4.3 feeds a day here and 3.4 feeds in 8 h in "
    "T01-027",
    "T07-002": "the vesicles' protein is set on T07-019 (9.4 g/L) and T01-066; 16.8 g/L excludes both",
    "T07-061": "secreted sodium is set on T07-004 (8.5 mmol/L) and T01-092; 5 to 7 excludes the former",
    "T01-002-spread": "on day 3 women differ by how soon they feed, by parity and by mode of birth as well; a cohort "
    "differs in none of these",
    **dict.fromkeys(
        ("T11-104", "T11-106"),
        "paracetamol of these women is twice as high in milk as its printed volume, 58 L, and its ratio of 0.8 allow",
    ),
    **dict.fromkeys(
        ("T11-137", "T11-141", "T11-238"),
        "beta-lactams come into milk later and higher than by clearance alone; a pool in the cell is not modelled",
    ),
    "T10-208": "intake on day 3 is 202 g (SD 69) here and 408 g in T01-002, by other feeding and other weighing; the "
    "model lies between them",
    "T11-159": "one number for what milk proteins bind makes ibuprofen, 99.4 % bound in plasma, too high",
    **dict.fromkeys(
        ("T11-161", "T11-163", "T11-164"),
        "beta blockers are bases, and milk of pH 7.1 holds less of them than that of these women; at 7.0 metoprolol is "
        "within the band of T11-161",
    ),
    **dict.fromkeys(
        ("T11-240", "T11-264"),
        "citalopram is a base: 0.96 at pH 7.1, 1.2 at 7.0, 1.9 at 6.8; milk that is as sour would meet both bands",
    ),
    **dict.fromkeys(
        ("T11-242", "T11-243", "T11-244"),
        "falls with age as printed, as infants drink less for their weight, but is a quarter of it; with milk of pH "
        "6.8 it is 6.2, 4.3 and 3.3 %, and nothing here makes the rest",
    ),
    "T11-247": "fat of paroxetine is set on a ratio of 0.69 (T11-176); these six women had 0.39, four others of the "
    "same paper 0.96",
    **dict.fromkeys(
        ("T11-257", "T11-258", "T11-259"),
        "less of a drink reaches the blood of women who lactate (Pepino 2007); the file has all of it, as tables of "
        "hours until alcohol is gone have",
    ),
    **dict.fromkeys(
        ("T11-260", "T11-261", "T11-262", "T11-263"),
        "the transporter is set on 6.21 (T11-145), and these women had a third of that ratio 3 h after a dose",
    ),
    "T02-045-spread": "capacity is measured as the swing of volume within a day; the infants of the cohort leave more "
    "milk in large breasts than Kent's do",
}
"""Claims, targets and spreads that are judged and missed, each with the mechanism at fault."""

_INPUT = "an input of the model, not a result"
_MOLECULES = "single proteins of milk are not told apart"
_GLOBULES = "size and charge of globules are not modelled"
_PROLACTIN_IN_MILK = "prolactin in milk is not modelled"
_RECOMBINANT = "prolactin-deficient mothers and recombinant prolactin are not modelled"
_KINETICS = "distribution and clearance are not modelled, only levels"
_GLUCOSE = "where lactose takes its glucose from is not modelled"
_SCARCE = "metoclopramide raises prolactin in the model; why these mothers had so little milk is not printed"
_UNITS = "in units of activity that do not convert to mass"

NOT_JUDGED: Mapping[str, str] = {
    "T10-241": "nipple shields and pain are not modelled",
    "T10-246": "smoking is not modelled",
    "T01-004": "the mothers were weighed, so that the water they lost through skin and lungs counts as milk; weighing "
    "infants, the same paper has 705 g on day 5 (T01-003, which is judged)",
    "T01-099": "pH is not modelled",
    "T01-114": "one range for very early and later lactation",
    "T01-118": "a proportion of women; waits for cohorts",
    "T01-121": "agreement between two ways of diagnosis",
    "T01-127": "a selection of preterm mothers by their later supply",
    "T02-033": "printed with a standard error of the mean, without number of women",
    "T02-043": "volume of breast tissue is not modelled",
    "T02-078": "an error of test weighing",
    "T02-089": "the menstrual cycle is not modelled",
    "T02-090": "the menstrual cycle is not modelled",
    "T03-002": "of the breasts that were found responsive only; waits for cohorts",
    **dict.fromkeys(("T04-003", "T04-004", "T04-007", "T04-008", "T04-030", "T04-031", "T04-034"), _PROLACTIN_IN_MILK),
    **dict.fromkeys(("T04-024", "T04-025", "T04-029"), _INPUT),
    **dict.fromkeys(("T04-026", "T04-027", "T04-028"), _KINETICS),
    **dict.fromkeys(("T04-036", "T04-037", "T04-043", "T04-044", "T04-045"), _UNITS),
    **dict.fromkeys(("T04-072", "T04-073", "T04-075"), _SCARCE),
    **dict.fromkeys((f"T04-{number:03d}" for number in range(77, 89)), _RECOMBINANT),
    "T06-002": _INPUT,
    "T06-008": "the diameter of ducts is not modelled",
    "T06-014": "flow within a let-down is not modelled, only its milk",
    **dict.fromkeys(("T06-022", "T06-037", "T06-039", "T06-048"), _INPUT),
    "T06-049": "an infusion; the model has single doses and pulses",
    **dict.fromkeys(("T06-050", "T06-051"), _KINETICS),
    **dict.fromkeys(("T06-061", "T06-062"), _INPUT),
    "T06-063": "the diameter of ducts is not modelled",
    "T07-003": _MOLECULES,
    **dict.fromkeys(("T07-008", "T07-009", "T07-010"), "printed with a standard error of the mean, without number"),
    **dict.fromkeys(("T07-014", "T07-015"), _INPUT),
    **dict.fromkeys((f"T07-{number:03d}" for number in (*range(20, 26), *range(27, 34), 35, 36, 37)), _MOLECULES),
    **dict.fromkeys((f"T07-{number:03d}" for number in (40, 41, 43, 44, 45, 48, 50, 51, 54)), _GLOBULES),
    "T07-053": "polar lipids are not modelled",
    "T07-056": "casein micelles are not modelled",
    **dict.fromkeys(("T07-059", "T07-060"), "cells in milk are not modelled"),
    **dict.fromkeys((f"T08-{number:03d}" for number in range(13, 17)), _GLUCOSE),
    "T08-033": "alveoli are not counted",
    "T08-034": _INPUT,
    "T10-014": "a prevalence among women",
    "T10-069": "a spread of women without their mean; waits for cohorts",
}
"""Targets that are not judged, each with the reason."""
