"""Outputs of cells made such as any page can show, whatever a kernel or a file says they are."""

import base64
import binascii
import json
import re
from collections import Counter
from html import unescape

from nbformat.notebooknode import NotebookNode, from_dict

LONGEST_TEXT = 20_000  # characters of one text that a page shows
LONGEST_HTML = 200_000
LARGEST_PICTURE = 8 << 20  # base64
MOST_OUTPUTS = 200  # of one cell
DEEPEST = 30  # nested lists and dictionaries
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOVING = {"image/gif", "image/webp"}  # for which nbconvert's templates have no place
MARKUP = ("text/html", "image/svg+xml", "text/latex", "text/markdown")
VOID = {"area", "br", "col", "hr", "img", "input", "param", "source", "track", "wbr"}
# elements without an end, and those of which the tag alone is left out
EMPTY = {"link", "meta", "base", "embed", "html", "head", "body", "plaintext"}
EMPTY |= {"set", "animate", "animatemotion", "animatetransform"}
ACTIVE = EMPTY | {"script", "style", "iframe", "object", "form", "frame", "frameset", "template"}
ATTRIBUTE = re.compile(r"[^\s<>=\"'/]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s<>\"'=`]++))?+")
TAG = re.compile(rf"(/?)([a-zA-Z][a-zA-Z0-9-]*+)((?:[\s/]++(?:{ATTRIBUTE.pattern})?+)*+)>")


def valid(output: object) -> tuple[NotebookNode | None, list[str]]:
    """An output that Jupyter's format allows, made of this one, and what of it could not be kept."""
    try:
        return _VALID[output["output_type"]](output)
    except (KeyError, TypeError, AttributeError):
        return None, ["an output of no known type"]


def tidy(message: dict) -> list[str]:
    """Make a kernel's output message what the protocol allows; what of it could not be kept."""
    kind = message["msg_type"].removeprefix("update_")
    if kind not in _VALID:
        return []
    content = message["content"]
    output, lost = valid({**content, "output_type": kind})
    if output is None:
        message["msg_type"] = message["header"]["msg_type"] = "unreadable"
        return lost
    output.pop("output_type")
    transient = content.get("transient")
    message["content"] = output
    if isinstance(transient, dict) and isinstance(transient.get("display_id"), str):
        message["content"]["transient"] = {"display_id": transient["display_id"]}
    return lost


def note(text: str) -> NotebookNode:
    return NotebookNode(output_type="stream", name="stderr", text=f"({text})\n")


def _text(value: object) -> str:
    """Text, which the format also allows as a list of lines."""
    if isinstance(value, list):
        value = "".join(value)
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "replace").decode("utf-8")  # lone surrogates


def _stream(output: dict) -> tuple[NotebookNode, list[str]]:
    name = "stderr" if output.get("name") == "stderr" else "stdout"
    text = _text(output["text"])
    return NotebookNode(output_type="stream", name=name, text=text), []


def _error(output: dict) -> tuple[NotebookNode, list[str]]:
    lines = output.get("traceback")
    lines = (
        [_text(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    )
    found = {"output_type": "error", "traceback": lines}
    found |= {key: _text(str(output.get(key, ""))) for key in ("ename", "evalue")}
    return NotebookNode(found), []


def _display(output: dict) -> tuple[NotebookNode, list[str]]:
    data, lost = {}, []
    given = output.get("data")
    for kind, value in given.items() if isinstance(given, dict) else ():
        kind = _text(str(kind))[:100]
        try:
            data[kind] = value if _is_json(kind) and _shallow(value) else _text(value)
        except TypeError:
            lost.append(f"{kind!r} in an output could not be read")
    if not data:
        lost.append("an output without any data")
    metadata = output.get("metadata")
    sizes = {
        kind: {key: of[key] for key in ("width", "height") if type(of.get(key)) in (int, float)}
        for kind, of in (metadata.items() if isinstance(metadata, dict) else ())
        if kind in data and isinstance(of, dict)
    }
    found = {"output_type": output["output_type"], "metadata": sizes, "data": data}
    if output["output_type"] == "execute_result":
        count = output.get("execution_count")
        found["execution_count"] = count if type(count) is int and count >= 0 else None
    return from_dict(found), lost


_VALID = {"stream": _stream, "error": _error, "display_data": _display, "execute_result": _display}


def _is_json(kind: str) -> bool:
    return kind == "application/json" or kind.endswith("+json")


def _shallow(value: object) -> bool:
    """Whether JSON is nested so little that every reader can go through it."""
    layer = [value]
    for _ in range(DEEPEST):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return True
    return False


def sizes(output: NotebookNode) -> tuple[int, int]:
    """Characters of an output that is valid: of text, and of pictures."""
    data = output.get("data", {})
    pictures = sum(len(value) for kind, value in data.items() if kind in PICTURES)
    return len(json.dumps(output)) - pictures, pictures


# --- for a page ------------------------------------------------------------------------------------


def harmless(html: str) -> str:
    """HTML without what runs, loads a page, sends a form or restyles the page, and that ends no
    element it has not begun.

    What follows a "<" and is no tag, or one that never ends, is text. Linear in the length.
    """
    first, *rest = html.split("<")
    parts, skip = [first], ""  # skip: the element of which nothing is kept
    inside, within = [], Counter()  # the elements that have begun
    for piece in rest:
        tag = TAG.match(piece)
        if tag is None:
            parts += [] if skip else ["&lt;", piece]
            continue
        closing, name, after = tag[1], tag[2].lower(), piece[tag.end() :]
        if skip:
            skip = "" if closing and name == skip else skip
            parts += [] if skip else [after]
            continue
        if name in ACTIVE:
            skip = "" if closing or name in EMPTY else name
        elif not closing:
            text, begun = _beginning(name, tag[3])
            parts.append(text)
            inside += begun
            within.update(begun)
        elif name == "p":  # may be left out, and ends nothing but a paragraph
            parts.append("</p>")
        while closing and within[name]:
            within[inside[-1]] -= 1
            parts.append(f"</{inside[-1]}>")
            if inside.pop() == name:
                break
        parts += [] if skip else [after]
    return "".join([*parts, *(f"</{name}>" for name in reversed(inside))])


def _beginning(name: str, rest: str) -> tuple[str, list[str]]:
    """A tag that begins an element, and the element's name where that is to be ended."""
    attributes = ATTRIBUTE.findall(rest)
    kept = " ".join([name, *filter(_is_harmless, attributes)])
    if name in VOID or name == "p":
        return f"<{kept}>", []
    if rest.endswith("/") and not "".join(attributes[-1:]).endswith("/"):
        return f"<{kept}></{name}>", []
    return f"<{kept}>", [name]


def _is_harmless(attribute: str) -> bool:
    name, _, value = attribute.partition("=")
    link = "".join(filter(str.isprintable, unescape(value))).strip("\"' ").lower()
    runs = link.startswith(("javascript:", "vbscript:", "data:text", "data:application"))
    return not (runs or name.lower().startswith(("on", "srcdoc", "formaction", "xlink")))


def shorter(text: str, most: int = LONGEST_TEXT) -> str:
    """A text's two ends, where it is longer than a page shows."""
    if len(text) <= most:
        return text
    cut = f"\n... {len(text) - most:,} characters are left out here ...\n"
    return text[: most // 2] + cut + text[-(most // 2) :]


def showable(outputs: list) -> list[NotebookNode]:
    """The outputs of a cell as a page can show them; what could not be shown is named among them."""
    found = []
    for output in list(outputs)[:MOST_OUTPUTS]:
        output, lost = valid(output)
        if output is None:
            pass
        elif output.output_type == "stream":
            output.text = shorter(output.text)
        elif output.output_type == "error":
            output.ename, output.evalue = shorter(output.ename, 200), shorter(output.evalue)
            output.traceback = shorter("\n".join(output.traceback)).split("\n")
        else:
            lost += _trim(output.data)
        if output is not None and output.get("data", True):
            found.append(output)
        found += [note(f"not shown: {why}") for why in lost]
    if len(outputs) > MOST_OUTPUTS:
        found.append(note(f"{len(outputs) - MOST_OUTPUTS} more outputs are not shown"))
    return found


def _trim(data: dict) -> list[str]:
    """Take out of a display's data what cannot be shown; what that was."""
    lost = []
    for kind in list(data):
        why = _why_not(kind, data[kind])
        if why:
            del data[kind]
            lost.append(f"{kind}: {why}")
        elif kind == "text/html":
            data[kind] = harmless(data[kind])
        elif kind == "text/plain":
            data[kind] = shorter(data[kind])
        elif _is_json(kind):
            data[kind] = shorter(json.dumps(data[kind]))
    others = [kind for kind in data if kind not in (*PICTURES, *MARKUP, "text/plain")]
    for kind in others:
        text = data.pop(kind)
        if "text/plain" not in data:
            data["text/plain"] = text if isinstance(text, str) else json.dumps(text)
    for kind in sorted(MOVING & set(data)):
        shown = f'<img alt="a picture" src="data:{kind};base64,{"".join(data.pop(kind).split())}">'
        data.setdefault("text/html", shown)
    return lost


def _why_not(kind: str, value: object) -> str:
    """Why a page cannot show data of this kind; "" where it can."""
    if kind in PICTURES:
        if len(value) > LARGEST_PICTURE:
            return f"a picture larger than {LARGEST_PICTURE >> 20} MB"
        try:
            return "" if base64.b64decode(value.replace("\n", ""), validate=True) else "no picture"
        except (binascii.Error, ValueError):
            return "a picture that is not base64"
    if kind in MARKUP:
        most = LONGEST_TEXT // 2 if kind in ("text/markdown", "text/latex") else LONGEST_HTML
        return f"longer than {most:,} characters" if len(value) > most else ""
    if kind != "text/plain" and not _is_json(kind):
        return "data of this kind"
    return ""
