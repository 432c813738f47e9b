package org.grlu.config;

import com.typesafe.config.ConfigFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes and reads JSON. The written form is canonical: keys in the order of the map, no white
 * space, and one form for each number.
 */
public final class Json {
  private Json() {}

  /**
   * Returns the JSON of a Map, List, String, Number, Boolean or null. NaN and infinity become null.
   */
  public static String of(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> quote(e.getKey().toString()) + ":" + of(e.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? shortest(number) : "null";
    }
    return value instanceof String s ? quote(s) : String.valueOf(value);
  }

  /**
   * Reads a JSON object.
   *
   * @throws com.typesafe.config.ConfigException where the text can't be parsed
   */
  public static Map<String, Object> read(String json) {
    return ConfigFactory.parseString(json).root().unwrapped();
  }

  /**
   * Returns the shortest decimal that reads back to the same double, in plain digits. {@code
   * Double.toString} can't be used, because its digits changed in Java 19.
   */
  static String shortest(double number) {
    if (number == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(number);
    int digits = enough(number);
    BigDecimal shortest = exact.round(new MathContext(digits));
    while (digits > 1) {
      digits--;
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() != number) {
        break;
      }
      shortest = rounded;
    }
    return shortest.stripTrailingZeros().toPlainString();
  }

  /**
   * Returns a number of digits from which {@link #shortest} can begin to drop digits. The digits of
   * {@code Double.toString} read back to the same number, so the nearest decimal with as many
   * digits does too. If one digit fewer does not read back, then no shorter decimal does. A power
   * of two is an exception, because doubles are denser below it than above it. Each length is tried
   * there.
   */
  private static int enough(double number) {
    if ((Double.doubleToRawLongBits(number) & 0xFFFFFFFFFFFFFL) != 0) {
      return new BigDecimal(Double.toString(number)).stripTrailingZeros().precision();
    }
    BigDecimal exact = new BigDecimal(number);
    int digits = 1;
    while (digits < 17 && exact.round(new MathContext(digits)).doubleValue() != number) {
      digits++;
    }
    return digits;
  }

  private static String quote(String s) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
