package org.grlu.reports;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was asked of a sweep: the file {@value #FILE} in its folder.
 *
 * @param search grid, random, halving or tpe
 * @param rankBy what settings are ranked by, the first goal first; in the file one is a column's
 *     name, several are a list of them
 * @param seeds that every setting runs with
 * @param settingsPlanned how many settings there are to be
 * @param trialsPlanned how many trials there are to be
 * @param epochs of a whole trial
 * @param validationExamples held out of the training set
 * @param command that runs it again
 * @param file the configuration that asks for it, as it was given; null of older versions
 * @param meanings by column, the values that other columns must have for it to mean something; null
 *     of older versions
 */
public record SweepDescription(
    String name,
    String search,
    @JsonFormat(
            with = {
              JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
              JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
            })
        List<Goal> rankBy,
    List<Parameter> parameters,
    List<Long> seeds,
    long settingsPlanned,
    long trialsPlanned,
    int epochs,
    String dataset,
    int validationExamples,
    String command,
    @JsonInclude(JsonInclude.Include.NON_NULL) String file,
    @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Map<String, List<Object>>> meanings) {

  /** Its name in a sweep's folder. */
  public static final String FILE = "sweep.json";

  static final String VALIDATION = "validation_accuracy";
  static final String TEST = "test_accuracy";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * What differs between settings: a configuration key, or several that named variants set
   * together.
   *
   * @param path rule.perturbations; of variants, the parameter's own: hidden-layers
   * @param column in the tables: rule_perturbations; of variants, in the table of settings only
   * @param scale linear, log or category
   * @param searched as the sweep's file says it
   * @param variants by name, in the file's order, each with the columns of all keys that any of
   *     them sets; null of a single key
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Parameter(
      String path,
      String column,
      String scale,
      String searched,
      Map<String, Map<String, Object>> variants) {

    @JsonCreator
    public Parameter {
      variants = variants == null ? null : Variants.typed(variants);
    }

    /** A single key. */
    public Parameter(String path, String column, String scale, String searched) {
      this(path, column, scale, searched, null);
    }

    /** What the table of trials has of it. */
    List<String> columns() {
      return variants == null ? List.of(column) : Variants.columns(variants);
    }

    /** Whether the table of trials has anything of it. */
    boolean isIn(Set<String> there) {
      // before the first commit there are no columns at all
      return there.isEmpty() || columns().isEmpty() || columns().stream().anyMatch(there::contains);
    }
  }

  public SweepDescription {
    parameters = withoutNulls("parameters", parameters);
    seeds = withoutNulls("seeds", seeds);
    meanings = meanings == null ? null : typed(meanings);
    rankBy = withoutNulls("rankBy", rankBy);
    if (rankBy.isEmpty()) {
      throw new IllegalArgumentException("rankBy: must be a goal, or a list of goals");
    }
  }

  /** The same values with the types that rows have. */
  private static Map<String, Map<String, List<Object>>> typed(
      Map<String, Map<String, List<Object>>> read) {
    Map<String, Map<String, List<Object>>> typed = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, List<Object>>> column : read.entrySet()) {
      Map<String, List<Object>> conditions = new LinkedHashMap<>();
      for (Map.Entry<String, List<Object>> condition : given(column).entrySet()) {
        List<Object> values = withoutNulls("meanings", given(condition));
        conditions.put(condition.getKey(), values.stream().map(Variants::typed).toList());
      }
      typed.put(column.getKey(), Collections.unmodifiableMap(conditions));
    }
    return Collections.unmodifiableMap(typed);
  }

  private static <T> T given(Map.Entry<String, T> entry) {
    if (entry.getValue() == null) {
      throw new IllegalArgumentException("meanings: " + entry.getKey() + " must not be null");
    }
    return entry.getValue();
  }

  private static <T> List<T> withoutNulls(String name, List<T> list) {
    if (list != null && list.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(name + ": must not have null among them");
    }
    return list == null ? List.of() : List.copyOf(list);
  }

  /** What decides first. */
  Goal goal() {
    return rankBy.get(0);
  }

  /** Whether settings are ranked by what they reach on the test set. */
  boolean ranksByTest() {
    return rankBy.stream().anyMatch(Goal::onTest);
  }

  /** Of the accuracies that all epochs have, that which is nearest to the goal. */
  String accuracy() {
    if (SettingResult.ACCURACIES.contains(goal().column())) {
      return goal().column();
    }
    return ranksByTest() || validationExamples == 0 ? TEST : VALIDATION;
  }

  /** The file's content. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads the file's content.
   *
   * @throws IOException where it is not such a description
   */
  public static SweepDescription fromJson(byte[] content) throws IOException {
    SweepDescription read = JSON.readValue(content, SweepDescription.class);
    if (read == null || read.name == null || read.search == null) {
      throw new IOException("must be an object with a name and a search");
    }
    for (Parameter parameter : read.parameters) {
      if (Stream.of(parameter.path, parameter.column, parameter.scale, parameter.searched)
          .anyMatch(Objects::isNull)) {
        throw new IOException("each parameter must have a path, a column, a scale and searched");
      }
    }
    return read;
  }
}
