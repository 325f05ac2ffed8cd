package dev.weft.storage;

class InMemoryStorageTest extends DocumentStorageContract {
    private final InMemoryStorage first = new InMemoryStorage();

    @Override
    protected DocumentStorage open() {
        return first.another();
    }
}
