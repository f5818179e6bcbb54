"""The comment screen by itself, between a header and a footer, and somebody who types on it."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from kivy.core.window import Window
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label

from kiosk.core.composing import ERASE, Composition, Method
from kiosk.core.events import BackTouched, CommentTyped, SendTouched, SkipTouched, Touched
from kiosk.core.syllables import TONES
from kiosk.ui.screens.comment import CommentScreen
from kiosk.ui.widgets.footer import Footer
from kiosk.ui.widgets.header import Header
from kiosk.ui.widgets.keyboard import Shift
from kiosk.ui.wording import wording
from tests.kiosk.ui.driver import Driver


class Desk(Driver):
    """Keys become text as `Composition` says; `done` collects the buttons that were touched."""

    def __init__(self) -> None:
        super().__init__()
        self.composition = Composition()
        self.struck: list[str] = []
        self.done: list[str] = []
        self.comment = CommentScreen(
            wording("vi"),
            self._touched,
        )
        follow = self.comment.keyboard._on_key

        def strike(key: str) -> None:
            self.struck.append(key)
            follow(key)

        self.comment.keyboard._on_key = strike
        self.frame = BoxLayout(orientation="vertical")
        self.header, self.footer = Header(self.speak, lambda _look: None), Footer(online=True)
        self.header.office, self.header.unit = "UBND THỊ TRẤN SỊA", "Bộ phận Tiếp nhận và Trả kết quả"
        for part in (self.header, self.comment, self.footer):
            self.frame.add_widget(part)
        self.speak("vi")
        Window.remove_widget(self.app.root)
        Window.add_widget(self.frame)
        self.step(6)

    def close(self) -> None:
        Window.remove_widget(self.frame)
        Window.add_widget(self.app.root)
        super().close()

    def speak(self, language: str) -> None:
        words = wording(language)
        self.comment.wording = words
        self.header.language = language
        self.footer.promise = words.footer.privacy
        self.footer.aside = words.footer.countdown.format(seconds=30)
        self.step(2)

    def labels(self) -> Iterator[Any]:
        for widget in self.frame.walk(restrict=True):
            if isinstance(widget, Label) and widget.text and widget.opacity:
                yield widget

    # --- typing ---

    @property
    def written(self) -> str:
        """What stands in the box."""
        return "".join(self.comment.ids.writing.lines)

    def button(self, name: str) -> Any:
        return self.comment.ids[name]

    def touch(self, widget: Any) -> None:
        self.press(widget)
        self.let_go(widget)

    def key(self, meaning: str) -> Any:
        """Return the key that means this; shift and pages are looked up by whoever types."""
        return next(key for key in self.comment.keyboard.touchable() if key.meaning == meaning)

    def type(self, text: str) -> None:
        """Touch the keys for each character, shifted where it is a capital, on the page where it is."""
        keyboard = self.comment.keyboard
        for letter in text:
            if letter.isupper() and keyboard.shift is Shift.OFF:
                self.touch(keyboard.ids.shift)
            if not any(key.meaning == letter for key in keyboard.touchable()):
                self.touch(keyboard.ids.page)
            self.touch(self.key(letter))

    def type_without_method(self, text: str) -> None:
        """Touch letters with their hooks and hats, and each tone after its letter."""
        for letter in text:
            parts = unicodedata.normalize("NFD", letter)
            tone = next((part for part in parts if part in TONES), "")
            self.type(unicodedata.normalize("NFC", parts.replace(tone, "")) + tone)

    def use(self, method: Method) -> None:
        while self.composition.method is not method:
            self.touch(self.comment.keyboard.ids.switch)

    def erase(self) -> None:
        self.touch(self.key(ERASE))

    def show(self, composition: Composition) -> None:
        self.composition = composition
        self.comment._composition = composition
        self.comment.describe(composition.text)
        self.step(2)

    def _touched(self, touched: Callable[..., Touched], /, *what: object) -> None:
        match touched(0.0, *what):
            case CommentTyped(_, text):
                self.composition = self.comment._composition
                self.comment.describe(text)
            case BackTouched():
                self.done.append("back")
            case SkipTouched():
                self.done.append("skip")
            case SendTouched():
                self.done.append("send")
