package dev.weft.worker;

import dev.weft.room.EntryId;
import dev.weft.room.Quarantine;
import dev.weft.room.RawEntry;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.SetAside;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code weft quarantine}. */
@Command(
        name = "weft quarantine",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerMain.Version.class,
        description = {
            "Looks after rooms that could not be compacted and were set aside.",
            "",
            "Nothing of such a room is lost: people go on in it, and its stream stays in Redis",
            "and grows until the room is compacted again. Take the cause away, then have it",
            "tried again."
        },
        footer = {"", "REDIS, REDIS_PREFIX and the settings of the storage are read as by weft worker."})
public final class QuarantineMain {
    private final Supplier<Settings> settings;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    QuarantineMain(Supplier<Settings> settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(() -> Settings.load(Path.of(""))).execute(arguments));
    }

    static CommandLine commandLine(Supplier<Settings> settings) {
        CommandLine command = new CommandLine(new QuarantineMain(settings));
        command.setExecutionExceptionHandler(new CommandErrors());
        return command;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the rooms, those longest in it first.")
    int list() {
        return with(rooms -> {
            List<SetAside> all = rooms.quarantine().list();
            all.forEach(room -> out().printf(
                            "%s  %3d attempts  %s%n    %s%n",
                            room.since(), room.attempts(), room.room().value(), room.reason()));
            if (all.isEmpty()) {
                out().println("no room is in quarantine");
            }
            return 0;
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows why a room is in it, and looks at each entry of its stream and each stored version.")
    int show(@Parameters(paramLabel = "ROOM", converter = RoomArgument.class) RoomName room) {
        return with(rooms -> {
            Optional<SetAside> found = rooms.quarantine().find(room);
            if (found.isEmpty()) {
                return isNot(room);
            }
            out().printf(
                            "since     %s%nattempts  %d%nreason    %s%nstored    up to entry %s%n",
                            found.get().since(),
                            found.get().attempts(),
                            found.get().reason(),
                            found.get().stored());
            long[] count = new long[2];
            rooms.quarantine().readEntries(room, entry -> {
                count[0]++;
                count[1] += entry.message().length;
                entry.fault().ifPresent(fault -> out().printf("entry     %s is malformed: %s%n", entry.id(), fault));
            });
            out().printf("entries   %d with %d bytes%n", count[0], count[1]);
            try (DocumentStorage storage = DocumentStorages.open(settings.get())) {
                new VersionCheck(storage).of(room.document()).forEach(line -> out().println("version   " + line));
            }
            return 0;
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Has a room, or all of them, compacted again.")
    int retry(
            @Parameters(paramLabel = "ROOM", arity = "0..1", converter = RoomArgument.class, description = "The room.")
                    @Nullable
                    RoomName room,
            @Option(names = "--all", description = "Every room in quarantine.") boolean all) {
        if ((room == null) == !all) {
            throw new CommandLine.ParameterException(commandLine(), "name a room, or say --all");
        }
        return with(rooms -> {
            if (room != null) {
                if (!rooms.quarantine().retry(room)) {
                    return isNot(room);
                }
                out().println("room '" + room.value() + "' is in the queue again");
                return 0;
            }
            long queued = rooms.quarantine().list().stream()
                    .filter(aside -> rooms.quarantine().retry(aside.room()))
                    .count();
            out().println(queued + " rooms are in the queue again");
            return 0;
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Writes every entry of a room's stream to a file, and changes nothing.",
                "One JSON object a line: id, message (base64) and, if it is malformed, fault."
            })
    int export(
            @Parameters(paramLabel = "ROOM", converter = RoomArgument.class) RoomName room,
            @Option(names = "--to", required = true, paramLabel = "FILE", description = "A new file.") Path file) {
        return with(rooms -> {
            if (rooms.quarantine().find(room).isEmpty()) {
                return isNot(room);
            }
            long[] count = new long[1];
            try (EntryFile out = new EntryFile(file)) {
                rooms.quarantine().readEntries(room, entry -> {
                    out.write(entry);
                    count[0]++;
                });
                out.force();
            }
            out().println(count[0] + " entries are in " + file);
            return 0;
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Drops the malformed entries of a room's stream, and has the room compacted again.",
                "They are written to a file first, as by export; every other entry stays."
            })
    int release(
            @Parameters(paramLabel = "ROOM", converter = RoomArgument.class) RoomName room,
            @Option(names = "--to", required = true, paramLabel = "FILE", description = "A new file.") Path file) {
        return with(rooms -> {
            Quarantine quarantine = rooms.quarantine();
            if (quarantine.find(room).isEmpty()) {
                return isNot(room);
            }
            List<EntryId> malformed = new ArrayList<>();
            try (EntryFile out = new EntryFile(file)) {
                quarantine.readEntries(room, entry -> keepIfMalformed(entry, malformed, out));
                out.force();
            }
            long dropped = quarantine.release(room, malformed);
            if (dropped < 0) {
                return isNot(room); // meanwhile
            }
            out().println(dropped + " malformed entries are in " + file + " and dropped from the stream; room '"
                    + room.value() + "' is in the queue again");
            return 0;
        });
    }

    private static void keepIfMalformed(RawEntry entry, List<EntryId> malformed, EntryFile out) {
        if (entry.fault().isPresent()) {
            out.write(entry);
            malformed.add(entry.id());
        }
    }

    private int with(ToIntFunction<Rooms> work) {
        try (Rooms rooms = Rooms.connect(RoomSettings.from(settings.get()))) {
            int code = work.applyAsInt(rooms);
            out().flush();
            return code;
        }
    }

    private int isNot(RoomName room) {
        commandLine().getErr().println("weft quarantine: room '" + room.value() + "' is not in quarantine");
        return CommandErrors.FAILED;
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
