"""What is to be counted: dimensions with their hierarchies, the tables over them, and the key of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from analysis.errors import UsageError, one_of

TOTAL = "All"
MOST_DIMENSIONS = 4
Key = tuple[tuple[str, str], ...]


def make_key(pairs: Iterable[tuple[str, str]]) -> Key:
    """Return a cell's key: its pairs of dimension and node sorted, totals left out.

    A margin that two tables share has one key, so it is one cell.
    """
    return tuple(sorted((dimension, node) for dimension, node in pairs if node != TOTAL))


@dataclass(frozen=True)
class Dimension:
    """One characteristic that rows are counted by.

    Parameters
    ----------
    name
        The column of the rows.
    leaves
        Categories of which every row has exactly one; "unknown" is a category like any other.
    groups
        Nodes above the leaves, each with the leaves that it covers: nested categories, or overlapping
        windows of time. The total is implied, and is never declared.

    Raises
    ------
    UsageError
        If there is no leaf, a name is used twice or kept for the total, or a group covers what is not a leaf.
    """

    name: str
    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"dimension {self.name}"
        names = [*self.leaves, *self.groups]
        if not self.leaves:
            raise UsageError("it has no category", where=where, cure="Give at least one leaf.")
        if len(set(names)) < len(names):
            raise UsageError("a name of a category is used twice", where=where, cure="Name each once.")
        if TOTAL in names:
            cure = "The total is implied: leave it out, or name the category otherwise."
            raise UsageError(f'"{TOTAL}" is declared', where=where, cure=cure)
        for group, covered in self.groups.items():
            strangers = sorted(set(covered) - set(self.leaves))
            if strangers or not covered:
                what = (
                    f'group "{group}" covers "{strangers[0]}"' if strangers else f'group "{group}" is empty'
                )
                raise UsageError(what, where=where, cure="A group covers leaves of its own dimension.")

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that a table may show: leaves, groups, the total."""
        return (*self.leaves, *self.groups, TOTAL)

    def covers(self, node: str) -> tuple[str, ...]:
        """Return the leaves below a node.

        Raises
        ------
        UsageError
            If there is no such node.
        """
        if node == TOTAL:
            return self.leaves
        if node in self.groups:
            return tuple(self.groups[node])
        if node in self.leaves:
            return (node,)
        raise UsageError(
            f'there is no category "{node}"', where=f"dimension {self.name}", cure=one_of(node, self.nodes)
        )


@dataclass(frozen=True)
class Table:
    """One table of counts that a report shows.

    Parameters
    ----------
    name
        What the report calls it.
    base
        The population of rows that it counts, "referrals" say.
    dimensions
        One to four, in the order of the table's axes.
    where
        Pairs of dimension and node that every row must have: a table "among refused".
    levels
        Nodes counted on an axis; left out, all of them: leaves, groups, total.
    told
        Nodes of an axis that are printed; left out, all that are counted. The others are counted because
        they must not be worked out, and hiding them costs nothing.

    Raises
    ------
    UsageError
        If there are too few or too many dimensions, one stands twice, or levels are given for another.
    """

    name: str
    base: str
    dimensions: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"table {self.name}"
        if not 1 <= len(self.dimensions) <= MOST_DIMENSIONS:
            cure = f"A table has one to {MOST_DIMENSIONS}."
            raise UsageError(f"it has {len(self.dimensions)} dimensions", where=where, cure=cure)
        used = self.scope
        if len(set(used)) < len(used):
            cure = "Break a table down by a dimension, or fix it, once."
            raise UsageError("a dimension stands in it twice", where=where, cure=cure)
        for name, nodes in (*self.levels.items(), *self.told.items()):
            if name not in self.dimensions or not nodes or len(set(nodes)) < len(nodes):
                cure = "Name each node of one of its own dimensions once."
                raise UsageError(f'levels of "{name}" cannot be read', where=where, cure=cure)

    @property
    def scope(self) -> tuple[str, ...]:
        """Every dimension it uses: its axes first, then those it fixes."""
        return (*self.dimensions, *(name for name, _ in self.where))

    def nodes(self, dimension: Dimension) -> tuple[str, ...]:
        """Return the nodes that it shows along one of its axes, in order."""
        return tuple(self.levels.get(dimension.name, dimension.nodes))


def named(dimensions: Iterable[Dimension] | Mapping[str, Dimension]) -> dict[str, Dimension]:
    """Return dimensions by their names.

    Raises
    ------
    UsageError
        If two have one name.
    """
    given = list(dimensions.values() if isinstance(dimensions, Mapping) else dimensions)
    by_name = {dimension.name: dimension for dimension in given}
    if len(by_name) < len(given):
        cure = "Declare each once, with all its groups."
        raise UsageError("two dimensions have one name", where="dimensions", cure=cure)
    return by_name


def known_nodes(pairs: Iterable[tuple[str, str]], dimensions: Mapping[str, Dimension], where: str) -> None:
    """Refuse pairs whose dimension or node was never declared.

    Raises
    ------
    UsageError
        With the nearest name that was.
    """
    for name, node in pairs:
        if name not in dimensions:
            cure = one_of(name, dimensions)
            raise UsageError(f'dimension "{name}" is not declared', where=where, cure=cure)
        dimensions[name].covers(node)


def used_dimensions(
    tables: Iterable[Table], impossible: Iterable[Key], dimensions: Mapping[str, Dimension]
) -> dict[str, Dimension]:
    """Return the declared dimensions that tables and impossible combinations use, in their declared order."""
    scopes = chain((table.scope for table in tables), ((name for name, _ in key) for key in impossible))
    used = set(chain.from_iterable(scopes))
    return {name: dimension for name, dimension in dimensions.items() if name in used}


def lies_within(key: Key, regions: Sequence[Key], dimensions: Mapping[str, Dimension]) -> bool:
    """Say whether a cell lies within the union of some regions, so that no row can be outside them all."""
    boxes = [_box(region, dimensions) for region in regions]
    return _covered(_box(key, dimensions), boxes, dimensions)


def _box(key: Key, dimensions: Mapping[str, Dimension]) -> dict[str, frozenset[str]]:
    return {name: frozenset(dimensions[name].covers(node)) for name, node in key}


def _covered(
    box: dict[str, frozenset[str]],
    regions: list[dict[str, frozenset[str]]],
    dimensions: Mapping[str, Dimension],
) -> bool:
    """Split off what a region does not cover, and ask the same of each part."""

    def side(name: str) -> frozenset[str]:
        return box.get(name, frozenset(dimensions[name].leaves))

    for place, region in enumerate(regions):
        if not all(side(name) & leaves for name, leaves in region.items()):
            continue
        inside = dict(box)
        for name, leaves in region.items():
            outside = side(name) - leaves
            if outside and not _covered({**inside, name: outside}, regions[place + 1 :], dimensions):
                return False
            inside[name] = side(name) & leaves
        return True
    return False
