"""Whom so few votes are about that naming them would say who was meant by whom. Pure."""

from collections.abc import Mapping

from sync_server.core.figures.period import Breakdown

Rare = Mapping[Breakdown, frozenset[str | None]]  # None: those of which nobody knows it


def rare(votes: Mapping[str, int], least: int) -> frozenset[str]:
    """Return the keys of fewer votes than *least*, and as many of the next as it takes that they are not alone.

    One key left out would be known by its absence; several with fewer votes than *least* in all would say too much.
    """
    hidden: list[str] = []
    together = 0
    for key, count in sorted(votes.items(), key=lambda item: (item[1], item[0])):
        enough = not hidden or (len(hidden) > 1 and together >= least)
        if count >= least and enough:
            break
        hidden.append(key)
        together += count
    return frozenset(hidden)
