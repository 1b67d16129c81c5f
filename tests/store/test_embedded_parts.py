"""The embedded server's parts: what it says when something is missing, full, old, another's or in the way."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pwd
import runpy
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from safehands.errors import BadInput
from safehands.store.embedded import (
    EmbeddedServer,
    NamedServer,
    ServerUnavailable,
    binaries,
    cluster,
    faults,
    places,
    resolve,
    running,
    server,
    stop_now,
    watchdog,
)

ROOT = os.geteuid() == 0
only_as_root = pytest.mark.skipif(not ROOT, reason="only root runs the server as another user")


@pytest.fixture
def spot(home: Path) -> places.Place:
    """An opened home with no data yet."""
    places.open_home(home)
    return places.place(home)


@pytest.fixture
def own_cluster(home: Path) -> watchdog.Cluster:
    """A cluster's folders with nothing in them, whose user we are."""
    (home / "server").mkdir()
    (home / "postgres").mkdir()
    return watchdog.Cluster(home / "server", home / "postgres", os.geteuid())


# DATABASE_URL


def test_a_real_server_is_used_when_it_is_named(pg_server: EmbeddedServer, home: Path) -> None:
    with resolve(home, {"DATABASE_URL": pg_server.superuser_conninfo}) as named:
        assert isinstance(named, NamedServer)
        assert named.version == binaries.MAJOR
        assert list(home.iterdir()) == []
        assert pg_server.password not in repr(named)
        assert "user=caller" in named.conninfo("caller", "it's", "other")
        with psycopg.connect(named.superuser_conninfo) as connection:
            assert connection.info.user == "postgres"


def test_without_a_name_the_embedded_server_is_used(home: Path) -> None:
    with resolve(home, {"DATABASE_URL": ""}) as found:
        assert isinstance(found, EmbeddedServer)


def test_a_server_that_is_too_old(pg_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OLDEST", 19)
    with pytest.raises(ServerUnavailable, match="is PostgreSQL 18. Safehands needs 19 or newer"):
        server.named(pg_server.superuser_conninfo)


def test_an_address_that_nobody_answers_or_nobody_can_read() -> None:
    with pytest.raises(ServerUnavailable, match="cannot be reached") as refused:
        server.named("postgresql://someone:hunter2@127.0.0.1:1/x")
    assert "hunter2" not in str(refused.value)
    with pytest.raises(BadInput, match="should look like postgresql://") as unread:
        server.named("mysql://someone:hunter2@somewhere/x")
    assert "hunter2" not in str(unread.value)


# The programs


def test_the_package_is_missing_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in (None, SimpleNamespace(submodule_search_locations=None)):
        monkeypatch.setattr("importlib.util.find_spec", lambda name, found=found: found)
        with pytest.raises(ServerUnavailable, match="set DATABASE_URL"):
            binaries.wheel_programs()


def test_the_package_has_no_programs_for_this_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(submodule_search_locations=[str(home)])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found)
    with pytest.raises(ServerUnavailable, match="There is no PostgreSQL 18 for this machine"):
        binaries.wheel_programs()


def test_the_packages_own_manager_is_never_imported(pg_server: EmbeddedServer) -> None:
    assert binaries.PACKAGE not in sys.modules


@only_as_root
def test_programs_under_a_closed_folder_are_copied_once(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "PUBLIC", home / "public")
    install = binaries.wheel_programs().parent
    closed = tmp_path / binaries.PACKAGE / binaries.INSTALL
    closed.parent.mkdir()
    closed.symlink_to(install)
    (tmp_path / binaries.LIBRARIES).symlink_to(install.parent.parent / binaries.LIBRARIES)
    monkeypatch.setattr(binaries, "wheel_programs", lambda: closed / "bin")
    account = places.account()
    tmp_path.chmod(0o700)
    # The closed folder is above the link; the link itself would lead out of it, so look through the closed path.
    copy = binaries.programs_for(account)
    assert copy.is_relative_to(home / "public")
    assert (copy / "postgres").stat().st_uid == 0
    before = (copy / "postgres").stat().st_ino
    assert (binaries.programs_for(account) / "postgres").stat().st_ino == before
    (copy / "postgres").chmod(0o700)
    with pytest.raises(ServerUnavailable, match="cannot run"):
        binaries.programs_for(account)


def test_two_programs_copy_at_once_and_the_second_finds_it_done(home: Path) -> None:
    install = home / "site" / binaries.PACKAGE / binaries.INSTALL
    for part in ("bin", "lib", "share"):
        (install / part).mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        binaries._copy(install, home / "copy")
    assert sorted(path.name for path in home.iterdir()) == ["site"]
    (home / "site" / binaries.LIBRARIES).mkdir()
    (home / "copy" / "full").mkdir(parents=True)
    binaries._copy(install, home / "copy")
    assert sorted(path.name for path in home.iterdir()) == ["copy", "site"]


# Whose it is


def test_a_home_that_others_can_write_in(home: Path) -> None:
    home.chmod(0o775)
    with pytest.raises(ServerUnavailable, match="chmod go-w"), running(home):
        pass


def test_a_home_that_is_a_file_or_whose_folder_is_a_link(home: Path) -> None:
    (home / "file").write_text("")
    (home / "linked").mkdir()
    (home / "linked" / "server").symlink_to(home)
    for awkward in (home / "file", home / "linked"):
        with pytest.raises(ServerUnavailable, match="is in the way"), running(awkward):
            pass
    with pytest.raises(ServerUnavailable, match="line break"), running(home / "two\nlines"):
        pass


@only_as_root
def test_a_home_or_data_directory_of_another_user(home: Path) -> None:
    (home / "theirs").mkdir()
    os.chown(home / "theirs", 12345, 12345)
    with pytest.raises(ServerUnavailable, match="belongs to the user number 12345"), running(home / "theirs"):
        pass
    (home / "postgres").mkdir()
    with pytest.raises(ServerUnavailable, match="belongs to the user root, and the server would run as"), running(home):
        pass
    os.chown(home / "postgres", 12345, 12345)
    with pytest.raises(ServerUnavailable, match="has no name on this machine"), running(home):
        pass


@only_as_root
def test_a_folder_above_was_closed_after_the_data_was_made(home: Path) -> None:
    runner = places.account()
    (home / "postgres").mkdir()
    os.chown(home / "postgres", runner.uid, runner.gid)
    home.chmod(0o700)
    with pytest.raises(ServerUnavailable, match="can no longer reach"), running(home):
        pass


def test_data_that_is_no_folder(home: Path) -> None:
    (home / "postgres").write_text("")
    with pytest.raises(ServerUnavailable, match="is in the way"), running(home):
        pass


def test_root_finds_no_user_to_run_as(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(places, "ACCOUNTS", ("nobody-has-this-name", "root"))
    with pytest.raises(ServerUnavailable, match="must not run as root"):
        places.account()


def test_an_ordinary_user_is_the_servers_user(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.getpwnam("nobody")
    monkeypatch.setattr(os, "geteuid", lambda: entry.pw_uid)
    runner = places.account(owner=12345)
    assert (runner.uid, runner.name, runner.switch, runner.ids) == (entry.pw_uid, "nobody", False, None)


def test_who_can_pass_down_into_a_folder(home: Path) -> None:
    found = home.stat()
    stranger = places.Account(found.st_uid + 1, found.st_gid + 1, "stranger", switch=True)
    neighbour = places.Account(found.st_uid + 1, found.st_gid, "neighbour", switch=True)
    owner = places.Account(found.st_uid, found.st_gid, "owner", switch=True)
    passes = []
    for mode in (0o700, 0o710, 0o701):
        home.chmod(mode)
        passes.append([places.reaches(runner, home) for runner in (owner, neighbour, stranger)])
    assert passes == [[True, False, False], [True, True, False], [True, False, True]]


# What is left, lost or damaged


def test_data_of_another_version(spot: places.Place) -> None:
    spot.data.mkdir()
    with pytest.raises(ServerUnavailable, match="not a PostgreSQL data directory"):
        cluster.check_version(spot)
    (spot.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerUnavailable, match="made by PostgreSQL 16.*Nothing was changed"):
        cluster.check_version(spot)
    (spot.data / "PG_VERSION").write_text("18\n")
    with pytest.raises(ServerUnavailable, match="password file .* is missing"):
        cluster.check_version(spot)


def test_a_lost_database_is_not_silently_begun_anew(home: Path) -> None:
    with running(home, durable=False) as lost:
        pass
    aside = lost.data_directory.rename(home / "aside")
    with pytest.raises(ServerUnavailable, match="is not there. Is a disk missing"), running(home):
        pass
    aside.rename(lost.data_directory)


def test_a_damaged_record(home: Path) -> None:
    places.open_home(home)
    for damage in ("{", "[]"):
        (home / "server" / "run.json").write_text(damage)
        (home / "postgres").mkdir(exist_ok=True)
        if ROOT:
            runner = places.account()
            os.chown(home / "postgres", runner.uid, runner.gid)
        with pytest.raises(ServerUnavailable, match="is damaged"), running(home):
            pass


def test_a_start_that_was_cut_off_leaves_nothing_that_looks_like_data(spot: places.Place) -> None:
    left = spot.home / "postgres.new-cut-off"
    left.mkdir()
    with running(spot.home, durable=False):
        assert not left.exists()


def test_a_database_that_cannot_be_made(spot: places.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.AT_FIRST, "shared_buffers", "no number")
    with pytest.raises(ServerUnavailable, match="could not be made"), running(spot.home):
        pass
    assert sorted(path.name for path in spot.home.iterdir()) == ["server"]


def test_a_server_that_does_not_start_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.ALWAYS, "port", "no number")
    with pytest.raises(ServerUnavailable, match=r"did not start: .*port.* The whole log:"), running(home):
        pass


def test_a_server_that_takes_too_long_to_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "START_SECONDS", 0.0)
    monkeypatch.setattr(cluster, "answers", lambda spot, folder: False)
    with pytest.raises(ServerUnavailable, match="still starting"), running(home, durable=False):
        pass


def test_a_server_that_was_started_by_hand(spot: places.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    spot.data.mkdir()
    (spot.folder / watchdog.ALIVE).touch()
    monkeypatch.setattr(watchdog, "postmaster", lambda found: 1)
    with pytest.raises(ServerUnavailable, match="by hand"):
        cluster.clear(spot, None)


def test_backends_that_outlive_their_postmaster_are_waited_for(
    spot: places.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    spot.data.mkdir()
    alive = watchdog.wait_hold(spot.folder / watchdog.ALIVE, alone=True, seconds=1)
    later = threading.Timer(0.2, os.close, [alive])
    later.start()
    began = time.monotonic()
    cluster.clear(spot, None)
    assert time.monotonic() - began > 0.1
    alive = watchdog.wait_hold(spot.folder / watchdog.ALIVE, alone=True, seconds=1)
    monkeypatch.setattr(cluster, "LEAVE_SECONDS", 0.0)
    with pytest.raises(ServerUnavailable, match="cannot be seen from here"):
        cluster.clear(spot, None)
    with pytest.raises(TimeoutError, match="did not stop"):
        watchdog.stop(spot.cluster, fast=0.05, immediate=0.05)
    os.close(alive)


def test_a_program_that_sees_another_temporary_folder_stops_nobody(
    spot: places.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    spot.data.mkdir()
    monkeypatch.setattr(watchdog, "postmaster", lambda found: 7)
    monkeypatch.setattr(watchdog, "lives", lambda found: True)
    monkeypatch.setattr(cluster, "PROCESSES", spot.home / "proc")
    theirs = spot.home / "proc" / "7" / "root" / "gone" / "sh-x"
    theirs.mkdir(parents=True)
    places.socket_file(theirs).touch()
    with pytest.raises(ServerUnavailable, match="sees another /gone"):
        cluster.clear(spot, Path("/gone/sh-x"))
    stopped: list[watchdog.Cluster] = []
    monkeypatch.setattr(watchdog, "stop", stopped.append)

    cluster.clear(spot, None)
    cluster.clear(spot, Path("/gone/sh-y"))
    assert len(stopped) == 2
    assert not cluster._sees(7, Path("/" + "x" * 300))


def test_a_server_on_its_way_up_is_waited_for_and_not_stopped(
    spot: places.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    spot.data.mkdir()
    asked = iter([False, False, True])
    monkeypatch.setattr(cluster, "answers", lambda place, folder: next(asked))
    assert not cluster.settles(spot, spot.home)
    (spot.data / "postmaster.pid").write_text("1\n" * 7 + "starting\n")
    alive = watchdog.wait_hold(spot.folder / watchdog.ALIVE, alone=True, seconds=1)
    assert cluster.settles(spot, spot.home)
    os.close(alive)


def test_without_becoming_another_user_root_gets_no_server(spot: places.Place) -> None:
    alone = replace(spot, account=replace(spot.account, switch=False))
    folder = places.socket_folder(alone.account, None)
    assert folder.stat().st_uid == os.geteuid()
    folder.rmdir()
    if not ROOT:
        pytest.skip("initdb refuses root only")
    with pytest.raises(ServerUnavailable, match="cannot be run as root"):
        cluster.create(alone, binaries.wheel_programs())


@only_as_root
def test_a_server_of_another_user_answers_on_the_socket(spot: places.Place) -> None:
    folder = places.socket_folder(spot.account, None)
    with socket.socket(socket.AF_UNIX) as false:
        false.bind(str(places.socket_file(folder)))
        false.listen()
        assert not cluster.answers(spot, folder)
    assert places.socket_folder(spot.account, folder) == folder
    assert list(folder.iterdir()) == []
    folder.rmdir()


def test_a_folder_whose_path_is_too_long_for_a_socket(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = home / ("x" * 90)
    deep.mkdir()
    monkeypatch.setattr(places, "SOCKETS", deep)
    with pytest.raises(ServerUnavailable, match="too long for a socket"):
        places.socket_folder(places.account(), None)
    assert list(deep.iterdir()) == []


def test_the_disk_is_nearly_full(spot: places.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=9_000_000))
    with pytest.raises(ServerUnavailable, match="9 MB are free, and a new database needs 250 MB"), running(spot.home):
        pass


def test_the_disk_fills_up_before_the_start_is_recorded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "full", str(path))

    before = set(places.SOCKETS.glob("sh-*"))
    monkeypatch.setattr(server, "write_privately", full)
    with pytest.raises(ServerUnavailable, match="is full. Free some space"), running(home):
        pass
    assert set(places.SOCKETS.glob("sh-*")) <= before


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (OSError(errno.ENOSPC, "", "/x"), "The disk that holds /x is full"),
        (OSError(errno.EROFS, "", "/x"), "/x cannot be written or opened"),
        (OSError(errno.ELOOP, "", "/x"), "/x is in the way"),
        (OSError(errno.EIO, "gone"), "/home could not be prepared: .*gone"),
        (TimeoutError("held"), "is busy: held"),
        (subprocess.CalledProcessError(1, "sh"), "could not be run"),
    ],
)
def test_what_a_person_reads_when_the_system_says_no(fault: Exception, says: str) -> None:
    with pytest.raises(ServerUnavailable, match=says), faults.in_plain_words(Path("/home")):
        raise fault


def test_the_telling_line_of_what_a_program_printed() -> None:
    assert cluster.reason("a\nFATAL:  could not\nHINT: x\n") == "FATAL:  could not"
    assert cluster.reason("PANIC: could not write: No space left on device").startswith("the disk is full")
    assert cluster.reason("one\ntwo\n") == "two"
    assert cluster.reason("") == "it said nothing."


def test_the_stored_form_of_a_password_is_the_one_that_postgres_makes(pg_server: EmbeddedServer) -> None:
    """RFC 7677 section 3 gives salt and password of an exchange; the keys are checked by logging in with them."""
    verifier = cluster.scram_verifier("pencil", b"0123456789abcdef")
    with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("create role scribe login password {}").format(verifier))
        try:
            stored = connection.execute("select rolpassword from pg_authid where rolname = 'scribe'").fetchone()
            assert stored == (verifier,)
            with psycopg.connect(pg_server.conninfo("scribe", "pencil", "postgres")) as login:
                assert login.info.user == "scribe"
        finally:
            connection.execute("drop role scribe")


# Locks, signals and the log


def test_a_lock_that_stays_taken(own_cluster: watchdog.Cluster) -> None:
    lock = own_cluster.folder / watchdog.STARTING
    with watchdog.held(lock, alone=False, seconds=1):
        shared = watchdog.wait_hold(lock, alone=False, seconds=0)
        os.close(shared)
        with pytest.raises(TimeoutError, match="held by another program"):
            watchdog.wait_hold(lock, alone=True, seconds=0.05)


def test_nothing_lives_where_nothing_was_started(own_cluster: watchdog.Cluster) -> None:
    assert not watchdog.lives(own_cluster)
    assert watchdog.postmaster(own_cluster) is None
    watchdog.finish(own_cluster)


def test_a_pid_file_that_lies(own_cluster: watchdog.Cluster) -> None:
    pid_file = own_cluster.data / "postmaster.pid"
    for lie in ("", "no number", "²", str(os.getpid()), "1", "99999999999"):
        pid_file.write_text(lie)
        assert watchdog.postmaster(own_cluster) is None
    pid_file.unlink()
    os.mkfifo(pid_file)
    assert watchdog.pid_file(own_cluster) == ()
    pid_file.unlink()
    pid_file.symlink_to("/etc/passwd")
    assert watchdog.pid_file(own_cluster) == ()


@pytest.mark.parametrize("deaf", [False, True])
def test_a_server_that_does_not_listen_to_the_first_order(own_cluster: watchdog.Cluster, deaf: bool) -> None:
    """A stand-in for a postmaster: it holds ``alive``, ends at SIGQUIT, and at SIGINT too unless it is deaf."""
    alive = watchdog.wait_hold(own_cluster.folder / watchdog.ALIVE, alone=True, seconds=1)
    # Both are said outright: whoever runs these tests in the background may have had them ignored.
    listen = (
        "import signal, sys, time; signal.signal(3, signal.SIG_DFL); "
        "signal.signal(2, signal.SIG_IGN if sys.argv[2] == 'True' else signal.SIG_DFL)"
    )
    command = [sys.executable, "-c", f"{listen}; print(flush=True); time.sleep(60)", str(own_cluster.data), str(deaf)]
    with subprocess.Popen(command, pass_fds=(alive,), stdout=subprocess.PIPE) as stand_in:
        os.close(alive)
        assert stand_in.stdout is not None
        stand_in.stdout.readline()
        (own_cluster.data / "postmaster.pid").write_text(f"{stand_in.pid}\n")
        began = time.monotonic()
        watchdog.stop(own_cluster, fast=1.2, immediate=5.0)
        assert (time.monotonic() - began > 1.0) is deaf
        assert stand_in.wait() == -(signal.SIGQUIT if deaf else signal.SIGINT)


def test_the_log_stays_small(own_cluster: watchdog.Cluster) -> None:
    watchdog.trim_log(own_cluster.log)
    older = own_cluster.folder / "postgres.log.1"
    with own_cluster.log.open("a") as writer:
        writer.write("first\n")
        writer.flush()
        watchdog.trim_log(own_cluster.log, limit=10)
        assert not older.exists()
        for round_ in range(2):
            writer.write(f"{round_} and then much more\n")
            writer.flush()
            watchdog.trim_log(own_cluster.log, limit=10)
            assert older.read_text() == "much more\n"
            assert own_cluster.log.read_text() == ""
        writer.write("last\n")
    assert own_cluster.log.read_text() == "last\n"
    assert stat.S_IMODE(older.stat().st_mode) == 0o600


@pytest.fixture
def alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarm")
def test_the_watchdog_trims_the_log_while_it_waits_and_ends_alone(
    own_cluster: watchdog.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "TRIM_SECONDS", 0.02)
    own_cluster.log.write_bytes(b"x" * (watchdog.LOG_BYTES + 1))
    sockets = own_cluster.folder / "sockets"
    sockets.mkdir()
    (own_cluster.folder / watchdog.RUN).write_text(json.dumps({"socket": str(sockets)}))
    users = watchdog.wait_hold(own_cluster.folder / watchdog.USERS, alone=False, seconds=1)
    guarding = watchdog.wait_hold(own_cluster.folder / watchdog.WATCHDOG, alone=True, seconds=1)
    threading.Timer(0.2, os.close, [users]).start()
    watchdog.main([str(guarding), str(own_cluster.folder), str(own_cluster.data), str(own_cluster.uid)])
    assert own_cluster.log.stat().st_size == 0
    assert not sockets.exists()
    os.close(watchdog.wait_hold(own_cluster.folder / watchdog.WATCHDOG, alone=True, seconds=0))
    (own_cluster.folder / watchdog.RUN).unlink()


@pytest.mark.usefixtures("alarm")
def test_the_watchdog_runs_by_its_path_alone(own_cluster: watchdog.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    os.close(watchdog.wait_hold(own_cluster.folder / watchdog.USERS, alone=False, seconds=1))
    guarding = watchdog.wait_hold(own_cluster.folder / watchdog.WATCHDOG, alone=True, seconds=1)
    words = [watchdog.__file__, str(guarding), str(own_cluster.folder), str(own_cluster.data), str(own_cluster.uid)]
    monkeypatch.setattr(sys, "argv", words)
    runpy.run_path(watchdog.__file__, run_name="__main__")
    assert watchdog.try_hold(own_cluster.folder / watchdog.WATCHDOG, alone=True) is not None


def test_a_python_that_does_not_know_itself(own_cluster: watchdog.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(OSError, match="watchdog cannot be started"):
        watchdog.guard(own_cluster)


def test_leaving_while_the_watchdog_stops_the_server_waits_for_it(spot: places.Place) -> None:
    users = watchdog.wait_hold(spot.folder / watchdog.USERS, alone=False, seconds=1)
    quicker = os.open(spot.folder / watchdog.USERS, os.O_RDONLY)
    fcntl.flock(users, fcntl.LOCK_UN)
    fcntl.flock(quicker, fcntl.LOCK_EX)
    threading.Timer(0.2, os.close, [quicker]).start()
    began = time.monotonic()
    server._leave(users, spot)
    assert time.monotonic() - began > 0.1


def test_leaving_a_home_that_was_removed_meanwhile(spot: places.Place) -> None:
    users = watchdog.wait_hold(spot.folder / watchdog.USERS, alone=False, seconds=1)
    (spot.folder / watchdog.USERS).unlink()
    server._leave(users, spot)


def test_stopping_what_was_never_started(home: Path) -> None:
    stop_now(home / "nowhere")
    assert list(home.iterdir()) == []
