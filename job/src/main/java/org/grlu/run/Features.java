package org.grlu.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.config.TrialIdentity;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.SlowSystem;
import org.grlu.network.ModelFileException;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.spark.SparkParts;
import org.grlu.store.RunException;

/**
 * The slow systems of a report directory, each in {@code features/<id>}: taken from there, or
 * trained and put there. Those that differ in whitening or expansion alone share what is learned
 * before it. May be used by any number of threads.
 */
public final class Features {
  /** The folder of all of them in a report directory. */
  public static final String FOLDER = "features";

  /** The frozen system, as NumPy reads it. */
  public static final String FILE = "features.npz";

  /** What it is made of, and what it has seen. */
  public static final String IDENTITY = "features.json";

  private final Function<String, Dataset> datasets;
  private final Map<String, Dataset> read = new ConcurrentHashMap<>();
  private final Map<String, Encoder> known = new ConcurrentHashMap<>();

  /** By id: what is trained is waited for. */
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /**
   * @param datasets published ones by name, uncut
   */
  public Features(Function<String, Dataset> datasets) {
    this.datasets = name -> read.computeIfAbsent(name, datasets);
  }

  /** Those that see a trial's own images alone. */
  public static Features ofOwnImages() {
    return new Features(
        name -> {
          throw new IllegalArgumentException("dataset " + name + ": none but the trial's own");
        });
  }

  /** The identity of the system that a configuration asks for. */
  public static TrialIdentity identity(Settings settings, Dataset dataset) {
    return settings.featuresIdentity(dataset.sha256());
  }

  /**
   * The dataset as the configuration's network reads it: itself, or its codes.
   *
   * @param dataset cut as configured
   * @param group of Spark's jobs
   * @param said hears what happens
   * @throws IOException where the store can't be read or written
   */
  public Dataset encoded(
      Settings settings,
      Dataset dataset,
      JavaSparkContext spark,
      String group,
      Consumer<String> said)
      throws IOException {
    return settings.features().isEmpty()
        ? dataset
        : dataset.encoded(encoder(settings, dataset, spark, group, said));
  }

  /**
   * The system that the configuration asks for; trained, if it isn't known.
   *
   * @param dataset cut as configured
   * @param group of Spark's jobs
   * @param said hears what happens
   * @throws IOException where the store can't be read or written
   */
  public Encoder encoder(
      Settings settings,
      Dataset dataset,
      JavaSparkContext spark,
      String group,
      Consumer<String> said)
      throws IOException {
    TrialIdentity identity = identity(settings, dataset);
    synchronized (locks.computeIfAbsent(identity.id(), id -> new Object())) {
      Encoder encoder = known.get(identity.id());
      if (encoder == null && settings.featuresFile().isPresent()) {
        encoder = FrozenFeatures.of(settings.featuresFile().get()).named(identity.id());
      }
      if (encoder == null) {
        RunFolder folder = folder(settings, identity.id());
        byte[] bytes = folder.read(FILE).orElse(null);
        if (bytes == null) {
          Settings plain = settings.backbone();
          boolean further = !identity(plain, dataset).equals(identity);
          Encoder backbone = further ? encoder(plain, dataset, spark, group, said) : null;
          encoder = train(settings, identity, dataset, spark, group, said, backbone);
          store(folder, identity, encoder, settings.seen().words());
        } else {
          encoder = read(folder, bytes, identity.id());
        }
      }
      known.put(identity.id(), encoder);
      return encoder;
    }
  }

  /** The folder of a system. */
  public static RunFolder folder(Settings settings, String id) throws IOException {
    return RunFolder.in(settings.reportDirectory(), FOLDER + "/" + id, HadoopFiles.configuration());
  }

  /**
   * A system of a report directory; empty where it is not there.
   *
   * @param reports a path or URI
   */
  public static Optional<Encoder> stored(String reports, String id) throws IOException {
    RunFolder folder = RunFolder.in(reports, FOLDER + "/" + id, HadoopFiles.configuration());
    return folder.read(FILE).map(bytes -> read(folder, bytes, id));
  }

  /**
   * A system of a report directory, by the beginning of its id.
   *
   * @param option that names it, for errors
   * @throws RunException where there is none, or there are several
   */
  public static FrozenFeatures find(Settings settings, String option, String beginning)
      throws IOException {
    RunFolder all = RunFolder.in(settings.reportDirectory(), FOLDER, HadoopFiles.configuration());
    List<RunFolder> found = new ArrayList<>();
    for (RunFolder each : all.folders()) {
      if (each.name().startsWith(beginning) && each.read(FILE).isPresent()) {
        found.add(each);
      }
    }
    if (found.size() != 1) {
      throw new RunException(
          "%s %s: %s in %s"
              .formatted(
                  option,
                  beginning,
                  found.isEmpty()
                      ? "there are no such features"
                      : "is the beginning of %d ids".formatted(found.size()),
                  all.shown()));
    }
    return FrozenFeatures.in(option, found.get(0), FILE);
  }

  private static Encoder read(RunFolder folder, byte[] bytes, String id) {
    try {
      Encoder encoder = Encoder.fromFile(bytes);
      if (!encoder.id().equals(id)) {
        throw new ModelFileException("is of features %s", encoder.id());
      }
      return encoder;
    } catch (ModelFileException e) {
      throw new RunException("%s/%s: %s".formatted(folder.shown(), FILE, e.getMessage()));
    }
  }

  private Encoder train(
      Settings settings,
      TrialIdentity identity,
      Dataset dataset,
      JavaSparkContext spark,
      String group,
      Consumer<String> said,
      Encoder backbone) {
    LabelledImages images = images(settings, dataset);
    String name = settings.values().get("features.kind") + " " + identity.id().substring(0, 8);
    said.accept("features %s: of %s".formatted(name, settings.seen().words()));
    try (SparkParts parts = new SparkParts(spark, group, images)) {
      return SlowSystem.train(
          settings.features().orElseThrow(),
          identity.id(),
          parts,
          line -> said.accept("features %s: %s".formatted(name, line)),
          backbone);
    }
  }

  private static void store(RunFolder folder, TrialIdentity identity, Encoder encoder, String seen)
      throws IOException {
    folder.create();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("features", identity.id());
    facts.put("seen", seen);
    facts.put("size", (long) encoder.size());
    facts.put("identity", identity.json());
    folder.write(IDENTITY, (Json.of(facts) + "\n").getBytes(StandardCharsets.UTF_8));
    // last: who finds it takes the rest for whole
    folder.write(FILE, encoder.toFile());
  }

  /** The images that a system sees. */
  private LabelledImages images(Settings settings, Dataset dataset) {
    String other = settings.seen().dataset();
    LabelledImages all = (other.isEmpty() ? dataset : datasets.apply(other)).train();
    if (!settings.seen().classes().isEmpty()) {
      all = all.ofClasses(settings.seen().classes());
    }
    int examples = settings.seen().examples();
    return examples == 0 || examples >= all.size() ? all : all.slice(0, examples);
  }
}
