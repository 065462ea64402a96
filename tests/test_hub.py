"""A hub from log-in to feedback, walked once in a browser: `make hub`; pictures of each step in build/hub."""

import json
import re
import sys
import time
from pathlib import Path

import bank
import browser
import hub
import postgres
import pytest
from nbgrader.api import Gradebook

if browser.CHROMIUM is None:
    pytest.skip("no chromium here: install Debian's package chromium", allow_module_level=True)
if hub.missing():
    pytest.skip(hub.missing(), allow_module_level=True)
pytestmark = pytest.mark.slow

A1 = "a1_training"
PICTURES = browser.ROOT / "build" / "hub"
WRONG = "average"  # an answer of the bank to the item sgd
SAYS = "no factor 1 - beta"


def answers(kind: str, *items: str) -> dict[str, str]:
    """An answer of the bank to each of these items: cell and source."""
    found = {}
    for item in items:
        text = (bank.BANK / A1 / f"{item}.py").read_text(encoding="utf-8")
        given = bank.cells(text, item, item)
        chosen = next(a for a in given if a.kind == kind and (kind == "right" or a.name == WRONG))
        found[f"{item}-answer"] = chosen.source
    return found


class Person:
    """Somebody's browser, logged in at the hub."""

    def __init__(self, chromium, running: hub.Hub, name: str) -> None:
        self.hub, self.name, self.home = running, name, running.home / name
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(browser.PATIENCE)
        self.page = context.new_page()
        self.page.goto(f"{running.address}/hub/login", timeout=browser.PATIENCE)
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", hub.PASSWORD)
        self.picture("login")
        self.page.click("#login_submit")
        self.at_lab()
        self.picture("lab")

    def at_lab(self) -> None:
        self.page.wait_for_function("() => window.jupyterapp !== undefined")
        self.page.evaluate("async () => { await window.jupyterapp.restored; }")
        self.page.locator(".jp-Launcher-body, .jp-Notebook").first.wait_for()

    def picture(self, step: str) -> None:
        number = len(list(PICTURES.glob("*.png"))) + 1
        path = PICTURES / f"{number:02}-{self.name}-{step}.png"
        self.page.screenshot(path=path, animations="disabled")

    def menu(self, name: str) -> None:
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def assignment(self, state: str):
        """The row of the assignment in one of the three lists of Assignment List."""
        return self.page.locator(f"#{state}_assignments_list .list_item", has_text=A1).first

    def terminal(self, command: str) -> str:
        """Send a line to a terminal of JupyterLab; what it wrote on stdout."""
        done, said = self.home / ".done", self.home / ".said"
        done.unlink(missing_ok=True)
        line = f"cd ~/course && {command} | tee ~/.said; echo ${{PIPESTATUS[0]}} > ~/.done\r"
        self.page.evaluate(
            """async line => {
                const app = window.jupyterapp;
                const panel = window.terminal ?? await app.commands.execute('terminal:create-new');
                window.terminal = panel;
                app.shell.activateById(panel.id);
                panel.content.session.send({type: 'stdin', content: [line]});
            }""",
            line,
        )
        deadline = time.monotonic() + browser.PATIENCE / 1000
        while not (done.exists() and done.read_text().strip()):
            assert time.monotonic() < deadline, said.read_text() if said.exists() else command
            time.sleep(0.5)
        assert done.read_text().strip() == "0", said.read_text()
        return said.read_text()

    def formgrader(self, step: str, says: str) -> None:
        """Press one of the buttons in the assignment's row of Formgrader."""
        if not self.page.locator("#nbgrader-formgrader iframe").count():
            self.menu("Formgrader")
        frame = self.page.frame_locator("iframe").last
        frame.locator("tr", has_text=A1).locator(f".{step} a").click()
        frame.locator(".modal-title", has_text=re.compile("Success|Error")).wait_for()
        self.picture(f"formgrader-{step}")
        assert says in frame.locator(".modal-body").inner_text()
        frame.locator(".modal-footer button").click()
        frame.locator(".modal").wait_for(state="detached")


def test_a_term_on_a_hub(tmp_path):
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with (
        postgres.Server(hub.DATABASE_PASSWORD) as database,
        browser.browser() as chromium,
    ):
        database.create("hub", "gradebook")
        with hub.Hub(tmp_path / "hub", database).running() as running:
            ines = Person(chromium, running, hub.INSTRUCTOR)
            release(ines)
            ana = Person(chromium, running, "ana")
            open_link(ana)
            work(ana, answers("right", *items()) | answers("wrong", "sgd"))
            validate(ana)
            submit(ana)
            apart(running)
            restart(database, ana)
            bo = Person(chromium, running, "bo")
            work(bo, answers("right", "cross-entropy"))
            submit(bo)
            grade(ines)
            check_marks(database)
            read_feedback(ana)


def restart(database: postgres.Server, ana: Person) -> None:
    """The request that finds the hub's connection dead may fail, the next must not."""
    database.__exit__()
    database.__enter__()
    home = f"{ana.hub.address}/hub/home"
    assert [ana.page.request.get(home).status for _ in range(2)][-1] == 200


def items() -> list[str]:
    return [path.stem for path in sorted((bank.BANK / A1).glob("*.py"))]


def release(ines: Person) -> None:
    ines.terminal(f"nbgrader generate_assignment {A1} --force")
    ines.picture("terminal-generate")
    ines.formgrader("release", "Successfully released")


def open_link(ana: Person) -> None:
    """A link of nbgitpuller fetches the course and opens a lecture."""
    repository = f"git%3A%2F%2F127.0.0.1%3A{ana.hub.git_port}%2Fbench"
    place = "lab%2Ftree%2Fbench%2Fcourse%2F01_training.ipynb"
    link = f"/hub/user-redirect/git-pull?repo={repository}&branch=main&urlpath={place}"
    ana.page.goto(ana.hub.address + link, timeout=browser.PATIENCE)
    ana.at_lab()
    browser.ready(ana.page, "bench/course/01_training.ipynb")
    ana.picture("nbgitpuller")
    assert not (ana.home / "bench" / "source").exists()


def work(student: Person, given: dict[str, str]) -> None:
    student.menu("Assignment List")
    student.assignment("released").get_by_role("button", name="Fetch").click()
    student.assignment("fetched").wait_for()
    student.picture("fetched")
    browser.open_beside(student.page, f"{A1}/{A1}.ipynb")
    left = student.page.evaluate(
        """async given => {
            const panel = window.jupyterapp.shell.currentWidget;
            for (const cell of panel.content.model.cells) {
                const name = cell.getMetadata('nbgrader')?.grade_id;
                if (name in given) { cell.sharedModel.setSource(given[name]); delete given[name]; }
            }
            await panel.context.save();
            return Object.keys(given);
        }""",
        given,
    )
    assert left == []
    student.picture("worked")


def validate(student: Person) -> None:
    student.page.get_by_role("button", name="Validate").click()
    dialog = student.page.locator(".jp-Dialog")
    dialog.get_by_role("button", name="OK").wait_for()
    student.picture("validated")
    said = dialog.inner_text()
    assert SAYS in said and re.search(r"0 of 7", said), said
    dialog.get_by_role("button", name="OK").click()


def submit(student: Person) -> None:
    student.menu("Assignment List")
    student.assignment("fetched").get_by_role("button", name="Submit").click()
    student.assignment("submitted").wait_for()
    student.picture("submitted")


def apart(running: hub.Hub) -> None:
    """What one student must not do to another, to the course or to the gradebook."""
    course = running.exchange / "deep-learning-at-the-bench"
    python = [sys.executable, "-c"]
    url = running.database.url("gradebook", password=False)
    for words in (
        ["ls", "/home/ana"],
        ["ls", f"/home/{hub.INSTRUCTOR}"],
        ["ls", str(course / "inbound")],
        ["mv", str(course), f"{course}-2"],
        ["ls", str(hub.ROOT / "source")],
        [*python, f"import sqlalchemy; sqlalchemy.create_engine({url!r}).connect()"],
    ):
        refused = running.run("bo", *words)
        assert refused.returncode != 0, words
        assert re.search("denied|not permitted|no password", refused.stderr), refused.stderr
    assert running.run("bo", "ls", str(course / "outbound" / A1)).returncode == 0


def grade(ines: Person) -> None:
    ines.formgrader("collect", "Successfully collected")
    ines.terminal(f"python -m grading autograde {A1}")
    ines.picture("terminal-graded")
    ines.terminal(f"python -m grading feedback {A1}")
    rows = json.loads(ines.terminal(f"python -m grading report {A1} --format json"))
    assert {row["student"]: row["score"] for row in rows} == {"ana": 83, "bo": 9}
    ines.formgrader("release-feedback", "Successfully released")


def check_marks(database: postgres.Server) -> None:
    """In PostgreSQL, read by nbgrader itself."""
    with Gradebook(database.url("gradebook"), "deep-learning-at-the-bench") as gradebook:
        found = {s.student.id: s.score for s in gradebook.assignment_submissions(A1)}
    assert found == {"ana": 83, "bo": 9}


def read_feedback(ana: Person) -> None:
    ana.menu("Assignment List")
    ana.assignment("submitted").get_by_role("button", name="Fetch Feedback").click()
    ana.page.get_by_text("(view feedback)").click()
    page = next((ana.home / A1 / "feedback").rglob("*.html"))
    path = Path(A1) / page.relative_to(ana.home / A1)
    ana.page.evaluate(
        "async path => { await window.jupyterapp.commands.execute('docmanager:open',"
        " {path, factory: 'HTML Viewer'}); }",
        str(path),
    )
    frame = ana.page.frame_locator(".jp-HTMLViewer iframe")
    frame.get_by_text(SAYS).first.wait_for()
    ana.picture("feedback")
