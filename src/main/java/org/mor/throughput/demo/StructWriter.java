package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.SimulatedModel.ModelVersion;

/** The return data of getSession, getBid and getModel, word by word. */
final class StructWriter {
  private static final Address NOBODY = Address.of(new byte[Address.SIZE]);
  private static final Hash32 NOTHING = Hash32.of(new byte[Hash32.SIZE]);
  private static final int SESSION_FIELDS = 11;
  private static final int MODEL_FIELDS = 8;

  /** A session's fields in the contract's order. */
  record SessionFields(
      Address user,
      Hash32 bid,
      BigInteger stake,
      Bytes receipt,
      int closeoutType,
      BigInteger paid,
      long openedAt,
      long endsAt,
      long closedAt,
      boolean active,
      boolean direct) {}

  private StructWriter() {}

  static Bytes session(SimulatedSession session, long block) {
    SessionPlan plan = session.plan();
    long closedAt = session.closedAt(block);
    boolean closed = closedAt > 0;
    return session(
        new SessionFields(
            plan.user(),
            plan.bid().id(),
            plan.stake(),
            closed ? receipt(session, closedAt) : Bytes.EMPTY,
            closed && plan.disputed() ? 1 : 0,
            session.paid(block),
            plan.openedAt(),
            plan.endsAt(),
            closedAt,
            !closed,
            plan.direct()));
  }

  private static Bytes receipt(SimulatedSession session, long closedAt) {
    SessionPlan plan = session.plan();
    long signedAtMs = closedAt * 1_000 - 1 - session.nonce() % 1_000;
    return ReceiptWriter.write(
        plan.receipt(), session.id(), SimulatedMarket.CHAIN_ID, signedAtMs, plan.numbers());
  }

  static Bytes session(SessionFields fields) {
    return new AbiWords()
        .number(AbiWords.WORD)
        .address(fields.user())
        .hash(fields.bid())
        .number(fields.stake())
        .number((long) SESSION_FIELDS * AbiWords.WORD)
        .number(fields.closeoutType())
        .number(fields.paid())
        .number(fields.openedAt())
        .number(fields.endsAt())
        .number(fields.closedAt())
        .flag(fields.active())
        .flag(fields.direct())
        .bytes(fields.receipt())
        .toBytes();
  }

  static Bytes noSession() {
    return session(
        new SessionFields(
            NOBODY,
            NOTHING,
            BigInteger.ZERO,
            Bytes.EMPTY,
            0,
            BigInteger.ZERO,
            0,
            0,
            0,
            false,
            false));
  }

  static Bytes bid(SimulatedBid bid, long block) {
    return bid(
        bid.provider().address(),
        bid.model().id(),
        bid.pricePerSecond(),
        bid.nonce(),
        BlockClock.timeOf(bid.createdBlock()),
        bid.standsAt(block) ? 0 : BlockClock.timeOf(bid.deletedBlock()));
  }

  static Bytes bid(
      Address provider, Hash32 model, BigInteger price, long nonce, long created, long deleted) {
    return new AbiWords()
        .address(provider)
        .hash(model)
        .number(price)
        .number(nonce)
        .number(created)
        .number(deleted)
        .toBytes();
  }

  static Bytes noBid() {
    return bid(NOBODY, NOTHING, BigInteger.ZERO, 0, 0, 0);
  }

  static Bytes model(SimulatedModel model, ModelVersion version) {
    return model(
        Ids.model(model.owner(), model.id()),
        Catalogue.MOR,
        model.owner(),
        version.name(),
        version.tags(),
        BlockClock.timeOf(model.versions().get(0).fromBlock()));
  }

  static Bytes noModel() {
    return model(NOTHING, BigInteger.ZERO, NOBODY, "", List.of(), 0);
  }

  private static Bytes model(
      Hash32 ipfs, BigInteger stake, Address owner, String name, List<String> tags, long created) {
    Bytes nameTail = new AbiWords().text(name).toBytes();
    Bytes tagsTail =
        new AbiWords()
            .dynamicArray(tags.stream().map(tag -> new AbiWords().text(tag).toBytes()).toList())
            .toBytes();
    long nameOffset = (long) MODEL_FIELDS * AbiWords.WORD;
    return new AbiWords()
        .number(AbiWords.WORD)
        .hash(ipfs)
        .number(0)
        .number(stake)
        .address(owner)
        .number(nameOffset)
        .number(nameOffset + nameTail.size())
        .number(created)
        .flag(false)
        .raw(nameTail)
        .raw(tagsTail)
        .toBytes();
  }
}
