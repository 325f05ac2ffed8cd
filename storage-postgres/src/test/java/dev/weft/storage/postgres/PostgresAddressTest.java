package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresAddressTest {
    @Test
    void partsOfAUrlAreFoundAndDecoded() {
        PGSimpleDataSource source =
                source("postgres://us%40er:p%40ss%2F%25:%C3%BC+w@db.example.com:5433/my%20db?sslmode=require");

        assertThat(source.getServerNames()).containsExactly("db.example.com");
        assertThat(source.getPortNumbers()).containsExactly(5433);
        assertThat(source.getDatabaseName()).isEqualTo("my db");
        assertThat(source.getUser()).isEqualTo("us@er");
        assertThat(source.getPassword()).isEqualTo("p@ss/%:ü+w");
        assertThat(source.getSslMode()).isEqualTo("require");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://u:p@localhost:5432/db",
                "postgresql://u:p@localhost/db",
                "postgresql://u:p@/db",
                "jdbc:postgresql://localhost/db?user=u&password=p"
            })
    void everySpellingIsUnderstood(String text) {
        PGSimpleDataSource source = source(text);

        assertThat(source.getServerNames()).containsExactly("localhost");
        assertThat(source.getDatabaseName()).isEqualTo("db");
        assertThat(source.getUser()).isEqualTo("u");
        assertThat(source.getPassword()).isEqualTo("p");
    }

    @Test
    void ofSeveralHostsTheOneThatTakesWritesIsMeant() {
        PGSimpleDataSource source = source("postgres://u:p@one:1,[::1]:2,three/db");

        assertThat(source.getServerNames()).containsExactly("one", "[::1]", "three");
        assertThat(source.getPortNumbers()).containsExactly(1, 2, 5432);
        assertThat(source.getTargetServerType()).isEqualTo("primary");
    }

    @Test
    void parametersOfLibpqAndNodeAreTranslated() {
        PGSimpleDataSource source = source(
                "postgres://h/db?sslmode=no-verify&connect_timeout=3&application_name=a%26b&channel_binding=require");

        assertThat(source.getSslMode()).isEqualTo("require");
        assertThat(source.getConnectTimeout()).isEqualTo(3);
        assertThat(source.getApplicationName()).isEqualTo("a&b");
        assertThat(source.getChannelBinding()).isEqualTo("require");
    }

    @Test
    void parametersOfTlsArePassedOn() {
        PGSimpleDataSource source = source("postgres://h/db?sslmode=verify-full&sslrootcert=/etc/ca.pem&sslcert=c.pem"
                + "&sslkey=k.pk8&sslnegotiation=direct");

        assertThat(source.getSslMode()).isEqualTo("verify-full");
        assertThat(source.getSslRootCert()).isEqualTo("/etc/ca.pem");
        assertThat(source.getSslCert()).isEqualTo("c.pem");
        assertThat(source.getSslKey()).isEqualTo("k.pk8");
        assertThat(source.getSslNegotiation()).isEqualTo("direct");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://h/db?connectTimeout=7", "jdbc:postgresql://h/db?connectTimeout=7"})
    void whatTheAddressSaysCountsMoreThanTheDefaults(String text) {
        PGSimpleDataSource source = PostgresAddress.parse(text)
                .dataSource(Map.of(PGProperty.CONNECT_TIMEOUT, "1", PGProperty.SOCKET_TIMEOUT, "2"));

        assertThat(source.getConnectTimeout()).isEqualTo(7);
        assertThat(source.getSocketTimeout()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:secret@h/db",
                "h:5432/db",
                "postgres://u:sec/ret@h/db",
                "postgres://u:1/secret@h/db",
                "jdbc:postgresql://h:port/db?password=secret",
                "postgres://u:secret@h/db?nonsense=1",
                "postgres://u:secret@h/db?sslmode",
                "postgres://u:secret@h/db?sslmode=on",
                "postgres://u:secret%4@h/db",
                "postgres://u:secret%zz@h/db",
                "postgres://u:secret%ff@h/db"
            })
    void badAddressIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> new PostgresStorageProvider().open(Settings.of(Map.of("POSTGRES", text))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("POSTGRES has a bad value")
                .hasMessageContaining("postgres://user:password@host:port/database")
                .hasMessageNotContainingAny("secret", "sec/ret", "\n");
    }

    @Test
    void passwordIsNotShown() {
        assertThat(PostgresAddress.parse("postgres://u:secret@h:1/db")).hasToString("Postgres at h:1/db");
        assertThat(PostgresAddress.parse("jdbc:postgresql://h:1/db?password=secret"))
                .hasToString("Postgres at h:1/db");
    }

    private static PGSimpleDataSource source(String text) {
        return PostgresAddress.parse(text).dataSource(Map.of());
    }
}
