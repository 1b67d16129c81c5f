"""Whoever has looked has looked: the database refuses to change or delete a line of the log of looking."""

from typing import ClassVar

from django.db import migrations

STAY = """
create function looks_stay() returns trigger language plpgsql set search_path = desk, pg_temp as $$
begin
    raise exception 'the log of looking is only added to';
end
$$;
create trigger looks_stay before update or delete or truncate on desk_look
    for each statement execute function looks_stay();
"""
UNDO = "drop trigger looks_stay on desk_look; drop function looks_stay();"


class Migration(migrations.Migration):
    """The trigger."""

    dependencies: ClassVar = [("desk", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(STAY, UNDO)]
