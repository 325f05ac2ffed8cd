package dev.weft.worker;

import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.storage.DocumentStorage;
import java.util.List;
import picocli.CommandLine;

/** The command {@code weft allow}. */
@CommandLine.Command(
        name = "weft allow",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerMain.Version.class,
        description = "Lets rooms be opened again whose documents were erased.",
        footer = {
            "",
            "The document is empty, until somebody writes, or brings back what a browser has kept of it. Wait",
            "some minutes after 'weft erase': a worker that read the document before must have come to its end."
        })
public final class AllowMain extends OperatorTool {
    @CommandLine.Parameters(
            arity = "1..*",
            converter = RoomArgument.class,
            paramLabel = "ROOM",
            description = "name of a room, as for weft erase")
    private List<RoomName> named = List.of();

    private AllowMain() {}

    public static void main(String[] arguments) {
        System.exit(execute(new AllowMain(), arguments));
    }

    @Override
    int run(Rooms rooms, DocumentStorage storage) {
        Eraser eraser = new Eraser(rooms, storage);
        int code = 0;
        for (RoomName room : named) {
            if (storage.erasedAt(room.document()).isEmpty()) {
                err().println("'" + room.value() + "' is not erased");
                code = NOT_ALL_DONE;
            } else {
                eraser.allow(room);
                out().println("'" + room.value() + "' may be opened again");
            }
        }
        return code;
    }
}
