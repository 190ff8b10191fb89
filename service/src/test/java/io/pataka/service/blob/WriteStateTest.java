package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WriteStateTest {

    private final WriteState state = new WriteState();

    private boolean works() {
        return state.failure().isEmpty();
    }

    private boolean prove(int times) {
        for (int i = 0; i < times; i++) {
            state.proved(state.failures());
        }
        return works();
    }

    @Test
    void worksFromTheStart() {
        assertThat(works()).isTrue();
        assertThat(state.failures()).isZero();
    }

    @Test
    void worksAgainAfterEnoughProofsInARow() {
        assertThat(state.fail("first")).isTrue();
        assertThat(state.failure()).contains("first");
        assertThat(prove(WriteState.PROOFS - 1)).isFalse();
        assertThat(state.fail("second")).isFalse();
        assertThat(prove(WriteState.PROOFS - 1)).isFalse();

        assertThat(prove(1)).isTrue();
    }

    @Test
    void countsNoProofThatBeganBeforeAFailure() {
        state.fail("first");
        int before = state.failures();
        state.fail("second");

        for (int i = 0; i < 100; i++) {
            assertThat(state.proved(before)).isFalse();
        }
        assertThat(works()).isFalse();
    }

    @Test
    void reportsTheProofThatMadeItWork() {
        state.fail("first");
        prove(WriteState.PROOFS - 1);

        assertThat(state.proved(state.failures())).isTrue();
        assertThat(state.proved(state.failures())).isFalse();
    }

    @Test
    void wantsTwiceAsManyProofsAfterEachRelapse() {
        int wanted = WriteState.PROOFS;
        for (int i = 0; i < 10; i++) {
            state.fail("again");
            assertThat(prove(wanted - 1)).isFalse();
            assertThat(prove(1)).isTrue();
            wanted = Math.min(WriteState.MOST, 2 * wanted);
        }
        assertThat(wanted).isEqualTo(WriteState.MOST);
    }

    @Test
    void forgetsAFailureThatIsLongAgo() {
        state.fail("once");
        prove(WriteState.PROOFS);
        for (int i = 0; i < WriteState.STEADY; i++) {
            state.worked();
        }
        state.fail("once more");

        assertThat(prove(WriteState.PROOFS)).isTrue();
    }
}
