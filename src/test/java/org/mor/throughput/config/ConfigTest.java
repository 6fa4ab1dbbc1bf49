package org.mor.throughput.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.Address;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.StoreLocation;

class ConfigTest {
  private static final String CANARY = "canaryCANARYcanary0123";
  private static final String WALLET = "0x5160C0311A95E0A1072FA85Df23712A7BA1cD4b1";

  @Test
  void nothingSetMeansTheDocumentedDefaults() {
    Config config = Config.parse(Map.of());
    assertThat(config.network()).isEqualTo(Network.named("base").orElseThrow());
    assertThat(config.network().startBlock()).isEqualTo(OptionalLong.of(39593197));
    assertThat(config.endpoints().urls()).isEmpty();
    assertThat(config.store()).isEmpty();
    assertThat(config.aws())
        .isEqualTo(new Config.Aws("us-east-2", Optional.empty(), Optional.empty()));
    assertThat(config.scan())
        .isEqualTo(new Config.Scan(4000, 20, IndexSettings.Confirmation.BLOCKS, 200, 200));
    assertThat(config.rules().tpsClamp()).isEqualTo(500);
    assertThat(config.rules().legacyFrom()).isEqualTo(1764547200);
    assertThat(config.rules().legacyUntil()).isEqualTo(1769904000);
    assertThat(config.rules().gatewayWallets()).isEmpty();
    assertThat(config.log()).isEqualTo(new Config.Log(LogFormat.TEXT, LogLevel.INFO));
  }

  @Test
  void everyVariableChangesWhatItNames() {
    Config config =
        Config.parse(
            Map.ofEntries(
                Map.entry("BASE_RPC_URL", "https://a.example.com/1, https://b.example.com/2"),
                Map.entry("RPC_SECRET_ID", "rpc"),
                Map.entry("RPC_CONCURRENCY", "3"),
                Map.entry("STORE", "s3://bucket/api/throughput"),
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"),
                Map.entry("NETWORK", "arbitrum-one"),
                Map.entry("DIAMOND_ADDRESS", WALLET),
                Map.entry("START_BLOCK", "7"),
                Map.entry("MAX_BLOCKS_PER_RUN", "1"),
                Map.entry("SAFETY_LAG_BLOCKS", "2"),
                Map.entry("CONFIRMATION", "finalized"),
                Map.entry("OVERLAP_BLOCKS", "3"),
                Map.entry("ENRICH_CLOSES_PER_RUN", "0"),
                Map.entry("TPS_CLAMP", "100"),
                Map.entry("LEGACY_ESTIMATE_FROM", "1970-01-02"),
                Map.entry("LEGACY_ESTIMATE_UNTIL", "1970-01-03"),
                Map.entry("CLOUDFRONT_DISTRIBUTION_ID", "E1A2B3"),
                Map.entry("LIVE_POLL_MS", "200"),
                Map.entry("LIVE_WS_URL", "wss://c.example.com/" + CANARY),
                Map.entry("LIVE_DIR", "/var/live"),
                Map.entry("RELAY_SECRET", "whsec_" + CANARY.repeat(2)),
                Map.entry("RELAY_SECRET_PREVIOUS", "whsec_" + "A".repeat(32)),
                Map.entry("LIVE_SHOW_USERS", "true"),
                Map.entry("LIVE_SHOW_SESSIONS", "true"),
                Map.entry("MAX_CONNECTIONS_PER_IP", "3"),
                Map.entry("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8"),
                Map.entry("SCHEDULE_MINUTES", "5"),
                Map.entry("LOG_FORMAT", "json"),
                Map.entry("LOG_LEVEL", "debug")));
    assertThat(config.endpoints().urls())
        .extracting(RpcUrl::host)
        .containsExactly("a.example.com", "b.example.com");
    assertThat(config.endpoints().secretId()).contains("rpc");
    assertThat(config.endpoints().concurrency()).isEqualTo(3);
    assertThat(config.store()).contains(new StoreLocation.Bucket("bucket", "api/throughput/"));
    assertThat(config.aws().region()).isEqualTo("eu-central-1");
    assertThat(config.aws().endpoint().orElseThrow()).hasToString("http://127.0.0.1:9000");
    assertThat(config.aws().cloudFrontDistributionId()).contains("E1A2B3");
    assertThat(config.network().chainId()).isEqualTo(42161);
    assertThat(config.network().diamond()).isEqualTo(Address.fromHex(WALLET));
    assertThat(config.network().startBlock()).hasValue(7);
    assertThat(config.scan())
        .isEqualTo(new Config.Scan(1, 2, IndexSettings.Confirmation.FINALIZED, 3, 0));
    assertThat(config.rules().tpsClamp()).isEqualTo(100);
    assertThat(config.rules().legacyFrom()).isEqualTo(86400);
    assertThat(config.rules().legacyUntil()).isEqualTo(172800);
    Config.Live live = config.live();
    assertThat(live.webSocket()).map(RpcUrl::host).contains("c.example.com");
    assertThat(live.pollMillis()).isEqualTo(200);
    assertThat(live.directory()).isEqualTo("/var/live");
    assertThat(live.showUsers() && live.showSessions()).isTrue();
    assertThat(live.connectionsPerAddress()).isEqualTo(3);
    assertThat(live.trustedProxies()).containsExactly("127.0.0.1", "10.0.0.0/8", "fd00::/8");
    assertThat(live.scheduleMinutes()).isEqualTo(5);
    assertThat(config.relay().secrets()).hasSize(2);
    assertThat(config.relay().secrets().get(1)).isEqualTo(new byte[24]);
    assertThat(config.toString()).doesNotContain(CANARY);
    assertThat(config.log()).isEqualTo(new Config.Log(LogFormat.JSON, LogLevel.DEBUG));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STORE|http://x|STORE=http://x is not accepted; accepted: s3://bucket/prefix/",
        "STORE|file:|accepted: s3://bucket/prefix/ (lower-case bucket) or file:DIR",
        "STORE|s3://B/|STORE=s3://B/",
        "AWS_REGION|us east 2|AWS_REGION=us east 2 is not accepted; accepted: a region such as us-east-2",
        "AWS_REGION|-|AWS_REGION=- is not accepted",
        "AWS_ENDPOINT_URL|localhost:9000|AWS_ENDPOINT_URL=localhost:9000 is not accepted",
        "AWS_ENDPOINT_URL|http://my_store:9000|AWS_ENDPOINT_URL=http://my_store:9000 is not accepted; accepted: a host without _",
        "BASE_RPC_URL|http://base_node:8545/k|BASE_RPC_URL: (hidden, host base_node) is not accepted; accepted: a host without _",
        "STORE|file:~other/x|STORE=file:~other/x is not accepted",
        "NETWORK|polygon|accepted: base, base-sepolia, arbitrum-one, arbitrum-sepolia",
        "DIAMOND_ADDRESS|0x12|DIAMOND_ADDRESS=0x12 is not accepted; accepted: 0x and 40 hex digits",
        "START_BLOCK|-1|START_BLOCK=-1 is not accepted; accepted: a whole number from 0 on",
        "MAX_BLOCKS_PER_RUN|0|MAX_BLOCKS_PER_RUN=0 is not accepted; accepted: a whole number from 1",
        "SAFETY_LAG_BLOCKS|x|SAFETY_LAG_BLOCKS=x",
        "CONFIRMATION|latest|accepted: blocks, safe, finalized",
        "RPC_CONCURRENCY|0|RPC_CONCURRENCY=0 is not accepted; accepted: a whole number from 1",
        "OVERLAP_BLOCKS|1e3|OVERLAP_BLOCKS=1e3",
        "ENRICH_CLOSES_PER_RUN|-5|ENRICH_CLOSES_PER_RUN=-5",
        "TPS_CLAMP|0|TPS_CLAMP=0",
        "LEGACY_ESTIMATE_FROM|2025-13-01|accepted: a day such as 2026-02-01",
        "LEGACY_ESTIMATE_UNTIL|2025-01-01|is before LEGACY_ESTIMATE_FROM=2025-12-01",
        "GATEWAY_WALLETS|0x1,0x2|GATEWAY_WALLETS: entry '0x2' is not accepted",
        "CLOUDFRONT_DISTRIBUTION_ID|a b|CLOUDFRONT_DISTRIBUTION_ID=a b",
        "LIVE_POLL_MS|1|LIVE_POLL_MS=1 is not accepted; accepted: a whole number from 10",
        "LIVE_WS_URL|https://h/key|LIVE_WS_URL=(hidden) is not accepted; accepted: ws:// or wss://",
        "LIVE_SHOW_USERS|yes|accepted: true or false",
        "RELAY_SECRET|secret|RELAY_SECRET=(hidden) is not accepted; accepted: whsec_ and 24 to 64 bytes in Base64",
        "RELAY_SECRET|whsec_AAAA|RELAY_SECRET=(hidden) is not accepted",
        "RELAY_SECRET|whsec_*|RELAY_SECRET=(hidden) is not accepted",
        "RELAY_SECRET_PREVIOUS|whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|RELAY_SECRET_PREVIOUS=(hidden) stands alone; accepted: RELAY_SECRET beside it",
        "MAX_CONNECTIONS_PER_IP|0|MAX_CONNECTIONS_PER_IP=0",
        "TRUSTED_PROXIES|proxy.example.com|TRUSTED_PROXIES=proxy.example.com is not accepted",
        "SCHEDULE_MINUTES|0|SCHEDULE_MINUTES=0",
        "LOG_FORMAT|xml|accepted: text, json",
        "LOG_LEVEL|loud|accepted: debug, info, warn, error",
        "MAX_BLOCK_PER_RUN|1|did you mean MAX_BLOCKS_PER_RUN?",
        "max_blocks_per_run|1|did you mean MAX_BLOCKS_PER_RUN?",
        "HOME_TOWN_OF_MINE|1|HOME_TOWN_OF_MINE is not a variable of this program; config.env.example"
      })
  void aBadValueIsNamedWithWhatIsAccepted(String name, String value, String message) {
    assertThatThrownBy(() -> Config.parse(Map.of(name, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "garage",
        "fr-par",
        "us-west-004",
        "default",
        "eu1",
        "eusc-de-east-1",
        "us-gov-west-1",
        "RegionOne",
        "my_zone",
        "1"
      })
  void theRegionIsTheServersOwnWord(String region) {
    assertThat(Config.parse(Map.of("AWS_REGION", region)).aws().region()).isEqualTo(region);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://me:pa/ss@host:9000", "ftp://me:pass@host", "me:pass@host", "http://pass@"})
  void whatStandsBeforeAnAtSignIsNotShown(String url) {
    assertThatThrownBy(() -> Config.parse(Map.of("AWS_ENDPOINT_URL", url)))
        .hasMessageContaining("***@")
        .hasMessageContaining("without user")
        .hasMessageNotContaining("me:")
        .hasMessageNotContaining("pass");
  }

  @Test
  void allProblemsAreSaidAtOnce() {
    assertThatThrownBy(
            () ->
                Config.parse(
                    Map.of("NETWORK", "base-sepolia", "LOG_LEVEL", "loud", "TPS_CLAMP", "x"),
                    Need.values()))
        .hasMessageContaining("5 problems")
        .hasMessageContaining("LOG_LEVEL=loud")
        .hasMessageContaining("TPS_CLAMP=x")
        .hasMessageContaining("BASE_RPC_URL is not set")
        .hasMessageContaining("STORE is not set")
        .hasMessageContaining("START_BLOCK is not set and none is known for NETWORK=base-sepolia");
  }

  @Test
  void aNeedThatIsNotNeededIsNoProblem() {
    assertThat(Config.parse(Map.of("NETWORK", "base-sepolia")).network().startBlock()).isEmpty();
    assertThat(Config.parse(Map.of("RPC_SECRET_ID", "rpc"), Need.RPC).endpoints().secretId())
        .contains("rpc");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example.com/x,'ftp://b.example.com/v2/'",
    "https://a.example.com/x,'https://b.example.com/v2 /'",
    "https://a.example.com/x,'https://user:pw@b.example.com/%zz/'",
  })
  void aBadUrlIsNamedByItsPlaceAndHostAlone(String good, String bad) {
    Throwable thrown =
        catchThrowable(() -> Config.parse(Map.of("BASE_RPC_URL", good + "," + bad + CANARY)));
    assertThat(thrown)
        .hasMessageContaining("entry 2 of 2 (hidden, host b.example.com)")
        .hasNoCause();
    assertThat(thrown.getMessage()).doesNotContain(CANARY).doesNotContain("pw");
  }

  @Test
  void aUrlGivenTwiceIsNoSecondOpinion() {
    assertThatThrownBy(
            () ->
                Config.parse(
                    Map.of("BASE_RPC_URL", "https://a.example.com/k,https://a.example.com/k")))
        .hasMessageContaining("entry 2 of 2 (hidden, host a.example.com) repeats an earlier entry");
  }

  @Test
  void noSecretIsShownByPrinting() {
    Config config =
        Config.parse(
            Map.of("BASE_RPC_URL", "https://a.example.com/" + CANARY, "USER_HASH_KEY", CANARY));
    assertThat(config.toString()).doesNotContain(CANARY).contains("a.example.com");
  }

  @Test
  void aShortHashKeyIsRefusedUnseen() {
    assertThatThrownBy(() -> Config.parse(Map.of("USER_HASH_KEY", "canary")))
        .hasMessageContaining(
            "USER_HASH_KEY=(hidden) is too short; accepted: a random text of at least 16")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void gatewayWalletsAreHashedAsUsersAre() {
    UserId plain = UserId.of(Address.fromHex(WALLET));
    Config open = Config.parse(Map.of("GATEWAY_WALLETS", WALLET + ", " + WALLET));
    Config keyed = Config.parse(Map.of("GATEWAY_WALLETS", WALLET, "USER_HASH_KEY", CANARY));
    assertThat(open.rules().gatewayWallets()).containsExactly(plain);
    assertThat(keyed.rules().gatewayWallets())
        .containsExactly(UserPrivacy.keyed(CANARY).stored(plain));
    assertThat(keyed.privacy().stored(plain).isHashed()).isTrue();
  }

  @Test
  void theKeyOfASecretHashesUsersAndGatewayWalletsAsTheVariableDoes() {
    UserId plain = UserId.of(Address.fromHex(WALLET));
    Config own = Config.parse(Map.of("GATEWAY_WALLETS", WALLET, "USER_HASH_KEY", CANARY));
    Redactor redactor = new Redactor();
    Config config =
        Config.parse(Map.of("GATEWAY_WALLETS", WALLET, "USER_HASH_KEY_SECRET_ID", "prd-key"))
            .withUserKey(id -> id.equals("prd-key") ? CANARY : "", redactor);
    assertThat(config.rules()).isEqualTo(own.rules());
    assertThat(config.privacy().stored(plain)).isEqualTo(own.privacy().stored(plain));
    assertThat(redactor.redact("the key " + CANARY)).doesNotContain(CANARY);
    assertThat(config.toString()).doesNotContain(CANARY);
  }

  @Test
  void aKeyThatWasNotReadYetNeverMeansPlainWallets() {
    Config config = Config.parse(Map.of("USER_HASH_KEY_SECRET_ID", "prd-key"));
    assertThatThrownBy(config::privacy).hasMessageContaining("prd-key was not read yet");
    assertThatThrownBy(config::rules).hasMessageContaining("prd-key was not read yet");
  }

  @Test
  void theKeysSecretIsReadOnlyWhenThereIsNoKey() {
    Config own = Config.parse(Map.of("USER_HASH_KEY", CANARY, "USER_HASH_KEY_SECRET_ID", "s"));
    assertThat(
            own.withUserKey(
                id -> {
                  throw new AssertionError("the secret must not be read");
                },
                new Redactor()))
        .isSameAs(own);
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "{\"USER_HASH_KEY\":\"canary-canary-canary\"}"})
  void aSecretThatIsNoKeyIsRefusedUnseen(String text) {
    Config config = Config.parse(Map.of("USER_HASH_KEY_SECRET_ID", "prd-key"));
    assertThatThrownBy(() -> config.withUserKey(id -> text, new Redactor()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "the secret prd-key: (hidden) is not a key; accepted: a random text of at least 16 characters, as plain text, not JSON")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void theSecretIsReadOnlyWhenThereIsNoUrl() {
    Config own =
        Config.parse(Map.of("BASE_RPC_URL", "https://a.example.com/k", "RPC_SECRET_ID", "s"));
    assertThat(
            own.rpcUrls(
                id -> {
                  throw new AssertionError("the secret must not be read");
                },
                new Redactor()))
        .extracting(RpcUrl::host)
        .containsExactly("a.example.com");
    Redactor redactor = new Redactor();
    List<RpcUrl> urls =
        Config.parse(Map.of("RPC_SECRET_ID", "s"))
            .rpcUrls(id -> "https://" + id + ".example.com/" + CANARY, redactor);
    assertThat(urls).extracting(RpcUrl::host).containsExactly("s.example.com");
    assertThat(redactor.redact(CANARY)).isEqualTo("***");
  }

  @Test
  void aSecretMayBeginWithAByteOrderMark() {
    Config config = Config.parse(Map.of("RPC_SECRET_ID", "prd-rpc"));
    assertThat(config.rpcUrls(id -> "\uFEFFhttps://a.example.com/k\r\n", new Redactor()))
        .extracting(url -> url.reveal().toString())
        .containsExactly("https://a.example.com/k");
  }

  @Test
  void aSecretThatHoldsNoUrlIsRefusedUnseen() {
    Config config = Config.parse(Map.of("RPC_SECRET_ID", "prd-rpc"));
    assertThatThrownBy(() -> config.rpcUrls(id -> CANARY, new Redactor()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the secret prd-rpc: (hidden) is not a URL")
        .message()
        .doesNotContain(CANARY);
  }

  @Test
  void theFourNetworksHaveDistinctChains() {
    assertThat(Network.names())
        .containsExactly("base", "base-sepolia", "arbitrum-one", "arbitrum-sepolia");
    assertThat(
            Network.names().stream()
                .map(name -> Network.named(name).orElseThrow().chainId())
                .collect(Collectors.toList()))
        .containsExactly(8453L, 84532L, 42161L, 421614L);
  }
}
