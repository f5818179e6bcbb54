"""Memory that nobody uses any more is looked for while nobody is there.

Left to itself, Python looks through everything only once what is new has become a quarter of it: until then what was
dropped keeps its pictures, and then a finger waits for as long as looking through all screens takes.
"""

import gc


class Tidying:
    """Every call but `end` may take some time; the first one of `settle` most."""

    def __init__(self) -> None:
        self._settled = False
        self._due = False

    def settle(self) -> None:
        """All screens stand: what there is now stays as long as the program, and need not be looked through again."""
        self._settled = True
        gc.collect()
        gc.freeze()

    def visited(self) -> None:
        """Somebody is there, and will leave something behind."""
        self._due = True

    def rest(self) -> None:
        """Nobody is there: tidy up, once after every visit."""
        if self._settled and self._due:
            self._due = False
            gc.collect()

    def end(self) -> None:
        """The screens go."""
        if self._settled:
            gc.unfreeze()
