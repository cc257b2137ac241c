"""Counting rows and distinct survivors in many cells at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from analysis.disclosure.tables import TOTAL, Dimension, Key, make_key

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as numbers.

    Parameters
    ----------
    codes
        Leaf of each dimension, as a position among its leaves [rows × dimensions].
    weight
        Rows that each stands for [whole number].
    person
        The survivor of each, numbered from 0.
    """

    codes: Ints
    weight: Ints
    person: Ints


@dataclass(frozen=True, eq=False)
class Layer:
    """Nodes of a dimension that share no leaf, with the node of each leaf (-1: none of them)."""

    nodes: tuple[str, ...]
    node_of: Ints


def layers(dimension: Dimension, nodes: Iterable[str]) -> list[Layer]:
    """Split the nodes shown of a dimension into as few layers without overlap as first come, first served."""
    split: list[tuple[list[str], set[str]]] = []
    for node in nodes:
        covered = set(dimension.covers(node))
        home = next((layer for layer in split if not layer[1] & covered), None)
        if home is None:
            split.append(([node], covered))
        else:
            home[0].append(node)
            home[1].update(covered)
    return [Layer(tuple(found), _node_of(dimension, found)) for found, _ in split]


def _node_of(dimension: Dimension, nodes: list[str]) -> Ints:
    node_of = np.full(len(dimension.leaves), -1, dtype=np.int64)
    place = {leaf: number for number, leaf in enumerate(dimension.leaves)}
    for number, node in enumerate(nodes):
        node_of[[place[leaf] for leaf in dimension.covers(node)]] = number
    return node_of


class Tally:
    """Counts of cells, filled a cross of layers at a time; a cross met before is not counted again.

    A survivor with one row is counted with it; only those with several are told apart pair by pair.
    """

    def __init__(self, rows: Rows, dimensions: Mapping[str, Dimension]) -> None:
        self.rows = rows
        self.dimensions = dimensions
        self.cells: dict[Key, tuple[int, int, int]] = {}
        self._axis = {name: place for place, name in enumerate(dimensions)}
        self._crossed: set[tuple[object, ...]] = set()
        often = np.bincount(rows.person, minlength=1) > 1
        self._often = often[rows.person] if len(rows.person) else np.zeros(0, dtype=np.bool_)

    def within(self, pairs: Iterable[tuple[str, str]]) -> Bools:
        """Return which rows lie within every node of some pairs."""
        kept = np.ones(len(self.rows.weight), dtype=np.bool_)
        for name, node in pairs:
            if node != TOTAL:
                inside = _node_of(self.dimensions[name], [node]) == 0
                kept &= inside[self.rows.codes[:, self._axis[name]]]
        return kept

    def add(self, where: Iterable[tuple[str, str]], cross: Mapping[str, Layer]) -> None:
        """Count every cell of a cross of layers, among the rows within ``where``."""
        fixed = make_key(where)
        axes = [(name, layer) for name, layer in cross.items() if layer.nodes != (TOTAL,)]
        mark = (fixed, frozenset((name, layer.nodes) for name, layer in axes))
        if mark in self._crossed:
            return
        self._crossed.add(mark)
        kept, place, size = self.within(fixed), np.zeros(len(self.rows.weight), dtype=np.int64), 1
        for name, layer in axes:
            node = layer.node_of[self.rows.codes[:, self._axis[name]]]
            kept &= node >= 0
            place = place * len(layer.nodes) + node
            size *= len(layer.nodes)
        nodes = product(*([(name, node) for node in layer.nodes] for name, layer in axes))
        found = self._counted(place, kept, size)
        for pairs, count, people, owner in zip(nodes, *(part.tolist() for part in found), strict=True):
            self.cells[make_key((*fixed, *pairs))] = (count, people, owner if people == 1 else -1)

    def _counted(self, place: Ints, kept: Bools, size: int) -> tuple[Ints, Ints, Ints]:
        """Return rows, survivors and one of the survivors of each cell."""
        where, person = place[kept], self.rows.person[kept]
        count = np.bincount(where, weights=self.rows.weight[kept], minlength=size).astype(np.int64)
        often = self._often[kept]
        people = np.bincount(where[~often], minlength=size)
        most = len(self.rows.person) + 1
        pairs = np.sort(where[often] * most + person[often])
        new = np.ones(len(pairs), dtype=np.bool_)
        new[1:] = pairs[1:] != pairs[:-1]
        people += np.bincount(pairs[new] // most, minlength=size)
        owner = np.full(size, -1, dtype=np.int64)
        owner[where] = person
        return count, people.astype(np.int64), owner


def owners(owner: Ints, rows: Rows) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """Number those who alone contribute to a cell by the first cell of theirs, and put alike rows together.

    Parameters
    ----------
    owner
        Survivor, as numbered in ``rows``, who alone contributes to each cell, else -1.
    rows
        All rows.

    Returns
    -------
    owner
        The same, numbered in the order of the cells: nothing is left of the order of the rows.
    codes, weight, owner
        Kinds of row, sorted: leaves, number, and survivor if she alone contributes to some cell, else -1.
    """
    theirs, first = np.unique(owner[owner >= 0], return_index=True)
    number = np.full(max(int(rows.person.max(initial=-1)), 0) + 2, -1, dtype=np.int64)
    number[theirs[np.argsort(first)]] = np.arange(len(theirs))
    kinds = np.column_stack([number[rows.person], rows.codes])
    order = np.lexsort(kinds.T[::-1])
    kinds = kinds[order]
    new = np.ones(len(kinds), dtype=np.bool_)
    new[1:] = (kinds[1:] != kinds[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    weight = np.add.reduceat(rows.weight[order], starts) if len(starts) else rows.weight
    return number[owner], (kinds[new, 1:], weight, kinds[new, 0])
