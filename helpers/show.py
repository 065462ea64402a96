"""Tables of results: HTML on a page, aligned text where there is none."""

from collections.abc import Sequence
from html import escape


class Table:
    """Rows of words and numbers, formatted, under a head; the first column left, others right."""

    def __init__(
        self, head: Sequence[str], rows: Sequence[Sequence[object]], caption: str = ""
    ) -> None:
        self.head, self.caption = list(head), caption
        self.rows = [[str(cell) for cell in row] for row in rows]
        for row in self.rows:
            if len(row) != len(head):
                raise ValueError(f"a row has {len(row)} cells under a head of {len(head)}: {row}")

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str) -> str:
            sides = ["left"] + ["right"] * (len(cells) - 1)
            return "".join(
                f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>'
                for side, cell in zip(sides, cells, strict=True)
            )

        body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in self.rows)
        said = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = f"<thead><tr>{line(self.head, 'th')}</tr></thead>"
        return f"<table>{said}{head}<tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
            for row in (self.head, *self.rows)
        ]
        return "\n".join([self.caption] * bool(self.caption) + lines)


table = Table  # a cell shows it where it is the last expression
