package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.session.Month;

/**
 * Which closes to read again.
 *
 * @param months the partitions to look into, in this order
 * @param limit how many rows at most, over all of them
 * @param minAgeBlocks unsettled rows that were read within so many blocks are left for later
 * @param dryRun whether to read only and write nothing
 */
public record RefreshRequest(List<Month> months, int limit, long minAgeBlocks, boolean dryRun) {
  public RefreshRequest {
    months = List.copyOf(months);
    if (limit < 0 || minAgeBlocks < 0) {
      throw new IllegalArgumentException(
          "Limit %d and minimal age %d must not be negative".formatted(limit, minAgeBlocks));
    }
  }
}
