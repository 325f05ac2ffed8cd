package dev.weft.storage;

/** A version was not stored, because the document was {@linkplain DocumentStorage#erase erased}. To repeat it is of no use. */
public class DocumentErasedException extends StorageException {
    private static final long serialVersionUID = 1;

    /** For a store of {@code document}. */
    public DocumentErasedException(DocumentId document) {
        super(document + " was erased, and nothing of it is stored until that is taken back");
    }
}
