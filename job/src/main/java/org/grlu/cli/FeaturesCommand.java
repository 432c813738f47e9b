package org.grlu.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.grlu.config.ConfigException;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.run.Features;
import org.grlu.spark.ProgressPlugin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a slow system and shows it. */
@Command(
    name = "features",
    description = {
      "Train the slow system of a configuration, and make its page.",
      "",
      "It is kept in the report directory, in features/ and its id, for the trials that read its"
          + " codes. Where it is there already it is measured and shown again. Labels are used for"
          + " the measures alone."
    })
final class FeaturesCommand implements Callable<Integer> {
  /** Of Spark's jobs. */
  private static final String GROUP = "features";

  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The report directory: the same as --set report.directory=DIR.")
  private String out;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings =
        configuration.remarked(
            configuration
                .open(out == null ? List.of() : List.of("report.directory=" + Json.of(out)))
                .slowSystem());
    if (settings.features().isEmpty()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "features.kind = none (%s): must be another, for a slow system to train"
              .formatted(settings.origin("features.kind")));
    }
    Deployment.checkReports(settings.reportDirectory());
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu features");
    SparkStart.check(conf);
    Dataset uncut = DataSource.read(settings, terminal, conf);
    List<String> unfit = settings.unfitFeatures(uncut);
    if (!unfit.isEmpty()) {
      throw new ConfigException(unfit);
    }
    Dataset dataset = uncut.cut(settings.trainExamples(), settings.validationExamples());
    System.err.println(Kernels.reason());
    Features features = DataSource.features(settings, terminal);
    terminal.rewrite("starting Spark on " + conf.get("spark.master"));
    Map<String, Object> summary;
    try {
      summary =
          SparkStart.run(
              conf,
              terminal,
              spark -> {
                FeaturesPage page =
                    new FeaturesPage(
                        settings,
                        dataset,
                        features.encoder(settings, dataset, spark, GROUP, terminal::say));
                return page.write(spark, GROUP, terminal::rewrite);
              });
    } finally {
      terminal.clear();
    }
    Index.renew(settings.reportDirectory());
    FeaturesPage.lines(summary).forEach(System.out::println);
    if (json) {
      System.out.println(Json.of(summary));
    }
    return ExitCode.DONE;
  }
}
