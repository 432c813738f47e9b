package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.grlu.network.NetworkShape;
import org.grlu.rule.MixedBackprop;
import org.grlu.rule.MixedDirectFeedback;
import org.grlu.rule.MixedGrlu;
import org.grlu.rule.MixedLearnedFeedback;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code network.layers} as a list of layers. */
class LayerListTest extends SweepFiles {
  private static Settings layers(String list, String... more) {
    String[] sets = Arrays.copyOf(more, more.length + 1);
    sets[more.length] = "network.layers = " + list;
    return Configurations.sets(sets);
  }

  private static String id(Settings settings) {
    return settings.identity("data").id();
  }

  @Test
  void denseLayersAsAListAreTheirWidths() {
    assertThat(layers("[{ dense = 256 }]").values())
        .isEqualTo(layers("[784, 256, 10]").values())
        .isEqualTo(Configurations.sets().values());
    Settings wide = layers("[{ dense = 64 }, { dense = \"32\", noise = 1, frozen = false }]");
    assertThat(wide.values()).isEqualTo(layers("[784, 64, 32, 10]").values());
    assertThat(id(wide)).isEqualTo(id(layers("[784, 64, 32, 10]")));
    assertThat(wide.shape().isMixed()).isFalse();
    // where layers are dense, what an image looks like means nothing
    assertThat(id(layers("[784, 64, 32, 10]", "network.input = [14, 56]"))).isEqualTo(id(wide));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[{ convolution = 16, size = 5, stride = 2 }]; 784-conv16x5/2-10; [784, 2304, 10]",
        "[{ size = 3, convolution = 2, padding = 1 }, { pool = average }]; 784-conv2x3+1-pool2-10; [784, 1568, 392, 10]",
        "[{ recurrent = 64, steps = 28, noise = 0.5 }]; 784-rnn64x28 noise 0.5-10; [784, 64, 10]",
        "[{ recurrent = 8, steps = 7, shared = false, frozen = true }]; 784-rnn8x7 untied frozen-10; [784, 8, 10]",
        "[{ pool = average, size = 4 }, { dense = 30, frozen = true }]; 784-pool4-30 frozen-10; [784, 49, 30, 10]",
        "[{ convolution = 3, size = 9, shared = false, noise = 2 }, { dense = 12 }]; 784-conv3x9 untied noise 2.0-12-10; [784, 1200, 12, 10]"
      })
  void everyKindComesBackFromTheResolvedConfiguration(String list, String text, String widths) {
    Settings settings = layers(list);
    NetworkShape shape = settings.shape();
    assertThat(shape.widths()).isEqualTo(text);
    assertThat(shape.layers()).hasToString(widths);
    Settings back = ConfigReader.read("resolved.conf", settings.render(), List.of());
    assertThat(back.values()).isEqualTo(settings.values());
    assertThat(back.shape()).isEqualTo(shape);
    assertThat(id(back)).isEqualTo(id(settings)).isNotEqualTo(id(Configurations.sets()));
    // and what may stand where a list stood
    assertThat(id(settings.with(Map.of("training.seed", 42L)))).isEqualTo(id(settings));
  }

  @Test
  void whatHasItsDefaultMayBeSaidOrNot() {
    Settings settings = layers("[{ convolution = 16, size = 5 }, { pool = average }]");
    assertThat(
            id(
                layers(
                    "[{ padding = 0, stride = 1, shared = true, frozen = false, noise = 1,"
                        + " size = 5, convolution = 16 }, { pool = average, size = 2 }]",
                    "network.input = [28, 28]")))
        .isEqualTo(id(settings));
    assertThat(id(layers("[{ convolution = 16, size = 5 }, { pool = average, size = 3 }]")))
        .isNotEqualTo(id(settings));
  }

  @Test
  void imagesMayHaveChannelsAndOtherSizes() {
    String[] colours = {
      "network.input = [32, 32, 3]",
      "network.outputs = 7",
      "dataset.name = colours",
      "dataset.directory = /data/colours"
    };
    Settings settings = layers("[{ convolution = 4, size = 5, stride = 3 }]", colours);
    assertThat(settings.shape().layers()).containsExactly(3072, 400, 7);
    assertThat(settings.shape().layer(0).parameters().get(0).shape()).containsExactly(4, 3, 5, 5);
    Settings back = ConfigReader.read("resolved.conf", settings.render(), List.of());
    assertThat(back.shape()).isEqualTo(settings.shape());
    assertThat(id(back)).isEqualTo(id(settings));
    assertThat(layers("[{ dense = 20 }]", colours).shape().layers()).containsExactly(3072, 20, 7);
    assertThat(Configurations.faults("network.input = [28]").get(0))
        .startsWith(
            "network.input = [28] (--set): must be a list of whole numbers, height and width");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[{ convolution = 16 }]; layer 0, convolution, size is missing: must be a whole number, 1 to 65536",
        "[{ dense = 3 }, { convolution = 0, size = 5 }]; layer 1, convolution, convolution = 0: must be a whole number, 1 to 65536",
        "[{ convolution = 4, size = 5, stride = 1.5 }]; layer 0, convolution, stride = 1.5: must be a whole number, 1 to 65536",
        "[{ convolution = 4, size = 5, shared = maybe }]; layer 0, convolution, shared = maybe: must be true or false",
        "[{ dense = 4, noise = -1 }]; layer 0, dense, noise = -1: must be a number from 0.001 to 1000",
        "[{ pool = max }]; layer 0, pool, pool = max: must be average",
        "[{ pool = average, stride = 2 }]; layer 0, pool: has no option stride; it has pool, size",
        "[{ recurrent = 4, steps = 7, kernel = 2 }]; layer 0, recurrent: has no option kernel; it has recurrent, steps, shared, frozen, noise",
        "[{ lstm = 4 }]; layer 0, {lstm=4}: must be one of dense, convolution, pool, recurrent",
        "[{ dense = 4, pool = average }]; must be one of dense, convolution, pool, recurrent",
        "[784, { dense = 4 }, 10]; layer 0, 784: must be a layer, like { dense = 256 }",
        "[{ recurrent = 4, steps = 5 }]; layer 0, recurrent = 4, steps = 5: steps must divide the 784 numbers or positions that it reads",
        "[{ pool = average, size = 4 }, { convolution = 2, size = 8 }]; layer 1, convolution = 2, size = 8: size must be at most 7, what the 7 x 7 map that it reads has with its padding, and above padding",
        "[{ convolution = 2, size = 3, padding = 3 }]; layer 0, convolution = 2, size = 3, padding = 3: size must be at most 34",
        "[{ dense = 9 }, { pool = average }]; layer 1, pool = average: size must be at most 1, of the 1 x 1 map that it reads"
      })
  void aFaultNamesTheLayerItsOptionAndWhatIsAllowed(String list, String fault) {
    assertThat(Configurations.faults("network.layers = " + list))
        .singleElement()
        .asString()
        .startsWith("network.layers (--set): ")
        .contains(fault);
    // as the base of a sweep too, whose trials say it
    assertThat(faultsOfATrial(list)).contains(fault);
  }

  /** Of a sweep's file, or of its first setting. */
  private String faultsOfATrial(String list) {
    try {
      Settings base =
          read("parameters { training.batch-size = [4] }", "network.layers = " + list).base();
      return String.join("\n", base.with(Map.of("training.batch-size", 4L)).conflicts());
    } catch (ConfigException e) {
      return e.getMessage();
    }
  }

  @Test
  void aListThatIsToBlameForNothingMayBeReplaced() {
    Settings base =
        read("parameters {}", "network.layers = [{ pool = average, size = 30 }]").base();
    assertThat(base.conflicts()).hasSize(1);
    Settings other = base.with(Map.of("network.layers", List.of(784L, 20L, 10L)));
    assertThat(other.conflicts()).isEmpty();
    assertThat(other.shape().widths()).isEqualTo("784-20-10");
  }

  @Test
  void widthsThatAreNotThoseOfTheKindsAreRefused() {
    String resolved = layers("[{ recurrent = 64, steps = 28 }]").render();
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigReader.read(
                    "resolved.conf", resolved, List.of("network.layers = [784, 30, 10]")));
    assertThat(refused)
        .hasMessage(
            "network.layers = [784, 30, 10] (--set): must be [784, 64, 10], as network.kinds makes them, or a list of layers");
    Settings list =
        ConfigReader.read("resolved.conf", resolved, List.of("network.layers = [{ dense = 30 }]"));
    assertThat(list.shape().widths()).isEqualTo("784-30-10");
  }

  @Test
  void theWidthsFollowFromTheImage() {
    Settings base = layers("[{ convolution = 4, size = 5, stride = 3 }]");
    Settings other = base.with(Map.of("network.input", List.of(32L, 32L, 3L)));
    assertThat(other.shape().layers()).containsExactly(3072, 400, 10);
    assertThat(other.with(Map.of("training.seed", 3L)).shape()).isEqualTo(other.shape());
  }

  @ParameterizedTest
  @CsvSource({
    "network.activation, top-k, relu",
    "network.skip, residual, none",
    "network.initial, data-pairs, he",
    "training.optimiser, adam, sgd"
  })
  void whatIsOfDenseLayersAloneIsSaidInOneLine(String key, String value, String allowed) {
    assertThat(
            Configurations.faults(
                "network.layers = [{ convolution = 2, size = 3 }]",
                "rule.name = backprop",
                key + " = " + value))
        .containsExactly(
            "%s = %s (--set): must be %s where network.layers is a list of layers that are not all dense"
                .formatted(key, value, allowed));
  }

  @Test
  void rulesOfDenseLayersAloneAreRefusedInOneLine() {
    Map<String, Class<?>> working =
        Map.of(
            "backprop", MixedBackprop.class,
            "direct-feedback", MixedDirectFeedback.class,
            "grlu", MixedGrlu.class,
            "learned-feedback", MixedLearnedFeedback.class);
    List<String> names =
        RuleCatalogue.current().rules().stream()
            .map(RuleEntry::name)
            .filter(working::containsKey)
            .toList();
    for (RuleEntry rule : RuleCatalogue.current().rules()) {
      String[] sets = {
        "network.layers = [{ convolution = 2, size = 3 }]",
        "training.noise-scale.min = 0.1",
        "rule.name = " + rule.name()
      };
      if (working.containsKey(rule.name())) {
        assertThat(Configurations.sets(sets).trial().rule()).isInstanceOf(working.get(rule.name()));
        continue;
      }
      assertThat(Configurations.faults(sets))
          .singleElement()
          .asString()
          .isEqualTo(
              "rule.name = %s: must be a rule for layers of several kinds, as network.layers has them: %s"
                  .formatted(rule.name(), String.join(", ", names)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rule.noise = orthogonal", "rule.noise = shaped"})
  void noiseThatOnlyDenseLayersHaveIsRefused(String noise) {
    assertThat(
            Configurations.faults(
                "network.layers = [{ convolution = 2, size = 3 }]",
                "rule.gate = active",
                "rule.normalise-noise = true",
                "rule.output-signal = measured",
                noise))
        .anyMatch(
            line -> line.endsWith(": must be gaussian or rademacher with layers of several kinds"));
  }

  @Test
  void aSweepVariesListsOfLayers() {
    String lists =
        "[ [ { convolution = 16, size = 5, stride = 2 } ], [ { recurrent = 64, steps = 28 } ], [784, 10], [ { dense = 9 } ] ]";
    SweepFile sweep = read("parameters { network.layers = " + lists + " }");
    assertThat(widths(sweep))
        .containsExactly("784-conv16x5/2-10", "784-rnn64x28-10", "784-10", "784-9-10");
  }

  @Test
  void soDoVariants() {
    SweepFile sweep =
        read(
            """
            parameters {
              form = [
                { name = tied, network.layers = [ { convolution = 16, size = 5 } ] }
                { name = untied, network.layers = [ { convolution = 16, size = 5, shared = false } ] }
                { name = dense, network.layers = [784, 30, 10], network.skip = residual }
              ]
            }
            """,
            "network.layers = [{ pool = average }, { dense = 8 }]");
    assertThat(widths(sweep))
        .containsExactly("784-conv16x5-10", "784-conv16x5 untied-10", "784-30-10");
    assertThat(faults("parameters { form = [ { network.layers = [ { dense = 0 } ] } ] }"))
        .singleElement()
        .asString()
        .contains("layer 0, dense, dense = 0: must be a whole number, 1 to 65536");
  }

  private static List<String> widths(SweepFile sweep) {
    return ((Space.Listed) sweep.sweep().parameters().get(0).space())
        .choices().stream()
            .map(choice -> sweep.base().with(choice.values()))
            .peek(settings -> assertThat(settings.conflicts()).isEmpty())
            .map(settings -> settings.shape().widths())
            .toList();
  }
}
