package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.ModelFile;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.reports.RunReport;
import org.grlu.reports.TestAnswers;
import org.grlu.reports.TrialSearch.Found;
import org.grlu.reports.TrialStatus;
import org.grlu.run.KeptModels;
import org.grlu.run.TrialRerun;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.TrialTask;
import org.grlu.store.RunException;

/**
 * The page of one trial of a sweep. Its weights are kept in the sweep's folder; where they are
 * missing the trial is trained again, and they are held to the digest in the table.
 */
final class TrialPage {
  /** Of a sweep: the pages of some trials, by id. */
  static final String PAGES = "pages";

  private final RunFolder folder;
  private final RunFolder weights;
  private final Found found;
  private final String id;
  private final TrialRerun rerun;
  private final Terminal terminal;

  TrialPage(Found found, Terminal terminal) throws IOException {
    this.folder = RunFolder.at(found.folder(), HadoopFiles.configuration());
    this.found = found;
    this.id = (String) found.row().get("trial_id");
    this.terminal = terminal;
    this.weights = KeptModels.of(folder, id);
    RunFolder reports = folder.parent().flatMap(RunFolder::parent).orElse(folder);
    this.rerun = new TrialRerun(folder.shown(), reports.shown(), found.row());
  }

  /** The page; trains where it has to. */
  String html() throws IOException, InterruptedException {
    Map<String, Object> row = found.row();
    if (TrialStatus.of(row.get("status")) != TrialStatus.DONE) {
      return report(null, List.of(), null).html();
    }
    Settings settings = rerun.settings();
    Optional<byte[]> kept = weights.read(RunFolder.MODEL);
    if (kept.isEmpty()) {
      System.err.printf(
          Locale.ROOT,
          "trial %s: its weights are not kept; to train it again takes about %,.1f CPU seconds%n",
          id.substring(0, 8),
          (Double) row.get("cpu_seconds"));
    }
    boolean needsSpark = kept.isEmpty() || settings.features().isPresent();
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu report");
    Dataset uncut = DataSource.read(settings, terminal, conf);
    if (!uncut.sha256().equals(row.get("dataset_sha256"))) {
      throw new RunException(
          "%s: is of dataset %s, this one is %s"
              .formatted(folder.shown(), row.get("dataset_sha256"), uncut.sha256()));
    }
    Dataset cut = uncut.cut(settings.trainExamples(), settings.validationExamples());
    if (!needsSpark) {
      return html(kept.get(), cut, cut);
    }
    SparkStart.check(conf);
    return SparkStart.run(
        conf,
        terminal,
        spark -> {
          Dataset read =
              DataSource.features(settings, terminal)
                  .encoded(settings, cut, spark, "report", terminal::say);
          return html(kept.isPresent() ? kept.get() : trained(spark, read), read, cut);
        });
  }

  private byte[] trained(JavaSparkContext spark, Dataset read) throws IOException {
    int epochs = rerun.settings().trial().training().epochs();
    byte[] trained =
        rerun.train(
            spark,
            read,
            message -> {
              if (message instanceof TrialTask.Progress p) {
                terminal.rewrite(
                    String.format(
                        Locale.ROOT, "epoch %d/%d %3.0f%%", p.epoch(), epochs, 100 * p.share()));
              }
            });
    terminal.clear();
    KeptModels.write(folder, id, new RowSettings(found.row()), trained);
    System.err.printf("its weights are the same again, and kept in %s%n", weights.shown());
    return trained;
  }

  private String html(byte[] model, Dataset read, Dataset images) throws IOException {
    Settings settings = rerun.settings();
    State state = settings.trial().rule().scoresByState() ? settings.trial().state() : State.NONE;
    Weights of = ModelFile.read(model).weights(settings.shape(), state);
    TestAnswers answers =
        TestPass.fits(settings) ? TestPass.of(settings, of, read.test(), images.test()) : null;
    LabelledImages seen = read.train();
    List<Integer> image = List.of(seen.rows(), seen.columns(), seen.channels());
    return report(of, image, answers).html();
  }

  private RunReport report(Weights of, List<Integer> image, TestAnswers answers) {
    String again = "submit-scripts/grlu report %s --in %s";
    RunReport.Told told =
        new RunReport.Told(
            rerun.settings().shape().widths(),
            again.formatted(id.substring(0, 16), ResumeCommand.quoted(folder.shown())),
            null,
            new RowSettings(found.row()).changed(),
            of == null ? null : FirstLayers.of(of, image).orElse(null),
            answers);
    return new RunReport(id.substring(0, 16), found.row(), found.epochs(), told);
  }

  /**
   * Writes the page into the sweep's folder.
   *
   * @return where, for people
   */
  String write() throws IOException, InterruptedException {
    String page = html();
    String name = PAGES + "/" + id.substring(0, 16) + ".html";
    folder.folder(PAGES).create();
    folder.write(name, page.getBytes(StandardCharsets.UTF_8));
    return folder.shown() + "/" + name;
  }
}
