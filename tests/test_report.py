"""The instructor's report: its numbers, who needs a person, and that what others wrote stays text."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.basis import Basis
from autograder.cli import main
from autograder.concerns import MAX_NUMBERS, concerns, numbers
from autograder.entries import Override
from autograder.gradebook import Gradebook, address
from autograder.model import Concern, ConcernKind, Status
from autograder.report import page_statistics
from autograder.report.page_attention import Need, attention
from autograder.report.page_html import page_html
from autograder.report.page_statistics import point_biserial
from autograder.report.page_text import inert_json, name, shown, with_code
from autograder.report.similar_csv import read_similar

from .a_class import ASSIGNMENT, ATTACKS, CLASS, SECRET, STOPPED, entry, hostile
from .conftest import JudgeCells

P, F, E, N = Status.PASSED, Status.FAILED, Status.ERROR, Status.NOT_ATTEMPTED


class Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text of the JSON in it."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def data_of(page: bytes) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode())
    assert found is not None
    return json.loads(found.group(1))  # type: ignore[no-any-return]


# ---------------------------------------------------------------- numbers


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=40))
def test_the_point_biserial_is_pearsons_correlation(rows: list[tuple[bool, int]]) -> None:
    right, rest = [row[0] for row in rows], [float(row[1]) for row in rows]
    found = point_biserial(right, rest)
    if len(set(right)) == 1 or len(set(rest)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(np.array(right, float), rest)[0, 1])


def test_a_question_is_not_correlated_with_its_own_points() -> None:
    statuses = [(P, P, N), (P, P, N), (F, P, N), (F, P, N)]
    items = page_statistics.items(ASSIGNMENT, [entry(f"s{at}", each) for at, each in enumerate(statuses)])
    assert [item.discrimination for item in items] == [None, None, None]
    assert [item.difficulty for item in items] == [0.5, 1.0, 0.0]


def test_difficulty_leaves_out_what_cannot_be_read_and_counts_points_by_hand() -> None:
    first, second, _ = page_statistics.items(ASSIGNMENT, CLASS)
    assert first.difficulty == pytest.approx(4 / 5)
    assert second.difficulty == pytest.approx(2 / 5)
    assert first.counts == {P: 4, F: 0, E: 1, N: 0}


def test_hints_are_counted_stage_by_stage() -> None:
    assert [item.hints for item in page_statistics.items(ASSIGNMENT, CLASS)] == [(3, 3), (4, 4), (4, 4)]
    bob = CLASS[1]
    some = [replace(each, hints=stage) for each, stage in zip(bob.result.verdicts, (0, 1, None), strict=True)]
    half = replace(bob, result=replace(bob.result, verdicts=tuple(some)))
    assert [item.hints for item in page_statistics.items(ASSIGNMENT, [half])] == [(0, 0), (1, 0), ()]
    assert b"hints opened" in page_html(ASSIGNMENT, CLASS)
    none = [replace(each, hints=None) for each in bob.result.verdicts]
    assert b"hints opened" not in page_html(
        ASSIGNMENT, [replace(bob, result=replace(bob.result, verdicts=tuple(none)))]
    )


def test_bars_hold_everybody_and_the_last_the_full_points() -> None:
    bars = page_statistics.histogram([0, 0.99, 1, 20, 21.5, -3], 20)
    assert sum(bar.count for bar in bars) == 6
    assert (bars[0].count, bars[1].count, bars[-1].count) == (3, 1, 2)
    assert bars[-1].high == 20
    assert len(page_statistics.histogram([0.0], 0.0)) == 1


def test_misconceptions_and_lost_steps_are_counted_once_a_submission() -> None:
    found = page_statistics.mistaken(ASSIGNMENT, CLASS)
    assert [(each.misconception.id, each.who) for each in found] == [
        ("second turned", (1,)),
        ("third turned", (3,)),
    ]
    worst = page_statistics.losses(CLASS)[0]
    assert (worst.question, worst.count, worst.share) == ("second", 3, pytest.approx(3 / 5))


# ---------------------------------------------------------------- who needs a person


def test_who_needs_a_person() -> None:
    slow = replace(CLASS[0].result.verdicts[0], cases=(STOPPED,), status=F)
    unsteady = replace(CLASS[0].result.verdicts[1].cases[0], unsteady=True)
    changed = replace(CLASS[0].result.verdicts[1], cases=(unsteady,))
    odd = replace(
        CLASS[0].result,
        verdicts=(slow, changed),
        concerns=(Concern(kind=ConcernKind.FORBIDDEN, cell=3),),
        sandboxed=False,
    )
    found = [(call.who, call.need, call.where) for call in attention([*CLASS, replace(CLASS[0], result=odd)])]
    assert found == [
        (5, Need.UNREADABLE, ()),
        (6, Need.FORBIDDEN, ("cell 3",)),
        (6, Need.TIMEOUT, ("first",)),
        (6, Need.UNSTEADY, ("second",)),
        (6, Need.UNPROTECTED, ()),
        (4, Need.ERROR, ("first", "second", "third")),
        (2, Need.UNEXPLAINED, ("first", "second")),
    ]


def test_the_judge_notes_what_a_person_should_look_at(judge_once: JudgeCells) -> None:
    result = judge_once(
        "self_attention",
        "import os, socket\nsocket.socket()",
        "open('/etc/shadow')",
        "def softmax(x):\n    os._exit(3)",
    )
    kinds = {concern.kind for concern in result.concerns}
    assert ConcernKind.REACHES_OUT in kinds
    assert ConcernKind.FORBIDDEN in kinds


def test_only_wrong_answers_to_public_cases_are_kept(judge_once: JudgeCells) -> None:
    result = judge_once(
        "multihead_attention",
        "import numpy as np\ndef softmax_cols(data_in):\n    return np.exp(data_in) / 3",
    )
    cases = result.verdicts[0].cases
    assert any(case.answer is not None and len(case.answer.values) > 1 for case in cases if not case.hidden)
    assert any(case.status is not P for case in cases if case.hidden)
    assert all(case.answer is None for case in cases if case.hidden or case.status is P)


def test_code_that_reaches_out_is_told_from_code_that_does_not() -> None:
    def reaches(source: str) -> bool:
        return bool(concerns([], [], [source]))

    assert reaches("import numpy as np, socket")
    assert reaches("x = __import__('subprocess')")
    assert reaches("open('/proc/self/mem')")
    assert not reaches("import numpy as np  # not socket")
    assert not reaches("signal = 3\nimport numpy as np")
    assert not reaches('"""The gc of requests, from http to signal."""')


@pytest.mark.parametrize("piece", ["from ", "import x", "os.", "import socket ", "#", "import\n"])
def test_long_code_takes_no_longer_than_its_length(piece: str) -> None:
    seconds = []
    for times in (20_000, 80_000):
        source = piece * times
        tries = []
        for _ in range(5):
            started = time.perf_counter()
            concerns([], [], [source])
            tries.append(time.perf_counter() - started)
        seconds.append(min(tries))
    assert seconds[1] < 12 * seconds[0] + 0.1  # four times as long; sixteen if it were quadratic


def test_numbers_are_kept_of_arrays_that_are_not_large() -> None:
    kept = numbers([np.array([[1.0], [np.nan]]), np.array([[1 / 3], [-np.inf]])])
    assert kept is not None
    assert kept.shape == (2, 2, 1)
    assert repr(kept.values) == "(1.0, nan, 0.333333, -inf)"
    assert numbers(np.zeros(MAX_NUMBERS + 1)) is None
    assert numbers(np.zeros(0)) is None
    assert numbers(np.array(1j)) is None
    assert numbers("text") is None


# ---------------------------------------------------------------- the page


def test_the_page_is_the_same_bytes_and_an_empty_class_has_one() -> None:
    assert page_html(ASSIGNMENT, CLASS) == page_html(ASSIGNMENT, iter(CLASS))
    assert b"<h1>Made up</h1>" in page_html(ASSIGNMENT, [])
    assert b"<h1>Made up</h1>" in page_html(ASSIGNMENT, CLASS[5:])


def test_nothing_of_a_hidden_case_is_there_but_its_name_and_status() -> None:
    shown_answer = CLASS[1].result.verdicts[1].cases[0].answer
    hidden = replace(CLASS[1].result.verdicts[1].cases[1], answer=shown_answer, said="hidden words")
    verdict = replace(CLASS[1].result.verdicts[1], cases=(hidden,))
    page = page_html(ASSIGNMENT, [replace(CLASS[1], result=replace(CLASS[1].result, verdicts=(verdict,)))])
    assert str(SECRET).encode() not in page
    assert b"hidden words" not in page
    assert data_of(page)["verdicts"][0]["cases"] == [{"name": "hidden", "status": "failed", "hidden": True}]


def test_public_answers_stand_beside_what_was_expected() -> None:
    page = data_of(page_html(ASSIGNMENT, CLASS))
    assert {"shape": [2, 2], "values": [1, "NaN", "-∞", 4.5]} in page["arrays"]
    assert {"shape": [2, 2], "values": [1, -2, 0.5, 4]} in page["arrays"]


def test_points_by_hand_count_and_are_told() -> None:
    page = data_of(page_html(ASSIGNMENT, CLASS))
    student = page["students"][2]
    assert (student["points"], student["judged"]) == (4, 0)
    assert student["overrides"] == [{"question": "first", "points": 4, "reason": "was ill"}]


def test_equal_verdicts_are_there_once() -> None:
    many = [replace(CLASS[1], result=replace(CLASS[1].result, submission=f"s{at}")) for at in range(50)]
    assert len(data_of(page_html(ASSIGNMENT, many))["verdicts"]) == 3


def test_pairs_and_faults_are_told() -> None:
    class Pair:
        first, second, similarity, reason = "ada", "<b>nobody</b>", 0.914, "They share `a line`."

    page = page_html(ASSIGNMENT, CLASS, pairs=[Pair()], faults=[("zoe", "KeyError: <i>")]).decode()
    assert "91 %" in page
    assert "never a verdict" in page
    assert "<bdi>&lt;b&gt;nobody&lt;/b&gt;</bdi>" in page
    assert "KeyError: &lt;i&gt;" in page


# ---------------------------------------------------------------- what others wrote


def test_what_others_wrote_makes_no_element_and_no_attribute() -> None:
    calm = {tag for tag, _ in Tags(page_html(ASSIGNMENT, [*CLASS])).found}
    found = Tags(page_html(ASSIGNMENT, [*CLASS, *hostile()], faults=[(each, each) for each in ATTACKS])).found
    assert {tag for tag, _ in found} <= calm
    assert sum(tag == "script" for tag, _ in found) == 3
    for tag, attributes in found:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")
        ]
        if tag == "a":
            assert re.fullmatch(r"#[a-z]+\d*", attributes["href"] or "")


def test_names_are_isolated_and_show_what_would_turn_or_hide_them() -> None:
    page = page_html(ASSIGNMENT, hostile()).decode()
    text = page[: page.index("<script type=")]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]", text
    )
    assert "<bdi>\\u202egnihtemos\\u2066 \\u200f</bdi>" in text
    assert max(map(len, re.findall(r"<bdi>(.*?)</bdi>", text))) < 1_000


@given(st.recursive(st.text() | st.floats(allow_nan=False, allow_infinity=False), st.lists))
def test_inert_json_is_what_it_was_and_ends_no_element(value: object) -> None:
    text = str(inert_json(value))
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)


@given(st.text(st.characters(), max_size=300))
def test_shown_text_can_be_written_and_stays_inside(text: str) -> None:
    shown(text).encode()
    assert "\n" not in name(text)
    assert name(text)
    assert "<" not in with_code(text).replace("<code>", "").replace("</code>", "")


def test_the_policy_lets_nothing_in_but_what_is_ours() -> None:
    page = page_html(ASSIGNMENT, CLASS)
    policy = next(
        attributes["content"]
        for tag, attributes in Tags(page).found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert isinstance(policy, str)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(rb"\b(?:src|href)=[\"']?(?:https?:)?//", page)
    assert b"innerHTML" not in page
    assert b"document.write" not in page
    assert b"eval(" not in page


def test_an_override_of_all_counts() -> None:
    whole = replace(CLASS[0], overrides=(Override(points=1.5, reason="late"),))
    assert b'<td class="number">1.5<abbr' in page_html(ASSIGNMENT, [whole])


def test_the_command_writes_the_report_of_a_gradebook(tmp_path: Path) -> None:
    folder = tmp_path / "grades"
    folder.mkdir()
    tripling = (Path(__file__).parent / "course" / "solutions" / "tripling.py").read_text()
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "tripling.py").write_text(tripling)
    with Gradebook(*address(folder), "tripling") as book:
        run = book.begin(Basis(assignment="tripling"), again=False)
        book.record(replace(CLASS[0], result=replace(CLASS[0].result, assignment="tripling")), run)
        book.finish(run)
    command = ["report", str(folder), "--course", str(tmp_path)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert "(1 submission)" in done.output
    page = (folder / "report.html").read_bytes()
    assert b"<bdi>Ada</bdi>" in page
    assert CliRunner().invoke(main, command).exit_code == 0
    assert (folder / "report.html").read_bytes() == page
    (folder / "gradebook.db").unlink()
    done = CliRunner().invoke(main, command)
    assert done.exit_code != 0
    assert "there is no gradebook in" in done.output


@pytest.mark.parametrize("similarity", ["inf", "nan", "1e999", "-1", "2", "alike"])
def test_a_table_of_pairs_that_others_made_spoils_nothing(similarity: str, tmp_path: Path) -> None:
    path = tmp_path / "similar.csv"
    path.write_text(f"first,second,similarity,reason\na,b,{similarity},c\n")
    assert read_similar(path) == []
