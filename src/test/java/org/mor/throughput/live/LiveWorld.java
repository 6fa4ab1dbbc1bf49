package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** A live server over a small chain, which moves when a test says so. */
final class LiveWorld implements AutoCloseable {
  /** How far behind the newest block the tags are. */
  static final long SAFE_LAG = 35;

  static final long FINALIZED_LAG = 60;

  static final JsonMapper JSON = new JsonMapper();

  /** A chain whose tags are apart. */
  static final class TaggedChain extends FakeChain {
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

  final TaggedChain chain;
  final MemoryObjectStore store;
  final AtomicLong clock = new AtomicLong(1_000_000);
  final Path directory;
  private final Config.Live config;
  LiveServer server;

  LiveWorld(Path directory) throws IOException {
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
    IndexSettings settings = Worlds.settings();
    return LiveServer.still(
        new LiveServer.Parts(
            config,
            settings,
            source,
            source,
            Worlds.reader(source),
            store,
            () -> Worlds.ledger(store),
            UserPrivacy.plain(),
            new Redactor(),
            directory,
            () -> FakeChain.time(chain.head(ChainReader.HeadTag.LATEST).number()),
            clock::get),
        "127.0.0.1",
        port);
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
  LiveWorld step() {
    clock.addAndGet(10_000);
    server.step();
    return this;
  }

  LiveWorld head(long block) {
    chain.head(block);
    return step();
  }

  /** Scans and stores what the indexer would. */
  void index() {
    Worlds.backfill(Worlds.reader(chain), Worlds.ledger(store), 1, OptionalLong.empty(), false);
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
