"""`inbox`: comments and low scores as work that somebody answers for."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.person import add_by
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site
from sync_server.core.channels import Channel
from sync_server.core.masking import finds
from sync_server.core.matters import LONGEST_NOTE, Matter, MatterState, NotNow
from sync_server.core.names import printable
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.settings import Settings
from sync_server.store.matters import MatterView, NoSuchMatter, list_matters, matter, move, open_matters, steps

_CAME = {Channel.KIOSK: "vote", Channel.PAPER: "form", Channel.BOX: "slip"}
_MOVES = {"assign": MatterState.ASSIGNED, "answer": MatterState.ANSWERED, "close": MatterState.CLOSED}


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("inbox", help="comments and low scores as work: who answers for each, until when")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    listed = actions.add_parser("list", help="list them, the one that is due first at the head")
    listed.add_argument("--state", choices=[str(state) for state in MatterState], help="only those in this state")
    listed.add_argument("--overdue", action="store_true", help="only those whose day has passed without an answer")
    listed.add_argument("--search", metavar="WORDS", help='only with these words; "dang" finds "Đặng"')
    _add_site(listed)
    listed.set_defaults(run=_list)
    show = actions.add_parser("show", help="show one, and what was done with it")
    show.add_argument("number", type=int)
    _add_site(show)
    show.set_defaults(run=_show)
    assign = actions.add_parser("assign", help="say who answers for one; also takes up a closed one again")
    assign.add_argument("number", type=int)
    assign.add_argument("--to", type=_note, required=True, metavar="NAME", dest="owner", help="who answers for it")
    answer = actions.add_parser("answer", help="say what the cause was and what was done")
    answer.add_argument("number", type=int)
    answer.add_argument("--cause", type=_note, help="what lay behind it")
    answer.add_argument("--action", type=_note, required=True, help="what was done")
    close = actions.add_parser("close", help="put one away")
    close.add_argument("number", type=int)
    close.add_argument("--because", type=_note, dest="action", help="why, where nothing was done")
    for name, each in (("assign", assign), ("answer", answer), ("close", close)):
        _add_site(each)
        add_by(each)
        each.set_defaults(run=_move, state=_MOVES[name], owner=None, cause=None, action=None)


def _list(arguments: Namespace, settings: Settings) -> int:
    today = local_day(datetime.now(UTC))
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.writing() as connection:
            open_matters(connection, site)
            views = list_matters(connection, site)
    shown = [
        view
        for view in views
        if (arguments.state is None or view.matter.state == arguments.state)
        and (not arguments.overdue or view.matter.is_overdue(today))
        and (arguments.search is None or finds(arguments.search, view.comment))
    ]
    for view in shown:
        late = "  OVERDUE" if view.matter.is_overdue(today) else ""
        _say(f"{_head(view.matter)}{late}  {_what(view)}")
    counts = Counter(view.matter.state for view in views)
    overdue = sum(view.matter.is_overdue(today) for view in views)
    told = ", ".join(f"{counts[state]} {state}" for state in MatterState)
    _say(f"{len(shown)} shown; in all {told}; {overdue} overdue")
    return 0


def _show(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            try:
                view = matter(connection, site, arguments.number)
            except NoSuchMatter:
                raise CommandMistake(_none(arguments.number)) from None
            done = steps(connection, arguments.number)
    _say(_head(view.matter))
    until = "" if view.until_day is None else f" – {view.until_day:%d/%m/%Y}"
    _say(f"{_CAME[view.channel]} of {view.matter.day:%d/%m/%Y}{until}: {_what(view)}")
    for name, value in (("field", view.field), ("procedure", view.procedure), ("cause", view.matter.cause)):
        if value:
            _say(f"{name}: {printable(value)}")
    if view.matter.action:
        _say(f"action: {printable(view.matter.action)}")
    for step in done:
        note = f": {printable(step.note)}" if step.note else ""
        _say(f"{step.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}  {printable(step.by)}  {step.state}{note}")
    return 0


def _move(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        try:
            with database.writing() as connection:
                after = move(
                    connection,
                    site,
                    arguments.number,
                    arguments.state,
                    arguments.by,
                    datetime.now(UTC),
                    owner=arguments.owner or "",
                    cause=arguments.cause or "",
                    action=arguments.action or "",
                )
        except NoSuchMatter:
            raise CommandMistake(_none(arguments.number)) from None
        except NotNow as reason:
            raise CommandMistake(str(reason)) from None
    _say(_head(after))
    return 0


def _head(matter_: Matter) -> str:
    owner = f" ({printable(matter_.owner)})" if matter_.owner else ""
    return f"{matter_.number}  {matter_.state}{owner}  due {matter_.due:%d/%m/%Y}"


def _what(view: MatterView) -> str:
    scores = ", ".join(f"{criterion} {level}" for criterion, level in sorted(view.levels.items()))
    return f"{scores}  {printable(view.comment)}".rstrip()


def _none(number: int) -> str:
    return f"there is no matter {number}; 'inbox list' shows which there are"


def _add_site(parser: ArgumentParser) -> None:
    parser.add_argument("--site", help="whose; needed when there are several sites")


def _note(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise ArgumentTypeError(f"expected a text of at most {LONGEST_NOTE:,} characters")
    return text.strip()


def _say(line: str) -> None:
    print_text(f"{line}\n")
