package io.pataka.service.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {

    @Test
    void tellsOperationAndAction() throws IOException {
        assertThat(explain("GET /b/k?acl&versionId=3"))
                .contains("operation  GetObjectAcl", "action     s3:GetObjectVersionAcl", "class      ");
        assertThat(explain("GET /")).contains("operation  ListBuckets");
        assertThat(explain("PUT /b/")).contains("operation  CreateBucket");
    }

    @Test
    void takesHeadersThatDecide() throws IOException {
        assertThat(explain("PUT /b/k", "x-amz-copy-source: /b/l")).contains("operation  CopyObject");
    }

    @Test
    void tellsWhyARequestIsRefused() throws IOException {
        assertThat(explain("DELETE /b?acl")).contains("refused    405 MethodNotAllowed");
        assertThat(explain("nonsense")).contains("A request is a method and a path");
    }

    private static String explain(String request, String... headers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ExplainCommand(new PrintStream(out, true, UTF_8)).explain(request, List.of(headers));
        return out.toString(UTF_8);
    }
}
