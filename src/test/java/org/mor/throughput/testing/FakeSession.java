package org.mor.throughput.testing;

import java.math.BigInteger;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionId;

/** A session of a {@link FakeChain}, told block by block. */
public final class FakeSession {
  static final long PRICE = 1_000_000_000_000_000L;

  final int nonce;
  final Hash32 id;
  final Address user;
  final Address provider;
  final Hash32 bid;
  final Hash32 model;
  long openBlock;
  final long seconds;
  long closeBlock = Long.MAX_VALUE;
  boolean emitsClose = true;
  int closeoutType;
  Bytes receipt = Bytes.EMPTY;
  final NavigableMap<Long, BigInteger> paid = new TreeMap<>();

  FakeSession(int nonce, int user, int provider, int model, long openBlock, long seconds) {
    this.nonce = nonce;
    this.user = FakeChain.address(0x10 + user);
    this.provider = FakeChain.address(0x40 + provider);
    this.model = FakeChain.hash(0x70 + model);
    this.bid = FakeChain.hash(0x1000 + provider * 100 + model);
    this.openBlock = openBlock;
    this.seconds = seconds;
    this.id = SessionId.of(this.user, this.provider, bid, nonce);
  }

  /** A session that has the id of another one. */
  FakeSession(FakeSession other, int provider, long openBlock, long seconds) {
    this.nonce = other.nonce;
    this.user = other.user;
    this.provider = FakeChain.address(0x40 + provider);
    this.model = other.model;
    this.bid = FakeChain.hash(0x9000 + provider * 100);
    this.openBlock = openBlock;
    this.seconds = seconds;
    this.id = other.id;
  }

  /** The close never happened. */
  public FakeSession reopened() {
    closeBlock = Long.MAX_VALUE;
    receipt = Bytes.EMPTY;
    closeoutType = 0;
    paid.clear();
    return this;
  }

  /** The open stands in another block. */
  public FakeSession opened(long block) {
    openBlock = block;
    return this;
  }

  public long openBlock() {
    return openBlock;
  }

  /** {@link Long#MAX_VALUE} while it is open. */
  public long closeBlock() {
    return closeBlock;
  }

  public Hash32 id() {
    return id;
  }

  public Address provider() {
    return provider;
  }

  /** Closed in {@code block} with a seven-field receipt, paid in full. */
  public FakeSession closed(long block, long tpsScaled1000, long ttft, long in, long out) {
    Bytes words =
        new Words()
            .hash(id)
            .number(FakeChain.CHAIN_ID)
            .number(FakeChain.time(block) * 1000)
            .number(tpsScaled1000)
            .number(ttft)
            .number(in)
            .number(out)
            .done();
    return closed(block, words, 0, BigInteger.valueOf(PRICE * paidSeconds(block)));
  }

  /** Closed in {@code block} with any receipt. */
  public FakeSession closed(long block, Bytes bytes, int type, BigInteger paidAtClose) {
    closeBlock = block;
    receipt = bytes;
    closeoutType = type;
    paid.put(block, paidAtClose);
    return this;
  }

  /** Settled in {@code block} by a facet that emits no SessionClosed and keeps no statistics. */
  public FakeSession settledWithoutEvent(long block) {
    emitsClose = false;
    return closed(block, Bytes.EMPTY, 0, BigInteger.ZERO);
  }

  /** The provider claims in {@code block}, so that it has {@code total} wei from then on. */
  public FakeSession claimed(long block, BigInteger total) {
    paid.put(block, total);
    return this;
  }

  public long paidSeconds(long block) {
    return Math.max(0, Math.min(FakeChain.time(block), endsAt()) - FakeChain.time(openBlock));
  }

  long endsAt() {
    return FakeChain.time(openBlock) + seconds;
  }

  Bytes state(long block) {
    boolean isClosed = closeBlock <= block;
    var paidEntry = paid.floorEntry(block);
    return new Words()
        .number(32)
        .address(user)
        .hash(bid)
        .number(new BigInteger("5000000000000000000"))
        .number(352)
        .number(isClosed ? closeoutType : 0)
        .number(paidEntry == null ? BigInteger.ZERO : paidEntry.getValue())
        .number(FakeChain.time(openBlock))
        .number(endsAt())
        .number(isClosed ? FakeChain.time(closeBlock) : 0)
        .number(isClosed ? 0 : 1)
        .number(0)
        .bytes(isClosed ? receipt : Bytes.EMPTY)
        .done();
  }
}
