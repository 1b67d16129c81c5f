"""The pathways on the desk: proved and tried when somebody asks, compared exactly, adopted by two who have read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from safehands.pathways.dmn import write_dmn
from safehands.pathways.load import load
from safehands.service.handle import Service

from .conftest import Sit

NAME = "right-care"


def text_of(version: str) -> str:
    """The shipped text as another version in which a case of a crime in progress gets the highest class."""
    text = load(NAME).text.replace('version = "1"', f'version = "{version}"', 1)
    return text.replace('outcome = "imm"', 'outcome = "joint"', 1)


@pytest.fixture
def proposed(desk: Service, sit: Sit) -> Iterator[str]:
    """A version that the police's supervisor proposes; its number."""
    from safehands.desk.models import Proposal

    version = f"t{len(desk.catalogue.history(NAME))}"
    page = sit("POL", "supervisor").post(f"/pathways/{NAME}/propose/", {"text": text_of(version)})
    assert "A second person adopts it" in page.said, page.said
    yield version
    Proposal.objects.all().delete()


def proposal() -> int:
    from safehands.desk.models import Proposal

    return Proposal.objects.get().pk


def test_the_page_has_the_proof_its_date_and_the_examples(sit: Sit) -> None:
    page = sit("POL", "supervisor").get(f"/pathways/{NAME}/")
    for said in (
        "Proved for all",
        "Proved by this desk",
        "adopted",
        "worked examples",
        "need clinical and legal sign-off",
    ):
        assert said in page.said, said
    assert "right" in page.said
    again = sit("POL", "supervisor").post(f"/pathways/{NAME}/check/")
    assert "Proved anew, and every worked example was run" in again.said


def test_the_second_person_reads_everything_before_signing(sit: Sit, proposed: str, desk: Service) -> None:
    lead, number = sit("AMB-east", "clinical_lead"), proposal()
    assert "Read what would change" in lead.get(f"/pathways/{NAME}/").said
    unread = lead.post(f"/pathways/{NAME}/adopt/{number}/")
    assert unread.status == 422
    assert "Read what would change first" in unread.said
    page = lead.get(f"/pathways/{NAME}/adopt/{number}/")
    assert f"Version {proposed}, proposed by" in page.said
    assert "combinations change" in page.said
    assert '-outcome = "imm"' in page.said
    assert '+outcome = "joint"' in page.said
    done = lead.post(f"/pathways/{NAME}/adopt/{number}/", {"digest": page.field("digest")})
    assert "Adopted" in done.said
    assert desk.catalogue.current(NAME).ref.version == proposed
    restored = load(NAME).text.replace('version = "1"', f'version = "{proposed}-back"', 1)
    sit("POL", "supervisor").post(f"/pathways/{NAME}/propose/", {"text": restored})
    page = lead.get(f"/pathways/{NAME}/adopt/{proposal()}/")
    lead.post(f"/pathways/{NAME}/adopt/{proposal()}/", {"digest": page.field("digest")})


def test_whoever_proposed_it_cannot_adopt_it(sit: Sit, proposed: str, desk: Service) -> None:
    police, number = sit("POL", "supervisor"), proposal()
    page = police.get(f"/pathways/{NAME}/adopt/{number}/")
    assert "somebody else has to adopt it" in page.said
    digest = page.text.split("you sign:")[1].split("desk-mono")[1][2:66]
    assert police.post(f"/pathways/{NAME}/adopt/{number}/", {"digest": digest}).status == 409
    assert desk.catalogue.current(NAME).ref.version != proposed


def test_adopting_asks_who_somebody_is(sit: Sit, proposed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "DESK_DEMO", False)
    lead = sit_without_demo = sit("AMB-east", "clinical_lead")
    answer = sit_without_demo.client.get(f"/pathways/{NAME}/adopt/{proposal()}/")
    assert answer.status_code == 302
    assert lead.client.post(f"/pathways/{NAME}/adopt/{proposal()}/").status_code == 302


def test_a_call_handler_adopts_nothing_and_sets_nothing_aside(sit: Sit, proposed: str) -> None:
    handler, number = sit("POL", "handler"), proposal()
    assert handler.get(f"/pathways/{NAME}/adopt/{number}/").status == 403
    assert handler.post(f"/pathways/{NAME}/withdraw/{number}/").status == 403
    assert handler.post(f"/pathways/{NAME}/dmn/in/", {"dmn": "x"}).status == 403
    assert "Set aside" in sit("POL", "supervisor").post(f"/pathways/{NAME}/withdraw/{number}/").said
    assert "settled already" in sit("AMB-east", "clinical_lead").get(f"/pathways/{NAME}/adopt/{number}/").said


def test_two_versions_are_compared_exactly(sit: Sit, proposed: str) -> None:
    page = sit("FRS", "dispatcher").get(f"/pathways/{NAME}/difference/")
    assert "class 5 by A1.1" in page.said
    assert "class 6 by A1.1" in page.said
    assert "higher" in page.said
    assert "Nothing is sampled" in page.said
    missing = sit("FRS", "dispatcher").get(f"/pathways/{NAME}/difference/", data={"before": "x"})
    assert missing.status == 404


def test_what_nobody_has_signed_is_listed(sit: Sit) -> None:
    page = sit("POL", "handler").get(f"/pathways/{NAME}/sign-off/")
    for said in ("Rows of the tables", "A1.1", "not signed", "Clinical owner", "Legal owner"):
        assert said in page.said


def test_the_shadow_report_is_of_ones_own_cases(sit: Sit, desk: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No case of your agency" in sit("FRS", "dispatcher").get(f"/pathways/{NAME}/shadow/").said
    asked: list[str | None] = []

    def facts(*, kind: str | None = None, agency: str | None = None) -> list[dict[str, object]]:
        asked.append(agency)
        case = {"case_id": "one", "agency": "POL", "row_id": "A1.1"}
        return [
            case | {"kind": "opened", "name": NAME, "outcome": None},
            case | {"kind": "shadow", "name": "", "outcome": 5},
            case | {"kind": "decided", "name": "", "outcome": 0},
            {"case_id": "two", "kind": "shadow", "name": "", "outcome": 5, "row_id": "A1.1"},
        ]

    monkeypatch.setattr(desk.store, "facts", facts)
    page = sit("POL", "handler").get(f"/pathways/{NAME}/shadow/")
    assert "1 cases in shadow" in page.said
    assert "1 to which somebody would be sent besides" in page.said
    assert asked == ["POL"]


def test_tables_go_out_as_dmn_and_come_back_as_a_proposal(sit: Sit, desk: Service) -> None:
    from safehands.desk.models import Proposal

    police = sit("POL", "supervisor")
    answer = police.client.get(f"/pathways/{NAME}/dmn/")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    text = answer.content.decode()
    assert text == write_dmn(desk.catalogue.current(NAME))
    same = police.post(f"/pathways/{NAME}/dmn/in/", {"dmn": text, "version": "9"})
    assert "There is nothing to propose" in same.said
    changed = text.replace("A crime is happening.", "A crime is going on.", 1)
    assert (
        "A second person adopts it" in police.post(f"/pathways/{NAME}/dmn/in/", {"dmn": changed, "version": "d9"}).said
    )
    kept = Proposal.objects.get()
    assert "A crime is going on." in kept.text
    kept.delete()


def test_dmn_that_we_do_not_read_is_refused_with_every_reason(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    text = write_dmn(load(NAME)).replace("RULE ORDER", "COLLECT").replace('name="says"', 'name="said"')
    page = police.post(f"/pathways/{NAME}/dmn/in/", {"dmn": text, "version": "9"})
    assert page.status == 422
    assert "hit policy COLLECT is not read" in page.said
    assert "annotation said is not read" in page.said
    bomb = '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'
    assert "document type" in police.post(f"/pathways/{NAME}/dmn/in/", {"dmn": bomb}).said
