package org.grlu.reports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a network answers to the images of the test set: which classes it takes for which, and its
 * hardest errors.
 *
 * @param weights the SHA-256 of the weights that answered
 * @param counts by label, then by answer: how many images (classes x classes). Not modified
 * @param height of an image; 1 of a vector, which is no picture
 * @param width of an image
 * @param channels of an image
 * @param errors the hardest first
 */
public record TestAnswers(
    String weights, long[][] counts, int height, int width, int channels, List<Mistake> errors) {
  /** The file in a run's folder. */
  public static final String FILE = "answers.json";

  /** How many errors are kept at most. */
  public static final int MOST = 32;

  /** How many classes a matrix has at most: more are a list of pairs. */
  private static final int CLASSES = 30;

  /** How many pairs of classes are listed. */
  private static final int PAIRS = 10;

  private static final byte[] GREYS = Png.greys();

  /**
   * An image that was taken for another class.
   *
   * @param image its number in the test set, from 0
   * @param label its class
   * @param chance the probability that was given to that class
   * @param first the likeliest class
   * @param firstChance its probability
   * @param second the next
   * @param secondChance its probability
   * @param pixels (height x width x channels); empty where there is no picture. Not modified
   */
  public record Mistake(
      int image,
      int label,
      double chance,
      int first,
      double firstChance,
      int second,
      double secondChance,
      byte[] pixels) {
    /** The hardest first: whose own class was given the least probability. */
    public static final Comparator<Mistake> HARDEST =
        Comparator.comparingDouble(Mistake::chance)
            .thenComparing(Comparator.comparingDouble(Mistake::firstChance).reversed())
            .thenComparing(Mistake::image);
  }

  /** The file's content. */
  public byte[] toJson() throws IOException {
    return new ObjectMapper().writeValueAsBytes(this);
  }

  /**
   * Reads {@value #FILE}.
   *
   * @throws IOException where it is no such file
   */
  public static TestAnswers fromJson(byte[] json) throws IOException {
    try {
      return new ObjectMapper().readValue(json, TestAnswers.class);
    } catch (JsonProcessingException e) {
      throw new IOException(FILE + ": " + e.getOriginalMessage(), e);
    }
  }

  private long images() {
    return IntStream.range(0, counts.length).mapToLong(this::ofLabel).sum();
  }

  private long ofLabel(int label) {
    return Arrays.stream(counts[label]).sum();
  }

  private long right() {
    return IntStream.range(0, counts.length).mapToLong(c -> counts[c][c]).sum();
  }

  /** The matrix, and the errors as pictures. */
  String html() {
    Html out = new Html().markup("<p class=\"small lead\">");
    out.text(
        String.format(
            Locale.ROOT,
            "%,d of %,d test images are right. The test set chose nothing.",
            right(),
            images()));
    out.markup("</p>\n<div class=\"beside\"><div>\n");
    if (counts.length <= CLASSES) {
      matrix(out);
      out.markup("</div><div>\n");
    }
    pairs(out);
    out.markup("</div></div>\n");
    errors(out);
    return out.toString();
  }

  private void matrix(Html out) {
    out.markup("<div class=\"wide\"><table class=\"matrix confusion\">\n<thead><tr>");
    out.markup("<th class=\"corner\">is \\ taken for</th>");
    for (int j = 0; j < counts.length; j++) {
      out.markup("<th scope=\"col\">").text(j).markup("</th>");
    }
    out.markup("<th scope=\"col\" class=\"so-far\">right</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < counts.length; i++) {
      out.markup("<tr><th scope=\"row\">").text(i).markup("</th>");
      long all = ofLabel(i);
      for (int j = 0; j < counts.length; j++) {
        cell(out, i, j, all);
      }
      out.markup("<td class=\"so-far\">").text(all == 0 ? "" : percent(counts[i][i], all));
      out.markup("</td></tr>\n");
    }
    out.markup("</tbody></table></div>\n<p class=\"small\">")
        .text(
            "Images by their class (down) and by the class that the network gives (across). Blue: the"
                + " share of a row that is right. Red: what is wrong, full at a tenth of the row.")
        .markup("</p>\n");
  }

  private void cell(Html out, int label, int answer, long all) {
    long n = counts[label][answer];
    double share = all == 0 ? 0 : (double) n / all;
    double depth = label == answer ? share : Math.min(1, 10 * share);
    out.markup("<td");
    if (n > 0) {
      String what = label == answer ? "is-right" : "is-wrong";
      out.markup(TaskMatrix.shade(what, depth));
    }
    out.markup(" title=\"")
        .text(label == answer ? "class " + label + ", right" : label + " taken for " + answer)
        .markup("\">")
        .text(n == 0 ? "" : String.format(Locale.ROOT, "%d", n))
        .markup("</td>");
  }

  /** Two classes that are taken for each other. */
  private record Pair(int label, int answer, long count) {}

  private void pairs(Html out) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        if (i != j && counts[i][j] > 0) {
          pairs.add(new Pair(i, j, counts[i][j]));
        }
      }
    }
    if (pairs.isEmpty()) {
      out.markup("<p>").text("No image is taken for another class.").markup("</p>");
      return;
    }
    pairs.sort(Comparator.comparingLong(Pair::count).reversed());
    out.markup("<table class=\"taken\"><thead><tr><th>Is</th><th>Taken for</th>");
    out.markup("<th class=\"figure\">Images</th><th class=\"figure\">Of its class</th></tr>");
    out.markup("</thead><tbody>\n");
    for (Pair pair : pairs.subList(0, Math.min(PAIRS, pairs.size()))) {
      out.markup("<tr>").cell("", pair.label).cell("", pair.answer);
      out.cell("figure", String.format(Locale.ROOT, "%,d", pair.count));
      out.cell("figure", percent(pair.count, ofLabel(pair.label))).markup("</tr>\n");
    }
    out.markup("</tbody></table>\n");
  }

  private static String percent(long n, long of) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * n / of);
  }

  private void errors(Html out) {
    if (errors.isEmpty()) {
      return;
    }
    out.markup("<h3>The hardest errors</h3>\n<p class=\"small lead\">");
    out.text(
        "Whose own class was given the least probability. Under each: its class, and the two classes"
            + " that are likeliest to the network.");
    out.markup("</p>\n<div class=\"errors\">\n");
    for (Mistake error : errors) {
      out.markup("<figure>");
      if (error.pixels.length > 0) {
        String name = "test image " + error.image;
        out.markup("<img alt=\"").text(name).markup("\" title=\"").text(name).markup("\" src=\"");
        out.markup(
            channels == 3
                ? Png.coloured(width, error.pixels)
                : Png.indexed(width, error.pixels, GREYS));
        out.markup("\">");
      }
      out.markup("<figcaption>");
      if (error.pixels.length == 0) {
        out.markup("<span>").text("no. " + error.image).markup("</span> ");
      }
      out.markup("<b>").text("is " + error.label).markup("</b><br>");
      out.text(error.first + ": " + chance(error.firstChance)).markup("<br>");
      out.text(error.second + ": " + chance(error.secondChance)).markup("</figcaption></figure>\n");
    }
    out.markup("</div>\n");
  }

  private static String chance(double chance) {
    return chance < 0.001 ? "< 0.1 %" : String.format(Locale.ROOT, "%.1f %%", 100 * chance);
  }
}
