package io.pataka.service.development;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.testing.AccessKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The text that is printed after the start: endpoint, keys and commands. */
record Welcome(DevelopmentSettings settings, AccessKeys keys, Path certificate) {

    /** Writes the lines that {@code make env} prints, readable by their owner only. */
    void writeEnvironment(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, environment(), UTF_8);
    }

    private String endpoint() {
        return "https://localhost:" + settings.httpsPort();
    }

    private String environment() {
        return """
                export AWS_ACCESS_KEY_ID=%s
                export AWS_SECRET_ACCESS_KEY=%s
                export AWS_ENDPOINT_URL=%s
                export AWS_CA_BUNDLE='%s'
                """.formatted(
                keys.access(), keys.secret(), endpoint(), certificate.toString().replace("'", "'\\''"));
    }

    String text() {
        return """

                Pataka is ready. Everything it keeps is in %s; Ctrl-C stops it.

                  endpoint    %s   (and http://localhost:%d)
                  access key  %s
                  secret key  %s
                  metrics     http://localhost:%d/metrics

                In another shell, from the same folder, `eval "$(%s)"`, or paste:

                %s
                and then, as you like:

                aws --endpoint-url "$AWS_ENDPOINT_URL" s3 mb s3://my-bucket

                s3cmd --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" --ca-certs="$AWS_CA_BUNDLE" --host=localhost:%d --host-bucket=localhost:%d mb s3://my-bucket

                env -u AWS_CA_BUNDLE rclone --ca-cert "$AWS_CA_BUNDLE" --s3-env-auth --s3-provider=Other --s3-endpoint="$AWS_ENDPOINT_URL" mkdir :s3:my-bucket

                /usr/bin/python3 -c 'import boto3, os; boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"]).create_bucket(Bucket="my-bucket")'
                """.formatted(
                        settings.data(),
                        endpoint(),
                        settings.httpPort(),
                        keys.access(),
                        keys.secret(),
                        settings.adminPort(),
                        settings.makeEnv(),
                        environment(),
                        settings.httpsPort(),
                        settings.httpsPort());
    }
}
