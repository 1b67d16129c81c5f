"""``safehands decide``: one set of answers, and many of them, some of them wrong."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Run


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_answers_by_id_and_by_short_name_give_the_same(run: Run) -> None:
    by_id = run("decide", "right-care", "Q6=intent", "Q4=34", "--json").json
    by_name = run("decide", "right-care", "life=intent", "child=adult", "--json").json
    assert by_id == by_name
    assert list(by_id) == ["id", "class", "row", "rows", "holder", "clocks", "unknown"]
    assert (by_id["class"], by_id["row"], by_id["holder"]) == (5, "A4", "POL")


def test_a_person_reads_why_and_that_it_is_advice(run: Run) -> None:
    said = run("decide", "right-care", "life=intent").out
    assert "Class 5: Immediate response" in said
    assert "Row A4" in said
    assert "Not known" in said
    assert "This is advice. A named person decides." in said


def test_every_bad_word_is_named_at_once(run: Run) -> None:
    ran = run("decide", "right-care", "intent", "life=perhaps", "lief=intent", "--json")
    assert ran.code == 2
    assert ran.json["error"]["faults"] == ["'intent' is not an answer; write question=value, as in Q6=intent"]
    faults = run("decide", "right-care", "life=perhaps", "lief=intent", "--json").json["error"]["faults"]
    assert len(faults) == 2


def test_several_codes_with_commas(run: Run) -> None:
    ran = run("decide", "right-care", "Q11=goodbye_message,overdose_access", "resp=none", "Q4=40", "--json")
    assert "A10.1" in ran.json["rows"]


def test_the_same_question_twice(run: Run) -> None:
    assert run("decide", "right-care", "life=none", "life=act").code == 2


def test_a_batch_with_bad_lines_loses_nothing_and_keeps_the_order(run: Run) -> None:
    given = '{"id": "a", "answers": {"life": "intent"}}\n\nno json\n[1]\n{"id": "b"}\n'
    given += '{"id": 3, "answers": {"x": 1, "life": 9}}\n{"id": "z", "answers": {}}'
    ran = run("decide", "right-care", "--batch", "-", given=given)
    out = lines(ran.out)
    assert ran.code == 1
    assert [each["id"] for each in out] == ["a", None, None, "b", 3, "z"]
    assert ["error" in each for each in out] == [False, True, True, True, True, False]
    assert len(out[4]["error"]) == 2  # type: ignore[arg-type]  # a list of faults
    assert "4 lines could not be decided" in ran.err


def test_a_batch_that_is_right_ends_well(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text("".join(json.dumps({"id": n, "answers": {"Q4": n % 90}}) + "\n" for n in range(1200)))
    ran = run("decide", "right-care", "--batch", str(file))
    assert ran.code == 0
    assert [each["id"] for each in lines(ran.out)] == list(range(1200))
    assert ran.err == ""


def test_a_batch_that_is_not_there(run: Run) -> None:
    ran = run("decide", "right-care", "--batch", "nowhere.jsonl", "--json")
    assert ran.code == 2
    assert "nowhere.jsonl" in ran.json["error"]["sentence"]


def test_a_batch_and_answers_at_once(run: Run) -> None:
    assert run("decide", "right-care", "life=act", "--batch", "-", given="").code == 2


def test_a_pathway_that_is_not_there(run: Run) -> None:
    ran = run("decide", "left-care", "--json")
    assert ran.code == 5
    assert ran.json["error"]["kind"] == "NotFound"
