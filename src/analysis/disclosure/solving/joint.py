"""Which dimensions must be seen together: cliques of a triangulation, and the tree that joins them.

Tables over some of the dimensions have a joint table behind them exactly if tables over the cliques of a
triangulated graph have cells that are not negative and agree wherever two cliques meet: whole-number tables
that agree can be glued along the junction tree, one row at a time. So the joint table behind the margins can
be searched without ever being written out.

References
----------
Lauritzen SL (1996). Graphical models. Oxford University Press, sections 2.1 and 4.4. Dobra A, Fienberg SE
(2000). Bounds for cell entries in contingency tables given marginal totals and decomposable graphs. PNAS 97,
11885-11892. Dechter R, Rish I (2003). Mini-buckets. Journal of the ACM 50, 107-153.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import prod
from typing import Final

LIMIT: Final = 20_000

Names = frozenset[str]


@dataclass(frozen=True)
class JunctionTree:
    """Sets of dimensions, and the margins on which they have to agree.

    Parameters
    ----------
    cliques
        Sets of dimensions, each sorted by name; every table lies within one.
    links
        Pairs of cliques, by place, with the dimensions on which they agree.
    exact
        Whether agreement is enough for a joint table behind them all.
    largest
        Cells of the largest clique.
    """

    cliques: tuple[tuple[str, ...], ...]
    links: tuple[tuple[int, int, tuple[str, ...]], ...]
    exact: bool
    largest: int


def joined(scopes: Iterable[Iterable[str]], sizes: Mapping[str, int], *, limit: int = LIMIT) -> JunctionTree:
    """Join sets of dimensions that stand in one table into cliques behind which a joint table stands.

    Parameters
    ----------
    scopes
        Dimensions of each table, and of each combination that is known to be impossible.
    sizes
        Categories of each dimension.
    limit
        Most cells of one clique. Where the triangulation needs more, dimensions are taken together as far as
        the limit allows (mini-buckets): what is then found out holds, but more might be found out.

    Returns
    -------
    JunctionTree
        ``exact`` unless the limit was in the way. The same for the same tables in any order.
    """
    given = _largest_only(frozenset(scope) for scope in scopes)
    order, cliques = _eliminated(given, sizes)
    if max(_cells(clique, sizes) for clique in cliques) <= limit:
        kept = _largest_only(cliques)
        return _tree(kept, _spanning(kept), sizes, exact=True)
    kept, links = _mini_buckets(given, order, sizes, limit)
    return _tree(kept, links, sizes, exact=False)


def apart(scopes: Iterable[Iterable[str]], sizes: Mapping[str, int]) -> JunctionTree:
    """Leave each table by itself: they agree wherever two of them meet, and nothing more is asked of them."""
    kept = _largest_only(frozenset(scope) for scope in scopes)
    meeting = {one & other for one, other in combinations(kept, 2)}
    links: list[tuple[int, int, Names]] = []
    for shared in sorted(meeting, key=sorted):
        holders = [place for place, clique in enumerate(kept) if shared <= clique]
        links.extend((one, other, shared) for one, other in pairwise(holders))
    return _tree(kept, links, sizes, exact=len(kept) == 1)


def _cells(names: Iterable[str], sizes: Mapping[str, int]) -> int:
    return prod(sizes[name] for name in names)


def _largest_only(scopes: Iterable[Names]) -> list[Names]:
    """Return sets that lie within no other, sorted."""
    kept: list[Names] = []
    for scope in sorted(set(scopes), key=lambda names: (-len(names), sorted(names))):
        if not any(scope <= other for other in kept):
            kept.append(scope)
    return sorted(kept, key=sorted)


def _eliminated(scopes: list[Names], sizes: Mapping[str, int]) -> tuple[list[str], list[Names]]:
    """Eliminate first the dimension that adds fewest edges, of these the one with the smallest clique."""
    near: dict[str, set[str]] = {name: set() for scope in scopes for name in scope}
    for scope in scopes:
        for name in scope:
            near[name] |= scope - {name}

    def cost(name: str) -> tuple[int, int, str]:
        added = sum(other not in near[one] for one, other in combinations(near[name], 2))
        return added, _cells({name, *near[name]}, sizes), name

    order, cliques = [], []
    while near:
        name = min(near, key=cost)
        around = near.pop(name)
        order.append(name)
        cliques.append(frozenset({name, *around}))
        for one in around:
            near[one] = (near[one] | around) - {one, name}
    return order, cliques


def _spanning(cliques: list[Names]) -> list[tuple[int, int, Names]]:
    """Return the tree of cliques with the largest separators: a junction tree, if they were triangulated."""
    pairs = [
        (one, other, cliques[one] & cliques[other]) for one, other in combinations(range(len(cliques)), 2)
    ]
    tree, home = [], list(range(len(cliques)))
    for one, other, shared in sorted(pairs, key=lambda pair: (-len(pair[2]), pair[:2])):
        if home[one] != home[other]:
            tree.append((one, other, shared))
            gone = home[other]
            home = [home[one] if here == gone else here for here in home]
    return tree


def _mini_buckets(
    scopes: list[Names], order: list[str], sizes: Mapping[str, int], limit: int
) -> tuple[list[Names], list[tuple[int, int, Names]]]:
    """Eliminate in order, taking together in each bucket only as much as the limit allows."""
    waiting: list[tuple[Names, int | None]] = [(scope, None) for scope in scopes]
    clusters: list[Names] = []
    links: list[tuple[int, int, Names]] = []
    for name in order:
        bucket = [(scope, source) for scope, source in waiting if name in scope]
        waiting = [(scope, source) for scope, source in waiting if name not in scope]
        packed: list[tuple[Names, list[tuple[Names, int | None]]]] = []
        for scope, source in sorted(bucket, key=lambda one: (-_cells(one[0], sizes), sorted(one[0]))):
            fits = (place for place, (all_, _) in enumerate(packed) if _cells(all_ | scope, sizes) <= limit)
            place = next(fits, None)
            if place is None:
                packed.append((scope, [(scope, source)]))
            else:
                packed[place] = (packed[place][0] | scope, [*packed[place][1], (scope, source)])
        for number, (all_, parts) in enumerate(packed):
            here = len(clusters)
            clusters.append(all_)
            links.extend((source, here, scope) for scope, source in parts if source is not None)
            if number:
                links.append((here - 1, here, clusters[here - 1] & all_))
            waiting.append((all_ - {name}, here))
    return clusters, links


def _tree(
    cliques: list[Names], links: list[tuple[int, int, Names]], sizes: Mapping[str, int], *, exact: bool
) -> JunctionTree:
    """Put cliques that lie within another into it, and write everything down in order."""

    def largest_around(clique: Names) -> int:
        around = [place for place, other in enumerate(cliques) if clique <= other]
        return min(around, key=lambda place: (-len(cliques[place]), place))

    home = [largest_around(clique) for clique in cliques]
    kept = sorted(set(home), key=lambda place: sorted(cliques[place]))
    number = {place: new for new, place in enumerate(kept)}
    made = set()
    for one, other, shared in links:
        first, second = sorted((number[home[one]], number[home[other]]))
        if first != second:
            made.add((first, second, tuple(sorted(shared))))
    return JunctionTree(
        tuple(tuple(sorted(cliques[place])) for place in kept),
        tuple(sorted(made)),
        exact,
        max(_cells(cliques[place], sizes) for place in kept),
    )
