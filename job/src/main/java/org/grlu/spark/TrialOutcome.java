package org.grlu.spark;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.grlu.math.Kernels;
import org.grlu.network.ModelFile;
import org.grlu.training.EpochMetrics;
import org.grlu.training.Trial;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialStatus;

/**
 * A trial's end, as it travels from a task to the driver.
 *
 * @param failure one line, null where nothing went wrong
 * @param model the weights as a model file; null where there are none
 * @param weightsSha256 null where there are none
 * @param kernels which ran
 * @param host where
 */
record TrialOutcome(
    TrialStatus status,
    String failure,
    byte[] model,
    String weightsSha256,
    List<EpochMetrics> epochs,
    String kernels,
    String host)
    implements Serializable {

  private static final String HOST = thisHost();

  /** A trial that ended by an exception. */
  static TrialOutcome failed(Throwable e, List<EpochMetrics> epochs) {
    return failed(oneLine(e), epochs);
  }

  /** A trial that could not be finished, and why, in one line. */
  static TrialOutcome failed(String why, List<EpochMetrics> epochs) {
    return new TrialOutcome(
        TrialStatus.FAILED, why, null, null, epochs, Kernels.best().name(), HOST);
  }

  /** What {@link Trial#run} returned, in the JVM that ran it, without the model. */
  static TrialOutcome of(TrialResult result) {
    // a diverged trial's weights are left out: they are of no use, and may not be finite
    boolean finite = result.status() != TrialStatus.DIVERGED;
    return new TrialOutcome(
        result.status(),
        result.failure(),
        null,
        finite ? result.weights().sha256() : null,
        result.epochs(),
        Kernels.best().name(),
        HOST);
  }

  /** The same, with the model where the trial is done. */
  static TrialOutcome withModel(TrialResult result) {
    TrialOutcome outcome = of(result);
    return result.status() == TrialStatus.DONE
        ? outcome.with(ModelFile.write(result.weights(), Map.of()))
        : outcome;
  }

  /** The same outcome with a file of weights. */
  TrialOutcome with(byte[] file) {
    return new TrialOutcome(status, failure, file, weightsSha256, epochs, kernels, host);
  }

  private static String oneLine(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    String message = String.valueOf(e).lines().findFirst().orElse("");
    return message + where;
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
