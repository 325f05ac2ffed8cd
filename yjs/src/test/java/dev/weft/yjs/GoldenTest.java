package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories recorded from Yjs (src/test/js/golden.mjs): the proof that needs no Node. */
class GoldenTest {
    @Test
    void everyOperationAnswersAsYjsDid() {
        List<History> histories = History.golden();
        assertThat(histories).hasSize(60);
        histories.forEach(HistoryChecks::check);
        histories.forEach(CompactionChecks::check);
    }

    @Test
    void documentsTellAndShowWhatTheyDidInYjs() {
        List<DocumentHistory> histories = DocumentHistory.golden();
        assertThat(histories).hasSize(60);
        histories.forEach(DocumentHistory::check);
    }
}
