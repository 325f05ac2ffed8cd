package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @Test
    void dataSurviveStopAndRestart(@TempDir Path folder) throws SQLException {
        try (TestPostgres postgres = TestPostgres.start(folder.resolve("data"))) {
            run(postgres.url(), "CREATE TABLE kept AS SELECT 1");

            postgres.stop();
            assertThatThrownBy(() -> connect(postgres.url())).isInstanceOf(SQLException.class);
            postgres.restart();

            run(postgres.url(), "SELECT * FROM kept");
            assertThat(setting(postgres.url(), "fsync")).isEqualTo("on");
        }
    }

    @Test
    void eachDatabaseIsEmptyAndApart() throws SQLException {
        String one = TestPostgres.shared().createDatabase();
        String other = TestPostgres.shared().createDatabase();

        run(one, "CREATE TABLE only_here (id int)");

        assertThatThrownBy(() -> run(other, "SELECT * FROM only_here")).isInstanceOf(SQLException.class);
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String setting(String url, String name) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(String url) throws SQLException {
        URI uri = URI.create(url);
        String[] login = uri.getUserInfo().split(":", 2);
        String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        return DriverManager.getConnection(jdbc, login[0], login[1]);
    }
}
