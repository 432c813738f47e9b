package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches, describes and makes datasets. */
@Command(
    name = "data",
    description = "Fetch, describe or make a dataset.",
    subcommands = {DataCommand.Fetch.class, DataCommand.Info.class, DataCommand.Make.class})
final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "data needs a command: fetch, info or make");
  }

  /** The dataset and configuration of both. */
  static final class Source {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NAME",
        description =
            "mnist, fashion-mnist or mnist-sample; else dataset.name of the configuration, which is"
                + " mnist unless it is set.")
    private String name;

    @Option(
        names = "--config",
        paramLabel = "CONF",
        description = "A configuration file, for dataset.fetch and the like.")
    private Path file;

    @Option(
        names = "--set",
        paramLabel = "PATH=VALUE",
        description = "Override a key. " + ConfigurationOptions.STRINGS)
    private List<String> sets = new ArrayList<>();

    Settings read(String directory) {
      List<String> all = new ArrayList<>(sets);
      if (name != null) {
        all.add("dataset.name=" + Json.of(name));
      }
      if (directory != null) {
        all.add("dataset.directory=" + Json.of(directory));
      }
      return ConfigReader.read(file, all);
    }
  }

  @Command(
      name = "fetch",
      description =
          "Fetch a dataset into its cache folder: nothing to do where it is there already.")
  static final class Fetch implements Callable<Integer> {
    @CommandLine.Mixin private Source source;

    @Override
    public Integer call() {
      Settings settings = source.read(null);
      String place =
          settings
              .data()
              .published()
              .map(dataset -> "in " + DataSource.fetch(dataset, settings, new Terminal()))
              .orElse(settings.data().areOwn() ? "where you have it" : "inside the jar");
      System.out.printf("%s is %s%n", settings.datasetName(), place);
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "make",
      description =
          "Make a larger dataset of one: IDX files, in which each training image comes several"
              + " times, shifted at random.")
  static final class Make implements Callable<Integer> {
    @CommandLine.Mixin private Source source;

    @Option(
        names = "--copies",
        paramLabel = "N",
        defaultValue = "10",
        description = "Of each training image, the first as it is (${DEFAULT-VALUE}).")
    private int copies;

    @Option(
        names = "--shift",
        paramLabel = "PIXELS",
        defaultValue = "2",
        description = "At most, up or down and left or right (${DEFAULT-VALUE}).")
    private int shift;

    @Option(
        names = "--seed",
        paramLabel = "SEED",
        defaultValue = "1",
        description = "Of the shifts (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "DIR",
        description = "A new folder; a path or URI.")
    private String out;

    @Override
    public Integer call() throws IOException {
      Dataset dataset = DataSource.read(source.read(null), new Terminal());
      LabelledImages train = dataset.train();
      if (train.areFloats() || train.rows() == 1) {
        throw new CommandException(
            ExitCode.BAD_INPUT, dataset.name() + ": must be of images, not of vectors");
      }
      if (copies < 1 || (long) copies * train.size() > Integer.MAX_VALUE - 8) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "--copies " + copies + ": must be 1 to " + (Integer.MAX_VALUE - 8) / train.size());
      }
      if (shift < 0 || shift > Math.min(train.rows(), train.columns())) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "--shift " + shift + ": must be 0 to an image's sides");
      }
      new ShiftedCopies(copies, shift, seed).write(out, train, dataset.test());
      System.out.printf(
          "%s: %d training and %d test images%n",
          out, copies * train.size(), dataset.test().size());
      return ExitCode.DONE;
    }
  }

  @Command(name = "info", description = "Print a dataset's sizes, digest and labels.")
  static final class Info implements Callable<Integer> {
    @CommandLine.Mixin private Source source;

    @Option(
        names = "--directory",
        paramLabel = "DIR",
        description = "A folder with IDX files, gzip or not, or NumPy's arrays; a path or URI.")
    private String directory;

    @Override
    public Integer call() {
      Dataset dataset = DataSource.read(source.read(directory), new Terminal());
      System.out.printf(
          Locale.ROOT,
          "%s: %d classes, %s%nsha256 %s%n",
          dataset.name(),
          dataset.classes(),
          kind(dataset.train()),
          dataset.sha256());
      describe("training", dataset.train(), dataset.classes());
      describe("test", dataset.test(), dataset.classes());
      dataset.lacking().ifPresent(System.out::println);
      return ExitCode.DONE;
    }

    private static boolean isVectors(LabelledImages images) {
      return images.rows() == 1 && images.channels() == 1;
    }

    private static String kind(LabelledImages images) {
      String of = images.areFloats() ? "floats" : "pixels";
      if (isVectors(images)) {
        return "vectors of %d %s".formatted(images.columns(), of);
      }
      String channels = images.channels() == 1 ? "" : ", %d channels".formatted(images.channels());
      return "images of %d x %d %s%s".formatted(images.rows(), images.columns(), of, channels);
    }

    private static void describe(String set, LabelledImages images, int classes) {
      int[] counts = new int[classes];
      for (int i = 0; i < images.size(); i++) {
        counts[images.label(i)]++;
      }
      StringBuilder line = new StringBuilder();
      for (int label = 0; label < classes; label++) {
        line.append(" %d:%d".formatted(label, counts[label]));
      }
      String what = isVectors(images) ? "vectors" : "images";
      System.out.printf("%s: %d %s, by label%s%n", set, images.size(), what, line);
    }
  }
}
