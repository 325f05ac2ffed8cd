package dev.weft.tools;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import dev.weft.storage.StorageException;
import dev.weft.storage.YRedisArchive;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The command {@code weft import}. */
@CommandLine.Command(
        name = "weft import",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeOnExecutionException = 2,
        description = "Replaces the documents that y-redis has stored by versions of Weft, all at once.",
        footer = {
            "",
            "Without it they are replaced one by one, as they are edited. Servers and",
            "workers may run meanwhile, y-redis may not. It may be stopped at any time, and",
            "goes on with the rest when it is started again. Back up the table or bucket",
            "first: y-redis does not read our versions.",
            "",
            "It reads the settings of servers and workers: POSTGRES or S3_…, and STORAGE.",
            "",
            "Exit codes: 0 all were imported (or could be), 1 some were not, 2 it could not",
            "start or go on."
        })
public final class ImportMain implements Callable<Integer> {
    private static final int SOME_LEFT = 1;
    private static final int CANNOT = 2;
    private static final int MOST_AT_ONCE = 64;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Settings settings;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(names = "--list", description = "lists the documents that are left, and changes nothing")
    private boolean lists;

    @CommandLine.Option(names = "--dry-run", description = "reads and converts every document, and changes nothing")
    private boolean dry;

    @CommandLine.Option(
            names = "--room",
            paramLabel = "GLOB",
            defaultValue = "*",
            description = "only rooms of this name; * stands for any characters")
    private String room = "*";

    @CommandLine.Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "4",
            description = "documents at one time, 1 to 64; fewer if they are large (${DEFAULT-VALUE})")
    private int concurrency;

    ImportMain(Settings settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) {
        int code;
        try {
            code = new CommandLine(new ImportMain(Settings.load(Path.of("")))).execute(arguments);
        } catch (InvalidSettingException e) {
            System.err.println("weft import: " + e.getMessage());
            code = CANNOT;
        }
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() {
        if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
            err().println("weft import: --concurrency expects a number from 1 to " + MOST_AT_ONCE);
            return CANNOT;
        }
        if (!settings.flag("YREDIS_DOCUMENTS", true)) {
            err().println("weft import: YREDIS_DOCUMENTS is false; with that, documents of y-redis are not looked for");
            return CANNOT;
        }
        try (DocumentStorage storage = DocumentStorages.open(settings)) {
            if (!(storage instanceof YRedisArchive archive)) {
                err().println("weft import: y-redis keeps no documents in a storage of this kind");
                return CANNOT;
            }
            RoomPattern pattern = new RoomPattern(room);
            Predicate<YRedisArchive.Left> chosen = left -> pattern.matches(
                    left.document().map(document -> document.room()).orElse(left.name()));
            return lists ? list(archive, chosen) : convert(storage, archive, chosen);
        } catch (InvalidSettingException | StorageException e) {
            err().println("weft import: " + e.getMessage());
            return CANNOT;
        }
    }

    private int list(YRedisArchive archive, Predicate<YRedisArchive.Left> chosen) {
        Sum sum = new Sum();
        archive.forEach(left -> {
            if (chosen.test(left)) {
                sum.add(left);
                out().printf(
                                Locale.ROOT,
                                "%s\t%d version%s\t%d bytes%s%n",
                                left.name(),
                                left.versions().size(),
                                left.versions().size() == 1 ? "" : "s",
                                left.bytes(),
                                left.document().isPresent() ? "" : "\tno room here can have this name");
            }
        });
        out().println(sum);
        out().flush();
        return 0;
    }

    private int convert(DocumentStorage storage, YRedisArchive archive, Predicate<YRedisArchive.Left> chosen) {
        Sum sum = new Sum();
        archive.forEach(left -> {
            if (chosen.test(left)) {
                sum.add(left);
            }
        });
        out().println("y-redis has left " + sum);
        out().flush();
        Import work = new Import(storage, archive, !dry, concurrency, PAUSE);
        try (Progress progress = new Progress(out(), isTerminal(), sum.documents, sum.bytes, work::totals)) {
            Objects.requireNonNull(progress);
            work.run(chosen);
        } finally {
            summarise(work.totals());
        }
        return work.totals().left() == 0 ? 0 : SOME_LEFT;
    }

    private void summarise(ImportReport.Totals totals) {
        totals.reasons().forEach(reason -> err().println("not imported: " + reason));
        if (totals.left() > totals.reasons().size()) {
            err().println("not imported: and "
                    + (totals.left() - totals.reasons().size()) + " more");
        }
        err().flush();
        out().printf(
                        Locale.ROOT,
                        "%s %,d documents (%,d versions, now %s); %,d were gone already, %,d not imported%n",
                        dry ? "could import" : "imported",
                        totals.imported(),
                        totals.versions(),
                        Progress.size(totals.bytesStored()),
                        totals.skipped(),
                        totals.left());
        out().flush();
    }

    /** From JDK 25 on there is no console where nobody sits, as before JDK 22. */
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    private static final class Sum {
        private long documents;
        private long bytes;

        void add(YRedisArchive.Left left) {
            documents++;
            bytes += left.bytes();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,d document%s, %s", documents, documents == 1 ? "" : "s", Progress.size(bytes));
        }
    }
}
