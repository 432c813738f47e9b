package org.grlu.reports;

import java.util.List;

/** HTML as text: whatever comes from a configuration or an exception is a stranger's string. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Text as it shows. */
  static String escaped(Object text) {
    StringBuilder out = new StringBuilder();
    String.valueOf(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /** Adds markup as it is. */
  Html markup(String text) {
    out.append(text);
    return this;
  }

  /** Adds text as it shows. */
  Html text(Object text) {
    out.append(escaped(text));
    return this;
  }

  /** Adds a row of two cells, a name and what it is. */
  Html pair(String name, Object value) {
    return markup("<tr><th scope=\"row\">")
        .text(name)
        .markup("</th><td>")
        .text(value)
        .markup("</td></tr>\n");
  }

  /**
   * A column's heading.
   *
   * @param title what it stands for in full; empty where that is the name
   * @param style of its cells, which it shares
   */
  record Heading(String name, String title, String style) {
    static Heading of(String name, String style) {
      return new Heading(name, "", style);
    }
  }

  /** Adds a table's head. */
  Html head(List<Heading> headings) {
    markup("<thead><tr>");
    for (Heading heading : headings) {
      // a key's long name breaks after its dots, a number does not
      String name = escaped(heading.name()).replaceAll("\\.(?=\\D)", ".<wbr>");
      boolean same = heading.title().isEmpty() || heading.title().equals(heading.name());
      String title = same ? "" : " title=\"" + escaped(heading.title()) + "\"";
      markup("<th scope=\"col\" class=\"" + heading.style() + "\"" + title + ">" + name + "</th>");
    }
    return markup("</tr></thead>\n");
  }

  /** Adds a cell; figures stand to the right. */
  Html cell(String style, Object text) {
    return markup("<td class=\"" + style + "\">").text(text).markup("</td>");
  }

  /** Adds a cell that a layout without the table's head can name. */
  Html named(String style, String name, Object text) {
    return markup("<td class=\"" + style + "\" data-name=\"" + escaped(name) + "\">")
        .text(text)
        .markup("</td>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
