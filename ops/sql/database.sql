-- What the roles may do in one database: run by the superuser, or by tl_owner as its owner.
-- Plain SQL without psql's own commands, since the tests run it too. Safe to run again.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO tl_app', current_database());
    -- What is asked is mostly in memory, and a page asks for few rows of large tables. At the
    -- usual price of looking a row up, all users are read through to name twenty of them.
    EXECUTE format('ALTER DATABASE %I SET random_page_cost = 1.1', current_database());
    -- To compile a statement takes longer than any page of ours.
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tl_app;
-- A function can only be handed to a role that may create in its schema.
GRANT USAGE, CREATE ON SCHEMA public TO tl_definer;

ALTER DEFAULT PRIVILEGES FOR ROLE tl_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tl_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tl_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO tl_app;
-- Functions are open to PUBLIC unless this is taken back for every schema; then given by name.
ALTER DEFAULT PRIVILEGES FOR ROLE tl_owner
    REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tl_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO tl_app, tl_definer;
