package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.RpcClient.Outcome;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.ContractCall;

/**
 * Makes calls on one endpoint: many in one Multicall3 call, else in JSON-RPC batches, else one by
 * one.
 */
final class CallReader {
  /** Of characters; call data is written as hex, two of them a byte. */
  private static final int REQUEST_BYTES = 512 << 10;

  private final RpcClient client;
  private final Fields fields;
  private final RequestSize together;
  private final RequestSize batches;
  private boolean multicall = true;
  private boolean multicallDoubted;
  private @Nullable EndpointFailure refusedBatch;

  CallReader(RpcClient client, RpcOptions options) {
    this.client = client;
    this.fields = new Fields(client);
    this.together = new RequestSize(options.multicallSize(), options.multicallSize());
    this.batches = new RequestSize(options.batchSize(), options.batchSize());
  }

  /**
   * Fills in the missing results, all at {@code block}.
   *
   * @throws EndpointFailure when some are still missing; those that came are kept
   */
  void fill(CallProgress progress, long block) {
    if (multicallDoubted) {
      settleDoubt(block);
    }
    while (multicall) {
      List<Integer> chunk = progress.nextTogether(together.width(), REQUEST_BYTES / 2);
      // What a call alone says is exact, so one call gains nothing from an aggregate.
      if (chunk.size() <= 1) {
        break;
      }
      aggregate(progress, chunk, block);
    }
    for (List<Integer> rest = nextBatch(progress); !rest.isEmpty(); rest = nextBatch(progress)) {
      batch(progress, rest, block);
    }
  }

  private List<Integer> nextBatch(CallProgress progress) {
    return progress.next(Math.min(batches.width(), client.batches().width()), REQUEST_BYTES);
  }

  private void aggregate(CallProgress progress, List<Integer> chunk, long block) {
    Bytes returned;
    try {
      ContractCall all = Multicall3.aggregate(chunk.stream().map(progress::call).toList());
      returned = bytes(client.ask(RpcCall.call(all, block)));
    } catch (EndpointFailure failure) {
      if (!isTooMuch(failure, chunk.size())) {
        throw failure;
      }
      if (chunk.size() == 2) {
        chunk.forEach(progress::putAlone);
      }
      return;
    }
    if (returned.isEmpty()) {
      // Kept over a failed attempt, so that an unsteady node need not say both in a row.
      multicallDoubted = true;
      settleDoubt(block);
      return;
    }
    int done = take(progress, chunk, returned);
    if (done < chunk.size()) {
      together.shrink(OptionalLong.of(done), chunk.size());
    } else {
      together.succeeded(chunk.size());
    }
  }

  private Bytes bytes(JsonNode result) {
    return fields.bytes(result, "the result of eth_call");
  }

  /**
   * Whether fewer calls are to be asked at once; from then on, if there are more than two. The
   * inner calls may fail, so a revert of the whole is a lack of gas.
   */
  private boolean isTooMuch(EndpointFailure failure, int size) {
    boolean more = size > 2;
    return switch (failure.reaction()) {
      case DENSITY, REVERT, GAS -> {
        if (more) {
          together.shrink(OptionalLong.empty(), size);
        }
        yield true;
      }
      case UNKNOWN -> !more || together.bisect(size);
      case TRANSIENT -> {
        // Asked again after a wait, by then for less.
        if (more) {
          together.failed(size);
        }
        yield false;
      }
      default -> false;
    };
  }

  /**
   * Keeps the results. Calls that revert without data behind the last success most likely lacked
   * gas: they are left for a smaller aggregate.
   *
   * @return how many of the first calls are settled
   */
  private int take(CallProgress progress, List<Integer> chunk, Bytes returned) {
    List<Multicall3.Inner> results;
    try {
      results = Multicall3.decode(returned, chunk.size());
    } catch (IllegalArgumentException e) {
      throw fields.contradiction("Multicall3 returned what it never does: " + e.getMessage());
    }
    int starved = results.size();
    while (starved > 0 && results.get(starved - 1).isStarved()) {
      starved--;
    }
    int settled = starved == 0 ? chunk.size() : starved;
    for (int i = 0; i < settled; i++) {
      if (results.get(i).success()) {
        progress.put(chunk.get(i), new CallResult.Returned(results.get(i).data()));
      } else {
        // A revert and running out of the shared gas look the same from here: it goes by itself.
        progress.putAlone(chunk.get(i));
      }
    }
    return settled;
  }

  /** A contract that is not there returns nothing; so does a node that does not know it yet. */
  private void settleDoubt(long block) {
    JsonNode code = client.ask(RpcCall.code(Multicall3.ADDRESS, block));
    multicallDoubted = false;
    if (!fields.bytes(code, "the result of eth_getCode").isEmpty()) {
      throw fields.contradiction(
          "Multicall3 has code at block %d but returned nothing".formatted(block));
    }
    multicall = false;
  }

  private void batch(CallProgress progress, List<Integer> chunk, long block) {
    List<Outcome> outcomes;
    try {
      outcomes =
          client.exchange(chunk.stream().map(i -> RpcCall.call(progress.call(i), block)).toList());
    } catch (EndpointFailure failure) {
      if (chunk.size() > 1 && isForSmallerBatches(failure, chunk.size())) {
        return;
      }
      throw failure;
    }
    int before = progress.done();
    EndpointFailure missing = keep(progress, chunk, outcomes);
    if (missing != null) {
      // A node stops answering a batch where its answer has become too large.
      boolean cut = missing.reaction() == Reaction.DENSITY && progress.done() > before;
      if (cut && chunk.size() > 1 && isForSmallerBatches(missing, chunk.size())) {
        return;
      }
      throw missing;
    }
    batches.succeeded(chunk.size());
    if (together.width() == 1) {
      together.succeeded(1);
    }
    if (refusedBatch != null) {
      client.answersAlone(refusedBatch);
      refusedBatch = null;
    }
  }

  /** Makes batches smaller where that may help; whether to ask again at once. */
  private boolean isForSmallerBatches(EndpointFailure failure, int size) {
    boolean atOnce =
        switch (failure.reaction()) {
          case BATCH, DENSITY -> {
            batches.shrink(OptionalLong.empty(), size);
            yield true;
          }
          case TRANSIENT -> batches.failed(size);
          case UNKNOWN -> batches.bisect(size);
          case RATE -> {
            batches.failed(size);
            yield false;
          }
          default -> false;
        };
    if (batches.width() == 1) {
      refusedBatch = failure;
    }
    return atOnce;
  }

  /** Keeps what came and hands back the first failure. */
  private @Nullable EndpointFailure keep(
      CallProgress progress, List<Integer> chunk, List<Outcome> outcomes) {
    EndpointFailure first = null;
    for (int i = 0; i < chunk.size(); i++) {
      int index = chunk.get(i);
      if (outcomes.get(i) instanceof Outcome.Answered answered) {
        progress.put(index, new CallResult.Returned(bytes(answered.result())));
      } else if (outcomes.get(i) instanceof Outcome.Failed failed) {
        EndpointFailure failure = failed.failure();
        boolean reverted =
            failure.reaction() == Reaction.REVERT
                || (failure.reaction() == Reaction.GAS
                    && progress.revertedWithoutReason(index, client.endpoint()));
        if (reverted) {
          progress.put(index, new CallResult.Reverted(failure.revertData()));
        } else if (first == null) {
          first =
              failure.reaction() == Reaction.DENSITY
                  ? failure.because(
                      "asked alone, so its gas cap or size limit for eth_call is too small")
                  : failure;
        }
      }
    }
    return first;
  }
}
