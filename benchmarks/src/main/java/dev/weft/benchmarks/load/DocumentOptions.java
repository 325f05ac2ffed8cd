package dev.weft.benchmarks.load;

import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** Which document is in the room, and who brings it. */
final class DocumentOptions {
    @Option(
            names = "--document",
            paramLabel = "NAME|FILE",
            defaultValue = "sheet-4-fresh",
            description = {
                "A generated one: sheet-4-fresh, sheet-4-churned, sheet-20-fresh, sheet-20-churned, paper; or a file with an update in"
                        + " encoding V1 (${DEFAULT-VALUE})."
            })
    private String document = "sheet-4-fresh";

    @Option(
            names = "--room",
            paramLabel = "NAME",
            description = "Where the server has it already. Without this, a client brings it first, and stays.")
    private Optional<String> room = Optional.empty();

    @Option(
            names = "--only-bring",
            description =
                    "Bring the document to --room and leave, so that it can be stored before anything is measured.")
    private boolean onlyBring;

    /** Sees to it that the document is in the room while the scenario runs. */
    LoadResult with(Assets assets, Session session, BiFunction<String, byte[], LoadResult> scenario) {
        byte[] bytes = assets.document(document);
        if (onlyBring) {
            Preload.bring(session, room.orElse(session.room(0)), bytes).close();
            return new LoadResult.Builder("bring")
                    .figure("bytes", bytes.length, "")
                    .build();
        }
        if (room.isPresent()) {
            return scenario.apply(room.get(), bytes);
        }
        RoomClient holder = Preload.bring(session, session.room(0), bytes);
        try {
            LoadResult result = scenario.apply(session.room(0), bytes);
            return holder.ended().map(why -> failed(result, why)).orElse(result);
        } finally {
            holder.close();
        }
    }

    private static LoadResult failed(LoadResult result, String why) {
        java.util.List<String> failures = new java.util.ArrayList<>(result.failures());
        failures.add("the connection of the one who brought the document ended: " + why);
        return new LoadResult(result.scenario(), result.parameters(), result.figures(), failures);
    }
}
