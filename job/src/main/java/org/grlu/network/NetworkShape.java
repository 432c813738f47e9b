package org.grlu.network;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;

/**
 * A network's form.
 *
 * @param layers the widths, input first: 784, 256, 10 has two weight layers, 0 and 1
 * @param activation of the hidden layers
 * @param k the share of neurons that {@link Activation#TOP_K} keeps; not used by ReLU
 * @param skip connections
 * @param hiddenLayers whether they learn
 * @param kinds the layers, where they are of several kinds; none for dense layers alone
 */
public record NetworkShape(
    List<Integer> layers,
    Activation activation,
    double k,
    Skip skip,
    HiddenLayers hiddenLayers,
    List<Layer> kinds)
    implements Serializable {

  /** One of dense layers. */
  public NetworkShape(
      List<Integer> layers, Activation activation, double k, Skip skip, HiddenLayers hiddenLayers) {
    this(layers, activation, k, skip, hiddenLayers, List.of());
  }

  /** One of layers of several kinds, each reading the one before it. */
  public static NetworkShape of(List<Layer> kinds, HiddenLayers hiddenLayers) {
    List<Integer> widths =
        Stream.concat(Stream.of(kinds.get(0).inputs()), kinds.stream().map(l -> l.puts().numbers()))
            .toList();
    return new NetworkShape(widths, Activation.RELU, 1, Skip.NONE, hiddenLayers, kinds);
  }

  /** One whose layers all learn. */
  public NetworkShape(List<Integer> layers, Activation activation, double k, Skip skip) {
    this(layers, activation, k, skip, HiddenLayers.TRAINED);
  }

  /** Input, output and at least the one layer of weights between them. */
  public NetworkShape {
    layers = List.copyOf(layers);
    kinds = List.copyOf(kinds);
    if (layers.size() < 2 || layers.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException("layers " + layers + ": at least two widths, each >= 1");
    }
  }

  /** The number of weight layers. */
  public int depth() {
    return layers.size() - 1;
  }

  /** Whether its layers are of several kinds: then {@link MixedPass} computes it. */
  public boolean isMixed() {
    return !kinds.isEmpty();
  }

  /** The number of neurons of layer {@code l}; see {@link Layer#units}. */
  public int units(int l) {
    return isMixed() ? kinds.get(l).units() : layers.get(l + 1);
  }

  /** {@link #units} padded: the row length of everything that layer {@code l} puts out. */
  public int stride(int l) {
    return Kernels.padded(units(l));
  }

  /** The number of inputs of layer {@code l}: under dense skip, all that came before. */
  public int inputs(int l) {
    int inputs = layers.get(l);
    for (int i = 0; skip == Skip.DENSE && i < l; i++) {
      inputs += layers.get(i);
    }
    return inputs;
  }

  /** Layer {@code l}. */
  public Layer layer(int l) {
    return isMixed() ? kinds.get(l) : new Dense(l, inputs(l), units(l), l == 0);
  }

  /** Whether layer {@code l} is hidden: all but the last. */
  public boolean hidden(int l) {
    return l < depth() - 1;
  }

  /** Whether layer {@code l} is trained; the last one always is. */
  public boolean learns(int l) {
    boolean may = !isMixed() || (!kinds.get(l).frozen() && kinds.get(l).rows() > 0);
    return may && (hiddenLayers == HiddenLayers.TRAINED || !hidden(l));
  }

  /** Whether layer {@code l} adds its input to its output. */
  public boolean residual(int l) {
    return skip == Skip.RESIDUAL && hidden(l) && l > 0 && units(l) == layers.get(l);
  }

  /**
   * The first of the sources that layer {@code l > 0} reads. Source 0 is the network's input,
   * source i the output of hidden layer i - 1; a layer reads those up to source l.
   */
  public int firstSource(int l) {
    return skip == Skip.DENSE ? 0 : l;
  }

  /** How many neurons top-k keeps in layer {@code l}. */
  public int kept(int l) {
    return TopK.count(k, units(l));
  }

  /** 784-256-10; or 784-conv16x5/2-10. */
  public String widths() {
    if (isMixed()) {
      return Stream.concat(
              Stream.of(String.valueOf(layers.get(0))), kinds.stream().map(Layer::text))
          .collect(Collectors.joining("-"));
    }
    return layers.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }
}
