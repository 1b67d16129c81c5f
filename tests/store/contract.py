"""What every store must do. ``StoreContract`` runs on the memory store and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from safehands.errors import BadInput, LedgerFault, NotFound, Stale
from safehands.ledger.checkpoint import open_checkpoint
from safehands.ledger.commitment import opens
from safehands.ledger.note import read_vkey
from safehands.ledger.tree import stream_root
from safehands.store.ports import FactRow, NewEntry, OutboxMessage, Store, Token, Within
from store.given import (
    AMBULANCE,
    CRISIS_LINE,
    NOW,
    POLICE,
    append,
    at,
    case,
    held,
    no_picture,
    opening,
    picture,
    standing,
    stream,
    summary,
)

PHONE = Token("phone", "+447700900123")
PLACE = Token("place", "52.0,-1.0")


class StoreContract:
    """Subclasses give the fixture ``store``: an empty store."""

    # ------------------------------------------------------------------------------------------------ writing

    def test_what_was_written_is_read_back(self, store: Store) -> None:
        receipt = store.append(append(stream(1), "opened", "answered"))
        loaded = store.load(stream(1), agency=None)
        assert (receipt.first, receipt.count, receipt.repeated) == (0, 2, False)
        assert loaded is not None
        assert (loaded.version, loaded.snapshot_version, loaded.snapshot, loaded.erased) == (2, 0, None, False)
        assert [(entry.position, entry.version, entry.entry) for entry in loaded.entries] == [
            (0, 1, b"opened"),
            (1, 2, b"answered"),
        ]
        assert loaded.entries == store.entries(stream(1), agency=None)
        assert all(opens(entry.commitment, entry.salt or b"", entry.entry or b"") for entry in loaded.entries)

    def test_a_stream_that_is_not_there(self, store: Store) -> None:
        assert store.load(stream(1), agency=None) is None
        assert store.entries(stream(1), agency=None) == ()

    def test_the_tail_of_a_stream_and_some_of_its_entries(self, store: Store) -> None:
        store.append(append(stream(1), "one", "two", "three", "four"))
        assert [each.version for each in store.entries(stream(1), agency=None, after=2)] == [3, 4]
        assert [each.entry for each in store.entries(stream(1), agency=None, versions=(4, 2, 2, 9))] == [
            b"two",
            b"four",
        ]
        assert [each.version for each in store.entries(stream(1), agency=None, after=2, versions=(1, 3))] == [3]
        assert store.entries(stream(1), agency=None, after=4) == ()
        assert store.entries(stream(1), agency=None, versions=()) == ()

    def test_a_register_is_read_by_its_own_agency_alone(self, store: Store) -> None:
        store.append(append(f"register/{POLICE}", "a record"))
        own = store.entries(f"register/{POLICE}", agency=POLICE)
        assert [each.entry for each in own] == [b"a record"]
        assert own == store.entries(f"register/{POLICE}", agency=None)
        for other in (AMBULANCE, "", f"{POLICE}-north", POLICE[:2]):
            assert store.entries(f"register/{POLICE}", agency=other) == ()
            assert store.load(f"register/{POLICE}", agency=other) is None

    def test_positions_run_through_all_streams_without_gaps(self, store: Store) -> None:
        store.append(append(stream(1), "one"))
        with pytest.raises(Stale):
            store.append(append(stream(1), "again", command="another"))
        store.append(append(stream(2), "two", "three"))
        store.append(append("pathway/right-care", "adopted"))
        everything = list(store.all_entries())
        assert [entry.position for entry in everything] == [0, 1, 2, 3]
        assert [(entry.stream, entry.version) for entry in everything] == [
            (stream(1), 1),
            (stream(2), 1),
            (stream(2), 2),
            ("pathway/right-care", 1),
        ]
        assert list(store.all_entries(start=3)) == everything[3:]

    def test_the_same_command_sent_twice_writes_once(self, store: Store) -> None:
        first = store.append(opening(1, tokens=(PHONE,)))
        again = store.append(opening(1, tokens=(PHONE,)))
        assert again == replace(first, repeated=True)
        assert store.head().size == 1
        with store.unit(agency=None) as unit:
            assert unit.done("no such command") is None
            assert unit.done(opening(1).command) == again

    def test_a_repeated_command_in_a_batch_leaves_the_others(self, store: Store) -> None:
        store.append(opening(1))
        receipts = store.append_all([opening(1), opening(2)])
        assert [receipt.repeated for receipt in receipts] == [True, False]
        assert store.head().size == 2

    def test_one_command_on_two_streams(self, store: Store) -> None:
        receipts = store.append_all([opening(1, command="link"), opening(2, command="link")])
        assert [(receipt.stream, receipt.first) for receipt in receipts] == [(stream(1), 0), (stream(2), 1)]
        with store.unit(agency=None) as unit:
            assert unit.done("link") == replace(receipts[0], repeated=True)

    def test_a_stale_belief_names_what_changed(self, store: Store) -> None:
        store.append(opening(1))
        store.append(append(stream(1), "answered", expected=1))
        with pytest.raises(Stale, match="at version 1 and is now at version 2"):
            store.append(append(stream(1), "answered again", expected=1, command="late"))
        with pytest.raises(Stale, match="exists already, at version 2"):
            store.append(append(stream(1), "opened again", command="late"))
        with pytest.raises(Stale, match="does not exist"):
            store.append(append(stream(2), "answered", expected=1))
        assert store.head().size == 2

    def test_a_batch_with_one_stale_append_writes_nothing(self, store: Store) -> None:
        store.append(opening(1))
        with pytest.raises(Stale):
            store.append_all([opening(2), append(stream(1), "late", command="late")])
        assert store.head().size == 1
        assert store.load(stream(2), agency=None) is None
        assert store.pictures("case_picture", agency=None, where={"case_id": case(2)}) == []

    def test_several_appends_to_one_stream_in_one_batch(self, store: Store) -> None:
        store.append(opening(1))
        receipts = store.append_all(
            [
                append(stream(1), "two", "three", expected=1, snapshot=b"after three"),
                opening(2),
                append(stream(1), "four", expected=3, snapshot=b"after four"),
            ]
        )
        assert [(receipt.first, receipt.count) for receipt in receipts] == [(1, 2), (3, 1), (4, 1)]
        loaded = store.load(stream(1), agency=None)
        assert loaded is not None
        assert (loaded.version, loaded.snapshot_version, loaded.snapshot, loaded.entries) == (4, 4, b"after four", ())
        assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [
            b"opened 1",
            b"two",
            b"three",
            b"four",
        ]

    def test_a_snapshot_and_the_entries_after_it(self, store: Store) -> None:
        store.append(append(stream(1), "one", "two", snapshot=b"state"))
        store.append(append(stream(1), "three", expected=2))
        loaded = store.load(stream(1), agency=None)
        assert loaded is not None
        assert (loaded.version, loaded.snapshot_version, loaded.snapshot) == (3, 2, b"state")
        assert [entry.entry for entry in loaded.entries] == [b"three"]

    def test_everything_wrong_with_an_append_is_named_at_once(self, store: Store) -> None:
        wrong = replace(
            append("case/1", "one"),
            command="",
            entries=(NewEntry("elsewhere", 3, b""),),
            pictures=(
                picture("case_picture", case_id="not a uuid"),
                replace(picture("task_picture", task_id="1", case_id=case(1)), table="no_picture"),
                picture("standing_picture", case_id=case(1), agency="A\0B"),
            ),
            facts=(FactRow(7, {"colour": "red", "seconds": float("nan")}),),
            tokens=(Token("", ""),),
            outbox=(OutboxMessage("", "", "\ud800", {"x": float("inf")}),),
        )
        with pytest.raises(BadInput) as raised:
            store.append(wrong)
        assert len(raised.value.faults) >= 13, raised.value.faults
        assert store.head().size == 0

    def test_rows_that_are_not_whole_or_not_of_this_case(self, store: Store) -> None:
        row = summary(1)
        assert row.row is not None
        for wrong, said in [
            (replace(row, row={"case_id": case(1)}), "columns missing"),
            (summary(2), "another case"),
            (replace(row, key=(case(2),)), "not the row's own"),
            (picture("holding_picture", case_id=case(1), n=1, held_from=NOW), "agency is empty"),
            (held(1, 1, POLICE, at(1), NOW), "ends before it begins"),
            (summary(1, version="one"), "version cannot be"),
            (summary(1, opened_at=NOW.replace(tzinfo=None)), "opened_at cannot be"),
            (picture("offer_picture", offer_id="o", case_id=case(1), late=1), "late cannot be"),
        ]:
            with pytest.raises(BadInput, match=said):
                store.append(append(stream(1), "opened", pictures=[wrong]))
        with pytest.raises(BadInput, match="only a case has pictures"):
            store.append(append("node", "started", pictures=[summary(1)]))
        with pytest.raises(BadInput, match="at least one entry"):
            store.append(append(stream(1)))
        with pytest.raises(BadInput, match="no stream can be at version"):
            store.append(append(stream(1), "one", expected=-1))
        with pytest.raises(BadInput, match="has brought it to version 1"):
            store.append_all([append(stream(1), "one"), append(stream(1), "three", expected=2)])
        with pytest.raises(BadInput, match="stands twice"):
            store.append_all([append(stream(1), "one", command="c"), append(stream(1), "two", command="c", expected=1)])

    def test_names_that_are_not_streams(self, store: Store) -> None:
        for name in (
            "",
            "case/",
            "case/ABC",
            "Case/1",
            "case/" + case(0xABCDEF).upper(),
            "a b",
            "node/../x\0",
            "x" * 500,
        ):
            with pytest.raises(BadInput):
                store.load(name, agency=None)
            with pytest.raises(BadInput):
                store.entries(name, agency=None)

    # ------------------------------------------------------------------------------------------------ one holder

    def test_two_agencies_cannot_hold_one_case_at_one_time(self, store: Store) -> None:
        store.append(opening(1))
        with pytest.raises(LedgerFault, match="Two agencies"):
            store.append(append(stream(1), "taken", expected=1, pictures=[held(1, 2, AMBULANCE, at(5))]))
        assert store.head().size == 1
        assert store.load(stream(1), agency=None).version == 1  # type: ignore[union-attr]  # it is there

    def test_the_holder_moves_at_one_instant(self, store: Store) -> None:
        store.append(opening(1))
        rows = [held(1, 2, AMBULANCE, at(5)), held(1, 1, POLICE, NOW, at(5))]
        store.append(append(stream(1), "accepted", expected=1, pictures=rows))
        moved = [held(1, 1, POLICE, NOW, at(7)), held(1, 2, AMBULANCE, at(7))]
        store.append(append(stream(1), "corrected", expected=2, pictures=moved))
        assert [
            (row["agency"], row["held_from"], row["held_until"])
            for row in store.pictures("holding_picture", agency=None)
        ] == [(POLICE, NOW, at(7)), (AMBULANCE, at(7), None)]

    def test_two_cases_may_have_two_holders(self, store: Store) -> None:
        store.append_all([opening(1), opening(2)])
        assert len(store.pictures("holding_picture", agency=None)) == 2

    def test_a_holding_of_no_length_hinders_nobody(self, store: Store) -> None:
        store.append(opening(1))
        store.append(append(stream(1), "x", expected=1, pictures=[held(1, 2, AMBULANCE, at(5), at(5))]))
        assert len(store.pictures("holding_picture", agency=None)) == 2

    # ------------------------------------------------------------------------------------------------ pictures

    def test_a_picture_is_written_replaced_and_removed(self, store: Store) -> None:
        clock = picture("clock_picture", case_id=case(1), clock="triage", next_step="breach", next_at=at(5))
        store.append(append(stream(1), "opened", pictures=[*opening(1).pictures, clock]))
        assert store.pictures("clock_picture", agency=None) == [dict(clock.row or {})]
        assert store.pictures("clock_picture", agency=None, where={"clock": "triage", "due_at": None}) != []
        assert store.pictures("clock_picture", agency=None, where={"next_at": at(6)}) == []
        later = picture("clock_picture", case_id=case(1), clock="triage", next_step="breach", next_at=at(9))
        store.append(append(stream(1), "extended", expected=1, pictures=[clock, later]))
        assert store.pictures("clock_picture", agency=None) == [dict(later.row or {})]
        gone = [
            no_picture("clock_picture", case(1), "triage"),
            no_picture("clock_picture", case(1), "never there"),
            no_picture("task_picture", "never there"),
        ]
        store.append(append(stream(1), "stopped", expected=2, pictures=gone))
        assert store.pictures("clock_picture", agency=None) == []

    def test_an_offer_is_removed_by_its_own_id(self, store: Store) -> None:
        offer = picture("offer_picture", offer_id="o1", case_id=case(1), status="open", by_word=False)
        store.append(append(stream(1), "opened", pictures=[*opening(1).pictures, offer]))
        assert store.pictures("offer_picture", agency=POLICE, where={"by_word": False}) == [dict(offer.row or {})]
        store.append(append(stream(1), "withdrawn", expected=1, pictures=[no_picture("offer_picture", "o1")]))
        assert store.pictures("offer_picture", agency=None) == []

    def test_rows_come_in_the_order_of_their_key(self, store: Store) -> None:
        rows = [held(1, n, POLICE, at(n), at(n + 1)) for n in (10, 2, 1)]
        store.append(append(stream(1), "opened", pictures=rows))
        assert [row["n"] for row in store.pictures("holding_picture", agency=None)] == [1, 2, 10]

    def test_asking_a_picture_for_what_it_does_not_have(self, store: Store) -> None:
        for table, where in [("entry", {}), ("case_picture", {"colour": "red"}), ("case_picture", {"version": "one"})]:
            with pytest.raises(BadInput):
                store.pictures(table, agency=None, where=where)  # type: ignore[arg-type]  # a dict of strings is one

    def test_pictures_are_asked_for_in_another_order_and_not_all(self, store: Store) -> None:
        for n, due in ((1, at(9)), (2, None), (3, at(3))):
            clock = picture("clock_picture", case_id=case(n), clock="triage", next_step="breach", next_at=due)
            store.append(append(stream(n), "opened", pictures=[*opening(n, POLICE).pictures, clock]))
        found = store.pictures("clock_picture", agency=POLICE, by=("next_at",), limit=2)
        assert [row["next_at"] for row in found] == [at(3), at(9)]
        assert [row["next_at"] for row in store.pictures("clock_picture", agency=POLICE, by=("next_at",))][-1] is None
        assert store.count_pictures("clock_picture", agency=POLICE) == 3
        assert store.count_pictures("clock_picture", agency=POLICE, where={"next_at": None}) == 1
        assert store.count_pictures("clock_picture", agency=AMBULANCE) == 0

    def test_pictures_are_asked_for_within_two_instants(self, store: Store) -> None:
        for n, due in ((1, at(9)), (2, None), (3, at(3))):
            clock = picture("clock_picture", case_id=case(n), clock="triage", next_step="breach", next_at=due)
            store.append(append(stream(n), "opened", pictures=[*opening(n, POLICE).pictures, clock]))
        for within, found in [
            (Within("next_at"), 3),
            (Within("next_at", since=at(3)), 2),
            (Within("next_at", until=at(9)), 1),
            (Within("next_at", since=at(4), until=at(10)), 1),
            (Within("next_at", since=at(4), until=at(9)), 0),
        ]:
            assert store.count_pictures("clock_picture", agency=POLICE, within=within) == found
            assert len(store.pictures("clock_picture", agency=POLICE, within=within)) == found
        wanted = Within("next_at", until=at(9))
        assert store.count_pictures("clock_picture", agency=POLICE, where={"clock": "silence"}, within=wanted) == 0

    def test_asking_within_what_is_no_instant(self, store: Store) -> None:
        for within in (Within("clock"), Within("colour"), Within("next_at", since="today")):  # type: ignore[arg-type]  # what a fault would pass
            with pytest.raises(BadInput):
                store.pictures("clock_picture", agency=None, within=within)

    def test_pictures_are_rebuilt_from_nothing(self, store: Store) -> None:
        store.append_all([opening(1), opening(2)])
        store.rebuild_pictures(iter([summary(1, status="closed"), *standing(1, CRISIS_LINE), held(1, 1, POLICE, NOW)]))
        assert [row["status"] for row in store.pictures("case_picture", agency=None)] == ["closed"]
        assert store.find("SH-0001", agency=CRISIS_LINE) == case(1)
        assert store.find("SH-0001", agency=POLICE) is None

    def test_a_rebuild_that_fails_leaves_the_pictures_as_they_were(self, store: Store) -> None:
        store.append(opening(1))
        for wrong in ([held(1, 1, POLICE, NOW), held(1, 2, AMBULANCE, NOW)], [picture("case_picture", case_id="x")]):
            with pytest.raises((LedgerFault, BadInput)):
                store.rebuild_pictures(iter(wrong))
            assert store.find("SH-0001", agency=POLICE) == case(1)

    def test_one_reference_for_two_cases(self, store: Store) -> None:
        store.append(opening(1))
        with pytest.raises(Stale, match="reference belongs to another case"):
            store.append(append(stream(2), "opened", pictures=[summary(2, reference="SH-0001")]))
        assert store.load(stream(2), agency=None) is None

    def test_facts_keep_their_entry_and_their_order(self, store: Store) -> None:
        store.append(opening(1))
        facts = [
            FactRow(1, {"case_id": case(2), "kind": "wait", "seconds": 12.5, "happened_at": NOW}),
            FactRow(0, {"case_id": case(2), "kind": "opened", "count": 1}),
            FactRow(1, {"kind": "opened", "outcome": 5, "agency": POLICE}),
        ]
        store.append(append(stream(2), "one", "two", facts=facts))
        found = store.facts()
        assert [(row["position"], row["kind"]) for row in found] == [(1, "opened"), (2, "wait"), (2, "opened")]
        assert (found[1]["seconds"], found[1]["happened_at"], found[1]["case_id"]) == (12.5, NOW, case(2))
        assert [row["position"] for row in store.facts(kind="opened")] == [1, 2]

    def test_an_agency_reads_facts_of_its_own_cases_only(self, store: Store) -> None:
        for number, others in ((1, ()), (2, (CRISIS_LINE,))):
            wait = FactRow(0, {"case_id": case(number), "kind": "wait"})
            store.append(opening(number, *others, facts=[wait]))
        store.append(append(stream(3), "one", facts=[FactRow(0, {"kind": "nobody's"})]))
        read = {
            agency: [row["case_id"] for row in store.facts(agency=agency)]
            for agency in (POLICE, CRISIS_LINE, AMBULANCE)
        }
        assert read == {POLICE: [case(1), case(2)], CRISIS_LINE: [case(2)], AMBULANCE: []}
        assert len(store.facts()) == 3
        assert len(store.facts(kind="wait", agency=POLICE)) == 2

    # ------------------------------------------------------------------------------------------------- standing

    def test_an_agency_without_standing_sees_nothing(self, store: Store) -> None:
        task = picture("task_picture", task_id="t1", case_id=case(1))
        store.append(append(stream(1), "opened", pictures=[*opening(1).pictures, task]))
        assert store.load(stream(1), agency=CRISIS_LINE) is None
        assert store.entries(stream(1), agency=CRISIS_LINE) == ()
        assert store.find("SH-0001", agency=CRISIS_LINE) is None
        for table in ("case_picture", "holding_picture", "task_picture", "standing_picture"):
            assert store.pictures(table, agency=CRISIS_LINE) == []
            assert len(store.pictures(table, agency=POLICE)) == 1
        with store.unit(agency=CRISIS_LINE) as unit:
            assert unit.take(stream(1), opening(1).command) == (None, None)

    def test_standing_opens_the_case_and_shows_who_else_has_it(self, store: Store) -> None:
        store.append(opening(1, AMBULANCE))
        assert store.find("SH-0001", agency=AMBULANCE) == case(1)
        assert {row["agency"] for row in store.pictures("standing_picture", agency=AMBULANCE)} == {POLICE, AMBULANCE}
        assert len(store.entries(stream(1), agency=AMBULANCE)) == 1
        with store.unit(agency=AMBULANCE) as unit:
            loaded, done = unit.take(stream(1), opening(1).command)
        assert loaded == store.load(stream(1), agency=None)
        assert done is not None
        assert done.repeated

    def test_streams_that_are_no_case(self, store: Store) -> None:
        for name in ("node", "pathway/right-care", "agency/POL", "agency/POL/records", "agency/POLX", "round/1"):
            store.append(append(name, "said"))

        def seen(agency: str) -> list[str]:
            return [
                name
                for name in ("node", "pathway/right-care", "agency/POL", "agency/POL/records", "agency/POLX", "round/1")
                if store.load(name, agency=agency) is not None
            ]

        assert seen(POLICE) == ["node", "pathway/right-care", "agency/POL", "agency/POL/records"]
        assert seen(AMBULANCE) == ["node", "pathway/right-care"]

    # --------------------------------------------------------------------------------------------- stubs, looking

    def test_stubs_of_other_agencies_and_the_log_of_looking(self, store: Store) -> None:
        store.append(opening(1, tokens=(PHONE, PLACE)))
        store.append(opening(2, tokens=(PLACE,)))
        store.append(append("node", "x", tokens=(PLACE,)))
        long_ago = NOW - timedelta(days=400)
        old = [summary(3, closed_at=long_ago, last_at=long_ago)]
        store.append(append(stream(3), "opened", pictures=old, tokens=(PLACE,)))
        with store.unit(agency=CRISIS_LINE) as unit:
            found = unit.stubs([PHONE, PLACE], actor="a1", agency=CRISIS_LINE, reason="repeat", at=NOW)
        assert {(stub.case_id, stub.matched) for stub in found} == {
            (case(1), ("phone", "place")),
            (case(2), ("place",)),
        }
        assert (found[0].status, found[0].holder, found[0].opened_at) == ("open", POLICE, NOW)
        (looked,) = store.looked()
        assert (looked.actor, looked.agency, looked.reason, looked.at) == ("a1", CRISIS_LINE, "repeat", NOW)
        assert (looked.kinds, looked.shown) == (("phone", "place"), (case(1), case(2)))

    def test_looking_is_logged_even_where_nothing_is_found_or_the_command_fails(self, store: Store) -> None:
        store.append(opening(1))
        with pytest.raises(Stale), store.unit(agency=POLICE) as unit:  # noqa: PT012  # the whole unit is what fails
            unit.lock([PHONE])
            assert unit.stubs([PHONE], actor="a1", agency=POLICE, reason="r", at=NOW) == ()
            unit.append([append(stream(1), "late", command="late")])
        assert [looked.shown for looked in store.looked()] == [()]

    def test_two_calls_about_one_person_see_each_other(self, store: Store) -> None:
        def call(number: int) -> int:
            with store.unit(agency=POLICE) as unit:
                unit.lock([PHONE, PLACE])
                unit.lock([PHONE])
                found = unit.stubs([PHONE], actor="a", agency=POLICE, reason="r", at=NOW)
                unit.append([opening(number, tokens=(PHONE,))])
            return len(found)

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(call, range(4))) == [0, 1, 2, 3]

    # ----------------------------------------------------------------------------------------------------- units

    def test_append_is_a_units_last_act(self, store: Store) -> None:
        with store.unit(agency=None) as unit:
            unit.append([opening(1)])
            with pytest.raises(RuntimeError, match="has ended"):
                unit.append([opening(2)])
            with pytest.raises(RuntimeError, match="has ended"):
                unit.load(stream(1))
        assert store.head().size == 1

    def test_a_unit_left_by_an_error_writes_nothing_and_lets_go_of_its_locks(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.unit(agency=None) as unit:  # noqa: PT012  # the whole unit is what fails
            unit.lock([PHONE])
            raise ZeroDivisionError
        with store.unit(agency=None) as unit:
            unit.lock([PHONE])
            unit.append([opening(1)])
        assert store.head().size == 1

    def test_somebody_writes_between_reading_and_writing(self, store: Store) -> None:
        store.append(opening(1))
        with store.unit(agency=POLICE) as mine:
            loaded = mine.load(stream(1))
            assert loaded is not None
            store.append(append(stream(1), "theirs", expected=1, command="theirs"))
            with pytest.raises(Stale):
                mine.append([append(stream(1), "mine", expected=loaded.version, command="mine")])
        assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [b"opened 1", b"theirs"]

    # ----------------------------------------------------------------------------------------------- due, outbox

    def test_due_clocks_longest_waiting_first(self, store: Store) -> None:
        rows = [
            picture("clock_picture", case_id=case(1), clock=name, next_step="breach", next_at=due)
            for name, due in [("late", at(1)), ("later", at(2)), ("not yet", at(60)), ("stopped", None)]
        ]
        store.append(append(stream(1), "opened", pictures=rows))
        found = store.due(at(5))
        assert [(due.clock, due.step, due.at) for due in found] == [
            ("late", "breach", at(1)),
            ("later", "breach", at(2)),
        ]
        assert found == store.due(at(5))
        assert store.due(at(5), limit=1) == found[:1]

    def test_a_clock_taken_in_hand_is_left_alone_until_the_lease_ends(self, store: Store) -> None:
        row = picture("clock_picture", case_id=case(1), clock="triage", next_step="breach", next_at=at(1))
        store.append(append(stream(1), "opened", pictures=[row]))
        lease = timedelta(seconds=30)
        assert len(store.due(at(5), lease=lease)) == 1
        assert store.due(at(5), lease=lease) == ()
        assert len(store.due(at(5))) == 1
        assert len(store.due(at(6), lease=lease)) == 1

    def test_messages_in_the_order_of_commits(self, store: Store) -> None:
        store.append(
            opening(
                1, outbox=(OutboxMessage("mail", "desk", "SH-0001", {"late": True, "n": 1, "to": "desk", "of": None}),)
            )
        )
        store.append(
            opening(2, outbox=(OutboxMessage("mail", "desk", "SH-0002"), OutboxMessage("sms", "d", "SH-0002")))
        )
        found = store.outbox()
        assert [(told.position, told.message.about, told.told) for told in found] == [
            (0, "SH-0001", False),
            (1, "SH-0002", False),
            (1, "SH-0002", False),
        ]
        assert found[0].message.body == {"late": True, "n": 1, "to": "desk", "of": None}
        store.told([found[0].number], at=NOW)
        store.told([found[0].number], at=NOW)
        assert [told.told for told in store.outbox()] == [True, False, False]
        assert store.outbox(after=found[0].number, limit=1) == (found[1],)

    # ------------------------------------------------------------------------------------------------- the log

    def test_sealing_grows_one_tree_over_everything(self, store: Store) -> None:
        assert store.head().checkpoint is None
        assert store.seal(at=NOW).sealed == 0
        for number in range(1, 8):
            store.append(opening(number))
            if number % 2:
                head = store.seal(at=at(number))
                assert (head.size, head.sealed) == (number, number)
        again = store.seal(at=at(9))
        assert again == head
        size, root = stream_root(entry.commitment for entry in store.all_entries())
        assert (size, root) == (head.sealed, head.root)
        assert store.check_tree() == 7
        assert set(store.nodes([(0, 0), (2, 0), (3, 0), (9, 9)])) == {(0, 0), (2, 0)}

    def test_entries_after_the_last_seal_are_counted_and_not_sealed(self, store: Store) -> None:
        store.append(opening(1))
        store.seal(at=NOW)
        store.append(opening(2))
        head = store.head()
        assert (head.size, head.sealed) == (2, 1)
        assert store.check_tree() == 1

    def test_checkpoints_are_kept_and_leaves_are_read_as_far_as_they_are_sealed(self, store: Store) -> None:
        assert store.checkpoints() == ()
        for number in (1, 2, 3):
            store.append(opening(number))
            store.seal(at=at(number))
        store.append(opening(4))
        kept = store.checkpoints()
        assert [(each.size, each.at) for each in kept] == [(3, at(3)), (2, at(2)), (1, at(1))]
        assert kept[0].note == store.head().checkpoint
        assert store.checkpoints(limit=1) == kept[:1]
        assert store.commitments(1, 3) == tuple(entry.commitment for entry in store.all_entries())[1:3]
        assert store.commitments(3, 3) == ()
        for start, end in ((0, 4), (-1, 1), (2, 1)):
            with pytest.raises(NotFound, match="sealed log"):
                store.commitments(start, end)

    def test_a_store_says_how_its_checkpoints_are_verified(self, store: Store) -> None:
        store.append(opening(1))
        signed = store.seal(at=NOW).checkpoint
        assert signed is not None
        assert open_checkpoint(signed, read_vkey(store.vkey)).checkpoint.size == 1

    def test_a_message_carries_instants_with_a_zone_only(self, store: Store) -> None:
        store.append(opening(1, outbox=(OutboxMessage("mail", "desk", "SH-0001", {"at": NOW}),)))
        assert store.outbox()[0].message.body.keys() == {"at"}
        with pytest.raises(BadInput, match="cannot carry"):
            store.append(opening(2, outbox=(OutboxMessage("m", "d", "x", {"at": NOW.replace(tzinfo=None)}),)))

    def test_a_case_without_a_beginning_is_not_shown_as_a_stub(self, store: Store) -> None:
        store.append(append(stream(1), "opened", pictures=[summary(1, opened_at=None)], tokens=(PHONE,)))
        with store.unit(agency=None) as unit, pytest.raises(LedgerFault, match="does not say when it was opened"):
            unit.stubs([PHONE], actor="a", agency=POLICE, reason="r", at=NOW)

    # ------------------------------------------------------------------------------------------------- erasure

    def test_erased_content_is_gone_and_every_proof_still_stands(self, store: Store) -> None:
        store.append(append(stream(1), "who rang", "what happened", snapshot=b"all of it", tokens=(PHONE,)))
        before = store.seal(at=NOW)
        receipt = store.erase(stream(1), [1], append(stream(1), "erased 1", expected=2))
        assert (receipt.first, receipt.count) == (2, 1)
        loaded = store.load(stream(1), agency=None)
        assert loaded is not None
        assert loaded.erased
        assert (loaded.snapshot, loaded.version) == (None, 3)
        assert [entry.entry for entry in loaded.entries] == [None, b"what happened", b"erased 1"]
        assert loaded.entries[0].salt is None
        assert store.head().root == before.root
        assert store.seal(at=NOW).sealed == 3
        assert store.check_tree() == 3

    def test_what_was_erased_is_no_longer_found(self, store: Store) -> None:
        store.append(opening(1, tokens=(PHONE,)))
        store.append(append(stream(1), "an address", expected=1, tokens=(PLACE,)))
        store.erase(stream(1), [2], append(stream(1), "erased 2", expected=2))

        def found(token: Token) -> int:
            with store.unit(agency=None) as unit:
                return len(unit.stubs([token], actor="a", agency=POLICE, reason="r", at=NOW))

        assert (found(PHONE), found(PLACE)) == (1, 0)

    def test_a_whole_stream_erased_goes_on(self, store: Store) -> None:
        store.append(append(stream(1), "one", "two"))
        store.erase(stream(1), [1, 2], append(stream(1), "erased all", expected=2, snapshot=b"what is left"))
        store.append(append(stream(1), "four", expected=3))
        assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [None, None, b"erased all", b"four"]
        loaded = store.load(stream(1), agency=None)
        assert loaded is not None
        assert (loaded.snapshot_version, loaded.snapshot) == (3, b"what is left")
        store.erase(stream(1), [1, 4], append(stream(1), "erased 4", expected=4))
        assert [entry.entry is None for entry in store.entries(stream(1), agency=None)] == [
            True,
            True,
            False,
            True,
            False,
        ]

    def test_an_erasure_sent_twice_is_done_once(self, store: Store) -> None:
        store.append(append(stream(1), "one", "two"))
        said = append(stream(1), "erased 1", expected=2)
        first = store.erase(stream(1), [1], said)
        assert store.erase(stream(1), [1], said) == replace(first, repeated=True)
        assert store.head().size == 3

    def test_an_erasure_that_does_not_fit(self, store: Store) -> None:
        store.append(append(stream(1), "one"))
        with pytest.raises(Stale):
            store.erase(stream(1), [1], append(stream(1), "erased", expected=2, command="x"))
        with pytest.raises(NotFound):
            store.erase(stream(2), [1], append(stream(2), "erased", expected=2, command="x"))
        for versions, to in [([], stream(1)), ([2], stream(1)), ([0], stream(1)), ([1], stream(2))]:
            with pytest.raises(BadInput):
                store.erase(stream(1), versions, append(to, "erased", expected=1, command="x"))
        assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [b"one"]
