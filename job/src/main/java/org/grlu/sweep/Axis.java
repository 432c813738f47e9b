package org.grlu.sweep;

import java.util.Comparator;
import java.util.List;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.Scale;
import org.grlu.config.Space;

/**
 * A parameter as {@link Parzen} sees it: a coordinate for each of its values, and a kernel about a
 * value. Densities are ratios to that of a random draw, so that a parameter of which nothing is
 * known has the factor 1.
 */
sealed interface Axis {
  /** The axis of a parameter. Numbers that are listed, three at least, are steps of one axis. */
  static Axis of(Parameter parameter) {
    if (parameter.space() instanceof Space.Interval interval) {
      return new Line(parameter, interval);
    }
    List<Choice> choices = ((Space.Listed) parameter.space()).choices();
    boolean ordered =
        choices.size() > 2 && choices.stream().allMatch(c -> c.shown() instanceof Number);
    return ordered ? Steps.of(choices) : new Categories(choices);
  }

  /** The coordinate of a value. */
  double at(Choice choice);

  /** The value at a coordinate. */
  Choice choice(double at);

  /** A coordinate as a random search draws it. */
  double draw(Uniforms uniforms);

  /** The kernel about a coordinate. */
  Kernel kernel(double centre, Width width);

  /** A density about a coordinate. */
  interface Kernel {
    /** A coordinate by it. */
    double draw(Uniforms uniforms);

    /** The density over that of a random draw. */
    double ratio(double at);
  }

  /**
   * How wide kernels are.
   *
   * @param sigma of a Gaussian, where a random draw's range has the length 1
   * @param other how likely a kernel of categories draws any of them rather than its own
   */
  record Width(double sigma, double other) {}

  /** Numbers between two: a kernel is a Gaussian, cut off at the ends. */
  record Line(Parameter parameter, Space.Interval interval) implements Axis {
    @Override
    public double at(Choice choice) {
      return unit(((Number) choice.shown()).doubleValue());
    }

    private double unit(double value) {
      double low = low();
      double high = high();
      return interval.scale() == Scale.LOG
          ? StrictMath.log(value / low) / StrictMath.log(high / low)
          : (value - low) / (high - low);
    }

    // a whole number has what rounds to it
    private double low() {
      return interval.whole() ? interval.low() - 0.5 : interval.low();
    }

    private double high() {
      return interval.whole() ? interval.high() + 0.5 : interval.high();
    }

    @Override
    public Choice choice(double at) {
      double value =
          interval.scale() == Scale.LOG
              ? low() * StrictMath.exp(at * StrictMath.log(high() / low()))
              : low() + at * (high() - low());
      return Draws.choice(parameter, interval, value);
    }

    @Override
    public double draw(Uniforms uniforms) {
      return uniforms.next();
    }

    @Override
    public Kernel kernel(double centre, Width width) {
      Normal normal = new Normal(centre, width.sigma);
      return new Kernel() {
        @Override
        public double draw(Uniforms uniforms) {
          return normal.draw(uniforms);
        }

        @Override
        public double ratio(double at) {
          if (!interval.whole()) {
            return normal.density(at);
          }
          double value = ((Number) choice(at).shown()).doubleValue();
          return normal.mean(unit(value - 0.5), unit(value + 0.5));
        }
      };
    }
  }

  /**
   * Numbers that are listed: a kernel is a Gaussian of their ranks.
   *
   * @param choices ascending
   */
  record Steps(List<Choice> choices) implements Axis {
    static Steps of(List<Choice> listed) {
      return new Steps(
          listed.stream()
              .distinct()
              .sorted(Comparator.comparingDouble(c -> ((Number) c.shown()).doubleValue()))
              .toList());
    }

    @Override
    public double at(Choice choice) {
      return (choices.indexOf(choice) + 0.5) / choices.size();
    }

    @Override
    public Choice choice(double at) {
      return choices.get(rank(at));
    }

    private int rank(double at) {
      return Math.min(choices.size() - 1, (int) (at * choices.size()));
    }

    @Override
    public double draw(Uniforms uniforms) {
      return uniforms.next();
    }

    @Override
    public Kernel kernel(double centre, Width width) {
      Normal normal = new Normal(centre, width.sigma);
      double size = choices.size();
      return new Kernel() {
        @Override
        public double draw(Uniforms uniforms) {
          return normal.draw(uniforms);
        }

        @Override
        public double ratio(double at) {
          return normal.mean(rank(at) / size, (rank(at) + 1) / size);
        }
      };
    }
  }

  /**
   * Values without an order, and named variants: a kernel is its own and, now and then, any. A
   * value that is listed twice is twice as likely, as in a random draw.
   */
  record Categories(List<Choice> choices) implements Axis {
    @Override
    public double at(Choice choice) {
      return choices.indexOf(choice);
    }

    @Override
    public Choice choice(double at) {
      return choices.get((int) at);
    }

    @Override
    public double draw(Uniforms uniforms) {
      return at(choices.get((int) (uniforms.next() * choices.size())));
    }

    @Override
    public Kernel kernel(double centre, Width width) {
      Object own = choices.get((int) centre);
      double same = choices.stream().filter(own::equals).count();
      double more = (1 - width.other) * choices.size() / same;
      return new Kernel() {
        @Override
        public double draw(Uniforms uniforms) {
          double any = Categories.this.draw(uniforms);
          return uniforms.next() < width.other ? any : centre;
        }

        @Override
        public double ratio(double at) {
          return width.other + (at == centre ? more : 0);
        }
      };
    }
  }
}
