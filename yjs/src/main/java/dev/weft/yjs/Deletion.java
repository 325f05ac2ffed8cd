package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Deletes and collects what is inside a type. Types may be nested as deep as bytes allow, so this keeps its own stack
 * (Yjs {@code ContentType.js} calls itself).
 */
final class Deletion {
    private Deletion() {}

    /** Deletes all items below a type, in Yjs's order: each before its own children, lists before keys. */
    static void ofChildren(Transaction transaction, YType type) {
        Deque<Iterator<Item>> open = new ArrayDeque<>();
        transaction.unchanged(type);
        open.push(type.children());
        while (!open.isEmpty()) {
            Iterator<Item> children = open.peek();
            if (!children.hasNext()) {
                open.pop();
                continue;
            }
            Item item = children.next();
            if (!item.isDeleted()) {
                item.deleteAlone(transaction);
                if (item.content instanceof ContentType nested) {
                    transaction.unchanged(nested.type);
                    open.push(nested.type.children());
                }
            } else if (item.clock < transaction.before(item.owner)) {
                // It is not in the transaction's delete set, but will be collected with its parent, and then be joined.
                transaction.mergeLater(item);
            }
        }
    }

    /** Drops the content of a deleted item; what was inside it becomes {@link GcStruct}s. */
    static void collect(Item item) {
        if (item.content instanceof ContentType content) {
            Deque<YType> open = new ArrayDeque<>();
            open.push(content.type);
            while (!open.isEmpty()) {
                collectChildren(open.pop(), open);
            }
        }
        item.content = new ContentDeleted(item.length);
    }

    private static void collectChildren(YType type, Deque<YType> open) {
        for (Item item = type.start; item != null; item = item.right) {
            collectChild(item, open);
        }
        for (Item last : type.values()) {
            for (Item item = last; item != null; item = item.left) {
                collectChild(item, open);
            }
        }
        type.forgetChildren();
    }

    private static void collectChild(Item item, Deque<YType> open) {
        if (item.content instanceof ContentType content) {
            open.push(content.type);
        }
        item.owner.replace(item, new GcStruct(item.owner, item.clock, item.length));
    }
}
