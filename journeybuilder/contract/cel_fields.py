"""Which fields of a variable an expression reads, so that the library need not be given the rest."""

from journeybuilder.contract.cel_tree import Each, Name, Select, Tree, below


def looked_into(tree: Tree) -> dict[str, frozenset[str]]:
    """The fields that are read of every variable of which nothing else is read."""
    fields: dict[str, set[str]] = {}
    _look_into(tree, frozenset(), fields)
    return {name: frozenset(of) for name, of in fields.items() if "" not in of}


def _look_into(tree: Tree, bound: frozenset[str], fields: dict[str, set[str]]) -> None:
    if isinstance(tree, Select) and isinstance(tree.of, Name):
        if tree.of.id not in bound:
            fields.setdefault(tree.of.id, set()).add(tree.field)
    elif isinstance(tree, Name):
        if tree.id not in bound:
            fields.setdefault(tree.id, set()).add("")  # all of it
    elif isinstance(tree, Each):
        _look_into(tree.of, bound, fields)
        for part in tree.parts:
            _look_into(part, bound | {tree.name}, fields)
    else:
        for part in below(tree):
            _look_into(part, bound, fields)
