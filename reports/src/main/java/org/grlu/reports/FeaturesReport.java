package org.grlu.reports;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The page of a slow system: what its codes keep of images, what it has learned, and how well
 * classes can be told by its codes. Needs neither a script nor a network.
 *
 * @param name of the system
 * @param summary what it is and has seen, a sentence each
 * @param kept some images and what is made of their codes; null where there is nothing to show
 * @param first what its first stage has learned; null where there is nothing to show
 * @param measures by name, as people read them
 * @param measured on what, in a sentence
 * @param system its configuration and where it came from, by name
 */
public record FeaturesReport(
    String name,
    List<String> summary,
    Kept kept,
    FirstLayer first,
    Map<String, String> measures,
    String measured,
    Map<String, String> system) {

  /**
   * Images and what is made of their codes, in rows below each other.
   *
   * @param height of an image
   * @param width of an image
   * @param channels 1, or 3 for red, green and blue
   * @param rows Not modified. What a row is, and its images of values of 0 to 1, (images x height x
   *     width x channels)
   */
  public record Kept(int height, int width, int channels, Map<String, float[]> rows) {
    private String html() {
      Html out = new Html().markup("<div class=\"kept\"><table><tbody>\n");
      rows.forEach(
          (name, images) -> {
            out.markup("<tr><th scope=\"row\">").text(name).markup("</th>");
            int values = height * width * channels;
            for (int i = 0; i < images.length / values; i++) {
              String each = name + " " + (i + 1);
              out.markup("<td><img alt=\"").text(each).markup("\" title=\"").text(each);
              out.markup("\" src=\"" + image(images, i * values, values) + "\"></td>");
            }
            out.markup("</tr>\n");
          });
      return out.markup("</tbody></table></div>").toString();
    }

    private String image(float[] values, int from, int count) {
      byte[] samples = new byte[count];
      for (int i = 0; i < count; i++) {
        samples[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[from + i])));
      }
      return channels == 3 ? Png.coloured(width, samples) : Png.indexed(width, samples, GREYS);
    }
  }

  private static final byte[] GREYS = Png.greys();

  /** The page. */
  public String html() throws IOException {
    Map<String, String> parts = new HashMap<>();
    parts.put("title", Html.escaped(name));
    parts.put("style", Page.resource("page.css") + Page.resource("run.css"));
    Html sentences = new Html();
    String style = "answer";
    for (String sentence : summary) {
      sentences.markup("<p class=\"" + style + "\">").text(sentence).markup("</p>\n");
      style = "small";
    }
    parts.put("summary", sentences.toString());
    parts.put("kept", kept == null ? "" : section("kept", "What the code keeps", kept.html()));
    parts.put(
        "learned",
        first == null ? "" : section("learned", "What the first stage looks for", first.html()));
    parts.put("measures", table(measured, measures));
    parts.put("system", table("The slow system", system));
    return Page.filled("features.html", parts);
  }

  private static String section(String id, String title, String content) {
    return String.format(
        Locale.ROOT, "<section id=\"%s\">%n<h2>%s</h2>%n%s%n</section>", id, title, content);
  }

  private static String table(String head, Map<String, String> pairs) {
    Html out = new Html().markup("<table class=\"pairs\"><thead><tr><th colspan=\"2\">");
    out.text(head).markup("</th></tr></thead><tbody>\n");
    pairs.forEach(out::pair);
    return out.markup("</tbody></table>").toString();
  }
}
