package org.mor.throughput.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.export.Export;
import org.mor.throughput.export.Export.DoesNotFitException;
import org.mor.throughput.export.Span;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.session.Month;
import org.mor.throughput.wiring.Graph;

/** Writes stored rows as a table into a file or to standard output. */
final class ExportOperation {
  /** Where copies and tables go when nobody says where; nothing in it is under version control. */
  static final String LOCAL = "local-raw";

  private final Graph graph;
  private final Surroundings around;

  ExportOperation(Graph graph, Surroundings around) {
    this.graph = graph;
    this.around = around;
  }

  Report run(Operations.Export request) {
    Ledger ledger = graph.ledger();
    List<Month> months = months(ledger, request);
    Export export = new Export(ledger.rows(), ledger.models().find(), graph.rules());
    try (PartitionProgress progress =
        new PartitionProgress(around.progress(), "exporting " + name(request.what()))) {
      AtomicInteger done = new AtomicInteger();
      Export.Listener listener =
          (month, rows) -> progress.reached(done.incrementAndGet(), months.size());
      return request.printed().isPresent()
          ? print(export, request, months, request.printed().get(), listener)
          : write(export, request, months, listener);
    } catch (DoesNotFitException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private List<Month> months(Ledger ledger, Operations.Export request) {
    List<Month> stored = List.copyOf(ledger.rows().months(request.what()));
    String where = graph.store().location();
    if (stored.isEmpty()) {
      throw new NotIndexedException(
          "There are no %s in %s\nnext: correct STORE, or index first with backfill"
              .formatted(name(request.what()), where));
    }
    List<Month> wanted = stored.stream().filter(request.span()::touches).toList();
    if (wanted.isEmpty()) {
      throw new BadRequestException(
          "There are no %s of that time in %s; there are months %s to %s"
              .formatted(
                  name(request.what()), where, stored.get(0), stored.get(stored.size() - 1)));
    }
    return wanted;
  }

  private Report print(
      Export export,
      Operations.Export request,
      List<Month> months,
      PrintWriter printed,
      Export.Listener listener) {
    try {
      BufferedWriter out = new BufferedWriter(new OpenOutput(printed), 1 << 16);
      long rows =
          export.run(request.what(), months, request.span(), request.format(), out, listener);
      around.notices().println(summary(request, rows, months));
      around.notices().flush();
      return new Report(List.of(), JsonOut.object(), false);
    } catch (IOException e) {
      throw new BadRequestException(
          "Writing standard output: %s; the table is not whole".formatted(e.getMessage()));
    }
  }

  private Report write(
      Export export, Operations.Export request, List<Month> months, Export.Listener listener) {
    Path target = target(request);
    requireRoom(target, request.force());
    try (WholeFile file = WholeFile.create(target)) {
      long rows =
          export.run(
              request.what(), months, request.span(), request.format(), file.stream(), listener);
      requireRoom(target, request.force());
      file.finish();
      return new Report(
          List.of(summary(request, rows, months), "written: " + target),
          JsonOut.object()
              .put("what", name(request.what()))
              .put("format", request.format().label())
              .put("rows", rows)
              .put("firstMonth", months.get(0).toString())
              .put("lastMonth", months.get(months.size() - 1).toString())
              .put("file", target.toString())
              .put("bytes", Files.size(target)),
          false);
    } catch (IOException e) {
      throw new BadRequestException(
          "Writing %s failed (%s): nothing is left of it; choose a file that can be written with --out"
              .formatted(target, reason(e)));
    }
  }

  private static void requireRoom(Path target, boolean force) {
    if (Files.exists(target) && !force) {
      throw new BadRequestException(
          "%s exists: nothing was written\nnext: choose another file with --out, or write over it with --force"
              .formatted(target));
    }
  }

  private Path target(Operations.Export request) {
    Path out = request.out().orElse(around.home().resolve(LOCAL)).toAbsolutePath().normalize();
    if (request.out().isEmpty()) {
      makeLocal(out);
    }
    return Files.isDirectory(out)
        ? out.resolve(
            name(request.what()) + suffix(request.span()) + "." + request.format().label())
        : out;
  }

  private static void makeLocal(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new BadRequestException(
          "Making %s failed (%s): choose a file that can be written with --out"
              .formatted(dir, reason(e)));
    }
  }

  /** Part of the default name, so that a part of the rows is not taken for all. */
  private static String suffix(Span span) {
    return span.equals(Span.ALL) ? "" : "-" + span;
  }

  private static String summary(Operations.Export request, long rows, List<Month> months) {
    return "%s: %,d rows of %d months, %s to %s"
        .formatted(
            name(request.what()),
            rows,
            months.size(),
            months.get(0),
            months.get(months.size() - 1));
  }

  private static String name(RowKind kind) {
    return kind == RowKind.OPENS ? "opens" : "closes";
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    boolean said = e instanceof FileSystemException fs && fs.getReason() != null;
    return said
        ? String.valueOf(((FileSystemException) e).getReason())
        : e.getClass().getSimpleName();
  }
}
