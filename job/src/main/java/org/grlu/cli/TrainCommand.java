package org.grlu.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.network.Weights;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.run.Features;
import org.grlu.run.TrainRun;
import org.grlu.spark.PartitionedDataset;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.StepResults;
import org.grlu.training.EpochMetrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains one network. */
@Command(
    name = "train",
    description = "Train one network and report it, in Parquet, in a folder of its own.")
final class TrainCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The report directory: the same as --set report.directory=DIR.")
  private String out;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = "Start from these weights (.npz, path or URI) instead of random ones.")
  private String init;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with a run that was not finished, from its last whole epoch.")
  private String resume;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();
  private boolean started;
  private String reports;

  /** Its images; empty where executors alone have them. */
  private Optional<Dataset> images = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings =
        configuration.read(out == null ? List.of() : List.of("report.directory=" + Json.of(out)));
    if (init != null && resume != null) {
      throw new CommandException(ExitCode.BAD_INPUT, "--init and --resume exclude each other");
    }
    Deployment.checkReports(settings.reportDirectory());
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu train");
    SparkStart.check(conf);
    StepResults.check(settings, conf);
    PartitionedDataset parts =
        settings.partitioned() ? PartitionedSource.load(settings, terminal, conf) : null;
    Dataset dataset =
        parts == null
            ? DataSource.load(settings, terminal, conf)
            : DataSource.cut(settings, parts.dataset());
    reports = settings.reportDirectory();
    images = parts == null ? Optional.of(dataset) : Optional.empty();
    TrainRun run =
        resume == null
            ? TrainRun.create(settings, dataset, initial(settings))
            : TrainRun.resume(settings, dataset, resume);
    System.err.println(
        "run %s: %s on %s, %d training examples"
            .formatted(
                run.runId(), settings.shape().widths(), dataset.name(), dataset.train().size()));
    System.err.println(Kernels.reason());
    if (settings.stepped()) {
      System.err.println(StepResults.busy(settings.trial()));
    }
    Interrupt interrupt = new Interrupt();
    interrupt.ends(run::interrupt);
    try {
      int epochs = settings.trial().training().epochs();
      run.before().forEach(metrics -> print(metrics, epochs));
      Features features = DataSource.features(settings, terminal);
      return run(run, conf, features, parts, listener(settings, dataset), interrupt);
    } finally {
      interrupt.over();
    }
  }

  private int run(
      TrainRun run,
      SparkConf conf,
      Features features,
      PartitionedDataset parts,
      TrainRun.Listener listener,
      Interrupt interrupt)
      throws IOException, InterruptedException {
    Map<String, Object> summary;
    terminal.rewrite("starting Spark on " + conf.get("spark.master"));
    try {
      summary =
          SparkStart.run(
              conf.setAppName("grlu train " + run.runId()),
              terminal,
              spark -> {
                started = true;
                // so that it is in the index while it runs
                Index.renew(reports);
                return run.run(spark, features, parts, listener);
              });
    } catch (Throwable e) {
      // an Error too: whatever ended the run, it can be taken up
      terminal.clear();
      if (!started && resume == null && !interrupt.happened()) {
        run.withdraw();
      } else {
        sayHowToResume(run);
      }
      if (interrupt.happened()) {
        // Spark is not to be started any more, say: what that broke is not news
        return ExitCode.INTERRUPTED;
      }
      throw e;
    }
    terminal.clear();
    int exit = report(summary);
    Index.renew(reports);
    return exit;
  }

  private Weights initial(Settings settings) throws IOException {
    if (init == null) {
      return null;
    }
    NamedFile file = NamedFile.of("--init", init);
    return GivenModel.weights(file, GivenModel.read(file), settings.shape());
  }

  private TrainRun.Listener listener(Settings settings, Dataset dataset) {
    int epochs = settings.trial().training().epochs();
    int examples = dataset.train().size();
    Pace pace = new Pace();
    return new TrainRun.Listener() {
      @Override
      public void progress(int epoch, double share, double reward, double rate) {
        String line =
            String.format(
                Locale.ROOT,
                "epoch %d/%d %3.0f%%, mean reward %.4f",
                epoch,
                epochs,
                100 * share,
                reward);
        double done = (epoch - 1 + share) * examples;
        pace.at(System.nanoTime(), done);
        double lately = pace.perSecond();
        if (!Double.isNaN(lately)) {
          String left = duration(((double) epochs * examples - done) / lately);
          line += String.format(Locale.ROOT, ", %,.0f examples/s, %s left", lately, left);
        }
        terminal.rewrite(line);
      }

      @Override
      public void epoch(EpochMetrics metrics) {
        terminal.clear();
        print(metrics, epochs);
      }

      @Override
      public void said(String line) {
        terminal.say(line);
      }
    };
  }

  private static void print(EpochMetrics m, int epochs) {
    String validation =
        Double.isNaN(m.validationAccuracy())
            ? ""
            : String.format(Locale.ROOT, ", validation %.4f", m.validationAccuracy());
    System.out.printf(
        Locale.ROOT,
        "Epoch %d/%d: reward %.4f, train %.4f%s, test %.4f%s, %.1f s%n",
        m.epoch(),
        epochs,
        m.meanReward(),
        m.trainAccuracy(),
        validation,
        m.testAccuracy(),
        silent(m.hiddenSparsity()),
        m.wallSeconds());
  }

  /** Of hidden layers, where there are any. */
  private static String silent(List<Double> shares) {
    return shares.isEmpty() ? "" : ", silent " + shares(shares);
  }

  static String shares(List<Double> shares) {
    return shares.stream()
        .map(share -> String.format(Locale.ROOT, "%.2f", share))
        .collect(Collectors.joining("/"));
  }

  static String duration(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    return s < 60
        ? s + " s"
        : s < 3600
            ? "%d min %02d s".formatted(s / 60, s % 60)
            : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }

  private int report(Map<String, Object> summary) {
    String report = page((String) summary.get("report"));
    boolean done = summary.get("status").equals("done");
    if (done) {
      System.out.printf(
          Locale.ROOT,
          "test accuracy %.2f%%, report in %s%n",
          100 * (double) summary.get("test_accuracy"),
          report);
    } else {
      System.err.printf(
          "grlu: the trial %s: %s; report in %s%n",
          summary.get("status"), summary.get("failure"), report);
    }
    if (json) {
      System.out.println(Json.of(summary));
    }
    return done ? ExitCode.DONE : ExitCode.TRIALS_FAILED;
  }

  /** Writes the page. A run without one is over all the same, and its tables are whole. */
  private String page(String folder) {
    try {
      RunFolder run = RunFolder.at(folder, HadoopFiles.configuration());
      return RunPage.of(run, settings -> images).orElseThrow().write();
    } catch (IOException | RuntimeException e) {
      String why = e instanceof IOException io ? HadoopFiles.words(io) : e.toString();
      System.err.printf(
          "%s: the page can't be made: %s; what the run found is in the tables%n", folder, why);
      return folder;
    }
  }

  private void sayHowToResume(TrainRun run) {
    List<String> words = ResumeCommand.words("train", configuration, out);
    if (json) {
      words.add("--json");
    }
    words.addAll(List.of("--resume", run.runId()));
    System.err.println(ResumeCommand.line(words));
  }
}
