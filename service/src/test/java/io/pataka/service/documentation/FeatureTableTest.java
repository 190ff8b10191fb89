package io.pataka.service.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.S3Operation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FeatureTableTest {

    private final FeatureTable table = new FeatureTable(Path.of(".."));

    @Test
    void readmeSaysWhichOperationsWork() throws Exception {
        assertThat(table.inReadme())
                .as("the features in README.md; `make features` writes them")
                .isEqualTo(table.text());
    }

    @Test
    void everyOperationIsInTheTable() throws Exception {
        String text = table.text();

        assertThat(S3Operation.all())
                .allSatisfy(operation -> assertThat(text).containsPattern("\\b" + operation.amazonName() + "\\b"));
    }
}
