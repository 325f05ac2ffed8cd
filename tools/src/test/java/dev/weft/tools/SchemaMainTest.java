package dev.weft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SchemaMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void wholeSchemaIsPrintedOrWhatAVersionLacks() {
        assertThat(run()).isZero();
        assertThat(out.toString())
                .contains("CREATE TABLE weft_versions", "weft_erased", "BEGIN;", "GRANT SELECT, INSERT, DELETE")
                .endsWith("COMMIT;\n");

        out.getBuffer().setLength(0);
        assertThat(run("--from", "1")).isZero();
        assertThat(out.toString()).contains("weft_erased (").doesNotContain("CREATE TABLE weft_versions");
    }

    @Test
    void versionThatThereIsNotIsRefused() {
        assertThat(run("--from", "99")).isEqualTo(2);
        assertThat(err.toString()).startsWith("weft schema: the versions of the schema are 0");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) {
        return new CommandLine(new SchemaMain())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
