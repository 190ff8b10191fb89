package io.pataka.keystone;

import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.ServiceHttp.Reply;
import io.pataka.keystone.ServiceHttp.Request;
import java.util.Map;
import java.util.function.Function;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.api.identity.EndpointURLResolver;
import org.openstack4j.api.types.ServiceType;
import org.openstack4j.core.transport.Config;
import org.openstack4j.core.transport.HttpRequest;
import org.openstack4j.core.transport.internal.HttpExecutor;
import org.openstack4j.model.identity.URLResolverParams;
import org.openstack4j.openstack.OSFactory;
import org.openstack4j.openstack.identity.v3.domain.KeystoneToken;

/**
 * Uses OpenStack4j with a token that {@link ServiceSession} keeps. OpenStack4j binds its client to the thread. So each unit of
 * work gets a new client, and after the work the thread has a client without a token. HTTP requests go through {@link
 * BoundedConnector} to {@link ServiceHttp}, which limits time and number of calls and does failover. OpenStack4j never logs in
 * by itself.
 */
final class OpenStack4jCalls {

    private static final ThreadLocal<OpenStack4jCalls.Work> CURRENT = new ThreadLocal<>();

    /** Placeholders for the addresses of the services, never resolved (RFC 2606 reserves the names). */
    private static final Map<ServiceType, String> PLACEHOLDERS = Map.of(
            ServiceType.IDENTITY, "http://keystone.invalid/v3", ServiceType.BARBICAN, "http://barbican.invalid/v1");

    private static final Config CONFIG = Config.newConfig().withEndpointURLResolver(new Placeholders());

    private final ServiceType service;

    private final ServiceHttp http;
    private final ServiceSession session;
    private final KeystoneSettings settings;
    private final PacedLog log;

    private OpenStack4jCalls(
            ServiceType service, ServiceHttp http, ServiceSession session, KeystoneSettings settings, PacedLog log) {
        String connector = HttpExecutor.create().getExecutorName();
        if (!connector.equals(BoundedConnector.NAME)) {
            throw new IllegalStateException("OpenStack4j connector '" + connector
                    + "' comes before this library's on the class path: exclude it, calls over it are not bounded");
        }
        this.service = service;
        this.http = http;
        this.session = session;
        this.settings = settings;
        this.log = log;
    }

    static OpenStack4jCalls ofKeystone(
            ServiceHttp http, ServiceSession session, KeystoneSettings settings, PacedLog log) {
        return new OpenStack4jCalls(ServiceType.IDENTITY, http, session, settings, log);
    }

    static OpenStack4jCalls ofBarbican(
            ServiceHttp http, ServiceSession session, KeystoneSettings settings, PacedLog log) {
        return new OpenStack4jCalls(ServiceType.BARBICAN, http, session, settings, log);
    }

    /** Work in progress on a thread. */
    private record Work(OpenStack4jCalls calls, Call call, Deadline deadline) {}

    /** Carries a checked exception through OpenStack4j, whose methods declare none. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient KeystoneUnavailableException unavailable;

        private Interrupted(KeystoneUnavailableException unavailable) {
            super(unavailable);
            this.unavailable = unavailable;
        }
    }

    /**
     * Makes one reading call.
     *
     * @return what the call returns: null if Keystone answers 404
     */
    <T> T read(Call call, Deadline deadline, Function<OSClientV3, T> work) throws KeystoneUnavailableException {
        ServiceToken token = session.token(session.readingScope(), deadline);
        try {
            return once(token, call, deadline, work);
        } catch (ResponseException refused) {
            if (refused.getStatus() != 401) {
                throw judged(refused);
            }
        }
        ServiceToken newer = session.replace(session.readingScope(), token, deadline);
        try {
            return once(newer, call, deadline, work);
        } catch (ResponseException refused) {
            throw judged(refused);
        }
    }

    private KeystoneUnavailableException judged(ResponseException refused) {
        return refused.getStatus() == 403
                ? OpenStack4jKeystoneGateway.mayNotRead(settings, log)
                : KeystoneUnavailableException.failed(
                        "Keystone answered " + refused.getStatus() + " to a look-up", null);
    }

    /**
     * Makes one call with this token.
     *
     * @return what the call returns: null if the service answers 404
     * @throws ResponseException with the status, if the service answers another error
     */
    <T> T once(ServiceToken token, Call call, Deadline deadline, Function<OSClientV3, T> work)
            throws KeystoneUnavailableException {
        CURRENT.set(new Work(this, call, deadline));
        try {
            return work.apply(OSFactory.clientFromToken(openStackToken(token.id()), CONFIG));
        } catch (Interrupted carried) {
            throw carried.unavailable;
        } finally {
            CURRENT.remove();
            OSFactory.clientFromToken(openStackToken(""), CONFIG);
        }
    }

    private static KeystoneToken openStackToken(String id) {
        KeystoneToken token = new KeystoneToken();
        token.setId(id);
        return token;
    }

    /** Sends a request of OpenStack4j on behalf of the work in progress on this thread. */
    static Reply send(HttpRequest<?> request, byte[] body, Map<String, String> headers) {
        Work work = CURRENT.get();
        String url = request.getUrl();
        if (work == null || !url.startsWith(PLACEHOLDERS.get(work.calls.service))) {
            throw new IllegalStateException("this OpenStack4j connector serves the Keystone middleware only");
        }
        String path = url.substring(PLACEHOLDERS.get(work.calls.service).length());
        try {
            return work.calls.http.send(
                    new Request(work.call, request.getMethod().name(), path, headers, body), work.deadline);
        } catch (KeystoneUnavailableException unavailable) {
            throw new Interrupted(unavailable);
        }
    }

    private static final class Placeholders implements EndpointURLResolver {
        @Override
        public String findURLV2(URLResolverParams params) {
            return findURLV3(params);
        }

        @Override
        public String findURLV3(URLResolverParams params) {
            if (!PLACEHOLDERS.containsKey(params.type)) {
                throw new IllegalStateException("the Keystone middleware calls Keystone and Barbican only");
            }
            return PLACEHOLDERS.get(params.type);
        }
    }
}
