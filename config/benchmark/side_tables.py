"""The benchmark's own tables, in schemas of their own, in the benchmark's databases alone.

`floor`: whom a principal may come to see, in the order of each list, so that the floor is as
quick as such a statement can be. `grants`: the same as permission rows of guardian, on tables
with direct foreign keys (its own advice for speed), as a typical project would write them.
"""

from __future__ import annotations

import psycopg

_FLOOR = """
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
-- A principal is an agency, or a user for whom a row names them.
CREATE TABLE floor.principal AS
    SELECT DISTINCT agency_id AS principal, person_id FROM sharing_involvement
    WHERE ends IS NULL OR ends > now()
    UNION
    SELECT DISTINCT worker_id, person_id FROM sharing_involvement
    WHERE worker_id IS NOT NULL AND (ends IS NULL OR ends > now());
CREATE TABLE floor.people AS
    SELECT l.principal, p.id AS person_id, p.family_name, p.given_name
    FROM floor.principal l JOIN people_youngperson p ON p.id = l.person_id;
CREATE UNIQUE INDEX ON floor.people (principal, person_id DESC);
CREATE TABLE floor.cases AS
    SELECT l.principal, c.id AS case_id, c.person_id, c.opened_at, c.state
    FROM floor.principal l JOIN casework_case c ON c.person_id = l.person_id;
CREATE UNIQUE INDEX ON floor.cases (principal, person_id DESC, case_id DESC);
CREATE INDEX ON floor.cases (principal, person_id DESC, case_id DESC) WHERE state <> 'closed';
CREATE TABLE floor.names AS
    SELECT id AS person_id, reference,
           given_name || E'\\n' || family_name || E'\\n' || known_as AS name
    FROM people_youngperson;
CREATE INDEX ON floor.names USING gin (name gin_trgm_ops);
CREATE INDEX ON floor.names (reference text_pattern_ops);
"""

_GRANTS = """
DROP SCHEMA IF EXISTS grants CASCADE;
CREATE SCHEMA grants;
DELETE FROM agencies_user_groups g USING auth_group a
    WHERE a.id = g.group_id AND a.name LIKE 'benchmark:%';
DELETE FROM auth_group WHERE name LIKE 'benchmark:%';
INSERT INTO auth_group (name) SELECT 'benchmark:' || id FROM agencies_agency;
INSERT INTO agencies_user_groups (user_id, group_id)
    SELECT DISTINCT m.user_id, g.id FROM agencies_membership m
    JOIN auth_group g ON g.name = 'benchmark:' || m.agency_id
    WHERE m.role IN ('practitioner', 'clinician', 'manager');
CREATE TABLE grants.to_group (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, permission_id integer NOT NULL,
    group_id integer NOT NULL, content_object_id uuid NOT NULL
);
CREATE TABLE grants.to_user (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, permission_id integer NOT NULL,
    user_id uuid NOT NULL, content_object_id uuid NOT NULL
);
INSERT INTO grants.to_group (permission_id, group_id, content_object_id)
    SELECT v.id, g.id, l.person_id FROM floor.principal l
    JOIN auth_group g ON g.name = 'benchmark:' || l.principal
    CROSS JOIN (SELECT p.id FROM auth_permission p
                JOIN django_content_type t ON t.id = p.content_type_id
                WHERE p.codename = 'view_youngperson' AND t.model = 'youngperson') v;
INSERT INTO grants.to_user (permission_id, user_id, content_object_id)
    SELECT v.id, u.id, l.person_id FROM floor.principal l JOIN agencies_user u ON u.id = l.principal
    CROSS JOIN (SELECT p.id FROM auth_permission p
                JOIN django_content_type t ON t.id = p.content_type_id
                WHERE p.codename = 'view_youngperson' AND t.model = 'youngperson') v;
-- Guardian's own unique constraints, and each way round that its documentation recommends.
CREATE UNIQUE INDEX ON grants.to_group (group_id, permission_id, content_object_id);
CREATE INDEX ON grants.to_group (content_object_id, group_id, permission_id);
CREATE UNIQUE INDEX ON grants.to_user (user_id, permission_id, content_object_id);
CREATE INDEX ON grants.to_user (content_object_id, user_id, permission_id);
"""


def build(connection: psycopg.Connection) -> None:
    """Fill both schemas from the world's own rows, as the owner. The product reads neither."""
    for script in (_FLOOR, _GRANTS):
        connection.execute(script.encode())
    for table in (
        "floor.people",
        "floor.cases",
        "floor.names",
        "grants.to_group",
        "grants.to_user",
    ):
        connection.execute(f"VACUUM ANALYZE {table}".encode())
