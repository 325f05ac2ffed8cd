package dev.weft.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link DocumentStorage} may also be: one that y-redis had, too, and that can tell which of its documents are left. */
public interface YRedisArchive {
    /**
     * Hands over what y-redis has left, document by document, in the calling thread; reads no updates. A document that lies under several
     * names is handed over under each. What is stored or discarded meanwhile may be among it or not.
     *
     * @throws StorageException if the storage cannot answer
     */
    void forEach(Consumer<Left> action);

    /**
     * A document as y-redis has left it, under one of its names.
     *
     * @param name the room and, if it is another than {@value DocumentId#INDEX}, the document as y-redis called them, for messages
     * @param document what it is called here; empty if no document here can be called so ({@link YRedisDocuments#roomOf})
     * @param versions names its versions for {@link DocumentStorage#load(DocumentId, java.util.Collection)} and {@link
     *     DocumentStorage#discard}
     * @param bytes how many bytes they have, in encoding V2
     */
    record Left(String name, Optional<DocumentId> document, List<VersionReference> versions, long bytes) {
        /** Of the names that y-redis has used. */
        public static Left of(String room, String name, List<VersionReference> versions, long bytes) {
            Optional<DocumentId> document = YRedisDocuments.roomOf(room).flatMap(decoded -> id(decoded, name));
            String shown = name.equals(DocumentId.INDEX) ? room : room + " / " + name;
            return new Left(shown, document, List.copyOf(versions), bytes);
        }

        private static Optional<DocumentId> id(String room, String name) {
            try {
                return Optional.of(new DocumentId(room, name));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // Too long.
            }
        }
    }
}
