"""Finds the conflicts that a merge left in a file."""

import re
from collections.abc import Iterator

from journeybuilder.document.comments import within_values
from journeybuilder.document.tree import MappingNode, Tree

LABEL = "# conflict:"
"""How the comment begins that names one."""

_SIDES = re.compile(r"^<{7}(?: |\r?$)", re.MULTILINE)
_COMMENT = re.compile(rf"^([ \t]*){LABEL} ?([^\r\n]*)", re.MULTILINE)


def left_over(tree: Tree) -> Iterator[tuple[int, int, str]]:
    """Line, column and words of each conflict that a merge left in a text."""
    text = tree.text
    if tree.marks.root is None:
        found = _SIDES.search(text)
        if found is not None:
            yield text.count("\n", 0, found.start()) + 1, 1, "both sides stand in the file"
        return
    if LABEL not in text or not isinstance(tree.marks.root, MappingNode):
        return
    inside = within_values(text, tree.marks.root)
    for found in _COMMENT.finditer(text):
        begin = found.end(1)
        if not any(start <= begin < end for start, end in inside):
            yield text.count("\n", 0, begin) + 1, len(found.group(1)) + 1, found.group(2).strip()
