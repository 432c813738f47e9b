package org.grlu.sweep;

import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.math.Kernels;
import org.grlu.network.ModelFile;
import org.grlu.reports.Goal;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.TrialStatus;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetrics;
import org.grlu.training.Trial;
import org.grlu.training.TrialResult;

/**
 * A trial's end, as it travels from a task to the driver: of a {@link TrialResult} all but the
 * weights, which go as a file. Of a sweep it comes in a {@link TrialEnd}, and what a row keeps of
 * it for decisions is a {@link RecordedEnd}.
 *
 * @param failure what went wrong in one line, and, of an exception, where in the lines after it;
 *     null where nothing did
 * @param model the weights as a model file; null where there are none
 * @param weightsSha256 null where there are none
 * @param unfinished what was spent beside the epochs
 * @param kernels which ran
 * @param host where
 */
public record TrialOutcome(
    TrialStatus status,
    String failure,
    byte[] model,
    String weightsSha256,
    List<EpochMetrics> epochs,
    Cost unfinished,
    String kernels,
    String host)
    implements Serializable {

  private static final String HOST = thisHost();
  private static final int MOST_LINES = 200;

  /** A trial that ended by an exception. */
  public static TrialOutcome failed(Throwable e, List<EpochMetrics> epochs, Cost unfinished) {
    return failed(oneLine(e) + trace(e), epochs, unfinished);
  }

  /** A trial that could not be finished, and why. */
  public static TrialOutcome failed(String why, List<EpochMetrics> epochs, Cost unfinished) {
    return new TrialOutcome(
        TrialStatus.FAILED, why, null, null, epochs, unfinished, Kernels.best().name(), HOST);
  }

  /** What {@link Trial#run} returned, in the JVM that ran it, without the model. */
  public static TrialOutcome of(TrialResult result) {
    // a diverged trial's weights are left out: they are of no use, and may not be finite
    boolean finite = result.status() != TrialStatus.DIVERGED;
    return new TrialOutcome(
        result.status(),
        result.failure(),
        null,
        finite ? result.weights().sha256() : null,
        result.epochs(),
        result.unfinished(),
        Kernels.best().name(),
        HOST);
  }

  /** The same, with the model where the trial is done. */
  public static TrialOutcome withModel(TrialResult result) {
    TrialOutcome outcome = of(result);
    return result.status() == TrialStatus.DONE
        ? outcome.with(ModelFile.write(result.weights(), Map.of()))
        : outcome;
  }

  /** The same outcome with a file of weights. */
  public TrialOutcome with(byte[] file) {
    return new TrialOutcome(
        status, failure, file, weightsSha256, epochs, unfinished, kernels, host);
  }

  /** All that the trial cost. */
  public Cost cost() {
    return unfinished.plus(epochs);
  }

  /** What went wrong, in one line; null where nothing did. */
  public String reason() {
    return failure == null ? null : failure.lines().findFirst().orElse("");
  }

  /** The end as its row will have it. */
  public RecordedEnd recorded(List<Goal> goals) {
    Map<String, List<Double>> last =
        epochs.isEmpty() ? Map.of() : epochs.get(epochs.size() - 1).numbers();
    Cost cost = cost();
    return new RecordedEnd(
        status,
        epochs.size(),
        RecordedEnd.reached(
            goals,
            column ->
                switch (Goal.of(column)) {
                  case FORWARD_PASSES -> cost.forwardPasses();
                  case CPU_SECONDS -> cost.cpuSeconds();
                  default -> last.getOrDefault(column, List.of(Double.NaN)).get(0);
                }));
  }

  private static String oneLine(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    String message = String.valueOf(e).lines().findFirst().orElse("");
    return message + where;
  }

  /** The frames, and the causes with theirs, a line each. */
  private static String trace(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out, true));
    return out.toString()
        .lines()
        .skip(1)
        .limit(MOST_LINES)
        .map(line -> "\n" + line)
        .collect(Collectors.joining());
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
