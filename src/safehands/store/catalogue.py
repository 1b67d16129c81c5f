"""The schema as the database's own catalogue tells it, as SQL that makes it again.

``schema/schema.sql`` holds this text for the migrations as they stand: one file to read, and a test that both ways lead
to the same schema. Written anew by ``scripts/describe_schema.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from psycopg import Connection

_TABLES = """
    select c.relname from pg_class c
    where c.relnamespace = 'safehands'::regnamespace and c.relkind = 'r' order by c.relname
"""
_COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text, a.attgenerated::text,
        pg_get_expr(d.adbin, d.adrelid)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ('safehands.' || %s)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_CONSTRAINTS = """
    select conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid = ('safehands.' || %s)::regclass and contype in ('p', 'u', 'c', 'x', 'f') order by conname
"""
_OPTIONS = (
    "select coalesce(array_to_string(reloptions, ', '), '') from pg_class where oid = ('safehands.' || %s)::regclass"
)
_INDEXES = """
    select pg_get_indexdef(i.indexrelid) from pg_index i
    where i.indrelid = ('safehands.' || %s)::regclass
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by 1
"""
_SECURITY = "select relrowsecurity, relforcerowsecurity from pg_class where oid = ('safehands.' || %s)::regclass"
_POLICIES = """
    select p.polname, case p.polcmd when 'r' then 'select' when '*' then 'all' else p.polcmd::text end,
        (select string_agg(quote_ident(rolname), ', ' order by rolname) from pg_roles where oid = any (p.polroles)),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
    from pg_policy p where p.polrelid = ('safehands.' || %s)::regclass order by p.polname
"""
_SEQUENCES = """
    select sequencename, data_type::text, min_value, start_value, increment_by from pg_sequences s
    where schemaname = 'safehands' and not exists (
        select from pg_depend d
        where d.objid = ('safehands.' || quote_ident(s.sequencename))::regclass and d.deptype = 'i')
    order by 1
"""
_FUNCTIONS = """
    select p.oid::regprocedure::text, pg_get_functiondef(p.oid) from pg_proc p
    where p.pronamespace = 'safehands'::regnamespace order by 1
"""
_GRANTS = """
    select kind || ' ' || object, string_agg(allowed, ', ' order by allowed), grantee from (
        select 'table' as kind, c.oid::regclass::text as object, lower(a.privilege_type) as allowed,
            quote_ident(r.rolname) as grantee
        from pg_class c, aclexplode(c.relacl) a
        join pg_roles r on r.oid = a.grantee
        where c.relnamespace = 'safehands'::regnamespace and c.relkind = 'r' and a.grantee <> c.relowner
        union all
        select 'function', p.oid::regprocedure::text, lower(a.privilege_type),
            coalesce(quote_ident(r.rolname), 'public')
        from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        left join pg_roles r on r.oid = a.grantee
        where p.pronamespace = 'safehands'::regnamespace and a.grantee <> p.proowner
        union all
        select 'schema', n.nspname::text, lower(a.privilege_type), quote_ident(r.rolname)
        from pg_namespace n, aclexplode(n.nspacl) a
        join pg_roles r on r.oid = a.grantee
        where n.nspname = 'safehands' and a.grantee <> n.nspowner
    ) g group by 1, 3 order by 1, 3
"""


def describe(connection: Connection, roles: Mapping[str, str]) -> str:
    """Everything in the schema ``safehands`` as SQL, in one order, with the roles as ``:"owner"`` and so on."""
    with connection.transaction():
        connection.execute("set local search_path = pg_catalog")
        text = "\n".join(_statements(connection)) + "\n"
    for role, name in roles.items():
        text = re.sub(rf'"?\b{re.escape(name)}\b"?', f':"{role}"', text)
    return text


def _statements(connection: Connection) -> Iterator[str]:
    tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    for name, kind, lowest, start, step in connection.execute(_SEQUENCES).fetchall():
        yield f"create sequence safehands.{name} as {kind} increment {step} minvalue {lowest} start {start};"
    for table in tables:
        yield _table(connection, table)
        yield from (f"{definition};" for (definition,) in connection.execute(_INDEXES, (table,)).fetchall())
    for _, definition in connection.execute(_FUNCTIONS).fetchall():
        yield f"\n{definition.rstrip()};"
    for table in tables:
        yield ""
        for wanted, verb in zip(
            connection.execute(_SECURITY, (table,)).fetchone() or (), ("enable", "force"), strict=True
        ):
            yield f"alter table safehands.{table} {verb if wanted else f'no {verb}'} row level security;"
        for name, command, to, using, check in connection.execute(_POLICIES, (table,)).fetchall():
            yield f"create policy {name} on safehands.{table} for {command} to {to}"
            yield f"    using ({using}){'' if check is None else f' with check ({check})'};"
    yield "\nrevoke all on all functions in schema safehands from public;"
    for what, rights, grantee in connection.execute(_GRANTS).fetchall():
        yield f"grant {rights} on {what} to {grantee};"


def _table(connection: Connection, table: str) -> str:
    lines = []
    for name, kind, required, identity, generated, expression in connection.execute(_COLUMNS, (table,)).fetchall():
        line = f"    {name} {kind}"
        if generated:
            line += f" generated always as ({expression}) stored"
        elif expression is not None:
            line += f" default {expression}"
        if identity:
            line += " generated always as identity"
        lines.append(line + (" not null" if required else ""))
    for name, definition in connection.execute(_CONSTRAINTS, (table,)).fetchall():
        lines.append(f"    constraint {name} {definition}")
    ((options,),) = connection.execute(_OPTIONS, (table,)).fetchall()
    return (
        f"\ncreate table safehands.{table} (\n" + ",\n".join(lines) + f"\n){f' with ({options})' if options else ''};"
    )
