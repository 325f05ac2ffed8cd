package dev.weft.benchmarks;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What every class of benchmarks has: the document that is measured. JMH needs these classes to be public and open. A subclass prepares what
 * else it needs in {@link #prepare}, which is not measured.
 */
@State(Scope.Benchmark)
public abstract class Workload {
    /** The system property that names the folder of the documents. */
    static final String FOLDER = "weft.benchmarks.documents";

    /** The document's name; each row says which. */
    @Param("sheet-4-fresh")
    public String name = "";

    private @Nullable Document document;

    /** Reads the document from the folder that {@link #FOLDER} names. */
    @Setup(Level.Trial)
    public void load() {
        load(Path.of(Objects.requireNonNull(System.getProperty(FOLDER), FOLDER)), name);
    }

    final void load(Path folder, String documentName) {
        document = Document.read(folder, documentName);
        prepare(document);
    }

    /** Prepares what the measured methods take. */
    protected void prepare(Document loaded) {}

    /** The document that is measured. */
    final Document document() {
        return Objects.requireNonNull(document);
    }
}
