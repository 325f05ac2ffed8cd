package dev.weft.storage;

import java.util.HexFormat;

/** A document as y-redis stores it, written by Yjs 13.6: the text "hello wörld 😀" whose "h" was deleted, and a map. */
public final class YRedisSamples {
    private YRedisSamples() {}

    /** {@code Y.encodeStateAsUpdateV2}. */
    public static byte[] v2() {
        return HexFormat.of()
                .parseHex(
                        "00000247000100000501008400281b1674657874656c6c6f2077c3b6726c6420f09f98806d6b040d4100010100024100"
                                + "0103007601016175027d017e0107010000");
    }

    /** {@code Y.encodeStateAsUpdate}. */
    public static byte[] v1() {
        return HexFormat.of()
                .parseHex(
                        "01030700010104746578740184070010656c6c6f2077c3b6726c6420f09f98802801016d016b017601016175027d017e"
                                + "0107010001");
    }
}
