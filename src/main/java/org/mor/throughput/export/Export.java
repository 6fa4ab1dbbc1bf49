package org.mor.throughput.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.ModelCatalog;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.export.SessionColumns.ModelNames;
import org.mor.throughput.export.TableFormat.RowSink;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;

/**
 * Writes stored rows as one table, month after month and within a month in the order of the
 * partition. One month's stored bytes are what is held at a time.
 */
public final class Export {
  private final RowArchive archive;
  private final ModelNames models;
  private final MetricRules rules;

  /** What was asked for cannot be written as it is: a value does not fit, or the place is taken. */
  public static final class DoesNotFitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DoesNotFitException(String message) {
      super(message);
    }
  }

  /** Hears of each month when its rows are written. */
  @FunctionalInterface
  public interface Listener {
    void written(Month month, long rows);
  }

  public Export(RowArchive archive, ModelCatalog models, MetricRules rules) {
    this.archive = archive;
    this.models = new ModelNames(models);
    this.rules = rules;
  }

  /**
   * Writes to a stream, which stays open.
   *
   * @param months in order
   * @return how many rows
   * @throws IOException when the stream does; what is written then is not whole, and so it is after
   *     any other exception
   * @throws DoesNotFitException when Parquet cannot hold an amount
   */
  public long run(
      RowKind kind,
      Collection<Month> months,
      Span span,
      TableFormat format,
      OutputStream out,
      Listener listener)
      throws IOException {
    return run(kind, months, span, listener, columns -> format.open(columns, out));
  }

  /** Writes a text format to a writer, which stays open; otherwise as with a stream. */
  public long run(
      RowKind kind,
      Collection<Month> months,
      Span span,
      TableFormat format,
      Writer out,
      Listener listener)
      throws IOException {
    return run(kind, months, span, listener, columns -> format.open(columns, out));
  }

  /** Where a table with some columns is written to. */
  private interface Target {
    RowSink open(List<? extends TableColumn<?>> columns) throws IOException;
  }

  private long run(
      RowKind kind, Collection<Month> months, Span span, Listener listener, Target target)
      throws IOException {
    if (kind == RowKind.OPENS) {
      Table<OpenRow, OpenRow> table =
          new Table<>(SessionColumns.opens(models), row -> row, target, span);
      return table.write(months, (month, rows) -> archive.forEachOpen(month, rows), listener);
    }
    var table =
        new Table<>(SessionColumns.closes(models, rules), SessionColumns.Close::of, target, span);
    return table.write(months, (month, rows) -> archive.forEachClose(month, rows), listener);
  }

  private interface Source<S> {
    void read(Month month, Consumer<S> rows);
  }

  /** The table on its way out. */
  private static final class Table<S extends SessionRow, R> {
    private final List<TableColumn<R>> columns;
    private final Function<S, R> view;
    private final RowSink sink;
    private final Span span;
    private long rows;

    Table(List<TableColumn<R>> columns, Function<S, R> view, Target target, Span span)
        throws IOException {
      this.columns = columns;
      this.view = view;
      this.sink = target.open(columns);
      this.span = span;
    }

    long write(Collection<Month> months, Source<S> source, Listener listener) throws IOException {
      try {
        for (Month month : months) {
          source.read(month, this::add);
          listener.written(month, rows);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      sink.finish();
      return rows;
    }

    private void add(S row) {
      if (span.contains(row.eventTime())) {
        R seen = view.apply(row);
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        columns.forEach(column -> values.add(column.value().apply(seen)));
        try {
          sink.row(values);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        rows++;
      }
    }
  }
}
