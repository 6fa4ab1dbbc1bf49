package org.mor.throughput.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.adapter.aws.SecretSource;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.StoreLocation;

/** The whole configuration, checked. Printing it shows no secret. */
public record Config(
    Network network,
    Endpoints endpoints,
    Optional<StoreLocation> store,
    Aws aws,
    Scan scan,
    MetricRules rules,
    UserPrivacy privacy,
    Log log) {

  /**
   * How the chain is reached.
   *
   * @param urls preferred first; empty when they are to be read from the secret
   */
  public record Endpoints(List<RpcUrl> urls, Optional<String> secretId) {
    public Endpoints {
      urls = List.copyOf(urls);
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
      Confirmation confirmation,
      long overlapBlocks,
      int enrichClosesPerRun) {}

  public record Log(LogFormat format, LogLevel level) {}

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
    List<RpcUrl> urls = RpcUrls.read("the secret " + id, secrets.read(id), problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    urls.forEach(url -> redactor.addUrl(url.reveal().toString()));
    return urls;
  }
}
