package org.mor.throughput.rollup;

import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/**
 * Speed and volume by model, provider and size of session.
 *
 * @param firstDay the first second of the 30 days that end with asOf's
 * @param models every model that ever closed a session, sorted; so are providers
 * @param keys of the groups, sorted; they speak of places in models and providers
 * @param groups everything of those days added up, a row a key
 * @param current the month of asOf, up to asOf
 * @param months where the months that are over are kept, oldest first
 */
public record Performance(
    long firstDay,
    List<Hash32> models,
    List<Address> providers,
    List<PerformanceKey> keys,
    PerformanceTable groups,
    PerformanceMonth current,
    List<MonthFile> months) {
  /** How many days the groups cover. */
  public static final int DAYS = Horizon.BREAKDOWN_DAYS;
}
