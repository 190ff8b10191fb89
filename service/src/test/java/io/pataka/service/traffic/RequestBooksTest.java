package io.pataka.service.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.testing.SteppedClock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestBooksTest {

    private final SteppedClock clock = new SteppedClock();
    private final MemoryUsage usage = new MemoryUsage();
    private final RequestBooks books = new RequestBooks(usage, clock);

    private void get(boolean successful) {
        books.count("p", "b", "get_obj", successful, 10, 1);
    }

    @Test
    void addsUpRequestsOfOneKind() {
        get(true);
        get(true);
        get(false);
        books.count("p", "b", "put_obj", true, 0, 99);

        books.store();

        assertThat(usage.lines()).containsExactly("p/b/get_obj 3 2 30 3", "p/b/put_obj 1 1 0 99");
    }

    @Test
    void storesOnlyWhatHasChanged() {
        get(true);
        books.store();
        books.store();
        assertThat(usage.written()).isEqualTo(1);

        get(true);
        books.store();

        assertThat(usage.written()).isEqualTo(2);
        assertThat(usage.lines()).containsExactly("p/b/get_obj 2 2 20 2");
    }

    @Test
    void countsEachHourByItself() {
        get(true);
        clock.advance(Duration.ofHours(1));
        get(true);

        books.store();

        assertThat(usage.lines()).containsExactly("p/b/get_obj 1 1 10 1", "p/b/get_obj 1 1 10 1");
    }

    @Test
    void forgetsHoursThatAreOverOnceTheyAreStored() {
        get(true);
        usage.failWith(new MetadataUnavailableException("down", null));
        clock.advance(Duration.ofHours(2));
        books.write();
        assertThatThrownBy(books::store).isInstanceOf(MetadataUnavailableException.class);
        assertThat(books.size()).isEqualTo(1);

        usage.failWith(null);
        books.store();
        books.store();

        assertThat(usage.lines()).containsExactly("p/b/get_obj 1 1 10 1");
        assertThat(books.size()).isZero();
    }

    @Test
    void doesNotGrowWithoutEnd() {
        for (int i = 0; i < RequestBooks.MOST + 10; i++) {
            books.count("p", "b" + i, "get_obj", true, 1, 0);
        }

        assertThat(books.size()).isEqualTo(RequestBooks.MOST + 1);
        books.store();
        assertThat(usage.lines()).hasSize(RequestBooks.MOST + 1).contains("p/-/get_obj 10 10 10 0");
    }

    @Test
    void losesNoRequestWhileItWrites() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 3; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 10_000; i++) {
                    get(true);
                }
            });
        }
        threads.execute(() -> {
            for (int i = 0; i < 100; i++) {
                books.store();
            }
        });
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

        books.store();

        assertThat(usage.lines()).containsExactly("p/b/get_obj 30000 30000 300000 30000");
    }
}
