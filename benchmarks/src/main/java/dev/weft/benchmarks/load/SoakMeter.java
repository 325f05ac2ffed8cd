package dev.weft.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/** Takes samples of a server, a worker and their Redis: collects their garbage first. */
record SoakMeter(WeftContender.RunningWeft server, Program worker, long start) {
    private static final double MEGABYTE = 1e6;

    SoakSample sample() {
        WeftContender.RunningWeft.collect(server.server().pid());
        WeftContender.RunningWeft.collect(worker.pid());
        String metrics = metrics();
        RedisPort redis = new RedisPort(server.redis().port());
        return new SoakSample(
                (System.nanoTime() - start) / 60e9,
                heap(server.server().pid()),
                sum(metrics, "netty_allocator_memory_used\\{.*memory_type=\"direct\".*") / MEGABYTE,
                resident(server.server().pid()),
                heap(worker.pid()),
                resident(worker.pid()),
                redis.usedMemory() / MEGABYTE,
                redis.keys(),
                sum(metrics, "weft_connections .*"),
                sum(metrics, "weft_rooms .*"));
    }

    private static double resident(long pid) {
        return new ProcessMeter(pid).residentBytes() / MEGABYTE;
    }

    /** Of the line {@code … total 262144K, used 12345K …}; the words differ a little from collector to collector. */
    private static double heap(long pid) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.heap_info")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            double kilobytes = output.lines()
                    .filter(line -> line.matches(".*\\bused \\d+[KM].*")
                            && !line.contains("etaspace")
                            && !line.contains("class space"))
                    .mapToDouble(line -> {
                        String used = line.replaceAll(".*\\bused (\\d+[KM]).*", "$1");
                        double number = Double.parseDouble(used.substring(0, used.length() - 1));
                        return used.endsWith("M") ? number * 1024 : number;
                    })
                    .sum();
            return kilobytes * 1024 / MEGABYTE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String metrics() {
        URI address = URI.create("http://127.0.0.1:" + server.target().port() + "/metrics");
        try (var stream = address.toURL().openStream()) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param pattern of whole lines; there must be one */
    private static double sum(String metrics, String pattern) {
        if (metrics.lines().noneMatch(line -> line.matches(pattern))) {
            throw new LoadException("the server has no metric " + pattern);
        }
        return metrics.lines()
                .filter(line -> line.matches(pattern))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
