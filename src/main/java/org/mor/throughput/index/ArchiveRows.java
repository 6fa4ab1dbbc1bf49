package org.mor.throughput.index;

import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.mor.throughput.archive.Part;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/**
 * The stored rows as the rollup reads them.
 *
 * @param part of each month
 * @param versions hears which version of a partition was read; "none" where there is none
 */
public record ArchiveRows(RowArchive archive, Part part, BiConsumer<RowKind, String> versions)
    implements RowSource {
  private static final String ABSENT = "none";

  /** All rows. */
  public ArchiveRows(RowArchive archive) {
    this(archive, Part.WHOLE, (kind, version) -> {});
  }

  @Override
  public SortedSet<Month> months() {
    return archive.months();
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    String version =
        archive.forEachOpenFacts(month, part, to).map(ObjectVersion::token).orElse(ABSENT);
    versions.accept(RowKind.OPENS, version);
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    String version =
        archive.forEachCloseFacts(month, part, to).map(ObjectVersion::token).orElse(ABSENT);
    versions.accept(RowKind.CLOSES, version);
  }
}
