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

/** A checked configuration. Values are typed as their keys say: Long, Double, String, ... */
public final class Settings implements KeyValues {
  /** Where a value comes from that holds because the configuration is a sweep's. */
  static final String SWEEP_DEFAULT = "default of a sweep";

  static final String DEFAULT = "default";
  static final String NORMALISED = "training.learning-rate.normalised";
  static final String SET = "--set";

  // in the order of Keys.ALL: a sweep holds a hundred thousand of these
  private final Object[] values;
  private final Object[] defaults;
  private final String[] origins;

  /** What its list of layers gives. */
  private final FittedLayers layers;

  Settings(Object[] values, Object[] defaults, String[] origins) {
    this(values, defaults, origins, null);
  }

  /**
   * @param fault of a list of layers that these values come from; null for none
   */
  private Settings(Object[] values, Object[] defaults, String[] origins, String fault) {
    this.values = values;
    this.defaults = defaults;
    this.origins = origins;
    this.layers = FittedLayers.of(values, defaults, origins, fault);
  }

  /**
   * The same configuration with some values changed. They are not checked: {@link #conflicts} says
   * what does not go together.
   *
   * @param changed by path, typed as their keys say
   */
  public Settings with(Map<String, Object> changed) {
    Object[] all = values.clone();
    boolean replaced = changed.containsKey(LayerList.LAYERS);
    if (replaced) {
      all[place(LayerList.KINDS)] = List.of();
    } else if (layers.areMixed()
        && (changed.containsKey(LayerList.INPUT) || changed.containsKey(LayerList.OUTPUTS))) {
      // their widths follow from it
      List<?> widths = (List<?>) value(LayerList.LAYERS);
      all[place(LayerList.LAYERS)] = value(LayerList.KINDS);
      all[place(LayerList.OUTPUTS)] = widths.get(widths.size() - 1);
    }
    changed.forEach((path, value) -> all[place(path)] = value);
    return new Settings(all, defaults, origins, replaced ? null : layers.fault());
  }

  /**
   * The same configuration, whose values of a key are said to come from elsewhere.
   *
   * @param from origins by path
   */
  Settings withOrigins(Map<String, String> from) {
    String[] all = origins.clone();
    from.forEach((path, origin) -> all[place(path)] = origin);
    return new Settings(values, defaults, all, layers.fault());
  }

  /** Whether a value is other than the default. */
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

  /** All values by path, in the order of {@code reference.conf}. */
  public Map<String, Object> values() {
    Map<String, Object> all = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> all.put(key.path(), value(key.path())));
    return all;
  }

  @Override
  public Object value(String path) {
    return values[place(path)];
  }

  /** The type of a key's values. */
  public Key.Type type(String path) {
    return Keys.ALL.get(place(path)).type();
  }

  /** Where a value came from: "default", "--set", or file and line. */
  public String origin(String path) {
    // kinds are what a list of layers becomes
    // and so is a digest of a file
    String from =
        path.equals(LayerList.KINDS)
            ? LayerList.LAYERS
            : path.equals(FeatureKeys.DIGEST) ? FeatureKeys.FILE : path;
    return origins[place(from)];
  }

  /** Whether a file sets any of it, rather than --set or nothing. */
  public boolean setByFile() {
    return !List.of(DEFAULT, SET).containsAll(List.of(origins));
  }

  public String datasetName() {
    return text("dataset.name");
  }

  /** A path or URI, with the home directory where it is written as ~. */
  String path(String path) {
    return Home.expand(path, text(path));
  }

  /** What its list of layers gives. */
  FittedLayers layers() {
    return layers;
  }

  /** The slow system whose codes the network reads; empty where it reads pixels. */
  public Optional<FeatureSettings> features() {
    return new FeatureKeys(this).system();
  }

  /** The file that holds that system; empty where it is trained. */
  public Optional<FeatureFile> featuresFile() {
    return new FeatureKeys(this).file();
  }

  /** The same configuration with that system as it is before whitening and expansion. */
  public Settings backbone() {
    return with(Map.of("features.whiten", "none", "features.expand", 0L));
  }

  /** What that system is to see. */
  public SeenImages seen() {
    FeatureKeys keys = new FeatureKeys(this);
    return new SeenImages(keys.dataset(), keys.classes(), keys.examples(), keys.seen());
  }

  /**
   * The identity of that system.
   *
   * @param datasetSha256 of the trial's dataset
   */
  public TrialIdentity featuresIdentity(String datasetSha256) {
    return new FeatureKeys(this).identity(datasetSha256);
  }

  /** Where the data are, and how they are read. */
  public DataSettings data() {
    return new DataSettings(this);
  }

  public int trainExamples() {
    return whole("dataset.train-examples");
  }

  public int validationExamples() {
    return whole("dataset.validation-examples");
  }

  /** Whether steps are spread over the cluster, rather than the trial run in one task. */
  public boolean stepped() {
    return text("engine.mode").equals("stepped");
  }

  /** Whether executors hold each its part of the examples; of a trial whose steps are spread. */
  public boolean partitioned() {
    return new PartitionedData(this).isAsked();
  }

  /** Tasks of a step; 0 for as many as there are slots. */
  public int shards() {
    return whole("engine.shards");
  }

  /** Where matrices of a step are folded. */
  public Fold fold() {
    return choice(Fold.class, Keys.FOLD);
  }

  public String reportDirectory() {
    return path("report.directory");
  }

  /** Whether each epoch's estimates are to be compared with the gradient. */
  public boolean diagnosed() {
    return text("report.diagnostics").equals("epoch");
  }

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

  public PixelScale pixels() {
    return new PixelScale(
        number("dataset.pixel-mean"),
        number("dataset.pixel-deviation"),
        // codes are normalised by what makes them
        features().isPresent() ? InputNorm.NONE : choice(InputNorm.class, "network.input-norm"));
  }

  /** In which order training presents examples. */
  public ExampleStream stream() {
    return new StreamKeys(this).stream();
  }

  /** Of the whole trial; of a stream with tasks one a pass over a task. */
  public int epochs() {
    ExampleStream stream = stream();
    return stream.hasTasks() ? stream.epochs() : whole("training.epochs");
  }

  /** All that makes the trial's result, but for the data. */
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

  /** |x|^2 of the network's input, which layer norm, or what makes the codes, sees to. */
  private double squaredInput() {
    double inputs = shape().inputs(0);
    return features().map(system -> system.squaredNorm((int) inputs)).orElse(inputs);
  }

  Cosine noiseScale() {
    return new Cosine(number("training.noise-scale.max"), number("training.noise-scale.min"));
  }

  /** The rule's entry in the catalogue. */
  public RuleEntry rule() {
    return RuleCatalogue.current().rule(text("rule.name"));
  }

  /** Values that are allowed each by itself but not together, a line each. */
  public List<String> conflicts() {
    return new Conflicts(this).all();
  }

  /** The same of the slow system and its data, whatever network reads the codes. */
  List<String> featureConflicts() {
    List<String> faults = new ArrayList<>(data().faultsOfData());
    faults.addAll(new FeatureKeys(this).faults());
    return faults;
  }

  /**
   * What of the slow system does not fit a dataset, a line each.
   *
   * @param dataset uncut
   */
  public List<String> unfitFeatures(Dataset dataset) {
    return new FeatureKeys(this).unfit(dataset);
  }

  /**
   * What of this configuration does not fit a dataset.
   *
   * @param dataset uncut
   * @return a line each
   */
  public List<String> unfit(Dataset dataset) {
    return new Conflicts(this).unfit(dataset);
  }

  List<String> unfit(int pixels, int classes, int available, int total) {
    return new Conflicts(this).unfit(pixels, classes, available, total);
  }

  /** The identity of this configuration without its seed: what trials of one setting share. */
  public TrialIdentity settingIdentity(String datasetSha256) {
    String seed = "training.seed";
    return with(Map.of(seed, defaults[place(seed)])).identity(datasetSha256);
  }

  /** The trial's identity on a dataset, from weights that its seed gives. */
  public TrialIdentity identity(String datasetSha256) {
    return identity(datasetSha256, null);
  }

  /**
   * The trial's identity on a dataset.
   *
   * @param initSha256 the digest of the weights it starts from; null for those its seed gives
   */
  public TrialIdentity identity(String datasetSha256, String initSha256) {
    return TrialIdentity.of(datasetSha256, identifying(datasetSha256, initSha256));
  }

  /** The id that all trials share which differ in nothing but their seed. */
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

  /** Whether a key's value can change this trial's result, given the others. */
  public boolean meansSomething(String path) {
    boolean ofList = path.equals(LayerList.INPUT) || path.equals(LayerList.OUTPUTS);
    return Keys.ALL.get(place(path)).meansSomething(this) && (layers.areMixed() || !ofList);
  }

  /** HOCON that reads back to these values, each with where it came from. */
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
