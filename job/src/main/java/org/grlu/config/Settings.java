package org.grlu.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grlu.datasets.Dataset;
import org.grlu.features.FeatureSettings;
import org.grlu.network.Activation;
import org.grlu.network.HiddenLayers;
import org.grlu.network.Initial;
import org.grlu.network.InputNorm;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.rule.Fold;
import org.grlu.rule.Key;
import org.grlu.rule.KeyValues;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.grlu.training.Cosine;
import org.grlu.training.Course;
import org.grlu.training.ExampleStream;
import org.grlu.training.Linear;
import org.grlu.training.Schedule;
import org.grlu.training.TrainingOptions;
import org.grlu.training.TrainingSettings;
import org.grlu.training.TrialSettings;

/**
 * A checked configuration. Values have the types that their keys say: Long, Double, String and so
 * on.
 */
public final class Settings implements KeyValues {
  /** The origin of a value that is the default for a sweep, though not for a single trial. */
  static final String SWEEP_DEFAULT = "default of a sweep";

  static final String DEFAULT = "default";
  static final String NORMALISED = "training.learning-rate.normalised";
  static final String SET = "--set";

  // in the order of Keys.ALL: arrays, because a sweep holds a hundred thousand configurations
  private final Object[] values;
  private final Object[] defaults;
  private final String[] origins;

  /** The layers that {@code network.layers} describes. */
  private final FittedLayers layers;

  Settings(Object[] values, Object[] defaults, String[] origins) {
    this(values, defaults, origins, null);
  }

  /**
   * @param fault the fault of an earlier list of layers that these values come from; null for none
   */
  private Settings(Object[] values, Object[] defaults, String[] origins, String fault) {
    this.values = values;
    this.defaults = defaults;
    this.origins = origins;
    this.layers = FittedLayers.of(values, defaults, origins, fault);
  }

  /**
   * Returns a copy with some values changed. The values are not checked: {@link #conflicts} tells
   * which of them do not go together.
   *
   * @param changed new values by path, of the types that their keys say
   */
  public Settings with(Map<String, Object> changed) {
    Object[] all = values.clone();
    boolean replaced = changed.containsKey(LayerList.LAYERS);
    if (replaced) {
      all[place(LayerList.KINDS)] = List.of();
    } else if (layers.areMixed()
        && (changed.containsKey(LayerList.INPUT) || changed.containsKey(LayerList.OUTPUTS))) {
      // the widths follow from the list of layers, so that list is put back
      List<?> widths = (List<?>) value(LayerList.LAYERS);
      all[place(LayerList.LAYERS)] = value(LayerList.KINDS);
      all[place(LayerList.OUTPUTS)] = widths.get(widths.size() - 1);
    }
    changed.forEach((path, value) -> all[place(path)] = value);
    return new Settings(all, defaults, origins, replaced ? null : layers.fault());
  }

  /** Returns a copy that names other origins for some values, given by path. */
  Settings withOrigins(Map<String, String> from) {
    String[] all = origins.clone();
    from.forEach((path, origin) -> all[place(path)] = origin);
    return new Settings(values, defaults, all, layers.fault());
  }

  /** Returns whether a value differs from its default. */
  boolean changed(String path) {
    return !value(path).equals(defaults[place(path)]);
  }

  private static int place(String path) {
    Integer place = Keys.PLACES.get(path);
    if (place == null) {
      throw new IllegalArgumentException(path + ": there is no such key");
    }
    return place;
  }

  /** Returns all values by path, in the order of {@code reference.conf}. */
  public Map<String, Object> values() {
    Map<String, Object> all = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> all.put(key.path(), value(key.path())));
    return all;
  }

  @Override
  public Object value(String path) {
    return values[place(path)];
  }

  /** Returns the type of a key's values. */
  public Key.Type type(String path) {
    return Keys.ALL.get(place(path)).type();
  }

  /** Returns where a value comes from: "default", "--set", or a file and its line. */
  public String origin(String path) {
    // kinds and digest are derived from these two keys
    String from =
        path.equals(LayerList.KINDS)
            ? LayerList.LAYERS
            : path.equals(FeatureKeys.DIGEST) ? FeatureKeys.FILE : path;
    return origins[place(from)];
  }

  /** Returns whether any value comes from a file, rather than from {@code --set} or a default. */
  public boolean setByFile() {
    return !List.of(DEFAULT, SET).containsAll(List.of(origins));
  }

  /** Returns the name of the dataset, which is only a label where the data are the user's own. */
  public String datasetName() {
    return text("dataset.name");
  }

  /** Returns the value of a path or URI, with the home directory in place of a leading ~. */
  String path(String path) {
    return Home.expand(path, text(path));
  }

  /** Returns the layers that {@code network.layers} describes. */
  FittedLayers layers() {
    return layers;
  }

  /**
   * Returns the slow system whose codes the network reads; empty where the network reads pixels.
   */
  public Optional<FeatureSettings> features() {
    return new FeatureKeys(this).system();
  }

  /** Returns the file of a frozen slow system; empty where none is read from a file. */
  public Optional<FeatureFile> featuresFile() {
    return new FeatureKeys(this).file();
  }

  /** Returns a copy whose slow system has neither whitening nor expansion. */
  public Settings backbone() {
    return with(Map.of("features.whiten", "none", "features.expand", 0L));
  }

  /** Returns which images the slow system sees. */
  public SeenImages seen() {
    FeatureKeys keys = new FeatureKeys(this);
    return new SeenImages(keys.dataset(), keys.classes(), keys.examples(), keys.seen());
  }

  /** Returns the identity of the slow system, where the trial's dataset has the given digest. */
  public TrialIdentity featuresIdentity(String datasetSha256) {
    return new FeatureKeys(this).identity(datasetSha256);
  }

  /** Returns where the data are, and how they are read. */
  public DataSettings data() {
    return new DataSettings(this);
  }

  /** Returns the number of training examples to use; 0 for all that are not held out. */
  public int trainExamples() {
    return whole("dataset.train-examples");
  }

  /** Returns the number of training examples that are held out as the validation set. */
  public int validationExamples() {
    return whole("dataset.validation-examples");
  }

  /**
   * Returns whether each step is spread over the cluster, rather than the trial run in one task.
   */
  public boolean stepped() {
    return text("engine.mode").equals("stepped");
  }

  /** Returns whether each executor holds only its part of the examples. */
  public boolean partitioned() {
    return new PartitionedData(this).isAsked();
  }

  /** Returns the number of tasks of a step; 0 for as many as there are slots. */
  public int shards() {
    return whole("engine.shards");
  }

  /** Returns where the sums of a step's shards are added up. */
  public Fold fold() {
    return choice(Fold.class, Keys.FOLD);
  }

  /** Returns the folder for reports, a path or URI. */
  public String reportDirectory() {
    return path("report.directory");
  }

  /** Returns whether estimates are compared with the gradient after each epoch. */
  public boolean diagnosed() {
    return text("report.diagnostics").equals("epoch");
  }

  /** Returns the network. */
  public NetworkShape shape() {
    if (layers.areMixed()) {
      return NetworkShape.of(layers.mixed(), choice(HiddenLayers.class, "network.hidden"));
    }
    List<Integer> layers =
        ((List<?>) value("network.layers")).stream().map(n -> Math.toIntExact((long) n)).toList();
    return new NetworkShape(
        layers,
        choice(Activation.class, "network.activation"),
        number("network.k"),
        choice(Skip.class, "network.skip"),
        choice(HiddenLayers.class, "network.hidden"));
  }

  /** Returns how pixels become inputs of the network. */
  public PixelScale pixels() {
    return new PixelScale(
        number("dataset.pixel-mean"),
        number("dataset.pixel-deviation"),
        // codes need no layer norm: the slow system normalises them
        features().isPresent() ? InputNorm.NONE : choice(InputNorm.class, "network.input-norm"));
  }

  /** Returns the order in which training presents examples. */
  public ExampleStream stream() {
    return new StreamKeys(this).stream();
  }

  /** Returns the number of epochs. Under a stream with tasks each pass over a task is an epoch. */
  public int epochs() {
    ExampleStream stream = stream();
    return stream.hasTasks() ? stream.epochs() : whole("training.epochs");
  }

  /** Returns all settings that the trial's result depends on, except the data. */
  public TrialSettings trial() {
    TrainingSettings training =
        new TrainingSettings(
            epochs(),
            whole("training.batch-size"),
            learningRate(),
            noiseScale(),
            choice(Schedule.class, "training.schedule"),
            (long) value("training.seed"),
            options());
    NetworkShape shape = shape();
    return new TrialSettings(shape, pixels(), rule().create(this, shape), training, diagnosed());
  }

  private TrainingOptions options() {
    return new TrainingOptions(
        number("training.weight-decay"),
        choice(Initial.class, "network.initial"),
        number("network.gumbel"),
        text("training.order").equals("prioritised") ? number("training.order-floor") : 0,
        number("training.input-dropout"),
        whole("training.shift"),
        stream());
  }

  Course learningRate() {
    double divisor = flag(NORMALISED) ? squaredInput() : 1;
    double max = number("training.learning-rate.max") / divisor;
    double min = number("training.learning-rate.min") / divisor;
    return switch (text("training.learning-rate.shape")) {
      case "linear" -> new Linear(max, min);
      case "constant" -> new Linear(max, max);
      default -> new Cosine(max, min);
    };
  }

  /** Returns |x|^2 of the network's input x, which layer norm or the slow system fixes. */
  private double squaredInput() {
    double inputs = shape().inputs(0);
    return features().map(system -> system.squaredNorm((int) inputs)).orElse(inputs);
  }

  Cosine noiseScale() {
    return new Cosine(number("training.noise-scale.max"), number("training.noise-scale.min"));
  }

  /** Returns the learning rule's entry in the catalogue. */
  public RuleEntry rule() {
    return RuleCatalogue.current().rule(text("rule.name"));
  }

  /**
   * Returns one line for each set of values that do not go together, though each is allowed by
   * itself.
   */
  public List<String> conflicts() {
    return new Conflicts(this).all();
  }

  /** Returns the conflicts of the slow system and its data alone, one line each. */
  List<String> featureConflicts() {
    List<String> faults = new ArrayList<>(data().faultsOfData());
    faults.addAll(new FeatureKeys(this).faults());
    return faults;
  }

  /** Returns what in the slow system's settings does not fit an uncut dataset, one line each. */
  public List<String> unfitFeatures(Dataset dataset) {
    return new FeatureKeys(this).unfit(dataset);
  }

  /** Returns what in this configuration does not fit an uncut dataset, one line each. */
  public List<String> unfit(Dataset dataset) {
    return new Conflicts(this).unfit(dataset);
  }

  List<String> unfit(int pixels, int classes, int available, int total) {
    return new Conflicts(this).unfit(pixels, classes, available, total);
  }

  /** Returns the identity that trials share which differ in their seed alone. */
  public TrialIdentity settingIdentity(String datasetSha256) {
    String seed = "training.seed";
    return with(Map.of(seed, defaults[place(seed)])).identity(datasetSha256);
  }

  /** Returns the identity of the trial on a dataset, with initial weights from its seed. */
  public TrialIdentity identity(String datasetSha256) {
    return identity(datasetSha256, null);
  }

  /**
   * Returns the identity of the trial on a dataset.
   *
   * @param initSha256 the digest of given initial weights; null where the seed gives them
   */
  public TrialIdentity identity(String datasetSha256, String initSha256) {
    return TrialIdentity.of(datasetSha256, identifying(datasetSha256, initSha256));
  }

  /** Returns the id that trials share which differ in their seed alone. */
  public String settingId(String datasetSha256, String initSha256) {
    String seed = "training.seed";
    return with(Map.of(seed, defaults[place(seed)])).identity(datasetSha256, initSha256).id();
  }

  private Map<String, Object> identifying(String datasetSha256, String initSha256) {
    Map<String, Object> given = new LinkedHashMap<>(rule().identity());
    if (initSha256 != null) {
      given.put("init.sha256", initSha256);
    }
    for (int i = 0; i < values.length; i++) {
      Key key = Keys.ALL.get(i);
      boolean own = key.identifies() && !FeatureKeys.has(key.path());
      if (own && !values[i].equals(defaults[i]) && meansSomething(key.path())) {
        given.put(key.path(), values[i]);
      }
    }
    if (features().isPresent()) {
      given.put("features.id", featuresIdentity(datasetSha256).id());
    }
    return given;
  }

  /** Returns whether a key's value can change the trial's result, given all other values. */
  public boolean meansSomething(String path) {
    boolean ofList = path.equals(LayerList.INPUT) || path.equals(LayerList.OUTPUTS);
    return Keys.ALL.get(place(path)).meansSomething(this) && (layers.areMixed() || !ofList);
  }

  /** Returns HOCON that reads back to these values, with the origin of each in a comment. */
  public String render() {
    StringBuilder out = new StringBuilder("grlu {\n");
    for (Map.Entry<String, Object> entry : values().entrySet()) {
      String value = Json.of(entry.getValue());
      out.append(
          "  %-50s # %s%n".formatted(entry.getKey() + " = " + value, origin(entry.getKey())));
    }
    return out.append("}\n").toString();
  }
}
