package org.mor.throughput.testing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent.Kind;

/** A chain with one diamond on it that answers at once and truthfully. */
public class FakeChain implements ChainReader {
  public static final long CHAIN_ID = 8453;
  public static final Diamond DIAMOND = new Diamond(address(0xd1));

  /** 2026-01-30 00:00:00 UTC: a month ends after two days of blocks. */
  private static final long GENESIS = 1_769_731_200;

  private static final long BLOCK_SECONDS = 60;

  private final List<FakeSession> sessions = new ArrayList<>();
  private final Map<Hash32, FakeSession> byId = new HashMap<>();
  private final Map<Hash32, FakeSession> byBid = new HashMap<>();
  private final Map<Hash32, String> names = new HashMap<>();
  private final Map<Hash32, List<String>> tags = new HashMap<>();
  private final List<Long> cuts = new ArrayList<>();
  private final List<RawLog> others = new ArrayList<>();
  private long head;
  private long window = Long.MAX_VALUE;
  private final List<Long> forks = new ArrayList<>();
  private int calls;

  public FakeChain(long head) {
    this.head = head;
  }

  public FakeSession open(int user, int provider, int model, long block, long seconds) {
    FakeSession session = new FakeSession(sessions.size(), user, provider, model, block, seconds);
    sessions.add(session);
    byId.put(session.id, session);
    byBid.put(session.bid, session);
    return session;
  }

  /** The session is of a bid of another provider from now on, though its events stay. */
  public void rebid(FakeSession session, int provider) {
    byBid.put(session.bid, new FakeSession(session.nonce, 0, provider, 1, session.openBlock, 0));
  }

  public FakeChain head(long block) {
    head = block;
    return this;
  }

  /** Answers at most so many blocks of logs at once. */
  public FakeChain window(long blocks) {
    window = blocks;
    return this;
  }

  public FakeChain named(int model, String name) {
    names.put(hash(0x70 + model), name);
    return this;
  }

  public FakeChain tagged(int model, String... words) {
    tags.put(hash(0x70 + model), List.of(words));
    return this;
  }

  /** The diamond's code changes in a block. */
  public FakeChain cut(long block) {
    cuts.add(block);
    return this;
  }

  /** Another event of the diamond, as it stands in the log. */
  public FakeChain log(long block, long index, String data, Hash32... topics) {
    others.add(
        new RawLog(
            DIAMOND.address(),
            List.of(topics),
            Bytes.fromHex(data),
            new LogPosition(block, index),
            hash(0x7000_0000)));
    return this;
  }

  /** From now on all blocks have other hashes. */
  public FakeChain forked() {
    return forkedAbove(-1);
  }

  /** From now on all blocks above this one have other hashes. */
  public FakeChain forkedAbove(long block) {
    forks.add(block);
    return this;
  }

  /** The session never opened. */
  public FakeChain without(FakeSession session) {
    sessions.remove(session);
    byId.remove(session.id);
    byBid.remove(session.bid);
    sessions.forEach(other -> byBid.putIfAbsent(other.bid, other));
    return this;
  }

  /** Another session has the id of one that never opened here. */
  public FakeSession inItsPlace(FakeSession gone, int provider, long block, long seconds) {
    without(gone);
    FakeSession session = new FakeSession(gone, provider, block, seconds);
    sessions.add(session);
    byId.put(session.id, session);
    byBid.put(session.bid, session);
    return session;
  }

  /** All sessions, in the order of their nonces. */
  public List<FakeSession> sessions() {
    return sessions.stream().sorted(Comparator.comparingInt(session -> session.nonce)).toList();
  }

  /** How often anything was asked. */
  public int asked() {
    return calls;
  }

  /** Called before every answer; a subclass may throw. */
  protected void beforeAnswer() {
    calls++;
  }

  @Override
  public long chainId() {
    return CHAIN_ID;
  }

  @Override
  public BlockHeader head(HeadTag tag) {
    beforeAnswer();
    return headerOf(tag == HeadTag.LATEST ? head : Math.max(0, head - 40));
  }

  @Override
  public Optional<BlockHeader> header(long number) {
    beforeAnswer();
    return number > head ? Optional.empty() : Optional.of(headerOf(number));
  }

  /** All of them are one question. */
  @Override
  public Map<Long, BlockHeader> headers(Collection<Long> numbers) {
    beforeAnswer();
    Map<Long, BlockHeader> headers = new HashMap<>();
    numbers.forEach(number -> headers.put(number, headerOf(number)));
    return headers;
  }

  @Override
  public LogSlice logs(LogQuery query) {
    beforeAnswer();
    BlockRange range = query.range().head(Math.min(window, query.range().size()));
    List<BlockHeader> anchors = query.anchors().stream().map(this::headerOf).toList();
    return new LogSlice(range, headerOf(range.last()), logsIn(query.over(range)), anchors, "");
  }

  /** All logs of a range, in order. */
  private List<RawLog> logsIn(LogQuery query) {
    BlockRange range = query.range();
    List<RawLog> logs = new ArrayList<>();
    for (FakeSession session : sessions) {
      if (range.contains(session.openBlock)) {
        logs.add(log(session, Kind.OPENED, session.openBlock));
      }
      if (range.contains(session.closeBlock) && session.emitsClose) {
        logs.add(log(session, Kind.CLOSED, session.closeBlock));
      }
    }
    for (long block : cuts) {
      if (range.contains(block) && query.topic0().contains(Diamond.CUT_TOPIC)) {
        logs.add(
            new RawLog(
                DIAMOND.address(),
                List.of(Diamond.CUT_TOPIC),
                Bytes.fromHex("0x1f931c1c"),
                new LogPosition(block, 1_000_000),
                hash(0x6000_0000)));
      }
    }
    others.stream()
        .filter(log -> range.contains(log.position().block()))
        .filter(log -> query.topic0().contains(log.topics().get(0)))
        .forEach(logs::add);
    logs.sort(Comparator.comparing(RawLog::position));
    return logs;
  }

  @Override
  public List<CallResult> calls(List<ContractCall> asked, long block) {
    beforeAnswer();
    return asked.stream().<CallResult>map(call -> answer(call, block)).toList();
  }

  @Override
  public Hash32 storage(Address contract, Hash32 slot, long block) {
    beforeAnswer();
    boolean counter = contract.equals(DIAMOND.address()) && slot.equals(Diamond.SESSION_COUNT_SLOT);
    long opened = sessions.stream().filter(session -> session.openBlock <= block).count();
    return Hash32.of(new Words().number(counter ? opened : 0).done().toArray());
  }

  private CallResult answer(ContractCall call, long block) {
    Optional<Bytes> figure = new FakeFigures(sessions, call.data(), block).answer();
    if (figure.isPresent()) {
      return new CallResult.Returned(figure.get());
    }
    Hash32 id = Hash32.of(call.data().slice(4, 36).toArray());
    if (call.equals(DIAMOND.session(id))) {
      FakeSession session = byId.get(id);
      boolean known = session != null && session.openBlock <= block;
      return new CallResult.Returned(known ? session.state(block) : zeros(13));
    }
    if (call.equals(DIAMOND.bid(id))) {
      FakeSession session = byBid.get(id);
      return new CallResult.Returned(session == null ? zeros(6) : bid(session));
    }
    if (call.equals(DIAMOND.model(id))) {
      return new CallResult.Returned(
          model(
              names.getOrDefault(id, "model-" + id.toHex().substring(64)),
              tags.getOrDefault(id, List.of("llm"))));
    }
    return new CallResult.Reverted(Bytes.EMPTY);
  }

  private static Bytes zeros(int words) {
    Words out = new Words();
    for (int i = 0; i < words; i++) {
      out.number(i == 0 && words == 13 ? 32 : 0);
    }
    return out.done();
  }

  private static Bytes bid(FakeSession session) {
    return new Words()
        .address(session.provider)
        .hash(session.model)
        .number(FakeSession.PRICE)
        .number(0)
        .number(1)
        .number(0)
        .done();
  }

  private static Bytes model(String name, List<String> tags) {
    Words words =
        new Words()
            .number(32)
            .number(0)
            .number(0)
            .number(0)
            .address(address(0x99))
            .number(256)
            .number(256 + new Words().text(name).done().size())
            .number(1)
            .number(0)
            .text(name)
            .number(tags.size());
    int offset = 32 * tags.size();
    for (String tag : tags) {
      words.number(offset);
      offset += new Words().text(tag).done().size();
    }
    tags.forEach(words::text);
    return words.done();
  }

  private RawLog log(FakeSession session, Kind kind, long block) {
    return new RawLog(
        DIAMOND.address(),
        List.of(kind.topic(), word(session.user), session.id, word(session.provider)),
        Bytes.EMPTY,
        new LogPosition(block, session.nonce * 2L + (kind == Kind.OPENED ? 0 : 1)),
        hash(0x7000_0000 + session.nonce * 2 + (kind == Kind.OPENED ? 0 : 1)));
  }

  /** Stays the same while the chain does. */
  BlockHeader headerOf(long number) {
    int fork = 0;
    for (int i = 0; i < forks.size(); i++) {
      fork = forks.get(i) < number ? i + 1 : fork;
    }
    return new BlockHeader(number, hash((int) number + 1_000_000 * (fork + 1)), time(number));
  }

  /** The block of a hash; empty for one that the chain has left. */
  Optional<Long> blockOf(Hash32 hash) {
    BigInteger value = new BigInteger(1, hash.toArray());
    return Optional.of(value.mod(BigInteger.valueOf(1_000_000)).longValueExact())
        .filter(n -> n <= head && headerOf(n).hash().equals(hash));
  }

  @Override
  public List<Witness> witnesses() {
    return List.of(new Honest());
  }

  /** An endpoint that tells the truth by block hash. */
  public class Honest implements Witness {
    @Override
    public String name() {
      return "honest";
    }

    @Override
    public Optional<BlockHeader> header(long number) {
      return FakeChain.this.header(number);
    }

    @Override
    public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
      long block = block(blockHash);
      beforeAnswer();
      return logsIn(query.over(new BlockRange(block, block)));
    }

    @Override
    public Optional<Receipt> receipt(Hash32 txHash) {
      beforeAnswer();
      return logsIn(new LogQuery(DIAMOND.address(), List.of(txHash), new BlockRange(0, head)))
          .stream()
          .filter(log -> log.txHash().equals(txHash))
          .findFirst()
          .map(log -> receipt(log, headerOf(log.position().block())));
    }

    private Receipt receipt(RawLog log, BlockHeader block) {
      return new Receipt(block.number(), block.hash(), List.of(log));
    }

    @Override
    public List<CallResult> calls(List<ContractCall> asked, Hash32 blockHash) {
      return FakeChain.this.calls(asked, block(blockHash));
    }

    private long block(Hash32 hash) {
      return blockOf(hash)
          .orElseThrow(() -> new ChainUnavailableException("unknown block " + hash));
    }
  }

  /** The time of a block in Unix seconds. */
  public static long time(long block) {
    return GENESIS + BLOCK_SECONDS * block;
  }

  static Address address(int value) {
    return Address.fromWord(hash(value));
  }

  static Hash32 hash(int value) {
    return Hash32.of(new Words().number(value).done().toArray());
  }

  private static Hash32 word(Address address) {
    return Hash32.of(new Words().address(address).done().toArray());
  }
}
