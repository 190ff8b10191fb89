package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRequestTest {

    private final OperationRouter router = new OperationRouter();

    @ParameterizedTest
    @CsvSource({
        "CreateTopic, CREATE_TOPIC",
        "DeleteTopic, DELETE_TOPIC",
        "GetTopic, GET_TOPIC",
        "GetTopicAttributes, GET_TOPIC_ATTRIBUTES",
        "ListTopics, LIST_TOPICS",
        "SetTopicAttributes, SET_TOPIC_ATTRIBUTES"
    })
    void theActionSelectsTheOperation(String action, S3Operation operation) {
        Parameters form = TopicRequest.parameters("", ("Version=2010-03-31&Action=" + action).getBytes(UTF_8));

        assertThat(TopicRequest.isOne("POST", form)).isTrue();
        assertThat(TopicRequest.isOne("GET", form)).isFalse();
        assertThat(router.route("POST", Route.Resource.TOPICS, form, RequestHeaders.none()))
                .isEqualTo(operation);
        assertThat(operation.isOfTopics()).isTrue();
    }

    @Test
    void anUnknownActionIsRefused() {
        Parameters form = Parameters.parse("Action=Subscribe");

        assertThatThrownBy(() -> router.route("POST", Route.Resource.TOPICS, form, RequestHeaders.none()))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error()).isEqualTo(S3Error.INVALID_ACTION))
                .hasMessage("The action Subscribe is not valid for this web service.");
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, true",
        "application/x-www-form-urlencoded; charset=utf-8, true",
        "APPLICATION/X-WWW-FORM-URLENCODED, true",
        "application/x-www-form-urlencoded-not, false",
        "multipart/form-data; boundary=x, false"
    })
    void aFormIsKnownByItsMediaType(String type, boolean isOne) {
        RequestHeaders headers = RequestHeaders.of(Map.of("content-type", type));

        assertThat(TopicRequest.hasForm("POST", headers)).isEqualTo(isOne);
        assertThat(TopicRequest.hasForm("PUT", headers)).isFalse();
    }

    @Test
    void theErrorForABrokenEscapeDoesNotQuoteTheForm() {
        assertThatThrownBy(() -> TopicRequest.parameters("", "password=secret%zz".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.details().toString() + refused.getMessage())
                                .doesNotContain("secret"));
    }
}
