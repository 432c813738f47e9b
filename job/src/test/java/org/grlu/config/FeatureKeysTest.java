package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.grlu.TestData;
import org.grlu.features.FeatureSettings;
import org.grlu.network.InputNorm;
import org.junit.jupiter.api.Test;

/** The block {@code features}. */
class FeatureKeysTest {
  private static final String DATA = "0123";

  private static Settings random(String... more) {
    String[] sets = new String[more.length + 3];
    sets[0] = "features.kind=random";
    sets[1] = "features.size=16";
    sets[2] = "network.layers=[16, 10]";
    System.arraycopy(more, 0, sets, 3, more.length);
    return Configurations.sets(sets);
  }

  private static String id(Settings settings) {
    return settings.featuresIdentity(DATA).id();
  }

  @Test
  void withoutASlowSystemNothingChanges() {
    Settings plain = Configurations.sets();
    assertThat(plain.features()).isEmpty();
    assertThat(plain.pixels().norm()).isEqualTo(InputNorm.LAYER);
    assertThat(plain.identity(DATA).json()).doesNotContain("features");
    // keys of a system that there is not
    assertThat(Configurations.sets("features.seed=3").identity(DATA))
        .isEqualTo(plain.identity(DATA));
  }

  @Test
  void aTrialIsOfTheFeaturesThatItReads() {
    Settings trial = random();
    assertThat(trial.identity(DATA).json())
        .contains("\"features.id\":\"" + id(trial) + "\"")
        .doesNotContain("features.size");
    assertThat(trial.features().orElseThrow().kind()).isEqualTo(FeatureSettings.Kind.RANDOM);
    assertThat(trial.pixels().norm()).isEqualTo(InputNorm.NONE);
    assertThat(random("features.seed=2").identity(DATA)).isNotEqualTo(trial.identity(DATA));
  }

  @Test
  void featuresAreWhatTheySeeAndWhatTheyAreMadeOf() {
    String plain = id(random());
    assertThat(id(random("training.seed=7", "rule.name=backprop"))).isEqualTo(plain);
    assertThat(id(random("features.grid=2"))).as("of patches alone").isEqualTo(plain);
    assertThat(id(random("features.ridge=1"))).as("of whitening alone").isEqualTo(plain);
    assertThat(id(random("features.seed=2"))).isNotEqualTo(plain);
    assertThat(id(random("features.whiten=zca"))).isNotEqualTo(plain);
    assertThat(id(random("features.examples=100"))).isNotEqualTo(plain);
    assertThat(id(random("dataset.train-examples=100"))).isNotEqualTo(plain);
    assertThat(random().featuresIdentity("other").id()).isNotEqualTo(plain);
  }

  @Test
  void anotherDatasetsImagesAreSeenWholeWhateverTheTrialIsOf() {
    Settings other = random("features.dataset=fashion-mnist", "dataset.validation-examples=100");
    assertThat(other.featuresIdentity("a")).isEqualTo(other.featuresIdentity("b"));
    assertThat(id(random("features.dataset=fashion-mnist"))).isEqualTo(id(other));
    assertThat(other.seen().words()).isEqualTo("fashion-mnist: training images");
  }

  @Test
  void seedZeroIsTheTrialsOwn() {
    Settings first = random("features.seed=0", "training.seed=1");
    Settings second = first.with(Map.of("training.seed", 2L));
    assertThat(id(first)).isNotEqualTo(id(second)).isEqualTo(id(random("features.seed=1")));
    assertThat(first.settingIdentity(DATA)).isEqualTo(second.settingIdentity(DATA));
    assertThat(first.settingId(DATA, null)).isEqualTo(second.settingIdentity(DATA).id());
  }

  @Test
  void whatWasSeenIsSaid() {
    assertThat(random().seen().words()).isEqualTo("mnist: training images");
    assertThat(random("dataset.validation-examples=10", "features.examples=5").seen().words())
        .isEqualTo("mnist: training images but for the last 10, of these the first 5");
    assertThat(random("features.classes=[\"0\", \"1\"]").seen().words())
        .isEqualTo("mnist: training images, of classes 0, 1");
    Settings drawn =
        Configurations.sets("features.kind=random-patches", "network.layers=[1024,10]");
    assertThat(drawn.seen().words()).isEqualTo("nothing");
    assertThat(Configurations.sets().seen().words()).isNull();
  }

  @Test
  void theNetworkReadsTheCode() {
    assertThat(Configurations.faults("features.kind=random", "features.size=16"))
        .singleElement()
        .asString()
        .isEqualTo(
            "network.layers = [784, 256, 10] (default): must begin with 16, the length of a code of dataset mnist, and end with 10, its classes");
    assertThat(
            Configurations.faults(
                "features.kind=random", "network.layers=[128,10]", "training.shift=1"))
        .singleElement()
        .asString()
        .contains("training.shift = 1 (--set): must be 0 with features.kind = random");
    assertThat(Configurations.faults("features.kind=sift"))
        .anyMatch(line -> line.contains("features.kind = sift (--set): must be"));
  }

  @Test
  void classesAndImagesThatThereAreNotAreRefused() {
    Settings none = random("features.classes=[\"10\"]");
    assertThat(none.unfit(TestData.sample()))
        .containsExactly(
            "features.classes = [10] (--set): each must be below 10, the classes that there are");
    // no share of an expansion that there is not
    assertThat(id(random("features.expand-share=0.1"))).isEqualTo(id(random()));
  }

  @Test
  void anEpochOfAStreamHasAStepAtLeast() {
    Settings few =
        Configurations.sets(
            "dataset.name=mnist-sample", "stream.kind=few-shot", "training.batch-size=101");
    assertThat(few.unfit(TestData.sample()))
        .containsExactly(
            "training.batch-size = 101 (--set): must be at most 100, the fewest examples that an epoch of stream.kind = few-shot presents");
    Settings tasks =
        Configurations.sets(
            "dataset.name=mnist-sample",
            "stream.kind=class-incremental",
            "stream.tasks=10",
            "training.batch-size=500");
    assertThat(tasks.unfit(TestData.sample()))
        .singleElement()
        .asString()
        .contains("must be at most");
  }
}
