"""A quarter drawn by chance, cast by the real ways, and its numbers counted again in the most naive way."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, sqrt

from protocol.messages import Vote
from protocol.visits import VisitOutcome
from sync_server.core.book import Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.office_data import Field, Officer, Procedure
from sync_server.core.paper import Batch
from sync_server.core.rounding import Mode
from sync_server.core.rules import Rules
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey
from sync_server.store.labelling import CONFIRMED, LIFTED
from sync_server.store.reviews import Decision, Which, decide
from tests.fakes.labelled import register
from tests.fakes.small_office import SITE
from tests.fakes.whole_office import END, FIRST_HOUR, WholeOffice, a_line

# What means something to typst, to XML, to Word, to fields or to a spreadsheet.
NAMES = (
    "Đất đai <b>& môi trường</b>",
    "#panic() *đậm* _nghiêng_ $x$ @a",
    "{votes} {{stated.root}} {kỳ}",
    "=SUM(A1:A9); \"Hộ tịch\" \\ 'ông bà'",
    "Ữ Ặ Ễ ỵ ẫ " + "Chứngthựcchữký" * 9,
    "]]> <w:p/> &amp; %n -- ---",
)
SECOND = Survey(
    (
        Criterion(
            "time",
            {"vi": "Thời gian <i>giải quyết</i> #1?"},
            ({"vi": "Chậm {votes}"}, {"vi": "*Đúng* hẹn"}, {"vi": "Sớm & tốt"}),
            (2, 3),
        ),
        Criterion("papers", {"vi": "Hồ sơ có phải bổ sung không?"}, ({"vi": "Có"}, {"vi": "Không"}), (2,)),
    ),
    languages=("vi",),
)
SURVEYS = {1: FIRST_SURVEY, 2: SECOND}
LABELS = ("hasty", "play", "repeat")
VERDICTS = ("Ít mẫu", "Đạt", "Vừa đạt", "Gần đạt", "Chưa đạt")
# Who sits at a counter, and their field; what a case is, whose it is, and the procedure's field.
COUNTERS = {1: ("huong", "ho-tich"), 2: ("thang", "dat-dai")}
CASES = (("1.001193", "huong", "ho-tich"), ("1.012812", "thang", "dat-dai"), ("1.000894", "bich", "ho-tich"))


@dataclass
class Cast:
    """A vote that counts in the quarter: what it said, and whom it is about."""

    survey: int
    answers: Mapping[str, int]
    about: Mapping[str, str | None]
    labels: set[str] = field(default_factory=set)  # in force
    reasons: tuple[str, ...] = ()
    vote_id: str = ""


class DrawnQuarter:
    """An office with such a quarter; *casts* are its votes."""

    def __init__(self, office: WholeOffice, chance: random.Random, votes: int) -> None:
        self.office, self.chance, self.casts = office, chance, list[Cast]()
        self.rules = Rules(
            rounding=chance.choice([*Mode]),
            decimals=chance.randint(0, 4),
            target=chance.choice([Decimal(80), Decimal("66.7"), Decimal(0), Decimal(100)]),
            excluded=tuple(chance.sample(LABELS, chance.randint(0, 2))),
            least_shown=chance.choice([1, 3, 5, 20]),
            by_officer=chance.random() < 0.7,
            labelling=Labelling(rules=()),
        )
        self._names()
        self._cases = 0
        for kiosk in ("quay-1", "quay-2"):
            office.kiosk(kiosk)
            office.cast(kiosk, [self._vote(kiosk) for _ in range(votes // 2)])
            office.cast(kiosk, [*self._of_no_time()])
            office.report(kiosk)
        self._on_paper()
        self._reviews()
        office.settle()

    def _names(self) -> None:
        names = self.chance.sample(NAMES, len(NAMES))
        self.office.say(
            (Kind.RULES, Record("rules", ALWAYS, self.rules)),
            (Kind.SURVEY, Record("1", ALWAYS, FIRST_SURVEY)),
            (Kind.SURVEY, Record("2", date(2026, 11, 16), SECOND)),
            (Kind.FIELD, Record("ho-tich", ALWAYS, Field("ho-tich", names[0]))),
            (Kind.FIELD, Record("dat-dai", ALWAYS, Field("dat-dai", names[1]))),
            (Kind.OFFICER, Record("huong", ALWAYS, Officer("huong", names[2], names[3], "ho-tich"))),
            (Kind.PROCEDURE, Record("1.001193", ALWAYS, Procedure("1.001193", names[4], "ho-tich"))),
            (Kind.PROCEDURE, Record("1.012812", ALWAYS, Procedure("1.012812", names[5], "dat-dai"))),
        )

    def _vote(self, kiosk: str) -> Vote:
        chance = self.chance
        hour = FIRST_HOUR + timedelta(hours=chance.randrange(92 * 24))
        survey = chance.choice([1, 1, 2])
        counter = chance.choice([1, 1, 2, None])
        officer, its_field = COUNTERS.get(counter or 0, (None, None))
        token = procedure = None
        if chance.random() < 0.4:
            self._cases += 1
            token = f"{self._cases:032x}"
            procedure, officer, its_field = chance.choices(CASES, (20, 20, 1))[0]
            register(self.office.database, token, officer, hour)
            self._is(token, procedure)
        cast = Cast(
            survey,
            self._answers(survey),
            {
                "officer": officer,
                "field": its_field,
                "procedure": procedure,
                "counter": None if counter is None else str(counter),
                "kiosk": kiosk,
                "channel": "kiosk",
            },
            set(chance.sample(LABELS, chance.choice([0, 0, 0, 1, 2]))),
            tuple(chance.sample(("waiting", "late"), chance.choice([0, 0, 1, 2]))),
            chance.randbytes(16).hex(),
        )
        self.casts.append(cast)
        return Vote(
            vote_id=cast.vote_id,
            number=1,
            hour=hour,
            survey=survey,
            answers=dict(cast.answers),
            counter=counter,
            case_token=token,
            labels=tuple(cast.labels),
            reasons=cast.reasons,
        )

    def _is(self, token: str, procedure: str) -> None:
        with self.office.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE cases SET procedure = '{procedure}' WHERE case_token = '{token}'")

    def _answers(self, survey: int) -> dict[str, int]:
        answers = {
            asked.criterion: self.chance.choices(range(1, len(asked.levels) + 1), range(1, len(asked.levels) + 1))[0]
            for asked in SURVEYS[survey].criteria
            if self.chance.random() < 0.9
        }
        return answers or {SURVEYS[survey].main: 1}

    def _of_no_time(self) -> Iterator[Vote]:
        """Yield votes that do not count: of other quarters, of either of two, and visits that ended otherwise."""

        def vote(hour: datetime, **more: object) -> Vote:
            its = {"vote_id": self.chance.randbytes(16).hex(), "number": 1, "survey": 1, "answers": {"overall": 1}}
            return Vote(**(its | {"hour": hour} | more))  # type: ignore[arg-type]

        yield vote(FIRST_HOUR - timedelta(hours=1))
        yield vote(END)
        yield vote(END - timedelta(hours=1), latest_hour=END)
        yield vote(FIRST_HOUR - timedelta(hours=1), latest_hour=FIRST_HOUR)
        yield vote(FIRST_HOUR, outcome=VisitOutcome.ABANDONED)

    def _on_paper(self) -> None:
        chance, day = self.chance, date(2026, 10, 20)
        for survey, channel in ((1, Channel.BOX), (2, Channel.PAPER)):
            lines = []
            for number in range(1, chance.randint(3, 8)):
                answers = self._answers(survey)
                about = {"officer": chance.choice(["thang", None]), "field": "dat-dai", "procedure": None}
                told = {**about, "counter": None, "kiosk": None, "channel": str(channel)}
                many = chance.choice([1, 1, 23])  # a tally: as many forms that all say the same
                counted = {each: many for each in answers.items()}
                lines.append(a_line(number, day, counted, many, **about))
                self.casts += [Cast(survey, answers, told) for _ in range(many)]
            self.office.on_paper(Batch(f"lo-{survey}", channel, day, day, survey, issued=500), lines)

    def _reviews(self) -> None:
        """Have people lift one label from every vote that has it, and confirm another."""
        lifted, confirmed, _ = self.chance.sample(LABELS, 3)
        with self.office.database.writing() as connection:
            for label, decision in ((lifted, LIFTED), (confirmed, CONFIRMED)):
                which = Which(SITE, label, [cast.vote_id for cast in self.casts if label in cast.labels])
                decide(connection, which, Decision(decision, "Chị Hà", "đã xem"), self.office.now)
        self.confirmed = confirmed
        for cast in self.casts:
            cast.labels.discard(lifted)


def counted_naively(casts: Iterable[Cast], rules: Rules, confirmed: str) -> dict[str, str]:
    """Count everything that is no breakdown."""
    casts = list(casts)
    official = [cast for cast in casts if not cast.labels & set(rules.excluded)]
    labelled = [cast for cast in casts if cast.labels]
    counts = {
        "votes": len(official),
        "raw": len(casts),
        "excluded": len(casts) - len(official),
        "labelled": len(labelled),
        "unreviewed": sum(cast.labels != {confirmed} for cast in labelled),
        "unknown_survey": 0,
    }
    for label in rules.excluded:
        counts[f"excluded_votes.{label}"] = sum(label in cast.labels for cast in casts)
    for channel in Channel:
        counts[f"channel.{channel}"] = sum(cast.about["channel"] == channel for cast in casts)
    for reason in {reason for cast in casts for reason in cast.reasons}:
        counts[f"reason.{reason}"] = sum(reason in cast.reasons for cast in casts)
    texts = {name: thousands(count) for name, count in counts.items()}
    for revision in {cast.survey for cast in casts}:
        raw = [cast for cast in casts if cast.survey == revision]
        mine = [cast for cast in official if cast.survey == revision]
        begin = f"s{revision}"
        texts[f"{begin}.votes"], texts[f"{begin}.raw"] = thousands(len(mine)), thousands(len(raw))
        texts[f"{begin}.excluded"] = thousands(len(raw) - len(mine))
        for asked in SURVEYS[revision].criteria:
            for name, text in _question(asked, mine, raw, rules).items():
                texts[f"{begin}.{asked.criterion}.{name}"] = text
    return texts


def _question(asked: Criterion, official: list[Cast], raw: list[Cast], rules: Rules) -> dict[str, str]:
    key = asked.criterion
    said = [cast.answers[key] for cast in official if key in cast.answers]
    raw_said = [cast.answers[key] for cast in raw if key in cast.answers]
    good, raw_good = (sum(level in asked.satisfied for level in levels) for levels in (said, raw_said))
    texts = {
        "answered": thousands(len(said)),
        "blank": thousands(len(official) - len(said)),
        **judged(good, len(said), rules),
        "raw.answered": thousands(len(raw_said)),
        "raw.satisfied": thousands(raw_good),
        "raw.percent": percent(raw_good, len(raw_said), rules),
    }
    for level in range(1, len(asked.levels) + 1):
        texts[f"level.{level}"] = thousands(said.count(level))
        texts[f"level.{level}.percent"] = percent(said.count(level), len(said), rules)
    return texts


def rows_counted_naively(casts: Iterable[Cast], rules: Rules, survey: int, breakdown: str) -> dict[str, dict[str, str]]:
    """Count the rows of a breakdown, hidden or not, by their keys."""
    asked = SURVEYS[survey].criteria[0]
    rows: dict[str, list[int]] = {}
    for cast in casts:
        if cast.survey == survey and asked.criterion in cast.answers and not cast.labels & set(rules.excluded):
            rows.setdefault(cast.about[breakdown] or "", []).append(cast.answers[asked.criterion])
    found = {}
    for key, said in rows.items():
        good = sum(level in asked.satisfied for level in said)
        found[key] = {
            "answered": thousands(len(said)),
            "unsatisfied": thousands(len(said) - good),
            **judged(good, len(said), rules),
        }
    return found


def judged(good: int, answered: int, rules: Rules) -> dict[str, str]:
    low, high = _wilson(good, answered) if answered else (Fraction(0), Fraction(0))
    texts = {name: f"{rounded(share, rules)}%" if answered else "–" for name, share in (("low", low), ("high", high))}
    target = Fraction(rules.target) / 100
    verdict = 0 if answered < 30 else 1 if low >= target else 2 if Fraction(good, answered) >= target else 0
    if answered >= 30 and not verdict:
        verdict = 3 if high >= target else 4
    return {
        **texts,
        "satisfied": thousands(good),
        "percent": percent(good, answered, rules),
        "interval": f"{texts['low']} – {texts['high']}" if answered else "–",
        "verdict": VERDICTS[verdict],
    }


def _wilson(good: int, of: int) -> tuple[Fraction, Fraction]:
    z = 1.959963984540054
    share, room = good / of, z * z / of
    middle, half = share + room / 2, z * sqrt(share * (1 - share) / of + room / of / 4)
    low, high = (middle - half) / (1 + room), (middle + half) / (1 + room)
    return Fraction(low if good else 0), Fraction(high if good < of else 1)  # exactly so, but for a float's last digits


def percent(part: int, whole: int, rules: Rules) -> str:
    return f"{rounded(Fraction(part, whole), rules)}%" if whole else "–"


def rounded(share: Fraction, rules: Rules) -> str:
    up = Fraction(1, 2) if rules.rounding is Mode.HALF_UP else 0
    scaled = floor(share * 100 * 10**rules.decimals + up)
    whole, rest = divmod(scaled, 10**rules.decimals)
    return f"{whole},{rest:0{rules.decimals}}" if rules.decimals else f"{whole}"


def thousands(count: int) -> str:
    return f"{count:,}".replace(",", ".")
