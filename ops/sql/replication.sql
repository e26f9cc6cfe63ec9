-- The role by which a replica follows, for psql as the superuser. Only where there is a replica.
-- It reads the whole cluster's log, so it is no other role's, and owns nothing. Safe to run again.
\getenv replica_password TL_REPLICA_PASSWORD

SELECT 'CREATE ROLE tl_replica'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tl_replica')
\gexec

ALTER ROLE tl_replica LOGIN REPLICATION NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS
    PASSWORD :'replica_password';
