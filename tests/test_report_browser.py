"""The instructor's report in a real Chromium: it runs nothing that others wrote, and can be used by anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from autograder.entries import Entry
from autograder.model import Status
from autograder.report.page_html import page_html

from .a_class import ASSIGNMENT, CLASS, entry, hostile
from .conftest import needs_chromium, within

CHECKS = (Path(__file__).parent / "page_checks.js").read_text()
NONE = "\N{EN DASH}"
WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""

pytestmark = [
    pytest.mark.slow,
    needs_chromium,
]

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open the report of a class; at the end nothing was asked for but the file, and nothing was said or done."""
    contexts, said = [], list[str]()
    file = tmp_path / "report.html"

    def open_report(entries: Sequence[Entry] = CLASS, *, width: int = 1280, **options: object) -> Page:
        file.write_bytes(page_html(ASSIGNMENT, entries))
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("popup", lambda other: said.append(f"opened {other.url}"))
        page.on("request", lambda request: request.url == file.as_uri() or said.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_report
    for context in contexts:
        for page in context.pages:
            page.wait_for_timeout(100)
        context.close()
    assert said == []


def rows(page: Page, table: str = "students") -> list[str]:
    """Return the first cells of the rows that are shown."""
    cells = page.locator(f"#table-{table} tbody tr:visible > :first-child")
    return [text.strip() for text in cells.all_inner_texts()]


# ---------------------------------------------------------------- attacks


def test_nothing_that_a_student_wrote_runs(opened: Open) -> None:
    page = opened([*CLASS, *hostile()])
    count = len(CLASS) + len(hostile())
    for place in range(1, count + 1):
        page.evaluate("place => { location.hash = `#s${place}` }", place)
        page.locator("#student").wait_for()
        page.evaluate("document.querySelectorAll('#student details').forEach((each) => { each.open = true })")
    page.evaluate("location.hash = '#students'")
    for each in page.locator("#table-students tbody a").all()[:5]:
        each.hover()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("window.violations") == []
    assert page.url.startswith("file:")
    assert page.title() == "Made up: report"
    tags = "script, style, link, meta, iframe, img, object, embed, base, form"
    assert page.evaluate(f"document.querySelectorAll('{tags}').length") == 3 + 1 + 5


@pytest.mark.parametrize(
    "address", ["#s0", "#s99999", "#s1e1", "#s-1", "#<img>", "#__proto__", "#s1;alert(1)"]
)
def test_no_address_breaks_the_page(opened: Open, address: str) -> None:
    page = opened()
    page.evaluate("hash => { location.hash = hash }", address)
    page.wait_for_timeout(50)
    assert page.locator("#class").is_visible()


def test_the_policy_stops_what_would_get_past_the_escaping(browser: Browser, tmp_path: Path) -> None:
    page_file = tmp_path / "report.html"
    smuggled = (
        b"<script>window.ran = 1</script><img src='http://attacker.invalid/x' onerror='window.ran = 2'>"
    )
    page_file.write_bytes(page_html(ASSIGNMENT, CLASS).replace(b"<main", smuggled + b"<main", 1))
    page, asked = browser.new_page(), list[str]()
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(page_file.as_uri())
    assert within(10, lambda: page.evaluate("window.violations.length") >= 2)
    assert page.evaluate("window.ran") is None
    assert asked == [page_file.as_uri()]
    assert page.locator("#students .tools").is_visible()  # ours has run
    page.close()


# ---------------------------------------------------------------- tables


def test_tables_are_sorted_by_the_keyboard(opened: Open) -> None:
    page = opened()
    head = page.locator("#table-students thead th").nth(1)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(page)[0] == "Ada"
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows(page)[-1] == "Ada"
    assert page.evaluate("document.activeElement.textContent") == "points"
    page.locator("#table-students thead button").first.click()
    assert rows(page) == ["Ada", "Bob", "Cem", "Dee", "Eve", "Fay"]
    assert head.get_attribute("aria-sort") is None


def test_what_is_not_defined_comes_last_in_both_orders(opened: Open) -> None:
    page = opened(
        [entry(f"s{at}", (Status.PASSED, status, Status.FAILED)) for at, status in enumerate(Status)]
    )
    for _ in range(2):
        page.locator("#table-questions thead button", has_text="discrimination").click()
        cells = page.locator("#table-questions tbody tr td:nth-of-type(5)").all_inner_texts()
        assert cells[-1] == NONE


def test_the_slash_finds_and_what_is_found_can_be_walked_through(opened: Open) -> None:
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("turned")
    assert rows(page) == ["Bob", "Dee"]
    assert page.locator("#students .count").inner_text() == "2 of 6 rows"
    page.locator("#table-students a", has_text="Bob").press("Enter")
    assert page.locator("#student h2").inner_text() == "Bob"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("ArrowRight")
    page.locator("#student h2", has_text="Dee").wait_for()
    assert not page.locator("#student .moves a", has_text="After").is_visible()
    page.keyboard.press("Escape")
    page.locator("#student").wait_for(state="hidden")
    page.locator("#students select").select_option("failed")
    page.locator("#students input").fill("")
    assert rows(page) == ["Bob", "Cem", "Dee"]


def test_the_misconceptions_lead_to_who_has_them(opened: Open) -> None:
    page = opened()
    row = page.locator("#table-mistakes tbody tr", has_text="second turned")
    row.locator(".who summary").click()
    row.locator(".who a").click()
    assert page.locator("#student h2").inner_text() == "Bob"
    page.go_back()
    assert page.locator("#class").is_visible()


def test_without_javascript_all_tables_are_there(opened: Open) -> None:
    many = [entry(f"s{at}", (Status.PASSED, Status.FAILED, Status.PASSED)) for at in range(150)]
    page = opened(many, java_script_enabled=False)
    assert page.locator("#table-students tbody tr:visible").count() == 150
    assert page.locator("noscript").is_visible()
    assert page.locator("button:visible").count() == 0


def test_a_large_class_is_listed_in_parts(opened: Open) -> None:
    people = [
        replace(CLASS[at % 5], student=replace(CLASS[0].student, name=f"Person {at}")) for at in range(2000)
    ]
    page = opened(people)
    assert len(rows(page)) == 40
    page.locator("#table-students thead button").first.click()
    page.locator("#table-students thead button").first.click()
    assert rows(page)[:2] == ["Person 1999", "Person 1998"]
    page.locator("#students input").fill("person 77")
    assert page.locator("#students .count").inner_text() == "38 of 2000 rows"
    page.locator("#students input").fill("")
    page.get_by_role("button", name="Show all 2000 rows").click()
    assert page.locator("#table-students tbody tr:visible").count() == 2000
    assert page.evaluate("document.activeElement.textContent") == "Person 1959"


# ---------------------------------------------------------------- a student


def test_pictures_tell_their_numbers(opened: Open) -> None:
    page = opened()
    page.evaluate("location.hash = '#s2'")
    grids = page.locator("#student .picture > svg")
    assert grids.count() == 3
    assert grids.first.get_attribute("aria-label") == "theirs: 2 by 2 numbers; the arrow keys tell each"
    grids.nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    readout = page.locator("#student .readout")
    assert readout.inner_text() == "[1, 1]: theirs 4.5, expected 4, theirs less expected 0.5"
    grids.first.hover(position={"x": 36, "y": 12})
    assert readout.inner_text() == "[0, 1]: theirs NaN, expected -2, theirs less expected " + NONE
    legends = page.locator("#student .legend").all_inner_texts()
    assert legends[0].split()[:2] == legends[1].split()[:2] == ["-4.5", "4.5"]


def test_points_by_hand_are_told_with_their_reason(opened: Open) -> None:
    page = opened()
    page.evaluate("location.hash = '#s3'")
    text = page.locator("#student").inner_text()
    assert "4 by hand (0 as graded) of 4" in text
    assert "was ill" in text


def test_each_section_is_printed_on_a_page_of_its_own(opened: Open) -> None:
    page = opened()
    page.evaluate("window.print = () => { window.printed = document.querySelectorAll('#all .page').length }")
    page.locator("#students select").select_option("failed")
    page.locator("#print-all").click()
    assert page.evaluate("window.printed") == 3
    page.emulate_media(media="print")
    breaks = "Array.from(document.querySelectorAll('.page'), (each) => getComputedStyle(each).breakBefore)"
    assert page.evaluate(breaks) == ["auto", "page", "page"]
    assert page.locator("#class").is_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#class").is_visible()
    assert page.locator("#all .page").count() == 0


# ---------------------------------------------------------------- for anybody


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_used(opened: Open, scheme: str, width: int) -> None:
    page = opened([*CLASS, *hostile()], width=width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert page.evaluate(CHECKS) == []
    for place in (2, 3, len(CLASS) + 1, len(CLASS) + len(hostile()) - 3):
        page.evaluate("place => { location.hash = `#s${place}` }", place)
        page.locator("#student").wait_for()
        page.evaluate("document.querySelectorAll('#student details').forEach((each) => { each.open = true })")
        assert page.evaluate(CHECKS) == []


def test_the_theme_can_be_switched(opened: Open) -> None:
    page = opened(color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    for theme in ("light", "dark", "as the system"):
        page.locator("#theme").click()
        assert page.locator("#theme").inner_text() == f"Theme: {theme}"
        assert (page.evaluate(paper) == light) == (theme != "dark")


def test_the_focus_goes_in_order_and_can_be_seen(opened: Open) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getBoundingClientRect().top + window.scrollY"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert seen == sorted(seen)
