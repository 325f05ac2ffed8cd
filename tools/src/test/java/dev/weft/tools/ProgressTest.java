package dev.weft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void lineSaysHowFarHowFastAndHowLong() {
        assertThat(line(1_200, 3_000_000_000L, 0, 10))
                .isEqualTo("1,200 of 50,000 documents, 3.0 GB of 8.0 GB, 300 MB/s, 17 s left");
        assertThat(line(1_200, 1_000, 3, 10))
                .isEqualTo("1,203 of 50,000 documents, 1.0 kB of 8.0 GB, 100 B/s, 22222 h 13 min left, 3 not imported");
        assertThat(line(50_000, 8_000_000_000L, 0, 100))
                .isEqualTo("50,000 of 50,000 documents, 8.0 GB of 8.0 GB, 80 MB/s");
        assertThat(line(0, 0, 0, 0)).isEqualTo("0 of 50,000 documents, 0 B of 8.0 GB, 0 B/s");
    }

    @Test
    void sizesHaveTwoDigitsOrMore() {
        assertThat(Progress.size(999)).isEqualTo("999 B");
        assertThat(Progress.size(1_049)).isEqualTo("1.0 kB");
        assertThat(Progress.size(9_960)).isEqualTo("10 kB");
        assertThat(Progress.size(999_600)).isEqualTo("1.0 MB");
        assertThat(Progress.size(Long.MAX_VALUE)).isEqualTo("9223372 TB");
    }

    private static String line(long imported, long read, long left, double seconds) {
        try (Progress progress = new Progress(
                new PrintWriter(new StringWriter()), true, 50_000, 8_000_000_000L, new ImportReport()::totals)) {
            return progress.line(new ImportReport.Totals(imported, 0, read, 0, 0, left, List.of()), seconds);
        }
    }
}
