package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecurringTest {
  private final AtomicInteger times = new AtomicInteger();

  @Test
  void aThreadThatEndsByAnErrorSaysSo() throws InterruptedException {
    Error error = new NoClassDefFoundError("made to fail");
    Recurring recurring =
        new Recurring(
            "test",
            1,
            () -> {
              if (times.incrementAndGet() == 3) {
                throw error;
              }
            });
    while (recurring.failure() == null) {
      Thread.sleep(1);
    }
    assertThat(recurring.failure()).isSameAs(error);
    recurring.end(0);
    assertThat(times).hasValue(3);
  }

  @Test
  void whatIsUnderWayIsFinishedAndNothingFollows() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Recurring recurring =
        new Recurring(
            "test",
            1,
            () -> {
              begun.countDown();
              mayEnd.await();
              times.incrementAndGet();
            });
    begun.await();
    recurring.end(1);
    assertThat(times).as("an end that is waited for in vain").hasValue(0);
    mayEnd.countDown();
    recurring.end(0);
    assertThat(times).hasValue(1);
    assertThat(recurring.failure()).isNull();
  }
}
