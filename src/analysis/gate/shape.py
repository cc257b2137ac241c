"""Whether JSON has exactly the fields that its type declares: `analysis.record` is the only list of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict


def faults(value: Any, form: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield ``(where, what is wrong)`` for every place where a value is not of a type.

    Parameters
    ----------
    value
        As JSON gives it.
    form
        A type of `analysis.record`: a TypedDict, ``list[…]``, ``dict[str, …]``, a Literal, a union or a
        plain type. ``float`` takes whole numbers too, as JSON does.
    path
        Where the value stands. Names of fields that are not declared are counted, never said.
    """
    origin = get_origin(form)
    if form is Any:
        return
    if is_typeddict(form):
        yield from _fields(value, form, path)
    elif origin in {Union, UnionType}:
        if not any(next(faults(value, one, path), None) is None for one in get_args(form)):
            yield path, "is of another type"
    elif origin is Literal:
        if value not in get_args(form):
            yield path, "is none of the declared values"
    elif origin is list:
        yield from _items(value, form, path)
    elif origin is dict:
        yield from _entries(value, form, path)
    elif not _is(value, form):
        yield path, "is of another type"


def _fields(value: Any, form: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, "is no object"
        return
    declared = _declared(form)
    unknown = len(set(value) - set(declared))
    if unknown:
        yield path, f"has {unknown} field{'s' if unknown > 1 else ''} that nobody declares"
    for name, kind in declared.items():
        if name not in value:
            if name in form.__required_keys__:
                yield path, f'has no field "{name}"'
        else:
            yield from faults(value[name], kind, f"{path}.{name}" if path else name)


def _items(value: Any, form: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, "is no list"
        return
    for number, item in enumerate(value, 1):
        yield from faults(item, get_args(form)[0], f"{path}[{number}]")


def _entries(value: Any, form: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, "is no object"
        return
    for number, item in enumerate(value.values(), 1):
        yield from faults(item, get_args(form)[1], f"{path}, entry {number}")


@cache
def _declared(form: Any) -> dict[str, Any]:
    return get_type_hints(form)


def _is(value: Any, form: Any) -> bool:
    if form in {None, NoneType}:
        return value is None
    if form is float:
        return isinstance(value, float | int) and not isinstance(value, bool)
    if form is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, form)
