package org.mor.throughput.index;

import java.util.SortedSet;
import java.util.function.Consumer;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** The stored rows as the rollup reads them. */
record ArchiveRows(RowArchive archive) implements RowSource {
  @Override
  public SortedSet<Month> months() {
    return archive.months();
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    archive.forEachOpenFacts(month, to);
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    archive.forEachCloseFacts(month, to);
  }
}
