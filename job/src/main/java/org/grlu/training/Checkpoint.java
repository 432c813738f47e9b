package org.grlu.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * The state of a trial between two epochs: everything that the remaining epochs depend on.
 *
 * @param weights the weights, folded, with the arrays that the rule keeps beside them
 * @param epochs the metrics of each finished epoch, in order
 * @param priorities the priority of each training example, see {@link ExampleOrder}; null unless
 *     examples are drawn by priority. Checkpoint files hold priorities, model files do not
 */
public record Checkpoint(Weights weights, List<EpochMetrics> epochs, Floats priorities) {
  /**
   * The version of the file format. A new metric does not raise the version, because metrics are
   * read by name. Raise the version when the meaning of existing content changes.
   */
  private static final String VERSION = "2";

  private static final String VERSION_ARRAY = "checkpoint_version";
  private static final String EPOCHS = "epochs";
  private static final String NAMES = "epochs_columns";
  private static final String PRIORITIES = "checkpoint_priorities";

  private static final String OF_TASK = EpochMetric.OF_TASKS + "_\\d+";

  /**
   * The columns of a file without a version. One {@code hidden_sparsity} column for each hidden
   * layer follows them.
   */
  private static final List<String> FIRST_FORM =
      List.of(
          "epoch",
          "learning_rate",
          "noise_scale",
          "mean_reward",
          "train_accuracy",
          "validation_accuracy",
          "test_accuracy",
          "examples",
          "forward_passes",
          "cpu_seconds",
          "wall_seconds",
          "step_millis",
          "broadcast_millis",
          "schedule_millis",
          "compute_millis",
          "fold_millis",
          "bytes_per_step");

  /** Creates the checkpoint of a trial that draws no examples by priority. */
  public Checkpoint(Weights weights, List<EpochMetrics> epochs) {
    this(weights, epochs, null);
  }

  /**
   * Returns the checkpoint before the first epoch, with the initial weights that the settings ask
   * for.
   *
   * @param train the training images, as the trial presents them
   * @throws org.grlu.datasets.DatasetException where weights are made from pairs of training
   *     images, and no such pair exists
   */
  public static Checkpoint initial(TrialSettings settings, LabelledImages train) {
    NetworkShape shape = settings.shape();
    long seed = settings.training().seed();
    Weights weights =
        switch (settings.training().options().initial()) {
          case HE -> Weights.initial(shape, seed);
          case DATA_PAIRS -> Weights.ofDataPairs(shape, seed, settings.pixels(), train);
          case ZERO -> new Weights(shape);
        };
    return initial(settings, weights);
  }

  /**
   * Returns the checkpoint before the first epoch, with given weights.
   *
   * @param weights the initial weights. The checkpoint shares their arrays, so training modifies
   *     them
   */
  public static Checkpoint initial(TrialSettings settings, Weights weights) {
    return new Checkpoint(weights.with(settings.state()), List.of());
  }

  /** Returns the metrics of the last finished epoch. At least one epoch must be finished. */
  public EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }

  /**
   * Returns the bytes of the checkpoint's file: a model file that also holds the metrics and the
   * priorities. Equal checkpoints give equal bytes.
   */
  public byte[] toFile() {
    List<EpochMetric> metrics = EpochMetric.all();
    int hidden = hiddenLayers(weights.shape());
    int tasks = epochs.isEmpty() ? 0 : last().tasks();
    double[][] table =
        epochs.stream()
            .map(epoch -> epoch.toNumbers(metrics, hidden, tasks))
            .toArray(double[][]::new);
    // an ordered map, so that equal checkpoints give equal bytes
    Map<String, List<String>> form = new LinkedHashMap<>();
    form.put(VERSION_ARRAY, List.of(VERSION));
    form.put(NAMES, EpochMetrics.names(metrics, hidden, tasks));
    Map<String, double[][]> tables = new LinkedHashMap<>();
    tables.put(EPOCHS, table);
    if (priorities != null) {
      double[] row = new double[priorities.length()];
      Arrays.setAll(row, priorities::get);
      tables.put(PRIORITIES, new double[][] {row});
    }
    return ModelFile.write(weights, tables, form);
  }

  private static int hiddenLayers(NetworkShape shape) {
    return shape.depth() - 1;
  }

  /**
   * Reads the checkpoint file of a trial.
   *
   * @throws ModelFileException where the file is damaged, has an unknown version or another shape
   *     than the trial's network, or lacks the priorities that the trial needs
   */
  public static Checkpoint fromFile(byte[] bytes, TrialSettings settings) {
    Checkpoint read = fromFile(bytes, settings.shape(), settings.state());
    boolean needed = settings.training().options().prioritised() && !read.epochs.isEmpty();
    if (needed && read.priorities == null) {
      throw new ModelFileException(
          "array %s: missing, must be there with training.order = prioritised", PRIORITIES);
    }
    return read;
  }

  /**
   * Reads a checkpoint file.
   *
   * @param state Modified: the arrays are filled from the file
   * @throws ModelFileException where the file is damaged, or has an unknown version or another
   *     shape
   */
  public static Checkpoint fromFile(byte[] bytes, NetworkShape shape, State state) {
    List<EpochMetric> metrics = EpochMetric.all();
    ModelFile file = ModelFile.read(bytes);
    int hidden = hiddenLayers(shape);
    List<String> names = names(metrics, file, hidden);
    if (!file.has(EPOCHS)) {
      throw new ModelFileException("not a checkpoint: array %s is missing", EPOCHS);
    }
    int tasks = (int) names.stream().filter(name -> name.matches(OF_TASK)).count();
    List<EpochMetrics> epochs = new ArrayList<>();
    for (double[] row : file.table(EPOCHS)) {
      if (row.length != names.size()) {
        throw new ModelFileException(
            "array %s: %d columns, must be %d: %s", EPOCHS, row.length, names.size(), names);
      }
      Map<String, Double> numbers = new HashMap<>();
      for (int i = 0; i < row.length; i++) {
        numbers.put(names.get(i), row[i]);
      }
      epochs.add(EpochMetrics.fromNumbers(metrics, numbers, hidden, tasks));
    }
    return new Checkpoint(file.weights(shape, state), List.copyOf(epochs), priorities(file));
  }

  private static Floats priorities(ModelFile file) {
    double[][] table = file.table(PRIORITIES);
    if (table.length == 0) {
      return null;
    }
    Floats priorities = Floats.of(table[0].length);
    for (int i = 0; i < table[0].length; i++) {
      double priority = table[0][i];
      if (!(priority > 0 && priority <= 1)) {
        throw new ModelFileException(
            "array %s: %s, must be above 0 and at most 1", PRIORITIES, priority);
      }
      priorities.set(i, (float) priority);
    }
    return priorities;
  }

  /**
   * Returns the names of the columns in a file's table of epochs, which depend on the file's
   * version.
   */
  private static List<String> names(List<EpochMetric> metrics, ModelFile file, int hidden) {
    if (!file.has(VERSION_ARRAY)) {
      List<String> names = new ArrayList<>(FIRST_FORM);
      for (int layer = 1; layer <= hidden; layer++) {
        names.add("hidden_sparsity_" + layer);
      }
      return names;
    }
    List<String> version = file.words(VERSION_ARRAY);
    if (!version.equals(List.of(VERSION))) {
      throw new ModelFileException(
          "checkpoint of version %s: must be %s, or one of before there were versions",
          String.join(", ", version), VERSION);
    }
    List<String> names = file.words(NAMES);
    List<String> needed =
        EpochMetrics.names(metrics.stream().filter(EpochMetric::required).toList(), hidden, 0);
    if (!names.containsAll(needed)) {
      List<String> missing = new ArrayList<>(needed);
      missing.removeAll(names);
      throw new ModelFileException(
          "checkpoint of version %s: its columns %s lack %s", VERSION, names, missing);
    }
    return names;
  }
}
