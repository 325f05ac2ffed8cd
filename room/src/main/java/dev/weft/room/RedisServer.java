package dev.weft.room;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code INFO server} says.
 *
 * @param runId names the process: another after each restart or failover
 * @param version of Redis; Valkey gives the version of Redis that it is compatible with
 * @param valkey whether it is Valkey
 */
record RedisServer(String runId, String version, boolean valkey) {
    private static final int OLDEST_MAJOR = 7;

    static RedisServer parse(String info) {
        Map<String, String> fields = info.lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        return new RedisServer(
                fields.getOrDefault("run_id", ""),
                fields.getOrDefault("redis_version", ""),
                fields.containsKey("valkey_version") || "valkey".equals(fields.get("server_name")));
    }

    /** Throws {@link RedisUnavailableException} if it lacks what is needed (sharded publication came with 7.0). */
    void check(String address) {
        int dot = version.indexOf('.');
        String major = dot < 0 ? version : version.substring(0, dot);
        if (!valkey && (!major.matches("\\d{1,6}") || Integer.parseInt(major) < OLDEST_MAJOR)) {
            throw new RedisUnavailableException("Redis at " + address + " has version "
                    + (version.isEmpty() ? "unknown" : version) + "; needed is 7.0 or newer, or Valkey");
        }
    }
}
