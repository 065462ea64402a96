"""Build the reader's site from the stored notebooks: nothing is executed, nothing is fetched.

python tools/website/build.py [FOLDER]      writes the site to FOLDER (default: site/)

The pages need no network when they are read: mathematics becomes MathML, sliders switch between
frames that were drawn when the notebook was run, and the search index is part of the site.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import bundle  # noqa: E402
import graders_page  # noqa: E402
import mathematics  # noqa: E402
import pages  # noqa: E402
import replication_page  # noqa: E402
from landing import LEADS, landing  # noqa: E402

ABOUT = (
    "An interactive course on training, convolutional, residual, recurrent and adversarial networks, "
    "attention and GPT, in which every claim is measured in the next cell."
)
WORDS = ("glossary", "notation")  # pages of the course that are Markdown as they stand


def assignment_of(stem: str) -> str | None:
    """The assignment with the lecture's number, if there is one."""
    found = sorted(ROOT.glob(f"release/a{int(stem[:2])}_*/*.ipynb"))
    return found[0].stem if found else None


def write_sources(target: Path) -> None:
    """Pages for Sphinx: the first page, the lectures, the assignments' descriptions."""
    pictures = target / "extra" / "pictures"
    lectures = {p.stem: pages.read(p) for p in sorted(ROOT.glob("course/*.ipynb"))}
    bank = graders_page.answers()
    count = f"{sum(len(found) for items in bank.values() for found in items.values()):,}"
    contents = landing(lectures, pictures, count)
    for caption, paths in (
        ("Lectures", sorted(ROOT.glob("course/*.ipynb"))),
        ("Assignments", sorted(ROOT.glob("release/*/*.ipynb"))),
    ):
        listed = []
        for path in paths:
            notebook, folder = pages.read(path), path.relative_to(ROOT).parts[0]
            if folder == "release":
                pages.without_tests(notebook)
            assignment = assignment_of(path.stem) if folder == "course" else None
            opened = path.relative_to(ROOT).as_posix()
            lead = LEADS.get(path.stem, "")
            pages.prepare(notebook, opened, pictures / path.stem, assignment, lead)
            nbformat.write(notebook, _made(target / folder) / path.name)
            shutil.copy(path, _made(target / "extra" / folder) / path.name)
            listed.append(f"{folder}/{path.stem}")
        if caption == "Lectures":
            for name in WORDS:
                shutil.copy(ROOT / "course" / f"{name}.md", target / "course")
            replication_page.write(target / "course")
            listed += [f"course/{name}" for name in (*WORDS, "replication")]
        else:
            (target / "release" / "graders.md").write_text(graders_page.page(bank, count), "utf-8")
            listed.append("release/graders")
        names = "\n".join(listed)
        contents += (
            f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n:maxdepth: 1\n\n{names}\n```\n"
        )
    (target / "index.md").write_text(contents, "utf-8")
    bundle.write(target / "extra" / pages.BUNDLE)
    static = _made(target / "static")
    for name in ("frames.js", "course.css", "icon.svg"):
        shutil.copy(HERE / name, static)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(target: Path) -> None:
    """Write the whole site to `target`, replacing what is there only when it has been built."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "site"
        source.mkdir()
        write_sources(source)
        app = Sphinx(
            srcdir=source,
            confdir=None,
            outdir=made,
            doctreedir=Path(scratch) / "doctrees",
            buildername="html",
            confoverrides=settings(source),
            status=None,
            warningiserror=True,
        )
        app.build()
        if app.statuscode:
            raise RuntimeError("the site could not be built: see the messages above")
        texts = []
        for page in made.rglob("*.html"):
            kind = page.relative_to(made).parts[0]
            texts.append(mended(page.read_text("utf-8"), kind == "release"))
            page.write_text(texts[-1], "utf-8")
        mathematics.write_font(texts, made / "_static" / "math.woff")
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(made, target, ignore=shutil.ignore_patterns("_sources", ".buildinfo"))


def mended(page: str, assignment: bool) -> str:
    """What the theme leaves out: the level of contents headings, a description, what is folded."""
    if assignment:
        page = page.replace("<body>", '<body class="assignment">', 1)
    page = page.replace(' aria-label="Toggle hidden content"', "")
    page = page.replace(
        'class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'
    )
    return page.replace("</head>", f'<meta name="description" content="{ABOUT}">\n</head>', 1)


def settings(source: Path) -> dict:
    """What Sphinx is told, beside its defaults."""
    shared = {"font-stack": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"}
    shared["font-stack--monospace"] = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
    light = ["#ffffff", "#f5f7f9", "#1c2530", "#515c68", "#1f3f9e", "#c9d0d8"]
    dark = ["#15191f", "#1d232b", "#dfe4ea", "#a2acb8", "#9db1ff", "#3b4450"]
    return {
        "project": "Deep Learning at the Bench",
        "copyright": "2026, the authors. Code: MIT licence. Text and figures: CC BY 4.0",
        "language": "en",
        "extensions": ["myst_nb", "sphinx_copybutton", "mathematics", "tables"],
        "nb_execution_mode": "off",
        "nb_ipywidgets_js": {},
        "nb_code_prompt_show": "Code",
        "nb_code_prompt_hide": "Code",
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "myst_heading_anchors": 3,
        "myst_heading_slug_func": "pages.anchor",
        "html_math_renderer": "mathml",
        "html_theme": "furo",
        "html_theme_options": {
            "light_css_variables": {**shared, **colours(light)},
            "dark_css_variables": colours(dark),
        },
        "html_title": "Deep Learning at the Bench",
        "html_favicon": str(source / "static" / "icon.svg"),
        "html_static_path": [str(source / "static")],
        "html_extra_path": [str(source / "extra")],
        "html_css_files": ["course.css"],
        "html_js_files": [("frames.js", {"defer": "defer"})],
        "html_copy_source": False,
        "html_show_sphinx": False,
        "exclude_patterns": ["static", "extra"],
        "copybutton_exclude": ".linenos, .gp",
        "copybutton_selector": "div.cell_input div.highlight pre, article > section div.highlight pre",
        "suppress_warnings": ["myst.header", "mystnb.unknown_mime_type"],
    }


def colours(values: list[str]) -> dict[str, str]:
    """The theme's names for page, panel, text, second text, links and rules."""
    page, panel, text, second, link, rule = values
    return {
        "color-background-primary": page,
        "color-background-secondary": panel,
        "color-code-background": panel,
        "color-foreground-primary": text,
        "color-foreground-secondary": second,
        "color-foreground-muted": second,
        "color-brand-primary": link,
        "color-brand-content": link,
        "color-link": link,
        "color-background-border": rule,
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    build(folder)
    print(f"The site is in {folder}; to read it: python -m http.server --directory {folder}")
