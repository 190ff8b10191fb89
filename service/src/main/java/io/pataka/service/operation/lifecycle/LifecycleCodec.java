package io.pataka.service.operation.lifecycle;

import io.pataka.service.lifecycle.LifecycleConfiguration;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/** The forms of lifecycle rules. The minimum size of objects that change their storage class is in a header and in the stored form. */
final class LifecycleCodec implements DocumentCodec<LifecycleConfiguration> {

    /** Amazon answers its default where the client sent nothing. Here it is then not returned, since transitions have no minimum. */
    static final String MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size";

    @Override
    public LifecycleConfiguration read(byte[] sent) {
        return LifecycleXml.read(sent, Optional.empty());
    }

    @Override
    public byte[] write(LifecycleConfiguration configuration) {
        return LifecycleXml.write(configuration);
    }

    @Override
    public S3Response answer(LifecycleConfiguration configuration) {
        return S3Response.xml(write(configuration)).header(MINIMUM_SIZE, configuration.transitionMinimumSize());
    }

    @Override
    public String store(LifecycleConfiguration configuration) {
        return LifecycleXml.store(configuration);
    }

    @Override
    public LifecycleConfiguration load(String stored) {
        return LifecycleXml.load(stored);
    }
}
