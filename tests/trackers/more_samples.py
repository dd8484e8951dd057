"""More samples of exports: see `tracker_samples`."""

from __future__ import annotations

from tracker_sample import MARKER, Sample, sample_of

MORE = [
    sample_of(
        "baby-connect",
        "baby-connect.csv",
        "Date and Time,End Time,Duration (min),Activity,Quantity,Extra data,Text,Notes,Caregiver",
        """
6/23/31 9:40 PM,,,Sleep,,,NOTE slept,NOTE,NOTE
6/23/31 8:00 PM,6/23/31 8:20 PM,20,Nursing,,,"NOTE nursed (12m right, 8m left)",NOTE,NOTE
6/23/31 4:00 PM,6/23/31 5:05 PM,65,Nursing,,,NOTE nursed (1h5m left),NOTE,NOTE
6/23/31 2:00 PM,,,Nursing,,,NOTE nursed,NOTE,NOTE
6/23/31 12:30 PM,6/23/31 12:40 PM,10,Bottle,3.5,Formula,NOTE drank 3.5 oz of formula (10m),NOTE,NOTE
6/23/31 11:00 AM,6/23/31 11:15 AM,15,Expressed,60,ml,"60 ml Expressed (35L, 25R) (15m)",NOTE,NOTE
6/23/31 12:10 AM,,,Bottle,2,Milk,NOTE drank 2 oz of milk,NOTE,NOTE
6/22/31 7:00 AM,,,Weight,9.25,lbs,NOTE's weight: 9.25 lbs,NOTE,NOTE
""",
        options={"bottle": "own"},
        log="""
2031-06-22 07:00,weight,,,,,,,,4.196
2031-06-23 00:10,bottle_own_milk,,,59.1,,,,,
2031-06-23 11:00,pump,15,15,,35,25,,,
2031-06-23 12:30,bottle_formula,,,103.5,,,,,
2031-06-23 14:00,breast,,,,,,,,
2031-06-23 16:00,breast,65,,,,,,,
2031-06-23 20:00,breast,8,12,,,,,,
""",
        skipped={"sleep": 1},
    ),
    Sample(
        "piyolog",
        "piyolog-en.txt",
        [],
        [
            ["[PiyoLog]Sat, Jun 14, 2031"],
            [f"{MARKER} (0y1m3d)"],
            [""],
            ["02:10   Wake-up (2h40m)   "],
            ["02:20   Formula 75ml   "],
            [f"07:50   Nursing Left 9min / Right 12min   {MARKER} slept after"],
            ["09:05   Nursing Right 7min (40ml)   "],
            ["11:05   Pumping 85ml   "],
            ["14:00   Pumped breast milk 60ml   "],
            ["15:00   Weight 4.35kg   "],
            ["16:00   Breastfeeding R 10m ▶ L 15m"],
            [""],
            ["Nursing total   Left 9min / Right 19min"],
            ["Formula total   1times 75ml"],
            [f"a long day with {MARKER}"],
            ["----------"],
        ],
        {},
        [
            "2031-06-14 02:20,bottle_formula,,,75,,,,,",
            "2031-06-14 07:50,breast,9,12,,,,,,",
            "2031-06-14 09:05,breast,,7,40,,,,,",
            "2031-06-14 11:05,pump,,,85,,,,,",
            "2031-06-14 14:00,bottle_own_milk,,,60,,,,,",
            "2031-06-14 15:00,weight,,,,,,,,4.35",
            "2031-06-14 16:00,breast,15,10,,,,right,,",
        ],
        {"wake-up": 1, "lines that are no event": 1},
    ),
    Sample(
        "piyolog",
        "piyolog-ja.txt",
        [],
        [
            ["【ぴよログ】2031年6月"],
            ["----------"],
            ["2031/6/14(土)"],
            [f"{MARKER} (0歳0か月21日)"],
            [""],
            ["02:55   起きる (3時間35分)   "],
            ["03:00   ミルク 90ml   "],
            ["08:20   母乳 左 10分 / 右 12分   "],
            ["10:20   母乳 左 2分 → 右 4分"],
            ["12:00   搾乳 70ml   "],
            ["13:00   搾母乳 55ml   "],
            ["21:15 PM   母乳 右 10分   "],
            ["母乳合計　　   左 12分 / 右 26分"],
            ["ミルク合計　   1回 90ml"],
            ["----------"],
            ["2031/6/15(日)"],
            [f"{MARKER} (0歳0か月22日)"],
            ["01:00   ミルク 95ml"],
        ],
        {},
        [
            "2031-06-14 03:00,bottle_formula,,,90,,,,",
            "2031-06-14 08:20,breast,10,12,,,,,",
            "2031-06-14 10:20,breast,2,4,,,,left,",
            "2031-06-14 12:00,pump,,,70,,,,",
            "2031-06-14 13:00,bottle_own_milk,,,55,,,,",
            "2031-06-14 21:15,breast,,10,,,,,",
            "2031-06-15 01:00,bottle_formula,,,95,,,,",
        ],
        {"起きる": 1},
    ),
    sample_of(
        "baby-daybook-backup",
        "backup.db",
        "uid,baby_uid,type,start_millis,end_millis,duration,left_duration,right_duration,side,volume,notes,deleted",
        """
u1,b1,breastfeeding,1904040000000,1904041200000,1200000,480000,720000,right,0,NOTE,0
u2,b1,pump,1904050000000,1904050900000,900000,0,0,both,130,NOTE,0
u3,b1,bottle,1904060000000,0,0,0,0,,90,NOTE,0
u4,b1,diaper_change,1904061000000,0,0,0,0,,0,NOTE,0
u5,b1,bottle,1904062000000,0,0,0,0,,80,NOTE,1
""",
        options={"zone": "America/New_York", "bottle": "own"},
        log="""
2030-05-03 08:00-04:00,breast,8,12,,,,,,
2030-05-03 08:00-04:00,weight,,,,,,,,4.25
2030-05-03 10:46:40-04:00,pump,15,15,130,,,,,
2030-05-03 13:33:20-04:00,bottle_own_milk,,,90,,,,,
""",
        skipped={"diaper_change": 1, "deleted in the app": 1, "growth without a weight": 1},
    ),
    sample_of(
        "baby-daybook-csv",
        "daybook.csv",
        "uid,type,startMillis,endMillis,duration,side,volume,amount,amountUnit,notes",
        """
u1,breastfeeding,1904040000000,1904041200000,1200000,left,0,0,,NOTE
u2,pump,1904050000000,1904050900000,900000,right,65,0,,NOTE
u3,sleeping,1904060000000,1904070000000,10000000,,0,0,,NOTE
""",
        options={"zone": "America/New_York"},
        log="""
2030-05-03 08:00-04:00,breast,20,,,,,,
2030-05-03 10:46:40-04:00,pump,,15,,,65,,
""",
        skipped={"sleeping": 1},
    ),
    sample_of(
        "baby-daybook-extract",
        "extract.csv",
        "activity,year,month,day,begin_hour,begin_minute,end_hour,end_minute,duration_in_seconds,left_duration_seconds,"
        "right_duration_seconds,pee,poo,temperature",
        """
breastfeeding,2031,5,3,7,5,7,25,1200.0,600.0,600.0,0,0,0
breastfeeding,2031,5,3,10,30,10,41,660.0,0.0,660.0,0,0,0
sleeping,2031,5,3,11,0,12,0,3600.0,0.0,0.0,0,0,0
""",
        log="""
2031-05-03 07:05,breast,10,10,,,,,
2031-05-03 10:30,breast,0,11,,,,,
""",
        skipped={"sleeping": 1},
    ),
    sample_of(
        "hatch",
        "hatch.csv",
        "Baby Name,Start Time,End Time,Activity,Amount,Percentile,Duration,Info,Notes,",
        """
NOTE,05/21/2031 0:10 AM,05/21/2031 0:20 AM,Feeding,0.0,,10.0,Left,NOTE,
NOTE,05/21/2031 14:44 PM,05/21/2031 14:44 PM,Feeding,3.0,,0.0,Bottle,NOTE,
NOTE,05/21/2031 20:20 PM,05/21/2031 20:36 PM,Feeding,0.0,,16.0,Both,NOTE,
NOTE,05/21/2031 21:00 PM,05/21/2031 21:20 PM,Pump,4,,,,NOTE,
NOTE,05/21/2031 8:35 AM,05/21/2031 8:35 AM,Weight,8.8,0.2,,,NOTE,
NOTE,05/21/2031 9:00 AM,05/21/2031 9:00 AM,Diaper,Wet,,,,NOTE,
""",
        options={"unit": "oz", "bottle": "formula"},
        log="""
2031-05-21 00:10,breast,10,,,,,,,
2031-05-21 08:35,weight,,,,,,,,3.992
2031-05-21 14:44,bottle_formula,,,88.7,,,,,
2031-05-21 20:20,breast,8,8,,,,,,
2031-05-21 21:00,pump,20,20,118.3,,,,,
""",
        skipped={"diaper": 1},
    ),
    sample_of(
        "nested",
        "nested.csv",
        "type,started_at,ended_at,amount_ml,offered_ml,contents,formula_brand,left_seconds,right_seconds,ended_on_side,"
        "left_ml,right_ml,destination,diaper,stool_color,consistency,size,rash,location,tag,note,logged_by,time_zone",
        """
pump,2031-07-01T13:30:00Z,,,,,,,,,50,44,,,,,,,,,NOTE,NOTE,America/New_York
nursing,2031-07-01T18:40:00Z,2031-07-01T19:02:00Z,,,,,600,720,right,,,,,,,,,,,NOTE,NOTE,America/New_York
bottle,2031-07-02T01:50:00Z,,60,,breastMilk,,,,,,,,,,,,,,,NOTE,NOTE,America/New_York
diaper,2031-07-02T02:00:00Z,,,,,,,,,,,,wet,,,,,,,NOTE,NOTE,America/New_York
""",
        log="""
2031-07-01 09:30,pump,,,,50,44,,
2031-07-01 14:40,breast,10,12,,,,left,
2031-07-01 21:50,bottle_own_milk,,,60,,,,
""",
        skipped={"diaper": 1},
    ),
    sample_of(
        "nursing-timer",
        "nursing-timer.csv",
        "#, time, Left, Right, Bottle, Bottle Amount, Sleep time, wet, solid, Pump Amount ",
        """
1, 06/21/31 01:17:09, 0:0, 1:18, 0:0,
2, 06/21/31 02:37:57, 14:3, 5:0, 0:0,
3, 06/21/31 05:00:00, 0:0, 0:0, Bottle-Pump, 2.5oz
4, 06/21/31 06:00:00, 0:0, 0:0, Bottle-Formula, 60ml
5, 06/21/31 07:00:00, 0:0, 9:40, , , , , , 100ml
6, 06/21/31 08:00:00, , , , ,0:26:43
7, 06/21/31 09:00:00, , , , , ,O, -
""",
        log="""
2031-06-21 01:17:09,breast,0,1.3,,,,,
2031-06-21 02:37:57,breast,14.05,5,,,,,
2031-06-21 05:00,bottle_own_milk,,,73.9,,,,
2031-06-21 06:00,bottle_formula,,,60,,,,
2031-06-21 07:00,pump,0,9.67,100,,,,
""",
        skipped={"sleep": 1, "diaper": 1},
    ),
    sample_of(
        "lactflow",
        "own.csv",
        "Start,Kind,left_min,right_min,volume_ml,left_ml,right_ml,first,child,comment",
        """
2031-05-03 09:20 AM,breast,0:10:00,7:31,,,,right,,NOTE
2031-05-03 12:20 PM,pump,15,15,,2oz,55 mL,,,NOTE
2031-05-03 13:20,hand,4,4,12,,,,,NOTE
2031-05-03 14:20,bottle_own_milk,,,70,,,,,NOTE
2031-05-03 15:20,bottle_formula,,,,,,,,NOTE
""",
        log="""
2031-05-03 09:20,breast,10,7.52,,,,right,
2031-05-03 12:20,pump,15,15,,59.1,55,,
2031-05-03 13:20,hand,4,4,12,,,,
2031-05-03 14:20,bottle_own_milk,,,70,,,,
""",
        dropped=[6],
    ),
]
