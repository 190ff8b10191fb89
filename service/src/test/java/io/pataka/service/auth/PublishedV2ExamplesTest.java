package io.pataka.service.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/**
 * The examples of AWS's page on Signature Version 2.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">AWS: signing REST requests</a>
 */
class PublishedV2ExamplesTest {

    @Test
    void acceptsObjectGet() {
        accepts(
                "2007-03-27T19:36:42Z",
                johnsmith("GET", "/photos/puppy.jpg")
                        .header("Date", "Tue, 27 Mar 2007 19:36:42 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU="));
    }

    @Test
    void acceptsObjectPut() {
        accepts(
                "2007-03-27T21:15:45Z",
                johnsmith("PUT", "/photos/puppy.jpg")
                        .header("Content-Type", "image/jpeg")
                        .header("Content-Length", "94328")
                        .header("Date", "Tue, 27 Mar 2007 21:15:45 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:MyyxeRY7whkBe+bq8fHCL/2kKUg="));
    }

    @Test
    void acceptsListing() {
        accepts(
                "2007-03-27T19:42:41Z",
                johnsmith("GET", "/?prefix=photos&max-keys=50&marker=puppy")
                        .header("User-Agent", "Mozilla/5.0")
                        .header("Date", "Tue, 27 Mar 2007 19:42:41 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:htDYFYduRNen8P9ZfE/s9SuKy0U="));
    }

    @Test
    void acceptsSubResource() {
        accepts(
                "2007-03-27T19:44:46Z",
                johnsmith("GET", "/?acl")
                        .header("Date", "Tue, 27 Mar 2007 19:44:46 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:c2WLPFtWHVgbEmeEG93a4cG37dM="));
    }

    @Test
    void acceptsUploadToABucketNamedByItsHost() {
        accepts(
                "2007-03-27T21:06:08Z",
                Requests.of("PUT", "/db-backup.dat.gz")
                        .onHostOf("static.johnsmith.net")
                        .header("Host", "static.johnsmith.net:8080")
                        .header("Date", "Tue, 27 Mar 2007 21:06:08 +0000")
                        .header("x-amz-acl", "public-read")
                        .header("content-type", "application/x-download")
                        .header("Content-MD5", "4gJE4saaMU4BqNR0kLY+lw==")
                        .header("X-Amz-Meta-ReviewedBy", "joe@johnsmith.net")
                        .header("X-Amz-Meta-ReviewedBy", "jane@johnsmith.net")
                        .header("X-Amz-Meta-FileChecksum", "0x02661779")
                        .header("X-Amz-Meta-ChecksumAlgorithm", "crc32")
                        .header("Content-Disposition", "attachment; filename=database.dat")
                        .header("Content-Encoding", "gzip")
                        .header("Content-Length", "5913339")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:ilyl83RwaSoYIEdixDQcA4OnAnc="));
    }

    @Test
    void acceptsListOfBuckets() {
        accepts(
                "2007-03-28T01:29:59Z",
                Requests.of("GET", "/")
                        .header("Host", "s3.amazonaws.com")
                        .header("Date", "Wed, 28 Mar 2007 01:29:59 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:qGdzdERIC03wnaRNKh6OqZehG9s="));
    }

    @Test
    void acceptsEscapedKey() {
        accepts(
                "2007-03-28T01:49:49Z",
                Requests.of("GET", "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re")
                        .header("Host", "s3.amazonaws.com")
                        .header("Date", "Wed, 28 Mar 2007 01:49:49 +0000")
                        .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:DNEZGsoieTZ92F3bUfSPQcbGmlM="));
    }

    @Test
    void acceptsQueryString() {
        accepts(
                "2007-03-29T03:40:19Z",
                johnsmith(
                        "GET",
                        "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE"
                                + "&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620"));
    }

    private static Requests johnsmith(String method, String target) {
        return Requests.of(method, target).onHostOf("johnsmith").header("Host", "johnsmith.s3.amazonaws.com");
    }

    private static void accepts(String now, Requests request) {
        Authenticator authenticator = new Authenticator(
                FixedCredentials.V4, SignatureRules.standard(), Clock.fixed(Instant.parse(now), ZoneOffset.UTC));

        assertThat(authenticator.authenticate(request.build()).caller().accessKey())
                .contains("AKIAIOSFODNN7EXAMPLE");
    }
}
