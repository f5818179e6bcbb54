"""Whom so few votes are about that naming them would say who was meant by whom. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from sync_server.core.figures.period import Breakdown

Rare = Mapping[Breakdown, frozenset[str | None]]  # None: those of which nobody knows it

# What a row names, in the order in which it is left out where a row names too much: the finest first.
NAMED = (Breakdown.PROCEDURE, Breakdown.COUNTER, Breakdown.KIOSK, Breakdown.OFFICER, Breakdown.FIELD)
ALL_NAMED = frozenset(NAMED)

# By which channel a vote came, and what is known of each of NAMED.
Combination = tuple[str, tuple[str | None, ...]]
LeftOut = Mapping[Combination, frozenset[Breakdown]]


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


def left_out(votes: Mapping[Combination, int], rare_keys: Rare, least: int) -> LeftOut:
    """Return what each combination leaves out, so that none that is seen stands for fewer votes than *least*.

    Combinations seen alike count together; what is left out is part of what is seen. Rows that name nothing at all are
    as many too, of whatever channel, unless there are fewer votes. What no vote is about stands for none, and stays.
    """
    out = {
        one: frozenset(each for each, key in zip(NAMED, one[1], strict=True) if key in rare_keys[each]) for one in votes
    }
    for each in NAMED:
        for group in _too_few(votes, out, least):
            out.update((one, out[one] | {each}) for one in group)
    nothing = sum(votes[one] for one in votes if out[one] == ALL_NAMED)
    for group in sorted(_groups(out).values(), key=lambda group: (sum(map(votes.__getitem__, group)), repr(group))):
        together = sum(map(votes.__getitem__, group))
        if not 0 < nothing < least:
            break
        if together and out[group[0]] != ALL_NAMED:
            out.update(dict.fromkeys(group, ALL_NAMED))
            nothing += together
    return out


def seen(one: Combination, out: frozenset[Breakdown]) -> tuple[str, tuple[str | None, ...], frozenset[Breakdown]]:
    """Return what a row shows of a combination."""
    channel, keys = one
    return channel, tuple(None if each in out else key for each, key in zip(NAMED, keys, strict=True)), out


def _groups(out: LeftOut) -> dict[object, list[Combination]]:
    groups: dict[object, list[Combination]] = {}
    for one in sorted(out, key=repr):
        groups.setdefault(seen(one, out[one]), []).append(one)
    return groups


def _too_few(votes: Mapping[Combination, int], out: LeftOut, least: int) -> Iterable[Sequence[Combination]]:
    return [group for group in _groups(out).values() if 0 < sum(map(votes.__getitem__, group)) < least]
