package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that are slow, or can't be drawn. */
@Timeout(60)
class SweepPagesTest {
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger drawn = new AtomicInteger();

  private SweepPages pages(SweepPages.Drawing drawing) {
    return new SweepPages("o/sweeps/s", drawing, 1, said::add);
  }

  @Test
  void aPageThatCannotBeDrawnIsOneLineHoweverOftenItIsTried() throws Exception {
    SweepPages pages =
        pages(
            () -> {
              drawn.incrementAndGet();
              throw new StackOverflowError("made to fail");
            });
    pages.begin();
    while (drawn.get() < 3) {
      Thread.sleep(1);
    }
    pages.end();
    assertThat(said)
        .containsExactly(
            "o/sweeps/s: the page is not up to date: java.lang.StackOverflowError: made to fail");
  }

  @Test
  void theLastPageIsDrawnWhenASlowOneIsFinished() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    SweepPages pages =
        pages(
            () -> {
              assertThat(atOnce.incrementAndGet()).as("pages at the same time").isEqualTo(1);
              begun.countDown();
              try {
                mayEnd.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              atOnce.decrementAndGet();
              drawn.incrementAndGet();
              return Optional.of("what is lacking");
            });
    pages.begin();
    begun.await();
    Thread last =
        new Thread(
            () -> {
              try {
                pages.last();
              } catch (IOException e) {
                said.add(e.toString());
              }
            });
    last.start();
    while (last.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    assertThat(drawn).hasValue(0);
    mayEnd.countDown();
    last.join();
    assertThat(drawn).hasValue(2);
    assertThat(said).containsExactly("what is lacking");
  }

  @Test
  void aLastPageThatCannotBeDrawnIsAFailureOfItsKind() {
    String line = "o/sweeps/s: the report can't be made: %s; what ended is in the tables";
    IOException full = new IOException("No space left on device");
    assertThatThrownBy(
            pages(
                    () -> {
                      throw full;
                    })
                ::last)
        .isInstanceOf(IOException.class)
        .hasMessage(line, full.getMessage())
        .hasCause(full);
    IllegalArgumentException own = new IllegalArgumentException("no axis");
    assertThatThrownBy(
            pages(
                    () -> {
                      throw own;
                    })
                ::last)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(line, own)
        .hasCause(own);
  }
}
