package org.grlu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Extent;
import org.grlu.network.HiddenLayers;
import org.grlu.network.Layer;
import org.grlu.network.LayerForm;
import org.grlu.network.NetworkShape;
import org.grlu.network.Pool;
import org.grlu.network.Recurrent;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.DirectFeedback;
import org.grlu.rule.Eligibility;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.MixedBackprop;
import org.grlu.rule.MixedDirectFeedback;
import org.grlu.rule.MixedGrlu;
import org.grlu.rule.MixedLearnedFeedback;
import org.grlu.rule.OutputSignal;

/** Networks of several kinds of layers, written in a line. */
public final class MixedNetworks {
  private static final List<LayerForm> FORMS =
      List.of(Dense.FORM, Convolution.FORM, Pool.FORM, Recurrent.FORM);

  private MixedNetworks() {}

  /**
   * A network such as {@code 8x8x1 | convolution=5 size=3 shared=false | pool=average | dense=4}.
   *
   * @param text the image, the layers, and the outputs' dense layer
   */
  public static NetworkShape of(String text) {
    String[] words = text.split(" \\| ", -1);
    int[] image = Arrays.stream(words[0].split("x", -1)).mapToInt(Integer::parseInt).toArray();
    Extent reads = Extent.image(image[0], image[1], image[2]);
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      layers.add(layer(i - 1, reads, words[i].split(" ", -1)));
      reads = layers.get(i - 1).puts();
    }
    return NetworkShape.of(layers, HiddenLayers.TRAINED);
  }

  /** Networks of images of 28 x 28 that have every kind of layer, shared and not. */
  public static List<NetworkShape> ofDigits() {
    return List.of(
        of(
            "28x28x1 | convolution=7 size=5 stride=3 padding=1 | pool=average | dense=18 | dense=10"),
        of(
            "28x28x1 | convolution=3 size=4 stride=4 shared=false | convolution=17 size=3 | dense=10"),
        of("28x28x1 | recurrent=20 steps=7 noise=0.5 | dense=10"),
        of("28x28x1 | pool=average size=3 | recurrent=9 steps=3 shared=false | dense=10"));
  }

  /** Every rule that works in them, and forms of each that differ in code. */
  public static List<LearningRule> rules() {
    return List.of(
        new MixedBackprop(),
        new MixedDirectFeedback(new DirectFeedback(0.5)),
        grlu(1, NoiseKind.GAUSSIAN, Gate.NONE, OutputSignal.NOISE),
        grlu(5, NoiseKind.RADEMACHER, Gate.ACTIVE, OutputSignal.MEASURED),
        grlu(40, NoiseKind.GAUSSIAN, Gate.ACTIVE, OutputSignal.NOISE),
        grlu(16, NoiseKind.GAUSSIAN, Gate.ACTIVE, OutputSignal.ERROR),
        learned(1, LearnedFeedback.Teacher.REWARD, false, false),
        learned(3, LearnedFeedback.Teacher.LOGITS, true, false),
        learned(2, LearnedFeedback.Teacher.REWARD, false, true),
        learned(1, LearnedFeedback.Teacher.LOGITS, false, true));
  }

  private static LearningRule grlu(int p, NoiseKind noise, Gate gate, OutputSignal signal) {
    boolean published = signal == OutputSignal.NOISE;
    double rate = published ? 1 : 0.5;
    return new MixedGrlu(
        new Grlu(p, noise, gate, 1, 1, !published, Eligibility.INJECTED, signal, rate));
  }

  private static LearningRule learned(
      int p, LearnedFeedback.Teacher teacher, boolean unbiased, boolean chained) {
    NoiseKind noise = p == 2 ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN;
    LearnedFeedback.Norm norm = p == 1 ? LearnedFeedback.Norm.ALL : LearnedFeedback.Norm.LAYER;
    return new MixedLearnedFeedback(
        new LearnedFeedback(p, noise, teacher, unbiased, norm, chained, 0.5, 0.5, 0.2));
  }

  private static Layer layer(int index, Extent reads, String[] options) {
    Map<String, String> given = new HashMap<>();
    for (String option : options) {
      given.put(option.replaceAll("=.*", ""), option.replaceAll(".*=", ""));
    }
    LayerForm form =
        FORMS.stream().filter(f -> given.containsKey(f.name())).findFirst().orElseThrow();
    Map<String, Object> values = new HashMap<>();
    for (LayerForm.Option option : form.options()) {
      String text = given.remove(option.name());
      values.put(option.name(), text == null ? option.standard() : typed(option, text));
    }
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("options " + given);
    }
    return form.builder().build(index, reads, values);
  }

  private static Object typed(LayerForm.Option option, String text) {
    if (option.type() == Long.class) {
      return Long.valueOf(text);
    }
    if (option.type() == Double.class) {
      return Double.valueOf(text);
    }
    return option.type() == Boolean.class ? (Object) Boolean.valueOf(text) : text;
  }
}
