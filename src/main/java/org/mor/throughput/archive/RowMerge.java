package org.mor.throughput.archive;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.SessionRow;

/**
 * Joins rows by session; a session never leaves. Of two different rows of one session the one of
 * the higher generation wins, then the one read at the higher block, then the one of the higher
 * schema, then the one whose line is greater byte by byte: a total order, so neither the order of
 * merges nor their repetition matters. A retraction is a row like any other, so a later reading can
 * undo it.
 */
final class RowMerge<R extends SessionRow> {
  /** The order of rows in a file: by block, log index and session id. */
  static final Comparator<SessionRow> FILE_ORDER =
      Comparator.comparing(SessionRow::position).thenComparing(SessionRow::sessionId);

  private final RowCodec<R> codec;
  private final Map<Hash32, R> rows = new HashMap<>();

  RowMerge(RowCodec<R> codec) {
    this.codec = codec;
  }

  /** Joins a row; the row that its session has now. */
  R add(R row) {
    R winner = newer(rows.getOrDefault(row.sessionId(), row), row);
    rows.put(row.sessionId(), winner);
    return winner;
  }

  RowMerge<R> addAll(Collection<? extends R> others) {
    others.forEach(this::add);
    return this;
  }

  /** The row of a session; null when it has none. */
  @Nullable R row(Hash32 sessionId) {
    return rows.get(sessionId);
  }

  /** The rows in the order of a file. */
  List<R> sorted() {
    return rows.values().stream().sorted(FILE_ORDER).toList();
  }

  private R newer(R a, R b) {
    if (a.equals(b)) {
      return a;
    }
    int order = a.reading().compareTo(b.reading());
    if (order == 0) {
      order = Arrays.compareUnsigned(codec.encode(a), codec.encode(b));
    }
    return order >= 0 ? a : b;
  }
}
