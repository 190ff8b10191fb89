package io.pataka.service.cloud;

import io.pataka.keystone.testing.Ec2Key;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Amazon's Java client over plain HTTP, where it signs each chunk of a body. */
final class ChunkedUploads implements AutoCloseable {

    private final AtomicReference<String> payload = new AtomicReference<>();
    private final S3Client client;

    private ChunkedUploads(URI endpoint, Ec2Key key, RequestChecksumCalculation checksums) {
        this.client = S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .requestChecksumCalculation(checksums)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(key.access(), key.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(configuration -> configuration
                        .retryStrategy(retry -> retry.maxAttempts(1))
                        .addExecutionInterceptor(new ExecutionInterceptor() {
                            @Override
                            public void beforeTransmission(
                                    Context.BeforeTransmission context, ExecutionAttributes attributes) {
                                payload.set(context.httpRequest()
                                        .firstMatchingHeader("x-amz-content-sha256")
                                        .orElse("none"));
                            }
                        }))
                .build();
    }

    static ChunkedUploads to(URI endpoint, Ec2Key key, RequestChecksumCalculation checksums) {
        return new ChunkedUploads(endpoint, key, checksums);
    }

    void put(String bucket, String key, InputStream content, long length) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromInputStream(content, length));
    }

    /** The {@code x-amz-content-sha256} of the last request. */
    String payloadSent() {
        return payload.get();
    }

    @Override
    public void close() {
        client.close();
    }
}
