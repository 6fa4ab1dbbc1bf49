package org.mor.throughput.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.aws.SecretsManagerSource;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.ProbeTarget;
import org.mor.throughput.adapter.rpc.ProbedEndpoint;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.StoredPartials;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** The objects of one command, made of its configuration when they are first asked for. */
final class Graph {
  private static final long FIRST_WAIT_MILLIS = 500;

  private final Config config;
  private final Surroundings around;
  private final Tempo tempo;
  private final RandomGenerator random = new SecureRandom();
  private @Nullable ObjectStore store;
  private @Nullable RpcChainReader chain;

  Graph(Config config, Surroundings around, Tempo tempo) {
    this.config = config;
    this.around = around;
    this.tempo = tempo;
  }

  Config config() {
    return config;
  }

  ProgressReporter progress() {
    return around.progress();
  }

  Surroundings around() {
    return around;
  }

  IndexSettings settings() {
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

  ObjectStore store() {
    if (store == null) {
      store = open(config.store().orElseThrow());
    }
    return store;
  }

  /** The reader of the configured endpoints; it asks nothing yet. */
  RpcChainReader chain() {
    if (chain == null) {
      chain = chain(rpcUrls());
    }
    return chain;
  }

  /** A reader of some endpoints only. */
  RpcChainReader chain(List<RpcUrl> urls) {
    return RpcChainReader.open(
        urls.stream().map(url -> url.reveal().toString()).toList(),
        config.network().chainId(),
        tempo.rpc(),
        tempo.sleeper(),
        random);
  }

  /** Probes the endpoints at {@code urls}, each by itself. */
  List<ProbedEndpoint> probe(List<String> urls, ProbeTarget target, Duration longestAnswer) {
    Duration limit = tempo.rpc().requestTimeout();
    return EndpointProbe.probe(
        urls,
        target,
        tempo.rpc().withRequestTimeout(limit.compareTo(longestAnswer) < 0 ? limit : longestAnswer),
        tempo.sleeper(),
        System::nanoTime);
  }

  boolean hasChain() {
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
        around.redactor());
  }

  Ledger ledger() {
    return new Ledger(
        store(),
        config.privacy(),
        retry(),
        new NetworkId(config.network().name(), config.network().diamond()),
        new Ledger.Run(UUID.randomUUID().toString(), Instant::now));
  }

  Publisher publisher() {
    return new Publisher(store(), retry()::pause);
  }

  private CommitRetry retry() {
    return CommitRetry.fullJitter(tempo.waitMillis(), random::nextLong);
  }

  RollupRun rollup() {
    return new RollupRun(
        settings(),
        ledger(),
        config.rules(),
        publisher(),
        Runtime.getRuntime().availableProcessors());
  }

  /** The cached months of one rollup, or with {@code renew} their replacement. */
  PartialCache partials(boolean renew) {
    return new StoredPartials(store(), config.privacy(), renew);
  }

  /** Doubles from half a second on. */
  Patience patience() {
    return attempt -> tempo.waitMillis().accept(FIRST_WAIT_MILLIS << Math.min(attempt, 6));
  }

  private ObjectStore open(StoreLocation location) {
    if (location instanceof StoreLocation.Directory directory) {
      Path path = around.home().resolve(directory.path());
      return new FileObjectStore(path);
    }
    StoreLocation.Bucket bucket = (StoreLocation.Bucket) location;
    return S3ObjectStore.open(bucket, config.aws().region(), config.aws().endpoint());
  }

  /** The endpoints' hosts, in order. */
  List<String> hosts() {
    return rpcUrls().stream().map(RpcUrl::host).toList();
  }
}
