package io.pataka.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that ran out of memory once does not work reliably, so every command that is shipped ends it. */
class ShippedCommandsTest {

    private static final Pattern COMMAND = Pattern.compile("(?m)^.*(\\bjava|JAVA\\)|java\\)).* -(jar|cp) .*$");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "ARCHITECTURE.md",
                "service/docs/sharing.md",
                "service/docs/encryption.md",
                "service/docs/usage.md",
                "Makefile",
                "etc/pataka.service",
                "devstack/lib/pataka",
                "devstack/standalone.sh"
            })
    void endWhenMemoryIsOut(String file) throws Exception {
        String text = Files.readString(Path.of("..").resolve(file));
        String options = text.lines()
                .filter(line -> line.contains("JAVA_OPTIONS="))
                .findFirst()
                .orElse("");
        List<String> commands = COMMAND.matcher(text.replace("$JAVA_OPTIONS", options))
                .results()
                .map(found -> found.group())
                .toList();

        assertThat(commands)
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command).contains("-XX:+ExitOnOutOfMemoryError"));
    }
}
