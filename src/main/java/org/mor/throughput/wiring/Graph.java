package org.mor.throughput.wiring;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.aws.SecretsManagerSource;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.StoredPartials;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The objects of one command or of one scheduled run, made of the configuration when they are first
 * asked for.
 */
public final class Graph {
  private static final long FIRST_WAIT_MILLIS = 500;

  private final Config config;
  private final Path home;
  private final Redactor redactor;
  private final Tempo tempo;
  private final RandomGenerator random = new SecureRandom();
  private @Nullable ObjectStore store;
  private @Nullable RpcChainReader chain;

  /**
   * @param home relative directories of the configuration lie below it
   * @param redactor hears of the secrets that are read
   */
  public Graph(Config config, Path home, Redactor redactor, Tempo tempo) {
    this.config = config;
    this.home = home;
    this.redactor = redactor;
    this.tempo = tempo;
  }

  public Config config() {
    return config;
  }

  public IndexSettings settings() {
    Config.Scan scan = config.scan();
    return new IndexSettings(
        config.network().name(),
        config.network().chainId(),
        new Diamond(config.network().diamond()),
        config.network().startBlock(),
        scan.confirmation(),
        scan.safetyLagBlocks(),
        scan.overlapBlocks(),
        scan.maxBlocksPerRun(),
        scan.enrichClosesPerRun());
  }

  public ObjectStore store() {
    if (store == null) {
      store = open(config.store().orElseThrow());
    }
    return store;
  }

  /** The reader of the configured endpoints; it asks nothing yet. */
  public RpcChainReader chain() {
    if (chain == null) {
      List<String> urls = rpcUrls().stream().map(url -> url.reveal().toString()).toList();
      chain =
          RpcChainReader.open(
              urls, config.network().chainId(), tempo.rpc(), tempo.sleeper(), random);
    }
    return chain;
  }

  public boolean hasChain() {
    return !config.endpoints().urls().isEmpty() || config.endpoints().secretId().isPresent();
  }

  List<RpcUrl> rpcUrls() {
    Config.Aws aws = config.aws();
    return config.rpcUrls(
        id -> {
          try (SecretsManagerSource secrets =
              new SecretsManagerSource(
                  aws.region(), aws.endpoint(), DefaultCredentialsProvider.builder().build())) {
            return secrets.read(id);
          }
        },
        redactor);
  }

  public Ledger ledger() {
    return new Ledger(
        store(),
        config.privacy(),
        retry(),
        new NetworkId(config.network().name(), config.network().diamond()),
        new Ledger.Run(UUID.randomUUID().toString(), Instant::now));
  }

  public Publisher publisher() {
    return new Publisher(store(), retry()::pause);
  }

  private CommitRetry retry() {
    return CommitRetry.fullJitter(tempo.waitMillis(), random::nextLong);
  }

  public RollupRun rollup() {
    return new RollupRun(
        settings(),
        ledger(),
        config.rules(),
        publisher(),
        Runtime.getRuntime().availableProcessors());
  }

  /** The cached months of one rollup, or with {@code renew} their replacement. */
  public PartialCache partials(boolean renew) {
    return new StoredPartials(store(), config.privacy(), renew);
  }

  /** Doubles from half a second on. */
  public Patience patience() {
    return attempt -> tempo.waitMillis().accept(FIRST_WAIT_MILLIS << Math.min(attempt, 6));
  }

  private ObjectStore open(StoreLocation location) {
    if (location instanceof StoreLocation.Directory directory) {
      Path path = home.resolve(directory.path());
      return new FileObjectStore(path);
    }
    StoreLocation.Bucket bucket = (StoreLocation.Bucket) location;
    return S3ObjectStore.open(bucket, config.aws().region(), config.aws().endpoint());
  }

  /** The endpoints' hosts, in order. */
  public List<String> hosts() {
    return rpcUrls().stream().map(RpcUrl::host).toList();
  }
}
