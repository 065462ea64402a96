"""Exceptions on their way to the other side: as data, those of an answer's own class as objects."""

import builtins
import sys
import traceback
from contextlib import suppress

from .frames import MOST_TEXT
from .plain import READ, WRITE
from .proxies import Object_
from .table import PLAIN

HERE = __file__.rpartition("/")[0]
DEEPEST = 3  # causes of causes, groups of groups
MOST_PARTS = 20  # of a group


def describe(error: BaseException, table, depth: int = 0) -> dict:
    """An exception as data: its name, its nearest class that both sides have, what it says.

    Where it was raised in a test is not said, nor what it came of there.
    """
    known = next(c for c in type(error).__mro__ if table.library.holds(c))
    grouped = type(error) is ExceptionGroup and not table.closed and depth < DEEPEST
    text, most = error.message if grouped else words(error), MOST_TEXT * 3 // 4
    plain = len(text) < most and all(map(_is_plain, error.args))
    frames = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in frames if frame.filename.rpartition("/")[0] != HERE]
    own = [f for f in frames if f.line and "site-packages" not in f.filename]
    own = [f for f in own if not f.filename.startswith((sys.base_prefix, *table.library.folders()))]
    lines = traceback.format_list(frames) + traceback.format_exception_only(error)
    sent = {
        "name": type(error).__name__[:200],
        "class": table.library.name(known, False),
        "arguments": [table.write(one) for one in error.args] if plain else None,
        "text": text[:100_000],
        "trace": "" if table.closed or depth else "".join(lines)[-20_000:],
        "at": [own[-1].lineno, own[-1].line[:1000]] if own and not table.closed else None,
    }
    if grouped:
        sent["parts"] = [describe(one, table, depth + 1) for one in error.exceptions[:MOST_PARTS]]
    if isinstance(error.__cause__, Exception) and not table.closed and depth < DEEPEST:
        sent["cause"] = describe(error.__cause__, table, depth + 1)
    return sent


def _is_plain(value) -> bool:
    return type(value) in PLAIN or type(value) is tuple and all(map(_is_plain, value))


def words(error: BaseException) -> str:
    """What it says; computing that may be an answer's."""
    try:
        return str(error)
    except Exception:
        return "(its message cannot be printed)"


def itself(error: BaseException, table):
    """An exception of an answer's own class, which is asked for what else it holds; else None."""
    if table.closed or not isinstance(error, Exception) or table.library.holds(type(error)):
        return None
    return error.with_traceback(None)  # its frames would be held as long as it is


def rebuilt(sent: dict, table, error=None, depth: int = 0) -> Exception:
    """The exception on this side. What would end the process itself is none here.

    error: what stands for it, where it is of an answer's own class.
    """
    text, arguments = str(sent["text"]), sent["arguments"]
    given = (text,) if arguments is None else tuple(table.value(one) for one in arguments)
    if isinstance(error, Object_) and isinstance(error, Exception):
        BaseException.__setattr__(error, "_text", text)
        BaseException.args.__set__(error, given)
    else:
        error = _made(sent, table, text, given, depth)
    if sent.get("cause") and depth < DEEPEST:
        BaseException.__cause__.__set__(error, rebuilt(sent["cause"], table, None, depth + 1))
    if sent["trace"]:
        notes = [f"In the process of the answers:\n{str(sent['trace'])[-20_000:]}"]
        BaseException.__setattr__(error, "__notes__", notes)
    BaseException.__suppress_context__.__set__(error, True)  # as by `raise ... from None`
    at = sent["at"]
    at = (int(at[0]), str(at[1])[:1000]) if at else None
    BaseException.__setattr__(error, "answer_line", at)
    return error


def _made(sent: dict, table, text: str, given: tuple, depth: int) -> Exception:
    known = table.library.find(sent["class"], False)
    if not (isinstance(known, type) and issubclass(known, Exception)):
        known = RuntimeError
    name = str(sent["name"])[:200]
    if known is ExceptionGroup and sent.get("parts") and depth < DEEPEST:
        parts = sent["parts"][:MOST_PARTS]
        return ExceptionGroup(text, [rebuilt(one, table, None, depth + 1) for one in parts])
    if known.__module__ == "builtins" and known.__name__ == name:
        with suppress(Exception):
            return known(*given)
    if known.__name__ != name or {"__str__", "__init__"} & {*vars(known)}:  # it may say otherwise
        known = type(name, (known,), {"__module__": "__main__", "__str__": lambda self: text})
    with suppress(Exception):
        error = known.__new__(known)
        error.args = given
        return error
    return RuntimeError(text)


# as values, too
for one in vars(builtins).values():
    if isinstance(one, type) and issubclass(one, Exception):
        WRITE[one] = lambda table, value: ["error", describe(value, table)]
READ["error"] = lambda table, sent: rebuilt(sent, table)
