-- The documents that are erased. A row stands until the document is allowed again; meanwhile weft_versions has none of it.
CREATE TABLE weft_erased (
    room      bytea       NOT NULL,
    document  bytea       NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (room, document)
);

COMMENT ON TABLE weft_erased IS
    'Documents that were erased and must not come back: nothing is stored in weft_versions while a row of theirs is here';
