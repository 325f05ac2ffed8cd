package dev.weft.storage.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The tables of this storage as SQL, for who makes them by hand because Weft itself may not. */
public final class PostgresSchema {
    /** What each version adds, beginning with version 1; files beside this class. */
    static final List<String> FILES = List.of("V1__versions.sql", "V2__erased.sql", "V3__uncompressed.sql");

    private static final String GRANT =
            "-- The role that Weft runs as needs: GRANT SELECT, INSERT, DELETE ON weft_versions, weft_erased TO its_role;\n";

    private PostgresSchema() {}

    /** The version that this Weft needs. */
    public static int version() {
        return FILES.size();
    }

    /**
     * A script that makes the tables, or what they lack, in one transaction.
     *
     * @param from the version that is there; 0 if there is nothing
     * @throws IllegalArgumentException if there is no such version
     */
    public static String script(int from) {
        if (from < 0 || from > version()) {
            throw new IllegalArgumentException(
                    "the versions of the schema are 0 (nothing is there yet) to " + version());
        }
        if (from == version()) {
            return "-- Version " + from + " is the newest; there is nothing to do.\n";
        }
        StringBuilder script = new StringBuilder("-- The tables of Weft, version " + version()
                + (from == 0 ? "" : ", where those of version " + from + " are") + ".\n"
                + GRANT + "BEGIN;\n");
        FILES.subList(from, version()).forEach(file -> script.append('\n').append(read(file)));
        return script.append("\nCOMMIT;\n").toString();
    }

    private static String read(String file) {
        try (InputStream in = PostgresSchema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
