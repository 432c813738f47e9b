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
 * A trial between two epochs: all that its rest depends on.
 *
 * @param weights folded
 * @param epochs the metrics of those that are over
 * @param priorities of the training examples, see {@link ExampleOrder}; null where there are none.
 *     No model file has them
 */
public record Checkpoint(Weights weights, List<EpochMetrics> epochs, Floats priorities) {
  /**
   * The version of the files' form. A metric more does not raise it, since they are read by their
   * names; raise it where what is there already changes its meaning.
   */
  private static final String VERSION = "2";

  private static final String VERSION_ARRAY = "checkpoint_version";
  private static final String EPOCHS = "epochs";
  private static final String NAMES = "epochs_columns";
  private static final String PRIORITIES = "checkpoint_priorities";

  private static final String OF_TASK = EpochMetric.OF_TASKS + "_\\d+";

  /** The columns of files without a version, before one for each hidden layer. */
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

  /** Of a trial whose epochs are permutations. */
  public Checkpoint(Weights weights, List<EpochMetrics> epochs) {
    this(weights, epochs, null);
  }

  /**
   * Before the first epoch.
   *
   * @param train the images that will be trained on
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

  /** The same from given weights. */
  public static Checkpoint initial(TrialSettings settings, Weights weights) {
    return new Checkpoint(weights.with(settings.state()), List.of());
  }

  /** The last epoch's metrics. */
  public EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }

  /** The checkpoint as a file: a model with the metrics beside the weights. */
  public byte[] toFile() {
    List<EpochMetric> metrics = EpochMetric.all();
    int hidden = hiddenLayers(weights.shape());
    int tasks = epochs.isEmpty() ? 0 : last().tasks();
    double[][] table =
        epochs.stream()
            .map(epoch -> epoch.toNumbers(metrics, hidden, tasks))
            .toArray(double[][]::new);
    // in this order, so that equal checkpoints give equal bytes
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
   * Reads such a file of a trial.
   *
   * @throws ModelFileException where it is damaged, of another shape or order, or of an unknown
   *     form
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
   * Reads such a file.
   *
   * @param state Modified: takes over what the file has
   * @throws ModelFileException where it is damaged, of another shape, or of an unknown form
   */
  public static Checkpoint fromFile(byte[] bytes, NetworkShape shape, State state) {
    List<EpochMetric> metrics = EpochMetric.all();
    ModelFile file = ModelFile.read(bytes);
    int hidden = hiddenLayers(shape);
    List<String> names = names(metrics, file, hidden);
    if (!file.has(EPOCHS)) {
      throw new ModelFileException("no checkpoint: it has no array %s", EPOCHS);
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

  /** The names of a file's metrics, by its version. */
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
