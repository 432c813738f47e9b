package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.config.ConfigException;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.Folder;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir private Path temporary;

  @Test
  void aPathIsLocalAndAUriIsForHadoop() {
    for (String path : new String[] {"data", "/data/x", "./a:b", "a:b", "x/~", ""}) {
      assertThat(Folders.at("key", path)).isEqualTo(Folder.local(Path.of(path)));
    }
    assertThat(Folders.at("key", "file:///data/x")).isInstanceOf(HadoopFolder.class);
  }

  @Test
  void theHomeDirectoryIsWrittenAsTilde() {
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(Folders.at("key", "~/x")).isEqualTo(Folder.local(home.resolve("x")));
    assertThat(NamedFile.of("--model", "~/x/m.npz").pathBeside("y"))
        .isEqualTo(home.resolve("x/y").toString());
    assertThatThrownBy(() -> NamedFile.of("--model", "~bob/m.npz"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--model ~bob/m.npz: must be written in full");
    assertThatThrownBy(() -> ReportCommand.read("~bob/sweeps/x"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("DIR ~bob/sweeps/x: must be written in full");
  }

  @Test
  void whatIsNotToBeHadIsSaidWithItsName() {
    assertThatThrownBy(() -> Folders.at("key", "nosuch://host/x"))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageStartingWith(
            "key nosuch://host/x: No FileSystem for scheme \"nosuch\": must be a path, or a URI");
    assertThatThrownBy(() -> Folders.at("key", "file://host/x"))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessage("key file://host/x: not a path or URI");
    assertThatThrownBy(() -> NamedFile.of("--model", "hdfs://host/x/"))
        .hasMessage("--model hdfs://host/x/: must be a file's URI");
  }

  @Test
  void whatCannotBeWrittenIsSaidWithTheOption() {
    String there = temporary.resolve("none/x.html").toString();
    assertThatThrownBy(() -> NamedFile.of("--out", there).write(new byte[1]))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessage("--out " + there + ": there is no such folder");
    String folder = temporary.toString();
    assertThatThrownBy(() -> NamedFile.of("--out", folder).write(new byte[1]))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessage("--out " + folder + ": Is a directory");
  }

  /** Both are to behave alike: nothing is left of what was replaced, or could not be written. */
  @Test
  void bothKindsKeepTheSameRules() throws IOException {
    Path local = temporary.resolve("local");
    Path other = temporary.resolve("hadoop");
    keepsTheRules(Folders.at("key", local.toString()), local);
    keepsTheRules(Folders.at("key", other.toUri().toString()), other);
  }

  private static void keepsTheRules(Folder folder, Path path) throws IOException {
    assertThat(folder.exists()).isFalse();
    assertThat(folder.isFolder()).isFalse();
    assertThat(folder.size("a")).isEmpty();
    assertThatThrownBy(() -> folder.read("a")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Datasets.read("d", folder)).hasMessageContaining("no such folder");
    for (String content : new String[] {"first", "second, longer", ""}) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      folder.write("a", bytes);
      assertThat(folder.size("a")).hasValue(bytes.length);
      assertThat(folder.read("a")).isEqualTo(bytes);
    }
    assertThat(folder.exists()).isTrue();
    assertThat(folder.isFolder()).isTrue();
    assertThat(folder.path("a")).endsWith(path.resolve("a").toString());
    Files.createDirectories(path.resolve("b/in-the-way"));
    assertThat(folder.size("b")).isEmpty();
    assertThatThrownBy(() -> folder.write("b", new byte[1])).isInstanceOf(IOException.class);
    try (Stream<Path> files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a", "b");
    }
    assertThatThrownBy(() -> Datasets.read("d", folder)).hasMessageContaining("file missing");
  }

  @Test
  void aModelThatCannotBeReadIsSaidWithItsName() throws IOException {
    for (String name : new String[] {"bzip2", "other-names", "scalar"}) {
      Path model = temporary.resolve(name + ".npz");
      try (InputStream in = getClass().getResourceAsStream("/org/grlu/network/" + name + ".npz")) {
        Files.write(model, in.readAllBytes());
      }
      NamedFile file = NamedFile.of("--model", model.toString());
      NetworkShape shape = TestData.relu(Skip.NONE, 6, 5, 3);
      assertThatThrownBy(() -> GivenModel.weights(file, GivenModel.read(file), shape))
          .isInstanceOfSatisfying(
              CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
          .hasMessageStartingWith("--model " + model + ": ");
    }
  }

  @Test
  void aFileKnowsWhatIsBesideIt() throws IOException {
    Files.writeString(temporary.resolve("resolved.conf"), "x");
    for (String base :
        new String[] {temporary.toString(), "file:" + temporary, temporary.toUri().toString()}) {
      NamedFile file = NamedFile.of("--model", base.replaceAll("/$", "") + "/model.npz");
      assertThat(file.readBeside("resolved.conf")).contains(new byte[] {'x'});
      assertThat(file.readBeside("other")).isEmpty();
      assertThatThrownBy(file::read).hasMessageEndingWith("model.npz: there is no such file");
    }
    assertThat(NamedFile.of("--model", "model.npz").pathBeside("resolved.conf"))
        .isEqualTo("resolved.conf");
  }
}
