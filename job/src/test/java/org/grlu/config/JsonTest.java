package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  @Property(seed = "1")
  void shortestReadsBack(@ForAll long bits) {
    double number = Double.longBitsToDouble(bits);
    if (Double.isFinite(number)) {
      assertThat(Double.parseDouble(Json.shortest(number))).isEqualTo(number);
    }
  }

  @Property(seed = "2")
  void noShorterRoundingReadsBack(@ForAll long bits) {
    double number = Double.longBitsToDouble(bits);
    if (Double.isFinite(number) && number != 0) {
      int digits = new BigDecimal(Json.shortest(number)).stripTrailingZeros().precision();
      assertThat(digits).isLessThanOrEqualTo(17);
      assertThat(digits)
          .isLessThanOrEqualTo(
              new BigDecimal(Double.toString(number)).stripTrailingZeros().precision());
    }
  }

  /** The definition: ids of last year depend on it. */
  private static String byTrying(double number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == number) {
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
      }
    }
    return exact.round(new MathContext(17)).stripTrailingZeros().toPlainString();
  }

  @Property(seed = "3", tries = 3000)
  void shortestIsWhatTryingEachLengthGives(@ForAll long bits, @ForAll int fewer) {
    // few digits as people write them, and powers of two with their neighbours, are rare among bits
    double power = Double.longBitsToDouble(bits & 0xFFF0000000000000L);
    double written =
        new BigDecimal(Double.longBitsToDouble(bits >>> 2 | 1L << 61))
            .round(new MathContext(1 + (fewer & 7)))
            .doubleValue();
    for (double number :
        new double[] {
          Double.longBitsToDouble(bits),
          power,
          Math.nextUp(power),
          Math.nextDown(power),
          written,
          fewer / 1000.0
        }) {
      if (Double.isFinite(number)) {
        assertThat(Json.shortest(number)).isEqualTo(byTrying(number));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "1, 1",
    "100, 100",
    "1e21, 1000000000000000000000",
    "1e-7, 0.0000001",
    "0.30000000000000004, 0.30000000000000004",
    "2e-3, 0.002",
    "-2.5, -2.5",
    "0, 0",
    "2.0E-3, 0.002"
  })
  void numbersHaveOneForm(double number, String form) {
    assertThat(Json.shortest(number)).isEqualTo(form);
  }

  @Test
  void valuesAreWrittenInJson() {
    TreeMap<String, Object> map = new TreeMap<>();
    map.put("b", List.of(1L, 2.5, true));
    map.put("a", "x\"\\\n\u0001");
    map.put("c", Double.NaN);
    assertThat(Json.of(map))
        .isEqualTo("{\"a\":\"x\\\"\\\\\\n\\u0001\",\"b\":[1,2.5,true],\"c\":null}");
    assertThat(Json.read(Json.of(map))).containsEntry("a", "x\"\\\n\u0001");
  }
}
