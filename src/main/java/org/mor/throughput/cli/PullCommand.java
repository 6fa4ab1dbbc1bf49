package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.pull.Pull.NotACopyException;
import org.mor.throughput.pull.Pull.PullReport;
import org.mor.throughput.pull.Pull;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pull",
    description =
        "Copies rows and state of the store into a directory, to work on as STORE=file:DIR. What is there already is not fetched again.",
    footer = {
      "%nExamples:",
      "  indexer pull",
      "  indexer pull --to copy",
      "  indexer pull --partition 2026-05 --json"
    })
final class PullCommand extends ReportingCommand {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The directory; default: local-raw beside the launcher.")
  private @Nullable Path to;

  @Option(
      names = "--partition",
      paramLabel = "YYYY-MM",
      converter = Converters.Partition.class,
      description = "Only the rows of this month, and no state.")
  private @Nullable Month partition;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Path dir = (to != null ? to : around.home().resolve(ExportCommand.LOCAL)).toAbsolutePath();
    ObjectStore source = graph.store();
    PullReport report = pull(source, new FileObjectStore(dir), around.progress());
    if (isNothing(report)) {
      throw nothing(source.location());
    }
    return new Report(
        lines(report, source, dir),
        json(report, source, dir),
        false,
        report.refused().stream().map(RuntimeException.class::cast).findFirst());
  }

  private static boolean isNothing(PullReport report) {
    return report.fetched().isEmpty()
        && report.unchanged() == 0
        && report.refused().isEmpty()
        && report.state().isEmpty();
  }

  private PullReport pull(ObjectStore source, ObjectStore target, ProgressReporter reporter) {
    try (Progress progress = new Progress(reporter, "pulling")) {
      return new Pull(source, target).run(Optional.ofNullable(partition), progress::partitions);
    } catch (NotACopyException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private RuntimeException nothing(String where) {
    return partition != null
        ? new BadRequestException(
            "There is no partition %s in %s: nothing was pulled\nnext: indexer status shows which there are"
                .formatted(partition, where))
        : new NotIndexedException(
            "There are no rows in %s: nothing was pulled\nnext: correct STORE, or index first with backfill"
                .formatted(where));
  }

  private static List<String> lines(PullReport report, ObjectStore source, Path dir) {
    List<String> lines = new ArrayList<>();
    lines.add("from: " + source.location());
    lines.add("to: file:" + dir);
    lines.add(
        "partitions: %d fetched with %,d rows, %d unchanged"
            .formatted(report.fetched().size(), report.rows(), report.unchanged()));
    report.refused().forEach(fault -> lines.add("refused: " + fault.getMessage()));
    lines.add("state: " + (report.state().isEmpty() ? left(report) : "as the rows"));
    lines.add("next: STORE=file:%s ./indexer status".formatted(dir));
    return lines;
  }

  private static String left(PullReport report) {
    return report.refused().isEmpty()
        ? "not pulled"
        : "left as it was, since it would speak of rows that are not there";
  }

  private static ObjectNode json(PullReport report, ObjectStore source, Path dir) {
    ObjectNode json = Report.object().put("from", source.location()).put("to", "file:" + dir);
    ArrayNode fetched = json.putArray("fetched");
    report.fetched().forEach(key -> fetched.add(key.value()));
    json.put("rows", report.rows()).put("unchanged", report.unchanged());
    ArrayNode refused = json.putArray("refused");
    report.refused().forEach(fault -> refused.add(fault.getMessage()));
    ArrayNode state = json.putArray("state");
    report.state().forEach(key -> state.add(key.value()));
    return json;
  }
}
