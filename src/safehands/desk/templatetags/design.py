"""The design system's parts as tags and filters: times, classes, hidden fields, the words of a pathway. No rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from safehands.core.records.vocabulary import RecordKind, When, WithheldFor
from safehands.desk.acting import COMMAND
from safehands.desk.apps import kernel
from safehands.desk.telling import MARKED
from safehands.desk.words_of_evidence import KINDS, WITHHELD, said, when_of

register = template.Library()


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> SafeString | str:
    """``2 minutes ago (09:14:05)`` in the time of London; the exact instant stands beside, with its date if not
    today's."""
    if at is None:
        return _("not known")
    words = ago((context["now"] - at).total_seconds())
    shown = '<time datetime="{}" data-ago><span class="desk-ago">{}</span> <span class="desk-exact">({})</span></time>'
    return format_html(shown, at.isoformat(), words, exact(at, context["now"]))


@register.simple_tag
def wall_time(at: datetime) -> SafeString:
    """An instant of the wall's clock, exactly: what happens to accounts has nothing to do with a demonstration's
    time."""
    shown = f"{formats.date_format(timezone.localtime(at), 'j M Y')} {timezone.localtime(at):%H:%M:%S}"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), shown)


@register.simple_tag(takes_context=True)
def deadline(context: Context, at: datetime | None) -> SafeString | str:
    """A deadline: the same, marked where it has passed."""
    if at is None:
        return _("no deadline known")
    late = " desk-clock--late" if at < context["now"] else ""
    words = ago((context["now"] - at).total_seconds())
    shown = (
        '<span class="desk-clock{}"><time datetime="{}" data-ago data-due><span class="desk-ago">{}</span> '
        '<span class="desk-exact">({})</span></time></span>'
    )
    return format_html(shown, late, at.isoformat(), words, exact(at, context["now"]))


def exact(at: datetime, now: datetime) -> str:
    """``09:14:05``, with the date in front where it is another day."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return f"{local:%H:%M:%S}"
    return f"{formats.date_format(local, 'j M Y')} {local:%H:%M:%S}"


def ago(seconds: float) -> str:
    """``2 minutes ago`` or ``in 2 minutes``."""
    size = abs(round(seconds))
    if size < 90:
        words = ngettext("%(n)d second", "%(n)d seconds", size) % {"n": size}
    elif size < 5400:
        words = ngettext("%(n)d minute", "%(n)d minutes", round(size / 60)) % {"n": round(size / 60)}
    elif size < 129600:
        words = ngettext("%(n)d hour", "%(n)d hours", round(size / 3600)) % {"n": round(size / 3600)}
    else:
        words = ngettext("%(n)d day", "%(n)d days", round(size / 86400)) % {"n": round(size / 86400)}
    return _("%(words)s ago") % {"words": words} if seconds >= 0 else _("in %(words)s") % {"words": words}


@register.simple_tag(takes_context=True)
def sentence(context: Context, told: str) -> SafeString:
    """A line of the story, which is told in English, with its instants in the time of London, and how long ago that
    is."""
    parts = MARKED.split(told)
    line = format_html_join(
        "",
        "{}",
        (((_instant(context, part) if n % 2 else part),) for n, part in enumerate(parts)),
    )
    return format_html('<span lang="en">{}</span>', line)


def _instant(context: Context, marked: str) -> SafeString | str:
    try:
        with override("en-gb"):  # inside an English sentence
            return moment(context, datetime.fromisoformat(marked))
    except ValueError:
        return marked


@register.simple_tag
def command_field() -> SafeString:
    """The id that this form's command will have: sent twice, done once."""
    return format_html('<input type="hidden" name="{}" value="{}">', COMMAND, kernel().clock.new_id())


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping|of:key``; empty where it is not there."""
    return mapping.get(key, "")


@register.filter
def words(code: str) -> str:
    """A code as words: ``asked_unknown`` as ``asked unknown``."""
    return str(code).replace("_", " ")


@register.filter
def provenance(code: str) -> str:
    """How we came to know an answer, in words."""
    return {
        "asked": _("asked"),
        "volunteered": _("said unasked"),
        "observed": _("observed"),
        "register": _("from records"),
    }.get(code, code)


@register.filter
def minutes(seconds: float) -> int:
    """Seconds as whole minutes."""
    return round(seconds / 60)


@register.simple_tag
def evidence_kind(kind: RecordKind) -> str:
    """What a record is, in words."""
    return said(KINDS, kind)


@register.simple_tag
def evidence_ground(ground: WithheldFor) -> str:
    """On what ground it is withheld."""
    return said(WITHHELD, ground)


@register.simple_tag
def known_time(when: When) -> str:
    """A time as exactly as it is known."""
    return when_of(when)
