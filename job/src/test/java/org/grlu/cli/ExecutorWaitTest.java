package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorWaitTest {
  private static final String NO_ROOM = "no executor yet: no room";
  private static final String GONE = "no Spark master answers at spark://a:1: refused";

  private String fault;
  private ExecutorWait wait = of(300);

  private ExecutorWait of(double limit) {
    return new ExecutorWait(NO_ROOM, () -> fault, limit, 0);
  }

  private String look(int second, int executors) {
    return wait.look(TimeUnit.SECONDS.toNanos(second), executors, true);
  }

  private String end(int second) {
    return wait.end(TimeUnit.SECONDS.toNanos(second));
  }

  @Test
  void aMasterWithoutRoomIsWaitedForWithoutEnd() {
    assertThat(look(9, 0)).isNull();
    assertThat(look(11, 0)).isEqualTo(NO_ROOM);
    assertThat(look(12, 0)).as("said once").isNull();
    assertThat(look(100_000, 0)).isNull();
    assertThat(end(100_000)).isNull();
  }

  @Test
  void aMasterThatDoesNotAnswerEndsTheWait() {
    fault = GONE;
    assertThat(look(11, 0))
        .isEqualTo("no executor yet, and %s; ends in 5 min 00 s unless one comes".formatted(GONE));
    assertThat(look(20, 0)).as("said once").isNull();
    assertThat(end(310)).isNull();
    assertThat(end(311))
        .isEqualTo(
            "no executor yet, and %s; none came in 5 min 00 s (spark.grlu.executorTimeout)"
                .formatted(GONE));
  }

  @Test
  void aMasterThatGoesWhileItHasNoRoomEndsTheWaitThoughAnotherAnswersLater() {
    look(11, 0);
    fault = GONE;
    assertThat(look(50, 0)).startsWith("no executor yet, and " + GONE);
    fault = null;
    assertThat(look(60, 0)).isNull();
    assertThat(end(350)).isNotNull();
  }

  @Test
  void noExecutorLeftEndsTheWaitAlthoughAMasterAnswers() {
    look(1, 1);
    look(2, 2);
    look(3, 1);
    assertThat(look(4, 0)).isNull();
    assertThat(look(14, 0))
        .isEqualTo(
            "no executor is left of the 2 that there were; ends in 5 min 00 s unless one comes");
    assertThat(end(313)).isNull();
    assertThat(end(314))
        .isEqualTo(
            "no executor is left of the 2 that there were; none came in 5 min 00 s (spark.grlu.executorTimeout)");
  }

  @Test
  void theMastersSilenceIsSaidBesideTheExecutors() {
    look(1, 1);
    fault = GONE;
    assertThat(look(12, 0))
        .startsWith("no executor is left of the 1 that there were, and " + GONE + "; ends in");
  }

  @Test
  void executorsThatComeBackInTimeEndTheWaitAndTheNextOneCountsFromItsOwnStart() {
    look(1, 1);
    look(12, 0);
    assertThat(look(200, 1)).isNull();
    assertThat(end(1000)).isNull();
    assertThat(look(1000, 0)).as("another wait is said again").isNotNull();
    assertThat(end(1299)).isNull();
    assertThat(end(1300)).isNotNull();
  }

  @Test
  void dynamicAllocationMayHaveNoExecutorWhileNoJobRuns() {
    look(1, 2);
    assertThat(wait.look(TimeUnit.SECONDS.toNanos(1000), 0, false)).isNull();
    assertThat(end(100_000)).isNull();
    assertThat(look(1009, 0)).as("counts from the job's start").isNull();
    assertThat(look(1011, 0)).isNotNull();
  }

  @Test
  void aLimitOfZeroWaitsForEver() {
    wait = of(0);
    look(1, 1);
    assertThat(look(12, 0)).isEqualTo("no executor is left of the 1 that there were");
    assertThat(end(100_000)).isNull();
  }

  @Test
  void theLimitIsATime() {
    SparkConf conf = new SparkConf(false);
    assertThat(ExecutorWatch.limitSeconds(conf)).isEqualTo(300);
    assertThat(ExecutorWatch.limitSeconds(conf.set(ExecutorWatch.LIMIT, "2h"))).isEqualTo(7200);
    assertThat(ExecutorWatch.limitSeconds(conf.set(ExecutorWatch.LIMIT, "0"))).isZero();
    for (String bad : new String[] {"soon", "-1", ""}) {
      conf.set(ExecutorWatch.LIMIT, bad);
      assertThatThrownBy(() -> ExecutorWatch.limitSeconds(conf))
          .isInstanceOfSatisfying(
              CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
          .hasMessage(
              "spark.grlu.executorTimeout=%s: must be a time, as 300s or 5m; 0 waits for ever",
              bad);
    }
  }
}
