package org.grlu.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.grlu.config.RowSettings;
import org.grlu.config.SweepFile;
import org.grlu.reports.Column;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.Tables;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.SearchedKey;
import org.grlu.sweep.SweepRequest;

/** What a sweep is asked for, as its folder says it: reports are made from that and the tables. */
public final class RequestFiles {
  private RequestFiles() {}

  /** Writes the configuration, the description, and the table of the settings that are planned. */
  public static void write(SweepRequest request, RunFolder folder) throws IOException {
    byte[] resolved = request.file().render().getBytes(StandardCharsets.UTF_8);
    folder.write(RunFolder.CONFIGURATION, resolved);
    List<Object[]> settings =
        request.plan().trials().stream()
            .map(PlannedTrial::settingId)
            .distinct()
            .map(id -> new Object[] {Tables.VERSION, id})
            .toList();
    folder.table(RunFolder.PLANNED).replace(Tables.planned(), settings);
    folder.write(SweepDescription.FILE, description(request).toJson());
  }

  /**
   * A line where another file asked for the sweep of that name before; to be had before {@link
   * #write}, which forgets it.
   */
  public static Optional<String> replaced(SweepRequest request, RunFolder folder)
      throws IOException {
    Optional<SweepDescription> before = before(folder);
    String now = request.file().path().toString();
    if (before.isEmpty() || now.equals(before.get().file())) {
      return Optional.empty();
    }
    Set<Object> dropped = new HashSet<>();
    folder.table(RunFolder.TRIALS).each(row -> dropped.add(row.get("trial_id")), "trial_id");
    request.plan().trials().forEach(trial -> dropped.remove(trial.trialId()));
    String file = before.get().file();
    // a copy of the file, on a cluster say, that asks for the same or for more
    boolean copied = file == null || Path.of(file).endsWith(Path.of(now).getFileName());
    return copied && dropped.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "sweep %s: %s asked for it before, and now %s does: %s no longer ranked; with another"
                    .formatted(
                        request.file().sweep().name(),
                        file == null ? "the command " + before.get().command() : file,
                        now,
                        dropped.size() == 1
                            ? "1 trial of its table is"
                            : dropped.size() + " trials of its table are")
                + " sweep.name each file has a ranking of its own");
  }

  /**
   * A line where trials of the sweep's table were trained by a version of a rule that is none of
   * those it has now: the same settings give other weights, and are trained again.
   */
  public static Optional<String> outdated(SweepRequest request, RunFolder folder)
      throws IOException {
    Set<String> asked = new HashSet<>();
    Set<Integer> versions = new HashSet<>();
    for (PlannedTrial trial : request.plan().trials()) {
      asked.add(trial.trialId());
      versions.add(trial.setting().rule().version());
    }
    Set<Object> outdated = new HashSet<>();
    folder
        .table(RunFolder.TRIALS)
        .each(
            row -> {
              if (!asked.contains(row.get("trial_id"))
                  && !versions.contains(row.get("rule_version"))) {
                outdated.add(row.get("trial_id"));
              }
            },
            "trial_id",
            "rule_version");
    return outdated.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "sweep %s: %s by another version of a rule, and not ranked; what is asked for is trained again"
                .formatted(
                    request.file().sweep().name(),
                    outdated.size() == 1
                        ? "1 trial of its table is"
                        : outdated.size() + " trials of its table are"));
  }

  private static Optional<SweepDescription> before(RunFolder folder) throws IOException {
    Optional<byte[]> json = folder.read(SweepDescription.FILE);
    try {
      return json.isEmpty() ? Optional.empty() : Optional.of(SweepDescription.fromJson(json.get()));
    } catch (IOException e) {
      // damaged, and about to be written anew
      return Optional.empty();
    }
  }

  static SweepDescription description(SweepRequest request) {
    SweepFile file = request.file();
    return new SweepDescription(
        file.sweep().name(),
        file.sweep().search().word(),
        file.sweep().goals(),
        parameters(request),
        file.sweep().seeds(),
        (long) request.plan().settings() + request.search().toCome(),
        request.planned(),
        file.base().trial().training().epochs(),
        request.dataset().name(),
        file.base().validationExamples(),
        request.command(),
        file.path().toString(),
        RowSettings.meanings());
  }

  private static List<SweepDescription.Parameter> parameters(SweepRequest request) {
    Set<String> taken = new HashSet<>();
    for (Schema schema :
        List.of(RunRows.trialSchema(request.file().base()), Tables.settings(List.of()))) {
      schema.columns().stream().map(Column::name).forEach(taken::add);
    }
    List<SweepDescription.Parameter> parameters = new ArrayList<>();
    for (SearchedKey key : request.plan().searched()) {
      String column = key.column();
      // variants may have any label, another column's name too
      while (key.variants() != null && !taken.add(column)) {
        column += "_variant";
      }
      parameters.add(
          new SweepDescription.Parameter(
              key.path(), column, key.scale().word(), key.searched(), key.variants()));
    }
    return parameters;
  }
}
