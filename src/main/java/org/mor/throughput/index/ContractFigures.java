package org.mor.throughput.index;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.Page;

/**
 * The contract's own counts and lists at one block. What it reverts on it does not have (any more):
 * that is empty, and never a zero.
 */
final class ContractFigures {
  private static final int PAGE = 500;
  private static final int PAGES_AT_ONCE = 50;

  private final ChainReader chain;
  private final Diamond diamond;
  private final long block;

  ContractFigures(ContractReader contract, long block) {
    this.chain = contract.chain();
    this.diamond = contract.diamond();
    this.block = block;
  }

  /** How many sessions were ever opened. */
  long opens() {
    return Diamond.sessionCount(
        chain.storage(diamond.address(), Diamond.SESSION_COUNT_SLOT, block));
  }

  /** The sum in wei of all that providers were ever paid. */
  Optional<BigInteger> totalClaimed() {
    return ask(List.of(diamond.totalClaimed()))
        .get(0)
        .map(data -> Diamond.number(data, "getProvidersTotalClaimed"));
  }

  /**
   * How many sessions each provider ever had; empty where one call reverts.
   *
   * @param known providers that are asked about besides the active ones
   */
  Optional<Map<Address, Long>> totalSessions(Set<Address> known) {
    SortedSet<Address> providers = new TreeSet<>(known);
    providers.addAll(activeProviders());
    return ofEach(
        providers,
        diamond::totalSessions,
        (data, provider) ->
            Diamond.number(data, "getTotalSessions(%s)".formatted(provider)).longValueExact());
  }

  /** The statistics of each pair; empty where one call reverts. */
  Optional<Map<RowTally.Pair, ProviderModelStats>> stats(Collection<RowTally.Pair> pairs) {
    return ofEach(
        pairs,
        pair -> diamond.stats(pair.model(), pair.provider()),
        (data, pair) -> ProviderModelStats.decode(data, pair.toString()));
  }

  private <K, V> Optional<Map<K, V>> ofEach(
      Collection<K> keys, Function<K, ContractCall> call, BiFunction<Bytes, K, V> decode) {
    List<K> asked = List.copyOf(keys);
    List<Optional<Bytes>> answers = ask(asked.stream().map(call).toList());
    Map<K, V> found = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      K key = asked.get(i);
      answers.get(i).ifPresent(data -> found.put(key, decode.apply(data, key)));
    }
    return found.size() == asked.size() ? Optional.of(found) : Optional.empty();
  }

  /** The active providers; none where the contract does not list them. */
  private List<Address> activeProviders() {
    List<Address> providers = new ArrayList<>();
    OptionalLong total = OptionalLong.empty();
    while (total.isEmpty() || providers.size() < total.getAsLong()) {
      Optional<Page<Address>> page =
          ask(List.of(diamond.activeProviders(providers.size(), PAGE)))
              .get(0)
              .map(Page::ofProviders);
      if (page.isEmpty() || page.get().items().isEmpty()) {
        break;
      }
      providers.addAll(page.get().items());
      total = OptionalLong.of(page.get().total());
    }
    return providers;
  }

  /** Gives the ids of all sessions a provider ever had, a page at a time. */
  void sessionsOf(Address provider, long total, Consumer<Hash32> to) {
    List<ContractCall> pages = new ArrayList<>();
    for (long from = 0; from < total; from += PAGE) {
      pages.add(diamond.providerSessions(provider, from, PAGE));
      if (pages.size() == PAGES_AT_ONCE || from + PAGE >= total) {
        for (Optional<Bytes> answer : ask(pages)) {
          answer.map(data -> Page.ofIds(data, provider)).ifPresent(p -> p.items().forEach(to));
        }
        pages.clear();
      }
    }
  }

  private List<Optional<Bytes>> ask(List<ContractCall> calls) {
    return calls.isEmpty()
        ? List.of()
        : chain.calls(calls, block).stream()
            .map(
                result ->
                    result instanceof CallResult.Returned returned && !returned.data().isEmpty()
                        ? Optional.of(returned.data())
                        : Optional.<Bytes>empty())
            .toList();
  }
}
