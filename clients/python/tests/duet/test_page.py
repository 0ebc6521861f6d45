from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.duet import PATIENCE, PYTHON, RUBY, stage, voice

pytestmark = pytest.mark.skipif(not shutil.which("ruby"), reason="there is no ruby")


@contextmanager
def chromium() -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu"):
        options.add_argument(f"--{flag}")
    with Chrome(options, ChromeService("/usr/bin/chromedriver")) as driver:
        yield driver


def test_the_page_shows_a_column_for_each_program(tmp_path: Path) -> None:
    with stage(tmp_path) as (orbited, page), chromium() as driver:
        control = ["--orbited", f"127.0.0.1:{orbited.control_port}", "--every", "0.05"]
        with voice(*PYTHON, "--port", str(page), *control) as python, voice(*RUBY, *control):
            assert "serving" in next(python)
            driver.get(f"http://127.0.0.1:{orbited.http_port}/")
            wait = WebDriverWait(driver, PATIENCE, poll_frequency=0.05)
            for column in ("Python", "Ruby"):
                shows_event = text_to_be_present_in_element((By.ID, column), "Event ")
                wait.until(shows_event, f"no event of {column} is shown")
            assert driver.find_element(By.ID, "status").text.startswith("Connected with ")
