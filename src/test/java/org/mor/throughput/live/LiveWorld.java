package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;
import org.web3j.crypto.Hash;

/** A live server over a small chain, which moves when a test says so. */
public final class LiveWorld implements AutoCloseable {
  /** How far behind the newest block the tags are. */
  static final long SAFE_LAG = 35;

  static final long FINALIZED_LAG = 60;

  static final JsonMapper JSON = new JsonMapper();

  /** A chain whose tags are apart. */
  public static class TaggedChain extends FakeChain {
    TaggedChain(long head) {
      super(head);
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      BlockHeader latest = super.head(HeadTag.LATEST);
      long lag =
          switch (tag) {
            case LATEST -> 0;
            case SAFE -> SAFE_LAG;
            case FINALIZED -> FINALIZED_LAG;
          };
      return header(Math.max(0, latest.number() - lag)).orElseThrow();
    }
  }

  static final long START = 1_000;

  /** One for all: every client of Java's keeps its connections. */
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  public final TaggedChain chain;
  public final MemoryObjectStore store;
  final AtomicLong clock = new AtomicLong(1_000_000);

  /** How often the store was looked at. */
  final AtomicInteger ledgers = new AtomicInteger();

  boolean storeIsAway;
  final Path directory;
  private final Config.Live config;
  LiveServer server;

  public LiveWorld(Path directory) throws IOException {
    this(directory, new TaggedChain(START), new MemoryObjectStore(), config(true, 100));
  }

  LiveWorld(Path directory, TaggedChain chain, MemoryObjectStore store, Config.Live config)
      throws IOException {
    this.directory = directory;
    this.chain = chain;
    this.store = store;
    this.config = config;
    this.server = open(chain, 0);
  }

  static Config.Live config(boolean shown, int connections, String... proxies) {
    return new Config.Live(
        10, Optional.empty(), "unused", shown, shown, connections, List.of(proxies), 15);
  }

  private LiveServer open(ChainReader source, int port) throws IOException {
    return LiveServer.still(parts(source, config, UserPrivacy.plain()), "127.0.0.1", port);
  }

  LiveServer.Parts parts(ChainReader source, Config.Live with, UserPrivacy privacy) {
    return new LiveServer.Parts(
        with,
        Worlds.settings(),
        source,
        source,
        Worlds.reader(source),
        store,
        this::ledger,
        privacy,
        new Redactor(),
        directory,
        () -> FakeChain.time(chain.head(ChainReader.HeadTag.LATEST).number()),
        clock::get);
  }

  private Ledger ledger() {
    ledgers.incrementAndGet();
    if (storeIsAway) {
      throw new StoreUnavailableException("Reading the store: it is away");
    }
    return Worlds.ledger(store);
  }

  /** The process ends and another one begins. */
  void restart() throws IOException {
    restart(0);
  }

  /** The same, and the other one listens at this port. */
  void restart(int port) throws IOException {
    server.close();
    server = open(chain, port);
  }

  /** The server looks at the chain once; tags and figures are due each time. */
  public LiveWorld step() {
    clock.addAndGet(10_000);
    server.step();
    return this;
  }

  public LiveWorld head(long block) {
    chain.head(block);
    return step();
  }

  /**
   * An event of bids, models or providers, whose arguments are words but for the last one's data.
   */
  void market(String signature, long block, long index, String data, long... words) {
    Hash32[] topics = new Hash32[words.length + 1];
    topics[0] = Hash32.of(Hash.sha3(signature.getBytes(StandardCharsets.US_ASCII)));
    for (int i = 0; i < words.length; i++) {
      topics[i + 1] = word(words[i]);
    }
    chain.log(block, index, data, topics);
  }

  static Hash32 word(long number) {
    return Hash32.fromHex("0x%064x".formatted(number));
  }

  /** One of each of these events in a block, from an index on. */
  void market(long block, long index) {
    String nonce = word(7).toHex();
    market("MarketplaceBidPosted(address,bytes32,uint256)", block, index, nonce, 0xa1, 0xb2);
    market("MarketplaceBidDeleted(address,bytes32,uint256)", block, index + 1, nonce, 0xa1, 0xb2);
    market("ModelRegisteredUpdated(address,bytes32)", block, index + 2, "0x", 0xc3, 0xb2);
    market("ModelDeregistered(address,bytes32)", block, index + 3, "0x", 0xc3, 0xb2);
    market("ProviderRegistered(address)", block, index + 4, "0x", 0xa1);
    market("ProviderDeregistered(address)", block, index + 5, "0x", 0xa1);
  }

  /** Scans and stores what the indexer would. */
  void index() {
    Worlds.backfill(Worlds.reader(chain), Worlds.ledger(store), 1, OptionalLong.empty(), false);
  }

  /** Where the server answers. */
  public URI address() {
    return server.address();
  }

  Ears listen(String path) {
    return Ears.open(URI.create("ws" + server.address().resolve(path).toString().substring(4)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(server.address().resolve(path)).build(), BodyHandlers.ofString());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  @Override
  public void close() {
    server.close();
  }
}
