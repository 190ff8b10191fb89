package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A browser's form, whose policy is signed. */
record PostPolicyForm(WireSigner signer, boolean version4) implements SignatureForm {

    private static final String FILE = "some bytes";

    @Override
    public boolean fits(OperationExample example) {
        return example.operation() == S3Operation.POST_OBJECT;
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        return form(example, fields(example, now, 900, 100), FILE);
    }

    private Map<String, String> fields(OperationExample example, Instant now, int seconds, int longest) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "posted");
        fields.put("x-amz-meta-colour", "red");
        if (version4) {
            fields.put("x-amz-algorithm", WireSigner.V4);
            fields.put("x-amz-credential", signer.credential(now));
            fields.put("x-amz-date", WireSigner.basic(now));
        }
        StringBuilder policy = new StringBuilder("{\"expiration\": \"")
                .append(now.plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS))
                .append("\", \"conditions\": [{\"bucket\": \"")
                .append(example.plain().path().substring(1))
                .append("\"}, [\"content-length-range\", 1, ")
                .append(longest)
                .append(']');
        fields.forEach((name, value) -> policy.append(", {\"")
                .append(name)
                .append("\": \"")
                .append(value)
                .append("\"}"));
        String encoded = Base64.getEncoder()
                .encodeToString(policy.append("]}").toString().getBytes(UTF_8));
        fields.put("policy", encoded);
        if (version4) {
            fields.put("x-amz-signature", signer.hmac4(now, encoded));
        } else {
            fields.put("AWSAccessKeyId", signer.keys().access());
            fields.put("signature", signer.hmac2(encoded));
        }
        return fields;
    }

    private static WireRequest form(OperationExample example, Map<String, String> fields, String file) {
        StringBuilder body = new StringBuilder();
        fields.forEach((name, value) -> body.append("--edge\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        body.append("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n")
                .append(file)
                .append("\r\n--edge--\r\n");
        return new WireRequest(
                        "POST",
                        example.plain().path(),
                        List.of(),
                        example.plain().withoutHeader("x-amz-meta-colour").headers(),
                        body.toString().getBytes(ISO_8859_1))
                .header("content-type", "multipart/form-data; boundary=edge");
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, String> without(Map<String, String> fields, String name) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.remove(name);
        return changed;
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        Map<String, String> right = fields(example, now, 900, 100);
        List<Change> changes = new ArrayList<>();
        String field = version4 ? "x-amz-signature" : "signature";
        if (version4) {
            changes.addAll(WireSigner.hexFlips(
                    "signature", right.get(field), changed -> form(example, with(right, field, changed), FILE)));
            version4(example, right, now, changes);
        } else {
            changes.addAll(WireSigner.base64Flips(
                    "signature", right.get(field), changed -> form(example, with(right, field, changed), FILE)));
            changes.add(Change.of(
                    "another key",
                    form(example, with(right, "AWSAccessKeyId", "PATAKATESU"), FILE),
                    S3Error.INVALID_ACCESS_KEY_ID));
        }
        right.keySet().stream()
                .filter(name -> !name.equals("key") && !name.equals("x-amz-meta-colour"))
                .forEach(name -> changes.add(Change.of(
                        "without " + name, form(example, without(right, name), FILE), S3Error.INVALID_ARGUMENT)));
        Map<String, String> bare = new LinkedHashMap<>(Map.of("key", "posted"));
        changes.add(Change.of("no signature", form(example, bare, FILE), S3Error.ACCESS_DENIED));
        ofThePolicy(example, right, now, changes);
        for (String name : List.of("key", "x-amz-meta-colour")) {
            changes.add(Change.of(
                    "another " + name,
                    form(example, with(right, name, WireRequest.flipped(right.get(name))), FILE),
                    S3Error.ACCESS_DENIED));
        }
        changes.add(Change.of(
                "a field more", form(example, with(right, "x-amz-meta-size", "1"), FILE), S3Error.ACCESS_DENIED));
        changes.add(Change.of(
                "a bucket that is not there",
                form(example, right, FILE).path(example.plain().path() + "x"),
                S3Error.NO_SUCH_BUCKET));
        changes.add(Change.of(
                "a file larger than allowed", form(example, right, FILE.repeat(11)), S3Error.ENTITY_TOO_LARGE));
        changes.add(Change.of("an empty file", form(example, right, ""), S3Error.ENTITY_TOO_SMALL));
        return changes;
    }

    private static void version4(
            OperationExample example, Map<String, String> right, Instant now, List<Change> changes) {
        String credential = right.get("x-amz-credential");
        changes.add(Change.of(
                "another key",
                form(example, with(right, "x-amz-credential", "X" + credential), FILE),
                S3Error.INVALID_ACCESS_KEY_ID));
        changes.add(Change.of(
                "another region in the scope",
                form(example, with(right, "x-amz-credential", credential.replace("us-east-1", "us-east-2")), FILE),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "another end of the scope",
                form(example, with(right, "x-amz-credential", WireRequest.flipped(credential)), FILE),
                S3Error.INVALID_ARGUMENT));
        changes.add(Change.of(
                "another algorithm",
                form(example, with(right, "x-amz-algorithm", "AWS4-HMAC-SHA257"), FILE),
                S3Error.INVALID_ARGUMENT));
        String day = right.get("x-amz-date").substring(0, 8);
        String second = right.get("x-amz-date").endsWith("235959Z") ? "T235958Z" : "T235959Z";
        changes.add(Change.of(
                "another time of the day",
                form(example, with(right, "x-amz-date", day + second), FILE),
                S3Error.ACCESS_DENIED));
        changes.add(Change.of(
                "another day",
                form(example, with(right, "x-amz-date", WireSigner.basic(now.plusSeconds(86_400))), FILE),
                S3Error.INVALID_ARGUMENT));
    }

    private void ofThePolicy(OperationExample example, Map<String, String> right, Instant now, List<Change> changes) {
        changes.add(Change.of(
                "a policy that lasts longer",
                form(
                        example,
                        with(right, "policy", fields(example, now, 901, 100).get("policy")),
                        FILE),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "a policy that allows more",
                form(
                        example,
                        with(right, "policy", fields(example, now, 900, 101).get("policy")),
                        FILE),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "a policy that has ended", form(example, fields(example, now, -1, 100), FILE), S3Error.ACCESS_DENIED));
        byte[] policy = Base64.getDecoder().decode(right.get("policy"));
        for (int at = 0; at < policy.length; at++) {
            changes.add(Change.of(
                    "a bit of byte " + at + " of the policy",
                    form(
                            example,
                            with(right, "policy", Base64.getEncoder().encodeToString(WireRequest.flipped(policy, at))),
                            FILE),
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    S3Error.INVALID_POLICY_DOCUMENT));
        }
    }
}
