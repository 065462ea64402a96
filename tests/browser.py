"""A real browser, for tests: JupyterLab on a copy of the course, and pages of the site."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 300_000  # ms that a test waits for what must come: a busy machine is no failure
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def browser() -> Iterator:
    """A headless Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_course(target: Path) -> None:
    """What a student's clone holds, so that a test never touches this one."""
    for name in ("course", "release", "source"):
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns(".ipynb_checkpoints", "*.py")
            shutil.copytree(ROOT / name, target / name, ignore=ignore)
    shutil.copy(ROOT / "nbgrader_config.py", target)
    (target / "benchmarks").mkdir()
    for path in (ROOT / "benchmarks").glob("*.json"):  # lectures 03 and 04 show some
        shutil.copy(path, target / "benchmarks")


@contextlib.contextmanager
def lab(folder: Path) -> Iterator[str]:
    """JupyterLab on `folder`, as `make lab` starts it; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}"]
    command += [f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=bench"]
    command += ["--LabApp.expose_app_in_browser=True"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings")}
    settings = ROOT / "tools" / "lab"
    environment["JUPYTER_CONFIG_PATH"] = f"{settings / 'student'}{os.pathsep}{settings}"
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address + "/api", timeout=60).read()
                break
            if server.poll() is not None:
                raise RuntimeError((folder / "lab.log").read_text()[-3000:])
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def open_notebook(chromium, address: str, path: str, width: int = 1280, height: int = 900):
    """The page of one notebook, its kernel ready."""
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(f"{address}/lab/tree/{path}?token=bench&reset", timeout=PATIENCE)
    ready(page, path)
    return page


def open_beside(page, path: str) -> None:
    """Another notebook in a JupyterLab that is open: to load one takes ten seconds."""
    page.evaluate(
        "async path => { await window.jupyterapp.commands.execute('docmanager:open', {path}); }",
        path,
    )
    ready(page, path)


def ready(page, path: str) -> None:
    """Wait for a notebook to be in front, its kernel ready."""
    page.wait_for_function(
        "path => { const w = window.jupyterapp?.shell?.currentWidget;"
        " return w?.context?.path === path && w.context.isReady"
        " && w.sessionContext?.session?.kernel?.status === 'idle'; }",
        arg=path,
        timeout=PATIENCE,
    )


def run_all(page, timeout: float = 900) -> list[dict]:
    """Restart the kernel, run every cell as the menu does; returns the code cells' outputs."""
    page.evaluate("""async () => {
        const panel = window.jupyterapp.shell.currentWidget;
        await panel.sessionContext.session.kernel.restart();
        await window.jupyterapp.commands.execute('notebook:run-all-cells');
    }""")
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if page.evaluate("""() => {
            const panel = window.jupyterapp.shell.currentWidget;
            const code = [...panel.content.model.cells].filter(c => c.type === 'code');
            return panel.sessionContext.session.kernel.status === 'idle'
                && code.every(c => c.executionCount !== null);
        }"""):
            break
        time.sleep(0.5)
    return page.evaluate("""() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
        .filter(c => c.type === 'code')
        .map(c => ({id: c.id, count: c.executionCount, outputs: c.outputs.toJSON()}))""")


SHIFTS = """window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (!e.hadRecentInput) window.moved += e.value; })).observe({type: 'layout-shift', buffered: true});"""


# what has the focus, and whether one sees that: it may lie below a bar that stays on top
FOCUS = """() => { const e = document.activeElement, box = e.getBoundingClientRect(), look = getComputedStyle(e);
    const bar = document.querySelector('.mobile-header'), under = bar && bar.offsetParent && !bar.contains(e)
        && box.bottom <= bar.getBoundingClientRect().bottom;
    return {name: e.getAttribute('aria-label') || e.innerText || e.placeholder || '', tag: e.tagName,
            inside: !under && box.right > 0 && box.left < innerWidth && box.width > 0,
            marked: look.outlineStyle !== 'none' && +look.opacity > 0}; }"""
# what a phone would not show of captions and pictures: what is wider than the page, or drawn so much smaller than
# it was made that one cannot read its words, and of every frame the ink outside of the windows, or at a window's side (but not where another window goes on: maps of values are parted)
CUT = """async () => {
    const cut = [...document.querySelectorAll('caption')].filter(
        caption => caption.getBoundingClientRect().right > innerWidth).map(caption => caption.innerText);
    for (const image of document.querySelectorAll('.lead img, .screen img, div.cell_output img')) {
        const share = image.offsetWidth / image.getAttribute('width');
        if (image.offsetWidth && share < 0.7) cut.push(`${image.src} is drawn at ${share}`);
    }
    for (const figure of document.querySelectorAll('figure.frames, .panels:not(.screen)')) {
        const box = figure.querySelector('.screen') || figure;
        const urls = figure.dataset.urls ? JSON.parse(figure.dataset.urls) : [figure.querySelector('img').src];
        if (box.scrollWidth > box.clientWidth) cut.push(`${urls} is wide`);
        const first = figure.querySelector('img'), [w, h] = [first.getAttribute('width'), first.getAttribute('height')];
        const windows = [...figure.querySelectorAll('.panel > div')].map(window =>
            ['left', 'wide', 'top', 'high'].map(name => +getComputedStyle(window).getPropertyValue('--' + name)));
        const shown = (x, y) => windows.some(([l, wide, t, high]) => x >= l && x < l + wide && y >= t && y < t + high);
        for (const url of windows.length ? urls : []) {
            const image = new Image();
            image.src = url;
            await image.decode();
            const page = new OffscreenCanvas(w, h).getContext('2d');
            page.fillStyle = '#fff';
            page.fillRect(0, 0, w, h);
            page.drawImage(image, 0, 0, w, h);
            const data = page.getImageData(0, 0, w, h).data;
            const ink = (x, y) => [0, 1, 2].some(c => data[4 * (y * w + x) + c] < 240);
            const lost = [...Array(w * h).keys()].filter(i => !shown(i % w, i / w | 0) && ink(i % w, i / w | 0));
            if (lost.length) cut.push(`${url}: ${lost.length} points of ink from ${lost[0] % w}, ${lost[0] / w | 0}`);
            for (const [l, wide, t, high] of windows) for (let y = t; y < t + high; y++) {
                const x = l + wide;
                if (x < w && ink(x - 1, y) && !(shown(x, y) && PARTED.test(url))) { cut.push(`${url} at ${x}`); break; }
            }
        }
    }
    return cut; }""".replace("PARTED", r"/units-colour|map-explore/")


# formulas that cross the edge of what holds them, folded ones too, and controls of an instrument that
# are out of view, or below another thing, where its last panel is looked at
HELD = """async () => {
    document.querySelectorAll('details').forEach(fold => fold.open = true);
    await document.fonts.ready;
    await new Promise(done => setTimeout(done, 50));
    const lost = [...document.querySelectorAll('math')].filter(m => m.getClientRects().length && (
        m.scrollWidth > m.clientWidth + 1 || m.getBoundingClientRect().right >
            m.parentElement.closest('p, li, td, th, dd, div, summary').getBoundingClientRect().right + 1)
    ).map(m => `wide: ${m.textContent}`);
    for (const figure of document.querySelectorAll('figure.frames')) {
        const last = [...figure.querySelectorAll('.panel, .screen > img')].filter(e => e.offsetHeight).at(-1);
        last.scrollIntoView({block: 'end', behavior: 'instant'});
        for (const input of figure.querySelectorAll('input')) {
            const at = input.getBoundingClientRect();
            if (document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2) !== input)
                lost.push(`out of view: ${input.parentElement.innerText} of ${figure.dataset.urls.slice(0, 60)}`);
        }
    }
    return lost; }"""

# letters have come, the page is laid out with them and has marked the boxes that scroll
SETTLED = """async () => {
    await document.fonts.ready;
    for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
}"""

# what paper would cut off, and what but a picture is kept whole on it though it takes over a third of a sheet
PAPER = """[...document.querySelectorAll('article pre, div.cell_output, .screen, .table-wrapper')].filter(
    e => e.scrollWidth > e.clientWidth + 1).concat([...document.querySelectorAll('article *')].filter(
        e => getComputedStyle(e).breakInside !== 'auto' && e.offsetHeight > 340 && !e.matches('figure, figure *, img'))
    ).map(e => `${e.tagName}: ${e.innerText.slice(0, 60)}`)"""


class Visit:
    """A page opened with every outside request blocked and counted, and every byte weighed."""

    def __init__(self, chromium, address, path, scheme="light", width=1280):
        window = {"width": width, "height": 900}
        context = chromium.new_context(color_scheme=scheme, viewport=window)
        context.set_default_timeout(PATIENCE)
        self.page, self.outside, self.bytes = context.new_page(), [], 0
        self.page.add_init_script(SHIFTS)
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


def tones(picture: bytes) -> float:
    """The middle tone of a screenshot, 0 (black) to 255."""
    from PIL import Image, ImageStat

    return ImageStat.Stat(Image.open(io.BytesIO(picture)).convert("L")).median[0]
