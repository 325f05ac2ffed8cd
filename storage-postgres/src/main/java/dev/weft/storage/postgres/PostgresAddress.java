package dev.weft.storage.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and how to log in, read from one of
 *
 * <ul>
 *   <li>{@code postgres://user:password@host:port/database?parameter=value}, as libpq and Node's clients read it; also {@code
 *       postgresql://}. All but the host is percent-decoded. Several hosts stand one after the other, with commas: the one that takes
 *       writes is found. Parameters are pgjdbc's, and those of libpq that pgjdbc has under other names;
 *   <li>{@code jdbc:postgresql://…}, as pgjdbc reads it.
 * </ul>
 *
 * @param shown hosts and database, for messages: no user, no password
 * @param properties names and values as pgjdbc knows them; secret
 */
record PostgresAddress(String jdbcUrl, String shown, Map<String, String> properties) {
    private static final String JDBC = "jdbc:postgresql:";
    private static final Pattern URL = Pattern.compile(
            "postgres(?:ql)?://(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:/(?<database>[^/?#@]*))?(?:\\?(?<query>.*))?");
    private static final String HOST = "(?:\\[[0-9A-Fa-f:.]+\\]|[^,:\\[\\]]+)(?::\\d{1,5})?";
    private static final Pattern HOSTS = Pattern.compile("(?:" + HOST + "(?:," + HOST + ")*)?");
    private static final String DEFAULT_HOST = "localhost";

    /** Names of libpq, and what pgjdbc calls them. */
    private static final Map<String, String> LIBPQ = Map.of(
            "connect_timeout", "connectTimeout",
            "application_name", "ApplicationName",
            "channel_binding", "channelBinding",
            "gssencmode", "gssEncMode",
            "sslnegotiation", "sslNegotiation",
            "search_path", "currentSchema");

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    PostgresAddress {
        properties = Map.copyOf(properties);
    }

    /** @throws IllegalArgumentException if {@code text} is neither, with a message that repeats no secret */
    static PostgresAddress parse(String text) {
        if (text.startsWith(JDBC)) {
            return checked(new PostgresAddress(text, shownOfJdbc(text), Map.of()));
        }
        Matcher url = URL.matcher(text);
        if (!url.matches() || !HOSTS.matcher(url.group("hosts")).matches()) {
            throw new IllegalArgumentException(
                    "not of this form; a character like / ? # @ in the password is written %2F %3F" + " %23 %40");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        query(url.group("query")).forEach((name, value) -> properties.put(property(name), valueOf(name, value)));
        String login = Optional.ofNullable(url.group("login")).orElse("");
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        if (!user.isEmpty()) {
            properties.put(PGProperty.USER.getName(), decode(user));
        }
        if (colon >= 0) {
            properties.put(PGProperty.PASSWORD.getName(), decode(login.substring(colon + 1)));
        }
        String database = decode(Optional.ofNullable(url.group("database")).orElse(""));
        if (!database.isEmpty()) {
            properties.put(PGProperty.PG_DBNAME.getName(), database);
        }
        String hosts = url.group("hosts").isEmpty() ? DEFAULT_HOST : url.group("hosts");
        if (hosts.contains(",")) {
            properties.putIfAbsent(PGProperty.TARGET_SERVER_TYPE.getName(), "primary");
        }
        return checked(new PostgresAddress(JDBC + "//" + hosts + "/", hosts + "/" + database, properties));
    }

    private static PostgresAddress checked(PostgresAddress address) {
        try {
            address.dataSource(Map.of());
        } catch (IllegalArgumentException e) {
            // Its message holds the whole address.
            throw new IllegalArgumentException("pgjdbc does not understand it", e);
        }
        return address;
    }

    /** A source of new connections; {@code defaults} count where the address says nothing. */
    PGSimpleDataSource dataSource(Map<PGProperty, String> defaults) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        try {
            for (Map.Entry<String, String> property : properties.entrySet()) {
                source.setProperty(property.getKey(), property.getValue());
            }
            for (Map.Entry<PGProperty, String> property : defaults.entrySet()) {
                boolean given = properties.containsKey(property.getKey().getName())
                        || jdbcUrl.contains(property.getKey().getName() + "=");
                if (!given) {
                    source.setProperty(property.getKey(), property.getValue());
                }
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return source;
    }

    private static Map<String, String> query(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("what follows ? is parameter=value, with & between them");
            }
            parameters.put(decode(parameter.substring(0, equals)), decode(parameter.substring(equals + 1)));
        }
        return parameters;
    }

    private static String property(String name) {
        String property = LIBPQ.getOrDefault(name, name);
        if (PGProperty.forName(property) == null) {
            throw new IllegalArgumentException("unknown parameter " + name);
        }
        return property;
    }

    private static String valueOf(String name, String value) {
        if (!name.equals("sslmode")) {
            return value;
        }
        // Node's word for it.
        String mode = value.equals("no-verify") ? "require" : value;
        if (!SSL_MODES.contains(mode)) {
            throw new IllegalArgumentException("sslmode is one of " + String.join(", ", SSL_MODES));
        }
        return mode;
    }

    private static String decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) != '%') {
                int point = text.codePointAt(i);
                bytes.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
                continue;
            }
            if (i + 3 > text.length()) {
                throw new IllegalArgumentException("a % without two hexadecimal digits; write %25 for %");
            }
            try {
                bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a % without two hexadecimal digits; write %25 for %", e);
            }
            i += 3;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("percent-encoded bytes that are not UTF-8", e);
        }
    }

    private static String shownOfJdbc(String url) {
        int query = url.indexOf('?');
        String place = query < 0 ? url : url.substring(0, query);
        return place.substring(JDBC.length()).replaceFirst("^//", "");
    }

    /** Without properties, for the password is among them. */
    @Override
    public String toString() {
        return "Postgres at " + shown;
    }
}
