package org.mor.throughput.adapter.rpc;

import java.time.Duration;

/**
 * How patient the reader is and how much it asks for at once.
 *
 * @param requestTimeout for one HTTP exchange, from connecting to the last byte of the body
 * @param maxAttempts tries of one operation, over all endpoints
 * @param maxElapsed time after which one operation is not tried again
 * @param firstDelay mean wait before the first retry, times two; doubles with each further one
 * @param maxDelay longest wait of our own choosing
 * @param maxRetryAfter longest pause a node may ask for that is waited for
 * @param startBlocks blocks in the first log query to an endpoint
 * @param maxBlocks most blocks in one log query
 * @param multicallSize most calls in one Multicall3 call
 * @param batchSize most calls in one JSON-RPC batch
 * @param inFlight most requests that are under way to one endpoint at once
 */
public record RpcOptions(
    Duration requestTimeout,
    int maxAttempts,
    Duration maxElapsed,
    Duration firstDelay,
    Duration maxDelay,
    Duration maxRetryAfter,
    long startBlocks,
    long maxBlocks,
    int multicallSize,
    int batchSize,
    int inFlight) {
  public RpcOptions {
    if (requestTimeout.isNegative() || requestTimeout.isZero() || maxAttempts < 1) {
      throw new IllegalArgumentException(
          "A request needs time and an attempt: %s, %d".formatted(requestTimeout, maxAttempts));
    }
    if (startBlocks < 1
        || maxBlocks < startBlocks
        || multicallSize < 1
        || batchSize < 1
        || inFlight < 1) {
      throw new IllegalArgumentException(
          "Sizes must be at least 1 and start within the maximum: %d, %d, %d, %d, %d"
              .formatted(startBlocks, maxBlocks, multicallSize, batchSize, inFlight));
    }
  }

  public static RpcOptions defaults() {
    return new RpcOptions(
        Duration.ofSeconds(20),
        12,
        Duration.ofMinutes(2),
        Duration.ofMillis(250),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        2_000,
        50_000,
        150,
        100,
        8);
  }

  public RpcOptions withRequestTimeout(Duration timeout) {
    return with(timeout, maxAttempts, maxElapsed, inFlight);
  }

  /** The same with another budget for one operation. */
  public RpcOptions withBudget(int attempts, Duration elapsed) {
    return with(requestTimeout, attempts, elapsed, inFlight);
  }

  public RpcOptions withInFlight(int most) {
    return with(requestTimeout, maxAttempts, maxElapsed, most);
  }

  private RpcOptions with(Duration timeout, int attempts, Duration elapsed, int most) {
    return new RpcOptions(
        timeout,
        attempts,
        elapsed,
        firstDelay,
        maxDelay,
        maxRetryAfter,
        startBlocks,
        maxBlocks,
        multicallSize,
        batchSize,
        most);
  }
}
