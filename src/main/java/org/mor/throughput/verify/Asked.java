package org.mor.throughput.verify;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.index.ContractReader;

/** A chain that may not be there; what fails once is not asked again. */
final class Asked {
  private final Optional<ContractReader> chain;
  private @Nullable ChainException failure;

  Asked(Optional<ContractReader> chain) {
    this.chain = chain;
  }

  /** The answer; empty when no endpoint is configured, or it failed now or before. */
  <T> Optional<T> ask(Function<ContractReader, T> question) {
    if (chain.isEmpty() || failure != null) {
      return Optional.empty();
    }
    try {
      return Optional.of(question.apply(chain.get()));
    } catch (ChainException e) {
      failure = e;
      return Optional.empty();
    }
  }

  /** Why there was no answer. */
  String whyNot() {
    return failure == null
        ? "no endpoint is configured (BASE_RPC_URL)"
        : "the chain did not answer: " + failure.getMessage();
  }

  Optional<ChainException> failure() {
    return Optional.ofNullable(failure);
  }
}
