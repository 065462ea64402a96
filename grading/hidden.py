"""What nbgrader leaves out of the release: hidden tests and mark schemes."""

import io

BEGIN = {"BEGIN HIDDEN TESTS": "END HIDDEN TESTS", "BEGIN MARK SCHEME": "END MARK SCHEME"}


def replace(source: str, instead: str = "") -> str:
    """``source`` with ``instead`` in place of each hidden part, the lines of its marks included."""
    if not any(mark in source for mark in BEGIN):
        return source
    kept, end, start = [], None, 0
    for line in io.StringIO(source, newline="\n"):
        rest = line
        if end is None:
            for mark, closing in BEGIN.items():
                _, found, after = line.partition(mark)
                if found:
                    end, start, rest = closing, len(kept), after
                    break
        kept.append(line)
        if end is not None and end in rest:
            kept[start:] = [instead]
            end = None
    return "".join(kept)


def visible(source: str) -> str:
    """The source as students see it, for comparison."""
    return replace(source).strip()
