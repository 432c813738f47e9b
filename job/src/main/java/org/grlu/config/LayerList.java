package org.grlu.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Extent;
import org.grlu.network.Layer;
import org.grlu.network.LayerForm;
import org.grlu.network.Pool;
import org.grlu.network.Recurrent;
import org.grlu.rule.Key;

/**
 * Reads {@code network.layers} where it is a list of layers between input and output. Each layer
 * becomes a line in {@code network.kinds}, with its options in a fixed order and without those that
 * have their defaults. A list of dense layers alone becomes widths. So both ways to write the same
 * network give the same configuration.
 */
final class LayerList {
  /** All kinds of layers. */
  private static final List<LayerForm> FORMS =
      List.of(Dense.FORM, Convolution.FORM, Pool.FORM, Recurrent.FORM);

  static final String LAYERS = "network.layers";
  static final String KINDS = "network.kinds";
  static final String INPUT = "network.input";
  static final String OUTPUTS = "network.outputs";

  private LayerList() {}

  /**
   * Returns the lines of a list of layers.
   *
   * @throws IllegalArgumentException that names the layer, its option, and what is allowed
   */
  static List<String> lines(List<? extends ConfigValue> list) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof ConfigObject object)) {
        throw new IllegalArgumentException(
            "layer %d, %s: must be a layer, like { dense = 256 }"
                .formatted(i, list.get(i).unwrapped()));
      }
      lines.add(line(values(i, object)));
    }
    return lines;
  }

  /** Returns whether a line may stand in {@code network.kinds}. */
  static boolean isLine(Object line) {
    try {
      return line.equals(line(values(0, ConfigFactory.parseString((String) line).root())));
    } catch (IllegalArgumentException | ConfigException e) {
      return false;
    }
  }

  private static LayerForm form(int index, ConfigObject object) {
    List<LayerForm> named = FORMS.stream().filter(form -> object.containsKey(form.name())).toList();
    if (named.size() != 1) {
      throw new IllegalArgumentException(
          "layer %d, %s: must be one of %s"
              .formatted(
                  index,
                  object.unwrapped(),
                  FORMS.stream().map(LayerForm::name).collect(Collectors.joining(", "))));
    }
    return named.get(0);
  }

  /** Returns all options of a layer, with defaults for those that are not given. */
  private static Map<String, Object> values(int index, ConfigObject object) {
    LayerForm form = form(index, object);
    Map<String, Object> values = new LinkedHashMap<>();
    for (LayerForm.Option option : form.options()) {
      ConfigValue given = object.get(option.name());
      Object value = given == null ? option.standard() : typed(option, given);
      if (value == null || !option.check().test(value)) {
        throw new IllegalArgumentException(
            "layer %d, %s, %s: must be %s"
                .formatted(
                    index,
                    form.name(),
                    option.name() + (given == null ? " is missing" : " = " + given.unwrapped()),
                    option.allowed()));
      }
      values.put(option.name(), value);
    }
    for (String name : object.keySet()) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(
            "layer %d, %s: has no option %s; it has %s"
                .formatted(index, form.name(), name, String.join(", ", values.keySet())));
      }
    }
    return values;
  }

  private static Object typed(LayerForm.Option option, ConfigValue given) {
    Key.Type type =
        option.type() == Long.class
            ? Key.Type.WHOLE
            : option.type() == Double.class
                ? Key.Type.NUMBER
                : option.type() == Boolean.class ? Key.Type.FLAG : Key.Type.STRING;
    return KeyReader.convert(new Key(option.name(), type, "", v -> true, true), given);
  }

  private static String line(Map<String, Object> values) {
    LayerForm form =
        FORMS.stream().filter(f -> values.containsKey(f.name())).findFirst().orElseThrow();
    return form.options().stream()
        .filter(option -> !values.get(option.name()).equals(option.standard()))
        .map(option -> option.name() + " = " + plain(values.get(option.name())))
        .collect(Collectors.joining(", "));
  }

  private static String plain(Object value) {
    return value instanceof String word ? word : Json.of(value);
  }

  /** Returns whether the lines are dense layers with no options but their widths. */
  static boolean isWidths(List<String> lines) {
    return lines.stream().allMatch(line -> line.matches("dense = \\d+"));
  }

  /** Returns the widths of such lines. */
  static List<Long> widths(List<String> lines) {
    return lines.stream().map(line -> Long.valueOf(line.replaceAll("\\D", ""))).toList();
  }

  /**
   * Builds the layers of some lines, followed by a dense layer for the outputs.
   *
   * @param input height and width of an image, then its channels where there are several
   * @param outputs the number of outputs
   * @throws IllegalArgumentException that names the layer that does not fit
   */
  static List<Layer> build(List<String> lines, List<Long> input, long outputs) {
    int channels = input.size() > 2 ? Math.toIntExact(input.get(2)) : 1;
    Extent reads =
        Extent.image(Math.toIntExact(input.get(0)), Math.toIntExact(input.get(1)), channels);
    List<Layer> layers = new ArrayList<>();
    List<String> all = new ArrayList<>(lines);
    all.add("dense = " + outputs);
    for (int i = 0; i < all.size(); i++) {
      ConfigObject object = ConfigFactory.parseString(all.get(i)).root();
      try {
        layers.add(form(i, object).builder().build(i, reads, values(i, object)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer %d, %s: %s".formatted(i, all.get(i), e.getMessage()), e);
      }
      reads = layers.get(i).puts();
    }
    return layers;
  }
}
