package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grlu.network.Activation;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Adam;
import org.grlu.rule.Backprop;
import org.grlu.rule.Evolution;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

  @Test
  void defaultsAreThePublishedSettings() {
    Settings settings = Configurations.sets();
    assertThat(settings.shape().layers()).isEqualTo(List.of(784, 256, 10));
    assertThat(settings.trial().rule())
        .isEqualTo(new Grlu(16, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false));
    assertThat(settings.trial().training().seed()).isEqualTo(42);
    assertThat(settings.values().keySet()).isEqualTo(Keys.BY_PATH.keySet());
    assertThat(settings.values().keySet()).allMatch(p -> settings.origin(p).equals("default"));
  }

  @Test
  void valuesBecomeWhatTheySay() {
    Settings settings =
        Configurations.sets(
            "network.activation=top-k",
            "network.skip=dense",
            "network.k=0.25",
            "rule.name=backprop",
            "training.seed=-7");
    assertThat(settings.shape().activation()).isEqualTo(Activation.TOP_K);
    assertThat(settings.shape().skip()).isEqualTo(Skip.DENSE);
    assertThat(settings.shape().k()).isEqualTo(0.25);
    assertThat(settings.trial().rule()).isEqualTo(new Backprop());
    assertThat(settings.trial().training().seed()).isEqualTo(-7);
  }

  @Test
  void aSetOutranksTheFileAndALaterSetAnEarlier(@TempDir Path folder) throws IOException {
    Settings settings =
        Configurations.file(
            folder,
            "grlu.training { epochs = 3\n batch-size = 8, seed = 5 }",
            "training.epochs=4",
            "grlu.training.epochs=6");
    assertThat(settings.values())
        .containsEntry("training.epochs", 6L)
        .containsEntry("training.batch-size", 8L)
        .containsEntry("training.seed", 5L);
    assertThat(settings.origin("training.epochs")).isEqualTo("--set");
    assertThat(settings.origin("training.batch-size")).contains("c.conf: 2");
    assertThat(settings.origin("training.schedule")).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://host:8020/x",
        "/d//inner",
        "/h/hash#1",
        "jane@corp.com",
        "a+b",
        "10:30",
        "${HOME}/x",
        "a = b",
        "a,b",
        "[x]",
        "{x}",
        "x y ",
        "null",
        "12",
        "a\"b",
        "\"a\" and \"b\"",
        "\"a\\z\"",
        "include",
        "b\\c",
        "über"
      })
  void aSetOfAStringIsWhatWasTyped(String typed) {
    for (String path : List.of("report.directory", "grlu.report.directory")) {
      Settings settings = Configurations.sets(path + "=" + typed);
      assertThat(settings.reportDirectory()).isEqualTo(typed);
      assertThat(settings.origin("report.directory")).isEqualTo("--set");
    }
    // as an option's text is handed on
    assertThat(Configurations.sets("report.directory=" + Json.of(typed)).reportDirectory())
        .isEqualTo(typed);
    assertThat(
            Configurations.sets("dataset.directory=" + typed, "dataset.name=d")
                .value("dataset.directory"))
        .isEqualTo(typed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "report.directory=\"/x y//z\" | /x y//z",
        "report.directory=\"a\\\"b\" | a\"b",
        "report.directory=\"\"\"/x#1\"\"\" | /x#1",
        "report.directory = \"/x y\" | /x y",
        "report.directory = /x y | /x y"
      })
  void aSetOfAStringMayBeHocon(String set, String value) {
    assertThat(Configurations.sets(set).reportDirectory()).isEqualTo(value);
  }

  @Test
  void aSetOfAStringMayBeEmpty() {
    assertThat(Configurations.sets("dataset.directory=").data().directory()).isEmpty();
    assertThat(Configurations.faults("report.directory="))
        .singleElement()
        .asString()
        .startsWith("report.directory =  (--set): must be a string, not empty");
    assertThat(Configurations.sets("rule.name = backprop").value("rule.name"))
        .isEqualTo("backprop");
  }

  @Test
  void theHomeDirectoryIsWrittenAsTilde(@TempDir Path folder) throws IOException {
    String home = System.getProperty("user.home");
    Settings settings =
        Configurations.file(
            folder,
            "grlu { report.directory = \"~/runs\", dataset { name = d, directory = \"~\" } }");
    assertThat(settings.reportDirectory()).isEqualTo(home + "/runs");
    assertThat(settings.data().directory()).isEqualTo(home);
    assertThat(settings.data().cacheDirectory()).isEqualTo(home + "/.cache/grlu/d");
    assertThat(Configurations.sets("report.directory=~/r").reportDirectory())
        .isEqualTo(home + "/r");
    assertThat(Configurations.sets("report.directory=./~/r~").reportDirectory())
        .isEqualTo("./~/r~");
    for (String key : List.of("report.directory", "dataset.directory", "dataset.fetch.cache")) {
      assertThat(Configurations.faults(key + "=~bob/x"))
          .singleElement()
          .asString()
          .startsWith(key + " = ~bob/x (--set): must be a string")
          .endsWith("~ only as ~ or ~/..., your home directory");
    }
  }

  @Test
  void aFileThatWasReadElsewhereIsReadAsOne() {
    Settings settings =
        ConfigReader.read(
            "hdfs://h/c.conf", "grlu.training {\n epochs = 3 }", List.of("training.seed=2"));
    assertThat(settings.values())
        .containsEntry("training.epochs", 3L)
        .containsEntry("training.seed", 2L);
    assertThat(settings.origin("training.epochs")).isEqualTo("hdfs://h/c.conf: 2");
    assertThatThrownBy(() -> ConfigReader.read("hdfs://h/c.conf", "grlu {", List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("hdfs://h/c.conf");
  }

  @Test
  void aFileMayReferToItself(@TempDir Path folder) throws IOException {
    String hocon = "grlu.training { epochs = 3, batch-size = ${grlu.training.epochs} }";
    assertThat(Configurations.file(folder, hocon).values())
        .containsEntry("training.batch-size", 3L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.epochs=0 | training.epochs = 0 (--set): must be a whole number, 1 to 1000000",
        "training.epochs=1.5 | whole number",
        "training.epochs=\"three\" | training.epochs = three (--set): must be a whole number",
        "training.epochs=\"0x10\" | whole number",
        "training.epochs=\"1.5\" | whole number",
        "training.epochs=\"\" | whole number",
        "training.epochs=\"1e400\" | whole number",
        "training.batch-size=-1 | training.batch-size = -1",
        "training.learning-rate.max=-0.1 | at least 0",
        "training.learning-rate.max=\"0,1\" | a number",
        "training.learning-rate.max=\"NaN\" | a number",
        "training.learning-rate.max=\"1e400\" | a number",
        "network.layers=\"[784, 10]\" | a list of whole numbers",
        "network.layers=[784, null, 10] | a list of whole numbers",
        "dataset.fetch.sources=[null] | a list of strings",
        "report.directory=\"\" | report.directory =",
        "training.learning-rate.max=1e999 | a number",
        "training.schedule=daily | per-epoch or per-step",
        "network.k=0 | above 0, at most 1",
        "network.k=1.5 | above 0, at most 1",
        "network.activation=RELU | relu or top-k",
        "network.layers=[784] | two or more",
        "network.layers=[784, 0, 10] | each 1 to 65536",
        "training.learning-rate=0.5 | training.learning-rate = 0.5 (--set): must be a block of max, min",
        "rule=null | rule = null (--set): must be a block of name, perturbations, noise",
        "training.epochs.most=3 | training.epochs = {most=3} (--set): must be a whole number",
        "network.layers=784 | a list of whole numbers",
        "network.layers=[784, ten] | a list of whole numbers",
        "rule.normalise-noise=\"yes\" | true or false",
        "rule.perturbations=0 | 1 to 1048576",
        "dataset.pixel-deviation=0 | above 0",
        "dataset.fetch.sources=cache | a list of strings",
        "network.layers=[784, 256, 11] | end with 10",
        "network.layers=[700, 256, 10] | begin with 784",
        "training.batch-size=60001 | at most the 60000 training examples",
        "dataset.validation-examples=60000 | validation-examples = 60000",
        "dataset.name=fashion | must be mnist or mnist-sample",
        "dataset.first-class=1 | dataset.first-class = 1 (--set): is for dataset.directory, or",
        "dataset.transpose=true | dataset.transpose = true (--set): is for dataset.directory, or",
        "dataset.prefix=a/b- | dataset.prefix = a/b- (--set): must be a string, without /",
        "dataset.train=a.npz | dataset.test =  (default): must be two .npz files, or two of Parquet",
        "training.epochs=10:30 | training.epochs = 10:30 (--set): must be a whole number, 1 to",
        "training.epochs= | training.epochs =  (--set): must be a whole number, 1 to",
        "rule.normalise-noise=a@b | rule.normalise-noise = a@b (--set): must be true or false",
        "network.layers=[784 | network.layers = [784 (--set): must be a list of whole numbers",
        "network.activation=top//k | network.activation = top//k (--set): must be a string, relu or",
        "rule={a@b | rule = {a@b (--set): must be a block of name",
        "dataset.fetch.mirrors=[https://x] | must be a list of strings, each in double quotes",
        "training.sede=a@b#c | grlu.training.sede (--set): there is no such key"
      })
  void aBadValueIsRefusedWithWhatIsAllowed(String set, String said) {
    assertThat(Configurations.faults(set)).singleElement().asString().contains(said);
  }

  @Test
  void dataAreInAFolderOrInTwoFilesOfAKind() {
    assertThat(Configurations.faults("dataset.directory=d", "dataset.train=a", "dataset.test=b"))
        .containsExactly(
            "dataset.train = a (--set): must not be set where dataset.directory is",
            "dataset.test = b (--set): must not be set where dataset.directory is");
    assertThat(Configurations.faults("dataset.train=a.npz", "dataset.test=b")).hasSize(1);
    Settings settings =
        Configurations.sets("dataset.train=~/a", "dataset.test=b", "dataset.first-class=1");
    assertThat(settings.data().train()).isEqualTo(System.getProperty("user.home") + "/a");
    assertThat(settings.data().areArchives()).isFalse();
    assertThat(settings.data().published()).isEmpty();
  }

  /** Which would show only when the array is to be made. */
  @Test
  void networksAndBatchesThatNoArrayHoldsAreRefused() {
    assertThat(Configurations.faults("network.layers=[784, 65536, 65536, 10]"))
        .singleElement()
        .isEqualTo(
            "network.layers = [784, 65536, 65536, 10] (--set): must take at most 500000000 weights;"
                + " with network.skip = none these take 4347658256");
    String deep = "[784" + ", 4096".repeat(18) + ", 10]";
    assertThat(Configurations.sets("network.layers=" + deep)).isNotNull();
    assertThat(Configurations.faults("network.layers=" + deep, "network.skip=dense"))
        .singleElement()
        .asString()
        .contains("with network.skip = dense these take 2");
    String data = "dataset.directory=d";
    assertThat(
            Configurations.faults(
                data, "network.layers=[65536, 16, 10]", "training.batch-size=1048576"))
        .singleElement()
        .isEqualTo(
            "training.batch-size = 1048576 (--set): must be at most 32765 with network.layers ="
                + " [65536, 16, 10]");
    assertThat(
            Configurations.faults(
                data, "network.layers=[1, 4096, 10]", "training.batch-size=200000"))
        .singleElement()
        .asString()
        .contains("must be at most 122070 with");
    assertThat(
            Configurations.sets(data, "network.layers=[1, 4096, 10]", "training.batch-size=122070"))
        .isNotNull();
  }

  @Test
  void allFaultsAreReportedAtOnce() {
    assertThat(
            Configurations.faults(
                "training.epochs=0", "network.k=2", "rule.noise=pink", "training.sede=1"))
        .hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rule.variant=post | rule.variant = post (--set): must be a string, reward-post or sampled-winner or noisy-post",
        "rule.output-signal=error | rule.output-signal = error: must be noise under rule.name = hebbian",
        "rule.noise=orthogonal | rule.noise = orthogonal: must be gaussian or rademacher under",
        "rule.hidden-noise=0 | rule.hidden-noise = 0: must be above 0 where rule.variant = noisy-post divides by it",
        "rule.output-noise=0 | rule.output-noise = 0: must be above 0 where rule.variant = noisy-post divides by it",
        "training.noise-scale.max=0 | training.noise-scale = 0.0 to 0.0: must stay above 0 where rule.variant"
      })
  void hebbianRulesWithNoiseMustHaveIt(String set, String line) {
    assertThat(Configurations.faults("rule.name=hebbian", "rule.variant=noisy-post", set))
        .singleElement()
        .asString()
        .contains(line);
    if (!set.startsWith("rule.variant") && !set.contains("signal")) {
      assertThat(Configurations.sets("rule.name=hebbian", "rule.variant=clamped", set)).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.noise-scale.min=0.0099 | training.noise-scale = 0.05 to 0.0099: must stay at or above 0.01",
        "training.noise-scale.max=0.005 | training.noise-scale = 0.005 to 0.05: must stay at or above 0.01",
        "network.layers=[784,10] | network.layers = [784, 10]: must have a hidden layer",
        "rule.feedback-rate=2 | rule.feedback-rate = 2 (--set): must be a number, above 0, below 2",
        "rule.noise=orthogonal | rule.noise = orthogonal: must be gaussian or rademacher under",
        "rule.chained=true network.skip=dense | rule.chained = true: must be false with network.skip = dense",
        "rule.feedback-norm=layer | rule.feedback-rate = 0.7: must be below 0.6666"
      })
  void learnedFeedbackMustBeAbleToLearn(String set, String line) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "rule.name=learned-feedback",
                "rule.feedback-rate=0.7",
                "training.noise-scale.max=0.05",
                "training.noise-scale.min=0.05",
                "network.layers=[784, 9, 9, 9, 10]"));
    assertThat(Configurations.sets(sets.toArray(String[]::new))).isNotNull();
    sets.addAll(List.of(set.split(" ")));
    assertThat(Configurations.faults(sets.toArray(String[]::new)))
        .singleElement()
        .asString()
        .contains(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.optimiser=adam | training.optimiser = adam (--set): must be sgd under rule.name = grlu, which",
        "engine.fold=cluster | engine.fold = cluster (--set): must be auto or driver with engine.mode = task, whose steps have no shards",
        "rule.name=learned-feedback training.noise-scale.min=0.1 training.optimiser=adam | training.optimiser = adam (--set): must be sgd under rule.name = learned-feedback",
        "training.optimiser=momentum | training.optimiser = momentum (--set): must be a string, sgd or adam",
        "rule.name=evolution training.noise-scale.max=0 | training.noise-scale = 0.0 to 0.0: must stay above 0 under rule.name = evolution",
        "rule.name=weight-perturbation training.noise-scale.max=0 | training.noise-scale = 0.0 to 0.0: must stay above 0 under rule.name = weight-perturbation",
        "rule.name=evolution training.noise-scale.min=0.1 rule.perturbations=1000000 network.layers=[784,2048,10] | rule.perturbations = 1000000: must be at most 524288 under rule.name = evolution",
        "rule.shaping=ranks | rule.shaping = ranks (--set): must be a string, none or sign or rank",
        "rule.evolution-noise=low | rule.evolution-noise = low (--set): must be a string, rank-one or full"
      })
  void noiseOnWeightsAndAdamAreHeldToWhatTheyCan(String set, String line) {
    assertThat(Configurations.faults(set.split(" "))).singleElement().asString().contains(line);
  }

  @Test
  void adamIsPutAroundTheRulesThatTakeIt() {
    assertThat(Configurations.sets("rule.name=backprop", "training.optimiser=adam").trial().rule())
        .isEqualTo(new Adam(new Backprop()));
    assertThat(Configurations.sets("rule.name=evolution", "rule.perturbations=3").trial().rule())
        .isEqualTo(new Evolution(3, Evolution.Noise.RANK_ONE, Evolution.Shaping.NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rule.perturbations=12 | rule.perturbations = 12: must be a power of two, at most 16, with rule.noise = shaped",
        "rule.perturbations=32 | rule.perturbations = 32: must be a power of two, at most 16, with",
        "network.layers=[784,9,9,10] | network.layers = [784, 9, 9, 10]: must have one hidden layer and at most 16 outputs with",
        "rule.gate=none | rule.noise = shaped with rule.eligibility = injected, rule.output-signal = error and rule.gate = none: must be with injected, measured or error, and active",
        "rule.eligibility=measured | rule.noise = shaped with rule.eligibility = measured, rule.output-signal = error",
        "rule.output-signal=noise | rule.noise = shaped with rule.eligibility = injected, rule.output-signal = noise"
      })
  void shapedNoiseNeedsOneHiddenLayerAndFewPairs(String set, String line) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "rule.noise=shaped",
                "rule.gate=active",
                "rule.normalise-noise=true",
                "rule.output-signal=error",
                "training.noise-scale.min=0.05"));
    assertThat(Configurations.sets(sets.toArray(String[]::new))).isNotNull();
    sets.add(set);
    assertThat(Configurations.faults(sets.toArray(String[]::new)))
        .singleElement()
        .asString()
        .contains(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule.noise=orthogonal",
        "rule.output-signal=error rule.normalise-noise=true training.noise-scale.min=0.1",
        "network.layers=[{pool=average,size=2}]",
      })
  void noiseOnSomeOutputsAloneIsOfTheFormThatIsPublished(String set) {
    List<String> sets = new ArrayList<>(List.of(set.split(" ", -1)));
    sets.add("rule.scope=label");
    assertThat(Configurations.faults(sets.toArray(String[]::new)))
        .singleElement()
        .asString()
        .startsWith("rule.scope = label: must be all unless rule.output-signal = noise and");
  }

  @Test
  void directFeedbackNeedsALayerToSendTheErrorTo() {
    assertThat(Configurations.faults("rule.name=direct-feedback", "network.layers=[784,10]"))
        .containsExactly(
            "network.layers = [784, 10]: must have a hidden layer under rule.name = direct-feedback, which sends hidden layers the error");
  }

  @Test
  void noiseThatNormalisingDividesByMustStayAboveZero() {
    assertThat(Configurations.faults("rule.normalise-noise=true", "rule.hidden-noise=0"))
        .singleElement()
        .asString()
        .contains("rule.hidden-noise = 0");
    assertThat(Configurations.faults("rule.normalise-noise=true", "training.noise-scale.max=0"))
        .singleElement()
        .asString()
        .contains("must stay above 0");
    assertThat(Configurations.sets("rule.normalise-noise=true")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "training.sede, grlu.training.seed",
    "perturbations, grlu.rule.perturbations",
    "network.layer, grlu.network.layers",
    "trainning.epochs, grlu.training.epochs"
  })
  void anUnknownKeyIsRefusedWithTheNearest(String unknown, String nearest) {
    assertThat(Configurations.faults(unknown + "=1"))
        .singleElement()
        .asString()
        .contains("grlu." + unknown, "(--set)", "there is no such key")
        .endsWith("the nearest is " + nearest);
  }

  @Test
  void aKeyOutsideOfGrluIsRefused(@TempDir Path folder) {
    assertThatThrownBy(() -> Configurations.file(folder, "training.epochs = 3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.conf: 1")
        .hasMessageContaining("grlu.training.epochs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grlu {", "grlu.training.seed = ${nowhere}", "}"})
  void whatIsNoHoconIsRefusedInOneLine(String text, @TempDir Path folder) {
    assertThatThrownBy(() -> Configurations.file(folder, text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.conf")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"training.seed", "=3", "", "training..seed=1"})
  void aSetThatIsNoneIsRefused(String set) {
    assertThat(Configurations.faults(set)).singleElement().asString().startsWith("--set " + set);
  }

  /** As they come from environment variables and files of properties. */
  @Test
  void numbersAndFlagsMayBeStrings(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("more.properties"),
        "grlu.training.epochs = 3 \ngrlu.rule.normalise-noise=true\ngrlu.network.k=1e-1\n");
    Settings settings =
        Configurations.file(
            folder,
            """
            include "more.properties"
            grlu.training { seed = "64", batch-size = " 8 " }
            grlu.network.layers = [784, ${grlu.training.seed}, 10]
            """);
    assertThat(settings.values())
        .containsEntry("training.epochs", 3L)
        .containsEntry("rule.normalise-noise", true)
        .containsEntry("network.k", 0.1)
        .containsEntry("training.batch-size", 8L)
        .containsEntry("network.layers", List.of(784L, 64L, 10L));
    // the same trial as with numbers
    assertThat(Configurations.sets("training.epochs=\"3\"").identity("d"))
        .isEqualTo(Configurations.sets("training.epochs=3").identity("d"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"none.conf\"",
        "include \"none\"",
        "include required(\"none.conf\")",
        "include file(\"none.conf\")",
        "include required(file(\"none.conf\"))",
        "include classpath(\"none.conf\")",
        "include url(\"file:none.conf\")",
        "grlu { include \"none.conf\" }"
      })
  void aMissingIncludeIsAnErrorThatNamesBothFiles(String include, @TempDir Path folder)
      throws IOException {
    String said = "include \"%s\": must be a file that is there and can be read";
    String missing =
        include.contains("url")
            ? "file:none.conf"
            : include.contains(".conf") ? "none.conf" : "none";
    assertThatThrownBy(() -> Configurations.file(folder, include + "\ngrlu.training.epochs = 2"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(folder.resolve("c.conf") + ": " + said.formatted(missing));
    // included by what is included itself, whose ending the first leaves out
    Files.writeString(folder.resolve("middle.conf"), include);
    assertThatThrownBy(() -> Configurations.file(folder, "include \"middle\""))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("middle.conf: " + said.formatted(missing))
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsIncludedIsRead(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/a.conf"), "include \"b\"\ngrlu.training.seed = 5");
    Files.writeString(folder.resolve("sub/b.json"), "{\"grlu\": {\"training\": {\"epochs\": 4}}}");
    Settings settings = Configurations.file(folder, "include \"sub/a.conf\"");
    assertThat(settings.values())
        .containsEntry("training.seed", 5L)
        .containsEntry("training.epochs", 4L);
    assertThat(settings.origin("training.epochs")).contains("b.json: 1");
    assertThat(settings.setByFile()).isTrue();
    assertThat(
            Configurations.file(folder, "# grlu.training.epochs = 3", "rule.name=backprop")
                .setByFile())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"training.epochs", "network.layers", "dataset.name", "no.such.key", "rule"})
  void nullIsRefused(String path, @TempDir Path folder) {
    assertThatThrownBy(() -> Configurations.file(folder, "grlu." + path + " = null"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("c.conf: 1");
  }

  @Test
  void aFolderIsNoConfiguration(@TempDir Path folder) {
    assertThatThrownBy(() -> ConfigReader.read(folder, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("configuration file " + folder + ": is a folder");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigReader.read(Path.of("no/such.conf"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no/such.conf");
  }
}
