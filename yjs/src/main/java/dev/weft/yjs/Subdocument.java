package dev.weft.yjs;

import java.nio.charset.StandardCharsets;

/**
 * A document inside another ({@code Y.Doc} as a value), as its parent holds it: a name and options. Its contents are a document of
 * their own.
 *
 * @param client with {@code clock} the id of the item that holds it
 * @param clock see {@code client}
 * @param guid names the document; two places may hold the same
 * @param options an object in lib0's {@code any} encoding, as it stands in the update: {@code gc} (only if false), {@code autoLoad} (only
 *     if true) and {@code meta}; owned by this record, not to be changed
 */
public record Subdocument(long client, long clock, String guid, byte[] options) {
    /** The options as JSON. What JSON does not know becomes what {@code JSON.stringify} makes of it, and a bigint a number. */
    public String optionsAsJson() {
        byte[] json = JsonValues.stringify(AnyValues.read(Input.trusting(options)));
        return new String(json, StandardCharsets.UTF_8);
    }
}
