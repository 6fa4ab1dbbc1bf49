package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import java.util.List;

/** How many calls one HTTP request may hold. */
final class ProbeBatch {
  private final ProbeClient client;
  private final int most;

  ProbeBatch(ProbeClient client, int most) {
    this.client = client;
    this.most = most;
  }

  ProbeFinding run() {
    int refused = most;
    for (int size = most; size >= 2; size /= 2) {
      try {
        List<Outcome> outcomes = client.exchange(Collections.nCopies(size, RpcCall.chainId()));
        outcomes.forEach(Outcome::orThrow);
        return ProbeFinding.fine(
            "batch",
            size == most
                ? "%d calls in one request, or more".formatted(size)
                : "%d calls in one request, %d are refused".formatted(size, refused));
      } catch (EndpointFailure failure) {
        if (!isAboutSize(failure.reaction())) {
          throw failure;
        }
        refused = size;
      }
    }
    return ProbeFinding.note(
        "batch",
        "several calls in one request are refused",
        "nothing: a scan takes three requests a range instead of one");
  }

  private static boolean isAboutSize(Reaction reaction) {
    return switch (reaction) {
      case BATCH, DENSITY, UNKNOWN, RATE, TRANSIENT -> true;
      default -> false;
    };
  }
}
