package dev.weft.yjs;

/**
 * Text: the part {@code [from, to)} of a string or of a builder that belongs to this content alone.
 *
 * <p>Typing joins a character to the left at each transaction, so text grows in a builder; it would take quadratic time
 * otherwise. Deleting from a long text splits it again and again, so the parts share one string while they make up most of it.
 */
final class ContentString extends Content {
    private static final char REPLACEMENT = '\ufffd';

    private CharSequence text;
    private int from;
    private int to;

    ContentString(String text) {
        this(text, 0, text.length());
    }

    private ContentString(CharSequence text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
    }

    @Override
    int kind() {
        return StructReader.STRING;
    }

    @Override
    long length() {
        return (long) to - from;
    }

    @Override
    Object element(int index) {
        return String.valueOf(text.charAt(from + index));
    }

    void appendTo(StringBuilder out) {
        out.append(text, from, to);
    }

    @Override
    public String toString() {
        return text.subSequence(from, to).toString();
    }

    @Override
    Content split(long offset) {
        int middle = from + (int) offset;
        boolean cutsPair = Character.isHighSurrogate(text.charAt(middle - 1));
        ContentString rest = part(middle, to);
        ContentString first = part(from, middle);
        text = first.text;
        from = first.from;
        to = first.to;
        if (cutsPair) {
            // As Yjs does (its issue 248): half a pair could not be encoded, so both halves become U+FFFD.
            replace(to - from - 1);
            rest.replace(0);
        }
        return rest;
    }

    /** A copy, or a view if it is most of the whole: then what it keeps in memory is not much more than itself. */
    private ContentString part(int start, int end) {
        if (text instanceof String && 2 * (end - start) > text.length()) {
            return new ContentString(text, start, end);
        }
        return new ContentString(text.subSequence(start, end).toString());
    }

    private void replace(int index) {
        StringBuilder changed = new StringBuilder(to - from).append(text, from, to);
        changed.setCharAt(index, REPLACEMENT);
        text = changed.toString();
        from = 0;
        to = text.length();
    }

    @Override
    boolean canMerge(Content next) {
        return next instanceof ContentString;
    }

    @Override
    void merge(Content next) {
        StringBuilder builder;
        if (text instanceof StringBuilder own) {
            builder = own;
        } else {
            builder = new StringBuilder(2 * (to - from) + 16).append(text, from, to);
            text = builder;
            from = 0;
        }
        ((ContentString) next).appendTo(builder);
        to = builder.length();
    }

    @Override
    void write(Output out, long offset) {
        Texts.write(out, text.subSequence(from + (int) offset, to).toString());
    }
}
