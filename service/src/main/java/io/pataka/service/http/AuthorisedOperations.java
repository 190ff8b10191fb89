package io.pataka.service.http;

import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.UnsupportedHeaders;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** The steps "authorise" and "perform" of the pipeline. Requests to S3 and requests to websites take the same. */
final class AuthorisedOperations {

    private final AccessGate gate;
    private final OperationCatalog operations;
    private final EarlyReplies early;
    private final ExchangeRecords records;

    AuthorisedOperations(AccessGate gate, OperationCatalog operations, EarlyReplies early, ExchangeRecords records) {
        this.gate = Objects.requireNonNull(gate);
        this.operations = Objects.requireNonNull(operations);
        this.early = Objects.requireNonNull(early);
        this.records = Objects.requireNonNull(records);
    }

    /**
     * @throws S3Exception AccessDenied, NoSuchBucket, or that the operation does not take a header
     */
    AdmittedCall admit(S3Request request, Caller caller, Exchange exchange) {
        AdmittedCall call = gate.admit(request, caller);
        exchange.admitted(call);
        records.admitted(call, exchange);
        UnsupportedHeaders.refuse(call.request().operation(), call.headers());
        return call;
    }

    /**
     * @throws S3Exception for every answer that is an error
     * @throws IOException as {@link Operation}
     */
    S3Response perform(AdmittedCall call, Exchange exchange) throws IOException {
        S3Operation operation = call.request().operation();
        Operation handler = operations.handler(operation);
        try (EarlyReplies.Waiting done = early.during(operation, exchange)) {
            try {
                return perform(handler, call);
            } catch (S3Exception refusal) {
                Optional<AdmittedCall> again =
                        exchange.body().isUntouched() ? gate.admitAgain(call, refusal) : Optional.empty();
                if (again.isEmpty()) {
                    throw refusal;
                }
                exchange.admitted(again.get());
                return perform(handler, again.get());
            }
        }
    }

    private static S3Response perform(Operation handler, AdmittedCall call) throws IOException {
        S3Response answer = handler.perform(call);
        call.requireAuthorised();
        return answer;
    }
}
