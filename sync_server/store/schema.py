"""The tables. Changes go through a migration; `tests/sync_server/store` compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sync_server.store.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NAME = String(32)
HEX128 = String(32)
# SQLite numbers rows by itself only when the key is a plain INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

# --- the office -------------------------------------------------------------------------------

sites = Table("sites", metadata, Column("site", NAME, primary_key=True))

# Names, people, counters, procedures, surveys and rules, each from a day on; see `sync_server.core.dated`. Rows are
# never changed: of those about one thing and day the newest counts. Without content the thing has ended.
records = Table(
    "records",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", NAME, ForeignKey(sites.c.site), nullable=False),
    Column("kind", NAME, nullable=False),
    Column("key", String(64), nullable=False),
    Column("since", Date, nullable=False),
    Column("content", JSON(none_as_null=True)),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Index(None, "site", "kind"),
)

# The case register, under tokens: the codes themselves are not kept.
cases = Table(
    "cases",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("case_token", HEX128, primary_key=True),
    Column("procedure", String(64), nullable=False),
    Column("officer", NAME, nullable=False),
    Column("received", Date, nullable=False),
    Column("due", Date),  # as the giấy hẹn says
    Column("returned", Date),
    Column("channel", NAME),  # see sync_server.core.cases
    Index(None, "site", "received"),
    Index(None, "site", "returned"),
)

# Where cases are read from: how files were last read (`file`), and how far another server has been asked (`fetch`).
case_sources = Table(
    "case_sources",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("source", NAME, primary_key=True),
    Column("mapping", JSON(none_as_null=True)),
    Column("progress", JSON(none_as_null=True)),
    Column("read_at", Instant, nullable=False),
)

# --- kiosks and what they send ------------------------------------------------------------------

kiosks = Table(
    "kiosks",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("kiosk", NAME, primary_key=True),
    Column("password_digest", Text, nullable=False),  # as Mosquitto's password file has it; see sync_server.passwords
    Column("added_at", Instant, nullable=False),
    Column("revoked_at", Instant),  # since when it may send no more
    Column("export_key", String(64)),  # Ed25519, public: what its USB exports are signed with
)

# Renewing a kiosk's settings gives it another key; a stick that was signed before may still be on its way.
former_export_keys = Table(
    "former_export_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("site", NAME, nullable=False),
    Column("kiosk", NAME, nullable=False),
    Column("ended_at", Instant, nullable=False),
    ForeignKeyConstraint(["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"]),
)

# The ledger: what is held of each stream, what its kiosk says there is, and what became of it.
streams = Table(
    "streams",
    metadata,
    Column("stream", HEX128, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("kiosk", NAME, nullable=False),
    Column("stored_up_to", BigInteger, nullable=False),
    Column("chain", HEX128, nullable=False),  # at stored_up_to; see protocol.chain
    Column("highest_announced", BigInteger, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("conflicts", BigInteger, nullable=False),  # votes that came under numbers that other votes have
    Column("replaces", HEX128),  # the stream that its kiosk gave up for this one
    Column("replaced_because", NAME),
    Column("carried", BigInteger),  # votes taken over from there, under their ids and new numbers
    Column("closed_at", Instant),
    Column("closed_by", Text),
    Column("closed_because", Text),
    ForeignKeyConstraint(["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"]),
    CheckConstraint("stored_up_to >= 0", name="not_negative"),
    Index(None, "site", "kiosk"),
)

# Numbers that nobody keeps any more: the server lost them, and so late that the kiosk had erased its own.
stream_gaps = Table(
    "stream_gaps",
    metadata,
    Column("stream", HEX128, ForeignKey(streams.c.stream), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("accepted_by", Text),  # who decided that the figures stand without them
    Column("accepted_because", Text),
)

votes = Table(
    "votes",
    metadata,
    Column("vote_id", HEX128, primary_key=True),
    Column("stream", HEX128, ForeignKey(streams.c.stream), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("site", NAME, nullable=False),
    Column("kiosk", NAME, nullable=False),
    Column("hour", Instant, nullable=False),
    Column("until_hour", Instant, nullable=False),  # later than the hour only where the kiosk's clock was not known
    Column("day", Date, nullable=False),  # the local days of both hours, decided once, at the ingest
    Column("until_day", Date, nullable=False),
    Column("survey", Integer, nullable=False),
    Column("counter", Integer),
    Column("case_token", HEX128),
    Column("officer", NAME),
    Column("field", NAME),
    Column("procedure", String(64)),
    Column("received_hour", Instant, nullable=False),  # no finer than the hour of the vote itself
    # See protocol.visits: only an answered visit is counted as a vote. The defaults are those of the first release.
    Column("outcome", NAME, nullable=False, server_default="answered"),
    Column("best_first", Integer, nullable=False, server_default=text("0")),  # 1 where the best level stood first
    UniqueConstraint("stream", "number"),
    Index(None, "site", "day"),
    Index(None, "site", "case_token"),
)

answers = Table(
    "answers",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("criterion", NAME, primary_key=True),
    Column("level", Integer, nullable=False),
)

vote_reasons = Table(
    "vote_reasons",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("reason", NAME, primary_key=True),
)

# What the kiosk noted about the circumstances; see protocol.visits.
vote_labels = Table(
    "vote_labels",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("label", NAME, primary_key=True),
)

# What the rules of the server say of votes (`sync_server.core.labelling`); made of the votes, and made anew.
rule_labels = Table(
    "rule_labels",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("label", NAME, primary_key=True),
)

# What a person has decided about a label, whoever gave it; how it was decided before stands in the audit log.
label_reviews = Table(
    "label_reviews",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("label", NAME, primary_key=True),
    Column("decision", NAME, nullable=False),  # confirmed, or lifted: then it does not count
    Column("decided_at", Instant, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("because", Text, nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id), primary_key=True),
    Column("text", Text, nullable=False),
)

# Votes on paper, in batches as a clerk entered them; see `sync_server.core.paper`. They are counted once their batch is
# closed, unless it was withdrawn. Nothing of it is ever changed or deleted.
paper_batches = Table(
    "paper_batches",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("batch", NAME, primary_key=True),
    Column("channel", NAME, nullable=False),
    Column("first", Date, nullable=False),  # between which days the forms were filled in
    Column("last", Date, nullable=False),
    Column("survey", Integer, nullable=False),
    Column("issued", BigInteger),  # forms handed out, where that was counted
    Column("note", Text),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    Column("withdrawn_because", Text),
)

# A form, or several that were tallied together: *forms*, of which *votes* answer anything.
paper_lines = Table(
    "paper_lines",
    metadata,
    Column("line", HEX128, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("batch", NAME, nullable=False),
    Column("entry", Integer, nullable=False),  # 1, or 2 where it was entered again to be compared
    Column("number", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    Column("counter", Integer),
    Column("officer", NAME),
    Column("field", NAME),
    Column("procedure", String(64)),
    Column("forms", BigInteger, nullable=False),
    Column("votes", BigInteger, nullable=False),
    Column("comment", Text),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Text, nullable=False),
    ForeignKeyConstraint(["site", "batch"], ["paper_batches.site", "paper_batches.batch"]),
    UniqueConstraint("site", "batch", "entry", "number"),
    Index(None, "site", "day"),
)

paper_answers = Table(
    "paper_answers",
    metadata,
    Column("line", HEX128, ForeignKey(paper_lines.c.line), primary_key=True),
    Column("criterion", NAME, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("forms", BigInteger, nullable=False),
)

paper_reasons = Table(
    "paper_reasons",
    metadata,
    Column("line", HEX128, ForeignKey(paper_lines.c.line), primary_key=True),
    Column("reason", NAME, primary_key=True),
)

# Which entry of a form counts where the two differ. Otherwise the first.
paper_decisions = Table(
    "paper_decisions",
    metadata,
    Column("site", NAME, primary_key=True),
    Column("batch", NAME, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_because", Text, nullable=False),
    ForeignKeyConstraint(["site", "batch"], ["paper_batches.site", "paper_batches.batch"]),
)

# Comments and low scores as work, of a vote or of a line on paper; see `sync_server.core.matters`.
matters = Table(
    "matters",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("site", NAME, ForeignKey(sites.c.site), nullable=False),
    Column("vote_id", HEX128, ForeignKey(votes.c.vote_id)),
    Column("line", HEX128, ForeignKey(paper_lines.c.line)),
    Column("kind", NAME, nullable=False),
    Column("day", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", NAME, nullable=False),
    Column("owner", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("action", Text, nullable=False),
    UniqueConstraint("vote_id"),
    UniqueConstraint("line"),
    CheckConstraint("(vote_id IS NULL) <> (line IS NULL)", name="one_origin"),
    Index(None, "site", "state"),
)

# Who did what with a matter, and when.
matter_steps = Table(
    "matter_steps",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("number", BigInteger, ForeignKey(matters.c.number), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("state", NAME, nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "number"),
)

# Votes that agree in everything figures ask for, added up by half months (`sync_server.core.half_months`); see
# `sync_server.store.folding`. Without a criterion: visits, however they ended. Made of the votes alone, and made anew.
figure_cells = Table(
    "figure_cells",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", NAME, ForeignKey(sites.c.site), nullable=False),
    Column("half", Date, nullable=False),  # of the earliest day the votes may have been cast on
    Column("until_half", Date, nullable=False),  # of the latest
    Column("outcome", NAME, nullable=False),
    Column("survey", Integer, nullable=False),
    Column("criterion", NAME),
    Column("level", Integer),
    Column("officer", NAME),
    Column("field", NAME),
    Column("procedure", String(64)),
    Column("counter", Integer),
    Column("kiosk", NAME),  # of votes of other channels: none
    Column("labels", Text, nullable=False),  # in order, with a comma between
    Column("votes", BigInteger, nullable=False),
    Column("channel", NAME, nullable=False, server_default="kiosk"),  # see sync_server.core.channels
    Index(None, "site", "half"),
)

# How often what figures of a half month are made of has changed, and how often it had when its votes were added up;
# where the two differ they are counted one by one. Rows are never deleted: a number that came back would be believed.
touched_halves = Table(
    "touched_halves",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("half", Date, primary_key=True),
    Column("touched_hour", Instant, nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("folded", BigInteger, nullable=False, server_default=text("0")),
)

# Finished figures; they count as long as the version is that of what they are made of. See `sync_server.store.kept`.
kept_figures = Table(
    "kept_figures",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("what", NAME, primary_key=True),
    Column("first", Date, primary_key=True),
    Column("last", Date, primary_key=True),
    Column("version", Text, nullable=False),
    Column("result", LargeBinary, nullable=False),
)

# Days of which votes or cases have come since the rules looked at them.
unjudged_days = Table(
    "unjudged_days",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("touched_hour", Instant, nullable=False),
)

# The Decisions about times, version by version; see `sync_server.core.decisions.states`. Never deleted.
decisions = Table(
    "decisions",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("span", NAME, primary_key=True),  # as sync_server.core.spans writes it
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", NAME, nullable=False),
    Column("state", NAME, nullable=False),
    Column("turn", Integer, nullable=False),  # one more with every step: who acts on an older one is refused
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("amends", Integer),  # the version that it changes
    Column("change", NAME),
    Column("change_because", Text, nullable=False),
    Column("lacking", JSON, nullable=False),  # what kept the time from being closed, in words
    Column("because", Text, nullable=False),  # why it was gone on with all the same
    Column("held", JSON(none_as_null=True)),  # which votes there were: see sync_server.core.decisions.late
    Column("figures", JSON(none_as_null=True)),  # as they are printed
    Column("root", String(64)),
    Column("fingerprint", String(64)),
    Column("folder", Text),  # of its files, within that of the server
    Column("archive_sha256", String(64)),
    Column("number", Text),  # blank until the clerk has given them
    Column("day", Date),
    Column("issued_at", Instant),
    Column("forgetting_at", Instant),  # from now on nothing of these days is judged again
    Column("forgotten_at", Instant),
    Column("changed_at", Instant, nullable=False),
)

# Who did what with a Decision, and when.
decision_steps = Table(
    "decision_steps",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", NAME, nullable=False),
    Column("span", NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("step", NAME, nullable=False),
    Column("state", NAME, nullable=False),  # afterwards
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["site", "span", "version"], ["decisions.site", "decisions.span", "decisions.version"]),
    Index("ix_decision_steps_of_one", "site", "span", "version"),
)

# Cases that votes of these days were cast for, once no vote of them tells any more for which: against voting again.
spent_tokens = Table(
    "spent_tokens",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("case_token", HEX128, primary_key=True),
    Column("first", Date, primary_key=True),
    Column("last", Date, nullable=False),
)

# Who did what, when and why. Rows are only ever added.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("done_at", Instant, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("action", NAME, nullable=False),
    Column("site", NAME, ForeignKey(sites.c.site)),
    Column("subject", Text, nullable=False),  # in words
    Column("because", Text, nullable=False),
    Column("details", JSON, nullable=False),  # for programs: what exactly
)

# What cannot be counted is kept here, with the reason; a refused vote under its number.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("received_at", Instant, nullable=False),
    Column("topic", Text, nullable=False),
    Column("stream", HEX128),
    Column("number", BigInteger),
    Column("reason", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of the whole message
    Column("payload", LargeBinary, nullable=False),  # its first bytes
    Index(None, "stream", "number"),
)

# Counted apart, because old unnumbered rows of the quarantine are dropped.
refusals = Table(
    "refusals",
    metadata,
    Column("reason", String(200), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

kiosk_status = Table(
    "kiosk_status",
    metadata,
    Column("site", NAME, primary_key=True),
    Column("kiosk", NAME, primary_key=True),
    Column("stream", HEX128, nullable=False),
    Column("boot", BigInteger, nullable=False),
    Column("tick", BigInteger, nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("version", Text, nullable=False),
    Column("scanner", Text, nullable=False),
    Column("storage", Text, nullable=False),
    Column("refused_scans", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("connection", BigInteger, nullable=False),
    Column("gone_at", Instant),  # a broker's word that this connection ended: a hint, no more
    Column("report", JSON, nullable=False),  # the whole message
    ForeignKeyConstraint(["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"]),
)

# What kiosks are told about their office; the highest revision of a site is in force.
setups = Table(
    "setups",
    metadata,
    Column("site", NAME, ForeignKey(sites.c.site), primary_key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),  # the message as it is sent
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("command", HEX128, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("kiosk", NAME, nullable=False),
    Column("action", NAME, nullable=False),
    Column("resend_from", BigInteger),
    Column("update_to", Text),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("outcome", NAME),
    Column("detail", Text),
    ForeignKeyConstraint(["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"]),
    Index(None, "site", "kiosk"),
)

# What the ingest has done since the beginning, by name.
ingest_counts = Table(
    "ingest_counts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

# A row a subject; its number changes, in the same transaction, whenever there is something new about it:
# 1 the figures, 2 what kiosks are to be told (setups and commands), 3 who may send.
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# --- people who sign in -------------------------------------------------------------------------

admins = Table(
    "admins",
    metadata,
    Column("admin", NAME, primary_key=True),
    Column("name", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the link's secret
    Column("admin", NAME, ForeignKey(admins.c.admin), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the cookie
    Column("admin", NAME, ForeignKey(admins.c.admin), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
)
