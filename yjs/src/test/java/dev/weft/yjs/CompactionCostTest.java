package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client writes, but somebody might, to make compaction slow: each kind of update twice, once eight times as large. What takes
 * quadratic time would take 64 times as long. Time is that of the processor, so that others' work counts little.
 */
class CompactionCostTest {
    private static final int SMALL = 25_000;
    private static final int TIMES = 8;
    /** Far from linear, farther from quadratic; larger tables do not fit into caches. */
    private static final int LIMIT = 32;

    private static final int TEXT = StructReader.STRING;

    static Stream<Arguments> hostile() {
        return Stream.of(
                kind("all after the first clock", n -> oneClient(n, (i, random) -> Bytes.itemAfter(TEXT, 7, 0, "x"))),
                kind(
                        "each after any other",
                        n -> oneClient(n, (i, random) -> Bytes.itemAfter(TEXT, 7, random.nextInt(i), "x"))),
                kind(
                        "types in types",
                        n -> oneClient(n, (i, random) -> Bytes.of(new byte[] {StructReader.TYPE, 0}, 7, i - 1, 0))),
                kind("a deletion between any two", CompactionCostTest::deletedInPart),
                kind("deletions of what is not there", CompactionCostTest::deletionsOnly),
                kind("clients that wait for each other, all at every clock", CompactionCostTest::waiting),
                kind("a client for every struct", CompactionCostTest::chain),
                kind("ids everywhere", CompactionCostTest::everywhere),
                kind(
                        "one very long struct, many short ones",
                        n -> oneClient(
                                n,
                                (i, random) -> i == 1
                                        ? Bytes.gc(1L << 50)
                                        : Bytes.itemAfter(TEXT, 7, (1L << 50) + i - 2, "x"))));
    }

    private static Arguments kind(String name, IntFunction<byte[]> updates) {
        return Arguments.of(name, updates);
    }

    private interface Struct {
        byte[] of(int i, Random random);
    }

    private static byte[] oneClient(int structs, Struct made) {
        Random random = new Random(1);
        Output out = new Output(structs * 12);
        out.varUint(1).varUint(structs).varUint(7).varUint(0);
        for (int i = 0; i < structs; i++) {
            byte[] struct = i == 0 ? Bytes.item(StructReader.TYPE, 0) : made.of(i, random);
            out.copy(struct, 0, struct.length);
        }
        // The first is deleted, and with it all that is inside.
        return out.varUint(1).varUint(7).varUint(1).varUint(0).varUint(1).toByteArray();
    }

    private static byte[] deletedInPart(int parts) {
        Output out = new Output(parts * 8);
        byte[] text = Bytes.text("ab".repeat(parts));
        out.varUint(1).varUint(1).varUint(7).varUint(0).copy(text, 0, text.length);
        return deletions(out, parts);
    }

    private static byte[] deletionsOnly(int parts) {
        return deletions(new Output(parts * 4).varUint(0), parts);
    }

    private static byte[] deletions(Output out, int ranges) {
        out.varUint(1).varUint(7).varUint(ranges);
        for (int i = 0; i < ranges; i++) {
            out.varUint(2L * i).varUint(1);
        }
        return out.toByteArray();
    }

    /** Clock for clock each client after the next lower one. */
    private static byte[] waiting(int structs) {
        int clients = structs / 50;
        return clients(
                clients,
                50,
                (client, clock, random) ->
                        client == 1 ? Bytes.item(TEXT, "x") : Bytes.itemAfter(TEXT, client - 1, clock, "x"));
    }

    private static byte[] chain(int structs) {
        return clients(
                structs,
                1,
                (client, clock, random) ->
                        client == 1 ? Bytes.item(TEXT, "x") : Bytes.itemAfter(TEXT, client - 1, 0, "x"));
    }

    private static byte[] everywhere(int structs) {
        int clients = structs / 500;
        return clients(
                clients,
                500,
                (client, clock, random) -> clock == 0
                        ? Bytes.item(TEXT, "x")
                        : Bytes.itemAfter(TEXT, 1 + random.nextInt(clients), random.nextInt(clock), "x"));
    }

    private interface ClientStruct {
        byte[] of(int client, int clock, Random random);
    }

    private static byte[] clients(int clients, int structs, ClientStruct made) {
        Random random = new Random(1);
        Output out = new Output(clients * structs * 12);
        out.varUint(clients);
        for (int client = clients; client > 0; client--) {
            out.varUint(structs).varUint(client).varUint(0);
            for (int clock = 0; clock < structs; clock++) {
                byte[] struct = made.of(client, clock, random);
                out.copy(struct, 0, struct.length);
            }
        }
        return out.varUint(1).varUint(clients).varUint(1).varUint(0).varUint(1).toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void timeGrowsWithTheSize(String name, IntFunction<byte[]> updates) {
        byte[] small = updates.apply(SMALL);
        byte[] large = updates.apply(SMALL * TIMES);
        Updates.check(large);
        Updates.check(Updates.compact(List.of(large)));
        long ofSmall = fastest(small, 12);
        long ofLarge = fastest(large, 3);
        assertThat((double) ofLarge / ofSmall)
                .as("%s: %s and %s microseconds", name, ofSmall / 1000, ofLarge / 1000)
                .isLessThan(LIMIT);
    }

    private static long fastest(byte[] update, int rounds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            long before = threads.getCurrentThreadCpuTime();
            Updates.compact(List.of(update));
            fastest = Math.min(fastest, threads.getCurrentThreadCpuTime() - before);
        }
        return fastest;
    }
}
