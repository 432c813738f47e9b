package org.grlu.datasets.npy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A literal of Python, which the header of an .npy file is: dictionaries, lists, tuples, strings,
 * whole numbers, True, False and None, as Python 2 and 3 write them.
 */
final class PythonLiteral {
  /** Deeper nesting is no header's, and would end in an overflow of the stack. */
  private static final int DEEPEST = 20;

  private final String text;
  private int at;
  private int depth;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * The value: Map, List (of tuples too), String, Long, Boolean or null.
   *
   * @throws IllegalArgumentException where it is none, in words
   */
  static Object read(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    Object value = literal.value();
    if (literal.next() != 0) {
      throw literal.unexpected();
    }
    return value;
  }

  /** The next character that is no white space; 0 at the end. */
  private char next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException(
        at < text.length()
            ? String.format(Locale.ROOT, "unexpected '%s' at %d", text.charAt(at), at)
            : "unexpected end");
  }

  private Object value() {
    char c = next();
    if (c == '{' || c == '[' || c == '(') {
      if (++depth > DEEPEST) {
        throw unexpected();
      }
      Object value = c == '{' ? dictionary() : list(c == '[' ? ']' : ')');
      depth--;
      return value;
    }
    if (c == '\'' || c == '"') {
      return string(c);
    }
    if (c == '-' || Character.isDigit(c)) {
      return number();
    }
    return word();
  }

  private Map<Object, Object> dictionary() {
    Map<Object, Object> entries = new LinkedHashMap<>();
    at++;
    while (next() != '}') {
      Object key = value();
      expect(':');
      entries.put(key, value());
      comma('}');
    }
    at++;
    return entries;
  }

  private List<Object> list(char end) {
    List<Object> elements = new ArrayList<>();
    at++;
    while (next() != end) {
      elements.add(value());
      comma(end);
    }
    at++;
    return elements;
  }

  private void expect(char c) {
    if (next() != c) {
      throw unexpected();
    }
    at++;
  }

  /** The comma after an element, which the last one may have too. */
  private void comma(char end) {
    if (next() != end) {
      expect(',');
    }
  }

  private String string(char quote) {
    StringBuilder out = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != quote; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at < text.length()) {
        out.append(text.charAt(at));
      }
    }
    if (at >= text.length()) {
      throw unexpected();
    }
    at++;
    return out.toString();
  }

  private Long number() {
    int start = at++;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(start, at);
    if (at < text.length() && text.charAt(at) == 'L') {
      at++; // a long of Python 2
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(digits + " is no number", e);
    }
  }

  private Object word() {
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    char c = at < text.length() ? text.charAt(at) : 0;
    if ((word.equals("u") || word.equals("b")) && (c == '\'' || c == '"')) {
      return string(c);
    }
    return switch (word) {
      case "True" -> true;
      case "False" -> false;
      case "None" -> null;
      default -> {
        at = start;
        throw unexpected();
      }
    };
  }
}
