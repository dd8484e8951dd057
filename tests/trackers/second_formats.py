"""Minutes and millilitres of a row of each format, read without any code of lactflow: see `second_reader`."""

from __future__ import annotations

import re

from second_cells import between, clock, plain, sides_of, time_of, timed, volume, volume_like, word, wrapped


def _nara(row, unit, _file):
    kind = word(row, "type")
    left, right = sides_of(row, "[breastfeed] left duration", "[breastfeed] right duration", 60)

    def ml(name):
        return volume(row.get(name, ""), unit, row.get(f"{name} unit", ""))

    length = between(row["start date/time"], row["[pump] end date/time"])
    if kind == "breastfeed":
        return left + right or length, 0.0
    if kind == "combo feed":
        return left + right or length, ml("[bottle feed] breast milk volume") + ml("[bottle feed] formula volume")
    if kind == "bottle feed":
        parts = [ml("[bottle feed] breast milk volume"), ml("[bottle feed] formula volume")]
        if row["[bottle feed] breast milk volume"] or row["[bottle feed] formula volume"]:
            return 0.0, sum(parts)
        return 0.0, ml("[bottle feed] volume")
    if kind == "pump":
        sides = ml("[pump] left volume") + ml("[pump] right volume")
        given = [row["[pump] left volume"], row["[pump] right volume"]]
        minutes = timed(row["[pump] duration"], 60) or length
        read = any(
            volume(part, unit, row[f"[pump] {side} volume unit"]) or plain(part) is not None
            for side, part in zip(("left", "right"), given, strict=True)
            if part
        )
        return minutes, sides if read else ml("[pump] total volume")
    return 0.0, 0.0


def _huckleberry(row, unit, _file):
    kind, place = word(row, "type"), word(row, "start location")
    start, end = row["start condition"], row["end condition"]
    if kind == "pump":
        minutes = clock(row["duration"], "h") or between(row["start"], row["end"], "%Y-%m-%d %H:%M")
        return minutes, volume(start, unit) + volume(end, unit)
    if (
        kind == "feed"
        and place == "bottle"
        and start.lower() in ("cow milk", "goat milk", "soy milk", "water", "juice")
    ):
        return 0.0, 0.0
    if kind == "feed" and place == "bottle":
        return 0.0, volume(end, unit) if end else volume(start, unit) if start[-2:].lower() in ("ml", "oz") else 0.0
    if kind == "feed" and place in ("breast", ""):
        sides = [match[1] for cell in (start, end) if (match := re.fullmatch(r"(\d+:\d+)\s*[LRlr]", cell))]
        minutes = sum(clock(side, "h") for side in sides) or clock(row["duration"], "h")
        return minutes or between(row["start"], row["end"], "%Y-%m-%d %H:%M"), 0.0
    return 0.0, 0.0


def _between(start, end):
    """Minutes between two times that may have offsets."""
    offsets = [re.search(r"([+-])(\d\d):(\d\d)$", text) for text in (start, end) if "T" in text]
    minutes = between(*(re.sub(r"[+-]\d\d:\d\d$", "", text.replace("T", " ")) for text in (start, end)), wrap=False)
    if minutes is None:
        return 0.0
    if len(offsets) == 2 and all(offsets):
        first, last = (int(f"{one[1]}1") * (int(one[2]) * 60 + int(one[3])) for one in offsets)
        minutes += first - last
    return wrapped(minutes)


def _feedings(row, unit, _file):
    kind, method = word(row, "type"), word(row, "method")
    if kind == "solid food":
        return 0.0, 0.0
    if method in ("left breast", "right breast", "both breasts"):
        return _between(row["start"], row["end"]), volume(row.get("amount", ""), unit)
    if method in ("bottle", "parent fed", "self fed"):
        return 0.0, volume(row.get("amount", ""), unit)
    return 0.0, 0.0


def _pumpings(row, unit, _file):
    return between(row["start"], row["end"]), volume(row["amount"], unit)


def _nursing(row, _unit, _file):
    left, right = sides_of(row, "left duration", "right duration", 1)
    return left + right or timed(row["total"], 1), 0.0


def _pump(row, unit, _file):
    left, right = sides_of(row, "left duration", "right duration", 1)
    minutes = max(left, right) or timed(row["total duration"], 1)
    own = row["left amount/unit"]
    given = [cell for cell in (row["left amount"], row["right amount"]) if volume_like(cell, unit)]
    if given:
        return minutes, sum(volume(cell, unit, own) for cell in given)
    return minutes, volume(row["total amount"], unit, own)


def _bottle(row, unit, _file):
    return 0.0, volume(row["amount"], unit, row["amount/unit"])


def _amila(row, unit, _file):
    category, sub = word(row, "recordcategory"), word(row, "recordsubcategory")
    match = re.search(r"(\d[\d.,]*)\s*(ml|oz)", row["details"].lower())
    ml = volume(match[1] + match[2], unit) if match else 0.0
    if category == "feeding" and sub in ("left breast", "right breast", "both breasts"):
        return _named_between(row["startdate"], row["finishdate"]), 0.0
    if re.match(r"(pump|pumping|expressing|pumped)\b", sub):
        return _named_between(row["startdate"], row["finishdate"]), ml
    if category == "feeding" and re.search("bottle|formula|expressed", sub):
        return 0.0, ml
    return 0.0, 0.0


def _named_between(start, end):
    months = {"févr": "02"}
    out = []
    for text in (start, end):
        match = re.fullmatch(r"(\d{1,2})-(\w+)\.-(\d{4}) (\d{1,2}:\d{2})", text)
        if not match or match[2].lower() not in months:
            return 0.0
        out.append(f"{match[3]}-{months[match[2].lower()]}-{match[1]} {match[4]}")
    return between(*out, "%Y-%m-%d %H:%M")


def _words(text):
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text.lower())
    return sum(int(part or 0) * factor for part, factor in zip(match.groups(), (60, 1, 1 / 60), strict=True))


def _connect(row, unit, _file):
    activity, text = word(row, "activity"), row["text"]
    duration = clock(row["duration"], "h") or between(row["date and time"], row["end time"], "%m/%d/%y %I:%M %p")
    if activity == "nursing":
        side = r"((?:\d+h)?(?:\d+m)?(?:\d+s)?) {}\b"
        parts = [re.search(side.format(name), text, re.IGNORECASE) for name in ("left", "right")]
        found = [match[1] for match in parts if match and match[1]]
        return sum(_words(part) for part in found) or duration, 0.0
    if activity in ("bottle", "supplement"):
        match = re.search(r"\b(\d[\d.,]*)\s*(ml|oz)\b", text.lower())
        return 0.0, volume(match[1] + match[2], unit) if match else volume(row["quantity"], unit)
    if activity in ("expressed", "pumping", "pumped", "pump"):
        own = word(row, "extra data")
        if re.search(r"\d\s*(ml|oz)?\s*\(?[LR]\b", text, re.IGNORECASE):
            parts = [re.search(rf"(\d[\d.,]*\s*(?:ml|oz)?)\s*\(?{side}\b", text, re.IGNORECASE) for side in "LR"]
            given = [match[1] for match in parts if match]
            if given:
                return duration, sum(volume(part.strip(), unit, own) for part in given)
        return duration, volume(row["quantity"], unit, own)
    return 0.0, 0.0


def daybook(row, _unit, _file):
    ms = 60_000

    def minutes(key):
        return timed(row.get(key, ""), ms, "h")

    kind = word(row, "type")
    volumes = volume(row.get("volume", ""), 1.0)
    left, right = minutes("left_duration"), minutes("right_duration")
    whole = minutes("duration")
    start, end = (_millis(row, *keys) for keys in (("start_millis", "startmillis"), ("end_millis", "endmillis")))
    if not whole and start and end:
        length = round(end / 1000) / 60 - round(start / 1000) / 60
        if length < 0 and 0 <= length + 1440 <= 180:
            length += 1440
        whole = length if 0 <= length <= 1440 and 6e11 < start < 4.1e12 and 6e11 < end < 4.1e12 else 0.0
    if kind == "breastfeeding":
        return left + right or whole, 0.0
    if kind == "pump":
        return max(left, right) or whole, volumes
    if kind == "bottle":
        return 0.0, volumes
    return 0.0, 0.0


def _millis(row, *keys):
    text = next((row[key].strip() for key in keys if row.get(key)), "")
    return float(text) if re.fullmatch(r"[0-9]{9,14}", text) else None


def _extract(row, _unit, _file):
    if word(row, "activity") not in ("breastfeeding", "pump"):
        return 0.0, 0.0
    left, right = sides_of(row, "left_duration_seconds", "right_duration_seconds", 60, "h")
    minutes = left + right if word(row, "activity") == "breastfeeding" else max(left, right)
    return minutes or timed(row["duration_in_seconds"], 60, "h"), 0.0


def _hatch(row, unit, _file):
    activity, info = word(row, "activity"), word(row, "info")
    minutes = clock(row["duration"], "h") or _hatch_between(row["start time"], row["end time"])
    ml = volume(row["amount"], unit)
    if activity == "feeding" and info in ("left", "right", "both"):
        return minutes, 0.0 if re.fullmatch(r"0*\.?0*", row["amount"]) else ml
    if activity == "feeding":
        return 0.0, ml
    if activity == "pump":
        return _hatch_between(row["start time"], row["end time"]), ml
    return 0.0, 0.0


def _hatch_between(start, end):
    bare = [
        re.sub(r"\s*[AP]M$", "", text) if int(re.search(r" (\d+):", text)[1]) not in range(1, 13) else text
        for text in (start, end)
        if re.search(r" (\d+):", text)
    ]
    if len(bare) < 2:
        return 0.0
    times = []
    for text in bare:
        for pattern in ("%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"):
            try:
                times.append(time_of(text, pattern))
                break
            except ValueError:
                continue
    if len(times) < 2:
        return 0.0
    return between(*(f"{one:%Y-%m-%d %H:%M:%S}" for one in times))


def _nested(row, _unit, _file):
    kind = word(row, "type")
    left, right = sides_of(row, "left_seconds", "right_seconds", 60)
    length = between(row["started_at"], row["ended_at"], "%Y-%m-%dT%H:%M:%SZ")
    if kind == "nursing":
        return left + right or length, 0.0
    if kind == "bottle":
        return 0.0, volume(row["amount_ml"], 1.0)
    if kind == "pump":
        sides = [row["left_ml"], row["right_ml"]]
        ml = sum(volume(part, 1.0) for part in sides)
        given_ml = any(volume_like(part, 1.0) for part in sides)
        return max(left, right) or length, ml if given_ml else volume(row["amount_ml"], 1.0)
    return 0.0, 0.0


def _timer(row, unit, _file):
    left, right = clock(row["left"], "m"), clock(row["right"], "m")
    amount, pumped = row["bottle amount"], row["pump amount"]
    if row["sleep time"] and not amount and not pumped:
        return 0.0, 0.0
    if pumped:
        return max(left, right), volume(pumped, unit)
    nothing = ("", "0:0", "0:00", "00:00")
    if amount and row["left"] in nothing and row["right"] in nothing:
        return 0.0, volume(amount, unit)
    if amount:
        return left + right, volume(amount, unit)
    if (row["wet"] or row["solid"]) and not row["left"]:
        return 0.0, 0.0
    return (left + right if row["left"] or row["right"] else 0.0), 0.0


def _own(row, _unit, _file):
    kind = word(row, "kind")
    left, right = clock(row["left_min"], "m"), clock(row["right_min"], "m")
    sides = [row["left_ml"], row["right_ml"]]
    ml = sum(volume(part, 1.0) for part in sides)
    if not any(volume_like(part, 1.0) for part in sides):
        ml = volume(row["volume_ml"], 1.0)
    if kind in ("breast", "hand"):
        return left + right, ml
    if kind == "pump":
        return max(left, right), ml
    if kind in ("bottle_own_milk", "bottle_formula"):
        return 0.0, volume(row["volume_ml"], 1.0)
    return 0.0, 0.0


def _nothing(_row, _unit, _file):
    return 0.0, 0.0


READERS = {
    "nara": _nara,
    "huckleberry": _huckleberry,
    "baby-buddy-feedings": _feedings,
    "baby-buddy-pumpings": _pumpings,
    "baby-buddy-weights": _nothing,
    "nighp-nursing": _nursing,
    "nighp-pump": _pump,
    "nighp-bottle": _bottle,
    "amila": _amila,
    "baby-connect": _connect,
    "baby-daybook-csv": daybook,
    "baby-daybook-extract": _extract,
    "hatch": _hatch,
    "nested": _nested,
    "nursing-timer": _timer,
    "lactflow": _own,
}
