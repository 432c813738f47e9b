package org.grlu.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.UUID;

/** A folder on a local disk. */
record LocalFolder(Path folder) implements Folder {
  @Override
  public String toString() {
    return folder.toString();
  }

  @Override
  public String path(String file) {
    return folder.resolve(file).toString();
  }

  @Override
  public boolean exists() {
    return Files.exists(folder);
  }

  @Override
  public boolean isFolder() {
    return Files.isDirectory(folder);
  }

  @Override
  public OptionalLong size(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.isRegularFile(path) ? OptionalLong.of(Files.size(path)) : OptionalLong.empty();
  }

  @Override
  public byte[] read(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    Files.createDirectories(folder);
    Path temporary = folder.resolve(file + "." + UUID.randomUUID() + ".part");
    // For an interrupted program, whose finally blocks don't run.
    temporary.toFile().deleteOnExit();
    try {
      Files.write(temporary, content, StandardOpenOption.CREATE_NEW);
      Files.move(temporary, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Thrown, it would hide the failure that led here.
    }
  }
}
