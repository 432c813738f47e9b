package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.grlu.math.Floats;

/**
 * Arrays that a rule keeps beside the weights, by name: feedback matrices, moments, a running mean.
 * They are part of what a trial's rest depends on, so they are in checkpoints and model files.
 * Fixed arrays are not: whoever needs them makes them from the seed.
 */
public final class State {
  /** Of a rule that keeps nothing. */
  public static final State NONE = new State();

  /** Not W0 or b1, which are the weights'; nor what checkpoints have beside them. */
  private static final Pattern NAME = Pattern.compile("(?!epochs|checkpoint)[a-z][a-z_][a-z0-9_]*");

  private final Map<String, Entry> entries = new TreeMap<>();

  /** Who needs an array. */
  public enum Reader {
    /** Leaves: it is broadcast with the weights. */
    LEAVES,
    /** The update alone: it never leaves the driver, or the trial's own task. */
    UPDATE,
    /** Leaves, and nobody changes it: it is neither sent, nor in files, nor in digests. */
    FIXED
  }

  private record Entry(List<Integer> shape, Reader reader, Floats values) {}

  /** By name, those that training changes. */
  private Map<String, Entry> kept() {
    Map<String, Entry> kept = new TreeMap<>(entries);
    kept.values().removeIf(entry -> entry.reader == Reader.FIXED);
    return kept;
  }

  /**
   * Adds an array.
   *
   * @param name of small letters, digits and _, two letters first
   * @param values row-major; the array itself, which the rule changes
   * @throws IllegalArgumentException where the name is not allowed or there already, or the number
   *     of values is not that of the shape
   */
  public State and(String name, Reader reader, List<Integer> shape, Floats values) {
    long count = shape.stream().mapToLong(n -> n).reduce(1, Math::multiplyExact);
    if (!NAME.matcher(name).matches() || entries.containsKey(name) || count != values.length()) {
      throw new IllegalArgumentException(
          "state %s of shape %s with %d values: the name must match %s and be new, the values as many as the shape has"
              .formatted(name, shape, values.length(), NAME));
    }
    State more = new State();
    more.entries.putAll(entries);
    more.entries.put(name, new Entry(List.copyOf(shape), reader, values));
    return more;
  }

  /** The array of that name; changing it changes the state. */
  public Floats array(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "state %s: there is none; there are %s".formatted(name, entries.keySet()));
    }
    return entry.values;
  }

  /** Whether there are no arrays but fixed ones. */
  public boolean isEmpty() {
    return kept().isEmpty();
  }

  /** What leaves need of it: the same arrays. */
  public State ofLeaves() {
    State some = new State();
    entries.forEach(
        (name, entry) -> {
          if (entry.reader != Reader.UPDATE) {
            some.entries.put(name, entry);
          }
        });
    return some;
  }

  /** How many numbers the arrays have, but for fixed ones. */
  public long count() {
    return kept().values().stream().mapToLong(entry -> entry.values.length()).sum();
  }

  /** How many arrays there are, but for fixed ones. */
  int arrayCount() {
    return kept().size();
  }

  /** Whether no value is NaN or infinite. */
  public boolean finite() {
    return entries.values().stream().allMatch(entry -> entry.values.finite());
  }

  /**
   * Takes over the values of arrays of the same names.
   *
   * @param other Not modified.
   */
  public void copy(State other) {
    entries.forEach(
        (name, entry) -> entry.values.copy(other.array(name), 0, 0, entry.values.length()));
  }

  void pack(FloatBuffer out) {
    kept().values().forEach(entry -> entry.values.put(out, 0, entry.values.length()));
  }

  void unpack(FloatBuffer in) {
    kept().values().forEach(entry -> entry.values.take(in, 0, entry.values.length()));
  }

  /** The arrays as a model file has them. */
  Map<String, NpyArray> arrays() {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    kept()
        .forEach(
            (name, entry) ->
                arrays.put(
                    name,
                    NpyArray.of(entry.values.toArray(), entry.shape.toArray(Integer[]::new))));
    return arrays;
  }

  /**
   * Takes over a file's arrays of the same names.
   *
   * @throws ModelFileException where one is missing or has another shape
   */
  void read(ModelFile file) {
    kept()
        .forEach(
            (name, entry) -> {
              Floats read = Floats.over(file.state(name, entry.shape));
              entry.values.copy(read, 0, 0, read.length());
              if (!entry.values.finite()) {
                throw new ModelFileException("array %s: NaN or infinite values", name);
              }
            });
  }

  /**
   * SHA-256 over names and arrays, names sorted, fixed ones left out: each name in UTF-8 and a zero
   * byte, then its values as little-endian floats; hex. Null where there are none but fixed ones.
   */
  public String sha256() {
    if (isEmpty()) {
      return null;
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    kept()
        .forEach(
            (name, entry) -> {
              digest.update((name + "\0").getBytes(StandardCharsets.UTF_8));
              ByteBuffer bytes =
                  ByteBuffer.allocate(entry.values.length() * Float.BYTES)
                      .order(ByteOrder.LITTLE_ENDIAN);
              entry.values.put(bytes.asFloatBuffer(), 0, entry.values.length());
              digest.update(bytes);
            });
    return HexFormat.of().formatHex(digest.digest());
  }
}
