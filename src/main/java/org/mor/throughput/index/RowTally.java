package org.mor.throughput.index;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.IdSet;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;

/**
 * What the stored rows up to a block add up to, for comparison with the contract. Takes about 32
 * bytes a session.
 */
final class RowTally {
  /** A provider and a model it served, by which the contract keeps its statistics. */
  record Pair(Hash32 model, Address provider) {}

  /** How many sessions of a provider with a model were closed. */
  record Closes(long all, long undisputed) {
    Closes plus(Closes other) {
      return new Closes(all + other.all, undisputed + other.undisputed);
    }
  }

  private final long block;
  private final Optional<BlockRange> unsafe;
  private final IdSet opens = new IdSet();
  private final IdSet closes = new IdSet();
  private final Set<Address> providers = new HashSet<>();
  private final Map<Pair, Closes> closesOf = new HashMap<>();
  private final List<Hash32> unclosed = new ArrayList<>();
  private final List<Hash32> paidUnsure = new ArrayList<>();
  private long undisputed;
  private BigInteger paid = BigInteger.ZERO;

  private RowTally(long block, Optional<BlockRange> unsafe) {
    this.block = block;
    this.unsafe = unsafe;
  }

  /** Reads all rows; those of later blocks than {@code block} do not count. */
  static RowTally read(Ledger ledger, long block) {
    RowArchive rows = ledger.rows();
    RowTally tally = new RowTally(block, ledger.unsafeReadings().find());
    for (Month month : rows.months(RowKind.CLOSES)) {
      rows.forEachClose(month, tally::close);
    }
    for (Month month : rows.months(RowKind.OPENS)) {
      rows.forEachOpen(month, tally::open);
    }
    return tally;
  }

  private void close(CloseRow row) {
    if (row.position().block() > block || !closes.add(row.sessionId())) {
      return;
    }
    CloseFacts facts = row.facts();
    undisputed += facts.disputed() ? 0 : 1;
    pair(facts.modelId(), facts.provider(), new Closes(1, facts.disputed() ? 0 : 1));
    // What is paid can only grow: what was settled by the block is what it was there.
    if (row instanceof SessionClose close
        && !close.isUnsettled()
        && close.readAtBlock() <= block
        && unsafe.filter(blocks -> blocks.contains(close.readAtBlock())).isEmpty()) {
      paid = paid.add(close.paid().value());
    } else {
      paidUnsure.add(row.sessionId());
    }
  }

  private void open(OpenRow row) {
    if (row.position().block() > block || !opens.add(row.sessionId())) {
      return;
    }
    pair(row.modelId(), row.provider(), new Closes(0, 0));
    if (!closes.contains(row.sessionId())) {
      unclosed.add(row.sessionId());
    }
  }

  private void pair(@Nullable Hash32 model, @Nullable Address provider, Closes found) {
    if (provider != null) {
      providers.add(provider);
      if (model != null) {
        closesOf.merge(new Pair(model, provider), found, Closes::plus);
      }
    }
  }

  long opens() {
    return opens.size();
  }

  long closes() {
    return closes.size();
  }

  boolean hasOpen(Hash32 session) {
    return opens.contains(session);
  }

  boolean hasClose(Hash32 session) {
    return closes.contains(session);
  }

  long undisputed() {
    return undisputed;
  }

  /** The providers that rows name. */
  Set<Address> providers() {
    return providers;
  }

  /** The closes by provider and model, for every pair that an open or a close names. */
  Map<Pair, Closes> closesOf() {
    return closesOf;
  }

  /** Opens without a close. */
  List<Hash32> unclosed() {
    return unclosed;
  }

  /** The sum in wei of what was paid by the block, but for {@link #paidUnsure} and the unclosed. */
  BigInteger paid() {
    return paid;
  }

  /** Closed sessions whose paid amount may have been another at the block than the row says. */
  List<Hash32> paidUnsure() {
    return paidUnsure;
  }
}
