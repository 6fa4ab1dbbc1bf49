package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.pull.Pull;
import org.mor.throughput.pull.Pull.NotACopyException;
import org.mor.throughput.pull.Pull.PullReport;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectStore;

/** Copies a store into a directory. */
record PullOperation(ObjectStore source, Surroundings around) {
  Report run(Operations.Pull request) {
    Path dir = request.to().orElse(around.home().resolve(ExportOperation.LOCAL)).toAbsolutePath();
    PullReport report = pull(new FileObjectStore(dir), request.partition());
    if (isNothing(report)) {
      throw nothing(request.partition());
    }
    return new Report(
        lines(report, dir),
        json(report, dir),
        false,
        report.refused().stream().map(RuntimeException.class::cast).findFirst());
  }

  private static boolean isNothing(PullReport report) {
    return report.fetched().isEmpty()
        && report.unchanged() == 0
        && report.refused().isEmpty()
        && report.state().isEmpty();
  }

  private PullReport pull(ObjectStore target, Optional<Month> only) {
    try (PartitionProgress progress = new PartitionProgress(around.progress(), "pulling")) {
      return new Pull(source, target).run(only, progress::reached);
    } catch (NotACopyException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private RuntimeException nothing(Optional<Month> month) {
    String where = source.location();
    return month.isPresent()
        ? new BadRequestException(
            "There is no partition %s in %s: nothing was pulled\nnext: indexer status shows which there are"
                .formatted(month.get(), where))
        : new NotIndexedException(
            "There are no rows in %s: nothing was pulled\nnext: correct STORE, or index first with backfill"
                .formatted(where));
  }

  private List<String> lines(PullReport report, Path dir) {
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

  private ObjectNode json(PullReport report, Path dir) {
    ObjectNode json = JsonOut.object().put("from", source.location()).put("to", "file:" + dir);
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
