"""django-helpdesk's ticket list in a process of its own: the page, and the rows that its table then asks for.

python -m bench.helpdesk_child TICKETS
"""

from __future__ import annotations

import sys

from bench.child import serve, tell
from bench.ground import check_durable, fresh_database, ground
from bench.peer_helpdesk import Helpdesk, set_up


def main(arguments: list[str]) -> None:
    """Fill it with open tickets, then answer."""
    with ground() as place:
        check_durable(place.server)
        set_up(fresh_database(place.server, "helpdesk_pages"), pages=True)
        tickets = int(arguments[0])
        helpdesk = Helpdesk()
        helpdesk.open_tickets(tickets)
        from django.test import Client
        from django.urls import reverse
        from helpdesk.query import query_to_base64

        client = Client()
        client.force_login(helpdesk.first)
        query = query_to_base64({"filtering": {"status__in": [1, 2]}, "sorting": "created"})
        rows = reverse("helpdesk:datatables_ticket_list", args=[query])

        def got(path: str) -> bytes:
            answer = client.get(path)
            if answer.status_code != 200:
                raise AssertionError(f"{path}: {answer.status_code}")
            return bytes(answer.content)

        def listed() -> None:
            got(reverse("helpdesk:list"))
            if str(tickets).encode() not in got(rows):
                raise AssertionError("the rows do not tell how many tickets there are")

        tell(cases=tickets)
        serve({"list": listed, "rows": lambda: got(rows)})
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
