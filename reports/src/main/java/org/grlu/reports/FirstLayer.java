package org.grlu.reports;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the first layer of a network has learned, a picture a unit on one scale.
 *
 * @param title what the pictures are
 * @param noun what one is called: unit, channel
 * @param height of each
 * @param width of each
 * @param channels of each
 * @param units Not modified. Each one's weights, (channels x height x width)
 * @param of how many units there are
 */
public record FirstLayer(
    String title, String noun, int height, int width, int channels, List<float[]> units, int of) {
  /** How many pictures a page has at most. */
  public static final int MOST = 64;

  /** Beyond this share of the weights, by magnitude, a picture is as dark as it gets. */
  private static final double SHARE = 0.995;

  /** From the least weight to 0, and from there to the largest: so many steps of colour each. */
  private static final int LEVELS = 32;

  /** Colours from the least weight over 0 to the largest. */
  private static final int[][] STOPS = {
    {5, 48, 97}, {67, 147, 195}, {247, 247, 247}, {214, 96, 77}, {103, 0, 31}
  };

  private static final byte[] PALETTE = palette();

  private static byte[] palette() {
    byte[] palette = new byte[3 * (2 * LEVELS + 1)];
    for (int i = 0; i <= 2 * LEVELS; i++) {
      double at = (double) i * (STOPS.length - 1) / (2 * LEVELS);
      int below = Math.min((int) at, STOPS.length - 2);
      for (int c = 0; c < 3; c++) {
        double low = STOPS[below][c];
        palette[3 * i + c] = (byte) Math.round(low + (at - below) * (STOPS[below + 1][c] - low));
      }
    }
    return palette;
  }

  /** The pictures, how to read them, and what is not shown. */
  String html() {
    boolean colours = channels == 3;
    List<float[]> drawn = colours ? units : units.stream().map(this::mean).toList();
    double scale = scale(drawn);
    Html out = new Html().markup("<p class=\"small lead\">").text(title + ". ");
    if (units.size() < of) {
      out.text(String.format(Locale.ROOT, "The first %d of %,d. ", units.size(), of));
    }
    if (colours) {
      out.text("The three channels that they read are red, green and blue; grey is 0. ");
    } else if (channels > 1) {
      out.text(String.format(Locale.ROOT, "Mean over the %,d channels that they read. ", channels));
    }
    out.text("All on one scale; the largest 0.5 % of the weights are beyond it.").markup("</p>\n");
    legend(out, scale, colours);
    out.markup("<div class=\"units\">\n");
    for (int i = 0; i < drawn.size(); i++) {
      String name = noun + " " + (i + 1);
      out.markup("<img alt=\"").text(name).markup("\" title=\"").text(name).markup("\" src=\"");
      out.markup(colours ? coloured(drawn.get(i), scale) : indexed(drawn.get(i), scale));
      out.markup("\">\n");
    }
    return out.markup("</div>").toString();
  }

  private void legend(Html out, double scale, boolean colours) {
    byte[] ramp = new byte[(2 * LEVELS + 1) * (colours ? 3 : 1)];
    for (int i = 0; i < ramp.length; i++) {
      int level = i / (colours ? 3 : 1);
      ramp[i] = (byte) (colours ? 255 * level / (2 * LEVELS) : level);
    }
    int width = 2 * LEVELS + 1;
    String image = colours ? Png.coloured(width, ramp) : Png.indexed(width, ramp, PALETTE);
    String end = String.format(Locale.ROOT, "%.2g", scale);
    out.markup("<p class=\"scale small\"><span>\u2212").text(end).markup("</span>");
    out.markup("<img alt=\"from negative to positive weights\" src=\"" + image + "\">");
    out.markup("<span>").text(end).markup("</span></p>\n");
  }

  private float[] mean(float[] unit) {
    int size = height * width;
    float[] mean = new float[size];
    for (int i = 0; i < unit.length; i++) {
      mean[i % size] += unit[i] / channels;
    }
    return mean;
  }

  private static double scale(List<float[]> drawn) {
    double[] sizes =
        drawn.stream()
            .flatMapToDouble(unit -> IntStream.range(0, unit.length).mapToDouble(i -> unit[i]))
            .map(Math::abs)
            .sorted()
            .toArray();
    double scale = sizes[(int) Math.ceil(SHARE * sizes.length) - 1];
    return scale > 0 ? scale : 1;
  }

  /** A weight as a number of steps from the least one that shows. */
  private static int level(float weight, double scale) {
    return LEVELS + (int) Math.round(LEVELS * Math.max(-1, Math.min(1, (double) weight / scale)));
  }

  private String indexed(float[] unit, double scale) {
    byte[] samples = new byte[unit.length];
    for (int i = 0; i < unit.length; i++) {
      samples[i] = (byte) level(unit[i], scale);
    }
    return Png.indexed(width, samples, PALETTE);
  }

  private String coloured(float[] unit, double scale) {
    int size = height * width;
    byte[] samples = new byte[unit.length];
    for (int i = 0; i < unit.length; i++) {
      int level = level(unit[i], scale);
      samples[i % size * channels + i / size] = (byte) (255 * level / (2 * LEVELS));
    }
    return Png.coloured(width, samples);
  }
}
