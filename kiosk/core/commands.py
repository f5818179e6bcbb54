"""What becomes of a command: done, refused and why, too late, or answered before. Pure."""

from collections.abc import Collection
from datetime import datetime

from protocol.messages import Action, Command, CommandAnswer, CommandId, Count, Number, Outcome


def decide(
    command: Command, *, now: datetime, answered: Collection[CommandId], kept_from: Number, highest: Count
) -> CommandAnswer | None:
    """Return the answer; with DONE the command is to be carried out. None when it was answered before.

    *now* is the time as it is known, not what the wall clock says; *kept_from* and *highest* are the oldest and the
    newest vote that can be sent again.
    """
    if command.command in answered:
        return None
    if now >= command.expires:
        return CommandAnswer(command.command, Outcome.EXPIRED)
    refusal = _refusal(command, kept_from, highest)
    return CommandAnswer(command.command, Outcome.REFUSED if refusal else Outcome.DONE, refusal)


def _refusal(command: Command, kept_from: Number, highest: Count) -> str:
    match command:
        case Command(action=Action.UPDATE):
            return "there are no updates here"
        case Command(action=Action.RESEND, resend_from=int(first)) if first > highest:
            return f"the newest vote is {highest}"
        case Command(action=Action.RESEND, resend_from=int(first)) if first < kept_from:
            return f"the oldest vote that is kept is {kept_from}"
    return ""
