"""Loads the drawing rules (.kv) that lie beside a module."""

from pathlib import Path

from kivy.lang import Builder


def load_rules(module_file: str) -> None:
    """Load the .kv of the module with this `__file__`; called where the module is imported, hence once."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
