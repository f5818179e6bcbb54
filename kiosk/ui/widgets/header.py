"""The strip above every screen: whose machine it is, and the languages."""

from collections.abc import Callable
from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import column, icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.button import LanguageButton
from kiosk.ui.wording import LANGUAGES, wording

load_rules(__file__)


class Header(BoxLayout):
    """Calls *choose* with the code of the language that is touched."""

    office = StringProperty()
    unit = StringProperty()
    language = StringProperty()

    def __init__(self, choose: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.languages: dict[str, LanguageButton] = {}
        for language in LANGUAGES:
            button = LanguageButton(text=wording(language).name, pos_hint={"center_y": 0.5})
            button.bind(on_tap=lambda _button, language=language: choose(language))
            self.languages[language] = button
            self.add_widget(button)
        self.fbind("language", self._mark)
        self._mark()

    def _mark(self, *_: object) -> None:
        for language, button in self.languages.items():
            button.chosen = language == self.language
