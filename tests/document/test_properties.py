"""What holds for any document and any edit: nothing is lost, and undo gives back every byte."""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from journeybuilder.document import edit
from journeybuilder.document.model import Journey
from journeybuilder.document.style import same
from journeybuilder.document.tree import load
from journeybuilder.document.write import canonical, dump, rewrite
from journeybuilder.errors import AuthorError
from tests.document.documents import commented, edits, mappings
from tests.document.ways import BASE, ways

quick = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@st.composite
def odd(draw: st.DrawFn, text: str) -> str:
    """The text with more blanks, other brackets' spacing, blank lines and other line ends."""
    out: list[str] = []
    for line in text.splitlines():
        choice = draw(st.integers(0, 5))
        found = re.fullmatch(r"( *[a-z_]+):( .*)", line)
        plain = found is not None and not {"'", '"', "#"} & set(line)
        if choice == 1 and found:
            out.append(f"{found[1]}:   {found[2].lstrip()}")
        elif choice == 2 and plain:
            out.append(f"{line}   ")
        elif choice == 3 and plain and line.endswith("}"):
            out.append(line.replace("{", "{ ").replace("}", " }"))
        else:
            out.append(line)
    ends = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return (
        draw(st.sampled_from(["", "\ufeff"])) + ends.join(out) + draw(st.sampled_from(["", ends]))
    )


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A text as people leave it, and what it says."""
    data = draw(mappings())
    text = draw(odd(draw(commented(dump(data)))))
    value = load(text, "f").value
    assume(same(value, data))  # a blank behind a block text is part of it
    return text, data


@quick
@given(documents())
def test_reading_and_writing_gives_every_byte_back(made: tuple[str, dict[str, Any]]) -> None:
    text, data = made
    assert rewrite(text, data) == text
    assert rewrite(text, load(text, "f").value).encode() == text.encode()


@quick
@given(st.data())
def test_an_edit_reads_back_and_leaves_untouched_entries_as_they_were(data: st.DataObject) -> None:
    text, old = data.draw(documents())
    new = data.draw(edits(old))
    after = rewrite(text, new)
    assert same(load(after, "f").value, new)
    before, now = load(text, "f").marks, load(after, "f").marks
    for name, value in old.items():
        one, two = before.at((name,)), now.at((name,))
        if name in new and same(new[name], value) and one is not None and two is not None:
            kept = text[one.start : one.end]
            notes = re.findall(r"# (?:above|behind) \d+", kept)
            assert all(note in after for note in notes)


@quick
@given(st.data())
def test_any_number_of_edits_after_another_read_back(data: st.DataObject) -> None:
    text, value = data.draw(documents())
    for _ in range(4):
        value = data.draw(edits(value))
        text = rewrite(text, value)
        assert same(load(text, "f").value, value)
        assert same(load(canonical(text), "f").value, value)


IDS = ["which", "look_up", "eligible", "decide", "label", "sorry", "done", "new", "new_2", "other"]
NAMES = st.sampled_from(IDS)


@st.composite
def one_edit(draw: st.DrawFn, journey: Journey) -> Journey:
    """The journey after one edit that the editor can make."""
    node, other = draw(NAMES), draw(NAMES)
    match draw(st.integers(0, 7)):
        case 0:
            return edit.add_node(journey, other, "say", {"text": "Hi", "next": node})
        case 1:
            return edit.remove_nodes(journey, [node], ways)
        case 2:
            return edit.rename_node(journey, node, other, ways)
        case 3:
            return edit.connect(journey, node, ("next",), other)
        case 4:
            return edit.disconnect(journey, node, ("next",))
        case 5:
            return edit.duplicate_nodes(journey, [node, other], ways)[0]
        case 6:
            return edit.set_value(journey, ("nodes", node, "title"), draw(st.text(max_size=9)))
        case _:
            return edit.remove_value(journey, ("nodes", node, "attempts"))


def edited(draw: st.DataObject, journey: Journey, count: int) -> Sequence[Journey]:
    """The journeys that some edits lead through; refused ones are left out."""
    states = [journey]
    for _ in range(count):
        try:
            states.append(draw.draw(one_edit(states[-1])))
        except AuthorError:
            continue
    return states


@quick
@given(st.data())
def test_undoing_any_edits_restores_the_bytes(data: st.DataObject) -> None:
    text = data.draw(odd(BASE))
    states = edited(data, Journey(load(text, "f").value), 6)
    before = [dump(state.data) for state in states]
    for state in reversed(states):
        assert same(load(rewrite(text, state.data), "f").value, state.data)
    assert rewrite(text, states[0].data) == text
    assert [dump(state.data) for state in states] == before  # no edit changed what undo keeps


@quick
@given(st.data())
def test_saving_after_every_edit_keeps_the_comments_of_nodes_that_are_left(
    data: st.DataObject,
) -> None:
    text = BASE
    for state in edited(data, Journey(load(BASE, "f").value), 5):
        text = rewrite(text, state.data)
        assert same(load(text, "f").value, state.data)
    assert "# its id" in text
