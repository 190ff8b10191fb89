package io.pataka.service.durability;

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
