package dev.weft.settings;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/**
 * What the operator configured: environment variables first, then the file {@code .env}.
 *
 * <p>Every read names the variable as the operator knows it ({@code REDIS_TASK_DEBOUNCE}), so that an error can name it too. A blank
 * value counts as absent. Quotes around a whole value are dropped, as Node's and Docker's readers of {@code .env} do. Instances are
 * immutable and may be shared between threads.
 */
public final class Settings {
    private static final int ENVIRONMENT_ORDINAL = 300;
    private static final int FILE_ORDINAL = 200;

    private final SmallRyeConfig config;

    private Settings(SmallRyeConfig config) {
        this.config = config;
    }

    /**
     * Reads the environment of this process and, where it exists, {@code .env} in {@code directory}.
     *
     * @throws InvalidSettingException if {@code .env} exists and cannot be read
     */
    public static Settings load(Path directory) {
        Map<String, String> file = new HashMap<>();
        Path path = directory.resolve(".env");
        if (Files.exists(path)) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                throw new InvalidSettingException(".env", "a readable file of NAME=value lines", path.toString(), e);
            }
            properties.stringPropertyNames().forEach(name -> file.put(name, properties.getProperty(name)));
        }
        return new Settings(new SmallRyeConfigBuilder()
                .withSources(
                        new EnvConfigSource(System.getenv(), ENVIRONMENT_ORDINAL),
                        new PropertiesConfigSource(file, ".env", FILE_ORDINAL))
                .build());
    }

    /** Settings from a map alone, for tests and for processes that start others inside themselves. */
    public static Settings of(Map<String, String> values) {
        return new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.copyOf(values), "map", ENVIRONMENT_ORDINAL))
                .build());
    }

    /** The value as text, without surrounding blanks and quotes; empty if absent or blank. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(config.getConfigValue(name).getValue())
                .map(String::strip)
                .map(Settings::unquote)
                .filter(value -> !value.isBlank());
    }

    /**
     * The value, parsed.
     *
     * @param expects what a good value looks like, for the error message
     * @param parser may throw any runtime exception on a bad value; its message becomes part of the error
     * @throws InvalidSettingException if the value is present and the parser refuses it
     */
    public <T> Optional<T> value(String name, String expects, Function<String, ? extends T> parser) {
        Optional<String> text = text(name);
        try {
            return text.map(parser);
        } catch (RuntimeException e) {
            throw new InvalidSettingException(name, expects, text.orElseThrow(), e);
        }
    }

    /**
     * The value, parsed; see {@link #value}.
     *
     * @throws InvalidSettingException also if it is absent
     */
    public <T> T required(String name, String expects, Function<String, ? extends T> parser) {
        Optional<T> value = value(name, expects, parser);
        return value.orElseThrow(() -> new InvalidSettingException(name, expects));
    }

    /** A whole number between {@code min} and {@code max}, both included. */
    public int integer(String name, int defaultValue, int min, int max) {
        String expects = "a whole number from " + min + " to " + max + " (default " + defaultValue + ")";
        return this.<Integer>value(name, expects, text -> {
                    int number = Integer.parseInt(text);
                    if (number < min || number > max) {
                        throw new IllegalArgumentException("out of range");
                    }
                    return number;
                })
                .orElse(defaultValue);
    }

    /** A duration given as a whole number of milliseconds, at least {@code min}. */
    public Duration millis(String name, Duration defaultValue, Duration min) {
        String expects = "a whole number of milliseconds, at least " + min.toMillis() + " (default "
                + defaultValue.toMillis() + ")";
        return this.<Duration>value(name, expects, text -> {
                    Duration duration = Duration.ofMillis(Long.parseLong(text));
                    if (duration.compareTo(min) < 0) {
                        throw new IllegalArgumentException("too small");
                    }
                    return duration;
                })
                .orElse(defaultValue);
    }

    /** {@code true}, {@code 1}, {@code yes}, {@code on} or their opposites. */
    public boolean flag(String name, boolean defaultValue) {
        return this.<Boolean>value(
                        name, "true or false (default " + defaultValue + ")", text -> switch (text.toLowerCase(
                                java.util.Locale.ROOT)) {
                            case "true", "1", "yes", "on" -> true;
                            case "false", "0", "no", "off" -> false;
                            default -> throw new IllegalArgumentException("neither true nor false");
                        })
                .orElse(defaultValue);
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '\'' || value.charAt(0) == '"')
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
