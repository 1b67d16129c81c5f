"""Every sentence that the software can say to people: read aloud once by whoever changes one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from safehands.desk import sentences as found
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated


@require_GET
@signed_in
def sentences(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The page. What the rules, the service and the pathways say is English in every language of the desk."""
    groups = [
        ("rules", _("Why something is refused"), _("Rule"), True, found.of_rules()),
        ("service", _("Refused before a case is asked"), _("Rule or place"), True, found.of_the_service()),
        ("concerns", _("What can be wrong with a case"), _("Pathway and concern"), True, found.of_concerns()),
        ("desk", _("What the desk itself says"), _("Place"), False, found.of_the_desk()),
    ]
    return render(request, "desk/sentences.html", {"groups": groups})
