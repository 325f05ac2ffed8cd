package dev.weft.worker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.VersionInfo;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The command {@code weft erase}. */
@CommandLine.Command(
        name = "weft erase",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerMain.Version.class,
        description = "Deletes documents for good: from storage, from Redis, and from those who are in them.",
        footer = {
            "",
            "Everybody in the room is closed with code 4410, and whoever comes back is refused with 410, so that no",
            "browser that kept the document brings it back. 'weft allow' ends that. A receipt is printed for each",
            "room, one line of JSON. Backups, and copies that people made, are not reached.",
            "",
            "If it fails, repeat it: what is erased already does no harm."
        })
public final class EraseMain extends OperatorTool {
    @CommandLine.Parameters(
            arity = "1..*",
            converter = RoomArgument.class,
            paramLabel = "ROOM",
            description = "name of a room, as clients give it, not percent-encoded")
    private List<RoomName> named = List.of();

    @CommandLine.Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    @CommandLine.Option(names = "--receipt", paramLabel = "FILE", description = "append the receipts to this file, too")
    private @Nullable Path receipts;

    private EraseMain() {}

    public static void main(String[] arguments) {
        System.exit(execute(new EraseMain(), arguments));
    }

    @Override
    int run(Rooms rooms, DocumentStorage storage) {
        Eraser eraser = new Eraser(rooms, storage);
        int code = 0;
        for (RoomName room : named) {
            if (yes || confirms(room, storage)) {
                write(receipt(eraser.erase(room)));
            } else {
                err().println("'" + room.value() + "' was left as it is");
                code = NOT_ALL_DONE;
            }
        }
        return code;
    }

    private boolean confirms(RoomName room, DocumentStorage storage) {
        // From JDK 25 on there is no console where nobody sits, as before JDK 22.
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isEmpty()) {
            err().println("nobody can be asked here; say --yes");
            return false;
        }
        List<VersionInfo> versions = storage.list(room.document());
        long bytes = versions.stream().mapToLong(VersionInfo::bytes).sum();
        String answer = terminal.get()
                .readLine(
                        "The document of room '%s' (%d versions, %,d bytes in storage) will be deleted for good.%n"
                                + "Type the room's name to go on: ",
                        room.value(), versions.size(), bytes);
        return room.value().equals(answer);
    }

    private static String receipt(Eraser.Receipt receipt) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("room", receipt.room().value())
                .put("erasedAt", receipt.erasedAt().toString())
                .put("versions", receipt.versions())
                .put("bytes", receipt.bytes())
                .put("streamEntries", receipt.streamEntries())
                .put("clients", receipt.clients());
        return json.toString();
    }

    private void write(String receipt) {
        out().println(receipt);
        out().flush();
        if (receipts != null) {
            try {
                Files.writeString(receipts, receipt + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
