package org.grlu.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A folder on this machine where a package of the operating system put the files as gzip. */
final class InstalledFolder implements FileSource {
  private final Path folder;
  private final FileCache cache;

  InstalledFolder(Path folder, FileCache cache) {
    this.folder = folder;
    this.cache = cache;
  }

  @Override
  public String name() {
    return "folder " + folder;
  }

  @Override
  public void provide(Collection<PublishedFile> wanted, Map<PublishedFile, String> provided)
      throws IOException {
    Shortfall shortfall = new Shortfall();
    for (PublishedFile file : wanted) {
      try (InputStream in = Files.newInputStream(folder.resolve(file.name() + ".gz"));
          InputStream content = new GZIPInputStream(in)) {
        provided.put(file, cache.install(file, content));
      } catch (NoSuchFileException e) {
        shortfall.add(file, new WrongContentException("not there"));
      } catch (IOException e) {
        shortfall.add(file, e);
      }
    }
    shortfall.throwIfAny();
  }
}
