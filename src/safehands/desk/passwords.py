"""Passwords that are guessed first here: the program's name, the agency's, the account's, said over and over."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from safehands.desk.models import Agency, Person

#: Words that whoever attacks this desk tries first (ASVS 5.0.0 6.1.2); with them the names of agencies and accounts.
WORDS: Final = ("safehands", "safe", "hands", "police", "ambulance", "control", "password", "welcome", "secret", "desk")
#: What is left of a password without those words must be at least so long.
LEFT: Final = 8


class NotOurWords:
    """A password is more than the words that everybody here knows, signs and repetitions."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raises ``ValidationError`` where too little is left without them."""
        names = [name for agency in Agency.objects.all() for name in re.split(r"\W+", f"{agency.name} {agency.code}")]
        account = re.split(r"[.-]", user.actor) if user is not None else []
        left = password.casefold()
        for word in sorted((*WORDS, *names, *account), key=len, reverse=True):
            if len(word) > 2:
                left = left.replace(word.casefold(), "")
        left = re.sub(r"[\W_]", "", left)
        if len(left) < LEFT or len(set(left)) < LEFT // 2:
            raise ValidationError(_("This is too easy to guess here: use words that nobody connects with this desk."))

    def get_help_text(self) -> str:
        """What a form says."""
        return _("Not the name of this program, your agency or your account.")
