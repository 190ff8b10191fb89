package io.pataka.service.operation.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.UsageAnswer;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.traffic.RequestBooks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * As much of Ceph's admin API as the pollsters of Ceilometer for {@code radosgw} read: the buckets of a project with what lies in them,
 * and how many requests it had. Only for the access keys that the settings name. They may read the usage of all projects.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/adminops/">Ceph: admin operations</a>
 */
public final class AdminApi {

    private static final String BUCKETS = "/admin/bucket";
    private static final String USAGE = "/admin/usage";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int PAGE = 1_000;
    private static final int KIBIBYTE = 1024;

    private final BucketCatalog buckets;
    private final BookedRequests requests;
    private final Set<String> accessKeys;
    private final Clock clock;

    /**
     * @param accessKeys of the callers who may use it; if there are none, there is no such API
     */
    public AdminApi(BucketCatalog buckets, RequestBooks books, Set<String> accessKeys, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.requests = new BookedRequests(books);
        this.accessKeys = Set.copyOf(accessKeys);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Whether a request is for this API. Else its path names a bucket and a key. */
    public boolean takes(String method, String rawPath) {
        return !accessKeys.isEmpty() && method.equals("GET") && (rawPath.equals(BUCKETS) || rawPath.equals(USAGE));
    }

    /**
     * @throws S3Exception AccessDenied; InvalidArgument for a parameter; NotImplemented for a form or a question that Ceph has and
     *     this server does not; ServiceUnavailable while a bucket is still being added up
     */
    public S3Response answer(String rawPath, Parameters parameters, Caller caller) {
        if (caller.accessKey().filter(accessKeys::contains).isEmpty()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("cephAdmin.accessKeys does not name the access key");
        }
        if (parameters.first("format").filter(form -> !form.equals("json")).isPresent() || parameters.has("bucket")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, "Only the usage of projects is told here, in JSON");
        }
        String project = project(parameters);
        byte[] document = rawPath.equals(BUCKETS)
                ? json(json -> buckets(json, project, isTrue(parameters, "stats", false)))
                : json(json -> usage(json, project, parameters));
        return S3Response.ok().header("Content-Type", "application/json").body(ByteSource.of(document));
    }

    /** A user of Ceph stands for a project: {@code project}, or {@code project$project} where users have tenants. */
    private static String project(Parameters parameters) {
        Optional<String> uid = parameters.first("uid").filter(text -> !text.isEmpty());
        if (uid.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "uid must name a project").argument("uid", "");
        }
        return uid.get().substring(uid.get().indexOf('$') + 1);
    }

    private static boolean isTrue(Parameters parameters, String name, boolean otherwise) {
        return parameters
                .first(name)
                .map(text -> text.equalsIgnoreCase("true") || text.equals("1"))
                .orElse(otherwise);
    }

    @FunctionalInterface
    private interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] json(Document document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            document.write(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("an array can be written to", impossible);
        }
        return bytes.toByteArray();
    }

    private void buckets(JsonGenerator json, String project, boolean stats) throws IOException {
        json.writeStartArray();
        String after = "";
        List<Bucket> page;
        do {
            page = buckets.page(project, "", after, PAGE);
            for (Bucket bucket : page) {
                if (stats) {
                    stats(json, bucket);
                } else {
                    json.writeString(bucket.name().text());
                }
                after = bucket.name().text();
            }
        } while (page.size() == PAGE);
        json.writeEndArray();
    }

    private void stats(JsonGenerator json, Bucket bucket) throws IOException {
        BucketCatalog.Usage usage = UsageAnswer.require(buckets.usage(bucket));
        json.writeStartObject();
        json.writeStringField("bucket", bucket.name().text());
        json.writeStringField("id", Long.toString(bucket.id()));
        json.writeStringField("owner", bucket.owner().id());
        json.writeStringField("creation_time", bucket.createdAt().toString());
        json.writeObjectFieldStart("usage");
        json.writeObjectFieldStart("rgw.main");
        json.writeNumberField("size", usage.bytes());
        json.writeNumberField("size_kb", (usage.bytes() + KIBIBYTE - 1) / KIBIBYTE);
        json.writeNumberField("num_objects", usage.objects());
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void usage(JsonGenerator json, String project, Parameters parameters) throws IOException {
        UsagePeriod asked = UsagePeriod.of(parameters, "start", "end", clock.instant());
        UsagePeriod period = asked.named() ? asked : new UsagePeriod(Instant.EPOCH, asked.to(), false);
        List<Line> lines = requests.lines(project, period);
        json.writeStartObject();
        if (isTrue(parameters, "show-entries", true)) {
            json.writeArrayFieldStart("entries");
            if (!lines.isEmpty()) {
                entries(json, project, lines);
            }
            json.writeEndArray();
        }
        if (isTrue(parameters, "show-summary", true)) {
            json.writeArrayFieldStart("summary");
            if (!lines.isEmpty()) {
                summary(json, project, lines);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void entries(JsonGenerator json, String project, List<Line> lines) throws IOException {
        json.writeStartObject();
        json.writeStringField("user", project);
        json.writeArrayFieldStart("buckets");
        for (List<Line> ofBucket : BookedRequests.byBucket(lines)) {
            Instant hour = ofBucket.get(0).subject().hour();
            json.writeStartObject();
            json.writeStringField("bucket", ofBucket.get(0).subject().bucket());
            json.writeStringField("time", hour.toString());
            json.writeNumberField("epoch", hour.getEpochSecond());
            json.writeStringField("owner", project);
            categories(json, BookedRequests.byCategory(ofBucket));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void summary(JsonGenerator json, String project, List<Line> lines) throws IOException {
        json.writeStartObject();
        json.writeStringField("user", project);
        categories(json, BookedRequests.byCategory(lines));
        json.writeObjectFieldStart("total");
        counts(json, BookedRequests.total(lines));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void categories(JsonGenerator json, Map<String, Counts> categories) throws IOException {
        json.writeArrayFieldStart("categories");
        for (Map.Entry<String, Counts> category : categories.entrySet()) {
            json.writeStartObject();
            json.writeStringField("category", category.getKey());
            counts(json, category.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void counts(JsonGenerator json, Counts counts) throws IOException {
        json.writeNumberField("bytes_sent", counts.bytesSent());
        json.writeNumberField("bytes_received", counts.bytesReceived());
        json.writeNumberField("ops", counts.ops());
        json.writeNumberField("successful_ops", counts.successfulOps());
    }
}
