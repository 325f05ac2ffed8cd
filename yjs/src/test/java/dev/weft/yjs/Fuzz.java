package dev.weft.yjs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Fuzzes one of {@link FuzzTargets} with Jazzer, from the kept corpus on: {@code mvn -Pfuzz verify -pl yjs -DskipTests -Dfuzz=update
 * -Dfuzz.seconds=300}. What it finds lies in target/fuzz then, and the run fails. {@code -Dfuzz.keep=true} writes the corpus anew, with as few
 * inputs as reach the same code.
 */
final class Fuzz {
    private static final Path KEPT = Path.of("src", "test", "resources", "fuzz");
    private static final Path FOLDER = Path.of("target", "fuzz");
    private static final int MAX_LENGTH = 4096;
    /** What a target may keep; smaller inputs go first. */
    private static final int MAX_KEPT_BYTES = 100_000;

    private Fuzz() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String target = args[0];
        if (!FuzzTargets.all().containsKey(target)) {
            throw new IllegalArgumentException(
                    "no target " + target + ", but " + FuzzTargets.all().keySet());
        }
        Path corpus = FOLDER.resolve(target);
        Files.createDirectories(corpus);
        Map<String, byte[]> inputs = kept(target);
        for (byte[] seed : seeds(target)) {
            inputs.putIfAbsent(name(seed), seed);
        }
        for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
            Files.write(corpus.resolve(input.getKey()), input.getValue());
        }
        jazzer(target, List.of(corpus.toString(), "-max_total_time=" + args[1], "-timeout=10"));
        if (args.length > 2 && Boolean.parseBoolean(args[2])) {
            Path fewest = FOLDER.resolve(target + "-fewest");
            Files.createDirectories(fewest);
            jazzer(target, List.of("-merge=1", fewest.toString(), corpus.toString()));
            keep(target, fewest);
        }
    }

    private static void jazzer(String target, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+EnableDynamicAgentLoading",
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzerTarget.class.getName(),
                "--target_args=" + target,
                "--instrumentation_includes=dev.weft.yjs.**",
                "--custom_hook_excludes=**",
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.*",
                "--reproducer_path=" + FOLDER,
                "-artifact_prefix=" + FOLDER + "/" + target + "-",
                "-max_len=" + MAX_LENGTH,
                "-rss_limit_mb=3000"));
        command.addAll(arguments);
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(
                    "the fuzzer ended with " + exit + "; inputs that it found lie in " + FOLDER);
        }
    }

    /** The kept corpus of a target, by name. */
    static Map<String, byte[]> kept(String target) throws IOException {
        Map<String, byte[]> inputs = new TreeMap<>();
        try (InputStream file = Fuzz.class.getResourceAsStream("/fuzz/" + target + ".zip")) {
            if (file != null) {
                ZipInputStream zip = new ZipInputStream(file);
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    inputs.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return inputs;
    }

    private static void keep(String target, Path folder) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        inputs.sort((a, b) -> a.length != b.length ? Integer.compare(a.length, b.length) : Arrays.compare(a, b));
        Files.createDirectories(KEPT);
        Path file = KEPT.resolve(target + ".zip");
        Path part = Files.createTempFile(FOLDER, target, ".zip");
        try (OutputStream out = Files.newOutputStream(part);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            int size = 0;
            for (byte[] input : inputs) {
                size += input.length;
                if (size > MAX_KEPT_BYTES) {
                    break;
                }
                ZipEntry entry = new ZipEntry(name(input));
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(input);
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What a target starts from: histories of Yjs in the shape that it takes. */
    static List<byte[]> seeds(String target) {
        List<byte[]> seeds = new ArrayList<>();
        for (History history : History.golden()) {
            List<byte[]> updates = history.updates();
            byte[] merged = history.answer("merged");
            switch (target) {
                case "update" -> seeds.addAll(updates);
                case "updates", "document" -> seeds.add(joined(updates));
                case "difference" -> seeds.add(joined(List.of(history.answer("have"), merged)));
                case "v2" -> {
                    seeds.add(history.answer("v2"));
                    updates.forEach(update -> seeds.add(UpdatesV2.fromV1(update)));
                }
                case "state-vector" -> seeds.add(history.answer("stateVector"));
                case "message" -> updates.forEach(update -> seeds.add(Bytes.of(0, 2, Bytes.of(update.length), update)));
                case "index" -> seeds.add(joined(List.of(UpdateIndex.of(merged).encode(), merged)));
                default -> {}
            }
        }
        switch (target) {
            case "awareness" -> seeds.add(Bytes.of(2, 7, 1, "{\"name\":\"Ada\"}", 8, 2, "null"));
            case "message" -> {
                seeds.add(Bytes.of(0, 0, 1, 0));
                seeds.add(Bytes.of(1, Bytes.of(10), Bytes.of(1, 7, 1, "{\"a\":1}")));
                seeds.add(Bytes.of(3));
            }
            case "json" -> seeds.addAll(JsonSyntaxTest.samples());
            default -> {}
        }
        return seeds.stream().filter(seed -> seed.length <= MAX_LENGTH).toList();
    }

    private static byte[] joined(List<byte[]> parts) {
        Output out = new Output(64);
        parts.forEach(out::buffer);
        return out.toByteArray();
    }

    private static String name(byte[] input) {
        CRC32 sum = new CRC32();
        sum.update(input);
        return "%d-%08x".formatted(input.length, sum.getValue());
    }
}
