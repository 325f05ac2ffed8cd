package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel counts of a process (proc(5)): processor time from {@code stat}, in ticks of 10 ms, memory from {@code status}. Linux alone.
 *
 * @param pid of the process
 */
record ProcessMeter(long pid) {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final String RESET_PEAK = "5";
    private static final long KILOBYTE = 1024;

    /** User and system time of all threads, also those that have ended. */
    long cpuNanos() {
        return ticks() * NANOS_PER_TICK;
    }

    private long ticks() {
        String stat = read("stat");
        // The name of the program stands in brackets, and may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
    }

    /** Memory in use, in bytes. */
    long residentBytes() {
        return status("VmRSS:");
    }

    /** The most memory that was in use since the start or {@link #resetPeak}, in bytes. */
    long peakBytes() {
        return status("VmHWM:");
    }

    void resetPeak() {
        try {
            Files.writeString(file("clear_refs"), RESET_PEAK);
        } catch (IOException e) {
            throw new LoadException("the peak memory of process " + pid + " cannot be reset: " + e.getMessage(), e);
        }
    }

    private long status(String field) {
        return read("status")
                .lines()
                .filter(line -> line.startsWith(field))
                .map(line -> line.replaceAll("\\D+", ""))
                .mapToLong(kilobytes -> Long.parseLong(kilobytes) * KILOBYTE)
                .findFirst()
                .orElseThrow(() -> new LoadException("process " + pid + " has ended"));
    }

    private String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new LoadException("process " + pid + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }
}
