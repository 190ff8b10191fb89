package io.pataka.service.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The keys and texts of one report: files of lines, a list of the files for Hive, a manifest, and its checksum.
 *
 * @param started when the report was begun, of which the keys have the minute
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html">AWS: locating your inventory
 *     list</a>
 */
public record InventoryReport(BucketName source, InventoryConfiguration configuration, Instant started) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HIVE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String CHECKSUM = "/manifest.checksum";

    public InventoryReport {
        Objects.requireNonNull(source);
        Objects.requireNonNull(configuration);
        Objects.requireNonNull(started);
    }

    /** With what all keys of the reports of a configuration begin; ends with a slash. */
    public static String folder(BucketName source, InventoryConfiguration configuration) {
        String prefix = configuration.destination().prefix().orElse("");
        return prefix + (prefix.isEmpty() || prefix.endsWith("/") ? "" : "/") + source.text() + "/" + configuration.id()
                + "/";
    }

    private String folder() {
        return folder(source, configuration);
    }

    /** With what the keys of checksums of reports begin that were begun at a moment or later; the first is the smallest. */
    public static String folderSince(BucketName source, InventoryConfiguration configuration, Instant moment) {
        return folder(source, configuration) + STAMP.format(moment);
    }

    /** Whether a key below the folder is that of the checksum of a complete report. */
    public static boolean isChecksum(ObjectKey key) {
        return key.toString().endsWith(CHECKSUM);
    }

    /** With what the keys of the files of this report begin. */
    public String files() {
        return folder() + "data/" + STAMP.format(started) + "-";
    }

    /**
     * @param number from 0
     */
    public ObjectKey file(int number) {
        return ObjectKey.of(files() + "%06d.csv.gz".formatted(number));
    }

    public ObjectKey hive() {
        return ObjectKey.of(folder() + "hive/dt=" + HIVE.format(started) + "/symlink.txt");
    }

    public ObjectKey manifest() {
        return ObjectKey.of(folder() + STAMP.format(started) + "/manifest.json");
    }

    /** Written last: a report that has it is complete. */
    public ObjectKey checksum() {
        return ObjectKey.of(folder() + STAMP.format(started) + CHECKSUM);
    }

    /** A line of a file, with its line feed. */
    public static String line(List<InventoryField> columns, ListedEntry entry) {
        return columns.stream()
                .map(column -> "\"" + column.value(entry) + "\"")
                .collect(Collectors.joining(",", "", "\n"));
    }

    /**
     * A file of a report.
     *
     * @param md5 hexadecimal, of its bytes
     */
    public record File(ObjectKey key, long size, String md5) {
        public File {
            Objects.requireNonNull(key);
            Objects.requireNonNull(md5);
        }
    }

    public byte[] hiveText(List<File> files) {
        return files.stream()
                .map(file -> "s3://" + configuration.destination().bucket().text() + "/" + file.key())
                .collect(Collectors.joining("\n"))
                .getBytes(UTF_8);
    }

    public byte[] manifestText(List<File> files) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("sourceBucket", source.text());
        manifest.put(
                "destinationBucket",
                "arn:aws:s3:::" + configuration.destination().bucket().text());
        manifest.put("version", "2016-11-30");
        manifest.put("creationTimestamp", Long.toString(started.toEpochMilli()));
        manifest.put("fileFormat", "CSV");
        manifest.put(
                "fileSchema",
                InventoryField.columns(configuration).stream()
                        .map(InventoryField::text)
                        .collect(Collectors.joining(", ")));
        ArrayNode list = manifest.putArray("files");
        for (File file : files) {
            list.addObject()
                    .put("key", file.key().toString())
                    .put("size", file.size())
                    .put("MD5checksum", file.md5());
        }
        return manifest.toPrettyString().getBytes(UTF_8);
    }
}
