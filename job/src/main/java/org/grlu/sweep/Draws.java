package org.grlu.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.Scale;
import org.grlu.config.Space;
import org.grlu.noise.StreamKey;

/**
 * Random values of parameters. A draw is a function of the seed, the parameter's path and the
 * setting's number alone: neither more settings nor another parameter change it.
 *
 * @param seed of the search
 */
record Draws(long seed) {
  /** Digits of a drawn number that is not whole: short enough to be read and typed. */
  private static final MathContext DIGITS = new MathContext(6);

  /** What setting {@code number} has of a parameter. */
  Choice of(Parameter parameter, long number) {
    double u = uniform(parameter.path(), number);
    if (parameter.space() instanceof Space.Interval interval) {
      return choice(parameter, interval, drawn(interval, u));
    }
    List<Choice> choices = ((Space.Listed) parameter.space()).choices();
    return choices.get((int) (u * choices.size()));
  }

  /** In [0, 1), of 53 bits. */
  private double uniform(String path, long number) {
    long key = StreamKey.of(seed, StreamKey.Purpose.SEARCH);
    for (int i = 0; i < path.length(); i++) {
      key = StreamKey.child(key, path.charAt(i));
    }
    return Uniforms.of(StreamKey.child(key, number));
  }

  private static double drawn(Space.Interval interval, double u) {
    double low = interval.low();
    double high = interval.high();
    if (interval.scale() == Scale.LOG) {
      return low * StrictMath.exp(u * StrictMath.log(high / low));
    }
    return interval.whole() ? low + Math.floor(u * (high - low + 1)) : low + u * (high - low);
  }

  /** The value of an interval that is nearest to a number: whole, or of six digits. */
  static Choice choice(Parameter parameter, Space.Interval interval, double number) {
    double rounded =
        interval.whole() ? Math.rint(number) : new BigDecimal(number).round(DIGITS).doubleValue();
    double within = Math.max(interval.low(), Math.min(interval.high(), rounded));
    Object value = interval.whole() ? (Object) (long) within : (Object) within;
    return new Choice(value, Map.of(parameter.path(), value));
  }
}
