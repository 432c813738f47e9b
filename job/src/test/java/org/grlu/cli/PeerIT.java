package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer in Python where it can't run; skipped where there is no python3. */
class PeerIT {
  @TempDir private Path folder;

  private void fails(int code, String words, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", script()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONPATH", folder.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.lines()).singleElement().asString().startsWith("torch_grlu.py: ");
    assertThat(said).contains(words);
    assertThat(process.waitFor()).isEqualTo(code);
  }

  private static String script() {
    return Grlu.HOME.resolve("job/src/peers/torch_grlu.py").toString();
  }

  /** A module for the script to find. */
  private void module(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name + ".py"), content);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      // there is no such program
      return false;
    }
  }

  @Test
  void whereItCannotRunItSaysWhyInOneLine() throws IOException, InterruptedException {
    assumeTrue(hasPython());
    module("numpy", "uint8 = 1\ndef fromfile(file, dtype): return open(file, 'rb')\n");
    module("torch", "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n");
    fails(4, "can't import torch: this peer needs PyTorch", "data", "1", "1", "10");
    module("torch", "def set_num_threads(n): pass\n");
    fails(4, "data/train-images-idx3-ubyte: there is no such file", "data", "1", "1", "10");
    fails(2, "data 1 0 10: must be MNIST_DIR", "data", "1", "0", "10");
  }
}
