package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
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
