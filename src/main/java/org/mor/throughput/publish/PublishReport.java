package org.mor.throughput.publish;

import java.util.List;
import org.mor.throughput.store.ObjectKey;

/**
 * What publishing did with each document.
 *
 * @param written the ones that were stored
 * @param unchanged the ones that say the same already, apart from when they were generated
 * @param skippedNewer the ones left alone because what is stored is of a later block
 * @param contentChanged whether anything but times, blocks and the distance to the head is new
 */
public record PublishReport(
    List<ObjectKey> written,
    List<ObjectKey> unchanged,
    List<ObjectKey> skippedNewer,
    boolean contentChanged) {
  public PublishReport {
    written = List.copyOf(written);
    unchanged = List.copyOf(unchanged);
    skippedNewer = List.copyOf(skippedNewer);
  }
}
