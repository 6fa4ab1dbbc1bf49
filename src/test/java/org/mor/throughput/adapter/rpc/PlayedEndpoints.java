package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.ChainReader;

/** The real reader over endpoints that a test plays: no socket, no real time. */
public final class PlayedEndpoints {
  /** In each endpoint's URL, and never to be seen anywhere else. */
  public static final String KEY = "CANARYk3yDoNotShow";

  private static final List<String> URLS =
      List.of("https://one.example/v2/" + KEY, "https://user:" + KEY + "@two.example/?key=" + KEY);

  private static final ErrorTable TABLE = ErrorTable.load();

  private PlayedEndpoints() {}

  /** What comes back from an endpoint. */
  public sealed interface Played {
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, byte[] body) implements Played {}

    /** 429 with Retry-After. */
    record TooMany(Duration pause) implements Played {}

    record Nothing() implements Played {}

    record TooLarge() implements Played {}
  }

  /** Answers a request to the first (0) or the second (1) endpoint. */
  public interface Exchange {
    Played post(int endpoint, byte[] request);
  }

  /**
   * A reader of two endpoints.
   *
   * @param attempts tries of one operation
   * @param blocks most blocks in one log query
   * @param inFlight how many windows are read before the first is given, times four; 1 for none
   */
  public static ChainReader reader(
      Exchange exchange,
      long chainId,
      int attempts,
      long blocks,
      int inFlight,
      Sleeper sleeper,
      RandomGenerator random) {
    RpcOptions standard = RpcOptions.defaults();
    RpcOptions options =
        new RpcOptions(
            standard.requestTimeout(),
            attempts,
            standard.maxElapsed(),
            standard.firstDelay(),
            standard.maxDelay(),
            standard.maxRetryAfter(),
            blocks,
            blocks,
            standard.multicallSize(),
            standard.batchSize(),
            inFlight);
    return RpcChainReader.over(
        (endpoint, body) ->
            reply(endpoint, exchange.post(endpoint.name().startsWith("one") ? 0 : 1, body)),
        TABLE,
        URLS,
        chainId,
        options,
        sleeper,
        random);
  }

  private static Transport.Reply reply(Endpoint endpoint, Played played) {
    if (played instanceof Played.Answer answer) {
      return new Transport.Reply(answer.status(), Optional.empty(), answer.body());
    }
    if (played instanceof Played.TooMany many) {
      return new Transport.Reply(429, Optional.of(many.pause()), new byte[0]);
    }
    throw played instanceof Played.TooLarge
        ? EndpointFailure.of(endpoint, Reaction.DENSITY, "a body of more than 9 bytes")
        : EndpointFailure.of(endpoint, Reaction.TRANSIENT, "no whole answer within 20000 ms");
  }
}
