package org.grlu.peers;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The same training by libtorch on one thread, as TorchScript, called as {@code PERTURBATIONS BATCH
 * SECONDS MNIST_DIR [published]}; P = 0 is backpropagation. The steps and the loop over them are in
 * {@code step.py}: smart shares what a pair and an example share; published runs 2P full passes
 * over tiled inputs. Ends with the line of JSON of {@code peer.h}.
 */
final class TorchPeer implements AutoCloseable {
  private static final int PIXELS = 784;
  private static final int UNITS = 256;
  private static final int CLASSES = 10;
  private static final int TRAIN = 60_000;
  private static final int WINDOWS = 15;
  private static final int PUBLISHED = 0;
  private static final int SMART = 1;
  private static final int BACKPROP = 2;
  private static final int ACCURACY = 3;

  /** What makes it end early: the line, and grlu's exit code for it. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    Failure(int code, String line) {
      super(line);
      this.code = code;
    }
  }

  private record Arguments(
      int perturbations, int batch, double seconds, Path folder, boolean published) {
    static Arguments of(String... words) throws Failure {
      try {
        Arguments a =
            new Arguments(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Double.parseDouble(words[2]),
                Path.of(words[3]),
                words.length == 5 && words[4].equals("published"));
        if (words.length - (a.published ? 1 : 0) == 4
            && a.perturbations >= (a.published ? 1 : 0)
            && a.perturbations <= 128
            && a.batch >= 1
            && a.batch <= 1024
            && a.seconds > 0
            && a.seconds <= 3600) {
          return a;
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        // said below
      }
      throw new Failure(
          2,
          (words.length == 0 ? "no arguments" : String.join(" ", words))
              + ": must be PERTURBATIONS (0 to 128) BATCH (1 to 1024) SECONDS (above 0) MNIST_DIR"
              + " [published, with P of at least 1]");
    }

    String peer() {
      return published ? "libtorch_published" : "libtorch";
    }

    int form() {
      return published ? PUBLISHED : perturbations == 0 ? BACKPROP : SMART;
    }
  }

  private final Arguments called;
  private final Model model = Model.newInstance("step", "PyTorch");
  private final NDManager manager = model.getNDManager();
  private final ParameterStore store = new ParameterStore(manager, false);
  private final NDArray[] weights;
  private final NDArray images;
  private final NDArray labels;
  private int at;

  private TorchPeer(Arguments called, Path script)
      throws IOException, MalformedModelException, Failure {
    this.called = called;
    model.load(script.getParent(), script.getFileName().toString());
    Random random = new Random(1);
    weights =
        new NDArray[] {
          gaussian(random, UNITS, PIXELS),
          manager.zeros(new Shape(UNITS)),
          gaussian(random, CLASSES, UNITS),
          manager.zeros(new Shape(CLASSES))
        };
    int[] order = order();
    images = images("train-images-idx3-ubyte", order);
    labels = labels("train-labels-idx1-ubyte", order);
  }

  private NDArray gaussian(Random random, int out, int in) {
    float[] values = new float[out * in];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / in));
    }
    return manager.create(values, new Shape(out, in));
  }

  private static int[] order() {
    int[] order = new int[TRAIN];
    Random random = new Random(2);
    for (int i = 0; i < TRAIN; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private byte[] bytes(String name) throws IOException, Failure {
    Path file = called.folder.resolve(name);
    if (!Files.exists(file)) {
      throw new Failure(
          4, file + ": there is no such file; grlu data fetch brings MNIST to its cache");
    }
    return Files.readAllBytes(file);
  }

  /** Grey levels, in that order: layer norm does not ask for their scale. */
  private NDArray images(String name, int... order) throws IOException, Failure {
    byte[] bytes = bytes(name);
    float[] grey = new float[order.length * PIXELS];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = bytes[16 + order[i / PIXELS] * PIXELS + i % PIXELS] & 255;
    }
    return manager.create(grey, new Shape(order.length, PIXELS));
  }

  private NDArray labels(String name, int... order) throws IOException, Failure {
    byte[] bytes = bytes(name);
    return manager.create(Arrays.stream(order).mapToLong(i -> bytes[8 + i]).toArray());
  }

  private float call(NDArray x, NDArray y, int form, int steps) {
    try (NDManager calls = manager.newSubManager()) {
      long[] call = {form, called.perturbations, called.batch, at, steps};
      NDList inputs = new NDList(weights);
      inputs.addAll(new NDList(x, y, calls.create(call)));
      NDList result = model.getBlock().forward(store, inputs, false);
      result.attach(calls);
      return result.singletonOrThrow().toFloatArray()[0];
    }
  }

  /** Trains on some examples; how many. */
  private int some() {
    int steps = Math.max(1, 32 / called.batch);
    if (at + steps * called.batch > TRAIN) {
      at = 0;
    }
    call(images, labels, called.form(), steps);
    at += steps * called.batch;
    return steps * called.batch;
  }

  /** Microseconds of an example: the median of windows, after a warm-up of a third of the time. */
  private void measure() throws IOException, Failure {
    double[] micros = new double[WINDOWS];
    long all = 0;
    for (int w = -WINDOWS / 3; w < WINDOWS; w++) {
      long start = System.nanoTime();
      long end;
      long n = 0;
      do {
        n += some();
        end = System.nanoTime();
      } while (end - start < called.seconds / WINDOWS * 1e9);
      all += n;
      micros[Math.max(w, 0)] = (end - start) * 1e-3 / n;
    }
    Arrays.sort(micros);
    int[] order = new int[10_000];
    Arrays.setAll(order, i -> i);
    float accuracy =
        call(
            images("t10k-images-idx3-ubyte", order),
            labels("t10k-labels-idx1-ubyte", order),
            ACCURACY,
            0);
    System.out.printf(
        Locale.ROOT,
        "{\"peer\":\"%s\",\"perturbations\":%d,\"batch_size\":%d,\"micros_per_example\":%.4g,"
            + "\"examples\":%d,\"accuracy\":%.4f}%n",
        called.peer(),
        called.perturbations,
        called.batch,
        micros[WINDOWS / 2],
        all,
        accuracy);
  }

  @Override
  public void close() {
    model.close();
  }

  /** What PyTorch's torch.jit.save writes of a module without state: a zip of code and pickles. */
  private static Path script(Path folder) throws IOException {
    Path file = folder.resolve("step.pt");
    try (InputStream code = TorchPeer.class.getResourceAsStream("/step.py");
        ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      ByteArrayOutputStream module = new ByteArrayOutputStream();
      // an object of __torch__.Step, made with no arguments; its state is {"training": False}
      module.write("\u0080\u0002c__torch__\nStep\n)\u0081}".getBytes(StandardCharsets.ISO_8859_1));
      module.write("(X\u0008\0\0\0training\u0089ub.".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "data.pkl", module.toByteArray());
      put(zip, "code/__torch__.py", code.readAllBytes());
      put(zip, "constants.pkl", "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry("step/" + name));
    zip.write(content);
    zip.closeEntry();
  }

  public static void main(String... words) throws Exception {
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      Arguments called = Arguments.of(words);
      Path folder = Files.createTempDirectory("libtorch");
      Path script = script(folder);
      try (TorchPeer peer = new TorchPeer(called, script)) {
        System.out.println(Engine.getEngine("PyTorch"));
        peer.measure();
      } finally {
        Files.delete(script);
        Files.delete(folder);
      }
    } catch (Failure e) {
      System.err.println("libtorch: " + e.getMessage());
      System.exit(e.code);
    }
  }
}
