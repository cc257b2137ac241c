"""Sentences whose numbers were computed: templates filled by name, literal digits refused, safe HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from html import escape
from numbers import Integral, Real
from string import Formatter
from typing import Any, Final

from analysis.disclosure.outputs.hidden import Hidden
from analysis.errors import UsageError, one_of
from analysis.present import formats
from analysis.record import Value

ALLOWED: Final = re.compile(
    r"""
      \b(?:19|20)\d\d(?:[-–/](?:\d{4}|\d\d))?\b      # a year or a financial year: 2021, 2022-23
    | \b(?:90|95|99|99\.8)\s?(?:%|per\ cent)         # a confidence level
    | \b1[-\ ]in\b                                   # 1 in {n}
    | \b[A-Z][A-Za-z]*-?\d+\b                        # a name: CORE-10, PHQ-9, M20
    | \b(?:[Ss]ections?|[Pp]art|[Ss]chedule)\ \d+\b  # a provision of an Act
    """,
    re.VERBOSE,
)
"""The only digits that may be typed into prose: names and dates of things, never results."""

_DIGITS = re.compile(r"\d[\d,.]*%?")


def is_estimate(value: Any) -> bool:
    """Tell an estimate with an interval by its attributes, so that any method may make one."""
    return all(hasattr(value, name) for name in ("value", "low", "high"))


def is_numeric(value: Any) -> bool:
    """Tell whether a value said in prose rests on data and therefore needs a source."""
    return is_estimate(value) or (isinstance(value, Real) and not isinstance(value, bool))


def fill(template: str, values: Mapping[str, Any], *, where: str) -> tuple[str, dict[str, Value]]:
    """Fill a template and return its text and the values it said, in order of first use.

    Parameters
    ----------
    template
        Prose with fields such as ``{n}``, ``{share:value}`` or ``{rate:percent}``.
    values
        What the fields stand for: whole numbers, text and estimates as they are; other numbers with one
        of the named formats of `analysis.present.formats` or a Python format after the colon.
    where
        Notebook and section, for the message.

    Raises
    ------
    UsageError
        If a digit was typed into the prose, a field has no value, or a value cannot be printed as asked.
    """
    pieces: list[str] = []
    said: dict[str, Value] = {}
    for literal, field, spec, conversion in _parse(template, where):
        _refuse_digits(literal, where)
        pieces.append(literal)
        if field is not None:
            text = _show(field, _named(field, conversion, values, where), spec or "", where)
            said.setdefault(field, _value(values[field], text))
            pieces.append(text)
    return "".join(pieces), said


def fields(template: str, *, where: str) -> list[str]:
    """Return the names that a template has fields for, in order.

    Raises
    ------
    UsageError
        If the template cannot be read.
    """
    return [field for _, field, _, _ in _parse(template, where) if field is not None]


def _parse(template: str, where: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(template))
    except ValueError as error:
        raise UsageError(
            f"the template cannot be read: {error}",
            where=where,
            cure="Write {name} for a value, and {{ or }} for a brace.",
        ) from None


def _refuse_digits(literal: str, where: str) -> None:
    found = _DIGITS.search(ALLOWED.sub(" ", literal))
    if found:
        raise UsageError(
            f'"{found.group().rstrip(".,")}" is typed into the prose, and numbers in prose are computed',
            where=where,
            cure='Pass it by name: "{n}" with n=….',
        )


def _named(field: str, conversion: str | None, values: Mapping[str, Any], where: str) -> Any:
    if conversion or not field.isidentifier():
        raise UsageError(
            f'the field "{{{field}}}" is not a plain name',
            where=where,
            cure="Compute it in the cell and pass it by name.",
        )
    if field not in values:
        raise UsageError(f'no value was passed for "{{{field}}}"', where=where, cure=one_of(field, values))
    return values[field]


def _show(field: str, value: Any, spec: str, where: str) -> str:
    if isinstance(value, Hidden):
        return str(value)
    number = value.value if is_estimate(value) else value
    if number is None or (isinstance(number, Real) and math.isnan(number)):
        raise UsageError(
            f'"{field}" is missing, and a sentence cannot say a missing number',
            where=where,
            cure="Say what is not known with run.absent, or choose another sentence.",
        )
    try:
        return _print(number if not is_estimate(value) else value, spec)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f'"{field}" cannot be printed as "{{{field}:{spec}}}": {error}' if spec else f'"{field}" {error}',
            where=where,
            cure=f"Write {{{field}:FORMAT}} with one of: {', '.join(formats.NAMED)}, or a Python format.",
        ) from None


def _print(value: Any, spec: str) -> str:
    if is_estimate(value):
        return format(value, spec)
    if spec in formats.NAMED:
        return formats.show(value, spec)
    if spec:
        return format(value, spec)
    if isinstance(value, bool):
        raise TypeError("is true or false, which is not a word of a sentence")
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, Real):
        raise TypeError("is a number with decimals and needs a format")
    return str(value)


def _value(value: Any, text: str) -> Value:
    plain = formats.plain
    if is_estimate(value):
        return {
            "value": plain(value.value),
            "low": _float(value.low),
            "high": _float(value.high),
            "text": text,
        }
    return {"value": plain(value), "low": None, "high": None, "text": text}


def _float(value: Any) -> float | None:
    number = formats.plain(value)
    return None if number is None else float(number)


def refuse_unsaid(values: Mapping[str, Any], said: Mapping[str, Any], *, where: str) -> None:
    """Refuse a value that no template names: it is a slip, and would be recorded as if it were said.

    Raises
    ------
    UsageError
        If a value was passed that no field names.
    """
    unsaid = sorted(set(values) - set(said))
    if unsaid:
        raise UsageError(
            f'"{unsaid[0]}" was passed but no template says {{{unsaid[0]}}}',
            where=where,
            cure="Say it or leave it out.",
        )


def refuse_blanks(said: Mapping[str, Value], *, where: str) -> None:
    """Refuse words with a blank at an end, or two in a row: the gate takes them for a hidden sign.

    Raises
    ------
    UsageError
        If a value that is recorded beside its finding has one.
    """
    for name, value in said.items():
        if value["text"] != value["text"].strip() or "  " in value["text"]:
            raise UsageError(
                f'"{name}" has a blank that nobody sees, at an end or beside another',
                where=where,
                cure="Write the blank into the template, or join the words to it before.",
            )


def html(text: str) -> str:
    """Return prose as HTML: everything escaped, then ``**bold**`` and ``*em*`` and nothing else."""
    safe = escape(text, quote=True)
    safe = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"\*(?=\S)(.+?)(?<=\S)\*", r"<em>\1</em>", safe)


def words(text: str) -> str:
    """Return prose without its marks, for plain text and for charts."""
    return re.sub(r"\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}", r"\1", text)
