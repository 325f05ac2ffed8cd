package dev.weft.yjs;

/** Those who listen to a whole document. */
final class DocListeners {
    final Listeners<UpdateEvent> update = new Listeners<>();
    final Listeners<UpdateEvent> updateV2 = new Listeners<>();
    final Listeners<Transaction> afterTransaction = new Listeners<>();
    final Listeners<SubdocsEvent> subdocs = new Listeners<>();
    final Listeners<YDoc> destroyed = new Listeners<>();
}
