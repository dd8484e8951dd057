"""The JSON Schema of a config and of files like it: what editors complete and check while one is written."""

from __future__ import annotations

from typing import Any

from lactflow.config.model import RunConfig
from lactflow.config.named import NAMED
from lactflow.parameters.breasts import BreastTraits
from lactflow.parameters.conditions import REFUSED
from lactflow.parameters.declaration import Declared, Quantity
from lactflow.pharmacology.declared import Drug
from lactflow.plugins import found

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_Schema = dict[str, Any]
_ABOUT = ("default", "description")


def json_schema() -> _Schema:
    """
    The schema of a config, as JSON Schema 2020-12.

    Every key has its type, range, default and meaning; `kind` decides which keys an entry of `schedule`,
    `interventions` or `mother.conditions` has. Keys of what installed packages add are left open.
    What several keys say together is not in it: `lactflow run CONFIG --dry-run` checks that.
    """
    schema: _Schema = RunConfig.model_json_schema(by_alias=True)
    groups: dict[str, _Schema] = schema["$defs"]
    for model in _groups_in(RunConfig):
        if model.__name__ in groups:
            _describe(groups[model.__name__], model)
    _describe(schema, RunConfig)
    _add_short_forms(schema, groups)
    return {"$schema": DIALECT, "title": "Config of lactflow", **_without_titles(schema)}


def drug_schema() -> _Schema:
    """
    The schema of a file of a drug, as JSON Schema 2020-12.

    A file that is laid over a shipped drug says only what differs, so that it asks for no more than the name.
    """
    schema = schema_of(Drug, "File of a drug for lactflow")
    return {**schema, "required": ["format", "drug"]}


def schema_of(model: type[Declared], title: str) -> _Schema:
    """
    The schema of a file with these keys, as JSON Schema 2020-12, with units and words that may stand for a group.

    Parameters
    ----------
    model
        Of the whole file.
    title
        What it is of.
    """
    schema: _Schema = model.model_json_schema(by_alias=True)
    groups: dict[str, _Schema] = schema.get("$defs", {})
    for each in _groups_in(model):
        if each.__name__ in groups:
            _describe(groups[each.__name__], each)
    _describe(schema, model)
    return {"$schema": DIALECT, "title": title, **_without_titles(schema)}


def _groups_in(model: type[Declared]) -> set[type[Declared]]:
    """A group of keys and all groups below it."""
    groups: set[type[Declared]] = set()
    pending: list[Any] = [model]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, Declared):
            if annotation not in groups:
                groups.add(annotation)
                pending += [field.annotation for field in annotation.model_fields.values()]
        else:
            pending += getattr(annotation, "__args__", ())
    return groups


def _describe(schema: _Schema, model: type[Declared]) -> None:
    """Units of quantities, words that may stand for a group, and other names of keys."""
    keys: dict[str, _Schema] = schema["properties"]
    for name, field in model.model_fields.items():
        key, extra = keys[field.alias or name], field.json_schema_extra
        extra = extra if isinstance(extra, dict) else {}
        key.pop("quantity", None)
        if isinstance(quantity := extra.get("quantity"), Quantity):
            key["description"] = f"{quantity.note} [{quantity.unit}]" if quantity.unit else quantity.note
        if words := key.pop("words", None):
            group = {"$ref": key.pop("$ref")}
            key["anyOf"] = [{"enum": list(words)}, group]
    required: list[str] = schema.get("required", [])
    for other, name in getattr(model, "also_written", {}).items():
        if name in keys:
            keys[other] = {**keys[name], "description": f"As `{name}`; see the docs of configs"}
            if name in required:
                required.remove(name)
                schema.setdefault("allOf", []).append({"oneOf": [{"required": [name]}, {"required": [other]}]})


def _add_short_forms(schema: _Schema, groups: dict[str, _Schema]) -> None:
    """What a config may write in a shorter or more open way than the model keeps it."""
    keys = schema["properties"]
    library = {word: keys["drug_library"].pop(word) for word in [*keys["drug_library"]] if word not in _ABOUT}
    several = {"type": "array", "items": {"anyOf": [{"type": "string"}, library]}}
    keys["drug_library"]["anyOf"] = [{"type": "string"}, several, library]
    groups["Drug"].pop("required")  # what is merged over a shipped drug says what differs
    for name in NAMED:
        of_quantities = {"type": "object", "description": "Names, each with its quantities"}
        keys[name] = {"anyOf": [{"type": "array", "items": {"type": "string"}}, of_quantities]} | {
            word: keys[name][word] for word in ("default", "description")
        }
    kinds = keys["schedule"]["items"]
    kinds.pop("discriminator")
    if added := [plugin.name for plugin in found("schedules")]:
        about = "A kind that an installed package adds, with its own keys"
        entry = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": added}}}
        kinds["oneOf"].append({**entry, "description": about})
    keys["interventions"]["items"].pop("discriminator", None)
    groups["OncePhase"]["properties"]["sessions"]["items"].pop("discriminator")
    conditions = groups["Mother"]["properties"]["conditions"]["items"]
    references = conditions.pop("discriminator")["mapping"]
    needs = {word: groups[reference.rsplit("/", 1)[-1]]["required"] for word, reference in references.items()}
    conditions["oneOf"].append({"enum": sorted(word for word, keys in needs.items() if keys == ["kind"])})
    conditions["description"] = f"Known and refused, as no size is printed: {', '.join(sorted(REFUSED))}"
    lobes = groups[BreastTraits.__name__]["properties"]["severed_lobes"]
    listed = {word: lobes.pop(word) for word in ("items", "maxItems", "type")}
    lobes["anyOf"] = [{"type": "integer", "minimum": 0, "maximum": listed["maxItems"]}, listed]


def _without_titles(schema: Any) -> Any:
    """The schema without the titles that are made of names: editors would show them in place of what a key means."""
    if isinstance(schema, list):
        return [_without_titles(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _without_titles(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _without_titles(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
