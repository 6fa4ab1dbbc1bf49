package org.mor.throughput.index;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.CallResult;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.Page;
import org.mor.throughput.contract.ProviderModelStats;
import org.mor.throughput.contract.SessionCount;
import org.mor.throughput.contract.Uint;

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
    return SessionCount.decode(chain.storage(diamond.address(), SessionCount.SLOT, block));
  }

  /** The sum in wei of all that providers were ever paid. */
  Optional<BigInteger> totalClaimed() {
    return ask(List.of(diamond.totalClaimed()))
        .get(0)
        .map(data -> Uint.decode(data, "getProvidersTotalClaimed"));
  }

  /** How many sessions each provider ever had; empty where one call reverts. */
  Optional<Map<Address, Long>> totalSessions(Collection<Address> providers) {
    List<Address> asked = List.copyOf(providers);
    List<Optional<Bytes>> answers = ask(asked.stream().map(diamond::totalSessions).toList());
    Map<Address, Long> totals = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Address provider = asked.get(i);
      answers
          .get(i)
          .map(data -> Uint.decode(data, "getTotalSessions(%s)".formatted(provider)))
          .ifPresent(total -> totals.put(provider, total.longValueExact()));
    }
    return totals.size() == asked.size() ? Optional.of(totals) : Optional.empty();
  }

  /** The statistics of each pair; empty where one call reverts. */
  Optional<Map<RowTally.Pair, ProviderModelStats>> stats(Collection<RowTally.Pair> pairs) {
    List<RowTally.Pair> asked = List.copyOf(pairs);
    List<Optional<Bytes>> answers =
        ask(asked.stream().map(pair -> diamond.stats(pair.model(), pair.provider())).toList());
    Map<RowTally.Pair, ProviderModelStats> stats = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      RowTally.Pair pair = asked.get(i);
      answers
          .get(i)
          .ifPresent(data -> stats.put(pair, ProviderModelStats.decode(data, pair.toString())));
    }
    return stats.size() == asked.size() ? Optional.of(stats) : Optional.empty();
  }

  /** The providers that are active; none where the contract does not list them. */
  List<Address> activeProviders() {
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
