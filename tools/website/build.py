"""Build the reader's site from the stored notebooks: nothing is executed, nothing is fetched.

python tools/website/build.py [FOLDER]      writes the site to FOLDER (default: site/)

The pages need no network when they are read: mathematics becomes MathML, sliders switch between
frames that were drawn when the notebook was run, and the search index is part of the site.
"""

from __future__ import annotations

import base64
import html
import json
import shutil
import struct
import sys
import tempfile
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAB = "http://localhost:8888/lab/tree"
FRAMES_MIME = "application/vnd.bench.frames+json"  # written by helpers.widgets.explore
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


# ---------------------------------------------------------------- notebooks to pages


def prepare(notebook: nbformat.NotebookNode, path: Path, pictures: Path) -> None:
    """Turn outputs into what a page without a kernel can show; pictures are written to files."""
    opened = path.relative_to(ROOT).as_posix()
    link = (
        f'<p class="open-notebook"><a href="{LAB}/{opened}">Open this notebook in JupyterLab</a> '
        f'while <code>make lab</code> runs, or <a href="{path.name}" download>download it</a>.</p>'
    )
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(link, id="open-notebook"))
    pictures.mkdir(parents=True, exist_ok=True)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [o for o in cell.outputs if WIDGET_MIME not in o.get("data", {})]
        for number, output in enumerate(cell.outputs):
            _as_html(output, pictures / f"{cell.id}-{number}")


def _as_html(output: nbformat.NotebookNode, target: Path) -> None:
    data = output.get("data", {})
    if FRAMES_MIME in data:
        output.data = {"text/html": _frames(data[FRAMES_MIME], target)}
    elif "image/png" in data:
        alt = output.metadata.get("image/png", output.metadata).get("alt", "")
        output.data = {"text/html": _image(data["image/png"], target.with_suffix(".png"), alt)}


def _image(picture: str, target: Path, alt: str) -> str:
    raw = base64.b64decode(picture)
    target.write_bytes(raw)
    width, height = struct.unpack(">II", raw[16:24])  # from the PNG header
    return (
        f'<img class="figure" src="{_url(target)}" alt="{html.escape(alt)}" '
        f'width="{width}" height="{height}" loading="lazy">'
    )


def _url(target: Path) -> str:
    """A page lies one folder below the site's root, as its pictures' folder does."""
    return f"../pictures/{target.parent.name}/{target.name}"


def _frames(frames: dict, target: Path) -> str:
    """One range input per control over images that lie beside the page."""
    urls = []
    for number, picture in enumerate(frames["pictures"]):
        file = target.with_name(f"{target.name}-{number}.png")
        file.write_bytes(base64.b64decode(picture))
        urls.append(_url(file))
    places, rest = [], frames["first"]
    for _, labels in reversed(frames["controls"]):
        rest, place = divmod(rest, len(labels))
        places.insert(0, place)
    controls = "".join(
        _slider(name, labels, place)
        for (name, labels), place in zip(frames["controls"], places, strict=True)
        if len(labels) > 1
    )
    first = _image(frames["pictures"][frames["first"]], target.with_suffix(".png"), frames["alt"])
    data = html.escape(json.dumps(urls))
    return f'<figure class="frames" data-urls="{data}">{controls}{first}</figure>'


def _slider(name: str, labels: list[str], place: int) -> str:
    return (
        f"<label><span>{html.escape(name)}</span>"
        f'<input type="range" min="0" max="{len(labels) - 1}" value="{place}" '
        f'aria-valuetext="{html.escape(labels[place])}" '
        f'data-labels="{html.escape(json.dumps(labels))}">'
        f"<output>{html.escape(labels[place])}</output></label>"
    )


def without_tests(notebook: nbformat.NotebookNode) -> None:
    """An assignment's description: its text and the answers' stubs, without the test cells."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" or not cell.metadata.get("nbgrader", {}).get("grade")
    ]


# ---------------------------------------------------------------- mathematics


def _math(latex: str, display: str) -> str:
    """LaTeX to MathML; ValueError for what the converter does not know."""
    try:
        made = convert(latex.strip(), display=display)
    except Exception as error:
        raise ValueError(f"this formula cannot be turned into MathML: {latex!r}") from error
    if "\\" in made:  # the converter passes an unknown command through as text
        raise ValueError(f"this formula cannot be turned into MathML, unknown command: {latex!r}")
    return made


def _visit_inline(translator, node) -> None:
    translator.body.append(_math(node.astext(), "inline"))
    _skip()


def _visit_block(translator, node) -> None:
    translator.body.append(f'<div class="math">{_math(node.astext(), "block")}</div>')
    _skip()


def _skip() -> None:
    from docutils import nodes

    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    """As a Sphinx extension: MathML in the pages instead of a script that draws mathematics."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True}


# ---------------------------------------------------------------- the site


def write_sources(target: Path) -> None:
    """Pages for Sphinx: the index, the lectures, the assignments' descriptions."""
    contents = (HERE / "index.md").read_text()
    for folder, caption in (("course", "Lectures"), ("release", "Assignments")):
        pages = []
        for path in sorted(ROOT.glob(f"{folder}/*.ipynb") or []) or sorted(
            ROOT.glob(f"{folder}/*/*.ipynb")
        ):
            notebook = nbformat.read(path, as_version=4)
            if folder == "release":
                without_tests(notebook)
            prepare(notebook, path, target / "extra" / "pictures" / path.stem)
            page = target / folder / path.name
            page.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, page)
            shutil.copy(path, _made(target / "extra" / folder) / path.name)
            pages.append(f"{folder}/{path.stem}")
        listed = "\n".join(pages)
        contents += f"\n```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n{listed}\n```\n"
    (target / "index.md").write_text(contents)
    static = _made(target / "static")
    for name in ("frames.js", "course.css"):
        shutil.copy(HERE / name, static)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(target: Path) -> None:
    """Write the whole site to `target`, replacing what is there only when it has been built."""
    sys.path.insert(0, str(HERE))
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
        for page in made.rglob("*.html"):
            page.write_text(accessible(page.read_text()))
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(made, target, ignore=shutil.ignore_patterns("_sources", ".buildinfo"))


def accessible(page: str) -> str:
    """Mend what the theme leaves out: the level of contents headings, code reached by keyboard."""
    page = page.replace(
        'class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'
    )
    return page.replace("<pre>", '<pre tabindex="0">')


def settings(source: Path) -> dict:
    """What Sphinx is told, beside its defaults."""
    return {
        "project": "Deep Learning at the Bench",
        "language": "en",
        "extensions": ["myst_nb", "sphinx_copybutton", "build"],
        "nb_execution_mode": "off",
        "nb_ipywidgets_js": {},
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "html_math_renderer": "mathml",
        "html_theme": "furo",
        "html_title": "Deep Learning at the Bench",
        "html_static_path": [str(source / "static")],
        "html_extra_path": [str(source / "extra")],
        "html_css_files": ["course.css"],
        "html_js_files": [("frames.js", {"defer": "defer"})],
        "html_copy_source": False,
        "html_show_sphinx": False,
        "exclude_patterns": ["static", "extra"],
        "copybutton_exclude": ".linenos, .gp",
        "suppress_warnings": ["myst.header", "mystnb.unknown_mime_type"],
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    build(folder)
    print(f"The site is in {folder}; to read it: python -m http.server --directory {folder}")
