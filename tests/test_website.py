"""The reader's site, built from the stored notebooks and read in a browser with no network."""

import functools
import http.server
import re
import sys
import threading
from pathlib import Path

import browser
import firefox
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "website"))
build = pytest.importorskip("build", reason="the site's builder needs sphinx, myst-nb and furo")


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
    bare = [
        p for p in pictures if re.search(r'alt="("(?! aria-hidden)|A figure without a title)', p)
    ]
    assert pictures and bare == []


def test_every_answer_of_the_bank_is_on_the_page_of_the_graders(site):
    page = (site / "release" / "graders.html").read_text("utf-8")
    bank = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/answers/*/*.py"))
    wrong, right = bank.count("# %% wrong:"), bank.count("# %% right:")
    assert page.count("</em></li>") == wrong and f"for {right + wrong:,} answers" in page


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
    visit = browser.Visit(chromium, address, f"course/{stem}.html")
    page = visit.page
    assert visit.bytes < 1_500_000, f"the page weighs {visit.bytes / 1e6:.1f} MB"
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")  # lazy pictures too
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    assert visit.bytes < 3_000_000, f"with all pictures it weighs {visit.bytes / 1e6:.1f} MB"
    assert page.evaluate("window.moved") <= 0.02, "what one reads is moved by what loads"
    wide = "[...document.querySelectorAll('div.cell_input pre')].filter(e => e.offsetParent"
    wide += " && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    assert page.evaluate(wide) == [], "code scrolls sideways"
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
    for width in (390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        out = "[...document.querySelectorAll('figure.frames')].filter(f => f.scrollWidth > f.clientWidth)"
        assert page.evaluate(out + ".length") == 0, "a picture crosses the frame of its sliders"
    page.context.close()


def test_captions_and_panels_fit_a_phone_and_no_edge_cuts_through_a_picture(chromium, address):
    page = browser.Visit(chromium, address, "index.html", width=390).page
    for path in [*ROOT.glob("course/*.ipynb"), *ROOT.glob("release/*/*.ipynb")]:
        page.goto(f"{address}/{path.relative_to(ROOT).parts[0]}/{path.stem}.html")
        assert page.evaluate(browser.CUT) + page.evaluate(browser.HELD) == [], path.stem
    page.context.close()


def test_mathematics_is_drawn(chromium, address):
    page = browser.Visit(chromium, address, "course/00_start_here.html").page
    assert browser.tones(page.screenshot()) > 240, "a light page"
    sizes = page.evaluate(
        "[...document.querySelectorAll('math:not(.parts *)')].map(m => m.clientWidth || m.getBoundingClientRect().width)"
    )
    assert len(sizes) > 10 and min(sizes) > 3
    assert page.evaluate(
        "[...document.fonts].some(f => f.family.includes('Course Math') && f.status == 'loaded')"
    )
    assert "$" not in page.locator("article p").first.inner_text()
    page.goto(f"{address}/course/06_attention.html")
    page.wait_for_function("document.fonts.status == 'loaded'")
    signs = "[...document.querySelectorAll('msqrt:not(.parts *)')].map(m => m.getBoundingClientRect().width"
    signs += " - [...m.children].reduce((sum, c) => sum + c.getBoundingClientRect().width, 0))"
    signs = page.evaluate(signs)
    assert len(signs) > 1 and min(signs) > 4, "a root without its sign"
    page.context.close()


def test_nothing_is_cut_off_on_paper_and_what_is_long_goes_on_overleaf(chromium, address):
    page = browser.Visit(chromium, address, "course/06_attention.html").page
    page.set_viewport_size({"width": 718, "height": 900})  # A4 with Chromium's margins
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(browser.PAPER) == []
    page.context.close()


def test_first_page_has_a_live_instrument_and_a_card_for_each_lecture_and_the_clinic(
    chromium, address
):
    visit = browser.Visit(chromium, address, "index.html")
    page = visit.page
    image = page.locator(".hero figure.frames img").last
    before = image.get_attribute("src")
    page.locator(".hero figure.frames input").first.focus()
    page.keyboard.press("ArrowRight")
    assert image.get_attribute("src") != before
    page.wait_for_function(
        "document.querySelector('.hero img').naturalWidth > 0", timeout=browser.PATIENCE
    )
    assert page.locator("a.card").count() == len(LECTURES) + 1
    page.locator("a.card[href*=c1_clinic]").click()
    page.wait_for_url("**/release/c1_clinic.html")
    assert visit.outside == []
    page.context.close()


def test_search_finds_a_word(chromium, address):
    visit = browser.Visit(chromium, address, "search.html?q=softmax")
    results = visit.page.locator("#search-results li a")
    results.first.wait_for(timeout=browser.PATIENCE)
    assert "00 Start here" in " ".join(results.all_inner_texts())
    assert visit.outside == []
    visit.page.context.close()


def test_a_drawing_follows_the_page_into_the_dark_and_paper_stays_light(chromium, address):
    page = browser.Visit(chromium, address, "course/00_start_here.html", "dark").page
    picture = page.locator("figure.lead img")
    assert page.evaluate("document.querySelector('figure.lead img').src").endswith(".svg")
    dark, page_colour = browser.tones(picture.screenshot()), browser.tones(page.screenshot())
    assert dark < 60 and abs(dark - page_colour) < 10
    page.emulate_media(media="print")
    assert browser.tones(picture.screenshot()) > 240
    fixed = page.locator(".sidebar-drawer, .skip-to-content")  # on every sheet, over the text
    assert fixed.filter(visible=True).count() == 0
    page.context.close()


@pytest.mark.parametrize("path", ["course/00_start_here.html", "release/a2_cnn.html"])
def test_a_phone_is_read_by_keyboard_alone(chromium, address, path):
    page = browser.Visit(chromium, address, path, width=390).page
    page.emulate_media(reduced_motion="reduce")
    for key in 40 * ["Tab"] + 20 * ["Shift+Tab"]:
        page.keyboard.press(key)
        page.wait_for_timeout(20)  # a box that fades in is not marked at once
        at = page.evaluate(browser.FOCUS)
        if at["tag"] == "BODY":  # past the last stop
            continue
        assert (at["inside"] or at["name"] == "Skip to content") and at["marked"], at
    for name, drawer in (("All pages", ".sidebar-drawer"), ("Contents of", ".toc-drawer")):
        page.locator(f"header [role=button][aria-label^='{name}']").focus()
        page.keyboard.press("Enter")
        inside = f"document.querySelector('{drawer}').contains(document.activeElement)"
        assert page.evaluate(inside), f"{name}: the drawer is not entered"
        page.keyboard.press("Escape")
        assert page.evaluate(browser.FOCUS)["name"].startswith(name)
        assert not page.locator(drawer).is_visible()
    page.context.close()


@pytest.mark.skipif(firefox.FIREFOX is None, reason="no Firefox here: Debian's firefox-esr")
def test_firefox_draws_mathematics_and_figures_and_moves_a_slider(address):
    with firefox.page("dark") as page:
        page.goto(f"{address}/course/00_start_here.html")
        font = "[...document.fonts].some(f => f.family.includes('Course Math') && f.status == 'loaded')"
        assert page.evaluate(font)
        page.evaluate("document.querySelector('math[display=block]').scrollIntoView()")
        drawn = page.screenshot()
        page.evaluate(
            "document.querySelectorAll('math').forEach(m => m.style.fontFamily = 'serif')"
        )
        assert page.screenshot() != drawn, "the font makes no difference"
        assert browser.tones(drawn) < 60
        page.evaluate("document.querySelector('figure.frames input').focus()")
        source = "document.querySelector('figure.frames img').src"
        before = page.evaluate(source)
        page.press(firefox.RIGHT)
        assert page.evaluate(source) != before
        page.goto(f"{address}/course/00_start_here.html", width=390)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_previous_and_next_lead_through_the_lectures(chromium, address):
    page = browser.Visit(chromium, address, f"course/{LECTURES[0]}.html").page
    page.locator("a.next-page").click()
    page.wait_for_url(f"**/course/{LECTURES[1]}.html")
    page.locator("a.prev-page").click()
    page.wait_for_url(f"**/course/{LECTURES[0]}.html")
    page.context.close()


# code, formulas and the bank's answers look alike on all pages and take most of axe's time
FLATTEN = """document.querySelectorAll('.highlight pre, math').forEach(e => e.textContent += '');
document.querySelectorAll('li:nth-child(n+4):has(> em)').forEach(e => e.remove());
dispatchEvent(new Event('resize')); document.fonts.ready.then(() => {})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium, address, site, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe here")
    listed = sorted(p.relative_to(site).as_posix() for p in site.glob("*/*.html"))
    both = ["index.html", "search.html?q=softmax", listed.pop(0)]  # the others in one scheme each
    page = browser.Visit(chromium, address, both[0], scheme).page
    for path in [*both, *listed[scheme == "dark" :: 2]]:
        page.goto(f"{address}/{path}", wait_until="networkidle")
        if path != both[-1]:
            page.evaluate(FLATTEN)
        page.evaluate(browser.SETTLED)
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
