package io.pataka.service.operation;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Which class performs which operation. An operation without a class answers 501. */
public final class OperationCatalog {

    private final Map<S3Operation, Operation> handlers = new EnumMap<>(S3Operation.class);

    /**
     * @throws IllegalStateException when the operation has a handler already
     */
    public OperationCatalog register(S3Operation operation, Operation handler) {
        if (handlers.putIfAbsent(operation, handler) != null) {
            throw new IllegalStateException(operation + " has two handlers");
        }
        return this;
    }

    /** Puts another handler in the place of each one that is registered. */
    public void decorate(UnaryOperator<Operation> decorator) {
        handlers.replaceAll((operation, handler) -> decorator.apply(handler));
    }

    /**
     * @throws S3Exception NotImplemented
     */
    public Operation handler(S3Operation operation) {
        Operation handler = handlers.get(operation);
        if (handler == null) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, operation.amazonName() + " is not implemented")
                    .with("ResourceType", operation.amazonName());
        }
        return handler;
    }

    /** The operations that have a handler. */
    public Set<S3Operation> implemented() {
        return Set.copyOf(handlers.keySet());
    }
}
