package org.grlu.reports;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run, on any file system that Hadoop knows. Each file is written under a
 * temporary name and renamed: what has its name is whole. {@code status.json} says whether the run
 * is over; the tables are written only when it is.
 */
public final class RunFolder {
  /** Weights, as NumPy reads them. */
  public static final String MODEL = "model.npz";

  /** Weights and metrics after the last whole epoch of an unfinished run. */
  public static final String CHECKPOINT = "checkpoint.npz";

  /** The configuration, every key. */
  public static final String CONFIGURATION = "resolved.conf";

  /** How the run stands. */
  public static final String STATUS = "status.json";

  public static final String TRIALS = "trials";
  public static final String EPOCHS = "epochs";

  /** Of streams with tasks only. */
  public static final String TASKS = "tasks";

  /** Of a sweep only. */
  public static final String SETTINGS = "settings";

  /** Of a sweep only: the settings that its file asks for. */
  public static final String PLANNED = "planned";

  /** Of a sweep only, while a driver runs it: who that is. */
  public static final String LOCK = "lock.json";

  /** The page of a run, a sweep or a slow system. */
  public static final String PAGE = "report.html";

  /** What the page of a sweep or a slow system says in figures. */
  public static final String FIGURES = "report.json";

  private static final Set<String> RELIED =
      Set.of("trial_id", "status", "epochs_done", "cpu_seconds", "epoch", "after_task", "on_task");

  private final FileSystem files;
  private final Path folder;

  private RunFolder(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * A run's folder; nothing is made yet.
   *
   * @param reports a path or URI
   * @param run the folder's name in it
   * @throws NoPathException where they are no path or URI
   */
  public static RunFolder in(String reports, String run, Configuration hadoop) throws IOException {
    return at(reports, hadoop).folder(run);
  }

  /**
   * A run's or a sweep's folder.
   *
   * @param folder a path or URI
   * @throws NoPathException where it is neither
   */
  public static RunFolder at(String folder, Configuration hadoop) throws IOException {
    Path path = HadoopFiles.path(folder);
    try {
      FileSystem files = HadoopFiles.of(path, hadoop);
      return new RunFolder(files, files.makeQualified(path));
    } catch (IllegalArgumentException e) {
      throw new NoPathException(folder, e);
    }
  }

  /**
   * The folder that a file is in.
   *
   * @param file a path or URI
   * @throws NoPathException where it is neither
   */
  public static RunFolder of(String file, Configuration hadoop) throws IOException {
    RunFolder self = at(file, hadoop);
    return new RunFolder(self.files, self.folder.getParent());
  }

  /** Makes the folder; false if it was there. */
  public boolean create() throws IOException {
    if (files.exists(folder)) {
      return false;
    }
    if (!files.mkdirs(folder)) {
      throw new IOException(shown() + ": the folder can't be made; permission denied, say");
    }
    return true;
  }

  /** Removes the folder and all in it. */
  public void remove() throws IOException {
    files.delete(folder, true);
  }

  public boolean exists() throws IOException {
    return files.exists(folder);
  }

  /** The folders in it, by name; none where it is not there. */
  public List<RunFolder> folders() throws IOException {
    List<RunFolder> folders = new ArrayList<>();
    for (FileStatus entry : HadoopFiles.list(files, folder)) {
      if (entry.isDirectory()) {
        folders.add(new RunFolder(files, entry.getPath()));
      }
    }
    folders.sort(Comparator.comparing(each -> each.folder));
    return folders;
  }

  /** The folder that it is in; empty of the root. */
  public Optional<RunFolder> parent() {
    return Optional.ofNullable(folder.getParent()).map(path -> new RunFolder(files, path));
  }

  /** Its own name. */
  public String name() {
    return folder.getName();
  }

  /** A folder in it. */
  public RunFolder folder(String name) {
    return new RunFolder(files, new Path(folder, name));
  }

  /** The path of a file in it. */
  public Path path(String name) {
    return new Path(folder, name);
  }

  /** A table in the folder. */
  public Table table(String name) throws IOException {
    Schema expected =
        switch (name) {
          case TRIALS -> relied(Tables.trials(List.of()));
          case EPOCHS -> relied(Tables.epochs());
          case TASKS -> relied(Tables.tasks());
          default -> new Schema(name, List.of());
        };
    return Table.in(new Path(folder, name).toString(), files.getConf(), expected);
  }

  /** What readers rely on: columns without which nothing can be said, and all columns' types. */
  private static Schema relied(Schema schema) {
    return new Schema(
        schema.name(),
        schema.columns().stream()
            .map(column -> new Column(column.name(), column.type(), RELIED.contains(column.name())))
            .toList());
  }

  /** The folder, for people: a local one without its scheme. */
  public String shown() {
    return folder.toUri().getScheme().equals("file") ? folder.toUri().getPath() : folder.toString();
  }

  /** Writes a file, replacing one of that name in one move. */
  public void write(String name, byte[] content) throws IOException {
    WholeFile.write(
        files,
        new Path(folder, name),
        temporary -> {
          try (OutputStream out = files.create(temporary, true)) {
            out.write(content);
          }
        });
  }

  /**
   * Deletes temporary files of writers that were killed. Only for whoever alone writes the folders
   * in this one, its tables among them.
   *
   * @param others how long somebody else, who makes the page say, may take to write a file in the
   *     folder itself: what is younger stays
   */
  public void deleteLeftovers(Duration others) throws IOException {
    long now = System.currentTimeMillis();
    WholeFile.deleteLeftovers(files, folder, now - others.toMillis());
    for (RunFolder inside : folders()) {
      WholeFile.deleteLeftovers(files, inside.folder, Long.MAX_VALUE);
    }
  }

  /** Reads a file; empty if it is not there. */
  public Optional<byte[]> read(String name) throws IOException {
    try (var in = files.open(new Path(folder, name))) {
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      if (HadoopFiles.isMissing(e)) {
        return Optional.empty();
      }
      // not as the exception for a file that is not there
      throw new IOException(HadoopFiles.words(e), e);
    }
  }

  /** When a file was written; null where it is not there. */
  Instant changed(String name) throws IOException {
    try {
      return Instant.ofEpochMilli(files.getFileStatus(path(name)).getModificationTime());
    } catch (IOException e) {
      if (HadoopFiles.isMissing(e)) {
        return null;
      }
      throw e;
    }
  }

  /** Deletes a file or folder, if it is there. */
  public void delete(String name) throws IOException {
    files.delete(new Path(folder, name), true);
  }
}
