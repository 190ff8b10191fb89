package io.pataka.keystone;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.ServiceHttp.Reply;
import io.pataka.keystone.ServiceHttp.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds users by e-mail address. Keystone has no such query (it ignores a filter by e-mail), so all users are listed, once for
 * all requests, and the list is cached for the lifetime of the settings. If an address is not in the list, the list is read
 * again after the lifetime of misses. An answer of Keystone has at most 4 MiB, about 12,000 users, and so has the cached list.
 */
final class AddressBook {

    private final ServiceHttp http;
    private final ServiceSession session;
    private final KeystoneSettings settings;
    private final PacedLog log;
    private final Ticker clock;
    private final SingleFlight<String, Page> listings;
    private volatile Page page;

    AddressBook(
            ServiceHttp http,
            ServiceSession session,
            KeystoneWorkers workers,
            KeystoneSettings settings,
            PacedLog log,
            Ticker clock) {
        this.clock = clock;
        this.http = http;
        this.session = session;
        this.settings = settings;
        this.log = log;
        this.listings = new SingleFlight<>(workers);
    }

    /** A user of the list. */
    record Entry(String userId, Optional<String> defaultProjectId) {}

    /**
     * @param byAddress in lower case; the value is empty if several users have the address
     * @param whole whether Keystone listed all users that it has
     */
    private record Page(Map<String, Optional<Entry>> byAddress, boolean whole, long readAt) {
        boolean isYoungerThan(Duration age, long now) {
            return now - readAt < age.toNanos();
        }
    }

    /**
     * The one user with an address; empty for none and for several.
     *
     * @throws KeystoneUnavailableException also where Keystone lists some of its users only and the address is not among them
     */
    Optional<Entry> find(String address, Deadline deadline) throws KeystoneUnavailableException {
        String wanted = address.toLowerCase(Locale.ROOT);
        Page known = page;
        long now = clock.read();
        if (known == null
                || !known.isYoungerThan(settings.cacheLifetime(), now)
                || !known.byAddress().containsKey(wanted) && !known.isYoungerThan(settings.cacheMissLifetime(), now)) {
            known = KeystoneWorkers.await(listings.join("users", () -> read(deadline)), deadline);
        }
        Optional<Entry> found = known.byAddress().get(wanted);
        if (found == null && !known.whole()) {
            String cut =
                    "Keystone lists some of its users only ([identity] list_limit); a user cannot be found by e-mail"
                            + " address";
            log.warn("users", cut);
            throw KeystoneUnavailableException.failed(cut, null);
        }
        return found == null ? Optional.empty() : found;
    }

    private Page read(Deadline deadline) throws KeystoneUnavailableException {
        long now = clock.read();
        ServiceToken token = session.token(session.readingScope(), deadline);
        Reply reply = list(token, deadline);
        if (reply.status() == 401) {
            reply = list(session.replace(session.readingScope(), token, deadline), deadline);
        }
        if (reply.status() == 403) {
            throw OpenStack4jKeystoneGateway.mayNotRead(settings, log);
        }
        if (reply.status() != 200) {
            throw KeystoneUnavailableException.failed(
                    "Keystone answered " + reply.status() + " to a listing of users", null);
        }
        try (JsonParser parser = ServiceHttp.JSON.createParser(reply.body())) {
            Page made = parsed(parser, now);
            page = made;
            return made;
        } catch (IOException malformed) {
            // Without the parser's message, which quotes the answer.
            throw KeystoneUnavailableException.failed("Keystone's list of users is not JSON", null);
        }
    }

    private Reply list(ServiceToken token, Deadline deadline) throws KeystoneUnavailableException {
        return http.send(
                new Request(Call.LOOK_UP, "GET", "/users?enabled=true", Map.of("X-Auth-Token", token.id()), null),
                deadline);
    }

    /** Parses user by user, so that the answer is not in memory a second time as a tree. */
    private static Page parsed(JsonParser parser, long now) throws IOException {
        Map<String, Optional<Entry>> byAddress = new HashMap<>();
        boolean whole = true;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("users") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    enter(byAddress, parser.readValueAsTree());
                }
            } else if (field.equals("truncated")) {
                whole = value != JsonToken.VALUE_TRUE;
            } else if (field.equals("links")) {
                JsonNode links = parser.readValueAsTree();
                whole = whole && !links.hasNonNull("next");
            } else {
                parser.skipChildren();
            }
        }
        return new Page(byAddress, whole, now);
    }

    /** In many clouds the name of a user is the address, and the user has no other. */
    private static void enter(Map<String, Optional<Entry>> byAddress, JsonNode user) {
        String address = user.hasNonNull("email")
                ? user.path("email").asText()
                : user.path("name").asText();
        if (address.contains("@") && user.path("id").isTextual()) {
            Optional<Entry> entry = Optional.of(new Entry(
                    user.path("id").textValue(),
                    Optional.ofNullable(user.path("default_project_id").textValue())));
            byAddress.merge(address.toLowerCase(Locale.ROOT), entry, (one, other) -> Optional.empty());
        }
    }
}
