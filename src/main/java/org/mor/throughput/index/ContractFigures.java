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
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
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

  ContractFigures(ChainReader chain, Diamond diamond, long block) {
    this.chain = chain;
    this.diamond = diamond;
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

  /** How many sessions each provider ever had; empty where one call reverts. */
  Optional<Map<Address, Long>> totalSessions(Collection<Address> providers) {
    List<Address> asked = List.copyOf(providers);
    List<Optional<Bytes>> answers = ask(asked.stream().map(diamond::totalSessions).toList());
    Map<Address, Long> totals = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Address provider = asked.get(i);
      answers
          .get(i)
          .map(data -> Diamond.number(data, "getTotalSessions(%s)".formatted(provider)))
          .ifPresent(total -> totals.put(provider, total.longValueExact()));
    }
    return totals.size() == asked.size() ? Optional.of(totals) : Optional.empty();
  }

  /** The statistics of each pair; empty where one call reverts. */
  Optional<Map<ProviderModel, ProviderModelStats>> stats(Collection<ProviderModel> pairs) {
    List<ProviderModel> asked = List.copyOf(pairs);
    List<Optional<Bytes>> answers =
        ask(asked.stream().map(pair -> diamond.stats(pair.model(), pair.provider())).toList());
    Map<ProviderModel, ProviderModelStats> stats = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      ProviderModel pair = asked.get(i);
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
