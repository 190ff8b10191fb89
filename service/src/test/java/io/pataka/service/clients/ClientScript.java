package io.pataka.service.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of a real client, as Debian ships it. Each fails by itself if bytes or answers are wrong. */
public enum ClientScript {
    SAMPLE("/usr/bin/python3", "sample.py"),
    BOTO("/usr/bin/python3", "boto2.py"),
    BOTO3("/usr/bin/python3", "boto3_journey.py"),
    BOTO3_NOTIFICATIONS("/usr/bin/python3", "boto3_notifications.py"),
    AWS_CLI("/bin/bash", "aws-cli.sh"),
    AWS_CLI_INVENTORY("/bin/bash", "aws-cli-inventory.sh"),
    AWS_CLI_LIFECYCLE("/bin/bash", "aws-cli-lifecycle.sh"),
    AWS_CLI_LOGGING("/bin/bash", "aws-cli-logging.sh"),
    AWS_CLI_LOCK("/bin/bash", "aws-cli-lock.sh"),
    AWS_CLI_TOPICS("/bin/bash", "aws-cli-topics.sh"),
    S3CMD("/bin/bash", "s3cmd.sh"),
    RCLONE("/bin/bash", "rclone.sh"),
    RESTIC("/bin/bash", "restic.sh"),
    CURL("/bin/bash", "curl.sh");

    private static final Path SCRIPTS = Path.of("src/test/clients");
    private static final Duration END = Duration.ofMinutes(5);

    private final String interpreter;
    private final String file;

    ClientScript(String interpreter, String file) {
        this.interpreter = interpreter;
        this.file = file;
    }

    /** Whether it signs requests for another service than S3, which Keystone does not check. */
    public boolean signsForSns() {
        return this == AWS_CLI_TOPICS || this == BOTO3_NOTIFICATIONS;
    }

    /**
     * Runs it with no other settings of this machine's user, and asserts that it succeeds.
     *
     * @param environment endpoint, keys and certificate, as {@code make env} prints them
     * @param bucket that it makes, or the beginning of such names
     * @param home gets what it says and what it writes into its user's home
     * @return what it said, errors included
     */
    public String run(Map<String, String> environment, String bucket, Path home)
            throws IOException, InterruptedException {
        return run(List.of(interpreter, SCRIPTS.resolve(file).toString()), environment, bucket, home);
    }

    /** Runs a line in a shell, as {@link #run} runs a program. */
    public static String paste(String line, Map<String, String> environment, String bucket, Path home)
            throws IOException, InterruptedException {
        return run(List.of("/bin/bash", "-c", line), environment, bucket, home);
    }

    private static String run(List<String> command, Map<String, String> environment, String bucket, Path home)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(home, bucket, ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> variables = builder.environment();
        variables
                .keySet()
                .removeIf(name -> name.startsWith("AWS_")
                        || name.startsWith("RCLONE_")
                        || name.startsWith("BOTO")
                        || name.startsWith("RESTIC_"));
        variables.putAll(environment);
        variables.put("SAMPLE_BUCKET", bucket);
        variables.put("HOME", home.toString());
        variables.put("TZ", "UTC");
        variables.put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        boolean ended = process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(log, UTF_8);
        assertThat(ended).as("%s ended; it said: %s", command, said).isTrue();
        assertThat(process.exitValue()).as("%s said: %s", command, said).isZero();
        return said;
    }
}
