package org.mor.throughput.pull;

import java.util.List;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/**
 * What a pull did.
 *
 * @param fetched the partitions that are copied now, by key
 * @param rows how many rows they have
 * @param unchanged how many partitions were there already as they are in the source
 * @param refused what is wrong with each partition that was not copied; an older copy of it stays
 * @param state the state objects that were copied; none where a partition was refused or only one
 *     month was asked for, since they would speak of rows that are not there
 */
public record PullReport(
    List<ObjectKey> fetched,
    long rows,
    int unchanged,
    List<CorruptObjectException> refused,
    List<ObjectKey> state) {
  public PullReport {
    fetched = List.copyOf(fetched);
    refused = List.copyOf(refused);
    state = List.copyOf(state);
  }
}
