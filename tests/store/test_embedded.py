"""The embedded server as a whole: who may use it, who keeps it running, and what is left when somebody is killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from safehands.store.embedded import EmbeddedServer, ServerUnavailable, running, stop_now, watchdog

ROOT = os.geteuid() == 0
only_as_root = pytest.mark.skipif(not ROOT, reason="only root runs the server as another user")
SEARCH = os.pathsep.join(
    [str(Path(watchdog.__file__).parents[3]), *(path for path in sys.path if path.endswith("site-packages"))]
)
GENEROUS = 60
"""Seconds that a machine under load may take. Whoever waits looks every 20 ms, so this costs nothing where all is
well."""

USER = """
import sys
from pathlib import Path
from safehands.store.embedded import running
with running(Path(sys.argv[1]), durable=False) as server:
    print(server.superuser_conninfo, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Program:
    """Another program that uses the server, until its input ends or it is killed."""

    process: subprocess.Popen[str]

    @property
    def conninfo(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, self.process.communicate()[1]
        return line

    def leave(self) -> None:
        self.process.communicate(timeout=GENEROUS)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=GENEROUS)


@pytest.fixture
def program() -> Iterator[Callable[[Path], Program]]:
    started: list[Program] = []

    def start(home: Path) -> Program:
        started.append(Program(spawn([sys.executable, "-c", USER, str(home)], {"PYTHONPATH": SEARCH})))
        return started[-1]

    yield start
    for each in started:
        each.kill()


def spawn(arguments: list[str], environment: dict[str, str], **more: object) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return] # mypy cannot see through **more
        arguments, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment}, **more
    )


def of(home: Path) -> watchdog.Cluster:
    data = home / "postgres"
    return watchdog.Cluster(folder=home / "server", data=data, uid=data.stat().st_uid)


def gone(home: Path) -> bool:
    """Whether the server of this home ended by itself, in generous time."""
    until = time.monotonic() + GENEROUS
    while watchdog.lives(of(home)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def postmaster(home: Path) -> int:
    until = time.monotonic() + GENEROUS
    while (found := watchdog.postmaster(of(home))) is None:
        assert time.monotonic() < until, "no postmaster of this home is running"
        time.sleep(0.02)
    return found


def watchdogs(home: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(watchdog.__file__) in words and os.fsencode(home / "server") in words:
            found.append(int(process.name))
    return found


def ask(conninfo: str, question: str) -> object:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload] # the tests' own literal SQL
    return None if row is None else row[0]


# Who may come in


def test_nobody_comes_in_without_the_right_password(pg_server: EmbeddedServer) -> None:
    with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
        connection.execute("create role caller login password 'right'")
    try:
        assert ask(pg_server.conninfo("caller", "right", "postgres"), "select current_user") == "caller"
        for user, password in (("caller", "wrong"), ("caller", ""), ("postgres", "postgres"), ("postgres", "")):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(pg_server.conninfo(user, password, "postgres"))
    finally:
        with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
            connection.execute("drop role caller")


def test_no_port_is_open_even_if_a_superuser_asks_for_one(home: Path) -> None:
    with running(home, durable=False) as server, psycopg.connect(server.superuser_conninfo, autocommit=True) as admin:
        admin.execute("alter system set listen_addresses = '*'")
    with running(home, durable=False) as server:
        assert ask(server.superuser_conninfo, "show listen_addresses") == ""
        sockets = {os.readlink(link) for link in Path(f"/proc/{postmaster(home)}/fd").iterdir() if link.exists()}
        tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
        listening = {f"socket:[{line.split()[9]}]" for table in tables for line in table}
        assert not sockets & listening


def test_text_is_utf8_and_sorts_by_code_point(pg_server: EmbeddedServer) -> None:
    assert ask(pg_server.superuser_conninfo, "show server_encoding") == "UTF8"
    assert (
        ask(pg_server.superuser_conninfo, "select datlocale from pg_database where datname = 'template1'") == "C.UTF-8"
    )
    assert ask(pg_server.superuser_conninfo, "select upper('tŷ') = 'TŶ' and 'Z' < 'a'") is True


def test_what_people_said_does_not_reach_the_log(home: Path) -> None:
    with running(home, durable=False) as server:
        with psycopg.connect(server.superuser_conninfo, autocommit=True) as connection:
            connection.execute("create table said (words text primary key)")
            for _ in range(2):
                try:
                    connection.execute("insert into said values (%s)", ["she is on the bridge"])
                except psycopg.errors.UniqueViolation:
                    break
        assert "duplicate key" in server.log_file.read_text()
        assert "bridge" not in server.log_file.read_text()


def test_everything_is_closed_to_others(home: Path) -> None:
    with running(home, durable=False) as server:
        assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {
            "postgres": 0o700,
            "server": 0o700,
        }
        assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "server").iterdir()} == {0o600}
        assert stat.S_IMODE(server.socket_directory.stat().st_mode) == 0o700
        socket = next(server.socket_directory.glob(".s.PGSQL.*[0-9]"))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert server.password not in repr(server)


@only_as_root
def test_the_servers_user_learns_no_secret(home: Path) -> None:
    keys = home / "keys"
    keys.mkdir(mode=0o700)
    (keys / "key").write_text("secret")
    os.environ["SECRET_FOR_TEST"] = "secret"
    try:
        with running(home, durable=False) as server:
            owner = server.data_directory.stat().st_uid
            assert owner != 0
            assert Path(f"/proc/{postmaster(home)}").stat().st_uid == owner
            assert b"SECRET_FOR_TEST" not in Path(f"/proc/{postmaster(home)}/environ").read_bytes()
            for secret in (keys / "key", home / "server" / "superuser-password", home / "server" / "postgres.log"):
                assert (
                    subprocess.run(["cat", secret], user=owner, check=False, capture_output=True, cwd="/").returncode
                    != 0
                )
            told = subprocess.run(
                ["grep", "-r", server.password, server.data_directory], check=False, capture_output=True
            )
            assert told.returncode == 1
    finally:
        del os.environ["SECRET_FOR_TEST"]


@only_as_root
def test_root_with_a_home_that_nobody_else_can_enter(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = home / "public"
    monkeypatch.setattr("safehands.store.embedded.places.PUBLIC", public)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with running(closed, durable=False) as server:
        assert server.data_directory.is_relative_to(public)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        ask(server.superuser_conninfo, "select 1")
    with running(closed, durable=False) as again:
        assert again.data_directory == server.data_directory
    moved = closed.rename(tmp_path / "moved")
    with pytest.raises(ServerUnavailable, match="If you moved the home"), running(moved):
        pass
    shutil.rmtree(server.data_directory.parent)
    moved.rename(closed)
    with pytest.raises(ServerUnavailable, match="Is a disk missing"), running(closed):
        pass


def test_an_ordinary_user_runs_a_server_of_their_own() -> None:
    """As root this becomes another user; needs a Python that this user can start."""
    entry = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.geteuid())
    become = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if ROOT else {}
    system = f"/usr/bin/python3.{sys.version_info.minor}"
    for python in (sys.executable, system):
        try:
            tried = subprocess.run(
                [python, "-c", "import psycopg, safehands"],
                env={"PYTHONPATH": SEARCH},
                cwd="/",
                capture_output=True,
                check=False,
                **become,  # type: ignore[call-overload] # the three arguments above
            )
        except OSError:
            continue
        if tried.returncode == 0:
            break
    else:
        pytest.skip(f"the user {entry.pw_name} can start no Python that has psycopg")
    base = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    if ROOT:
        os.chown(base, entry.pw_uid, entry.pw_gid)
    first = spawn([python, "-c", USER, str(base / "home")], {"PYTHONPATH": SEARCH}, cwd="/", **become)
    try:
        user = Program(first)
        assert "host=/tmp/sh-" in user.conninfo
        assert of(base / "home").uid == entry.pw_uid
        assert stat.S_IMODE((base / "home").stat().st_mode) == 0o700
        user.kill()
        assert gone(base / "home")
        base.chmod(0o500)
        closed = spawn([python, "-c", USER, str(base / "other")], {"PYTHONPATH": SEARCH}, cwd="/", **become)
        assert "cannot be written or opened" in closed.communicate(timeout=GENEROUS)[1]
    finally:
        base.chmod(0o700)
        first.kill()
        first.communicate()
        shutil.rmtree(base)


# Who keeps it running


def test_five_programs_start_at_once_on_an_empty_home(home: Path, program: Callable[[Path], Program]) -> None:
    users = [program(home) for _ in range(5)]
    assert len({user.conninfo for user in users}) == 1
    assert len(watchdogs(home)) == 1
    first = postmaster(home)
    for user in users[:4]:
        user.leave()
    assert postmaster(home) == first
    users[4].leave()
    assert not watchdog.lives(of(home))


def test_the_last_user_is_killed(home: Path, program: Callable[[Path], Program]) -> None:
    tired, other = program(home), program(home)
    folder = Path(tired.conninfo.split("host=")[1].split()[0])
    assert other.conninfo
    tired.kill()
    time.sleep(0.3)
    assert watchdog.lives(of(home))
    other.kill()
    assert gone(home)
    with running(home, durable=False):
        assert not folder.exists()


def test_the_watchdog_is_killed_and_the_next_user_brings_another(
    home: Path, program: Callable[[Path], Program]
) -> None:
    first = program(home)
    assert first.conninfo
    os.kill(watchdogs(home)[0], signal.SIGKILL)
    second = program(home)
    assert second.conninfo
    first.kill()
    second.kill()
    assert gone(home)


def test_the_watchdog_and_the_last_user_are_killed(home: Path, program: Callable[[Path], Program]) -> None:
    user = program(home)
    assert user.conninfo
    left = postmaster(home)
    os.kill(watchdogs(home)[0], signal.SIGKILL)
    user.kill()
    with running(home, durable=False):
        assert postmaster(home) == left
    assert not watchdog.lives(of(home))


def test_the_watchdog_is_killed_and_the_last_user_leaves_in_order(home: Path) -> None:
    with running(home, durable=False):
        os.kill(watchdogs(home)[0], signal.SIGKILL)
    assert gone(home)


def test_the_server_is_killed_and_what_was_committed_is_there(home: Path) -> None:
    with running(home) as server:
        with psycopg.connect(server.superuser_conninfo) as connection:
            connection.execute("create table entries as select 7 as position")
        killed = postmaster(home)
        os.kill(killed, signal.SIGKILL)
        while watchdog.postmaster(of(home)) is not None:
            time.sleep(0.01)
        with running(home) as again:
            assert postmaster(home) != killed
            assert again.superuser_conninfo == server.superuser_conninfo
            assert ask(again.superuser_conninfo, "select position from entries") == 7
    assert not watchdog.lives(of(home))


def test_everything_is_killed_and_the_number_now_belongs_to_another_process(
    home: Path, program: Callable[[Path], Program]
) -> None:
    user = program(home)
    assert user.conninfo
    owner = of(home).uid
    os.kill(watchdogs(home)[0], signal.SIGKILL)
    os.kill(postmaster(home), signal.SIGKILL)
    user.kill()
    other = subprocess.Popen(["sleep", "60"], user=owner if ROOT else None)
    try:
        pid_file = home / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{other.pid}\n", *lines[1:]]))
        with running(home, durable=False) as server:
            assert ask(server.superuser_conninfo, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_the_socket_is_cleaned_away_under_a_running_server(home: Path) -> None:
    with running(home, durable=False) as server:
        unreachable = postmaster(home)
        shutil.rmtree(server.socket_directory)
        with running(home, durable=False) as again:
            assert postmaster(home) != unreachable
            assert again.socket_directory != server.socket_directory


def test_stopped_by_hand_while_in_use(home: Path) -> None:
    stop_now(home)
    with running(home, durable=False) as server:
        with psycopg.connect(server.superuser_conninfo) as connection:
            stop_now(home)
            assert not watchdog.lives(of(home))
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select 1")
        with running(home, durable=False) as again:
            assert ask(again.superuser_conninfo, "select 1") == 1


def test_a_fork_keeps_the_server_until_it_ends(home: Path) -> None:
    with running(home, durable=False):
        child = os.fork()
        if child == 0:
            time.sleep(1.0)
            os._exit(0)
    assert watchdog.lives(of(home))
    os.waitpid(child, 0)
    assert gone(home)


# Awkward places


def test_a_home_with_a_long_name_and_one_with_quotes(home: Path) -> None:
    for name in ("/".join(["a-very-long-folder-name-that-goes-on-and-on"] * 6), 'it\'s "my" $HOME; `home` \\ tŷ'):
        awkward = home / name
        with running(awkward, durable=False) as server:
            assert ask(server.superuser_conninfo, "show data_directory") == str(awkward / "postgres")
        assert not watchdog.lives(of(awkward))


def test_two_homes_do_not_know_each_other(home: Path) -> None:
    with running(home / "one", durable=False) as one, running(home / "two", durable=False) as two:
        assert one.socket_directory != two.socket_directory
        assert one.password != two.password


def test_tests_and_real_use_do_not_share_a_server(home: Path) -> None:
    refused = pytest.raises(ServerUnavailable, match="protection against power cuts")
    with running(home, durable=False), refused, running(home, durable=True):
        pass
    with running(home) as server:
        assert ask(server.superuser_conninfo, "show fsync") == "on"
        with refused, running(home, durable=False):
            pass


@pytest.mark.parametrize("trap", ["open to all", "another user's", "a link", "gone"])
def test_a_hostile_folder_waits_where_the_socket_was(home: Path, trap: str) -> None:
    if trap == "another user's" and not ROOT:
        pytest.skip("only root can make another user's folder")
    with running(home, durable=False) as server:
        folder = server.socket_directory
    assert not folder.exists()
    bait = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    try:
        match trap:
            case "open to all":
                folder.mkdir()
                folder.chmod(0o777)
            case "another user's":
                folder.mkdir(mode=0o700)
                os.chown(folder, 12345, 12345)
            case "a link":
                folder.symlink_to(bait)
        with running(home, durable=False) as again:
            assert again.socket_directory != folder
            assert list(bait.iterdir()) == []
    finally:
        bait.rmdir()
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            folder.rmdir()
