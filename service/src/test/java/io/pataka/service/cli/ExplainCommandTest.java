package io.pataka.service.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.AccessExplanation;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.Subparser;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {

    private S3Request asked;
    private Caller caller;
    private String settings;

    @Test
    void printsOperationAndAction() throws Exception {
        assertThat(explain("GET /b/k?acl&versionId=3"))
                .contains("operation  GetObjectAcl", "action     s3:GetObjectVersionAcl", "class      ");
        assertThat(explain("GET /")).contains("operation  ListBuckets");
        assertThat(explain("PUT /b/")).contains("operation  CreateBucket");
        assertThat(asked).as("no settings, no database").isNull();
    }

    @Test
    void takesHeadersThatDecide() throws Exception {
        assertThat(explain("PUT /b/k", "-H", "x-amz-copy-source: /b/l")).contains("operation  CopyObject");
        assertThat(explain("GET /v20180820/configuration/publicAccessBlock", "-H", "x-amz-account-id: p"))
                .contains("operation  GetAccountPublicAccessBlock");
    }

    @Test
    void printsWhyARequestIsRefused() throws Exception {
        assertThat(explain("DELETE /b?acl")).contains("refused    405 MethodNotAllowed");
        assertThat(explain("nonsense")).contains("A request is a method and a path");
    }

    @Test
    void asksForTheCallerThatIsDescribed() throws Exception {
        String printed = explain(
                "GET /b%20c/k%2Fl?versionId=3",
                "--settings=pataka.yml",
                "--project=p",
                "--user=u",
                "--domain=d",
                "--role=reader",
                "--role=janitor",
                "--from=192.0.2.7",
                "--https");

        assertThat(caller)
                .isEqualTo(new Caller(
                        new Owner("p", "p"),
                        new Owner("u", "u"),
                        "d",
                        Set.of("reader", "janitor"),
                        Optional.of("explain")));
        assertThat(settings).isEqualTo("pataka.yml");
        assertThat(asked.bucket().orElseThrow().text()).isEqualTo("b c");
        assertThat(asked.key().orElseThrow()).hasToString("k/l");
        assertThat(asked.raw().remoteAddress()).isEqualTo("192.0.2.7");
        assertThat(asked.raw().secure()).isTrue();
        assertThat(printed.lines().skip(4))
                .containsExactly("looks at   a fact", "decides    a rule", "refused    403 AccessDenied");
    }

    @Test
    void refusesARequestWithoutACaller() throws Exception {
        assertThat(explain("GET /b/k", "--settings=s")).contains("acts for a --project, or is --anonymous");
        assertThat(explain("GET /b/k", "--settings=s", "--anonymous", "--project=p"))
                .contains("acts for a --project, or is --anonymous");
        assertThat(asked).isNull();
        assertThat(explain("GET /b/k", "--settings=s", "--anonymous")).contains("caller     anonymous");
        assertThat(caller.isAnonymous()).isTrue();
    }

    private String explain(String request, String... options) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExplainCommand command = new ExplainCommand(
                (bootstrap, file, read, who) -> {
                    settings = file;
                    asked = read;
                    caller = who;
                    return new AccessExplanation(
                            List.of("a fact"), List.of("a rule"), Optional.of(S3Error.ACCESS_DENIED));
                },
                new PrintStream(out, true, UTF_8));
        ArgumentParser parser = ArgumentParsers.newFor("pataka").build();
        Subparser explain = parser.addSubparsers().addParser("explain");
        command.configure(explain);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "explain";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[arguments.length - 1] = request;
        command.explain(null, parser.parseArgs(arguments));
        return out.toString(UTF_8);
    }
}
