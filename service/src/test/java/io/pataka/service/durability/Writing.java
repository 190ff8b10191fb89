package io.pataka.service.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * One PUT. Its bytes follow from its number, so none has to be remembered.
 *
 * @param number different for every PUT of a trial
 * @param size bytes
 */
record Writing(int number, int size) {

    /**
     * The PUT that an object is of, by its metadata; its bytes and its entity tag must be those of the PUT.
     *
     * @param what is read, for messages
     */
    static Writing of(Reply reply, String what) {
        Writing writing = new Writing(
                Integer.parseInt(reply.header("x-amz-meta-number").orElseThrow()),
                Integer.parseInt(reply.header("x-amz-meta-size").orElseThrow()));
        assertThat(reply.body()).as("bytes of %s", what).isEqualTo(writing.content());
        assertThat(reply.header("etag")).as(what).contains(writing.etag());
        return writing;
    }

    byte[] content() {
        byte[] bytes = new byte[size];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    String etag() {
        try {
            return '"'
                    + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content()))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String contentType() {
        return "application/x-writing-" + number;
    }
}
