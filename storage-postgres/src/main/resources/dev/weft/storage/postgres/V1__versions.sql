-- The live versions of all documents. A row is inserted and deleted, never updated.
CREATE TABLE weft_versions (
    room         bytea       NOT NULL,
    document     bytea       NOT NULL,
    version      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    state_vector bytea       NOT NULL,
    update_v1    bytea       NOT NULL,
    stored_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room, document, version)
);

COMMENT ON TABLE weft_versions IS
    'Documents as versions in the encoding Yjs update V1; the merge of its versions is the document';
COMMENT ON COLUMN weft_versions.room IS
    'UTF-8 bytes, because a name may hold what text cannot (U+0000): convert_from(room, ''UTF8'') reads them';
COMMENT ON COLUMN weft_versions.document IS 'UTF-8 bytes, as room; ''index'' is the document that a room opens';

-- For people who look: select * from weft_documents where room = 'my room'.
CREATE VIEW weft_documents AS
SELECT CASE WHEN position('\x00'::bytea IN room) = 0
            THEN convert_from(room, 'UTF8') ELSE encode(room, 'escape') END AS room,
       CASE WHEN position('\x00'::bytea IN document) = 0
            THEN convert_from(document, 'UTF8') ELSE encode(document, 'escape') END AS document,
       count(*) AS versions,
       sum(octet_length(update_v1)) AS bytes,
       max(stored_at) AS last_stored_at
FROM weft_versions
GROUP BY weft_versions.room, weft_versions.document;

COMMENT ON VIEW weft_documents IS 'One row a document, names as text; reads the whole table';
