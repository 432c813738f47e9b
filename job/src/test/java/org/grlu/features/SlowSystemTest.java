package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.ArrayFile;
import org.grlu.network.ModelFileException;
import org.junit.jupiter.api.Test;

class SlowSystemTest {
  private static final LabelledImages IMAGES = SmallImages.of(100);

  /** One of each kind. */
  private static final Map<FeatureSettings, Encoder> TRAINED = new LinkedHashMap<>();

  static {
    FeatureDigests.settings().forEach(settings -> TRAINED.put(settings, train(settings)));
  }

  private static Encoder train(FeatureSettings settings) {
    return SlowSystem.train(settings, "id", ThreadParts.one(IMAGES), line -> {});
  }

  private static float[] codes(Encoder encoder, int from, int count) {
    float[] codes = new float[count * encoder.size()];
    encoder.encode(IMAGES, from, count, codes, 0);
    return codes;
  }

  @Test
  void everySystemComesBackFromItsFile() {
    TRAINED.forEach(SlowSystemTest::comesBack);
  }

  private static void comesBack(FeatureSettings settings, Encoder encoder) {
    assertThat(encoder.inputs()).isEqualTo(IMAGES.pixelsPerImage());
    assertThat(encoder.size()).isEqualTo(settings.outputs(IMAGES.pixelsPerImage()));
    Encoder back = Encoder.fromFile(encoder.toFile());
    assertThat(back.id()).isEqualTo("id");
    assertThat(back.toFile()).isEqualTo(encoder.toFile());
    assertThat(codes(back, 0, 100)).containsExactly(codes(encoder, 0, 100));
  }

  /** Whatever images are encoded with it, an image has the same code. */
  @Test
  void codesAreOfOneImageEach() {
    for (Encoder encoder : TRAINED.values()) {
      float[] all = codes(encoder, 0, IMAGES.size());
      for (int image : new int[] {0, 1, 31, 32, 99}) {
        int from = image * encoder.size();
        float[] one = new float[encoder.size()];
        System.arraycopy(all, from, one, 0, one.length);
        assertThat(codes(encoder, image, 1)).containsExactly(one);
      }
    }
  }

  @Test
  void codesHaveTheLengthThatReadoutsExpect() {
    for (FeatureSettings settings : TRAINED.keySet()) {
      int d = settings.outputs(IMAGES.pixelsPerImage());
      double expected =
          settings.expand() > 0 ? Math.floor(settings.expandShare() * settings.expand()) : d;
      float[] codes = codes(TRAINED.get(settings), 0, 20);
      for (int e = 0; e < 20; e++) {
        double squares = 0;
        for (int i = 0; i < d; i++) {
          squares += codes[e * d + i] * (double) codes[e * d + i];
        }
        assertThat(squares).isCloseTo(expected, within(1e-3));
      }
    }
  }

  @Test
  void whatDrawsDrawsAnotherUnderAnotherSeed() {
    for (FeatureSettings.Kind kind : FeatureSettings.Kind.values()) {
      TestSettings form = new TestSettings(kind);
      byte[] file = train(form.build()).toFile();
      form.seed = 2;
      boolean draws = kind != FeatureSettings.Kind.PIXELS && kind != FeatureSettings.Kind.PCA;
      assertThat(Arrays.equals(train(form.build()).toFile(), file)).isEqualTo(!draws);
    }
  }

  /** What winners reconstruct of patches that nothing was learned from. */
  private static double reconstructed(FeatureSettings.Kind kind, int steps) {
    TestSettings form = new TestSettings(kind);
    form.filters = 8;
    form.perturbations = 16;
    form.steps = steps;
    Patches patches = (Patches) train(form.build()).stages().get(0);
    float[] filters = patches.arrays().get("filters").values();
    int length = form.patch * form.patch;
    int count = 500;
    float[] sample = PatchSample.of(SmallImages.of(300), form.patch, 99, count);
    double sum = 0;
    for (int p = 0; p < count; p++) {
      double best = 0;
      for (int f = 0; f < form.filters; f++) {
        double product = 0;
        for (int i = 0; i < length; i++) {
          product += filters[f * length + i] * sample[p * length + i];
        }
        best = Math.max(best, product * product);
      }
      sum += best / count;
    }
    return sum;
  }

  /** The seeds are fixed: these differ by many deviations of what a seed changes. */
  @Test
  void learnedFiltersReconstructMoreThanRandomOnes() {
    double random = reconstructed(FeatureSettings.Kind.RANDOM_PATCHES, 1);
    assertThat(reconstructed(FeatureSettings.Kind.HEBBIAN_PATCHES, 1)).isGreaterThan(1.5 * random);
    assertThat(reconstructed(FeatureSettings.Kind.EVOLUTION_PATCHES, 60))
        .isGreaterThan(1.5 * random);
  }

  @Test
  void patchesOfASampleHaveContrastNoMeanAndLengthOne() {
    float[] sample = PatchSample.of(IMAGES, 5, 3, 50);
    for (int p = 0; p < 50; p++) {
      double sum = 0;
      double squares = 0;
      for (int i = p * 25; i < p * 25 + 25; i++) {
        sum += sample[i];
        squares += sample[i] * (double) sample[i];
      }
      assertThat(sum).isCloseTo(0, within(1e-5));
      assertThat(squares).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void theLargestAreKeptAndOfEqualOnesTheFirst() {
    float[] in = {3, -9, 1, 3, 3, 0, 2, -1, -5, -2, -3, -4, -1, -1, -1, 5};
    float[] out = new float[16];
    new Largest(8, 2).apply(2, in, out);
    float one = 1;
    assertThat(out)
        .containsExactly(one, 0, 0, one, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (float) Math.sqrt(2));
  }

  @Test
  void ranksAreCentredAndBreakTies() {
    assertThat(EvolutionPatches.ranks(new double[] {2, 1, 2, -7, 9}))
        .containsExactly(0, -0.25, 0.25, -0.5, 0.5);
  }

  @Test
  void partsOfFilesThatDontFitAreRefused() {
    List<Stage> stages =
        new ArrayList<>(train(new TestSettings(FeatureSettings.Kind.PCA).build()).stages());
    stages.add(new Norm(3));
    assertThatThrownBy(() -> new Encoder("id", stages, Map.of()))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("stage norm 3: reads 3 values, the one before puts out 16");
  }

  @Test
  void stagesOfOtherFilesAreRefusedInALine() {
    ArrayFile none = ArrayFile.read(ArrayFile.write(Map.of(), Map.of("none", List.of())));
    assertThatThrownBy(() -> Stages.read("cubic 3", none, ""))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("stage cubic 3: there is no such stage");
    for (String line : List.of("largest 8 9", "largest 8", "norm x", "patches 9 9 5")) {
      assertThatThrownBy(() -> Stages.read(line, none, ""))
          .isInstanceOf(ModelFileException.class)
          .hasMessage("stage " + line + ": its numbers can't be read");
    }
  }

  private static List<String> faults(FeatureSettings.Kind kind, Consumer<TestSettings> change) {
    TestSettings form = new TestSettings(kind);
    change.accept(form);
    return SlowSystem.faults(form.build(), 9, 11, kind.ofPatches() && form.seed == 3 ? 3 : 1);
  }

  @Test
  void settingsThatCantBeComputedAreNamed() {
    FeatureSettings.Kind patches = FeatureSettings.Kind.HEBBIAN_PATCHES;
    assertThat(faults(patches, form -> {})).isEmpty();
    assertThat(faults(patches, form -> form.seed = 3))
        .containsExactly(
            "features.kind = hebbian-patches: patches are of images of one channel; these have 3");
    assertThat(faults(patches, form -> form.patch = 10))
        .containsExactly(
            "features.patch = 10: must be from 2 to 9, the smaller side of images of 9 x 11");
    assertThat(faults(patches, form -> form.grid = 6))
        .containsExactly(
            "features.grid = 6: must be from 1 to 5, as many patches of 5 as there are along a"
                + " side of 9");
    Consumer<TestSettings> tooMany =
        form -> {
          form.whiten = FeatureSettings.Whiten.PCA;
          form.components = 25;
        };
    assertThat(faults(patches, tooMany))
        .containsExactly("features.components = 25: must be from 1 to 24, the length of the code");
    assertThat(faults(FeatureSettings.Kind.PCA, form -> form.size = 100))
        .containsExactly("features.size = 100: must be at most 99, the values of an image");
    Consumer<TestSettings> deep =
        form -> {
          form.learning = FeatureSettings.Learning.GRLU;
          form.hidden = 5;
        };
    assertThat(faults(FeatureSettings.Kind.AUTOENCODER, deep))
        .containsExactly(
            "features.hidden = 5: must be 0 with features.learning = grlu; only backprop has"
                + " hidden layers");
  }
}
