package org.mor.throughput.config;

import static org.mor.throughput.config.Variable.AWS_ENDPOINT_URL;
import static org.mor.throughput.config.Variable.AWS_REGION;
import static org.mor.throughput.config.Variable.BASE_RPC_URL;
import static org.mor.throughput.config.Variable.CLOUDFRONT_DISTRIBUTION_ID;
import static org.mor.throughput.config.Variable.CONFIRMATION;
import static org.mor.throughput.config.Variable.DIAMOND_ADDRESS;
import static org.mor.throughput.config.Variable.ENRICH_CLOSES_PER_RUN;
import static org.mor.throughput.config.Variable.GATEWAY_WALLETS;
import static org.mor.throughput.config.Variable.LEGACY_ESTIMATE_FROM;
import static org.mor.throughput.config.Variable.LEGACY_ESTIMATE_UNTIL;
import static org.mor.throughput.config.Variable.LIVE_DIR;
import static org.mor.throughput.config.Variable.LIVE_POLL_MS;
import static org.mor.throughput.config.Variable.LIVE_SHOW_SESSIONS;
import static org.mor.throughput.config.Variable.LIVE_SHOW_USERS;
import static org.mor.throughput.config.Variable.LIVE_WS_URL;
import static org.mor.throughput.config.Variable.LOG_FORMAT;
import static org.mor.throughput.config.Variable.LOG_LEVEL;
import static org.mor.throughput.config.Variable.MAX_BLOCKS_PER_RUN;
import static org.mor.throughput.config.Variable.MAX_CONNECTIONS_PER_IP;
import static org.mor.throughput.config.Variable.NETWORK;
import static org.mor.throughput.config.Variable.OVERLAP_BLOCKS;
import static org.mor.throughput.config.Variable.RELAY_SECRET;
import static org.mor.throughput.config.Variable.RELAY_SECRET_PREVIOUS;
import static org.mor.throughput.config.Variable.RPC_CONCURRENCY;
import static org.mor.throughput.config.Variable.RPC_SECRET_ID;
import static org.mor.throughput.config.Variable.SAFETY_LAG_BLOCKS;
import static org.mor.throughput.config.Variable.SCHEDULE_MINUTES;
import static org.mor.throughput.config.Variable.START_BLOCK;
import static org.mor.throughput.config.Variable.STORE;
import static org.mor.throughput.config.Variable.TELEMETRY_DB;
import static org.mor.throughput.config.Variable.TELEMETRY_TOKEN;
import static org.mor.throughput.config.Variable.TPS_CLAMP;
import static org.mor.throughput.config.Variable.TRUSTED_PROXIES;
import static org.mor.throughput.config.Variable.USER_HASH_KEY;
import static org.mor.throughput.config.Variable.USER_HASH_KEY_SECRET_ID;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.chain.Address;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.StoreLocation;

/** Builds a {@link Config} from text and keeps every problem until the end. */
final class ConfigParser {
  /** Servers other than AWS have regions such as auto, garage, eu1 and RegionOne. */
  private static final String REGION = "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";

  private static final String NETWORK_OR_ADDRESS =
      "[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/[0-9]{1,3})?";

  private final Values values;

  ConfigParser(Map<String, String> values) {
    this.values = new Values(values);
  }

  Config parse(List<Need> needs) {
    Network network = network();
    Config.Endpoints endpoints = endpoints();
    Optional<StoreLocation> store =
        values.optional(
            STORE, ConfigParser::location, "s3://bucket/prefix/ (lower-case bucket) or file:DIR");
    Config.Aws aws = aws();
    Config.Scan scan = scan();
    UserPrivacy privacy = privacy();
    MetricRules rules = rules(privacy);
    Config.Log log =
        new Config.Log(
            values.choice(LOG_FORMAT, LogFormat.class), values.choice(LOG_LEVEL, LogLevel.class));
    Config.Live live = live();
    Config.Relay relay = relay();
    Config.Telemetry telemetry = telemetry();
    check(needs, network);
    values.throwIfAny();
    return new Config(
        network,
        endpoints,
        store,
        aws,
        scan,
        rules,
        privacy,
        userKeySecret(),
        live,
        relay,
        telemetry,
        log);
  }

  private static Optional<StoreLocation> location(String text) {
    try {
      return Optional.of(StoreLocation.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Network network() {
    String names = String.join(", ", Network.names());
    Network network =
        values.optional(NETWORK, Network::named, names).orElse(Network.named("base").orElseThrow());
    Optional<Address> diamond =
        values.optional(DIAMOND_ADDRESS, Values::address, Values.ADDRESS_FORM);
    if (diamond.isPresent()) {
      network = network.withDiamond(diamond.get());
    }
    if (values.text(START_BLOCK).isPresent()) {
      network = network.withStartBlock(values.number(START_BLOCK, 0, Long.MAX_VALUE));
    }
    return network;
  }

  private Config.Endpoints endpoints() {
    List<RpcUrl> urls =
        values
            .text(BASE_RPC_URL)
            .map(text -> RpcUrl.read(BASE_RPC_URL.name(), text, values.problems()))
            .orElse(List.of());
    return new Config.Endpoints(
        urls, values.text(RPC_SECRET_ID), (int) values.number(RPC_CONCURRENCY, 1, 64));
  }

  private Config.Aws aws() {
    return new Config.Aws(
        values.matching(AWS_REGION, REGION, "a region such as us-east-2 or auto"),
        values.optional(AWS_ENDPOINT_URL, Values::plainUrl, acceptedEndpoint()),
        values
            .text(CLOUDFRONT_DISTRIBUTION_ID)
            .map(
                id ->
                    values.matching(
                        CLOUDFRONT_DISTRIBUTION_ID,
                        "[A-Z0-9]{1,64}",
                        "a distribution's id such as E1A2B3C4D5E6F7")));
  }

  private String acceptedEndpoint() {
    return RpcUrl.hasUnderscoreInHost(values.text(AWS_ENDPOINT_URL).orElse(""))
        ? RpcUrl.WITHOUT_UNDERSCORE
        : "http:// or https:// and a host, without user";
  }

  private Config.Scan scan() {
    return new Config.Scan(
        values.number(MAX_BLOCKS_PER_RUN, 1, 100_000_000),
        values.number(SAFETY_LAG_BLOCKS, 0, 1_000_000),
        values.choice(CONFIRMATION, IndexSettings.Confirmation.class),
        values.number(OVERLAP_BLOCKS, 0, 1_000_000),
        (int) values.number(ENRICH_CLOSES_PER_RUN, 0, 1_000_000));
  }

  private Config.Live live() {
    Optional<String> proxies = values.text(TRUSTED_PROXIES);
    List<String> trusted = new ArrayList<>();
    for (String entry : proxies.map(text -> text.split(",", -1)).orElse(new String[0])) {
      if (entry.strip().matches(NETWORK_OR_ADDRESS)) {
        trusted.add(entry.strip());
      } else {
        values.problem(
            TRUSTED_PROXIES,
            "is not accepted",
            "addresses or networks such as 10.0.0.0/8, comma-separated");
      }
    }
    return new Config.Live(
        values.number(LIVE_POLL_MS, 10, 600_000),
        values.optional(LIVE_WS_URL, RpcUrl::webSocket, "ws:// or wss:// and a host"),
        values.text(LIVE_DIR).orElse(LIVE_DIR.byDefault()),
        values.flag(LIVE_SHOW_USERS),
        values.flag(LIVE_SHOW_SESSIONS),
        (int) values.number(MAX_CONNECTIONS_PER_IP, 1, 1_000_000),
        trusted,
        values.number(SCHEDULE_MINUTES, 1, 1_440));
  }

  private Config.Relay relay() {
    List<byte[]> secrets = new ArrayList<>();
    for (Variable variable : List.of(RELAY_SECRET, RELAY_SECRET_PREVIOUS)) {
      values
          .<byte[]>optional(variable, Values::webhookSecret, "whsec_ and 24 to 64 bytes in Base64")
          .ifPresent(secrets::add);
    }
    if (values.text(RELAY_SECRET).isEmpty() && values.text(RELAY_SECRET_PREVIOUS).isPresent()) {
      values.problem(RELAY_SECRET_PREVIOUS, "stands alone", "RELAY_SECRET beside it");
    }
    return new Config.Relay(secrets);
  }

  private Config.Telemetry telemetry() {
    Optional<String> token =
        values
            .text(TELEMETRY_TOKEN)
            .map(
                text ->
                    values.matching(
                        TELEMETRY_TOKEN, "[!-~]{16,256}", "16 to 256 letters, digits and signs"));
    if (token.isPresent() && values.text(TELEMETRY_DB).isEmpty()) {
      values.problem(TELEMETRY_TOKEN, "stands alone", "TELEMETRY_DB beside it");
    }
    return new Config.Telemetry(values.text(TELEMETRY_DB), token);
  }

  private UserPrivacy privacy() {
    Optional<String> key = values.text(USER_HASH_KEY);
    if (key.isPresent() && !Config.isUserKey(key.get())) {
      values.problem(USER_HASH_KEY, "is too short", Config.USER_KEY_FORM);
    }
    return key.map(UserPrivacy::keyed).orElse(UserPrivacy.plain());
  }

  private Optional<String> userKeySecret() {
    return values.text(USER_HASH_KEY).isPresent()
        ? Optional.empty()
        : values.text(USER_HASH_KEY_SECRET_ID);
  }

  private MetricRules rules(UserPrivacy privacy) {
    long clamp = values.number(TPS_CLAMP, 1, 1_000_000);
    LocalDate from = values.date(LEGACY_ESTIMATE_FROM);
    LocalDate until = values.date(LEGACY_ESTIMATE_UNTIL);
    if (until.isBefore(from)) {
      values.problem(
          LEGACY_ESTIMATE_UNTIL, "is before LEGACY_ESTIMATE_FROM=" + from, "a day not before it");
      until = from;
    }
    Set<UserId> wallets = new LinkedHashSet<>();
    for (Address wallet : values.addresses(GATEWAY_WALLETS)) {
      wallets.add(privacy.stored(UserId.of(wallet)));
    }
    return new MetricRules(clamp, firstSecond(from), firstSecond(until), wallets);
  }

  private static long firstSecond(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  private void check(List<Need> needs, Network network) {
    List<String> missing = new ArrayList<>();
    if (needs.contains(Need.RPC)
        && values.text(BASE_RPC_URL).isEmpty()
        && values.text(RPC_SECRET_ID).isEmpty()) {
      missing.add(
          "BASE_RPC_URL is not set; accepted: one URL or several, comma-separated (or a secret's name in RPC_SECRET_ID)");
    }
    if (needs.contains(Need.STORE) && values.text(STORE).isEmpty()) {
      missing.add("STORE is not set; accepted: s3://bucket/prefix/ or file:DIR");
    }
    if (needs.contains(Need.START_BLOCK) && network.startBlock().isEmpty()) {
      missing.add(
          "START_BLOCK is not set and none is known for NETWORK=%s; accepted: a block number"
              .formatted(network.name()));
    }
    values.problems().addAll(missing);
  }
}
