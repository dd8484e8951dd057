"""
Small exports of every format, written for these tests, and the log that each becomes.

The values are invented; every name and note holds the word of `MARKER`, which must never come out again.
"""

from __future__ import annotations

from more_samples import MORE
from tracker_sample import HEADER, MARKER, Sample, sample_of, wanted

__all__ = ["HEADER", "MARKER", "SAMPLES", "Sample", "wanted"]

NARA_HEADER = (
    "Type,Profile Name,Start Date/time,Start Date/time (Epoch),Note,Time Zone,[Breastfeed] Begin Side,"
    "[Breastfeed] End Side,[Breastfeed] Left Duration (Seconds),[Breastfeed] Right Duration (Seconds),"
    "[Pump] Duration (Seconds),[Pump] End Date/time,[Pump] Left Volume,[Pump] Left Volume Unit,[Pump] Right Volume,"
    "[Pump] Right Volume Unit,[Pump] Total Volume,[Pump] Total Volume Unit,[Bottle Feed] Type,"
    "[Bottle Feed] Breast Milk Volume,[Bottle Feed] Breast Milk Volume Unit,[Bottle Feed] Formula Volume,"
    "[Bottle Feed] Formula Volume Unit,[Bottle Feed] Volume,[Bottle Feed] Volume Unit,[Growth] Weight,"
    "[Growth] Weight Unit,[Profile] Birth Date,_profileKey,_activityKey"
)

SAMPLES = [
    sample_of(
        "nara",
        "nara.csv",
        NARA_HEADER,
        """
Profile,NOTE,,,,,,,,,,,,,,,,,,,,,,,,,,2031-01-31,p1,
Breastfeed,NOTE,2031-02-10 06:05:00,,NOTE,Europe/Berlin,LEFT,RIGHT.nonTimer,420,300,,,,,,,,,,,,,,,,,,,p1,a1
Combo Feed,NOTE,2031-02-10 08:30:00,,,Europe/Berlin,RIGHT,RIGHT,,540,,,,,,,,,Formula,,,30,ML,,,,,,p1,a2
Pump,NOTE,2031-02-10 09:10:00,,,Europe/Berlin,,,,,1020,2031-02-10 09:27:00,45,ML,2,FLOZ,,,,,,,,,,,,,p1,a3
Bottle Feed,NOTE,2031-02-10 11:00:00,,,Europe/Berlin,,,,,,,,,,,,,Breast Milk Formula,40,ML,1,FLOZ,,,,,,p1,a4
Bottle Feed,NOTE,2031-02-10 12:00:00,,,Europe/Berlin,,,,,,,,,,,,,Breast Milk,,,,,75,ML,,,,p1,a5
Growth,NOTE,2031-02-10 13:00:00,,NOTE,Europe/Berlin,,,,,,,,,,,,,,,,,,,,9.5,LB,,p1,a6
Growth,NOTE,2031-02-10 13:05:00,,NOTE,Europe/Berlin,,,,,,,,,,,,,,,,,,,,,,,p1,a7
Diaper,NOTE,2031-02-10 14:00:00,,NOTE,Europe/Berlin,,,,,,,,,,,,,,,,,,,,,,,p1,a8
""",
        log="""
2031-02-10 06:05,breast,7,5,,,,left,,
2031-02-10 08:30,breast,,9,,,,,,
2031-02-10 08:30,bottle_formula,,,30,,,,,
2031-02-10 09:10,pump,17,17,,45,59.1,,,
2031-02-10 11:00,bottle_own_milk,,,40,,,,,
2031-02-10 11:00,bottle_formula,,,29.6,,,,,
2031-02-10 12:00,bottle_own_milk,,,75,,,,,
2031-02-10 13:00,weight,,,,,,,,4.309
""",
        skipped={"profile": 1, "growth": 1, "diaper": 1},
    ),
    sample_of(
        "huckleberry",
        "huckleberry.csv",
        "Type,Start,End,Duration,Start Condition,Start Location,End Condition,Notes",
        """
Pump,2031-03-04 21:15,2031-03-04 21:32,0:17,3oz,,85ml,NOTE
Feed,2031-03-04 18:00,,,Formula,Bottle,110ml,
Feed,2031-03-04 17:10,,,Breast Milk,Bottle,,NOTE
Feed,2031-03-04 15:20,2031-03-04 15:41,00:21,00:09R,Breast,00:12L,"NOTE, then sleep"
Feed,2031-03-04 12:02,2031-03-04 12:09,00:07,,Breast,00:07R,
Pump,2031-03-04 10:00,,,40ml,,,
Growth,2031-03-04 09:30,,,4.4kg,,,NOTE
Feed,2031-03-04 09:10,,,Cow Milk,Bottle,60ml,NOTE
Diaper,2031-03-04 09:00,,yellow,,,Pee:large,NOTE
Sleep,2031-03-04 06:00,2031-03-04 08:40,02:40,NOTE,,,
""",
        log="""
2031-03-04 09:30,weight,,,,,,,,4.4
2031-03-04 10:00,pump,,,,40,,,,
2031-03-04 12:02,breast,,7,,,,,,
2031-03-04 15:20,breast,12,9,,,,,,
2031-03-04 18:00,bottle_formula,,,110,,,,,
2031-03-04 21:15,pump,17,17,,88.7,85,,,
""",
        skipped={"bottle of another drink": 1, "diaper": 1, "sleep": 1},
        dropped=[4],
    ),
    sample_of(
        "baby-buddy-feedings",
        "feedings.csv",
        "id,child_id,child_first_name,child_last_name,start,end,type,method,amount,notes,tags",
        """
4,1,NOTE,NOTE,2031-01-09 20:00:00,2031-01-09 20:24:00,breast milk,both breasts,,NOTE,
3,1,NOTE,NOTE,2031-01-09 16:31:10,2031-01-09 16:40:10,breast milk,left breast,,NOTE,
2,1,NOTE,NOTE,2031-01-09 12:00:00,2031-01-09 12:10:00,fortified breast milk,bottle,2,NOTE,
1,1,NOTE,NOTE,2031-01-09 23:50:00,2031-01-09 00:05:00,breast milk,right breast,,NOTE,
0,1,NOTE,NOTE,2031-01-09 09:00:00,2031-01-09 09:10:00,solid food,parent fed,,NOTE,
""",
        options={"unit": "oz"},
        log="""
2031-01-09 12:00,bottle_own_milk,,,59.1,,,,
2031-01-09 16:31:10,breast,9,,,,,,
2031-01-09 20:00,breast,12,12,,,,,
2031-01-09 23:50,breast,,15,,,,,
""",
        skipped={"solid food": 1},
    ),
    sample_of(
        "baby-buddy-feedings",
        "feedings.json",
        "id,child,start,end,duration,type,method,amount,notes",
        """
2,1,2031-01-09T20:00:00+01:00,2031-01-09T20:13:00+01:00,00:13:00,breast milk,right breast,,NOTE
1,1,2031-01-09T16:31:10+01:00,2031-01-09T16:40:10+01:00,00:09:00,formula,bottle,75,NOTE
""",
        options={"unit": "mL"},
        log="""
2031-01-09 16:31:10,bottle_formula,,,75,,,,
2031-01-09 20:00,breast,,13,,,,,
""",
    ),
    sample_of(
        "baby-buddy-pumpings",
        "pumpings.csv",
        "id,child_id,child_first_name,child_last_name,start,end,amount,notes,tags",
        """
3,1,NOTE,NOTE,2031-01-09 10:00:00,2031-01-09 10:20:00,96.5,NOTE,
2,1,NOTE,NOTE,2031-01-09 06:00:30,2031-01-09 06:00:30,80,NOTE,
1,1,NOTE,NOTE,2031-01-09 02:00:00,2031-01-09 02:00:20,70,NOTE,
""",
        options={"unit": "mL"},
        log="""
2031-01-09 02:00,pump,,,70,,,,
2031-01-09 06:00:30,pump,,,80,,,,
2031-01-09 10:00,pump,20,20,96.5,,,,
""",
    ),
    sample_of(
        "nighp-nursing",
        "nursing.csv",
        "Baby,Time,Start side,Left duration (min),Right Duration (min),Total (min),Note",
        """
NOTE,"14/6/31 8:12 PM",Left,9,,9,NOTE
NOTE,"13/6/31 12:04 AM",Right,6,11,17,NOTE
NOTE,"02/6/31 7:15 AM",,8,5,13,NOTE
""",
        log="""
2031-06-02 07:15,breast,8,5,,,,,
2031-06-13 00:04,breast,6,11,,,,right,
2031-06-14 20:12,breast,9,,,,,,
""",
    ),
    sample_of(
        "nighp-pump",
        "pump.csv",
        "Time,Start Side,Left duration (min),Right duration (min),Total Duration (min),Left amount (oz.),"
        "Right amount (oz.),Total amount (oz.),Note",
        """
"6/3/31, 16:25",Left,12,10,22,2,1.5,3.5,NOTE
"6/3/31, 19:05",,15,15,15,,,5,NOTE
"6/3/31, 22:05",,,,,,,,NOTE
""",
        options={"day_first": False},
        log="""
2031-06-03 16:25,pump,12,10,,59.1,44.4,left,
2031-06-03 19:05,pump,15,15,147.9,,,,
""",
        dropped=[4],
    ),
    sample_of(
        "nighp-bottle",
        "mine_expressed.csv",
        "Baby,Time,Amount (ml),Note",
        """
NOTE,"9/28/31 2:17 PM",60,NOTE
NOTE,"9/28/31 6:36 PM",90,NOTE
""",
        log="""
2031-09-28 14:17,bottle_own_milk,,,60,,,,
2031-09-28 18:36,bottle_own_milk,,,90,,,,
""",
    ),
    sample_of(
        "amila",
        "BabyRecords.csv",
        "RecordCategory,RecordSubCategory,StartDate,FinishDate,Details",
        """
Feeding,Left Breast,08-févr.-2031 13:03,08-févr.-2031 13:10,NOTE
Feeding,Right Breast,08-févr.-2031 09:21,08-févr.-2031 09:32,
Feeding,Bottle,08-févr.-2031 08:00,08-févr.-2031 08:10,Formula 60 ml NOTE
Diapering,Pee & Poo,08-févr.-2031 07:00,08-févr.-2031 07:00,NOTE
Leisure,Tummy time,08-févr.-2031 06:50,08-févr.-2031 06:55,NOTE
""",
        log="""
2031-02-08 08:00,bottle_formula,,,60,,,,
2031-02-08 09:21,breast,,11,,,,,
2031-02-08 13:03,breast,7,,,,,,
""",
        skipped={"diapering": 1, "leisure": 1},
    ),
    *MORE,
]
