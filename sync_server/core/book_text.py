"""What holds for an office on a day, as text for a person. Pure."""

from datetime import date

from sync_server.core.book import Book
from sync_server.core.dated import ALWAYS
from sync_server.core.decisions.form import DecisionForm
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rules import Rules
from sync_server.core.surveys import Survey


def as_text(book: Book, day: date) -> str:
    """Return everything that holds on a day but the procedures, which are counted; it ends in a newline."""
    letterhead = book.letterhead(day)
    shown = "always" if day == ALWAYS else f"{day:%d/%m/%Y}"
    lines = [f"{book.site} on {shown}"]
    if letterhead is None:
        return f"{lines[0]}: nothing is known\n"
    lines += [
        f"office      {letterhead.office}",
        f"unit        {letterhead.unit}",
        *([f"place       {letterhead.place}"] if letterhead.place else []),
        f"rank        {letterhead.rank}" + (f", under {letterhead.parent}" if letterhead.parent else ""),
    ]
    if letterhead.signer is not None:
        signer = letterhead.signer
        lines.append(f"signer      {signer.capacity} {signer.title} {signer.name}")
    lines += ["", "fields"]
    lines += [f"  {key}  {entry.name}" for key, entry in book.fields.on(day).items()]
    lines += ["", "officers"]
    lines += [f"  {key}  {entry.name}, {entry.title} ({entry.field})" for key, entry in book.officers.on(day).items()]
    lines += ["", "counters"]
    desks = sorted(book.counters.on(day).values(), key=lambda desk: desk.counter)
    lines += [f"  {desk.counter}  {desk.officer}  {', '.join(desk.fields)}".rstrip() for desk in desks]
    revision, survey = book.survey_on(day)
    lines += ["", f"procedures  {len(book.procedures.on(day))}", "", f"survey      revision {revision}"]
    lines += _survey(survey)
    lines += ["", "rules", *_rules(book.rules_on(day))]
    lines += ["", "decision", *_decision(book.decision_on(day))]
    later = book.next_changes(day)
    if later:
        lines += ["", "other things hold from " + ", ".join(f"{each:%d/%m/%Y}" for each in later)]
    return "\n".join(lines) + "\n"


def _survey(survey: Survey) -> list[str]:
    lines = []
    for asked in survey.criteria:
        form = "stars" if asked.stars else "faces"
        satisfied = ", ".join(str(level) for level in sorted(asked.satisfied))
        lines.append(f"  {asked.criterion}: {next(iter(asked.question.values()))}")
        lines.append(f"    {len(asked.levels)} {form}; satisfied: {satisfied}")
    if survey.reasons:
        lines.append("  reasons: " + ", ".join(entry.reason for entry in survey.reasons))
    lines.append(f"  comments: {'yes' if survey.comments else 'no'}")
    return lines


def _rules(rules: Rules) -> list[str]:
    return [
        f"  quarters    {rules.period}",
        f"  rounding    {rules.rounding}, {rules.decimals} decimals",
        f"  target      {rules.target} % satisfied",
        f"  left out    {', '.join(rules.excluded) or 'nothing'}",
        f"  hidden      cells of fewer than {rules.least_shown} votes",
        f"  by officer  {'yes' if rules.by_officer else 'no'}",
        f"  decision    within {rules.decision_days} working days, complaints within {rules.complaint_days} days",
        *_labelling(rules.labelling),
        *(f"  căn cứ      {basis}" for basis in rules.legal_bases),
    ]


def _decision(form: DecisionForm) -> list[str]:
    return [
        f"  symbol      {form.symbol}",
        f"  about       {form.about}",
        f"  articles    {len(form.articles)}",
        f"  annexes     {', '.join(form.annexes) or 'none'}",
        *(f"  to          {line}" for line in form.recipients),
    ]


def _labelling(told: Labelling) -> list[str]:
    beyond = {
        RuleName.BURST: f" (more than {told.most_an_hour} votes an hour at a counter)",
        RuleName.BEYOND_SERVED: f" (more than {told.votes_a_case} votes a case)",
        RuleName.TOP_RUN: f" ({told.top_run} best votes in a row)",
        RuleName.OUT_OF_HOURS: f" (by more than {told.grace_minutes} minutes)",
    }
    names = [f"{rule}{beyond.get(rule, '')}" for rule in told.rules]
    return [f"  labels      {name}" for name in names] or ["  labels      none by the server"]
