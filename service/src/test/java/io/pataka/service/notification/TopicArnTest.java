package io.pataka.service.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicArnTest {

    @Test
    void anArnNamesRegionProjectAndTopic() {
        TopicArn arn = new TopicArn("us-east-1", "0123abc", new TopicName("new_Mail-2"));

        assertThat(arn.text()).isEqualTo("arn:aws:sns:us-east-1:0123abc:new_Mail-2");
        assertThat(TopicArn.parse(arn.text())).contains(arn);
        assertThat(TopicArn.parse("arn:aws:sns::p:t")).contains(new TopicArn("", "p", new TopicName("t")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "arn:aws:sns:r:p",
                "arn:aws:sns:r:p:",
                "arn:aws:sns:r::t",
                "arn:aws:sns:r:p:t:subscription",
                "arn:aws:sqs:r:p:t",
                "arn:other:sns:r:p:t",
                "ARN:aws:sns:r:p:t",
                "arn:aws:sns:r:p:t.fifo",
                "arn:aws:sns:r:p:t/u"
            })
    void everythingElseIsNone(String text) {
        assertThat(TopicArn.parse(text)).isEmpty();
    }

    @Test
    void namesHaveAtMost256Characters() {
        assertThat(TopicName.parse("n".repeat(256))).isPresent();
        assertThat(TopicName.parse("n".repeat(257))).isEmpty();
        assertThat(TopicName.parse("")).isEmpty();
        assertThat(TopicName.parse("a\n")).isEmpty();
        assertThatThrownBy(() -> new TopicName("a b")).isInstanceOf(IllegalArgumentException.class);
    }
}
