package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of profile that AWS_PROFILE may name, with a server that plays S3, STS and SSO. */
class ProfilesTest {
  private static final String LOGIN = "arn:aws:iam::123456789012:user/x";
  private static final String SSO = "https://example.awsapps.com/start";
  private static final String PROFILES =
      """
      [profile sso]
      sso_session = mor
      sso_account_id = 123456789012
      sso_role_name = Admin
      [sso-session mor]
      sso_start_url = START_URL
      sso_region = us-east-2
      [profile old-sso]
      sso_start_url = START_URL
      sso_region = us-east-2
      sso_account_id = 123456789012
      sso_role_name = Admin
      [profile base]
      aws_access_key_id = BASE
      aws_secret_access_key = secret
      [profile role]
      region = us-east-2
      role_arn = arn:aws:iam::123456789012:role/indexer
      source_profile = base
      [profile web]
      region = us-east-2
      role_arn = arn:aws:iam::123456789012:role/indexer
      web_identity_token_file = TOKEN_FILE
      [profile login]
      region = us-east-2
      login_session = LOGIN_SESSION
      [profile process]
      credential_process = /bin/false
      [profile half]
      aws_access_key_id = HALF
      """;

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final String url = "http://127.0.0.1:" + server.getAddress().getPort();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final Map<String, String> properties = new TreeMap<>();
  private final Path home;
  private volatile boolean denies;

  ProfilesTest(@TempDir Path home) throws IOException {
    this.home = home;
    server.createContext("/", this::answer);
    server.start();
  }

  @BeforeEach
  void writeProfiles() throws IOException {
    Path token = Files.writeString(home.resolve("token"), "a token");
    Files.writeString(
        home.resolve("config"),
        PROFILES
            .replace("START_URL", SSO)
            .replace("TOKEN_FILE", token.toString())
            .replace("LOGIN_SESSION", LOGIN));
  }

  @AfterEach
  void stop() {
    properties.keySet().forEach(System::clearProperty);
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked =
        exchange.getRequestURI() + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    int status = 200;
    String body;
    if (asked.startsWith("/federation/credentials")) {
      body =
          """
          {"roleCredentials":{"accessKeyId":"SSOKEY","secretAccessKey":"s","sessionToken":"t",\
          "expiration":%d}}\
          """
              .formatted(Instant.now().plusSeconds(3600).toEpochMilli());
    } else if (asked.contains("Action=AssumeRole")) {
      boolean web = asked.contains("WithWebIdentity");
      status = denies ? 403 : 200;
      body = denies ? DENIAL : assumed(web ? "WithWebIdentity" : "", web ? "WEBKEY" : "ROLEKEY");
    } else if (asked.contains("list-type")) {
      body = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    } else {
      keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
      status = 404;
      body = "<Error><Code>NoSuchKey</Code></Error>";
    }
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }

  private static final String DENIAL =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: base is not authorized to"
          + " perform: sts:AssumeRole</Message></Error></ErrorResponse>";

  private static String assumed(String kind, String key) {
    return """
    <AssumeRole%1$sResponse><AssumeRole%1$sResult><Credentials><AccessKeyId>%2$s</AccessKeyId>\
    <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
    <Expiration>%3$s</Expiration></Credentials></AssumeRole%1$sResult></AssumeRole%1$sResponse>\
    """
        .formatted(kind, key, Instant.now().plusSeconds(3600));
  }

  @ParameterizedTest
  @CsvSource({
    "sso, SSOKEY",
    "old-sso, SSOKEY",
    "role, ROLEKEY",
    "web, WEBKEY",
    "login, LOGINKEY",
    "base, BASE"
  })
  void aProcessSignsWithTheKeyOfItsProfile(String profile, String key) throws Exception {
    logIn();
    Path log = home.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dindexer.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            "org.mor.throughput.cli.Main",
            "status");
    builder.environment().keySet().retainAll(List.of("PATH", "LANG"));
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME",
                home.toString(),
                "AWS_CONFIG_FILE",
                home.resolve("config").toString(),
                "AWS_PROFILE",
                profile,
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_ENDPOINT_URL",
                url,
                "START_BLOCK",
                "1",
                "STORE",
                "s3://bucket/p/"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(keys)
        .isNotEmpty()
        .allSatisfy(signature -> assertThat(signature).contains("Credential=" + key + "/"));
  }

  /** What `aws sso login` and `aws login` leave behind. */
  private void logIn() throws Exception {
    Path sso = Files.createDirectories(home.resolve(".aws/sso/cache"));
    String token =
        "{\"accessToken\":\"a\",\"expiresAt\":\"%s\",\"region\":\"us-east-2\",\"startUrl\":\"%s\"}"
            .formatted(Instant.now().plusSeconds(3600), SSO);
    Files.writeString(sso.resolve(digest("SHA-1", "mor") + ".json"), token);
    Files.writeString(sso.resolve(digest("SHA-1", SSO) + ".json"), token);
    Path login = Files.createDirectories(home.resolve(".aws/login/cache"));
    Files.writeString(
        login.resolve(digest("SHA-256", LOGIN) + ".json"),
        """
        {"accessToken":{"accessKeyId":"LOGINKEY","secretAccessKey":"s","sessionToken":"t",\
        "accountId":"123456789012","expiresAt":"%s"},"tokenType":"aws_sigv4","refreshToken":"r",\
        "identityToken":"i","clientId":"c","dpopKey":"k"}\
        """
            .formatted(Instant.now().plusSeconds(3600)));
  }

  private static String digest(String algorithm, String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
  }

  private EndToEnd.Ended status(Map<String, String> more) {
    properties.put("aws.configFile", home.resolve("config").toString());
    properties.put("aws.sharedCredentialsFile", home.resolve("none").toString());
    properties.put("aws.disableEc2Metadata", "true");
    properties.put("aws.endpointUrlSts", url);
    properties.putAll(more);
    properties.forEach(System::setProperty);
    return new EndToEnd(home)
        .with("STORE", "s3://bucket/p/")
        .with("AWS_ENDPOINT_URL", url)
        .with("START_BLOCK", "1")
        .run("status");
  }

  @ParameterizedTest
  @CsvSource({
    "sso, aws sso login",
    "old-sso, aws sso login",
    "login, re-authenticate",
    "process, Command returned non-zero exit value",
    "role, is not authorized to perform: sts:AssumeRole",
    "web, is not authorized to perform: sts:AssumeRole",
    "half, secret_access_key",
    "nobody, contained no credentials for profile 'nobody'"
  })
  void aProfileThatGivesNoKeysIsNamedWithTheReason(String profile, String reason) {
    denies = true;

    EndToEnd.Ended ended = status(Map.of("aws.profile", profile));

    ended.failed(4, "of profile " + profile + " (AWS_PROFILE): ", reason, "next: ");
    assertThat(ended.err()).doesNotContain("ProfileFile(", "S3 answered");
    assertThat(keys).isEmpty();
  }

  @Test
  void aWebIdentityThatIsRefusedIsNotPassedOver() {
    denies = true;

    status(
            Map.of(
                "aws.webIdentityTokenFile", home.resolve("token").toString(),
                "aws.roleArn", "arn:aws:iam::123456789012:role/indexer",
                "aws.region", "us-east-2",
                "aws.profile", "base"))
        .failed(4, "of the web identity in AWS_WEB_IDENTITY_TOKEN_FILE: ", "sts:AssumeRole");
    assertThat(keys).isEmpty();
  }

  @Test
  void aKeyWithoutItsSecretIsSaid() {
    status(Map.of("aws.accessKeyId", "id"))
        .failed(4, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
  }

  @Test
  void theDefaultProfilesReasonIsSaidToo() throws IOException {
    Files.writeString(home.resolve("config"), "[default]\ncredential_process = /bin/false\n");

    status(Map.of())
        .failed(4, "no AWS_PROFILE", "profile default: ", "Command returned non-zero exit value");
  }
}
