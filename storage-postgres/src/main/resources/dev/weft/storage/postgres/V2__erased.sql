-- The documents that are erased. A row stands until the document is allowed again; meanwhile weft_versions has none of it.
-- It may have been made by hand (weft schema) where Flyway made what is older.
CREATE TABLE IF NOT EXISTS weft_erased (
    room      bytea       NOT NULL,
    document  bytea       NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (room, document)
);

COMMENT ON TABLE weft_erased IS
    'Documents that were erased and must not come back: nothing is stored in weft_versions while a row of theirs is here';
