package org.grlu.datasets;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A folder on a web server, with the files as gzip. */
final class Mirror implements FileSource {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]", Pattern.CASE_INSENSITIVE);

  private final URI base;
  private final DatasetFetcher.Settings settings;
  private final FileCache cache;
  private final DatasetFetcher.Progress progress;

  Mirror(
      URI base,
      DatasetFetcher.Settings settings,
      FileCache cache,
      DatasetFetcher.Progress progress) {
    this.base = base;
    this.settings = settings;
    this.cache = cache;
    this.progress = progress;
  }

  /** HTTPS; HTTP only on this machine, where nobody is in between. */
  static boolean isAllowed(URI address) {
    if (address.getHost() == null) {
      return false;
    }
    return "https".equalsIgnoreCase(address.getScheme()) || isLoopbackHttp(address);
  }

  @Override
  public String name() {
    return "mirror " + base;
  }

  @Override
  public void provide(Collection<PublishedFile> wanted, Map<PublishedFile, String> provided)
      throws IOException {
    Shortfall shortfall = new Shortfall();
    for (PublishedFile file : wanted) {
      try {
        provided.put(file, download(file));
      } catch (IOException e) {
        shortfall.add(file, e);
        if (!Shortfall.concernsOneFile(e)) {
          break;
        }
      }
    }
    shortfall.throwIfAny();
  }

  private String download(PublishedFile file) throws IOException {
    String slash = base.toString().endsWith("/") ? "" : "/";
    HttpURLConnection connection = open(URI.create(base + slash + file.name() + ".gz"));
    try (InputStream body = connection.getInputStream();
        InputStream counted = new Counted(body, file, connection.getContentLengthLong());
        InputStream content = new GZIPInputStream(counted)) {
      return cache.install(file, content);
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(URI first) throws IOException {
    URI address = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpURLConnection connection = request(address);
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return connection;
      }
      String location = connection.getHeaderField("Location");
      connection.disconnect();
      if (!REDIRECTS.contains(status) || location == null) {
        throw new WrongContentException("HTTP status " + status + ", expected 200");
      }
      address = redirect(address, location);
    }
    throw new WrongContentException("more than " + MOST_REDIRECTS + " redirects");
  }

  private HttpURLConnection request(URI address) throws IOException {
    URLConnection connection = address.toURL().openConnection();
    if (!(connection instanceof HttpURLConnection http)) {
      throw new WrongContentException(address + " isn't HTTP");
    }
    // The JDK would follow them without asking where to.
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
    http.setReadTimeout(Math.toIntExact(settings.readTimeout().toMillis()));
    http.setRequestProperty("User-Agent", "grlu");
    return http;
  }

  private static URI redirect(URI from, String location) throws WrongContentException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new WrongContentException("redirect to " + location + ", which is not an address");
    }
    // An HTTPS server has no business with what listens on this machine.
    boolean fromLoopback = isLoopbackHttp(from);
    if (!isAllowed(to) || (isLoopbackHttp(to) && !fromLoopback)) {
      throw new WrongContentException("redirect to " + to + "; only HTTPS is allowed");
    }
    return to;
  }

  private static boolean isLoopbackHttp(URI address) {
    return "http".equalsIgnoreCase(address.getScheme())
        && address.getHost() != null
        && LOOPBACK.matcher(address.getHost()).matches();
  }

  /** Tells the progress, and ends a download that is larger than the file could ever be. */
  private final class Counted extends FilterInputStream {
    private static final long REPORT_EVERY_BYTES = 1 << 18;

    private final PublishedFile file;
    private final long total;
    private final long most;
    private long bytes;
    private long reported;

    Counted(InputStream body, PublishedFile file, long total) {
      super(body);
      this.file = file;
      this.total = total;
      // Data that gzip can't compress grows by well under a hundredth, and its header.
      this.most = file.size() + file.size() / 100 + (1 << 16);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      bytes += Math.max(n, 0);
      if (bytes > most) {
        throw new WrongContentException("more compressed bytes than the allowed " + most);
      }
      boolean ended = n < 0 || bytes == total;
      if (bytes - reported >= REPORT_EVERY_BYTES || (ended && bytes > reported)) {
        progress.downloaded(file.name(), bytes, total);
        reported = bytes;
      }
      return n;
    }
  }
}
