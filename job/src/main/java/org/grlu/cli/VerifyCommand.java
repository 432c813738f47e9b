package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.grlu.config.Home;
import org.grlu.config.Json;
import org.grlu.datasets.Dataset;
import org.grlu.run.SweepVerify;
import org.grlu.run.SweepVerify.Verified;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a sweep's results by making some of them again. */
@Command(
    name = "verify",
    description = {
      "Run some of a sweep's finished trials again, and compare the weights.",
      "",
      "The weights' digests must be those of the sweep's table. Which trials run is the same each"
          + " time for one --seed."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A sweep's folder.")
  private String directory;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "How many trials. Default: ${DEFAULT-VALUE}",
      defaultValue = "3")
  private int sample;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the sample. Default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private long seed;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (sample < 1) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--sample %d: must be at least 1".formatted(sample));
    }
    SweepVerify verify = new SweepVerify(Home.expand("DIR", directory), sample, seed);
    SparkConf conf = SparkStart.forTrials("grlu verify " + directory);
    SparkStart.check(conf);
    Dataset dataset = DataSource.read(verify.first(), terminal, conf);
    List<Verified> all =
        SparkStart.run(
            conf,
            terminal,
            spark ->
                verify.run(
                    spark,
                    dataset,
                    DataSource.features(verify.first(), terminal),
                    new SweepVerify.Listener() {
                      @Override
                      public void ended(int trials) {
                        terminal.rewrite("%d of %d trials".formatted(trials, verify.size()));
                      }

                      @Override
                      public void said(String line) {
                        terminal.say(line);
                      }
                    }));
    terminal.clear();
    long different = all.stream().filter(each -> each.difference() != null).count();
    all.forEach(VerifyCommand::print);
    System.out.printf(
        "%d of %d trials gave the same weights%n", all.size() - different, all.size());
    if (json) {
      System.out.println(Json.of(document(all)));
    }
    return different == 0 ? ExitCode.DONE : ExitCode.TRIALS_FAILED;
  }

  private static void print(Verified verified) {
    System.out.printf(
        "trial %s: %s%n",
        verified.trialId(),
        verified.difference() == null
            ? "the same weights, " + verified.actual()
            : "weights %s were %s; %s"
                .formatted(verified.actual(), verified.expected(), verified.difference()));
  }

  private static Map<String, Object> document(List<Verified> all) {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (Verified each : all) {
      Map<String, Object> trial = new LinkedHashMap<>();
      trial.put("trial", each.trialId());
      trial.put("expected", each.expected());
      trial.put("actual", each.actual());
      trial.put("difference", each.difference());
      trials.add(trial);
    }
    return Map.of("trials", trials);
  }
}
