package io.pataka.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestIdTest {

    @Test
    void looksLikeOneOfAmazons() {
        assertThat(RequestId.next().text()).matches("[0-9A-Z]{16}");
        assertThat(RequestId.next().hostId()).hasSize(76);
    }

    @Test
    void isAnotherEachTime() {
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> RequestId.next().text()))
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> RequestId.next().hostId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void hostIdsOfOneProcessBeginAlike() {
        assertThat(RequestId.next().hostId())
                .startsWith(RequestId.next().hostId().substring(0, 32));
    }
}
