"""Digital files on their way in: what a sender, a tired person or a broken disk would do."""

from __future__ import annotations

import io
import socket
import struct
import threading
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage

from safehands.errors import BadInput, LedgerFault
from safehands.files.clamd import Clamd, scanner_of
from safehands.files.folder import Folder
from safehands.files.names import LONGEST, download_headers, shown, stored_as
from safehands.files.places import place_of
from safehands.files.receiving import Digest, digest_of, receive
from safehands.files.scanning import NoScanner, Scanned, Verdict

ID = "0b9d3a5e-7a0c-4b8e-9a53-0d9f1f4f8f11"
OCTETS = b"what was said on the day" * 1000


@pytest.fixture(autouse=True)
def some_settings() -> None:
    if not settings.configured:
        settings.configure()


@pytest.fixture(params=["folder", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return FileSystemStorage(location=tmp_path / "files") if request.param == "folder" else InMemoryStorage()


def test_what_is_told_is_the_hash_of_what_lies_there(storage: Storage) -> None:
    received = receive(io.BytesIO(OCTETS), storage, ID, name="interview.mp4")
    assert received.digest == Digest(sha256(OCTETS).hexdigest(), len(OCTETS))
    assert digest_of(storage, received.stored_as) == received.digest
    assert received.stored_as == stored_as(ID)
    assert received.as_sent is None


@pytest.mark.parametrize(("sent", "same"), [(sha256(OCTETS).hexdigest().upper(), True), ("0" * 64, False)])
def test_a_hash_that_differs_is_written_and_the_file_kept(storage: Storage, sent: str, same: bool) -> None:
    received = receive(io.BytesIO(OCTETS), storage, ID, sha256_sent=sent)
    assert received.as_sent is same
    assert storage.exists(received.stored_as)


@pytest.mark.parametrize("sent", ["", "abc", "g" * 64, "0" * 40])
def test_a_hash_of_another_kind_is_refused_before_anything_is_stored(storage: Storage, sent: str) -> None:
    with pytest.raises(BadInput, match="SHA-256"):
        receive(io.BytesIO(OCTETS), storage, ID, sha256_sent=sent)
    assert not storage.exists(stored_as(ID))


def test_an_empty_file_is_refused_and_leaves_nothing(storage: Storage) -> None:
    with pytest.raises(BadInput, match="empty"):
        receive(io.BytesIO(b""), storage, ID)
    assert not storage.exists(stored_as(ID))


def test_a_file_that_grows_too_large_leaves_nothing(storage: Storage) -> None:
    with pytest.raises(BadInput, match="larger than 100 octets"):
        receive(io.BytesIO(OCTETS), storage, ID, largest=100)
    assert not storage.exists(stored_as(ID))


def test_one_id_is_used_once(storage: Storage) -> None:
    receive(io.BytesIO(OCTETS), storage, ID)
    with pytest.raises(BadInput, match="already"):
        receive(io.BytesIO(b"another"), storage, ID)
    assert digest_of(storage, stored_as(ID)).size == len(OCTETS)


class Lossy(InMemoryStorage):
    """A disk that loses the last octet."""

    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, ContentFile(b"".join(content.chunks())[:-1])))


def test_a_disk_that_loses_an_octet_is_found_out_at_once() -> None:
    storage = Lossy()
    with pytest.raises(LedgerFault, match="cannot be relied on"):
        receive(io.BytesIO(OCTETS), storage, ID)
    assert not storage.exists(stored_as(ID))


class Endless(io.RawIOBase):
    """So many octets, without holding them."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        piece = min(self.left, size)
        self.left -= piece
        return b"\0" * piece


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    storage, size = FileSystemStorage(location=tmp_path), 192 << 20
    tracemalloc.start()
    try:
        received = receive(Endless(size), storage, ID)  # type: ignore[arg-type] # reads like a file
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received.digest.size == size
    assert peak < 16 << 20


def test_a_stream_cannot_be_wound_back(storage: Storage) -> None:
    class Winding(InMemoryStorage):
        def _save(self, name: str, content: Any) -> str:
            content.seek(0)
            content.read(10)
            content.seek(0)
            raise AssertionError("it was wound back, and part of it hashed twice")

    with pytest.raises(OSError, match="read once"):
        receive(io.BytesIO(OCTETS), Winding(), ID)


# --- names


@pytest.mark.parametrize("file", ["../../etc/passwd", "", "0b9d3a5e", "a" * 31 + "/"])
def test_nothing_but_an_id_becomes_a_path(file: str) -> None:
    with pytest.raises(ValueError, match=r"UUID|int"):
        stored_as(file)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\tape.avi", "tape.avi"),
        ("tape\u202efdp.exe", "tapefdp.exe"),
        ("two\r\nlines.txt", "twolines.txt"),
        ("   ", "a file without a name"),
        ("..", "a file without a name"),
        ("", "a file without a name"),
        ("caf\u0065\u0301.pdf", "caf\u00e9.pdf"),
    ],
)
def test_a_name_is_shown_on_one_line_and_used_for_nothing(name: str, said: str) -> None:
    assert shown(name) == said


def test_a_long_name_keeps_its_ending() -> None:
    assert shown("x" * 500 + ".mp4").endswith("….mp4")
    assert len(shown("x" * 500 + ".mp4")) == LONGEST
    assert len(shown("." + "x" * 500)) == LONGEST


def test_a_name_cannot_add_a_header() -> None:
    headers = download_headers('a"; filename=b.html\r\nSet-Cookie: x')
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%3B%20filename%3Db.htmlSet-Cookie%3A%20x"
    assert headers["Content-Type"] == "application/octet-stream"


# --- scanners


def test_without_a_scanner_it_is_not_scanned_and_never_clean(storage: Storage) -> None:
    scanned = receive(io.BytesIO(OCTETS), storage, ID).scanned
    assert scanned.verdict is Verdict.NOT_SCANNED
    assert str(scanned) == "Not scanned: this installation has no scanner."


def test_no_verdict_is_called_clean() -> None:
    for verdict in Verdict:
        assert "clean" not in str(Scanned(verdict, "ClamAV", "x")).lower()


Daemon = Callable[[bytes], tuple[str | tuple[str, int], list[bytes]]]


@pytest.fixture(params=["socket", "port"])
def daemon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Daemon]:
    """A daemon that speaks the protocol and answers what it is told to."""
    opened: list[socket.socket] = []

    def started(answer: bytes) -> tuple[str | tuple[str, int], list[bytes]]:
        got: list[bytes] = []
        if request.param == "socket":
            server = socket.socket(socket.AF_UNIX)
            server.bind(str(tmp_path / "d"))
        else:
            server = socket.create_server(("127.0.0.1", 0))
        server.listen()
        opened.append(server)

        def serve() -> None:
            with server.accept()[0] as line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                while (length := struct.unpack("!I", said.read(4))[0]) > 0:
                    got.append(said.read(length))
                line.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return (str(tmp_path / "d") if request.param == "socket" else server.getsockname()), got

    yield started
    for each in opened:
        each.close()


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (b"stream: OK\0", Verdict.NOTHING_FOUND, "ClamAV found nothing that it knows."),
        (b"stream: Eicar-Signature FOUND\0", Verdict.FOUND, "ClamAV found Eicar-Signature. Do not open this file."),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.NOT_SCANNED, "Not scanned: the file is larger than"),
        (b"what?\0", Verdict.NOT_SCANNED, "Not scanned: the scanner answered 'what?'"),
        (b"", Verdict.NOT_SCANNED, "Not scanned: the scanner answered ''"),
    ],
)
def test_what_the_daemon_answers_is_what_is_said(daemon: Daemon, answer: bytes, verdict: Verdict, words: str) -> None:
    address, got = daemon(answer)
    scanned = Clamd(address, patience=5).scan([OCTETS, b"", b"x" * 200_000])
    assert scanned.verdict is verdict
    assert str(scanned).startswith(words)
    assert b"".join(got) == OCTETS + b"x" * 200_000


def test_a_daemon_that_is_not_there_means_not_scanned(tmp_path: Path) -> None:
    for address in (str(tmp_path / "nobody"), ("127.0.0.1", 1)):
        assert Clamd(address, patience=1).scan([OCTETS]).verdict is Verdict.NOT_SCANNED


def test_a_file_in_which_something_was_found_is_kept(storage: Storage) -> None:
    class Finds(NoScanner):
        def scan(self, octets: Any) -> Scanned:
            assert sum(map(len, octets)) == len(OCTETS)
            return Scanned(Verdict.FOUND, "a scanner", "something")

    received = receive(io.BytesIO(OCTETS), storage, ID, scanner=Finds())
    assert received.scanned.verdict is Verdict.FOUND
    assert storage.exists(received.stored_as)


@pytest.mark.parametrize("setting", ["clamav", "clamd:", "clamd:host", "clamd:host:0", "clamd::3310", "other:/a"])
def test_a_scanner_that_nobody_knows_is_refused(setting: str) -> None:
    with pytest.raises(BadInput, match="SAFEHANDS_SCANNER"):
        scanner_of(setting)


def test_a_scanner_by_setting() -> None:
    assert scanner_of("") == NoScanner()
    assert scanner_of("clamd:/run/clamd.ctl") == Clamd("/run/clamd.ctl")
    assert scanner_of("clamd:scanner.example:3310") == Clamd(("scanner.example", 3310))


# --- places


def test_files_lie_in_a_folder_of_their_own_that_has_no_address(tmp_path: Path) -> None:
    entry = place_of("", tmp_path)
    assert entry["BACKEND"] == f"{Folder.__module__}.{Folder.__name__}"
    storage = Folder(**entry["OPTIONS"])
    received = receive(io.BytesIO(OCTETS), storage, str(uuid.UUID(int=7)))
    assert (tmp_path / "files" / received.stored_as).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "files" / received.stored_as).parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ValueError, match="has no address"):
        storage.url(received.stored_as)


def test_a_folder_by_setting(tmp_path: Path) -> None:
    assert place_of(str(tmp_path), tmp_path / "home")["OPTIONS"]["location"] == str(tmp_path)
    with pytest.raises(BadInput, match="absolute"):
        place_of("files", tmp_path)


def test_a_bucket_by_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safehands.files.places.find_spec", lambda _name: object())
    entry = place_of("s3://bucket/some/where?endpoint=https://store.example&region=eu-west-2", tmp_path)
    assert entry["BACKEND"] == "storages.backends.s3.S3Storage"
    options = entry["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("bucket", "some/where")
    assert (options["endpoint_url"], options["region_name"]) == ("https://store.example", "eu-west-2")


def test_every_fault_of_a_bucket_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safehands.files.places.find_spec", lambda _name: None)
    with pytest.raises(BadInput) as refused:
        place_of("s3://key:secret@/x?secret=1", tmp_path)
    assert len(refused.value.faults) == 4
    assert "secret" not in refused.value.faults[2]
