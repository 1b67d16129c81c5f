"""Each integrity rule in words: what it says to a person, what it rests on, and what it costs to get wrong.

The pages and a pathway's declared concerns take their sentences from here. Bases and sources are those of the
evidence-review sheet, section 2; ``[E]`` marks what is this project's own judgement. The words say what is known and
what to do; they never say that a decision was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. ``says`` has a sentence for each letter that a finding can carry; ``pages`` whether a named person in
    both agencies is told at once (sheet 2, alarm hygiene 2) for the letters in it; ``unless`` when it stays silent."""

    id: str
    name: str
    says: Mapping[str, str]
    basis: str
    cost: str
    unless: tuple[str, ...] = ()
    pages: frozenset[str] = frozenset()


CATALOGUE: Final[tuple[Entry, ...]] = (
    Entry(
        "R01",
        "source unseen",
        {
            "a": "The decision rests on a record made from a fuller source. The source was held, and nothing shows "
            "that the decider was told of it.",
            "b": "The decider was told of the fuller source. It was not supplied.",
            "c": "The fuller source was supplied. Nothing shows that the decider saw it, and no signed "
            "reason says why not.",
            "d": "The decider knew of the fuller source, did not see it, and signed the reason.",
            "late": "A later decision did see the source. Nothing shows that this one did, and that stays on record.",
        },
        "Code for Crown Prosecutors: other material that might affect the sufficiency of the evidence. Reading a "
        "transcript is measurably not the same as hearing the recording (controlled experiment on police interviews).",
        "A person is not believed because nobody watched what they said.",
        (
            "a verified copy with the same content was seen",
            "what was read is a redaction and the unredacted record was seen",
            "it was early advice",
            "the source is the defence's own",
        ),
        frozenset({"a"}),
    ),
    Entry(
        "R02",
        "orphan derivative",
        {
            "a": "This is by its nature made from something else, and no source is registered. Is there one, "
            "and where is it?",
            "b": "This is a note of what somebody said. Was it also recorded?",
            "c": "No source is registered. Somebody has said why, and that is on record.",
        },
        "CPIA Code: the duty to record, to retain, and to pursue reasonable lines of enquiry. [E]",
        "A recording lies in a store for twenty years and nobody asks for it.",
        ("somebody says that there never was a source, that it was destroyed and when, or where it was searched for",),
    ),
    Entry(
        "R03",
        "surfaced after",
        {
            "a": "This existed when the decision was made, and came to the case only afterwards. Somebody should say "
            "what it means for the decision.",
            "b": "This was made after the decision.",
            "late": "Somebody has said what this means for the decision.",
        },
        "CPIA 1996 s.7A while proceedings are live; CPS guidance on reconsidering a prosecution decision otherwise.",
        "New material lies in the file and the decision stands as if it did not.",
        (
            "it only tells of the running of the case, or was assessed as not relevant",
            "it has the same content as what the decision rests on, or was known",
            "nobody can tell what the decision rested on",
        ),
    ),
    Entry(
        "R04",
        "incomplete answer",
        {
            "a": "The answer has no line for a record that was held and was asked for.",
            "late": "The first answer had no line for this record. A later answer has.",
        },
        "The duty to reveal to the prosecutor (Disclosure Manual ch. 11).",
        "A request for everything is answered with something, and is taken for everything.",
        (
            "it was recorded as not relevant before the request",
            "it is highly sensitive and the asking side was told by the other way",
            "a record with the same content has a line",
        ),
    ),
    Entry(
        "R05",
        "attestation contradicted",
        {
            "a": "It was attested that nothing further is held. This was on the same agency's own register then.",
            "b": "It was attested that nothing further is held. This was held then, and came to light later "
            "in a place that was "
            "searched.",
            "c": "It was attested that nothing further is held. This was held then, and came to light later "
            "in a place that is "
            "not among those searched.",
        },
        "The disclosure officer's certificate (MG6E); missing or wholly inadequate in 33% of files inspected in 2017.",
        "A signature closes a search that left something out.",
        ("it came into being after the attestation", "the attestation or its answer lists it"),
        frozenset({"a"}),
    ),
    Entry(
        "R06",
        "request open",
        {
            "a": "The request is past its day, and no answer is recorded.",
            "b": "The decision was made while this request had no complete answer on record, and nothing in "
            "writing says that "
            "it went on without.",
            "late": "The request was answered, after its day or after the decision.",
        },
        "National File Standard and Director's Guidance (DG6): the flow between police and prosecution.",
        "The decision does not wait for the one thing that was asked for.",
        ("the request was withdrawn first", "the decision is an interim step", "the decider waived it in writing"),
    ),
    Entry(
        "R07",
        "fixity mismatch",
        {
            "a": "What arrived has another hash than what was sent.",
            "b": "What is kept has another hash than when it was registered.",
            "late": "A check failed, and a later one agreed again.",
        },
        "ISO/IEC 27037; DPA 2018 s.62(4)(c): the integrity of data.",
        "Something may have been changed or damaged, and nobody knows which copy is right.",
        ("a declared migration of format made it, and it has that migration's hash",),
        frozenset({"a", "b"}),
    ),
    Entry(
        "R08",
        "letter contradicts the register",
        {
            "a": "The letter says that this is not held, is destroyed, or never was. The register says that it was "
            "held on that day.",
            "b": "The letter says that all material was considered. Nothing shows that the decider saw this source.",
            "c": "The letter says that this was considered. No decision that it speaks of names it.",
            "d": "What the sender says of its own holding is true. Another agency held it: say who.",
        },
        "A family was told that evidence was no longer held, and it was found later; inspections of letters to "
        "victims.",
        "Somebody stops asking because they were told that it is gone.",
        ("the record came into being after the letter",),
        frozenset({"a", "b", "c"}),
    ),
    Entry(
        "R09",
        "disposal stop",
        {
            "a": "This is to be destroyed. Something still needs it: see what.",
            "b": "This is recorded as destroyed while something still needed it: see what.",
        },
        "CPIA Code: minimum retention. CPS retention schedule: inquiry holds, and 20 years more for cases of child "
        "sexual abuse.",
        "What could have been looked at again is gone.",
        ("only the medium goes, and a verified copy with the same content is held",),
        frozenset({"b"}),
    ),
    Entry(
        "R10",
        "derivative unverified",
        {
            "a": "The decision rests on a derived record. No check against its source by anybody but its "
            "maker is recorded.",
            "c": "A check found that the derived record differs from its source in something that matters.",
            "late": "The derived record was first checked after the decision.",
        },
        "Records of interviews were found neither consistent nor neutral (research on police transcripts).",
        "A word that was never said decides.",
        ("the decision does not rely on what it says",),
    ),
    Entry(
        "R11",
        "schedule gap",
        {
            "a": "Unused material that may be relevant is on no schedule.",
            "b": "The numbers of this schedule do not run on from the one before.",
            "c": "This came after a schedule was served, and no continuation lists it.",
            "d": "This schedule came without a disclosure officer's report.",
            "e": "A description is empty or only a form's number. Nobody can decide by it whether to inspect.",
        },
        "Disclosure Manual ch. 7 and 14; 22% of schedules wholly inadequate (inspection of 2017).",
        "The defence never learns that it exists.",
        ("nobody is charged yet", "it is not assessed yet and 28 days have not passed [E]", "it is evidence"),
    ),
    Entry(
        "R12",
        "blind spot carried, or not independent",
        {
            "a": "Nothing shows that the review, or the decision that it reviews, saw this source.",
            "b": "The reviewer took part in an earlier decision on this.",
        },
        "Victims' Right to Review: a fresh look by somebody who was not involved.",
        "Two decisions look like two opinions, and are one.",
        ("the review was limited to procedure, and says so",),
        frozenset({"a"}),
    ),
    Entry(
        "R13",
        "custody gap",
        {
            "a": "It was given to one, and came from another.",
            "b": "It left under one seal, and came under another.",
            "c": "Two agencies say at the same time that they have the one item.",
            "d": "It was handed over, and for four weeks or more nothing on record says that it arrived [E].",
            "legacy": "There is a gap from before this register began.",
        },
        "ISO/IEC 27037: an unbroken chain of custody.",
        "Nobody can say whether it is the same item.",
        ("the gap lies before the register began: then it is only recorded",),
    ),
    Entry(
        "R14",
        "sole copy or format at risk",
        {
            "a": "Of what a decision's material was made from, one copy or none is left that is not recorded "
            "as destroyed, missing "
            "or returned.",
            "b": "Every copy is on a medium that ages.",
            "c": "No copy is recorded as played with success in the last 24 months.",
        },
        "Joint inspection of 2014: VHS still to be converted. Prosecutions ended for lost evidence, recorded "
        "interviews among it.",
        "The one recording is lost before anybody watches it.",
        ("there is a digital copy with its hash, and a backup",),
    ),
    Entry(
        "R15",
        "said seen, not opened",
        {
            "a": "The decision says that this was seen. Nothing shows that the decider opened it.",
            "b": "What was shared lapsed, and nothing shows that anybody opened it before.",
        },
        "The audit trail of evidence systems; DPA 2018 s.62. [E]",
        "Available is not supplied, and supplied is not seen.",
        ("a viewing in person or on paper is recorded", "the decision was entered late, from before this register"),
    ),
    Entry(
        "R16",
        "clock",
        {"a": "A deadline has passed."},
        "Sheet section 3, each with its own source. These are the case's own clocks: the kernel's clock_breached.",
        "Somebody waits who was promised a day.",
        ("the clock is paused with a reason",),
    ),
    Entry(
        "R17",
        "basis unknown",
        {
            "a": "It is recorded that nobody can tell any more what this decision rested on.",
            "b": "This decision is under review, and nobody can tell what it rested on.",
        },
        "Files that were lost or lawfully destroyed.",
        "A review has nothing to review.",
    ),
    Entry(
        "R18",
        "registers disagree",
        {
            "a": "One agency says that it shared this. The other has not said, in three working days, that it arrived.",
            "b": "One agency says that this was destroyed. Another says that it still has it.",
            "c": "Two agencies say different things of where this came from.",
            "unknown": "One agency says that it shared this. The other has not said that it arrived, and no calendar "
            "says by when it should.",
        },
        "Joint inspection of 2025: neither side knows what the other does.",
        "Each side believes that the other has it.",
        ("three working days have not passed", "it was shown in person, or told without a copy"),
    ),
    Entry(
        "R19",
        "late entry",
        {
            "a": "This was entered more than 30 days after it is said to have happened, and it changes what "
            "is found on an "
            "earlier decision.",
            "b": "This is said to have happened after it was written down: one of two clocks was wrong.",
        },
        "The ledger's own two times. A fork of the ledger is critical and is found by its verifier, not here.",
        "What nobody here could know then looks as if somebody had.",
        ("it is a row of a declared bulk import",),
    ),
    Entry(
        "R20",
        "visibility reduced",
        {"a": "This was closed further after a request, schedule or decision that would have shown it."},
        "A move from the open to the sensitive schedule needs its reason. [E]",
        "What somebody was about to see disappears.",
        ("a court ordered it, and the order is named",),
    ),
)

ENTRIES: Final[Mapping[str, Entry]] = {entry.id: entry for entry in CATALOGUE}


def sentence(rule: str, letter: str) -> str:
    """What a finding says to a person. Raises ``KeyError`` for a letter that the rule does not have."""
    return ENTRIES[rule].says[letter]
