package org.grlu.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An ONNX model that grows node by node. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxGraph {
  static final int FLOAT = 1;
  static final int INT64 = 7;

  /** Operators as of version 13, of ONNX 1.8: any runtime since 2020 has them. */
  private static final int OPERATORS = 13;

  private static final int FORMAT = 7;
  private static final int WHOLE_ATTRIBUTE = 2;
  private static final int LIST_ATTRIBUTE = 7;

  private final Protobuf graph = new Protobuf();
  private int names;

  /**
   * Adds a node of one output.
   *
   * @param attributes each a whole number, or a list of them
   * @param inputs names of what it reads
   * @return the name of what it puts out
   */
  String node(String operator, Map<String, ?> attributes, String... inputs) {
    String output = operator.toLowerCase(Locale.ROOT) + "_" + names++;
    named(output, operator, attributes, inputs);
    return output;
  }

  /** The same, its output having a name of its own. */
  void named(String output, String operator, Map<String, ?> attributes, String... inputs) {
    graph.message(1, message(List.of(output), operator, attributes, inputs));
  }

  /** The {@code count} largest numbers of each row, the largest first. */
  String largest(String rows, int count) {
    String output = "largest_" + names++;
    // their places too, which nobody reads
    List<String> outputs = List.of(output, output + "_places");
    graph.message(1, message(outputs, "TopK", Map.of("axis", 1), rows, list(count)));
    return output;
  }

  private static Protobuf message(
      List<String> outputs, String operator, Map<String, ?> attributes, String... inputs) {
    Protobuf node = new Protobuf();
    for (String input : inputs) {
      node.text(1, input);
    }
    outputs.forEach(output -> node.text(2, output));
    node.text(3, outputs.get(0)).text(4, operator);
    attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
    return node;
  }

  private static Protobuf attribute(String name, Object value) {
    Protobuf attribute = new Protobuf().text(1, name);
    if (value instanceof Number number) {
      return attribute.number(3, number.longValue()).number(20, WHOLE_ATTRIBUTE);
    }
    for (Object each : (List<?>) value) {
      attribute.number(8, ((Number) each).longValue());
    }
    return attribute.number(20, LIST_ATTRIBUTE);
  }

  /** Adds an array of floats, row-major, under a name; returns the name. */
  String array(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, FLOAT, bytes.array(), shape);
  }

  /** Adds one number; returns its name. */
  String number(double value) {
    return array("number_" + names++, new float[] {(float) value});
  }

  /** Adds a list of whole numbers; returns its name. */
  String list(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return tensor("list_" + names++, INT64, bytes.array(), values.length);
  }

  private String tensor(String name, int type, byte[] content, long... shape) {
    Protobuf tensor = new Protobuf();
    for (long size : shape) {
      tensor.number(1, size);
    }
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, content));
    return name;
  }

  /** Declares an input, (examples x width). */
  void input(String name, int width) {
    graph.message(11, value(name, FLOAT, width));
  }

  /** Declares an output, (examples x width), or (examples) where the width is 0. */
  void output(String name, int type, int width) {
    graph.message(12, value(name, type, width));
  }

  private static Protobuf value(String name, int type, int width) {
    Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "examples"));
    if (width > 0) {
      shape.message(1, new Protobuf().number(1, width));
    }
    Protobuf tensor = new Protobuf().number(1, type).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  /**
   * The file's bytes.
   *
   * @param notes kept in the file, by name
   */
  byte[] model(String name, String version, Map<String, String> notes) {
    Protobuf model =
        new Protobuf()
            .number(1, FORMAT)
            .text(2, "grlu")
            .text(3, version)
            .message(7, graph.text(2, name))
            .message(8, new Protobuf().text(1, "").number(2, OPERATORS));
    notes.forEach((key, value) -> model.message(14, new Protobuf().text(1, key).text(2, value)));
    return model.toByteArray();
  }
}
