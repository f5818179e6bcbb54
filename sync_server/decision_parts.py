"""Which functions make a Decision's parts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sync_server.archives.ground import ArchiveTrouble, Ground, lay_ground
from sync_server.archives.keys import signing_key
from sync_server.archives.writing import About, Papers, write_archive
from sync_server.core.decisions.contents import compose
from sync_server.core.decisions.document import Document
from sync_server.core.decisions.facts import Act, Earlier, Facts, Former
from sync_server.core.decisions.readiness_wording import printed
from sync_server.core.decisions.states import Change, Kind
from sync_server.core.decisions.stated import stated_of
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.deciding import DOCX, PDF, Asked, Composed, DecidingTrouble, DecisionParts, Tell
from sync_server.documents.checking import DocumentTrouble
from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.fitting import fitting_size
from sync_server.documents.pdf_file import pdf_bytes
from sync_server.keys import KeyTrouble
from sync_server.settings import Settings
from sync_server.store.ballots import reading_ballots
from sync_server.store.database import Database
from sync_server.store.decision_facts import facts_in
from sync_server.store.late_votes import late_votes
