"""The course as a student meets it: JupyterLab in Chromium, a lecture run, a widget moved."""

import json
import re
import sys
import urllib.request

import browser
import nbformat
import pytest

sys.path.insert(0, str(browser.ROOT / "tools"))
import desk

if browser.CHROMIUM is None:
    pytest.skip("no chromium here: install Debian's package chromium", allow_module_level=True)
pytest.importorskip("playwright", reason="playwright is not installed")


LONG = ("experiment-", "interval")  # eighteen nets, which nbval trains


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    browser.copy_course(folder)
    path = folder / "course" / "00_start_here.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [c for c in notebook.cells if not c.id.startswith(LONG)]
    nbformat.write(notebook, path)
    desk.lay_out(folder)
    desk.write_page(folder)
    with browser.lab(folder) as address, browser.browser() as chromium:
        yield chromium, address


@pytest.fixture(scope="module")
def lecture(course):
    page = browser.open_notebook(*course, "course/00_start_here.ipynb")
    yield page
    page.close()


def scroll_to(page, cell_id):
    page.evaluate(
        """async id => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            const index = notebook.widgets.findIndex(w => w.model.id === id);
            notebook.activeCellIndex = index;
            await notebook.scrollToItem(index, 'start');
        }""",
        cell_id,
    )


def test_text_has_the_measure_and_the_callouts_of_the_pages(lecture):
    scroll_to(lecture, "line-words")
    callout = lecture.locator(".jp-RenderedMarkdown .callout").first
    callout.wait_for(timeout=browser.PATIENCE)
    look = callout.evaluate("""e => { const p = e.querySelector('p'), at = getComputedStyle(p);
        return {edge: parseFloat(getComputedStyle(e).borderLeftWidth), size: at.fontSize,
                measure: p.clientWidth / parseFloat(at.fontSize)}; }""")
    assert look["edge"] >= 4 and look["size"] == "16px"
    assert look["measure"] < 42  # em: some 85 characters


def test_stored_lecture_shows_mathematics_and_figures_before_it_is_run(lecture):
    scroll_to(lecture, "softmax-words")
    lecture.wait_for_selector(
        "mjx-container math, mjx-container svg, .MathJax", timeout=browser.PATIENCE
    )
    scroll_to(lecture, "weights-figure")
    lecture.wait_for_selector(".jp-OutputArea img", timeout=browser.PATIENCE)


def test_lecture_runs_and_its_widget_moves(lecture):
    cells = browser.run_all(lecture)
    errors = [o for c in cells for o in c["outputs"] if o["output_type"] == "error"]
    assert errors == []
    assert [c["count"] for c in cells] == list(range(1, len(cells) + 1))

    scroll_to(lecture, "probabilities-widget")
    slider = lecture.locator(".jupyter-widgets .noUi-handle").first
    slider.wait_for(timeout=browser.PATIENCE)
    picture = "() => [...document.querySelectorAll('.jp-OutputArea img')].map(i => i.src.length + i.src.slice(-400)).join()"
    before = lecture.evaluate(picture)
    slider.focus()
    lecture.keyboard.press("ArrowRight")
    lecture.wait_for_function(
        f"before => ({picture})() !== before", arg=before, timeout=browser.PATIENCE
    )


def test_what_only_an_instructor_needs_is_out_of_sight(course, lecture):
    _, address = course
    listing = urllib.request.urlopen(f"{address}/api/contents?token=bench", timeout=300)
    names = {entry["name"] for entry in json.load(listing)["content"]}
    assert {"course", "release"} <= names and not {"source", "nbgrader_config.py"} & names
    has = "name => window.jupyterapp.hasPlugin(`@jupyter/nbgrader:${name}`)"
    assert lecture.evaluate(has, "validate-assignment")
    assert not lecture.evaluate(has, "create-assignment")
    assert not lecture.evaluate(has, "formgrader")


def test_the_desk_opens_as_a_page_and_knows_what_was_saved(course, tmp_path):
    chromium, address = course
    page = chromium.new_page()
    page.goto(f"{address}/lab/tree/work/desk.md?token=bench&reset", timeout=browser.PATIENCE)
    page.get_by_role("heading", name="Your desk").wait_for(timeout=browser.PATIENCE)
    row = page.get_by_role("row").filter(has_text="Assignment 2")
    label = row.get_by_role("cell", name="not begun")
    assert "not\xa0begun" in label.inner_text()
    browser.open_beside(page, "work/a2_cnn/a2_cnn.ipynb")
    page.evaluate("""async () => {
        const panel = window.jupyterapp.shell.currentWidget;
        const cells = [...panel.content.model.cells];
        cells.find(c => c.id === 'out-size-answer').sharedModel.setSource('out_size = 1');
        await panel.context.save();
    }""")
    page.close()
    path = f"{address}/api/contents/work/desk.md?token=bench&type=file"
    found = json.load(urllib.request.urlopen(path, timeout=300))["content"]
    assert "1 of 15 answers written" in found


def test_a_link_leads_to_a_heading_of_a_lecture_that_is_not_open(course):
    chromium, address = course
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/lab/tree/work/glossary.md?token=bench&reset", timeout=browser.PATIENCE)
    page.locator(
        ".jp-RenderedMarkdown a[href*='03_resnet.ipynb'][href$='#The-residual-block']"
    ).first.click(timeout=browser.PATIENCE)
    page.wait_for_function(
        """() => {
            const found = document.querySelector('h2[data-jupyter-id="The-residual-block"]');
            const top = found && found.getBoundingClientRect().top;
            return found && top > 60 && top < 300;
        }""",
        timeout=60_000,
    )
    page.close()


def test_assignment_validates(lecture):
    page = lecture
    browser.open_beside(page, "release/a2_cnn/a2_cnn.ipynb")
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_role("table").wait_for(timeout=browser.PATIENCE)
    said = dialog.inner_text()
    assert re.search(r"the size of the output\s+0 of 5\s+○ not begun", said), said
    assert "The following cell failed" not in said and said.count("\n") < 60


@pytest.mark.parametrize(
    "path", ["work/00_start_here.ipynb", "release/a1_training/a1_training.ipynb"]
)
def test_to_open_and_save_changes_nothing(course, path):
    page, (_, address) = browser.open_notebook(*course, path), course

    def stored():
        url = f"{address}/files/{path}?token=bench"
        return urllib.request.urlopen(url, timeout=300).read()

    before = stored()
    when = page.evaluate("""async () => {
        const { context } = window.jupyterapp.shell.currentWidget;
        const before = context.contentsModel.last_modified;
        await context.save();
        return [before, context.contentsModel.last_modified];
    }""")
    page.close()
    assert when[0] != when[1], "nothing was saved"
    assert stored() == before
