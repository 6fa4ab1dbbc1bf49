package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.MarketBook.RunningStats;

/**
 * What the contract's getters return after a block. An id it does not know gives a struct of zeros,
 * as the contract does.
 */
final class MarketState {
  private static final String SESSIONS = "diamond.standard.sessions.storage";
  private static final Hash32 NONCE_SLOT = Ids.slot(SESSIONS, 3);
  private static final Hash32 CLAIMED_SLOT = Ids.slot(SESSIONS, 2);

  private final Catalogue catalogue;
  private final MarketBook book;
  private final Map<Hash32, SimulatedBid> bids = new HashMap<>();
  private final Map<Hash32, SimulatedModel> models = new HashMap<>();

  MarketState(Catalogue catalogue, MarketBook book) {
    this.catalogue = catalogue;
    this.book = book;
    catalogue.bids().forEach(bid -> bids.put(bid.id(), bid));
    catalogue.models().forEach(model -> models.put(model.id(), model));
  }

  Bytes session(Hash32 id, long block) {
    return book.session(id)
        .filter(session -> session.plan().openBlock() <= block)
        .map(session -> StructWriter.session(session, block))
        .orElseGet(StructWriter::noSession);
  }

  Bytes bid(Hash32 id, long block) {
    return Optional.ofNullable(bids.get(id))
        .filter(bid -> bid.createdBlock() <= block)
        .map(bid -> StructWriter.bid(bid, block))
        .orElseGet(StructWriter::noBid);
  }

  Bytes model(Hash32 id, long block) {
    return Optional.ofNullable(models.get(id))
        .flatMap(model -> model.at(block).map(version -> StructWriter.model(model, version)))
        .orElseGet(StructWriter::noModel);
  }

  Bytes modelIds(long offset, long limit, long block) {
    return page(
        catalogue.models().stream()
            .filter(model -> model.at(block).isPresent())
            .map(SimulatedModel::id)
            .toList(),
        offset,
        limit);
  }

  Bytes totalSessions(Address provider, long block) {
    return new AbiWords().number(book.ofProvider(provider, block).size()).toBytes();
  }

  Bytes providerSessions(Address provider, long offset, long limit, long block) {
    List<SimulatedSession> all = book.ofProvider(provider, block);
    int from = (int) Math.min(offset, all.size());
    int to = (int) Math.min(from + limit, all.size());
    List<Hash32> ids = all.subList(from, to).stream().map(SimulatedSession::id).toList();
    return page(ids, all.size());
  }

  private static Bytes page(List<Hash32> all, long offset, long limit) {
    int from = (int) Math.min(offset, all.size());
    int to = (int) Math.min(from + limit, all.size());
    return page(all.subList(from, to), all.size());
  }

  private static Bytes page(List<Hash32> ids, int total) {
    return new AbiWords().number(2L * AbiWords.WORD).number(total).hashes(ids).toBytes();
  }

  Bytes totalClaimed(long block) {
    return new AbiWords().number(book.payouts().totalAt(block)).toBytes();
  }

  /** The running averages the contract keeps of a provider's closes for a model. */
  Bytes providerModelStats(Hash32 model, Address provider, long block) {
    RunningStats stats = new RunningStats();
    book.ofProvider(provider, block).stream()
        .filter(session -> session.plan().bid().model().id().equals(model))
        .filter(session -> session.closedInBlock() <= block)
        .forEach(stats::add);
    return stats.toBytes();
  }

  /** A storage slot of the diamond; zero for all but the two that count sessions and payments. */
  Hash32 storage(Hash32 slot, long block) {
    if (slot.equals(NONCE_SLOT)) {
      return AbiWords.wordOf(BigInteger.valueOf(book.openedBy(block)));
    }
    return AbiWords.wordOf(
        slot.equals(CLAIMED_SLOT) ? book.payouts().totalAt(block) : BigInteger.ZERO);
  }

  /** Finds the getter that call data asks for, as the diamond does by the first four bytes. */
  static final class DiamondCalls {
    private static final int SELECTOR = 4;
    private static final BigInteger MAX_PAGE = BigInteger.valueOf(Integer.MAX_VALUE);

    private DiamondCalls() {}

    static Bytes answer(MarketState state, Bytes data, long block) throws RevertedException {
      return switch (data.slice(0, Math.min(SELECTOR, data.size())).toHex()) {
        case "0x39b240bd" -> state.session(word(data, 0), block);
        case "0x91704e1e" -> state.bid(word(data, 0), block);
        case "0x21e7c498" -> state.model(word(data, 0), block);
        case "0x08d0aab4" -> state.modelIds(number(data, 0), number(data, 1), block);
        case "0x76400935" -> state.totalSessions(address(data, 0), block);
        case "0x87bced7d" ->
            state.providerSessions(address(data, 0), number(data, 1), number(data, 2), block);
        case "0xbdfbbada" -> state.totalClaimed(block);
        case "0x1b26c116" -> state.providerModelStats(word(data, 0), address(data, 1), block);
        default -> throw new RevertedException("Diamond: Function does not exist");
      };
    }

    private static Hash32 word(Bytes data, int index) throws RevertedException {
      int from = SELECTOR + index * AbiWords.WORD;
      if (data.size() < from + AbiWords.WORD) {
        throw new RevertedException("call data of " + data.size() + " bytes is too short");
      }
      return Hash32.of(data.slice(from, from + AbiWords.WORD).toArray());
    }

    private static Address address(Bytes data, int index) throws RevertedException {
      try {
        return Address.fromWord(word(data, index));
      } catch (IllegalArgumentException e) {
        throw new RevertedException("not an address: word " + index);
      }
    }

    /** A page's offset or size, which may be any uint256. */
    private static long number(Bytes data, int index) throws RevertedException {
      return new BigInteger(1, word(data, index).toArray()).min(MAX_PAGE).longValue();
    }
  }

  /** The simulated contract refuses a call. */
  static final class RevertedException extends Exception {
    RevertedException(String reason) {
      super(reason);
    }
  }
}
