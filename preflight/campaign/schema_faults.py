"""From what pydantic says about a definition to sentences for people, at the place in the file."""

from __future__ import annotations

import difflib
import enum
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from preflight.campaign.checks import DATE_EXAMPLE, MOMENT_EXAMPLE, TAGS
from preflight.campaign.places import clipped
from preflight.rule import Problem

if TYPE_CHECKING:
    from preflight.campaign.located import Located
    from preflight.campaign.places import Places, Route
    from preflight.source import Span

_WRITE = {
    "name": "name: autumn-networking",
    "purpose": "purpose: prospecting",
    "from": "from: Name <name@example.org>",
    "body": "body: {html: mail.html, text: mail.txt}",
    "audience": "audience: {contacts: contacts.csv}",
    "contacts": "contacts: contacts.csv",
    "connection": "connection: crm",
    "table": "table: crm.contacts",
    "rule": "rule: role-address",
    "reason": "reason: “why it is accepted”",
    "since": "since: 2026-11-03T08:00:00+01:00",
    "affects": "affects: affected.csv",
}


def validated(model: type[BaseModel], value: object) -> tuple[BaseModel | None, list[Any]]:
    """The model of a value (or None) and pydantic's errors. Null stands for an absent key."""
    try:
        clean = without_nulls(model, value)
        return model.model_validate(clean, by_alias=True, by_name=False), []
    except ValidationError as error:
        errors = list(error.errors(include_url=False))
        return None, [
            {**one, "loc": tuple(s for s in one["loc"] if s not in TAGS)} for one in errors
        ]


def problems(
    model: type[BaseModel], located: Located, errors: Iterable[Any]
) -> list[tuple[Route, Problem]]:
    """One problem for each error, with the route of the value at fault, in order of place."""
    teller = _Teller(model, located)
    found = [(tuple(error["loc"]), teller.problem(error)) for error in errors]
    return sorted(found, key=lambda pair: _start(pair[1]))


def _start(problem: Problem) -> int:
    return problem.span.start if problem.span else 0


def closest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant, compared without case; None when none is near."""
    by_folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(word[:100].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def without_nulls(model: type[BaseModel], value: object) -> object:
    """The value without the keys of models that hold nothing: null counts as absent."""
    return _pruned(model, value)


def _pruned(annotation: Any, value: object) -> object:
    model = _model_in(annotation)
    if model is not None and isinstance(value, dict):
        fields = _fields(model)
        return {
            key: _pruned(fields[key], item) if key in fields else item
            for key, item in value.items()
            if not (item is None and key in fields)
        }
    if isinstance(value, dict):
        return {key: _pruned(_item(annotation), item) for key, item in value.items()}
    if isinstance(value, list):
        return [_pruned(_item(annotation), item) for item in value]
    return value


def _parts(annotation: Any) -> Iterator[Any]:
    """The types an annotation is made of, outermost first: through Annotated and unions."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _parts(typing.get_args(annotation)[0])
    elif origin in (typing.Union, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _item(annotation: Any) -> Any:
    """The type of the values of a dict, or of the items of a tuple; None for anything else."""
    for part in _parts(annotation):
        arguments = typing.get_args(part)
        if typing.get_origin(part) is dict:
            return arguments[1]
        if typing.get_origin(part) is tuple:
            return arguments[0]
    return None


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a model as written in YAML, with their types."""
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _homes(model: type[BaseModel], prefix: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every key below a model with the route of the mapping it belongs in."""
    for key, annotation in _fields(model).items():
        yield prefix, key
        inner = _model_in(annotation)
        if inner is not None:
            yield from _homes(inner, (*prefix, key))


class _Teller:
    """Tells the errors of one file."""

    def __init__(self, model: type[BaseModel], located: Located) -> None:
        self.model = model
        self.value = located.value
        self.places: Places = located.places

    def problem(self, error: Mapping[str, Any]) -> Problem:
        route = self._route(error["loc"])
        kind = str(error["type"])
        if kind == "missing" or kind == "extra_forbidden":
            whole = tuple(error["loc"])
            return self._missing(whole) if kind == "missing" else self._unknown(whole)
        tell = _TABLE.get(kind) or _TABLE.get(kind.rpartition("_")[0]) or _TABLE.get(_family(kind))
        name = self._name(route)
        value = self._at(route)
        message, help = (
            tell(self, name, value, error)
            if tell
            else (f"{_shown(value)} is not accepted as {name}", "")
        )
        if error["loc"][-1:] == ("[key]",):
            return Problem(self.places.key_span(route), message, help=help)
        if value is None:
            message, help = f"{name} has no value", "Write a value, or remove the key."
        return Problem(self._span(route, value), message, help=help)

    def _route(self, loc: Iterable[str | int]) -> Route:
        """The longest part of pydantic's location that stands in the file."""
        route = tuple(loc)
        while route and route not in self.places.values:
            route = route[:-1]
        return route

    def _span(self, route: Route, value: object) -> Span:
        """The value; the key of a mapping or list, or of what is not there."""
        if isinstance(value, (dict, list)) or not value or not route:
            return self._key_or_first(route)
        return self.places.span(route)

    def _key_or_first(self, route: Route) -> Span:
        """The nearest key that holds the value; for an entry of a list its own first key."""
        while route:
            if route in self.places.keys:
                return self.places.keys[route]
            if isinstance(route[-1], int) and (first := self._first_key(route)):
                return first
            route = route[:-1]
        return self._first_key(()) or self._first_line()

    def _first_line(self) -> Span:
        whole = self.places.span(())
        line, _, _ = self.places.source.text[whole.start :].partition("\n")
        return self.places.source.span(whole.start, whole.start + len(line.rstrip()))

    def _first_key(self, route: Route) -> Span | None:
        value = self._at(route)
        if isinstance(value, dict) and value:
            return self.places.keys.get((*route, next(iter(value))))
        return self.places.values.get(route) if route else None

    def _at(self, route: Route) -> object:
        value: Any = self.value
        for step in route:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def _type(self, route: Route) -> Any:
        annotation: Any = self.model
        for step in route:
            model = _model_in(annotation)
            fields = _fields(model) if model else {}
            annotation = fields.get(str(step)) if model else _item(annotation)
        return annotation

    def _name(self, route: Route) -> str:
        """What the value is called: its key, or its position under a key."""
        if not route:
            return "the file"
        if isinstance(route[-1], int):
            ordinal = route[-1] + 1
            keys = [step for step in route if isinstance(step, str)]
            return f"entry {ordinal} of “{keys[-1]}”" if keys else f"entry {ordinal}"
        return f"“{clipped(str(route[-1]))}”"

    def _missing(self, route: Route) -> Problem:
        key, parent = route[-1], route[:-1]
        if isinstance(key, int):  # a pair that is no pair
            message, help = _pair(self, self._name(parent), None, {})
            return Problem(self._key_or_first(parent), message, help=help)
        example = _WRITE.get(key)
        help = f"Add it, for example `{example}`." if example else f"Add `{key}:`."
        help += _one_of(self._type(route))
        if route in self.places.keys:
            return Problem(self.places.keys[route], f"“{key}” has no value", help=help)
        under = f" under {self._name(parent)}" if parent else ""
        return Problem(self._key_or_first(parent), f"“{key}” is missing{under}", help=help)

    def _unknown(self, route: Route) -> Problem:
        key, parent = str(route[-1]), route[:-1]
        span = self.places.key_span(route)
        model = _model_in(self._type(parent))
        names = list(_fields(model)) if model else []
        where = "here" if not parent else f"under {self._name(parent)}"
        message = f"“{clipped(key)}” is no key that is known {where}"
        known = f"Known keys: {', '.join(names)}."
        at_home = [(home, name) for home, name in _homes(self.model) if home != parent]
        for home, name in at_home:
            if name == key:
                place = f"under “{'.'.join(map(str, home))}”" if home else "at the top"
                return Problem(
                    span, f"“{key}” belongs {place}, not {where}", help=f"Move it. {known}"
                )
        if near := closest(key, names):
            return Problem(span, f"{message}; did you mean “{near}”?", help=known)
        for home, name in at_home:
            if home and closest(key, [name]) and len(key) > 4:
                place = f"“{name}” under “{'.'.join(map(str, home))}”"
                return Problem(span, f"{message}; did you mean {place}?", help=known)
        return Problem(span, message, help=known)


def _family(kind: str) -> str:
    return kind.partition("_")[0]


def _one_of(annotation: Any) -> str:
    values = [str(v) for part in _parts(annotation) for v in _members(part)]
    return f" One of {', '.join(values)}." if values else ""


def _members(part: Any) -> Iterable[str]:
    if isinstance(part, type) and issubclass(part, enum.Enum):
        return [str(member.value) for member in part]
    return ()


def _shown(value: object) -> str:
    """A value as it is named in a sentence."""
    if isinstance(value, dict):
        return "a mapping of keys and values"
    if isinstance(value, list):
        return "a list"
    return f"“{clipped(str(value))}”"


Sentence = tuple[str, str]
_Tell = Callable[["_Teller", str, object, Mapping[str, Any]], Sentence]


def _own(_teller: _Teller, name: str, _value: object, error: Mapping[str, Any]) -> Sentence:
    message = str(error["ctx"]["message"]).replace("{key}", name)
    first, _, help = message.partition("; ")
    return first, help[:1].upper() + help[1:] + "." if help else ""


def _text(_teller: _Teller, name: str, value: object, _error: Mapping[str, Any]) -> Sentence:
    help = "Put the text in quotes if it begins with “[” or “{”." if value else ""
    return f"{name} must be text, not {_shown(value)}", help


def _mapping(teller: _Teller, name: str, value: object, error: Mapping[str, Any]) -> Sentence:
    route = teller._route(error["loc"])
    model = _model_in(teller._type(route))
    keys = f" ({', '.join(_fields(model))})" if model else ""
    if model and model.model_config.get("extra") == "allow":
        return f"{name} must be off, error, warning, notice, or a mapping of its options", ""
    if not route:
        return f"the file must hold keys and values, not {_shown(value)}", (
            f"Known keys: {keys.strip(' ()')}." if keys else ""
        )
    return f"{name} must be a mapping of keys and values{keys}, not {_shown(value)}", (
        "Write each `key: value` on its own line, indented."
    )


def _list(teller: _Teller, name: str, value: object, error: Mapping[str, Any]) -> Sentence:
    item = _item(teller._type(teller._route(error["loc"])))
    if item is int:
        return _pair(teller, name, value, error)
    if item is str:
        kind = "a list" if isinstance(value, str) else "a text or a list"
        return f"{name} must be {kind}, not {_shown(value)}", "Write [first, second]."
    return f"{name} must be a list, not {_shown(value)}", "Begin each entry with a dash."


def _choice(teller: _Teller, _name: str, value: object, error: Mapping[str, Any]) -> Sentence:
    route = teller._route(error["loc"])
    kind = next((str(step) for step in reversed(route) if isinstance(step, str)), "value")
    names = [n for part in _parts(teller._type(route)) for n in _members(part)]
    if not isinstance(value, str):
        return f"“{kind}” must be one of {', '.join(names)}, not {_shown(value)}", ""
    near = closest(value, names)
    message = f"{_shown(value)} is no {kind}; one of {', '.join(names)}"
    return (f"{message}; did you mean “{near}”?" if near else message), ""


def _severity(_teller: _Teller, _name: str, value: object, _error: Mapping[str, Any]) -> Sentence:
    names = ("off", "error", "warning", "notice")
    near = closest(str(value), names)
    message = f"{_shown(value)} is no severity; one of {', '.join(names)}"
    return (f"{message}; did you mean “{near}”?" if near else message), ""


def _pair(_teller: _Teller, name: str, _value: object, _error: Mapping[str, Any]) -> Sentence:
    return f"{name} takes one number, or the smallest and the largest", "Write 300, or [200, 400]."


def _number(_teller: _Teller, _name: str, value: object, _error: Mapping[str, Any]) -> Sentence:
    return f"{_shown(value)} is no whole number", "Write it in digits, as 300."


def _empty(_teller: _Teller, name: str, _value: object, _error: Mapping[str, Any]) -> Sentence:
    return f"{name} must not be empty", ""


def _moment(_teller: _Teller, _name: str, value: object, _error: Mapping[str, Any]) -> Sentence:
    return f"{_shown(value)} is no date and time", f"Write it as {MOMENT_EXAMPLE}."


def _date(_teller: _Teller, _name: str, value: object, _error: Mapping[str, Any]) -> Sentence:
    return f"{_shown(value)} is no date", f"Write it as {DATE_EXAMPLE}."


_TABLE: dict[str, _Tell] = {
    "preflight": _own,
    "string_type": _text,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "dict_type": _mapping,
    "tuple_type": _list,
    "list_type": _list,
    "enum": _choice,
    "string_pattern_mismatch": _severity,
    "string_too_short": _empty,
    "too_long": _pair,
    "too_short": _pair,
    "int": _number,
    "datetime": _moment,
    "date": _date,
}
