package io.pataka.service.http;

import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.auth.Authenticated;
import io.pataka.service.auth.Authenticator;
import io.pataka.service.auth.PostFormAuthenticator;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.service.AdminApi;
import io.pataka.service.operation.website.BucketWebsites;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
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
    private final AuthorisedOperations operations;
    private final WebsiteHosts websiteHosts;
    private final WebsiteEndpoint websites;
    private final AdminApi admin;
    private final CorsHeaders cors;
    private final DocumentMemory memory;
    private final AnonymousRequests anonymous;
    private final S3ResponseWriter writer;
    private final S3ErrorMapper errors;
    private final ExchangeRecords records;

    /**
     * @param websiteHosts which requests are for websites and not for S3
     */
    public S3Endpoint(
            S3RequestReader reader,
            Authenticator authenticator,
            PostFormAuthenticator forms,
            AccessGate gate,
            OperationCatalog operations,
            WebsiteHosts websiteHosts,
            BucketWebsites websites,
            AdminApi admin,
            CorsHeaders cors,
            ClientLimits limits,
            EarlyReplies early,
            S3ResponseWriter writer,
            S3ErrorMapper errors,
            ExchangeRecords records) {
        this.reader = reader;
        this.authenticator = authenticator;
        this.forms = forms;
        this.gate = gate;
        this.operations = new AuthorisedOperations(gate, operations, early, records);
        this.websiteHosts = websiteHosts;
        this.websites = new WebsiteEndpoint(gate, this.operations, websites);
        this.admin = admin;
        this.cors = cors;
        this.memory = new DocumentMemory(limits.documentMemory());
        this.anonymous = new AnonymousRequests(limits.anonymousRequests());
        this.writer = writer;
        this.errors = errors;
        this.records = records;
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
            record(exchange);
            gate.ended();
        }
    }

    private void record(Exchange exchange) {
        if (exchange.caller().isEmpty()) {
            gate.actFor(Caller.ANONYMOUS);
        }
        records.ended(exchange);
    }

    private void serve(Exchange exchange, DocumentMemory.Share held) throws IOException {
        Optional<WebsiteHosts.Site> site = websiteHosts.siteOf(exchange.request());
        if (site.isPresent()) {
            serveWebsite(site.get(), exchange);
        } else if (admin.takes(
                exchange.request().getMethod(), exchange.request().getRequestURI())) {
            serveAdministration(exchange);
        } else {
            serveS3(exchange, held);
        }
    }

    private void serveWebsite(WebsiteHosts.Site site, Exchange exchange) throws IOException {
        exchange.ofWebsite();
        try (AnonymousRequests.Place place = anonymous.enter(Caller.ANONYMOUS)) {
            writer.write(cors.on(websites.answer(site, exchange), exchange), exchange);
        }
    }

    /** Ceph's admin API is no part of S3. Its requests are signed as those of S3, and its callers are named in the settings. */
    private void serveAdministration(Exchange exchange) throws IOException {
        exchange.ofAdministration();
        RawRequest raw = S3RequestReader.receive(exchange);
        Parameters parameters = Parameters.parse(raw.query());
        Authenticated sender = authenticator.authenticate(new S3Request(
                exchange.id().text(),
                S3Operation.GET_USAGE,
                Optional.empty(),
                Optional.empty(),
                parameters,
                raw.headers(),
                raw.body(),
                raw));
        exchange.proven(sender);
        gate.actFor(sender.caller());
        writer.write(admin.answer(raw.path(), parameters, sender.caller()), exchange);
    }

    private void serveS3(Exchange exchange, DocumentMemory.Share held) throws IOException {
        Authenticated sender = authenticator.authenticate(reader.read(exchange, held, anonymous));
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
        AdmittedCall call = operations.admit(proven.request(), proven.caller(), exchange);
        if (!call.request().operation().route().streams()) {
            exchange.body().countAgainst(held);
        }
        S3Response answer = operations.perform(call, exchange);
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
