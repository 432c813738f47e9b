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
import scala.util.Failure;
import scala.util.Success;
import scala.util.Try;

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

  private static TrialPool.Event event(Try<byte[]> end) {
    return TrialPool.event(7, end);
  }

  private static void isLost(byte[] result, String why) {
    assertThat(event(new Success<>(result)))
        .isInstanceOfSatisfying(
            TrialPool.Lost.class,
            lost -> {
              assertThat(lost.job()).isEqualTo(7);
              assertThat(lost.why()).startsWith("its result can't be read: ").contains(why);
            });
  }

  @Test
  void aResultThatCannotBeReadCountsAsLost() {
    assertThat(event(new Success<>(WHOLE))).isInstanceOf(TrialPool.Ended.class);
    isLost(Arrays.copyOf(WHOLE, WHOLE.length / 2), "EOFException");
    isLost(new byte[] {1, 2, 3, 4}, "StreamCorruptedException");
    isLost(JavaBytes.of("something else"), "ClassCastException");
    isLost(JavaBytes.of(new Unreadable()), "NoClassDefFoundError: made to fail");
    isLost(null, "NullPointerException");
  }

  @Test
  void aJobThatFailedIsLostForTheReasonThatSparkGives() {
    Exception failed =
        new SparkException(
            "Job aborted due to stage failure: Task 0 failed 1 times, most recent failure: "
                + "Lost task 0.0: ExecutorLostFailure\nDriver stacktrace:",
            null);
    assertThat(event(new Failure<>(failed)))
        .isEqualTo(new TrialPool.Lost(7, "Lost task 0.0: ExecutorLostFailure"));
  }
}
