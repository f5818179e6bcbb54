"""The strip below every screen: what is not kept, what comes next, and whether the server is there."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import icon, text  # noqa: F401 (the rules name them)

load_rules(__file__)


class Footer(BoxLayout):
    """`promise` stands on the left, `aside` on the right; the dot is full when `online`, open when not.

    `share` of the last seconds of a stay is left; 0: it is not counted.
    """

    promise = StringProperty()
    aside = StringProperty()
    online = BooleanProperty(False)
    share = NumericProperty(0.0)
