"""Reading one table of a TOML file with every fault named: what is missing, of the wrong kind, or not understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from safehands.pathways.durations import duration

_Word = TypeVar("_Word", bound=StrEnum)


class Section:
    """One table of a declaration. Reading collects faults in ``faults`` and goes on with a harmless value.

    ``place`` is how a fault names the table (``pathway.toml: table response: row A3``). Call ``finish`` at the end: it
    names the keys that nobody read.
    """

    def __init__(self, values: dict[str, object], place: str, faults: list[str]) -> None:
        self._values = values
        self._unread = set(values)
        self.place = place
        self.faults = faults

    def fault(self, sentence: str) -> None:
        """Note a fault at this place."""
        self.faults.append(f"{self.place}: {sentence}")

    def has(self, key: str) -> bool:
        """Whether the table has this key."""
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A string; a fault if it is missing and there is no default, or empty."""
        value = self._take(key, default)
        if isinstance(value, str) and (value or default == ""):
            return value
        if value is not None:
            self.fault(f"{key} must be text in quotes, not {value!r}")
        return default or ""

    def flag(self, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self._take(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{key} must be true or false, not {value!r}")
        return default

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number; a fault if it is missing and there is no default."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.fault(f"{key} must be a whole number, not {value!r}")
        return default or 0

    def maybe_number(self, key: str) -> int | None:
        """A whole number or nothing."""
        return self.number(key) if self.has(key) else None

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of strings, or one string."""
        value = self._take(key, default)
        if isinstance(value, str):
            return (value,)
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            twice = sorted({item for item in value if value.count(item) > 1})
            if twice:
                self.fault(f"{key} names {', '.join(twice)} twice")
            return tuple(value)
        if value is not None:
            self.fault(f"{key} must be a list of texts, not {value!r}")
        return default or ()

    def word(self, key: str, kind: type[_Word], default: _Word) -> _Word:
        """One of the words of ``kind``; ``default`` where the key is absent."""
        value = self._take(key, default.value)
        for word in kind:
            if word.value == value:
                return word
        self.fault(f"{key} must be one of {', '.join(word.value for word in kind)}, not {value!r}")
        return default

    def length(self, key: str) -> timedelta:
        """A length of time; a fault if it is missing."""
        return self._duration(key, self._take(key, None))

    def maybe_length(self, key: str) -> timedelta | None:
        """A length of time or nothing."""
        return self.length(key) if self.has(key) else None

    def maybe_instant(self, key: str) -> datetime | None:
        """An instant with its offset, or nothing."""
        if not self.has(key):
            return None
        value = self._take(key, None)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        self.fault(f"{key} must be a date and time with its offset, as 2030-01-01T00:00:00Z, not {value!r}")
        return None

    def mapping(self, key: str) -> dict[str, str]:
        """A table of strings by string."""
        value = self._take(key, {})
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return dict(value)
        self.fault(f"{key} must be a table of texts, not {value!r}")
        return {}

    def anything(self, key: str) -> dict[str, object]:
        """A table of whatever values; a fault if it is missing."""
        value = self._take(key, None)
        if isinstance(value, dict):
            return dict(value)
        if value is not None:
            self.fault(f"{key} must be a table, not {value!r}")
        return {}

    def sets(self, key: str) -> dict[str, frozenset[str]]:
        """A table whose values are one string or a list of strings; a fault if it is missing."""
        inner = self.section(key, key)
        read = {name: frozenset(inner.texts(name)) for name in inner.names}
        inner.finish()
        return read

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the table, in order."""
        return tuple(self._values)

    def scalars(self, key: str) -> frozenset[str | int | bool]:
        """One string, whole number or truth value, or a list of them."""
        value = self._take(key, None)
        items = value if isinstance(value, list) else [value]
        if items and all(isinstance(item, (str, int, bool)) for item in items):
            return frozenset(items)
        self.fault(f"{key} must be a text, a number, true or false, or a list of them, not {value!r}")
        return frozenset()

    def section(self, key: str, called: str) -> Section:
        """A table inside this one; a fault, and an empty one, if it is missing or no table."""
        value = self._take(key, None)
        if isinstance(value, dict):
            return Section(value, f"{self.place}: {called}", self.faults)
        if value is not None:
            self.fault(f"{key} must be a table, not {value!r}")
        return Section({}, f"{self.place}: {called}", self.faults)

    def sections(self, key: str, name_key: str = "id", called: str = "") -> Iterator[Section]:
        """Each table of a list of tables, placed by its ``name_key`` or, without one, by its number."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(f"{key} must be a list of tables, not {value!r}")
            return
        for number, item in enumerate(value, start=1):
            name = item.get(name_key, f"number {number}")
            yield Section(item, f"{self.place}: {called or key} {name}", self.faults)

    def finish(self) -> None:
        """Name the keys that nobody read."""
        for key in sorted(self._unread):
            self.fault(f"{key} means nothing here")

    def _take(self, key: str, default: object) -> object:
        self._unread.discard(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            self.fault(f"{key} is missing")
        return default

    def _duration(self, key: str, value: object) -> timedelta:
        if value is not None:
            try:
                return duration(value if isinstance(value, str) else repr(value))
            except ValueError as bad:
                self.fault(f"{key}: {bad}")
        return timedelta(0)
