package dev.weft.storage.s3;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * How to use a store; {@link S3StorageProvider} tells the settings.
 *
 * @param pathStyle whether the bucket stands in the path of requests and not before the host
 * @param prefix what all keys begin with: empty, or ends with a slash
 * @param encryption what the store is told of how to encrypt; empty to leave it to the bucket
 * @param kmsKey the key for it; empty for the account's own
 * @param createsBucket whether a bucket that is missing is made
 * @param connections the most requests at one time
 * @param partBytes objects longer than that are sent in parts of that many bytes
 * @param timeout how long one request may take with its repetitions
 * @param retries how often a request is repeated that failed
 * @param withYRedis whether documents of y-redis are looked for in the bucket
 */
record S3Options(
        S3Address address,
        boolean pathStyle,
        String prefix,
        Optional<ServerSideEncryption> encryption,
        Optional<String> kmsKey,
        boolean createsBucket,
        int connections,
        int partBytes,
        Duration timeout,
        int retries,
        boolean withYRedis) {
    private static final int DEFAULT_CONNECTIONS = 50;
    private static final int FEWEST_CONNECTIONS = 8;
    private static final int MOST_CONNECTIONS = 1000;
    private static final int MIB = 1024 * 1024;
    private static final int DEFAULT_PART_BYTES = 32 * MIB;
    private static final int LEAST_PART_BYTES = 5 * MIB; // S3's own, but for the last one.
    private static final int MOST_PART_BYTES = 1024 * MIB;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
    private static final int DEFAULT_RETRIES = 3;
    private static final int MOST_RETRIES = 20;
    // A key has at most 1,024 bytes, and ObjectKeys needs its part of them.
    private static final int LONGEST_PREFIX = 400;
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9!_.*'()-]+(?:/[A-Za-z0-9!_.*'()-]+)*");

    static S3Options of(Settings settings) {
        S3Address address = S3Address.of(settings);
        Optional<ServerSideEncryption> encryption =
                settings.value("S3_SSE", "AES256, aws:kms or aws:kms:dsse", S3Options::encryption);
        Optional<String> kmsKey = settings.text("S3_SSE_KMS_KEY_ID");
        if (kmsKey.isPresent()
                && encryption.filter(way -> way != ServerSideEncryption.AES256).isEmpty()) {
            throw new InvalidSettingException("S3_SSE", "aws:kms, because S3_SSE_KMS_KEY_ID is set");
        }
        return new S3Options(
                address,
                settings.flag("S3_PATH_STYLE", address.endpoint().isPresent()),
                settings.<String>value(
                                "S3_PREFIX",
                                "names of letters, digits and !_.*'()- with slashes between, such as weft/documents",
                                S3Options::prefix)
                        .orElse(""),
                encryption,
                kmsKey,
                settings.flag("S3_CREATE_BUCKET", true),
                settings.integer("S3_CONNECTIONS", DEFAULT_CONNECTIONS, FEWEST_CONNECTIONS, MOST_CONNECTIONS),
                settings.integer("S3_PART_BYTES", DEFAULT_PART_BYTES, LEAST_PART_BYTES, MOST_PART_BYTES),
                settings.millis("S3_TIMEOUT", DEFAULT_TIMEOUT, LEAST_TIMEOUT),
                settings.integer("S3_RETRIES", DEFAULT_RETRIES, 0, MOST_RETRIES),
                settings.flag("YREDIS_DOCUMENTS", true));
    }

    private static ServerSideEncryption encryption(String text) {
        ServerSideEncryption way = ServerSideEncryption.fromValue(text);
        if (way == ServerSideEncryption.UNKNOWN_TO_SDK_VERSION) {
            throw new IllegalArgumentException("no such encryption");
        }
        return way;
    }

    private static String prefix(String text) {
        String names = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean isPath = Arrays.stream(names.split("/", -1)).anyMatch(name -> name.equals(".") || name.equals(".."));
        if (!PREFIX.matcher(names).matches() || isPath) {
            throw new IllegalArgumentException("an empty name, one of dots, or another character");
        }
        if (names.length() >= LONGEST_PREFIX) {
            throw new IllegalArgumentException("longer than " + LONGEST_PREFIX + " characters");
        }
        return names + "/";
    }
}
