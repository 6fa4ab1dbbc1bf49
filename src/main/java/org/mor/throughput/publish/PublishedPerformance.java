package org.mor.throughput.publish;

import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;

/**
 * What a stored {@code rollup/performance-index.json} says of where the cells are.
 *
 * @param asOfTime ISO 8601
 * @param models what each model id is called; empty text for one without a name
 * @param months where each month is kept, the month of asOf included
 */
public record PublishedPerformance(
    String network,
    String diamond,
    long asOfBlock,
    String asOfTime,
    Map<String, String> models,
    List<Address> providers,
    Map<Month, ObjectKey> months) {
  public PublishedPerformance {
    models = Map.copyOf(models);
    providers = List.copyOf(providers);
    months = Map.copyOf(months);
  }
}
