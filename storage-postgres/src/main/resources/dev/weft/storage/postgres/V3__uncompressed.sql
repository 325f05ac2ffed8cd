-- Versions are stored as they are: to join a large document, most of Postgres' time went into decompressing it.
-- It is for rows that are stored from now on. Who wants to save disk may set it back to EXTENDED; the comment says that this was done.
ALTER TABLE weft_versions ALTER COLUMN update_v1 SET STORAGE EXTERNAL;

COMMENT ON COLUMN weft_versions.update_v1 IS
    'The version in the encoding Yjs update V1; not compressed unless it was stored before version 3 of this schema';
