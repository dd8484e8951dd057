"""The tree of config keys as the declarations give it: what may stand where, and within which bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lactflow.config.model import AddedName, RunConfig
from lactflow.config.named import Named
from lactflow.config.text import choices, found, nearest
from lactflow.dyad.schedule import ClockTime
from lactflow.parameters.declaration import Quantity

Key = tuple[str | int, ...]

_UNITS = {
    "ml": "mL",
    "min": "min",
    "minutes": "min",
    "hours": "h",
    "h": "h",
    "day": "",
    "days": "days",
    "mg": "mg",
    "ug": "µg",
    "iu": "IU",
    "mmhg": "mmHg",
}
"""Units by the last word of a key, for the few keys that are no declared quantities."""
_RATES = {
    "_ml_per_h": "mL/h",
    "_ml_per_day": "mL/d",
    "_g_per_l_h": "g/L/h",
    "_l_per_h": "L/h",
    "_per_h": "1/h",
    "iu_per_mg": "IU/mg",
    "per_ug": "pg/mL/ug",
    "per_iu": "pg/mL/IU",
    "volume_l": "L",
    "drink_g": "g",
    "_weeks": "weeks",
}
"""Units by the end of a key, of files of drugs; the first that fits counts."""


@dataclass(frozen=True)
class Spot:
    """
    A place in the tree of keys.

    Attributes
    ----------
    path
        Key path as the user writes it.
    annotation
        Type of what may stand there; None where nothing is known.
    field
        Declaration of the key; None for an entry of a list.
    """

    path: Key
    annotation: Any
    field: FieldInfo | None = None

    @property
    def quantity(self) -> Quantity | None:
        """The declared quantity that stands here."""
        extra = self.field.json_schema_extra if self.field is not None else None
        declared = extra.get("quantity") if isinstance(extra, dict) else None
        return declared if isinstance(declared, Quantity) else None

    @property
    def unit(self) -> str:
        """Unit with a space before it, or nothing."""
        name = next((part for part in reversed(self.path) if isinstance(part, str)), "")
        usual = _UNITS.get(name.rsplit("_", 1)[-1], "")
        by_end = next((unit for end, unit in _RATES.items() if name.endswith(end)), usual)
        unit = self.quantity.unit if self.quantity is not None else by_end
        return f" {unit}" if unit else ""

    def bounds(self) -> tuple[float | None, float | None, bool]:
        """Lowest and highest value allowed, None for no limit; and whether the lowest itself is left out."""
        low: Any = None
        high: Any = None
        excluded = False
        for rule in self._rules():
            if isinstance(rule, Ge):
                low = rule.ge
            elif isinstance(rule, Gt):
                low, excluded = rule.gt, True
            elif isinstance(rule, Le):
                high = rule.le
            elif isinstance(rule, Lt):
                high = rule.lt
        return low, high, excluded

    def models(self) -> tuple[type[BaseModel], ...]:
        """Groups of keys that may stand here: one, or one for each kind."""
        return _models(self.annotation)

    def known(self) -> list[str]:
        """Names of the keys that may stand below."""
        return list(dict.fromkeys(name for model in self.models() for name in _fields(model)))

    def kinds(self) -> dict[str, type[BaseModel]]:
        """Groups by their kind, where there are several."""
        models, tag = self.models(), self.tag
        return {_word(model, tag): model for model in models} if is_union(self.annotation) else {}

    @property
    def tag(self) -> str:
        """The key that says which of several groups stands here: `kind`, or `what` of a single session."""
        return next((tag for tag in _TAGS if all(tag in model.model_fields for model in self.models())), _TAGS[0])

    def allowed(self) -> str:  # noqa: PLR0911 - one answer for each type
        """What may stand here, in words."""
        bare = _bare(self.annotation)
        if self.kinds():
            return f"a mapping with {'a ' if self.tag == 'kind' else ''}{self.tag}: {choices(list(self.kinds()))}"
        if self.models():
            known = choices(self.known())
            if names_additions(self):
                return f"a list of names, or a mapping of {known}" if known else "an empty list []"
            mapping = f"a mapping of {known}" if known else "an empty mapping {}"
            return f"{choices(self.words())}, or {mapping}" if self.words() else mapping
        if self.names():
            return choices(self.names())
        if get_origin(bare) is tuple:
            return self._allowed_list(_entry(bare))
        if get_origin(bare) is dict:
            return "a mapping of names"
        if bare is bool:
            return "true or false"
        if bare in (int, float):
            return ("a whole number" if bare is int else "a number") + self._range()
        return "a clock time, 00:00 to 23:59" if self._is_clock_time() else "text"

    def is_whole_number(self) -> bool:
        """Whether only whole numbers may stand here."""
        return _bare(self.annotation) is int

    def names(self) -> list[str]:
        """The words that may stand here, where only some may."""
        bare = _bare(self.annotation)
        return [str(value) for value in get_args(bare)] if get_origin(bare) is Literal else []

    def words(self) -> list[str]:
        """The words that may stand here in place of a group of keys."""
        extra = self.field.json_schema_extra if self.field is not None else None
        words = extra.get("words") if isinstance(extra, dict) else None
        return [str(word) for word in words] if isinstance(words, list) else []

    def _allowed_list(self, entry: Any) -> str:
        if entry is None:
            return "an empty list []"
        of = Spot(self.path, entry)
        if of.names():
            return f"a list such as [{of.names()[0]}]"
        if of.models():
            return "a list of mappings"
        return f"a list, each entry {of.allowed()}"

    def _is_clock_time(self) -> bool:
        return get_args(ClockTime)[1] in self._rules()

    def _rules(self) -> list[Any]:
        """What the declaration demands of the value, also of one that may be left out."""
        rules = list(self.field.metadata) if self.field is not None else []
        for member in (self.annotation, *get_args(self.annotation)):
            for rule in get_args(member)[1:] if get_origin(member) is Annotated else ():
                rules += rule.metadata if isinstance(rule, FieldInfo) else [rule]
        return rules

    def _range(self) -> str:
        low, high, excluded = self.bounds()
        if low is None or high is None:
            return ""
        start = f" above {found(low)} up to " if excluded else f" from {found(low)} to "
        return f"{start}{found(high)}{self.unit}"


ROOT = Spot((), RunConfig)
_TAGS = ("kind", "what")
_OF_DRUGS = "drug_library"
_SLIP = 0.85
"""So much alike are a name and its misspelling; one that is less like it comes after the same name elsewhere."""


def step(spot: Spot, part: str | int) -> Spot:
    """
    What stands below `spot` at a key or a number; its annotation is None where nothing is known.

    A list of groups of several kinds takes a key that any kind has.
    """
    path = (*spot.path, part)
    bare = _bare(spot.annotation)
    if isinstance(part, int) and get_origin(bare) is tuple:
        return Spot(path, _entry(bare))
    if isinstance(part, int) and names_additions(spot):
        return Spot(path, AddedName)
    if isinstance(part, str) and get_origin(bare) is dict:
        return Spot(path, get_args(bare)[1])
    for model in spot.models():
        if part in _fields(model):
            field = _fields(model)[str(part)]
            return Spot(path, field.annotation, field)
    return Spot(path, None)


def names_additions(spot: Spot) -> bool:
    """Whether names of additions stand here, in a list or with their quantities."""
    return any(issubclass(model, Named) for model in spot.models())


def follow(loc: tuple[str | int, ...], root: Spot = ROOT) -> Spot:
    """
    The spot of a location as pydantic gives it, the tags of unions left out of its path.

    Parameters
    ----------
    loc
        Keys and numbers; below a list of several kinds pydantic puts the kind as one step more.
    root
        Where the location begins.
    """
    spot = root
    for part in loc:
        if is_union(spot.annotation):
            kinds = spot.kinds()
            if part in kinds:
                spot = Spot(spot.path, kinds[str(part)], spot.field)
                continue
        spot = step(spot, part)
    return spot


@cache
def all_keys() -> tuple[str, ...]:
    """Every dotted path of the config; numbers of list entries are 0."""
    return tuple(_keys(RunConfig, ""))


def nearest_key(path: Key, siblings: list[str]) -> str | None:
    """
    The known key most like an unknown one, as a whole path when it stands elsewhere.

    Parameters
    ----------
    path
        As the user wrote it.
    siblings
        Known keys at the same place.
    """
    word = str(path[-1])
    if path[0] == _OF_DRUGS:  # what drugs have is nowhere else
        return nearest(word, siblings)
    if (sibling := nearest(word, siblings, cutoff=_SLIP)) is not None:
        return sibling
    here = _numbered(path)
    elsewhere = [key for key in all_keys() if key.rsplit(".", 1)[-1] == word]
    if elsewhere and here not in elsewhere:
        # A schedule is what nearly every config has.
        return next((key for key in elsewhere if key.startswith("schedule.")), elsewhere[0])
    if (sibling := nearest(word, siblings)) is not None:
        return sibling
    return None if elsewhere else nearest_path(path)  # None: it belongs to another kind of the same list


def nearest_path(path: Key) -> str | None:
    """The known dotted path most like the whole of `path`."""
    typed = [str(part) for part in path]
    here, known = _numbered(path), all_keys()
    same_end = [key for key in known if key.rsplit(".", 1)[-1] == typed[-1]]
    match = nearest(here, same_end, cutoff=0.0) if same_end else nearest(here, known)
    if match is None:
        ends = {key.rsplit(".", 1)[-1]: key for key in known}
        end = nearest(typed[-1], list(ends), cutoff=0.75)
        match = ends[end] if end is not None else None
    if match is None or here.startswith(f"{match}."):
        return None
    parts = match.split(".")
    if len(parts) == len(typed):  # the user's own number of the list entry
        parts = [mine if part == "0" and mine.isdecimal() else part for part, mine in zip(parts, typed, strict=True)]
    return ".".join(parts) if parts != typed else None


def _numbered(path: Key) -> str:
    """A dotted path with 0 for every number of a list entry, as in `all_keys`."""
    return ".".join("0" if str(part).isdecimal() else str(part) for part in path)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields of a group by the names that users write, other names of a key among them."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    also: Mapping[str, str] = getattr(model, "also_written", {})
    return fields | {other: fields[name] for other, name in also.items() if name in fields}


def is_union(annotation: Any) -> bool:
    """Whether groups of several kinds may stand here."""
    return len(_models(annotation)) > 1


def _bare(annotation: Any) -> Any:
    """A type without `Annotated` and without `None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _bare(members[0]) if len(members) == 1 else annotation
    return annotation


def _entry(annotation: Any) -> Any:
    """Type of the entries of a list, None for a list that must be empty and for what is no list."""
    members = [member for member in get_args(annotation) if member not in (Ellipsis, ())]
    return members[0] if members and get_origin(annotation) is tuple else None


def _models(annotation: Any) -> tuple[type[BaseModel], ...]:
    bare = _bare(annotation)
    if get_origin(bare) in (Union, UnionType):
        return tuple(model for member in get_args(bare) for model in _models(member))
    return (bare,) if isinstance(bare, type) and issubclass(bare, BaseModel) else ()


def _word(model: type[BaseModel], tag: str) -> str:
    return str(get_args(_bare(model.model_fields[tag].annotation))[0])


def _keys(model: type[BaseModel], before: str) -> Iterator[str]:
    for name, field in _fields(model).items():
        key = f"{before}{name}"
        yield key
        bare = _bare(field.annotation)
        for below in _models(bare):
            yield from _keys(below, f"{key}.")
        for below in _models(_entry(bare)):
            yield from _keys(below, f"{key}.0.")
