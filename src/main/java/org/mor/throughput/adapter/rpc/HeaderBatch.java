package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.BlockHeader;

/**
 * The headers of many blocks and those that came so far. It outlives a failed attempt, so a retry
 * asks only for what is missing, on whichever endpoint.
 */
final class HeaderBatch {
  private final List<Long> numbers;
  private final SortedMap<Long, BlockHeader> headers = new TreeMap<>();

  HeaderBatch(Collection<Long> numbers) {
    this.numbers = numbers.stream().distinct().sorted().toList();
  }

  int done() {
    return headers.size();
  }

  Map<Long, BlockHeader> all() {
    return headers;
  }

  /**
   * Fills in the missing ones from one endpoint, as many at once as it answers.
   *
   * @throws EndpointFailure when some are still missing; those that came are kept
   */
  void fill(RpcClient client) {
    long most = client.batches().width();
    while (headers.size() < numbers.size()) {
      List<Long> some =
          numbers.stream()
              .filter(number -> !headers.containsKey(number))
              .limit(Math.max(1, Math.min(most, client.batches().width())))
              .toList();
      try {
        ask(client, some);
      } catch (EndpointFailure failure) {
        boolean tooMany =
            failure.reaction() == Reaction.BATCH || failure.reaction() == Reaction.DENSITY;
        if (some.size() == 1 || !tooMany) {
          throw failure;
        }
        most = some.size() / 2;
      }
    }
  }

  private void ask(RpcClient client, List<Long> some) {
    Fields fields = new Fields(client);
    List<Outcome> outcomes = client.exchange(some.stream().map(RpcCall::block).toList());
    for (int i = 0; i < some.size(); i++) {
      long number = some.get(i);
      JsonNode block = outcomes.get(i).orThrow();
      if (block.isNull()) {
        throw client.failure(Reaction.LAG, "the node does not have block " + number);
      }
      BlockHeader header = fields.header(block);
      if (header.number() != number) {
        throw fields.contradiction(
            "asked for block %d, answered with block %d".formatted(number, header.number()));
      }
      headers.put(number, header);
    }
  }
}
