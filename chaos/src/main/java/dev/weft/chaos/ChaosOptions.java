package dev.weft.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is run.
 *
 * @param duration how long things go wrong; settling and checking come after it
 * @param seed draws the faults and what clients do
 * @param clients in all rooms together, at least one a room
 * @param folder of data, logs and evidence; must not exist or be empty
 */
record ChaosOptions(Duration duration, long seed, StorageKind storage, int clients, int rooms, Path folder) {
    /** A storage that the harness can start and kill. */
    enum StorageKind {
        POSTGRES,
        S3
    }
}
