-- The three database roles, for psql as the superuser in the new database. Safe to run again.
-- Both the embedded PostgreSQL and docker-compose run this file; the passwords come from the
-- environment, so that they stand in no file and in no command line.
-- Nor among the statements that the server counts, where these would stand as they are.
SET pg_stat_statements.track_utility = off;
\getenv owner_password TL_OWNER_PASSWORD
\getenv app_password TL_APP_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['tl_owner', 'tl_app', 'tl_definer']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- Owns everything: migrations, backup. CREATEDB because the tests clone a template database.
ALTER ROLE tl_owner LOGIN CREATEDB NOCREATEROLE NOSUPERUSER BYPASSRLS PASSWORD :'owner_password';
-- Owns nothing and is bound by row-level security: web, workers, tests.
ALTER ROLE tl_app LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
-- Nobody signs in as this: it owns the few SECURITY DEFINER functions.
ALTER ROLE tl_definer NOLOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER BYPASSRLS;
-- Migrations, run as tl_owner, may hand a function over to it.
GRANT tl_definer TO tl_owner;
-- A test database is dropped although the app may still be connected to it.
GRANT pg_signal_backend TO tl_owner;

ALTER DATABASE :"DBNAME" OWNER TO tl_owner;

GRANT pg_read_all_stats TO tl_owner;

-- What the server spends its time on: counted by statement, without the values in it. In a database
-- of its own, since tl_owner could not make it again when it restores ours.
\connect postgres
SELECT 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements'
WHERE 'pg_stat_statements' = ANY (
    string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))
\gexec
-- Where they were counted once, they are forgotten.
SELECT 'SELECT pg_stat_statements_reset(userid, dbid, queryid) FROM pg_stat_statements'
       ' WHERE query ILIKE ''%password%'''
WHERE to_regclass('pg_stat_statements') IS NOT NULL AND 'pg_stat_statements' = ANY (
    string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))
\gexec
