"""The reader's site, built from the stored notebooks and read in a browser with no network."""

import functools
import http.server
import io
import re
import sys
import threading
from pathlib import Path

import browser
import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "website"))
build = pytest.importorskip("build", reason="the site's builder needs sphinx, myst-nb and furo")

import pages  # noqa: E402

LECTURES = sorted(p.stem for p in ROOT.glob("course/*.ipynb"))
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    build.build(folder)
    return folder


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    if browser.CHROMIUM is None:
        pytest.skip("no chromium here: install Debian's package chromium")
    with browser.browser() as chromium:
        yield chromium


class Visit:
    """A page opened with every outside request blocked and counted, and every byte weighed."""

    def __init__(self, chromium, address, path, scheme="light"):
        window = {"width": 1280, "height": 900}
        context = chromium.new_context(color_scheme=scheme, viewport=window)
        context.set_default_timeout(browser.PATIENCE)
        self.page, self.outside, self.bytes = context.new_page(), [], 0
        self.page.route("**/*", lambda route: self._let(route, address))
        self.page.on("response", self._weigh)
        self.page.goto(f"{address}/{path}", wait_until="networkidle")

    def _let(self, route, address):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _weigh(self, response):
        self.bytes += int(response.headers.get("content-length", 0))


# ---------------------------------------------------------------- without a browser


def test_every_notebook_has_a_page_and_its_file_beside_it(site):
    for stem in LECTURES:
        assert (site / "course" / f"{stem}.html").exists()
        assert (site / "course" / f"{stem}.ipynb").exists()
    for path in ROOT.glob("release/*/*.ipynb"):
        assert (site / "release" / f"{path.stem}.html").exists()


def test_no_solution_and_no_hidden_test_is_on_the_site(site):
    for path in [p for p in site.rglob("*") if p.suffix in {".html", ".ipynb", ".js", ".txt"}]:
        text = path.read_text(errors="replace")
        assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN TESTS" not in text, path.name
        assert "BEGIN MARK SCHEME" not in text, path.name


@pytest.mark.parametrize("stem", LECTURES)
def test_every_picture_is_described(site, stem):
    page = (site / "course" / f"{stem}.html").read_text()
    pictures = re.findall(r"<img [^>]*>", page)
    bare = [p for p in pictures if re.search(r'alt="(|A figure without a title)"', p)]
    assert pictures and bare == []


def test_every_answer_of_the_bank_is_on_the_page_of_the_graders(site):
    page = (site / "release" / "graders.html").read_text("utf-8")
    bank = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/answers/*/*.py"))
    wrong, right = bank.count("# %% wrong:"), bank.count("# %% right:")
    assert page.count("</em></li>") == wrong and f"for {right + wrong:,} answers" in page


@pytest.mark.parametrize("latex", [r"a_{", r"\left( a", r"\nosuchcommand x"])
def test_a_formula_that_cannot_be_turned_stops_the_build(latex):
    with pytest.raises(ValueError, match="cannot be turned into MathML"):
        build.mathematics.to_mathml(latex, "inline")


def test_frames_begin_where_the_slider_stands(tmp_path):
    picture = next(
        o.data["image/png"]
        for path in ROOT.glob("course/*.ipynb")
        for c in nbformat.read(path, as_version=4).cells
        for o in c.get("outputs", [])
        if "image/png" in o.get("data", {})
    )
    frames = {
        "controls": [["a", ["1", "2"]], ["b", ["x", "y", "z"]]],
        "first": 4,
        "pictures": [picture] * 6,
        "alt": "A <bar>",
    }
    made = build.pages.frames_html(frames, tmp_path / "cell")
    assert re.findall(r'value="(\d)"', made) == ["1", "1"]  # 4 = 1 * 3 + 1
    assert "A &lt;bar&gt;" in made
    assert len(list(tmp_path.glob("cell-*.png"))) == 6


def test_predictions_and_conclusions_are_set_apart():
    made = build.pages.callouts("Text.\n\n*Conclude.* It held.\n\n**Predict**: more?", "words")
    assert made.split("\n\n") == [
        *("Text.", '<div class="callout conclude">', "**Conclude.** It held.", "</div>"),
        *('<div class="callout predict">', "**Predict**: more?", "</div>"),
    ]
    assert build.pages.callouts(made, "words") == made, "what is marked in the notebook stays"
    assert 'class="callout exercise"' in build.pages.callouts("**1. Count** (easy)", "exercise-1")


def test_cost_of_a_lecture_stands_in_a_row_under_its_title():
    text = "# 07 T\n\n**You will be able to** see.\n\n*Needs* `x` & y. *Takes* 1 h. *On a GPU* z.\n\nEnd."
    cell = nbformat.v4.new_markdown_cell(text)
    build.pages.head(cell, "course/07_t.ipynb", "a7_t")
    entries = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", cell.source)
    assert [name for name, _ in entries] == ["Needs", "Takes", "On a GPU", "Assignment", "Notebook"]
    assert entries[0][1] == "<code>x</code> &amp; y." and "a7_t.html" in entries[3][1]
    assert cell.source.endswith("End.") and "*Needs*" not in cell.source


def test_font_holds_every_character_of_the_formulas(site):
    from fontTools.ttLib import TTFont

    texts = [p.read_text("utf-8") for p in site.rglob("*.html")]
    wanted = build.mathematics.characters(texts)
    font = TTFont(site / "_static" / "math.woff")
    missing = {chr(c) for c in wanted - set(font.getBestCmap())}
    assert len(wanted) > 80 and "MATH" in font
    assert missing <= {"\u2061", "\u200b"}, missing  # marks that draw nothing


# ---------------------------------------------------------------- in a browser


@pytest.mark.parametrize("stem", LECTURES)
def test_lecture_reads_with_no_network_little_weight_and_at_any_width(chromium, address, stem):
    visit = Visit(chromium, address, f"course/{stem}.html")
    page = visit.page
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")  # lazy pictures too
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    slider = page.locator("figure.frames input[type=range]").first
    image = page.locator("figure.frames img").first
    before = image.get_attribute("src")
    slider.focus()
    page.keyboard.press("ArrowRight")
    if image.get_attribute("src") == before:  # it stood at the end already
        page.keyboard.press("ArrowLeft")
    assert image.get_attribute("src") != before, "the slider changes nothing"
    page.wait_for_load_state("networkidle")
    broken = page.evaluate(
        "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
    )
    assert broken == []
    assert visit.outside == []
    assert visit.bytes < 3_000_000, f"the page weighs {visit.bytes / 1e6:.1f} MB"
    for width in (390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_mathematics_is_drawn(chromium, address):
    page = Visit(chromium, address, "course/00_start_here.html").page
    sizes = page.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.clientWidth || m.getBoundingClientRect().width)"
    )
    assert len(sizes) > 10 and min(sizes) > 3
    assert page.evaluate(
        "[...document.fonts].some(f => f.family.includes('Course Math') && f.status == 'loaded')"
    )
    assert "$" not in page.locator("article p").first.inner_text()
    page.context.close()


def test_first_page_has_a_live_instrument_and_a_card_for_each_lecture(chromium, address):
    visit = Visit(chromium, address, "index.html")
    page = visit.page
    image = page.locator(".hero figure.frames img")
    before = image.get_attribute("src")
    page.locator(".hero figure.frames input").first.focus()
    page.keyboard.press("ArrowRight")
    assert image.get_attribute("src") != before
    page.wait_for_function(
        "document.querySelector('.hero img').naturalWidth > 0", timeout=browser.PATIENCE
    )
    assert page.locator("a.card").count() == len(LECTURES)
    assert visit.outside == []
    page.context.close()


def test_search_finds_a_word(chromium, address):
    visit = Visit(chromium, address, "search.html?q=softmax")
    results = visit.page.locator("#search-results li a")
    results.first.wait_for(timeout=browser.PATIENCE)
    assert "00 Start here" in " ".join(results.all_inner_texts())
    assert visit.outside == []
    visit.page.context.close()


def test_both_colour_schemes(chromium, address):
    colour = "getComputedStyle(document.body).backgroundColor"
    seen = []
    for scheme in ("light", "dark"):
        page = Visit(chromium, address, "index.html", scheme).page
        seen.append([int(n) for n in re.findall(r"\d+", page.evaluate(colour))][:3])
        page.context.close()
    assert min(seen[0]) > 200 and max(seen[1]) < 80


def test_previous_and_next_lead_through_the_lectures(chromium, address):
    page = Visit(chromium, address, f"course/{LECTURES[0]}.html").page
    page.locator("a.next-page").click()
    page.wait_for_url(f"**/course/{LECTURES[1]}.html")
    page.locator("a.prev-page").click()
    page.wait_for_url(f"**/course/{LECTURES[0]}.html")
    page.context.close()


# code, formulas and the bank's answers look alike on all pages and take most of axe's time
FLATTEN = """document.querySelectorAll('.highlight pre, math').forEach(e => e.textContent += '');
document.querySelectorAll('li:nth-child(n+4):has(> em)').forEach(e => e.remove())"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium, address, site, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe here")
    listed = sorted(p.relative_to(site).as_posix() for p in site.glob("*/*.html"))
    both = ["index.html", "search.html?q=softmax", listed.pop(0)]  # the others in one scheme each
    page = Visit(chromium, address, both[0], scheme).page
    for path in [*both, *listed[scheme == "dark" :: 2]]:
        page.goto(f"{address}/{path}", wait_until="networkidle")
        if path != both[-1]:
            page.evaluate(FLATTEN)
        found = axe.Axe().run(page).response["violations"]
        serious = [
            f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in SERIOUS
        ]
        assert serious == [], path
    page.context.close()


def test_axe_is_able_to_fail(chromium):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe here")
    page = chromium.new_page()
    page.set_content("<html lang='en'><title>t</title><main><img src='data:,'></main></html>")
    found = axe.Axe().run(page).response["violations"]
    assert "image-alt" in {v["id"] for v in found}
    page.close()


def test_pictures_of_lines_are_told_from_pictures_of_data():
    plt = pytest.importorskip("matplotlib.pyplot")
    for kind, expected in (("lines", True), ("data", False), ("transparent", True)):
        figure, ax = plt.subplots()
        if kind == "data":
            ax.imshow([[0, 1], [1, 0]], cmap="gray")
        else:
            ax.plot([0, 1, 0], label="a curve")
            ax.legend()
        file = io.BytesIO()
        figure.savefig(file, format="png", transparent=kind == "transparent")
        plt.close(figure)
        assert pages.drawn(file.getvalue()) == expected, kind
