package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkException;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;
import org.junit.jupiter.api.Test;

/** What becomes of jobs whatever their results are. */
class TrialPoolTest {
  private static final byte[] WHOLE =
      JavaBytes.of(
          new SweepTask.Result(
              new ArrayList<>(
                  List.of(
                      new TrialEnd(
                          "a", TrialOutcome.failed("why", List.of(), Cost.NONE), false, 1, 1)))));

  /** Of a class that can't be made in this JVM. */
  private static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      throw new NoClassDefFoundError("made to fail");
    }
  }

  private static void isLost(byte[] result, String why) {
    assertThat(TrialPool.ended(7, result))
        .isInstanceOfSatisfying(
            TrialPool.Lost.class,
            lost -> {
              assertThat(lost.task()).isEqualTo(7);
              assertThat(lost.own()).isTrue();
              assertThat(lost.why()).startsWith("its result can't be read: ").contains(why);
            });
  }

  private static Exception failure(String message) {
    return new SparkException("Job aborted due to stage failure: " + message, null);
  }

  @Test
  void aResultThatCannotBeReadCountsAsLost() {
    assertThat(TrialPool.ended(7, WHOLE)).isInstanceOf(TrialPool.Ended.class);
    isLost(Arrays.copyOf(WHOLE, WHOLE.length / 2), "EOFException");
    isLost(new byte[] {1, 2, 3, 4}, "StreamCorruptedException");
    isLost(JavaBytes.of("something else"), "ClassCastException");
    isLost(JavaBytes.of(new Unreadable()), "NoClassDefFoundError: made to fail");
    isLost(null, "NullPointerException");
  }

  @Test
  void aJobThatFailedIsLostForTheReasonThatSparkGives() {
    String why = "Lost task 1.0 in stage 5.0 (TID 9): ExecutorLostFailure";
    String message =
        "Task %d in stage 5.0 failed 1 times, most recent failure: " + why + "\nDriver stacktrace:";
    assertThat(TrialPool.lost(7, 1, failure(message.formatted(0))))
        .containsExactly(new TrialPool.Lost(7, why, true));
    assertThat(TrialPool.lost(7, 3, failure(message.formatted(1))))
        .containsExactly(
            new TrialPool.Lost(7, why, false),
            new TrialPool.Lost(8, why, true),
            new TrialPool.Lost(9, why, false));
  }

  @Test
  void whereSparkNamesNoTaskAllAreToBlameAndWhereOneWasRefusedNoneIs() {
    assertThat(TrialPool.lost(7, 2, failure("the broadcast is gone")))
        .allMatch(lost -> ((TrialPool.Lost) lost).own());
    String refused =
        "Task 1 in stage 5.0 failed 1 times, most recent failure: RejectedExecutionException: Task"
            + " org.apache.spark.executor.Executor$TaskRunner@1 rejected";
    assertThat(TrialPool.lost(7, 2, failure(refused)))
        .noneMatch(lost -> ((TrialPool.Lost) lost).own());
  }
}
