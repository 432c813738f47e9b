package org.grlu.run;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.reports.TrialStatus;
import org.grlu.spark.TaskEngine;
import org.grlu.store.RunException;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;

/** A finished trial of a sweep, trained again for its weights. */
public final class TrialRerun {
  private final String shown;
  private final Map<String, Object> row;
  private final Settings settings;

  /**
   * @param shown the sweep's folder, for people
   * @param reports the report directory, which slow systems are taken from
   * @param row of the table of trials
   */
  public TrialRerun(String shown, String reports, Map<String, Object> row) {
    this.shown = shown;
    this.row = row;
    this.settings = SweepVerify.settings(row).with(Map.of("report.directory", reports));
  }

  /** Its configuration. */
  public Settings settings() {
    return settings;
  }

  /**
   * Trains it, and holds the weights to those of the row.
   *
   * @param dataset cut, as the network reads it
   * @param receiver hears how it goes, in a thread of Spark's
   * @return the weights as a model file
   * @throws RunException where the rule's version is another
   * @throws DifferentWeightsException where the weights are others
   */
  public byte[] train(JavaSparkContext spark, Dataset dataset, Consumer<Serializable> receiver)
      throws IOException {
    SweepVerify.checkVersion(shown, row);
    Checkpoint initial =
        Checkpoint.initial(settings.trial(), settings.trial().presented(dataset).train());
    TrialOutcome outcome =
        TaskEngine.run(spark, "report", settings.trial(), dataset, initial.toFile(), receiver);
    String id = ((String) row.get("trial_id")).substring(0, 8);
    if (outcome.status() != TrialStatus.DONE) {
      throw new IOException(
          "trial %s %s this time: %s".formatted(id, outcome.status().word(), outcome.reason()));
    }
    Object expected = row.get("weights_sha256");
    if (!Objects.equals(expected, outcome.weightsSha256())) {
      throw new DifferentWeightsException(
          "trial %s: trained again its weights are %s, in the table they are %s"
              .formatted(id, outcome.weightsSha256(), expected));
    }
    return outcome.model();
  }

  /** Weights that are not the same again. */
  public static final class DifferentWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DifferentWeightsException(String message) {
      super(message);
    }
  }
}
