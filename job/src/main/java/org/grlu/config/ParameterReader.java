package org.grlu.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grlu.rule.Key;

/** Reads the parameters of a sweep and the values that they may take. */
final class ParameterReader {
  private static final String NAME = "name";
  private static final int MOST_VALUES = 100_000;
  private static final List<String> SPACES = List.of("range", "uniform", "log-uniform", "choice");
  private static final String FORMS =
      "a list of values, or one of { range = [from, to, step] }, { choice = [...] },"
          + " { uniform = [from, to] } and { log-uniform = [from, to] }";

  private final KeyReader keys;
  private final SearchKind search;
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  /**
   * @param keys Modified: collects faults
   */
  ParameterReader(KeyReader keys, SearchKind search) {
    this.keys = keys;
    this.search = search;
  }

  /** Returns a path without a leading {@code grlu.}. */
  static String path(String written) {
    String root = KeyReader.ROOT + ".";
    return written.startsWith(root) ? written.substring(root.length()) : written;
  }

  /** Returns all parameters, in the order of their lines in the file. */
  List<Parameter> read(ConfigValue block) {
    if (!(block instanceof ConfigObject object)) {
      fault("", block, "an object of configuration paths");
      return parameters;
    }
    collect("", object);
    // a HOCON object has no order
    parameters.sort(
        Comparator.comparing((Parameter p) -> lines.get(p.path())).thenComparing(Parameter::path));
    Map<String, String> setBy = new HashMap<>();
    for (Parameter parameter : parameters) {
      for (String key : parameter.keys()) {
        String other = setBy.put(key, parameter.path());
        if (other != null) {
          keys.faults()
              .add(
                  "%s (%s): %s sets %s too: must be set by one parameter"
                      .formatted(shown(parameter.path()), parameter.origin(), other, key));
        }
      }
    }
    return parameters;
  }

  private void collect(String prefix, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String path = path(prefix + entry.getKey());
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigList list) {
        add(path, value, listed(path, list));
      } else if (value instanceof ConfigObject inner && !inner.isEmpty()) {
        if (inner.size() == 1 && SPACES.containsAll(inner.keySet())) {
          String word = inner.keySet().iterator().next();
          space(path, word, inner.get(word));
        } else if (Keys.BY_PATH.containsKey(path)) {
          fault(path, value, FORMS);
        } else {
          collect(path.equals(KeyReader.ROOT) ? "" : path + ".", inner);
        }
      } else {
        fault(path, value, FORMS);
      }
    }
  }

  private void add(String path, ConfigValue value, Space.Listed space) {
    if (space != null) {
      add(path, value, space, space.choices().stream().map(Choice::shown).toList().toString());
    }
  }

  private void add(String path, ConfigValue value, Space space, String searched) {
    if (space != null) {
      lines.put(path, value.origin().lineNumber());
      parameters.add(new Parameter(path, space, searched, KeyReader.origin(value)));
    }
  }

  private void space(String path, String word, ConfigValue given) {
    String searched = word + " " + given.unwrapped();
    if (!(given instanceof ConfigList list)) {
      fault(path, given, FORMS);
    } else if (word.equals("choice")) {
      add(path, given, listed(path, list));
    } else if (word.equals("range")) {
      add(path, given, range(path, list), searched);
    } else if (search == SearchKind.GRID) {
      keys.faults()
          .add(
              "%s = %s (%s): must be a list, a range or a choice where sweep.search = grid"
                  .formatted(shown(path), searched, KeyReader.origin(given)));
    } else {
      Scale scale = word.equals("uniform") ? Scale.LINEAR : Scale.LOG;
      add(path, given, interval(path, scale, list), searched);
    }
  }

  private Space.Listed listed(String path, ConfigList list) {
    Key ofPath = Keys.BY_PATH.get(path);
    if (ofPath != null
        && ofPath.isList()
        && list.stream().allMatch(e -> !(e instanceof ConfigList || e instanceof ConfigObject))
        && !list.isEmpty()) {
      fault(path, list, "a list of values, each of which is " + ofPath.expected());
      return null;
    }
    List<Choice> choices = new ArrayList<>();
    int faults = keys.faults().size();
    Set<String> names = new HashSet<>();
    for (ConfigValue element : list) {
      if (element instanceof ConfigObject object) {
        choices.add(variant(path, object));
        ConfigValue name = object.get(NAME);
        if (name != null && !names.add(String.valueOf(name.unwrapped()))) {
          fault(path + "." + NAME, name, "a name that no other variant of it has");
        }
      } else if (searchable(path, element)) {
        Object value = keys.check(Keys.BY_PATH.get(path), element);
        if (value != null) {
          choices.add(new Choice(value, Map.of(path, value)));
        }
      } else {
        return null;
      }
    }
    if (list.isEmpty()) {
      fault(path, list, "at least one value");
    }
    return faults == keys.faults().size() ? new Space.Listed(choices) : null;
  }

  private Choice variant(String path, ConfigObject object) {
    Map<String, Object> values = new LinkedHashMap<>();
    ConfigValue name = object.get(NAME);
    keys.flatten(
        shown(path),
        object.withoutKey(NAME),
        (key, value) -> {
          if (searchable(key.path(), value)) {
            Object checked = keys.check(key, value);
            if (checked != null) {
              values.put(key.path(), checked);
            }
          }
        });
    if (object.isEmpty()) {
      fault(path, object, "an object that sets configuration keys, or has a name at least");
    }
    Object shown = name == null ? Json.of(values) : name.unwrapped();
    if (!(shown instanceof String || shown instanceof Number)) {
      fault(path + "." + NAME, name, "a word");
    }
    return new Choice(String.valueOf(shown), values);
  }

  private boolean searchable(String path, ConfigValue value) {
    Key key = Keys.BY_PATH.get(path);
    String why = null;
    if (key == null) {
      why = "there is no such key; the nearest is " + Keys.nearest(path);
    } else if (path.equals("training.seed")) {
      why = "seeds are given as sweep.seeds, the same for every setting";
    } else if (!key.identifies() || path.equals("dataset.validation-examples")) {
      why = "has one value for the whole sweep";
    } else if (path.equals("training.epochs") && search == SearchKind.HALVING) {
      why = "has one value where sweep.search = halving";
    }
    if (why != null) {
      keys.faults().add("%s (%s): %s".formatted(shown(path), KeyReader.origin(value), why));
    }
    return why == null;
  }

  private Space.Listed range(String path, ConfigList list) {
    List<BigDecimal> numbers = numbers(list);
    if (numbers.size() != 3
        || numbers.get(2).signum() <= 0
        || numbers.get(0).compareTo(numbers.get(1)) > 0) {
      fault(path, list, "a range [from, to, step] with from <= to and step > 0");
      return null;
    }
    BigDecimal steps =
        numbers.get(1).subtract(numbers.get(0)).divideToIntegralValue(numbers.get(2));
    if (steps.compareTo(BigDecimal.valueOf(MOST_VALUES)) >= 0) {
      fault(path, list, "a range of at most " + MOST_VALUES + " values");
      return null;
    }
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i <= steps.intValueExact(); i++) {
      BigDecimal number = numbers.get(0).add(numbers.get(2).multiply(BigDecimal.valueOf(i)));
      Object value = numeric(path, list, number.doubleValue());
      if (value == null) {
        return null;
      }
      choices.add(new Choice(value, Map.of(path, value)));
    }
    return new Space.Listed(choices);
  }

  private Space interval(String path, Scale scale, ConfigList list) {
    List<BigDecimal> numbers = numbers(list);
    if (numbers.size() != 2
        || numbers.get(0).compareTo(numbers.get(1)) >= 0
        || (scale == Scale.LOG && numbers.get(0).signum() <= 0)) {
      String above = scale == Scale.LOG ? ", above 0" : "";
      fault(path, list, "[from, to] with from < to" + above);
      return null;
    }
    double low = numbers.get(0).doubleValue();
    double high = numbers.get(1).doubleValue();
    return numeric(path, list, low) == null || numeric(path, list, high) == null
        ? null
        : new Space.Interval(low, high, scale, Keys.BY_PATH.get(path).type() == Key.Type.WHOLE);
  }

  /** Returns the numbers of a list; an empty list where an element is not a finite number. */
  private static List<BigDecimal> numbers(ConfigList list) {
    List<BigDecimal> numbers = new ArrayList<>();
    for (ConfigValue element : list) {
      Number number = KeyReader.number(element);
      if (number == null || !Double.isFinite(number.doubleValue())) {
        return List.of();
      }
      numbers.add(new BigDecimal(number.toString()));
    }
    return numbers;
  }

  /**
   * Returns a number in the type of its key; null, with a fault, where the key does not allow it.
   */
  private Object numeric(String path, ConfigValue where, double number) {
    if (!searchable(path, where)) {
      return null;
    }
    Key key = Keys.BY_PATH.get(path);
    Object value =
        switch (key.type()) {
          case NUMBER -> (Object) number;
          case WHOLE -> number == Math.rint(number) ? (Object) (long) number : null;
          default -> null;
        };
    if (value == null || !key.check().test(value)) {
      fault(path, where, key.expected());
      return null;
    }
    return value;
  }

  private static String shown(String path) {
    return path.isEmpty() ? SweepReader.PARAMETERS : SweepReader.PARAMETERS + "." + path;
  }

  private void fault(String path, ConfigValue value, String mustBe) {
    keys.fault(shown(path), value, mustBe);
  }
}
