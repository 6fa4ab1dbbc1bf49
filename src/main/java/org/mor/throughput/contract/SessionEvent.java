package org.mor.throughput.contract;

import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Event;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;

/**
 * {@code SessionOpened} or {@code SessionClosed}: (address indexed user, bytes32 indexed sessionId,
 * address indexed providerId). All three are topics; there is no data.
 */
public record SessionEvent(
    Kind kind,
    Hash32 sessionId,
    Address user,
    Address provider,
    LogPosition position,
    Hash32 txHash) {
  /** Which of the two events it is. */
  public enum Kind {
    OPENED("SessionOpened"),
    CLOSED("SessionClosed");

    private final String topic;

    Kind(String name) {
      List<TypeReference<?>> parameters =
          List.of(indexedAddress(), new TypeReference<Bytes32>(true) {}, indexedAddress());
      this.topic = EventEncoder.encode(new Event(name, parameters));
    }

    /** The first topic of the event's logs. */
    public Hash32 topic() {
      return Hash32.fromHex(topic);
    }

    private static TypeReference<? extends Type<?>> indexedAddress() {
      return new TypeReference<org.web3j.abi.datatypes.Address>(true) {};
    }
  }

  /** The first topics of both events. */
  public static List<Hash32> topics() {
    return List.of(Kind.OPENED.topic(), Kind.CLOSED.topic());
  }

  /**
   * Decodes a log of the diamond.
   *
   * @throws ChainContradictionException when the log is not exactly one of the two events
   */
  public static SessionEvent decode(RawLog log, Address diamond) {
    if (!log.address().equals(diamond)) {
      throw refused(log, "it was emitted by %s, not by %s".formatted(log.address(), diamond));
    }
    if (log.topics().size() != 4 || !log.data().isEmpty()) {
      throw refused(
          log,
          "it has %d topics and %d bytes of data instead of 4 and 0"
              .formatted(log.topics().size(), log.data().size()));
    }
    Kind kind = kind(log);
    try {
      return new SessionEvent(
          kind,
          log.topics().get(2),
          Address.fromWord(log.topics().get(1)),
          Address.fromWord(log.topics().get(3)),
          log.position(),
          log.txHash());
    } catch (IllegalArgumentException e) {
      throw new ChainContradictionException(message(log, String.valueOf(e.getMessage())), e);
    }
  }

  private static Kind kind(RawLog log) {
    Hash32 topic = log.topics().get(0);
    for (Kind kind : Kind.values()) {
      if (kind.topic().equals(topic)) {
        return kind;
      }
    }
    throw refused(log, "its first topic is " + topic);
  }

  private static ChainContradictionException refused(RawLog log, String why) {
    return new ChainContradictionException(message(log, why));
  }

  private static String message(RawLog log, String why) {
    return "The log at block %d index %d is no session event: %s. Nothing was stored; check the contract address and the endpoint."
        .formatted(log.position().block(), log.position().logIndex(), why);
  }
}
