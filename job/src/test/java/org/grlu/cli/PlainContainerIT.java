package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a plain container lacks: it works all the same, or is said in a line before any training.
 * Needs root, setpriv and unshare.
 */
class PlainContainerIT {
  /** A user id that has no entry in /etc/passwd, as OpenShift and docker run --user give. */
  private static final String NOBODY = "setpriv --reuid 23456 --clear-groups env -u HOME ";

  @TempDir private Path folder;

  @BeforeEach
  void configuration() throws IOException, InterruptedException {
    assumeTrue(
        FaultsIT.shell("unshare", "-m", "-u", "true")
            && FaultsIT.shell("sh", "-c", NOBODY + "true"),
        "no namespaces, or no other user ids, may be had here");
    Files.writeString(folder.resolve("small.conf"), Grlu.SMALL);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** The start script, called by a relative path from the checkout, in namespaces of its own. */
  private Grlu contained(String prepare, String call) throws IOException {
    Path script = folder.resolve("contained");
    Files.writeString(
        script,
        """
        #!/bin/sh
        cd '%s'
        exec unshare -m -u sh -c '%s
        exec %s submit-scripts/grlu "$@"' - "$@"
        """
            .formatted(Grlu.HOME, prepare, call));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Grlu(folder, script);
  }

  @Test
  @DisplayName("no name for user or host, the C locale with an umlaut, an exported CDPATH: trains")
  void trains() throws IOException, InterruptedException {
    assumeTrue(
        FaultsIT.shell("sh", "-c", NOBODY + "test -r " + Grlu.HOME.resolve("job/target/grlu.jar")),
        "another user can't read the checkout");
    // the shell writes the umlaut: this JVM's own locale need not have one
    String umlaut = "$(printf \"gr\\\\303\\\\266\\\\303\\\\237e\")";
    String out = "\"" + folder + "/" + umlaut + "/runs\"";
    Grlu grlu =
        contained(
                "hostname nowhere.invalid; set -- \"$@\" --out " + out,
                NOBODY + "LC_ALL=C CDPATH=/:\"$PWD\"")
            .option("--master", "local[1]")
            .conf("spark.ui.port=0")
            .quick();
    grlu.run("train", folder.resolve("small.conf").toString()).succeeds();
    assertThat(FaultsIT.shell("sh", "-c", "ls " + out + "/*/model.npz")).isTrue();
  }

  @Test
  @DisplayName("no folder for temporary files, or one mounted noexec: a line names TMPDIR")
  void temporaryFiles() throws IOException, InterruptedException {
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    String mount = "mount -t tmpfs -o %s grlu-test " + mounted;
    String[] train = {"train", folder.resolve("small.conf").toString(), "--out", folder + "/none"};
    Grlu readOnly = contained(mount.formatted("ro"), "").with("TMPDIR", mounted.toString());
    readOnly.run(train).saysOnly(4, mounted + ": no temporary files", "set TMPDIR");
    readOnly
        .with("GRLU_LOG_DIR", mounted + "/logs")
        .run("--version")
        .saysOnly(4, "no log can be written", "set GRLU_LOG_DIR");
    contained(mount.formatted("noexec"), "")
        .with("TMPDIR", mounted.toString())
        .run(train)
        .saysOnly(4, "the library zstd can't be loaded from " + mounted, "set TMPDIR");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  @DisplayName(
      "a machine whose name does not resolve, before a cluster: a line names SPARK_LOCAL_IP")
  void noName() throws IOException, InterruptedException {
    contained("hostname nowhere.invalid", "")
        .option("--master", "spark://head.invalid:7077")
        .run("train", folder.resolve("small.conf").toString(), "--out", folder + "/none")
        .saysOnly(4, "this machine's name, nowhere.invalid, does not resolve", "SPARK_LOCAL_IP");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
