"""The strip above every screen: whose machine it is, the languages, and how large and how dark it is written."""

from collections.abc import Callable
from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_rules
from kiosk.ui.look import CHOICES
from kiosk.ui.widgets import column, held, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.button import LanguageButton, LookButton
from kiosk.ui.wording import LANGUAGES, wording

load_rules(__file__)

_SIGNS = {"larger": "", "contrast": "contrast", "low": "lower"}


class Header(BoxLayout):
    """Calls *choose_language* with the code of the language that is touched, *choose_look* with one of CHOICES."""

    office = StringProperty()
    unit = StringProperty()
    language = StringProperty()

    def __init__(
        self, choose_language: Callable[[str], None], choose_look: Callable[[str], None], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.languages: dict[str, LanguageButton] = {}
        for language in LANGUAGES:
            button = LanguageButton(text=wording(language).name)
            button.bind(on_tap=lambda _button, language=language: choose_language(language))
            self.languages[language] = button
            self.ids.buttons.add_widget(button)
        self.looks: dict[str, LookButton] = {}
        for choice in CHOICES:
            look = LookButton(choice=choice, twice=True, words="A+" if choice == "larger" else "", sign=_SIGNS[choice])
            look.bind(on_tap=lambda _button, choice=choice: choose_look(choice))
            self.looks[choice] = look
            self.ids.buttons.add_widget(look)
        self.fbind("language", self._mark)
        self._mark()

    def _mark(self, *_: object) -> None:
        for language, button in self.languages.items():
            button.chosen = language == self.language
