package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.signer.Aws4Signer;
import software.amazon.awssdk.auth.signer.params.Aws4SignerParams;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;

/** A client of topics. It sends forms as SDKs of SNS do, and signs them with Amazon's own signer. */
public final class TopicClient {

    private static final Set<String> SET_BY_THE_CLIENT = Set.of("host", "content-length");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final AccessKeys keys;
    private final String service;

    /**
     * @param service of the scope of signatures: {@code sns}, or {@code s3}
     */
    public TopicClient(S3Server server, AccessKeys keys, String service) {
        this(URI.create("http://127.0.0.1:" + server.port()), keys, service);
    }

    /**
     * @param server its address, without a path
     */
    public TopicClient(URI server, AccessKeys keys, String service) {
        this.endpoint = server.resolve("/");
        this.keys = keys;
        this.service = service;
    }

    /** An answer. */
    public record Reply(int status, String text) {

        /** The text of the first element of that name. */
        public String element(String name) {
            Matcher element =
                    Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(text);
            return element.find() ? element.group(1) : "";
        }

        /** The texts of all elements of that name. */
        public List<String> elements(String name) {
            return Pattern.compile("<" + name + ">([^<]*)</" + name + ">")
                    .matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    /** Sends an action with parameters. */
    public Reply call(String action, String... namesAndValues) throws IOException, InterruptedException {
        return send("", form(action, namesAndValues));
    }

    /** A form of an action with parameters. */
    public static String form(String action, String... namesAndValues) {
        List<String> pairs = new ArrayList<>(List.of("Action=" + action, "Version=2010-03-31"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            pairs.add(encoded(namesAndValues[i]) + "=" + encoded(namesAndValues[i + 1]));
        }
        return String.join("&", pairs);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** Sends a form. */
    public Reply send(String query, String form) throws IOException, InterruptedException {
        return sendAltered(query, form, form);
    }

    /** Signs a form, and sends another one. */
    public Reply sendAltered(String query, String signed, String sent) throws IOException, InterruptedException {
        SdkHttpFullRequest.Builder plain = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .contentStreamProvider(() -> new ByteArrayInputStream(signed.getBytes(UTF_8)));
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] halves = pair.split("=", 2);
            plain.appendRawQueryParameter(halves[0], halves[1]);
        }
        SdkHttpFullRequest request = Aws4Signer.create()
                .sign(
                        plain.build(),
                        Aws4SignerParams.builder()
                                .awsCredentials(AwsBasicCredentials.create(keys.access(), keys.secret()))
                                .signingName(service)
                                .signingRegion(Region.US_EAST_1)
                                .build());
        HttpRequest.Builder wire =
                HttpRequest.newBuilder(request.getUri()).POST(HttpRequest.BodyPublishers.ofString(sent));
        request.headers().forEach((name, values) -> {
            if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> wire.header(name, value));
            }
        });
        HttpResponse<String> answer = http.send(wire.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), answer.body());
    }

    /** Sends a form without a signature. */
    public Reply unsigned(String form) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), answer.body());
    }
}
