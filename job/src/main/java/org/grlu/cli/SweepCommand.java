package org.grlu.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.grlu.config.Json;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.run.Features;
import org.grlu.run.SweepResult;
import org.grlu.run.SweepRun;
import org.grlu.store.SweepHeldException;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepProgress;
import org.grlu.sweep.SweepRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a sweep, or what is missing of it. */
@Command(
    name = "sweep",
    description = {
      "Run the trials of a sweep that are not known yet, and report them all.",
      "",
      "The same command goes on with a sweep that was stopped or killed, and, where the file has"
          + " more values, seeds or trials than before, runs those. Trials that any sweep in the"
          + " report directory knows are not run again."
    })
final class SweepCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The report directory: the same as --set report.directory=DIR.")
  private String out;

  @Option(
      names = "--retry-failed",
      description = "Run trials again that failed or diverged; their new rows count.")
  private boolean retryFailed;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException, InterruptedException {
    SweepFile file =
        configuration.sweep(out == null ? List.of() : List.of("report.directory=" + Json.of(out)));
    SparkConf conf = SparkStart.forTrials("grlu sweep " + file.sweep().name());
    Deployment.checkReports(file.base().reportDirectory());
    SparkStart.check(conf);
    Dataset dataset = DataSource.read(file.base(), terminal, conf);
    Search search = Search.of(file, dataset);
    SweepRequest request =
        new SweepRequest(
            file,
            search,
            dataset,
            retryFailed ? SweepRequest.Failed.RETRY : SweepRequest.Failed.KEEP,
            ResumeCommand.command(words()));
    System.err.println(
        "sweep %s: %d trials of %d settings on %s"
            .formatted(
                file.sweep().name(),
                request.planned(),
                request.plan().settings() + search.toCome(),
                dataset.name()));
    System.err.println(Kernels.reason());
    Interrupt interrupt = new Interrupt();
    try {
      return run(request, conf, interrupt);
    } finally {
      interrupt.over();
    }
  }

  private int run(SweepRequest request, SparkConf conf, Interrupt interrupt)
      throws IOException, InterruptedException {
    Features features = DataSource.features(request.file().base(), terminal);
    try (SweepRun run = SweepRun.open(request, features, new Shown())) {
      interrupt.ends(run::interrupt);
      try {
        String reports = request.file().base().reportDirectory();
        SweepResult result = run(run, conf, reports);
        terminal.clear();
        int exit = report(result);
        if (result.end() != SweepResult.End.INTERRUPTED) {
          Index.renew(reports);
        }
        return exit;
      } catch (Throwable e) {
        // an Error too: whatever ended the sweep, it can be taken up
        terminal.clear();
        System.err.println(ResumeCommand.line(words()));
        if (interrupt.happened()) {
          // Spark is not to be started any more, say: what that broke is not news
          return ExitCode.INTERRUPTED;
        }
        throw e;
      }
    } catch (SweepHeldException e) {
      throw new CommandException(ExitCode.SURROUNDINGS, e.getMessage());
    }
  }

  private SweepResult run(SweepRun run, SparkConf conf, String reports)
      throws IOException, InterruptedException {
    // an application that never started Spark has failed, to YARN
    if (run.isComplete() && !Deployment.inApplicationMaster()) {
      return run.run(null);
    }
    SweepProgress known = run.progress();
    long over = known.done() + known.diverged() + known.failed();
    if (over > 0) {
      System.err.printf("%d trials are known, %d are not%n", over, known.left());
    }
    return SparkStart.run(
        conf,
        terminal,
        spark -> {
          // so that it is in the index while it runs
          Index.renew(reports);
          return run.run(spark);
        });
  }

  private final class Shown implements SweepRun.Listener {
    @Override
    public void progress(SweepProgress p) {
      terminal.rewrite(SweepLine.of(p));
    }

    @Override
    public void said(String line) {
      terminal.say(line);
    }
  }

  /** The setting that is ahead, in a line. */
  static String best(SweepProgress.Best best) {
    String setting = SweepProgress.words(best.parameters());
    int seeds = best.reached().size();
    return "best by %s: %s%s, %s"
        .formatted(
            best.goal().column(),
            best.goal().text(best.reached()),
            setting.isEmpty() ? "" : " (%s)".formatted(setting),
            seeds == 1 ? "1 seed" : "mean and 95 % interval of " + seeds + " seeds");
  }

  private int report(SweepResult result) {
    SweepProgress p = result.progress();
    Map<String, Object> summary = result.summary();
    String stopped = p.stopped() == 0 ? "" : ", %d stopped at rungs".formatted(p.stopped());
    System.out.printf(
        "sweep %s: %d trials done, %d diverged, %d failed%s, %d left%n",
        summary.get("sweep"), p.done(), p.diverged(), p.failed(), stopped, p.left());
    if (p.best() != null) {
      System.out.println(best(p.best()));
    }
    boolean interrupted = result.end() == SweepResult.End.INTERRUPTED;
    // an interrupted sweep ends at once: it leaves its tables, and the page of a minute ago at best
    System.out.printf(
        interrupted ? "tables in %1$s; the page: grlu report %1$s%n" : "report in %s%n",
        summary.get("report"));
    if (json) {
      System.out.println(Json.of(summary));
    }
    if (result.end() == SweepResult.End.DONE) {
      return p.failed() + p.diverged() > 0 ? ExitCode.TRIALS_FAILED : ExitCode.DONE;
    }
    System.err.println(ResumeCommand.line(words()));
    if (interrupted) {
      return ExitCode.INTERRUPTED;
    }
    System.err.println("grlu: " + result.reason());
    return ExitCode.BUDGET_SPENT;
  }

  private List<String> words() {
    List<String> words = ResumeCommand.words("sweep", configuration, out);
    if (retryFailed) {
      words.add("--retry-failed");
    }
    if (json) {
      words.add("--json");
    }
    return words;
  }
}
