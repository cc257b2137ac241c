"""Arithmetic over printed figures, written in data: ``[total-2021-22] - [spend-2021-22]``.

A term in square brackets is one figure, named by its id, or by a selector such as
``[measure=referrals_in_quarter & category=*]``, where ``*`` is the category of the figure being checked.
``sum[…]`` adds every figure a selector finds, ``year[…]`` is the year a figure's period starts in, and
``yearno[…]`` the number in a period such as "Year 3". Beside terms: numbers, ``+ - * /``, brackets,
``min``, ``max``, ``ceil``. Nothing else is evaluated.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.errors import DataRefused
from analysis.evidence.audit_findings import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.evidence.audit_findings import Book, Figure

TERM: Final = re.compile(r"(sum|year|yearno)?\[([^\]]+)\]")
BINARY: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: Final[dict[str, Callable[..., float]]] = {"min": min, "max": max, "ceil": math.ceil}


class Absent(Exception):
    """A term names a figure that the table does not have; the relation cannot be checked."""


@dataclass(frozen=True)
class Evaluated:
    """What a formula comes to, from which figures, and how it reads with their numbers in it."""

    value: float
    figures: tuple[Figure, ...]
    text: str


@dataclass(frozen=True)
class _Term:
    value: float
    figures: tuple[Figure, ...]
    text: str


def evaluate(formula: str, book: Book, bound: Figure | None = None) -> Evaluated:
    """Work out a formula over the printed figures.

    Parameters
    ----------
    formula
        Arithmetic with terms in square brackets.
    book
        Every figure by id.
    bound
        The figure being checked, whose attributes ``*`` stands for.

    Raises
    ------
    Absent
        If a term finds no figure.
    DataRefused
        If the formula is not arithmetic, or a term finds several figures.
    """
    terms: dict[str, _Term] = {}

    def name(match: re.Match[str]) -> str:
        key = f"t{len(terms)}"
        terms[key] = _term(match[1] or "", match[2], book, bound)
        return key

    expression = TERM.sub(name, formula)
    value = _value(_parse(expression, formula), {key: term.value for key, term in terms.items()}, formula)
    figures = tuple(dict.fromkeys(figure for term in terms.values() for figure in term.figures))
    return Evaluated(value, figures, _text(expression, terms))


def select(selector: str, book: Book, bound: Figure | None = None) -> list[Figure]:
    """Return the figures a selector finds, in the order of the table.

    A selector is an id, or conditions joined by ``&``: ``measure=people_supported & category!=total``.

    Raises
    ------
    DataRefused
        If a condition has no ``=``, names an unknown column, or uses ``*`` with nothing bound.
    """
    if "=" not in selector:
        return [book[selector.strip()]] if selector.strip() in book else []
    conditions = [_condition(part, bound) for part in selector.split("&")]
    return [
        figure
        for figure in book.values()
        if all((figure.attribute(column) == value) is wanted for column, value, wanted in conditions)
    ]


def fill(template: str, book: Book, bound: Figure | None = None) -> str:
    """Replace the terms of a sentence by their printed numbers with units."""
    return TERM.sub(lambda match: _term(match[1] or "", match[2], book, bound).text, template)


def _condition(part: str, bound: Figure | None) -> tuple[str, str, bool]:
    """Read one condition into column, value and whether they must be equal."""
    match = re.fullmatch(r"\s*(\w+)\s*(!?=)\s*(.*?)\s*", part)
    if not match:
        raise DataRefused(
            f'"{part.strip()}" is not a condition', where="relations", cure="Write column=value."
        )
    column, value = match[1], match[3]
    if value == "*":
        if bound is None:
            raise DataRefused(f'"{part.strip()}" has no figure to take * from', where="relations")
        value = bound.attribute(column)
    return column, value, match[2] == "="


def _term(function: str, selector: str, book: Book, bound: Figure | None) -> _Term:
    """Read one term in brackets."""
    found = select(selector, book, bound)
    if not found:
        raise Absent(selector)
    if function == "sum":
        total = sum(figure.value for figure in found)
        return _Term(total, tuple(found), f"{number(total, found[0].unit)} ({len(found)} figures)")
    if len(found) > 1:
        cure = "Narrow the selector, or write sum[…]."
        raise DataRefused(f"[{selector}] finds {len(found)} figures", where="relations", cure=cure)
    figure = found[0]
    if function:
        year = period_year(figure.period) if function == "year" else period_number(figure.period)
        return _Term(year, (figure,), str(year))
    return _Term(figure.value, (figure,), figure.printed)


def period_year(period: str) -> int:
    """Return the first year in a period: 2022 of ``2022-23``.

    Raises
    ------
    DataRefused
        If the period has no year.
    """
    match = re.search(r"\b(?:19|20)\d\d\b", period)
    if not match:
        raise DataRefused(f'the period "{period}" has no year', where="relations")
    return int(match[0])


def period_number(period: str) -> int:
    """Return the number of a plan's year: 3 of ``Year 3 (as published)``.

    Raises
    ------
    DataRefused
        If the period is no numbered year.
    """
    match = re.search(r"\bYear (\d+)\b", period)
    if not match:
        raise DataRefused(f'the period "{period}" is not a numbered year', where="relations")
    return int(match[1])


def _parse(expression: str, formula: str) -> ast.expr:
    """Parse arithmetic, naming the formula if it is not."""
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except SyntaxError as error:
        raise _refused(formula) from error


def _value(node: ast.expr, terms: dict[str, float], formula: str) -> float:
    """Work out one node of the parsed arithmetic."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=key) if key in terms:
            return terms[key]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, terms, formula)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return BINARY[type(op)](_value(left, terms, formula), _value(right, terms, formula))
        case ast.Call(func=ast.Name(id=key), args=arguments, keywords=[]) if key in FUNCTIONS:
            return float(FUNCTIONS[key](*(_value(item, terms, formula) for item in arguments)))
    raise _refused(formula)


def _refused(formula: str) -> DataRefused:
    """Say which formula is not understood and what would be."""
    cure = "Use figures in square brackets, numbers, + - * /, brackets, min, max and ceil."
    return DataRefused(
        f'the formula "{formula}" is not arithmetic over figures', where="relations", cure=cure
    )


def _text(expression: str, terms: dict[str, _Term]) -> str:
    """Write the arithmetic out with the figures' own numbers."""
    signs = expression.replace("*", "×").replace("/", "÷").replace("-", "−")
    text = re.sub(r"\bt\d+\b", lambda match: terms[match[0]].text, signs)
    return text.replace("% ÷ 100", "%")
