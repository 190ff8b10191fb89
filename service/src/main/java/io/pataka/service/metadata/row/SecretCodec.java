package io.pataka.service.metadata.row;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.SealedSecret;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The column of an encrypted secret: JSON in which the envelope has the same place as in the facts of a version, so that {@link FactsCodec}
 * reads and replaces it.
 */
public final class SecretCodec {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String BYTES = "secret";

    private SecretCodec() {}

    /** The column's bytes. */
    public static byte[] write(SealedSecret secret) {
        try {
            ObjectNode document = MAPPER.createObjectNode().put(BYTES, secret.bytes());
            return FactsCodec.withEnvelope(MAPPER.writeValueAsBytes(document), secret.envelope());
        } catch (IOException e) {
            throw new UncheckedIOException("a secret cannot be written as JSON", e);
        }
    }

    /**
     * Reads the column's bytes.
     *
     * @throws IllegalStateException when this release did not write them
     */
    public static SealedSecret read(byte[] json) {
        try {
            Envelope envelope = FactsCodec.envelope(json)
                    .orElseThrow(() -> new IllegalStateException("an encrypted secret has an unknown form"));
            return new SealedSecret(envelope, MAPPER.readTree(json).path(BYTES).binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException("the column of a secret does not hold the JSON that was written", e);
        }
    }
}
