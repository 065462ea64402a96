"""How a function or a class of the one side is called, said to the other."""

import inspect

HIDDEN = "a default value"  # in place of those of a function that a test defines


def signature(table, value) -> list | None:
    """Names, kinds and default values of the arguments; those of tests keep their defaults."""
    try:
        found = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    sent = []
    for one in found:
        given = one.default is not inspect.Parameter.empty
        default = HIDDEN if table.closed else one.default
        try:
            sent.append([one.name, int(one.kind), [table.write(default)] if given else None])
        except (TypeError, ValueError):
            sent.append([one.name, int(one.kind), None])
    return sent


def read_signature(table, sent: list | None) -> inspect.Signature | None:
    if sent is None:
        return None
    kinds = list(inspect._ParameterKind)
    empty = inspect.Parameter.empty
    try:
        return inspect.Signature(
            inspect.Parameter(n, kinds[k], default=empty if d is None else table.later(d[0]))
            for n, k, d in sent
        )
    except ValueError:
        return None
