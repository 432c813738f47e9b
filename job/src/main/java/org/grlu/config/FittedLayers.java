package org.grlu.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Extent;
import org.grlu.network.HiddenLayers;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/**
 * The layers that a list of layers describes, for a given image size and number of classes.
 *
 * @param mixed the layers where they are of several kinds; an empty list where all are dense
 * @param fault the fault of the list; null where there is none
 */
record FittedLayers(List<Layer> mixed, String fault) {
  /** The values that a network of several kinds of layers needs. */
  private static final Map<String, String> NEEDED =
      Map.of(
          "network.activation", "relu",
          "network.skip", "none",
          "network.initial", "he",
          "training.optimiser", "sgd");

  private static int place(String path) {
    return Keys.PLACES.get(path);
  }

  /**
   * Fits a list of layers to the values of {@code network.input} and {@code network.outputs}, and
   * writes its widths and kinds back.
   *
   * @param values Modified: all values, in the order of {@link Keys#ALL}
   * @param defaults the defaults, in the same order
   * @param origins the origins of the values, in the same order
   * @param earlier the fault of an earlier list that these values come from; null for none
   */
  static FittedLayers of(Object[] values, Object[] defaults, String[] origins, String earlier) {
    FittedLayers fitted = fit(values, origins);
    return earlier == null ? fitted : new FittedLayers(fitted.mixed, earlier);
  }

  private static FittedLayers fit(Object[] values, String[] origins) {
    int layers = place(LayerList.LAYERS);
    int kinds = place(LayerList.KINDS);
    int input = place(LayerList.INPUT);
    List<?> given = (List<?>) values[layers];
    boolean isList = given.get(0) instanceof String;
    if (isList) {
      values[kinds] = given;
    }
    List<String> lines = ((List<?>) values[kinds]).stream().map(String.class::cast).toList();
    if (lines.isEmpty()) {
      return new FittedLayers(List.of(), null);
    }
    List<Long> extent = ((List<?>) values[input]).stream().map(n -> (long) n).toList();
    long numbers = extent.stream().reduce(1L, (a, b) -> a * b);
    if (extent.size() == 3 && extent.get(2) == 1) {
      // a single channel may be left out
      extent = extent.subList(0, 2);
      values[input] = List.copyOf(extent);
    }
    int told = place(LayerList.OUTPUTS);
    long outputs = (long) (isList ? values[told] : given.get(given.size() - 1));
    if (!isList && !origins[told].equals(Settings.DEFAULT) && outputs != (long) values[told]) {
      return new FittedLayers(
          List.of(),
          "%s = %s (%s): must be %d, the last of %s"
              .formatted(
                  LayerList.OUTPUTS, values[told], origins[told], outputs, LayerList.LAYERS));
    }
    if (LayerList.isWidths(lines)) {
      List<Long> widths = new ArrayList<>(List.of(numbers));
      widths.addAll(LayerList.widths(lines));
      widths.add(outputs);
      String fault = fault(isList, given, widths, origins[layers]);
      values[layers] = List.copyOf(widths);
      values[kinds] = List.of();
      return new FittedLayers(List.of(), fault);
    }
    try {
      List<Layer> mixed = LayerList.build(lines, extent, outputs);
      NetworkShape shape = NetworkShape.of(mixed, HiddenLayers.TRAINED);
      List<Long> widths = shape.layers().stream().map(Integer::longValue).toList();
      String fault = fault(isList, given, widths, origins[layers]);
      values[layers] = widths;
      return new FittedLayers(mixed, fault);
    } catch (IllegalArgumentException e) {
      values[layers] = List.of(numbers, outputs);
      values[kinds] = List.of();
      String fault = "%s (%s): %s".formatted(LayerList.LAYERS, origins[layers], e.getMessage());
      return new FittedLayers(List.of(), fault);
    }
  }

  /**
   * Returns a fault where the given widths differ from those of the layers; else null. Widths that
   * were not given are not checked.
   */
  private static String fault(boolean isList, List<?> given, List<Long> widths, String origin) {
    return isList || origin.equals(Settings.DEFAULT) || given.equals(widths)
        ? null
        : "%s = %s (%s): must be %s, as %s makes them, or a list of layers"
            .formatted(LayerList.LAYERS, given, origin, widths, LayerList.KINDS);
  }

  /** Returns whether the layers are of several kinds. */
  boolean areMixed() {
    return !mixed.isEmpty();
  }

  /** Returns the values that do not go with layers of several kinds, one line each. */
  List<String> faults(Settings settings) {
    return NEEDED.entrySet().stream()
        .filter(entry -> areMixed() && !settings.text(entry.getKey()).equals(entry.getValue()))
        .map(
            entry ->
                "%s = %s (%s): must be %s where network.layers is a list of layers that are not all dense"
                    .formatted(
                        entry.getKey(),
                        settings.text(entry.getKey()),
                        settings.origin(entry.getKey()),
                        entry.getValue()))
        .sorted()
        .toList();
  }

  /**
   * Returns a fault where the images of a dataset have another shape than the first layer reads.
   */
  Optional<String> unfit(Settings settings, Dataset dataset) {
    LabelledImages images = dataset.train();
    Extent read = Extent.image(images.rows(), images.columns(), images.channels());
    if (!areMixed() || mixed.get(0).reads().equals(read)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s = %s (%s): must be %s, height, width and number of channels of an image of dataset %s"
            .formatted(
                LayerList.INPUT,
                settings.value(LayerList.INPUT),
                settings.origin(LayerList.INPUT),
                read.channels() == 1
                    ? List.of(read.height(), read.width())
                    : List.of(read.height(), read.width(), read.channels()),
                settings.datasetName()));
  }
}
