package io.pataka.service.http;

import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.auth.Authenticated;
import io.pataka.service.auth.Authenticator;
import io.pataka.service.auth.PostFormAuthenticator;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.UnsupportedHeaders;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.IOException;
import java.util.Optional;

/** The pipeline of every request. Jersey sees each of them as {@code POST /}, because of {@link JerseyShield}. */
@Path("/")
public final class S3Endpoint {

    private final S3RequestReader reader;
    private final Authenticator authenticator;
    private final PostFormAuthenticator forms;
    private final AccessGate gate;
    private final OperationCatalog operations;
    private final CorsHeaders cors;
    private final DocumentMemory memory;
    private final AnonymousRequests anonymous;
    private final EarlyReplies early;
    private final S3ResponseWriter writer;
    private final S3ErrorMapper errors;

    public S3Endpoint(
            S3RequestReader reader,
            Authenticator authenticator,
            PostFormAuthenticator forms,
            AccessGate gate,
            OperationCatalog operations,
            CorsHeaders cors,
            ClientLimits limits,
            EarlyReplies early,
            S3ResponseWriter writer,
            S3ErrorMapper errors) {
        this.reader = reader;
        this.authenticator = authenticator;
        this.forms = forms;
        this.gate = gate;
        this.operations = operations;
        this.cors = cors;
        this.memory = new DocumentMemory(limits.documentMemory());
        this.anonymous = new AnonymousRequests(limits.anonymousRequests());
        this.early = early;
        this.writer = writer;
        this.errors = errors;
    }

    /**
     * Serves one request. Never throws.
     *
     * @param shielded not annotated, since Jersey passes its own request faster than it injects the servlet's
     */
    @POST
    public void serve(ContainerRequestContext shielded) {
        Exchange exchange = Exchange.of(shielded);
        try (DocumentMemory.Share held = memory.share()) {
            serve(exchange, held);
        } catch (Throwable failure) {
            answer(failure, exchange);
        } finally {
            gate.ended();
        }
    }

    private void serve(Exchange exchange, DocumentMemory.Share held) throws IOException {
        Authenticated sender = authenticator.authenticate(reader.read(exchange));
        exchange.proven(sender);
        try (AnonymousRequests.Place place = anonymous.enter(sender.caller())) {
            Authenticated proven = sender;
            if (sender.request().operation().is(S3Operation.Trait.FORM)) {
                proven = ofForm(sender, held);
                exchange.proven(proven);
                place.leaveIfSigned(proven.caller());
            }
            serve(proven, exchange, held);
        }
    }

    private void serve(Authenticated proven, Exchange exchange, DocumentMemory.Share held) throws IOException {
        reader.requireLength(proven.request(), exchange);
        AdmittedCall call = gate.admit(proven.request(), proven.caller());
        exchange.admitted(call);
        UnsupportedHeaders.refuse(call.request().operation(), call.headers());
        if (!call.request().operation().route().streams()) {
            exchange.body().countAgainst(held);
        }
        S3Response answer = perform(call, exchange);
        writer.write(cors.on(answer, exchange).header(AccessGate.EXPLANATION, call.explanation()), exchange);
    }

    /** Authenticates a form by its fields. The bucket is looked up before they are read. */
    private Authenticated ofForm(Authenticated sender, DocumentMemory.Share held) throws IOException {
        gate.requireBucket(sender.request());
        held.takeForm();
        return forms.authenticate(sender);
    }

    private void answer(Throwable failure, Exchange exchange) {
        Optional<String> left = ClientGoneException.leftItsReply(failure);
        if (left.isPresent()) {
            exchange.left(left.get());
            exchange.cut();
        } else {
            reply(errors.answer(failure, exchange), exchange);
        }
    }

    private S3Response perform(AdmittedCall call, Exchange exchange) throws IOException {
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

    /** Sends the error, or closes the connection if the reply has begun: the client must not take a part for the whole. */
    private void reply(S3Response error, Exchange exchange) {
        if (exchange.response().isCommitted() && !exchange.isWaitedFor()) {
            exchange.cut();
            return;
        }
        try {
            if (!exchange.isWaitedFor()) {
                exchange.response().reset();
            }
            writer.write(cors.on(error, exchange), exchange);
        } catch (IOException gone) {
            exchange.cut();
        }
    }
}
