"""One thing after another that a person might do to a journey, by chance and by every way there is."""

import random
from collections.abc import Callable, Sequence

from journeybuilder.document.drawings import COLORS, FRAME, NOTE
from journeybuilder.document.write import dump
from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.kinds import KINDS
from journeybuilder.refactor.variables import variables_of

_MANY = 30  # nodes from which on more are removed than added
_WORDS = (
    "Hi", "Grüß Gott, ${number}", "two\nlines\n", "", " edges ", "yes", "12", "- no list", "a: b # c",
    "日本語", "\u2028", "'quoted'", '"double"', "{curly}", "null", "~", "🙂", "x" * 300, "\t", "|", "%",
)  # fmt: skip
_VALUES = (0, 1, -1, 2.5, True, False, None, "", [], {}, ["a", "b"], {"a": {"b": []}}, "1h", "it")


class RandomEdits:
    """Edits a journey by chance; the same seed does the same.

    Args:
        model: What is edited.
        chance: Where chance comes from.
    """

    def __init__(self, model: JourneyModel, chance: random.Random) -> None:
        self.model = model
        self.chance = chance
        self.done: dict[str, int] = {}
        self._deeds: Sequence[Callable[[], object]] = (
            self.add, self.add, self.add_behind, self.insert, self.move, self.move, self.connect,
            self.connect, self.connect_many, self.disconnect, self.cut, self.remove, self.bypass,
            self.splice, self.rename, self.start, self.duplicate, self.paste, self.type_text,
            self.type_text, self.set_something, self.unset_something, self.set_many, self.title,
            self.draw, self.draw, self.reshape, self.retitle, self.paint, self.bookmark,
            self.rearrange, self.rename_variable, self.type_journey, self.replace, self.extract,
        )  # fmt: skip

    def one(self) -> None:
        """Do something; what cannot be done is refused as it would be in the window."""
        deed = self.chance.choice(self._deeds)
        if len(self.model.journey.nodes) > _MANY and self.chance.random() < 0.5:
            deed = self.remove
        try:
            deed()
        except AuthorError:
            return
        self.done[deed.__name__] = self.done.get(deed.__name__, 0) + 1

    # --- what is there -----------------------------------------------------------------------

    def node(self) -> str:
        names = list(self.model.journey.nodes)
        return self.chance.choice(names) if names else self.model.add("say", {}, self.place())

    def some(self, many: int = 4) -> list[str]:
        names = [*self.model.journey.nodes, *self.model.drawings()]
        return self.chance.sample(names, min(len(names), self.chance.randint(1, many)))

    def drawing(self) -> str:
        keys = list(self.model.drawings())
        return self.chance.choice(keys) if keys else self.draw()

    def way(self) -> tuple[str, str]:
        """A way out of some node.

        Raises:
            AuthorError: When that node has none.
        """
        name = self.node()
        ports = self.model.node(name).ports
        if not ports:
            raise AuthorError("No way out.")
        return name, self.chance.choice(ports).name

    def place(self) -> tuple[float, float]:
        return self.chance.uniform(-2000, 4000), self.chance.uniform(-2000, 3000)

    def word(self) -> str:
        return self.chance.choice(_WORDS)

    # --- nodes and wires ---------------------------------------------------------------------

    def add(self) -> None:
        self.model.add(self.chance.choice(list(KINDS)), {}, self.place())

    def add_behind(self) -> None:
        self.model.add(self.chance.choice(list(KINDS)), {}, self.place(), self.way())

    def insert(self) -> None:
        self.model.insert_on_wire(self.chance.choice(list(KINDS)), {}, self.place(), self.way())

    def move(self) -> None:
        """A drag, or keys pressed one after the other: one step."""
        gesture, ids = self.model.new_gesture(), self.some(6)
        for _ in range(self.chance.randint(1, 4)):
            self.model.move({name: self.place() for name in ids}, gesture)

    def connect(self) -> None:
        self.model.connect_port(*self.way(), self.node())

    def connect_many(self) -> None:
        self.model.connect_ports([self.way() for _ in range(3)], self.node())

    def disconnect(self) -> None:
        self.model.disconnect_port(*self.way())

    def cut(self) -> None:
        self.model.cut([self.way() for _ in range(self.chance.randint(1, 3))])

    def remove(self) -> None:
        self.model.remove(self.some())

    def bypass(self) -> None:
        self.model.bypass(self.some(2))

    def splice(self) -> None:
        name = self.node()
        self.model.splice(name, self.way(), {name: self.place()})

    def rename(self) -> None:
        new = self.chance.choice((f"n{self.chance.randrange(99)}", self.node(), "no id", "", "on"))
        self.model.rename(self.node(), new)

    def start(self) -> None:
        self.model.set_start(self.node())

    def duplicate(self) -> None:
        self.model.duplicate(self.some())

    def paste(self) -> None:
        text = self.model.copied(self.some())
        self.model.paste(self.chance.choice((text, text, text, self.word())), self.place())

    def extract(self) -> None:
        ids = [name for name in self.some(3) if name in self.model.journey.nodes]
        self.model.apply("Extract", Edit("extract", {"ids": ids, "new": "part", "at": [10, 20]}))

    # --- settings ----------------------------------------------------------------------------

    def type_text(self) -> None:
        """Letter by letter: one step."""
        gesture, name, text = self.model.new_gesture(), self.node(), ""
        for letter in self.word()[:6]:
            text += letter
            self.model.set_setting(name, ("text",), text, gesture)

    def set_something(self) -> None:
        path = self.chance.choice(
            (("text",), ("save",), ("args", "deep", "deeper"), ("retry", "attempts"), ("of", "x"))
        )
        self.model.set_setting(self.node(), path, self.chance.choice((*_VALUES, *_WORDS)))

    def unset_something(self) -> None:
        node = self.model.settings_of(self.node())
        if node is not None and node.settings:
            key = self.chance.choice(list(node.settings))
            self.model.set_setting(node.id, (key,), UNSET)

    def set_many(self) -> None:
        self.model.set_settings(self.node(), {("text",): self.word(), ("title",): UNSET})

    def title(self) -> None:
        key = self.chance.choice(("title", "description", "variables", "notes"))
        if key == "variables":
            name = f"v{self.chance.randrange(5)}"
            self.model.set_value((key, name), {"type": "text"})
        else:
            self.model.set_value((key,), self.chance.choice((self.word(), UNSET)))

    def rename_variable(self) -> None:
        known = variables_of(self.model.journey)
        if known:
            args = {"old": self.chance.choice(known), "new": f"w{self.chance.randrange(9)}"}
            self.model.apply("Rename", Edit("rename_variable", args))

    def type_journey(self) -> None:
        """The whole text, with a comment of the person."""
        text = f"# {self.chance.random()}\n{dump(self.model.journey.data)}"
        self.model.apply("Edit the text", Edit("retype", {"text": text}))

    def replace(self) -> None:
        """A version of some other time."""
        steps = self.model.history.steps()
        if steps:
            draft = self.chance.choice(steps).before
            layout = dump(draft.layout.data) if draft.layout.data else ""
            self.model.replace_with("Restore", Pair(dump(draft.journey.data), layout))

    # --- beside the logic --------------------------------------------------------------------

    def draw(self) -> str:
        size = self.chance.uniform(60, 900), self.chance.uniform(40, 700)
        return self.model.draw(self.chance.choice((FRAME, NOTE)), self.place(), size, self.word())

    def reshape(self) -> None:
        self.model.reshape(self.drawing(), self.place(), (300, 200))

    def retitle(self) -> None:
        self.model.retitle(self.chance.choice((self.drawing(), self.node())), self.word())

    def paint(self) -> None:
        self.model.paint(self.some(), self.chance.choice(("", *COLORS)))

    def bookmark(self) -> None:
        node = self.chance.choice((self.node(), ""))
        self.model.set_bookmark(str(self.chance.randint(1, 9)), node)

    def rearrange(self) -> None:
        places = {name: self.place() for name in self.some(8)}
        sizes = {key: (320.0, 240.0) for key in places if key in self.model.drawings()}
        self.model.rearrange(places, sizes, "Align")
