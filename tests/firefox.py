"""Firefox without a driver: it speaks WebDriver BiDi itself, over a web socket."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import browser

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
SECONDS = browser.PATIENCE / 1000
RIGHT = "\ue014"  # a key, as WebDriver names it
QUIET = """user_pref("layout.css.prefers-color-scheme.content-override", {scheme});
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.no_proxies_on", "127.0.0.1");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.update.enabled", false);
"""  # nothing but this machine can be reached


class Page:
    """One window of Firefox, which is led by commands and their answers."""

    def __init__(self, socket) -> None:
        self.socket, self.numbers = socket, itertools.count(1)
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params) -> dict:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['message']}")
                return answer["result"]

    def goto(self, url: str, width: int = 1280, height: int = 900) -> None:
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.context, viewport=size)
        self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, expression: str):
        """The value of an expression that gives a string, a number or a promise of one."""
        found = self.ask(
            "script.evaluate",
            expression=expression,
            target={"context": self.context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return found["result"].get("value")

    def press(self, key: str) -> None:
        keys = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        self.ask("input.performActions", context=self.context, actions=actions)

    def screenshot(self) -> bytes:
        found = self.ask("browsingContext.captureScreenshot", context=self.context)
        return base64.b64decode(found["data"])


@contextlib.contextmanager
def page(scheme: str = "light") -> Iterator[Page]:
    """A headless Firefox with a profile of its own, and its one window."""
    import websocket

    port = browser.free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "user.js").write_text(QUIET.format(scheme=int(scheme == "light")))
        command = [FIREFOX, "--headless", "--no-remote", "--profile", folder]
        command += [f"--remote-debugging-port={port}", "about:blank"]
        started = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_home(folder)
        )
        try:
            end = time.monotonic() + SECONDS
            while True:
                try:
                    address = f"ws://127.0.0.1:{port}/session"
                    socket = websocket.create_connection(
                        address, timeout=SECONDS, suppress_origin=True
                    )
                    break
                except OSError:
                    if started.poll() is not None or time.monotonic() > end:
                        raise
                    time.sleep(0.3)
            yield Page(socket)
            socket.close()
        finally:
            started.terminate()
            started.wait(60)


def _home(folder: str) -> dict[str, str]:
    """Firefox refuses to start where its home is another user's."""
    return {**os.environ, "HOME": folder, "MOZ_HEADLESS": "1"}
