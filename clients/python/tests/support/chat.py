"""Runs CherryChat behind the real server, and uses it as people do."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from .port import reserved_port
from .server import OrbitedServer

PATIENCE = 30.0
PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "examples" / "cherrychat"
COMMAND = [sys.executable, str(EXAMPLE / "cherrychat.py")]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}

_LISTENING = re.compile(r"cherrychat: listening on http://127\.0\.0\.1:(\d+)/\n")

_HOLD_BACK_FIRST_POST = """
const send = window.fetch;
window.names = [];
window.first = new Promise((resolve) => { window.letGo = resolve; });
window.fetch = async (path, options) => {
  const name = JSON.parse(options.body).name;
  if (name) window.names.push(name);
  if (window.names.length === 1) await window.first;
  const response = await send(path, options);
  if (name === window.names[0]) window.answered(response);
  return response;
};
"""

# The page's timers that were set before this one, and for less, have run when it runs.
_LET_GO = """
const done = arguments[0];
window.answered = () => setTimeout(() => done(window.names), 1000);
window.letGo();
"""


@contextmanager
def cherrychat(port: int, control_port: int) -> Iterator[int]:
    """Run the example as from the command line; give its port; end it with Ctrl-C."""
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--orbited", f"127.0.0.1:{control_port}"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        listening = _LISTENING.fullmatch(process.stdout.readline())
        assert listening, "CherryChat did not say where it listens"
        watchdog.cancel()
        yield int(listening[1])
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


class ChatServer:
    """Orbited and the example behind it.

    Attributes:
        url: The room's.
    """

    def __init__(self, orbited: OrbitedServer, port: int) -> None:
        self.url = f"http://127.0.0.1:{orbited.http_port}/"
        self._control_port = orbited.control_port
        self._port = port
        self._example = ExitStack()

    def __enter__(self) -> ChatServer:
        self._example.enter_context(cherrychat(self._port, self._control_port))
        return self

    def __exit__(self, *_: object) -> None:
        self._example.close()

    def restart(self) -> None:
        """End the example and run it again: it has forgotten who was in the room."""
        self._example.close()
        self.__enter__()


@contextmanager
def chat_server(folder: Path) -> Iterator[ChatServer]:
    """Run Orbited with the example's own configuration, on other ports, and the example."""
    config = (EXAMPLE / "orbited.cfg").read_text(encoding="utf-8")
    with reserved_port() as port:
        ports = {"http.port = 8000": 0, "op.port = 9000": 0, "http://127.0.0.1:4700": port}
        for old, new in ports.items():
            assert old in config
            config = config.replace(old, re.sub(r"\d+$", str(new), old))
        with (
            OrbitedServer(folder, config) as orbited,
            ChatServer(orbited, port) as chat,
        ):
            yield chat


class Person:
    """Somebody with a browser."""

    def __init__(self, page: str) -> None:
        options = ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu"):
            options.add_argument(f"--{flag}")
        self._driver = Chrome(options, ChromeService("/usr/bin/chromedriver"))
        self._wait = WebDriverWait(self._driver, PATIENCE, poll_frequency=0.05)
        self._driver.get(page)

    def enter(self, name: str) -> Person:
        """Knock, and wait until the room is open."""
        self.knock(name)
        self._wait.until(lambda _: self._by_id("text").is_displayed())
        return self

    def knock(self, name: str) -> None:
        self._by_id("name").clear()
        self._by_id("name").send_keys(name, Keys.ENTER)

    def say(self, text: str) -> None:
        self._by_id("text").send_keys(text, Keys.ENTER)

    def leave(self) -> None:
        self._by_id("leave").click()
        self._wait.until(lambda _: self._by_id("name").is_displayed())

    def sees(self, line: str) -> None:
        """Wait until a line is in the log."""
        self._wait.until(lambda _: line in self.log(), f"{line!r} did not come")

    def sees_people(self, *names: str) -> None:
        """Wait until just these are shown as being in the room."""
        self._wait.until(lambda _: self._lines("people") == sorted(names), f"not {names}")

    def still_has_to_say(self, text: str) -> None:
        """Wait until what could not be said is in the field again."""
        self._wait.until(
            lambda _: self._by_id("text").get_property("value") == text, f"{text!r} was lost"
        )

    def is_told(self, sentence: str) -> None:
        """Wait until the page says this about itself."""
        self._wait.until(lambda _: sentence in self._by_id("status").text, f"not {sentence!r}")

    def is_told_nothing(self) -> None:
        """Wait until the page has nothing to say about itself."""
        self._wait.until(lambda _: not self._by_id("status").text, "still told something")

    def log(self) -> list[str]:
        return self._lines("log")

    def tags_in_log(self) -> set[str]:
        return {element.tag_name for element in self._by_id("log").find_elements(By.XPATH, ".//*")}

    def stops_listening(self) -> None:
        """Have no connection for events any more, as while asleep."""
        self._driver.execute_script("visit.stop()")

    def listens_again(self) -> None:
        self._driver.execute_script("visit.stop = listen(visit.name, visit.session)")

    def holds_back_the_first_post(self) -> None:
        """Keep the next post from being sent until it is let go."""
        self._driver.execute_script(_HOLD_BACK_FIRST_POST)

    def lets_it_go(self) -> list[str]:
        """Send what was held back, wait for what the page does then, and give all names posted."""
        names: list[str] = self._driver.execute_async_script(_LET_GO)
        return names

    def close_window(self) -> None:
        self._driver.quit()

    def _lines(self, element_id: str) -> list[str]:
        script = "return [...document.getElementById(arguments[0]).children].map(e => e.innerText)"
        lines: list[str] = self._driver.execute_script(script, element_id)
        return lines

    def _by_id(self, element_id: str) -> WebElement:
        return self._driver.find_element(By.ID, element_id)
