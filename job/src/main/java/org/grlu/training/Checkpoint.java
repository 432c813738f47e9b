package org.grlu.training;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.grlu.network.ModelFile;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A trial between two epochs: all that its rest depends on.
 *
 * @param weights folded
 * @param epochs the metrics of those that are over
 */
public record Checkpoint(Weights weights, List<EpochMetrics> epochs) {
  private static final String EPOCHS = "epochs";

  /** Before the first epoch. */
  public static Checkpoint initial(TrialSettings settings) {
    return new Checkpoint(Weights.initial(settings.shape(), settings.training().seed()), List.of());
  }

  /** The last epoch's metrics. */
  public EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }

  /** The checkpoint as a file: a model with the metrics beside the weights. */
  public byte[] toFile() {
    double[][] table = epochs.stream().map(EpochMetrics::toNumbers).toArray(double[][]::new);
    return ModelFile.write(weights, Map.of(EPOCHS, table));
  }

  /**
   * Reads such a file.
   *
   * @throws org.grlu.network.ModelFileException where it is damaged or of another shape
   */
  public static Checkpoint fromFile(byte[] bytes, NetworkShape shape) {
    ModelFile file = ModelFile.read(bytes);
    return new Checkpoint(
        file.weights(shape),
        Arrays.stream(file.table(EPOCHS)).map(EpochMetrics::fromNumbers).toList());
  }
}
