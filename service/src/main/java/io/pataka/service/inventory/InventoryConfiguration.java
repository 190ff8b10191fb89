package io.pataka.service.inventory;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.EncryptionChoice;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which reports of itself a bucket has written, and where.
 *
 * @param id unique in the bucket: 1 to 64 letters, digits, dots, dashes and underscores
 * @param enabled whether reports are written
 * @param prefix of the keys that are reported; empty for all
 * @param allVersions whether noncurrent versions and delete markers are reported
 * @param fields in the order in which the client named them
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html">AWS: InventoryConfiguration</a>
 */
public record InventoryConfiguration(
        String id,
        boolean enabled,
        Destination destination,
        Frequency frequency,
        Optional<String> prefix,
        boolean allVersions,
        List<InventoryField> fields) {

    public InventoryConfiguration {
        Objects.requireNonNull(id);
        Objects.requireNonNull(destination);
        Objects.requireNonNull(frequency);
        Objects.requireNonNull(prefix);
        fields = List.copyOf(fields);
    }

    /**
     * Where reports go.
     *
     * @param account that must own the bucket; empty for any
     * @param prefix of the keys of reports; empty for none
     * @param encryption of the objects of a report; empty for what the bucket says
     */
    public record Destination(
            BucketName bucket,
            Optional<String> account,
            Optional<String> prefix,
            Optional<EncryptionChoice> encryption) {
        public Destination {
            Objects.requireNonNull(bucket);
            Objects.requireNonNull(account);
            Objects.requireNonNull(prefix);
            Objects.requireNonNull(encryption);
        }
    }

    /** How often there is a report. Days begin at midnight in UTC, weeks on Sunday. */
    public enum Frequency {
        DAILY("Daily"),
        WEEKLY("Weekly");

        private final String text;

        Frequency(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /** The beginning of the day or week. A report that was written since then is not written again. */
        public Instant beginning(Instant now) {
            LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
            LocalDate first = this == DAILY ? day : day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
            return first.atStartOfDay(ZoneOffset.UTC).toInstant();
        }
    }
}
