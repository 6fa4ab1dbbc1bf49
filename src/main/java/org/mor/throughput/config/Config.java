package org.mor.throughput.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.adapter.aws.SecretSource;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.StoreLocation;

/**
 * The whole configuration, checked. Printing it shows no secret.
 *
 * @param userKeySecret the secret that holds the key for {@code privacy} and {@code rules}; empty
 *     when the configuration itself says how wallets are written, or once the key was read
 */
public record Config(
    Network network,
    Endpoints endpoints,
    Optional<StoreLocation> store,
    Aws aws,
    Scan scan,
    MetricRules rules,
    UserPrivacy privacy,
    Optional<String> userKeySecret,
    Live live,
    Relay relay,
    Telemetry telemetry,
    Log log) {

  /** What a command cannot do without. */
  public enum Need {
    /** An endpoint of the chain. */
    RPC,
    /** A place for rows and documents. */
    STORE,
    /** The block at which the contract's history starts. */
    START_BLOCK
  }

  private static final int SHORTEST_USER_KEY = 16;
  static final String USER_KEY_FORM =
      "a random text of at least %d characters".formatted(SHORTEST_USER_KEY);

  static boolean isUserKey(String text) {
    return text.length() >= SHORTEST_USER_KEY;
  }

  /**
   * How the chain is reached.
   *
   * @param urls preferred first; empty when they are to be read from the secret
   */
  public record Endpoints(List<RpcUrl> urls, Optional<String> secretId, int concurrency) {
    public Endpoints {
      urls = List.copyOf(urls);
    }
  }

  /**
   * How wallets are written in rows.
   *
   * @throws IllegalStateException while the key is still in its secret
   */
  @Override
  public UserPrivacy privacy() {
    requireUserKey();
    return privacy;
  }

  /**
   * What the configuration says about closes; gateway wallets are written as in rows.
   *
   * @throws IllegalStateException while the key is still in its secret
   */
  @Override
  public MetricRules rules() {
    requireUserKey();
    return rules;
  }

  /** Plain wallets must never be stored because nobody read the key. */
  private void requireUserKey() {
    if (userKeySecret.isPresent()) {
      throw new IllegalStateException("The key in " + userKeySecret.get() + " was not read yet");
    }
  }

  /** The region is always given; an endpoint means an S3-compatible server, path-style. */
  public record Aws(
      String region, Optional<URI> endpoint, Optional<String> cloudFrontDistributionId) {}

  /**
   * How far and how much one run reads.
   *
   * @param confirmation which head is followed
   */
  public record Scan(
      long maxBlocksPerRun,
      long safetyLagBlocks,
      IndexSettings.Confirmation confirmation,
      long overlapBlocks,
      int enrichClosesPerRun) {}

  /**
   * How events are streamed.
   *
   * @param pollMillis how often the newest block is asked for
   * @param webSocket where the node tells of new blocks; empty where it is only asked
   * @param directory of the messages that are kept; a relative one lies below the project
   * @param trustedProxies addresses or networks such as 10.0.0.0/8
   */
  public record Live(
      long pollMillis,
      Optional<RpcUrl> webSocket,
      String directory,
      boolean showUsers,
      boolean showSessions,
      int connectionsPerAddress,
      List<String> trustedProxies,
      long scheduleMinutes) {
    public Live {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /**
   * How webhooks are signed.
   *
   * @param secrets the keys; the newest first, and none where none is configured
   */
  public record Relay(List<byte[]> secrets) {
    public Relay {
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * How requests are counted.
   *
   * @param database a file; a relative one lies below the project
   * @param token of the figures; empty where nobody may see them
   */
  public record Telemetry(Optional<String> database, Optional<String> token) {}

  public record Log(LogFormat format, LogLevel level) {}

  /** Registers every secret of {@code variables} before anything of them is read. */
  public static void hideSecrets(Map<String, String> variables, Redactor redactor) {
    for (String url : variables.getOrDefault(Variable.BASE_RPC_URL.name(), "").split(",", -1)) {
      redactor.addUrl(url.strip());
    }
    redactor.addUrl(variables.getOrDefault(Variable.LIVE_WS_URL.name(), "").strip());
    redactor.add(variables.getOrDefault(Variable.USER_HASH_KEY.name(), "").strip());
    redactor.add(variables.getOrDefault(Variable.RELAY_SECRET.name(), "").strip());
    redactor.add(variables.getOrDefault(Variable.RELAY_SECRET_PREVIOUS.name(), "").strip());
    redactor.add(variables.getOrDefault(Variable.TELEMETRY_TOKEN.name(), "").strip());
  }

  /**
   * Reads the variables; an empty value counts as absent.
   *
   * @throws ConfigException with every problem found, those of {@code needs} included
   */
  public static Config parse(Map<String, String> values, Need... needs) {
    return new ConfigParser(values).parse(List.of(needs));
  }

  /**
   * The endpoints, read from the secret when the configuration holds none.
   *
   * @throws ConfigException when the secret's text is not a list of URLs
   */
  public List<RpcUrl> rpcUrls(SecretSource secrets, Redactor redactor) {
    if (!endpoints.urls.isEmpty() || endpoints.secretId.isEmpty()) {
      return endpoints.urls;
    }
    String id = endpoints.secretId.get();
    List<String> problems = new ArrayList<>();
    List<RpcUrl> urls = RpcUrl.read("the secret " + id, secrets.read(id), problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    urls.forEach(url -> redactor.addUrl(url.reveal().toString()));
    return urls;
  }

  /**
   * This configuration with the key for wallets, which is read from its secret when it is not known
   * yet.
   *
   * @throws ConfigException when the secret's text is no key
   */
  public Config withUserKey(SecretSource secrets, Redactor redactor) {
    if (userKeySecret.isEmpty()) {
      return this;
    }
    String id = userKeySecret.get();
    String key = secrets.read(id);
    // AWS's console makes JSON of a secret unless told otherwise; as a key it would make every
    // wallet look new.
    boolean isJson = key.startsWith("{") && key.endsWith("}");
    if (!isUserKey(key) || isJson) {
      throw new ConfigException(
          List.of(
              "the secret %s: (hidden) is not a key; accepted: %s, as plain text, not JSON"
                  .formatted(id, USER_KEY_FORM)));
    }
    redactor.add(key);
    UserPrivacy keyed = UserPrivacy.keyed(key);
    return new Config(
        network,
        endpoints,
        store,
        aws,
        scan,
        rules.with(keyed),
        keyed,
        Optional.empty(),
        live,
        relay,
        telemetry,
        log);
  }
}
