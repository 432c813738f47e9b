package org.grlu.features;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grlu.datasets.ImageCode;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.ArrayFile;
import org.grlu.network.ModelFileException;

/** A slow system as it is frozen: stages, one after another, from pixels of 0 to 1 to a code. */
public final class Encoder implements ImageCode {
  private static final long serialVersionUID = 1;

  /** Images that go through a stage together. */
  private static final int BLOCK = 32;

  private static final String ID = "features";
  private static final String STAGES = "stages";

  /** A list that Java serialises as it is. */
  private final ArrayList<Stage> stages;

  private final String id;

  /** What makes pictures of what it does; not used for codes. */
  private final LinkedHashMap<String, ArrayFile.Matrix> beside;

  /**
   * @param id of the features
   * @param stages at least one
   * @param beside arrays that are no part of the codes by name: a decoder's, say
   */
  Encoder(String id, List<Stage> stages, Map<String, ArrayFile.Matrix> beside) {
    this.id = id;
    this.stages = new ArrayList<>(stages);
    this.beside = new LinkedHashMap<>(beside);
    for (int s = 1; s < stages.size(); s++) {
      if (stages.get(s).inputs() != stages.get(s - 1).outputs()) {
        throw new ModelFileException(
            "stage %s: reads %d values, the one before puts out %d",
            stages.get(s).line(), stages.get(s).inputs(), stages.get(s - 1).outputs());
      }
    }
  }

  @Override
  public String id() {
    return id;
  }

  /** The same by another id. */
  public Encoder named(String other) {
    return new Encoder(other, stages, beside);
  }

  /** Values of an image that it reads. */
  public int inputs() {
    return stages.get(0).inputs();
  }

  @Override
  public int size() {
    return stages.get(stages.size() - 1).outputs();
  }

  List<Stage> stages() {
    return stages;
  }

  /** The arrays beside the stages. */
  public Map<String, ArrayFile.Matrix> beside() {
    return beside;
  }

  /**
   * What the first stage multiplies its input, or patches of it, by: a row for each of its values,
   * or filters. Empty where it has no such matrix.
   */
  public Optional<ArrayFile.Matrix> first() {
    Map<String, ArrayFile.Matrix> arrays = stages.get(0).arrays();
    return Optional.ofNullable(arrays.getOrDefault("weights", arrays.get("filters")));
  }

  /** Its stages, a line each. */
  public List<String> lines() {
    return stages.stream().map(Stage::line).toList();
  }

  /** The same with another stage at its end. */
  Encoder then(Stage stage) {
    List<Stage> more = new ArrayList<>(stages);
    more.add(stage);
    return new Encoder(id, more, beside);
  }

  @Override
  public void encode(LabelledImages images, int from, int count, float[] out, int at) {
    for (int first = 0; first < count; first += BLOCK) {
      int rows = Math.min(BLOCK, count - first);
      float[] values = codes(stages, images, from + first, rows);
      System.arraycopy(values, 0, out, at + first * size(), rows * size());
    }
  }

  /** What some stages make of some images, (count x outputs); of no stages, the pixels. */
  static float[] codes(List<Stage> stages, LabelledImages images, int from, int count) {
    return through(stages, pixels(images, from, count), count);
  }

  private static float[] through(List<Stage> stages, float[] values, int count) {
    float[] in = values;
    for (Stage stage : stages) {
      float[] out = new float[count * stage.outputs()];
      stage.apply(count, in, out);
      in = out;
    }
    return in;
  }

  /** Whether there is a decoder beside it. */
  public boolean reconstructs() {
    return !AutoencoderLayers.decoder(beside).isEmpty();
  }

  /**
   * What its decoder makes of some images' codes.
   *
   * @return (count x inputs), pixels of about 0 to 1
   */
  public float[] reconstruct(LabelledImages images, int from, int count) {
    // as many stages as the decoder has lead to its code; others come after it
    List<Stage> decoder = AutoencoderLayers.decoder(beside);
    float[] code = codes(stages.subList(0, decoder.size()), images, from, count);
    float[] values = through(decoder, code, count);
    float[] mean = beside.get(AutoencoderLayers.MEAN).values();
    for (int i = 0; i < values.length; i++) {
      values[i] += mean[i % mean.length];
    }
    return values;
  }

  /** Some images as floats: pixels of 0 to 1; floats as they are. */
  public static float[] pixels(LabelledImages images, int from, int count) {
    int n = images.pixelsPerImage();
    float[] values = new float[count * n];
    if (images.areFloats()) {
      System.arraycopy(images.features(), from * n, values, 0, values.length);
      return values;
    }
    byte[] pixels = images.pixels();
    for (int i = 0; i < values.length; i++) {
      values[i] = (pixels[from * n + i] & 0xff) / 255f;
    }
    return values;
  }

  /** One value of some images; see {@link #pixels}. */
  static float value(LabelledImages images, int at) {
    return images.areFloats() ? images.features()[at] : (images.pixels()[at] & 0xff) / 255f;
  }

  /** As NumPy's .npz. */
  public byte[] toFile() {
    Map<String, ArrayFile.Matrix> arrays = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < stages.size(); s++) {
      String prefix = prefix(s);
      stages.get(s).arrays().forEach((name, matrix) -> arrays.put(prefix + name, matrix));
      lines.add(stages.get(s).line());
    }
    beside.forEach((name, matrix) -> arrays.put("beside_" + name, matrix));
    // in a fixed order: that of Map.of is another in each JVM
    Map<String, List<String>> words = new LinkedHashMap<>();
    words.put(STAGES, lines);
    words.put(ID, List.of(id));
    words.put("beside", new ArrayList<>(beside.keySet()));
    return ArrayFile.write(arrays, words);
  }

  private static String prefix(int stage) {
    return "stage%d_".formatted(stage);
  }

  /**
   * Reads a file.
   *
   * @throws ModelFileException where it is not of features
   */
  public static Encoder fromFile(byte[] bytes) {
    ArrayFile file = ArrayFile.read(bytes);
    if (!file.has(STAGES) || !file.has(ID) || file.words(ID).size() != 1) {
      throw new ModelFileException("no file of features: it has no arrays %s and %s", STAGES, ID);
    }
    List<Stage> stages = new ArrayList<>();
    for (String line : file.words(STAGES)) {
      stages.add(Stages.read(line, file, prefix(stages.size())));
    }
    if (stages.isEmpty()) {
      throw new ModelFileException("array %s: must name one stage or more", STAGES);
    }
    Map<String, ArrayFile.Matrix> beside = new LinkedHashMap<>();
    for (String name : file.words("beside")) {
      beside.put(name, file.matrix("beside_" + name));
    }
    Encoder encoder = new Encoder(file.words(ID).get(0), stages, beside);
    encoder.checkDecoder();
    return encoder;
  }

  /** What decodes must fit what encodes, where there is one. */
  private void checkDecoder() {
    ArrayFile.Matrix weights = beside.get("decoder_weights");
    if (weights == null) {
      return;
    }
    Stages.check(weights.rows() == inputs(), "beside_decoder_weights", "must be of all inputs");
    for (String name : List.of("decoder_bias", "mean")) {
      ArrayFile.Matrix row = beside.get(name);
      Stages.check(
          row != null && row.rows() == 1 && row.columns() == inputs(),
          "beside_" + name,
          "must be one row of all inputs");
    }
  }
}
