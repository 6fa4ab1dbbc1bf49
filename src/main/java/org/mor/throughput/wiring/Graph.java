package org.mor.throughput.wiring;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.aws.ChosenCredentials;
import org.mor.throughput.adapter.aws.SecretSource;
import org.mor.throughput.adapter.aws.SecretsManagerSource;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Patience;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunTally;
import org.mor.throughput.index.StoredPartials;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * The objects of one command or of one scheduled run, made of the configuration when they are first
 * asked for.
 */
public final class Graph {
  /**
   * How patient a command is with what it talks to. The program has one tempo; tests have a quicker
   * one.
   */
  public record Tempo(RpcOptions rpc, Sleeper sleeper) {
    /** The tempo of the program. */
    public static Tempo real() {
      return new Tempo(RpcOptions.defaults(), Sleeper.system());
    }
  }

  private final Config config;
  private @Nullable Config withUserKey;
  private final Path home;
  private final Redactor redactor;
  private final RandomGenerator random = new SecureRandom();
  private final SecretSource.Cached secrets =
      new SecretSource.Cached(id -> secretsManager().read(id), Instant::now);
  private final ChosenCredentials credentials = new ChosenCredentials();
  private final Tempo tempo;
  private Ledger.Run run =
      new Ledger.Run(UUID.randomUUID().toString(), Instant::now, new RunTally(System::nanoTime));
  private Supplier<Duration> longestQuestion = () -> Duration.ofDays(1);
  private @Nullable SecretsManagerSource secretsManager;
  private @Nullable ObjectStore store;
  private @Nullable RpcChainReader chain;
  private List<RpcUrl> chainUrls = List.of();
  private @Nullable Cdn cdn;

  /**
   * @param home relative directories of the configuration lie below it
   * @param redactor hears of the secrets that are read
   */
  public Graph(Config config, Path home, Redactor redactor, Tempo tempo) {
    this.config = config;
    this.home = home;
    this.redactor = redactor;
    this.tempo = tempo;
    if (System.getenv().getOrDefault("AWS_ENDPOINT_URL", "none").isBlank()) {
      // An empty value means none, but the SDK reads the variable too and fails on an empty one.
      System.setProperty(SdkSystemSetting.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.property(), "true");
    }
  }

  public Config config() {
    return config;
  }

  /** How wallets are written; reads the key's secret, where there is one, at its first use. */
  public UserPrivacy privacy() {
    return withUserKey().privacy();
  }

  /** What the configuration says about closes; reads the key's secret as {@link #privacy} does. */
  public MetricRules rules() {
    return withUserKey().rules();
  }

  private Config withUserKey() {
    if (withUserKey == null) {
      withUserKey = config.withUserKey(secrets, redactor);
    }
    return withUserKey;
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
      chainUrls = rpcUrls();
      chain = chain(chainUrls);
      chain.limitQuestions(() -> longestQuestion.get());
    }
    return chain;
  }

  /** A reader of some endpoints only. */
  public RpcChainReader chain(List<RpcUrl> urls) {
    return RpcChainReader.open(
        urls.stream().map(url -> url.reveal().toString()).toList(),
        config.network().chainId(),
        tempo.rpc().withInFlight(config.endpoints().concurrency()),
        tempo.sleeper(),
        random);
  }

  /** Probes the endpoints at {@code urls}, each by itself. */
  public List<EndpointProbe.Probed> probe(
      List<String> urls, EndpointProbe.Target target, Duration longestAnswer) {
    Duration limit = tempo.rpc().requestTimeout();
    return EndpointProbe.probe(
        urls,
        target,
        tempo.rpc().withRequestTimeout(limit.compareTo(longestAnswer) < 0 ? limit : longestAnswer),
        tempo.sleeper(),
        System::nanoTime);
  }

  public boolean hasChain() {
    return !config.endpoints().urls().isEmpty() || config.endpoints().secretId().isPresent();
  }

  /** The endpoints, from the configuration or from the secret as it was lately. */
  public List<RpcUrl> rpcUrls() {
    return config.rpcUrls(secrets, redactor);
  }

  private SecretsManagerSource secretsManager() {
    if (secretsManager == null) {
      Config.Aws aws = config.aws();
      secretsManager = new SecretsManagerSource(aws.region(), aws.endpoint(), credentials);
    }
    return secretsManager;
  }

  /** The reader is made anew at its next use if the secret holds other URLs by now. */
  public void followSecret() {
    if (chain != null && !rpcUrls().equals(chainUrls)) {
      chain = null;
    }
  }

  /** The next use reads the secret again and makes a new reader, which gives nobody up yet. */
  public void forgetEndpoints() {
    secrets.forget();
    chain = null;
  }

  /**
   * Begins a run: what it writes carries {@code id}, and no question to the chain outlasts what
   * {@code longestQuestion} says at that moment.
   */
  public void beginRun(String id, Supplier<Duration> longest) {
    run = new Ledger.Run(id, Instant::now, new RunTally(System::nanoTime));
    longestQuestion = longest;
  }

  /** The run that was begun last. */
  Ledger.Run run() {
    return run;
  }

  /** HTTP requests that the reader of the configured endpoints sent. */
  long rpcRequests() {
    return chain == null ? 0 : chain.stats().snapshot().requests();
  }

  Redactor redactor() {
    return redactor;
  }

  public Ledger ledger() {
    return new Ledger(
        store(),
        privacy(),
        retry(),
        new NetworkId(config.network().name(), config.network().diamond()),
        run);
  }

  public Publisher publisher() {
    return new Publisher(store(), retry());
  }

  /** Short, since longer waits starve a writer: others that just succeeded come in between. */
  private Patience retry() {
    return Backoff.random(Duration.ofMillis(50), Duration.ofSeconds(1), random, tempo.sleeper());
  }

  public RollupRun rollup() {
    return new RollupRun(
        settings(), ledger(), rules(), publisher(), Runtime.getRuntime().availableProcessors());
  }

  /** The cached months of one rollup, or with {@code renew} their replacement. */
  public PartialCache partials(boolean renew) {
    return new StoredPartials(store(), privacy(), renew);
  }

  /**
   * Makes the clients of AWS that every run uses now rather than when they are first used; contacts
   * nobody. Not the CDN's, which is the largest and is used only when a figure has changed.
   */
  public void connect() {
    store();
    boolean urlsInSecret =
        config.endpoints().urls().isEmpty() && config.endpoints().secretId().isPresent();
    if (urlsInSecret || config.userKeySecret().isPresent()) {
      secretsManager();
    }
  }

  /** The CDN before the store, where there is one. */
  public Cdn cdn() {
    if (cdn == null) {
      cdn = Cdn.of(config, credentials);
    }
    return cdn;
  }

  /** What one run reads the contract through. */
  public ContractReader reader() {
    return reader(settings());
  }

  public ContractReader reader(IndexSettings settings) {
    return new ContractReader(chain(), settings, pause());
  }

  /** The reader of another chain than {@link #chain()}. */
  public ContractReader reader(ChainReader other) {
    return new ContractReader(other, settings(), pause());
  }

  /** For the state of a new block, which nodes answer some seconds later; doubles from 1 s on. */
  private IntConsumer pause() {
    Duration first = Duration.ofSeconds(1);
    return new Backoff(first, first.multipliedBy(32), whole -> whole, tempo.sleeper())::await;
  }

  /** Another store than {@link #store()}, with the same credentials. */
  public ObjectStore open(StoreLocation location) {
    if (location instanceof StoreLocation.Directory directory) {
      String user =
          Objects.requireNonNullElse(System.getenv("HOME"), System.getProperty("user.home"));
      return new FileObjectStore(home.resolve(directory.withHome(user)));
    }
    StoreLocation.Bucket bucket = (StoreLocation.Bucket) location;
    return S3ObjectStore.open(bucket, config.aws().region(), config.aws().endpoint(), credentials);
  }
}
