"""HTML that shows itself in a notebook and holds nobody else's markup."""

from __future__ import annotations

import html


class Html(str):
    """A piece of a page: shows itself in a notebook, prints short, is written as it is."""

    name: str
    n_rows: int | None

    def __new__(cls, content: str, name: str, n_rows: int | None = None) -> Html:
        """Keep the name, and the number of rows of a table, beside the HTML."""
        made = super().__new__(cls, content)
        made.name, made.n_rows = name, n_rows
        return made

    def __repr__(self) -> str:
        if self.n_rows is None:
            return f"<{self.name}>"
        return f"<table {self.name}: {self.n_rows} rows>"

    def _repr_html_(self) -> str:
        return str(self)


def escaped(text: str) -> str:
    """Text that no reader of HTML, and no units notation of great-tables, takes for more."""
    return html.escape(text).replace("{", "&#123;")


def paragraph(text: str, name: str) -> Html:
    """One sentence on a line of its own."""
    return Html(f"<p>{escaped(text)}</p>", name)
