"""The administration log stays; it, the sign-offs and the ways to own pages are seen by one agency at a time.

The desk's role owns these tables, so the policies are forced on it. The agency is named for one transaction
(``safehands.desk.apart``); a visitor of an own page names the mark of their link instead. With nothing named nothing is
seen.
"""

from typing import ClassVar

from django.db import migrations

STAY = """
create function administered_stays() returns trigger language plpgsql set search_path = desk, pg_temp as $$
begin
    raise exception 'the administration log is only added to';
end
$$;
create trigger administered_stays before update or delete or truncate on desk_administered
    for each statement execute function administered_stays();
"""
APART = """
alter table {0} enable row level security;
alter table {0} force row level security;
create policy one_agency on {0}
    using (agency = nullif(current_setting('desk.agency', true), ''))
    with check (agency = nullif(current_setting('desk.agency', true), ''));
"""
BY_LINK = """
create policy by_link on desk_ownpage using (link = nullif(current_setting('desk.link', true), ''));
create policy by_sender on desk_ownpage for select using (page::text = nullif(current_setting('desk.page', true), ''));
"""
UNDO = "drop trigger administered_stays on desk_administered; drop function administered_stays();"
UNDO_APART = "drop policy one_agency on {0}; alter table {0} disable row level security;"
TABLES = ("desk_administered", "desk_signoff", "desk_ownpage")


class Migration(migrations.Migration):
    """The trigger and the policies."""

    dependencies: ClassVar = [("desk", "0003_people_and_own_pages")]
    operations: ClassVar = [
        migrations.RunSQL(STAY, UNDO),
        *(migrations.RunSQL(APART.format(table), UNDO_APART.format(table)) for table in TABLES),
        migrations.RunSQL(BY_LINK, "drop policy by_link on desk_ownpage; drop policy by_sender on desk_ownpage;"),
    ]
