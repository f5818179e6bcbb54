"""The service page: how everything is, tests of scanner and panel, and what can be done about it."""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from kiosk.core.events import DismissTouched, ServiceUsed
from kiosk.exporting import Progress, Stage
from kiosk.service_desk import Fact, Facts, ServiceDesk
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.service_rows import export_words, heard_words, rows
from kiosk.ui.touch import Touch
from kiosk.ui.widgets import fact_table, pill, service_button, text, touch_pad  # noqa: F401 (the rules name them)
from kiosk.ui.wording import Wording

load_rules(__file__)

SURE_SECONDS = 6.0  # in which a restart may be confirmed
NOT_TWICE_SECONDS = 0.6  # a tap that bounces confirms nothing
_LEFT = tuple(Fact).index(Fact.WAITING)  # the machine's facts on the left, the votes' on the right


class ServiceScreen(KioskScreen):
    """`heard` is the kind of the last scan; the facts are those of the last `show`.

    Without a *desk*, nothing can be exported or restarted.
    """

    heard = StringProperty()
    kiosk = StringProperty()
    said = StringProperty()
    sure = BooleanProperty(False)  # to be asked: is it really to restart?
    running = BooleanProperty(False)  # the export is

    def __init__(self, wording: Wording, touch: Touch, desk: ServiceDesk | None, **kwargs: Any) -> None:
        self._desk = desk
        self._facts: Facts | None = None
        self._progress = Progress()
        self._not_now = False
        self._asked_at = 0.0
        self._doubt = Clock.create_trigger(self._be_unsure, SURE_SECONDS)
        super().__init__(wording, touch, **kwargs)
        self.fbind("wording", self._say)

    def show(self, facts: Facts, progress: Progress) -> None:
        """Show how everything is; what has not changed is not drawn again."""
        self._facts, self._progress = facts, progress
        self._not_now = self._not_now and progress.stage is Stage.WRITING
        self._say()

    def leave(self) -> None:
        """Forget what was tried out, for the next one who comes."""
        self.ids.pad.wipe()
        self._doubt.cancel()
        self.sure = self._not_now = False

    def export(self) -> None:
        """The button was touched."""
        self.touch(ServiceUsed)
        if self._desk is not None:
            self._desk.export()

    def restart(self) -> None:
        """The button was touched: ask, and restart at the second touch."""
        now = Clock.get_time()
        if not self.sure:
            self.sure, self._asked_at = True, now
            self._doubt()
            self.touch(ServiceUsed)
        elif now - self._asked_at >= NOT_TWICE_SECONDS:
            self._be_unsure()
            self._restart()
        self._say()

    def _restart(self) -> None:
        self._not_now = self._desk is None or not self._desk.restart()
        if not self._not_now:
            self.touch(DismissTouched)  # it ends once the page is left

    def heard_in_words(self, kind: str, wording: Wording) -> str:
        """Say what the test of the scanner is about."""
        words = wording.service
        return words.scanner_test if kind else f"{words.scanner_test}: {words.scan_anything}"

    def kind_in_words(self, kind: str, wording: Wording) -> str:
        """Name the kind of the last scan; empty while there was none."""
        return heard_words(kind, wording.service) if kind else ""

    def touched_in_words(self, count: int, wording: Wording) -> str:
        """Say what the test of the panel is about, and how many touches it has taken."""
        words = wording.service
        return f"{words.touch_test}: {words.touched.format(number=count) if count else words.touch_anywhere}"

    def _be_unsure(self, *_: object) -> None:
        self._doubt.cancel()
        self.sure = False
        self._say()

    def _say(self, *_: object) -> None:
        words = self.wording.service
        self.running = self._progress.stage is Stage.WRITING
        if self.sure:
            self.said = words.sure
        elif self._not_now:
            self.said = words.not_now
        else:
            self.said = export_words(self._progress, words)
        if self._facts is not None:
            self.kiosk = self._facts.kiosk
            told = rows(self._facts, words)
            self.ids.machine.show(told[:_LEFT])
            self.ids.votes.show(told[_LEFT:])
