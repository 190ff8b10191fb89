package io.pataka.service.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.notification.Endpoint.Amqp;
import io.pataka.service.notification.Endpoint.AmqpAck;
import io.pataka.service.notification.Endpoint.Http;
import io.pataka.service.notification.Endpoint.Kafka;
import io.pataka.service.notification.Endpoint.Mechanism;
import io.pataka.service.notification.Endpoint.Tls;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicAttributesTest {

    private static TopicAttributes of(String... namesAndValues) throws InvalidAttributeException {
        return changed(namesAndValues).attributes();
    }

    private static TopicAttributes.Changed changed(String... namesAndValues) throws InvalidAttributeException {
        Map<String, String> sent = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            sent.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return TopicAttributes.of(sent);
    }

    @Test
    void aTopicWithoutAttributesHasNoEndpoint() throws Exception {
        TopicAttributes none = of();

        assertThat(none).isEqualTo(TopicAttributes.NONE);
        assertThat(none.endpoint()).isEqualTo(new Endpoint.None());
        assertThat(none.opaqueData()).isEmpty();
        assertThat(none.policy()).isEmpty();
        assertThat(none.timeToLive()).isEmpty();
        assertThat(none.maxRetries()).isEmpty();
        assertThat(none.retrySleepDuration()).isEmpty();
        assertThat(none.json()).isEqualTo("{}");
    }

    @Test
    void http() throws Exception {
        assertThat(of("push-endpoint", "http://sink.example:8080/a?b=c").endpoint())
                .isEqualTo(new Http(URI.create("http://sink.example:8080/a?b=c"), Optional.empty(), true, false));
        assertThat(of("push-endpoint", "HTTPS://sink.example", "verify-ssl", "False", "cloudevents", "1")
                        .endpoint())
                .isEqualTo(new Http(URI.create("HTTPS://sink.example"), Optional.empty(), false, true));
        assertThat(of("push-endpoint", "https://[fd00::1]/x").endpoint())
                .isEqualTo(new Http(URI.create("https://[fd00::1]/x"), Optional.empty(), true, false));
    }

    @Test
    void amqp() throws Exception {
        assertThat(of("push-endpoint", "amqp://rabbit", "amqp-exchange", "ex").endpoint())
                .isEqualTo(new Amqp(
                        new HostPort("rabbit", 5672), Optional.empty(), "/", Optional.empty(), "ex", AmqpAck.BROKER));
        assertThat(of(
                                "push-endpoint",
                                "amqps://rabbit/a%2fb",
                                "amqp-exchange",
                                "ex",
                                "amqp-ack-level",
                                "routable",
                                "ca-location",
                                "cloud.pem")
                        .endpoint())
                .isEqualTo(new Amqp(
                        new HostPort("rabbit", 5671),
                        Optional.of(new Tls(true, Optional.of("cloud.pem"))),
                        "a/b",
                        Optional.empty(),
                        "ex",
                        AmqpAck.ROUTABLE));
    }

    @Test
    void kafka() throws Exception {
        assertThat(of("push-endpoint", "kafka://one").endpoint())
                .isEqualTo(new Kafka(
                        List.of(new HostPort("one", 9092)), Optional.empty(), Optional.empty(), Mechanism.PLAIN, true));
        assertThat(of(
                                "push-endpoint",
                                "kafka://one:1",
                                "kafka-brokers",
                                "one:1, two:2,three",
                                "kafka-ack-level",
                                "none",
                                "use-ssl",
                                "true",
                                "verify-ssl",
                                "0",
                                "user-name",
                                "u",
                                "mechanism",
                                "SCRAM-SHA-512")
                        .endpoint())
                .isEqualTo(new Kafka(
                        List.of(new HostPort("one", 1), new HostPort("two", 2), new HostPort("three", 9092)),
                        Optional.of(new Tls(false, Optional.empty())),
                        Optional.of("u"),
                        Mechanism.SCRAM_SHA_512,
                        false));
    }

    @Test
    void oslo() throws Exception {
        assertThat(of("push-endpoint", "oslo:").endpoint()).isEqualTo(new Endpoint.Oslo());
    }

    @Test
    void theLoginOfAnAddressIsTakenOutOfIt() throws Exception {
        TopicAttributes.Changed changed = changed("push-endpoint", "https://me%40x:p%3Aw@sink/path");

        assertThat(changed.attributes().values())
                .containsEntry("push-endpoint", "https://sink/path")
                .containsEntry("user-name", "me@x");
        assertThat(changed.attributes().endpoint().user()).contains("me@x");
        assertThat(changed.password()).contains(new EndpointPassword("p:w"));
        assertThat(changed.keepsPassword()).isFalse();
        assertThat(changed.toString()).doesNotContain("p:w");
        assertThat(changed.attributes().json()).doesNotContain("p:w");
    }

    @Test
    void theAttributesForTheLoginCountMoreThanTheAddress() throws Exception {
        TopicAttributes.Changed changed =
                changed("push-endpoint", "kafka://a:b@one", "user-name", "u", "password", "secret");

        assertThat(changed.attributes().endpoint().user()).contains("u");
        assertThat(changed.password()).contains(new EndpointPassword("secret"));
        assertThat(changed.attributes().toString()).doesNotContain("secret").doesNotContain("a:b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "sink.example",
                "http://",
                "http:///path",
                "http://host:0",
                "http://host:65536",
                "http://host:port",
                "http://host#fragment",
                "http://host/a b",
                "http://host/\u0001",
                "http://user@host",
                "http://:password@host",
                "http://user:%zz@host",
                "http://ho%73t",
                "kafka://host/path",
                "kafka://one,two",
                "amqp://host/a/b",
                "amqp://host/a?b",
                "oslo:x",
                "olso:"
            })
    void malformedAddresses(String address) {
        assertThatThrownBy(() -> of("push-endpoint", address, "amqp-exchange", "ex"))
                .isInstanceOf(InvalidAttributeException.class)
                .hasMessageContaining("push-endpoint")
                .hasMessageNotContaining(address);
    }

    @ParameterizedTest
    @CsvSource({
        "persistent, yes",
        "verify-ssl, maybe",
        "use-ssl, 2",
        "cloudevents, on",
        "time_to_live, -1",
        "max_retries, 1.5",
        "retry_sleep_duration, 2147483648",
        "amqp-ack-level, all",
        "kafka-ack-level, routable",
        "mechanism, GSSAPI",
        "mechanism, OAUTHBEARER",
        "mechanism, plain",
        "kafka-brokers, 'one:1,,two:2'",
        "kafka-brokers, one/two",
        "ca-location, /etc/passwd",
        "ca-location, ..",
        "password, p",
        "DisplayName, d",
        "policy, {}"
    })
    void wrongValues(String name, String value) {
        assertThatThrownBy(() -> of(name, value))
                .isInstanceOf(InvalidAttributeException.class)
                .hasMessageContaining(name);
    }

    /** No XML parser would read an answer with one of them, also not the list of all topics of the project. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 0x1B, 0xD800, 0xFFFE, 0xFFFF})
    void textsHaveOnlyCharactersOfXml(int character) {
        for (String name : List.of("OpaqueData", "Policy", "user-name")) {
            assertThatThrownBy(() -> of(name, "a" + Character.toString(character)))
                    .isInstanceOf(InvalidAttributeException.class)
                    .hasMessage("The attribute " + name + " has a control character");
        }
    }

    @Test
    void anEndpointOfAmqpNeedsAnExchange() {
        assertThatThrownBy(() -> of("push-endpoint", "amqp://rabbit"))
                .isInstanceOf(InvalidAttributeException.class)
                .hasMessage("An endpoint of amqp needs the attribute amqp-exchange");
    }

    @Test
    void textsHaveAtMostSoManyBytes() throws Exception {
        assertThat(of("OpaqueData", "x".repeat(4096)).opaqueData()).hasSize(4096);
        assertThatThrownBy(() -> of("OpaqueData", "x".repeat(4097))).isInstanceOf(InvalidAttributeException.class);
        assertThatThrownBy(() -> of("push-endpoint", "http://h/" + "x".repeat(2048)))
                .isInstanceOf(InvalidAttributeException.class);
        assertThatThrownBy(() -> of("amqp-exchange", "x".repeat(256))).isInstanceOf(InvalidAttributeException.class);
        assertThatThrownBy(() -> of("user-name", "u", "password", "\u00e4".repeat(1025)))
                .isInstanceOf(InvalidAttributeException.class);
        assertThatThrownBy(() -> of("user-name", "u\r\nHost: x")).isInstanceOf(InvalidAttributeException.class);
    }

    @Test
    void limitsOfDelivery() throws Exception {
        TopicAttributes attributes = of("time_to_live", "0", "max_retries", "3", "retry_sleep_duration", "007");

        assertThat(attributes.timeToLive()).isEqualTo(OptionalLong.of(0));
        assertThat(attributes.maxRetries()).isEqualTo(OptionalLong.of(3));
        assertThat(attributes.retrySleepDuration()).isEqualTo(OptionalLong.of(7));
        assertThat(attributes.values()).containsEntry("retry_sleep_duration", "7");
    }

    @Test
    void anAttributeIsSetAlone() throws Exception {
        TopicAttributes.Changed changed = of("OpaqueData", "a", "Policy", "{}").with("OpaqueData", "b");

        assertThat(changed.attributes()).isEqualTo(of("OpaqueData", "b", "Policy", "{}"));
        assertThat(changed.attributes().with("Policy", "").attributes()).isEqualTo(of("OpaqueData", "b"));
    }

    @Test
    void thePasswordIsKeptUntilTheAddressChanges() throws Exception {
        TopicAttributes attributes = of("push-endpoint", "https://u:p@one/a");

        assertThat(attributes.with("verify-ssl", "false").keepsPassword()).isTrue();
        assertThat(attributes.with("push-endpoint", "https://one/a").keepsPassword())
                .isTrue();

        TopicAttributes.Changed moved = attributes.with("push-endpoint", "https://other");
        assertThat(moved.keepsPassword()).isFalse();
        assertThat(moved.password()).isEmpty();
        assertThat(moved.attributes().endpoint().user()).isEmpty();

        TopicAttributes.Changed replaced = attributes.with("push-endpoint", "https://v:q@other");
        assertThat(replaced.keepsPassword()).isFalse();
        assertThat(replaced.password()).contains(new EndpointPassword("q"));
        assertThat(replaced.attributes().endpoint().user()).contains("v");
    }

    @Test
    void moreBrokersForgetThePassword() throws Exception {
        TopicAttributes attributes = of("push-endpoint", "kafka://u:p@one", "use-ssl", "true");

        assertThat(attributes.with("kafka-brokers", "two").keepsPassword()).isFalse();
    }

    @Test
    void aPasswordIsSetAlone() throws Exception {
        TopicAttributes attributes = of("user-name", "u");

        assertThat(attributes.with("password", "p").password()).contains(new EndpointPassword("p"));
        assertThat(attributes.with("password", "").password()).isEmpty();
        assertThat(attributes.with("password", "").keepsPassword()).isFalse();
        assertThat(attributes.with("user-name", "").keepsPassword()).isFalse();
        assertThatThrownBy(() -> TopicAttributes.NONE.with("password", "p"))
                .isInstanceOf(InvalidAttributeException.class);
    }

    @Test
    void attributesAreStoredAsJson() throws Exception {
        TopicAttributes attributes =
                of("push-endpoint", "amqp://u:p@rabbit", "amqp-exchange", "ex", "OpaqueData", "\"\u20ac\n");

        assertThat(TopicAttributes.ofJson(attributes.json())).isEqualTo(attributes);
        assertThat(TopicAttributes.ofJson(attributes.json()).endpoint()).isEqualTo(attributes.endpoint());
    }

    @Test
    void aNameMayBeTooLongForTheEndpoint() throws Exception {
        TopicName longest = new TopicName("n".repeat(256));

        of("push-endpoint", "http://sink").checkName(longest);
        of("push-endpoint", "kafka://one").checkName(new TopicName("n".repeat(249)));
        assertThatThrownBy(() ->
                        of("push-endpoint", "amqp://r", "amqp-exchange", "e").checkName(longest))
                .isInstanceOf(InvalidAttributeException.class);
        assertThatThrownBy(() -> of("push-endpoint", "kafka://one").checkName(new TopicName("n".repeat(250))))
                .isInstanceOf(InvalidAttributeException.class);
    }
}
