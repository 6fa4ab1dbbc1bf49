package org.mor.throughput.contract;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.web3j.crypto.Hash;

/**
 * What the diamond tells of bids, models and providers. A field that an event does not name is
 * null.
 *
 * @param bidId keccak256(provider ++ modelId ++ nonce)
 * @param owner who registered a model
 */
public record MarketEvent(
    Kind kind,
    @Nullable Address provider,
    @Nullable Hash32 modelId,
    @Nullable Hash32 bidId,
    @Nullable Address owner,
    LogPosition position,
    Hash32 txHash) {
  /** Which event it is. */
  public enum Kind {
    BID_POSTED("MarketplaceBidPosted(address,bytes32,uint256)", 3, Hash32.SIZE),
    BID_DELETED("MarketplaceBidDeleted(address,bytes32,uint256)", 3, Hash32.SIZE),
    MODEL_REGISTERED("ModelRegisteredUpdated(address,bytes32)", 3, 0),
    MODEL_DEREGISTERED("ModelDeregistered(address,bytes32)", 3, 0),
    PROVIDER_REGISTERED("ProviderRegistered(address)", 2, 0),
    PROVIDER_DEREGISTERED("ProviderDeregistered(address)", 2, 0);

    private final String topic;
    private final int topics;
    private final int dataBytes;

    Kind(String signature, int topics, int dataBytes) {
      this.topic = Hash.sha3String(signature);
      this.topics = topics;
      this.dataBytes = dataBytes;
    }

    private static Optional<Kind> of(Hash32 topic) {
      return Arrays.stream(values()).filter(kind -> kind.topic.equals(topic.toHex())).findFirst();
    }
  }

  /** The first topics of all of them. */
  public static List<Hash32> topics() {
    return Arrays.stream(Kind.values()).map(kind -> Hash32.fromHex(kind.topic)).toList();
  }

  /** Decodes a log; empty where it is not exactly one of the events. */
  public static Optional<MarketEvent> decode(RawLog log) {
    return Kind.of(log.topics().get(0))
        .filter(kind -> log.topics().size() == kind.topics && log.data().size() == kind.dataBytes)
        .flatMap(kind -> decode(kind, log));
  }

  private static Optional<MarketEvent> decode(Kind kind, RawLog log) {
    Address who;
    try {
      who = Address.fromWord(log.topics().get(1));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Longer than an address.
    }
    Hash32 model = kind.topics == 3 ? log.topics().get(2) : null;
    boolean isBid = kind.dataBytes > 0;
    boolean isModel = model != null && !isBid;
    return Optional.of(
        new MarketEvent(
            kind,
            isModel ? null : who,
            model,
            isBid && model != null ? bidId(who, model, log.data().toArray()) : null,
            isModel ? who : null,
            log.position(),
            log.txHash()));
  }

  private static Hash32 bidId(Address provider, Hash32 model, byte[] nonce) {
    byte[] packed = Arrays.copyOf(provider.toArray(), Address.SIZE + 2 * Hash32.SIZE);
    System.arraycopy(model.toArray(), 0, packed, Address.SIZE, Hash32.SIZE);
    System.arraycopy(nonce, 0, packed, Address.SIZE + Hash32.SIZE, Hash32.SIZE);
    return Hash32.of(Hash.sha3(packed));
  }

  /** The id of the bid, model or provider that it tells of, as 0x hex. */
  public String subject() {
    Object subject = bidId != null ? bidId : modelId != null ? modelId : provider;
    return String.valueOf(subject);
  }
}
