"""What became of the votes of one file from a stick, number by number, and in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from protocol.messages import Count, Number, Refusal
from sync_server.core.acceptance import STORED_ALREADY


@dataclass(frozen=True)
class Account:
    """Of the votes *first* to *last*: how many are new here, were here already, were refused, or wait beyond a gap."""

    first: Number
    last: Number
    stored: Count = 0
    had: Count = 0
    refused: Mapping[str, int] = field(default_factory=dict)  # reason → how many
    conflicts: Count = 0  # of those that were here already: how many are other votes under the same numbers
    missing: range | None = None  # the numbers that have to come before the rest can be taken
    erased: bool = False  # their kiosk does not keep the missing ones any more

    def taken(self, first: Number, last: Number, before: Count, after: Count, refusals: Iterable[Refusal]) -> "Account":
        """Return the account once a batch of the votes *first* to *last* has moved the stream from *before* to *after*.

        Somebody else may have moved it too.
        """
        told = [refusal for refusal in refusals if first <= refusal.number <= min(after, last)]
        refused = Counter(refusal.reason for refusal in told if refusal.reason != STORED_ALREADY)
        # Under numbers that are held already, only what fills a gap is judged at all.
        of_gaps = sum(refusal.number <= before and refusal.reason != STORED_ALREADY for refusal in told)
        elsewhere = sum(refusal.number > before and refusal.reason == STORED_ALREADY for refusal in told)
        new = max(0, min(after, last) - max(before, first - 1))
        return replace(
            self,
            stored=self.stored + new - elsewhere - (refused.total() - of_gaps),
            had=self.had + max(0, min(before, last) - first + 1) + elsewhere - of_gaps,
            refused=Counter(self.refused) + refused,
        )

    def found(self, late: Count) -> "Account":
        """Return the account now that so many of the votes under old numbers filled gaps."""
        return replace(self, stored=self.stored + late, had=self.had - late)

    def stopped(self, missing: range, *, erased: bool = False) -> "Account":
        """Return the account now that the rest of the file has to wait for the *missing* numbers."""
        return replace(self, missing=missing, erased=erased)

    @property
    def waiting(self) -> Count:
        """How many votes of the file are not taken."""
        return self.last - self.first + 1 - self.stored - self.had - sum(self.refused.values())

    @property
    def needs_a_person(self) -> bool:
        """Whether something is left to be done or looked at."""
        return bool(self.refused or self.conflicts or self.waiting)


def in_words(account: Account) -> str:
    """Say it in one line that ends with what is to be done, if anything is."""
    parts = [f"votes {account.first} to {account.last}: {account.stored} stored"]
    if account.had:
        parts.append(f"{account.had} were here already")
    parts += [f"{number} refused ({reason})" for reason, number in sorted(account.refused.items())]
    line = ", ".join(parts)
    if account.conflicts:
        line += (
            f"; {account.conflicts} of them are other votes than those here under the same numbers: the card of this"
            " kiosk was copied or set back; carry the receipt to the kiosk, and export again"
        )
    if account.missing:
        line += f"; {account.waiting} wait, because {_numbers(account.missing)} missing: {_what_to_do(account)}"
    return line


def _what_to_do(account: Account) -> str:
    if account.erased:
        return (
            "the kiosk has erased them, so import the older stick that has them, or repeat with --give-up-missing,"
            " which puts them on record as lost and takes the rest"
        )
    return "import the stick that has them, or carry the receipt to the kiosk and export again"


def _numbers(missing: range) -> str:
    return f"number {missing[0]} is" if len(missing) == 1 else f"numbers {missing[0]} to {missing[-1]} are"
