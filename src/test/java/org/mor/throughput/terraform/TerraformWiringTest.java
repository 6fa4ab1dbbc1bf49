package org.mor.throughput.terraform;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.config.Variable;
import org.mor.throughput.store.ObjectAttributes;

/** Terraform and the program agree, and the parts are put together the way they must be. */
class TerraformWiringTest {
  /**
   * What no function is told: the URL and the key are in secrets, the region is Lambda's, an
   * endpoint is for tests, and the rest is of the live server.
   */
  private static final Set<Variable> NOT_TOLD =
      Set.of(
          Variable.BASE_RPC_URL,
          Variable.USER_HASH_KEY,
          Variable.AWS_REGION,
          Variable.AWS_ENDPOINT_URL,
          Variable.TELEMETRY_DB,
          Variable.TELEMETRY_TOKEN,
          Variable.RELAY_SECRET,
          Variable.RELAY_SECRET_PREVIOUS,
          Variable.LIVE_POLL_MS,
          Variable.LIVE_WS_URL,
          Variable.LIVE_DIR,
          Variable.LIVE_SHOW_USERS,
          Variable.LIVE_SHOW_SESSIONS,
          Variable.MAX_CONNECTIONS_PER_IP,
          Variable.TRUSTED_PROXIES,
          Variable.SCHEDULE_MINUTES);

  private static final Pattern MAX_AGE = Pattern.compile("max-age=(\\d+)");

  private final Terraform terraform = Terraform.read();
  private final JsonNode defaults = terraform.resources("defaults");
  private final JsonNode function = defaults.at("/aws_lambda_function/indexer");
  private final JsonNode schedule = defaults.at("/aws_scheduler_schedule/indexer");

  @Test
  void theFunctionIsToldWhatTheProgramReads() throws IOException {
    Set<String> told = new TreeSet<>(environment("full"));
    told.remove("TPS_CLAMP");
    Set<String> takes = settingsTaken();
    assertThat(takes).doesNotContainAnyElementsOf(told);
    told.addAll(takes);
    Set<String> read =
        Arrays.stream(Variable.values())
            .filter(variable -> !NOT_TOLD.contains(variable))
            .map(Variable::name)
            .collect(toCollection(TreeSet::new));
    assertThat(told).isEqualTo(read);
    String example = Files.readString(Path.of("config.env.example"));
    assertThat(read).allSatisfy(name -> assertThat(example).contains("\n" + name + "="));
  }

  @Test
  void settingsReachTheFunctionAndNoSecretDoes() {
    assertThat(variables("full").path("TPS_CLAMP").asText()).isEqualTo("400");
    assertThat(variables("full").path("CLOUDFRONT_DISTRIBUTION_ID").asText())
        .isEqualTo("E1A2B3C4D5E6F7");
    assertThat(variables("full").path("STORE").asText())
        .isEqualTo("s3://prd-tech-website/api/throughput/");
    assertThat(environment("full")).doesNotContain("BASE_RPC_URL", "USER_HASH_KEY");
    assertThat(variables("full").path("USER_HASH_KEY_SECRET_ID").asText())
        .isEqualTo("<aws_secretsmanager_secret.user_hash_key.name>");
    assertThat(variables("defaults").path("USER_HASH_KEY_SECRET_ID").asText("-")).isEmpty();
    assertThat(terraform.blocks("resource").has("aws_secretsmanager_secret_version")).isFalse();
  }

  @Test
  void theHandlerIsAClassThatIsThere() throws ReflectiveOperationException {
    String[] handler = function.path("handler").asText().split("::", 2);
    Class<?> type = Class.forName(handler[0], false, getClass().getClassLoader());
    assertThat(Arrays.stream(type.getMethods()).map(method -> method.getName()))
        .contains(handler[1]);
    assertThat(type.getConstructor()).isNotNull();
  }

  @Test
  void aRunEndsBeforeTheNextOneStarts() {
    assertThat(schedule.path("schedule_expression").asText()).isEqualTo("rate(15 minutes)");
    assertThat(function.path("timeout").asInt()).isEqualTo(600).isLessThan(15 * 60);
    assertThat(function.path("reserved_concurrent_executions").asInt()).isEqualTo(1);
  }

  @Test
  void theScheduleInvokesTheAliasWithShortLives() {
    JsonNode target = schedule.at("/target/0");
    assertThat(target.path("arn").asText()).isEqualTo("<aws_lambda_alias.live.arn>");
    assertThat(target.at("/retry_policy/0/maximum_event_age_in_seconds").asInt()).isLessThan(900);
    assertThat(target.at("/retry_policy/0/maximum_retry_attempts").asInt()).isLessThanOrEqualTo(1);
    assertThat(target.at("/dead_letter_config/0/arn").asText())
        .isEqualTo("<aws_sqs_queue.undelivered.arn>");
    assertThat(target.path("role_arn").asText()).isEqualTo("<aws_iam_role.schedule.arn>");
    JsonNode async = defaults.at("/aws_lambda_function_event_invoke_config/live");
    assertThat(async.path("qualifier").asText()).isEqualTo("live");
    assertThat(async.path("maximum_retry_attempts").asInt()).isZero();
    assertThat(async.path("maximum_event_age_in_seconds").asInt()).isLessThan(900);
    assertThat(async.at("/destination_config/0/on_failure/0/destination").asText())
        .isEqualTo("<aws_sqs_queue.failed_runs.arn>");
  }

  @Test
  void theScheduleCanBePaused() {
    assertThat(schedule.path("state").asText()).isEqualTo("ENABLED");
    assertThat(terraform.resources("paused").at("/aws_scheduler_schedule/indexer/state").asText())
        .isEqualTo("DISABLED");
  }

  @Test
  void aBackfillHasAFunctionAndAConcurrencyOfItsOwnAndIsOffUnlessAskedFor() {
    for (String type : List.of("aws_sfn_state_machine", "aws_lambda_function", "aws_iam_role")) {
      assertThat(defaults.path(type).has("backfill")).as(type).isFalse();
    }
    JsonNode full = terraform.resources("full");
    JsonNode second = full.at("/aws_lambda_function/backfill");
    assertThat(second.path("environment"))
        .isEqualTo(full.at("/aws_lambda_function/indexer/environment"));
    JsonNode machine =
        Terraform.json(full.at("/aws_sfn_state_machine/backfill/definition").asText());
    assertThat(machine.at("/States/Scan/MaxConcurrency").asInt())
        .isEqualTo(second.path("reserved_concurrent_executions").asInt())
        .isEqualTo(4);
    assertThat(machine.findValuesAsText("FunctionName"))
        .hasSize(3)
        .containsOnly("<aws_lambda_function.backfill.arn>");
    for (String task : List.of("Plan", "Scan/ItemProcessor/States/Scan a range", "Publish")) {
      assertThat(machine.at("/States/" + task + "/TimeoutSeconds").asInt())
          .as(task)
          .isGreaterThan(second.path("timeout").asInt());
      assertThat(machine.at("/States/" + task + "/Retry/0/ErrorEquals/0").asText())
          .isEqualTo("Lambda.TooManyRequestsException");
    }
  }

  @Test
  void aBackfillWithoutAReservationLeavesTheAccountsLimitToScheduledRuns() {
    assertThat(terraform.rendered().at("/unreserved/refused/0").asText())
        .contains("aws_lambda_function.backfill: ", "backfill_concurrency must be 2 or less");
    assertThat(terraform.rendered().at("/unreserved-few/refused")).isEmpty();
    assertThat(terraform.rendered().at("/full/refused")).isEmpty();
  }

  @Test
  void anExecutionThatCannotPublishSaysThatAllBlocksAreScanned() {
    JsonNode machine =
        Terraform.json(
            terraform.resources("full").at("/aws_sfn_state_machine/backfill/definition").asText());
    JsonNode states = machine.path("States");
    String next = states.at("/Publish/Catch/0/Next").asText();
    assertThat(states.path(next).path("Type").asText()).isEqualTo("Fail");
    assertThat(states.path(next).path("Error").asText()).isEqualTo("NotPublished");
    assertThat(states.path(next).path("CausePath").asText())
        .contains("All blocks are scanned", "next: run rollup --full");
    JsonNode turns = states.at("/Scan/ItemProcessor/States/Is the range whole/Choices/1");
    int most = turns.path("NumericGreaterThanEquals").asInt();
    assertThat(most).isEqualTo(5);
    assertThat(machine.path("TimeoutSeconds").asInt())
        .as("three rounds of 40 ranges, one at a time, every turn taken")
        .isGreaterThan(3 * 40 * most * 960);
    assertThat(states.at("/Plan/Retry/1/MaxAttempts").asInt()).isEqualTo(5);
  }

  @Test
  void snapStartIsOffUnlessAskedFor() {
    assertThat(function.has("snap_start")).isFalse();
    JsonNode full = terraform.resources("full").at("/aws_lambda_function/indexer");
    assertThat(full.at("/snap_start/0/apply_on").asText()).isEqualTo("PublishedVersions");
    assertThat(full.path("publish").asBoolean()).isTrue();
  }

  @Test
  void everyLogGroupForgets() {
    assertThat(defaults.path("aws_cloudwatch_log_group"))
        .isNotEmpty()
        .allSatisfy(group -> assertThat(group.path("retention_in_days").asInt()).isPositive());
    assertThat(function.at("/logging_config/0/log_format").asText()).isEqualTo("JSON");
  }

  @Test
  void theSharedBucketIsLeftAloneUnlessAskedFor() {
    for (String type :
        List.of(
            "aws_s3_bucket_policy",
            "aws_s3_bucket_versioning",
            "aws_s3_bucket_lifecycle_configuration")) {
      assertThat(defaults.path(type).isEmpty()).as(type).isTrue();
      assertThat(terraform.resources("full").path(type).size()).as(type).isEqualTo(1);
    }
    assertThat(
            terraform
                .resources("full")
                .at("/aws_s3_bucket_lifecycle_configuration/shared/rule/0/filter/0/prefix")
                .asText())
        .isEqualTo("api/throughput/");
  }

  @Test
  void theLifecycleRuleThatIsMergedByHandIsTheOneThatWouldBeManaged() {
    JsonNode rule =
        terraform
            .resources("full")
            .at("/aws_s3_bucket_lifecycle_configuration/shared/rule/0")
            .deepCopy();
    JsonNode expiration = rule.at("/noncurrent_version_expiration/0");
    String output = terraform.rendered().at("/defaults/output/bucket_lifecycle_rule").asText();
    ObjectNode expected = new ObjectMapper().createObjectNode();
    expected
        .put("ID", rule.path("id").asText())
        .put("Status", rule.path("status").asText())
        .putObject("Filter")
        .put("Prefix", rule.at("/filter/0/prefix").asText());
    expected
        .putObject("NoncurrentVersionExpiration")
        .put("NoncurrentDays", expiration.path("noncurrent_days").asInt())
        .put("NewerNoncurrentVersions", expiration.path("newer_noncurrent_versions").asInt());
    assertThat(Terraform.json(output)).isEqualTo(expected);
  }

  /** Rows and state are kept for ever: only records of runs may expire, by this rule alone. */
  @Test
  void onlyRecordsOfRunsExpireAndTheirRuleIsTheOneThatIsMergedByHand() {
    JsonNode rules =
        terraform
            .resources("full")
            .at("/aws_s3_bucket_lifecycle_configuration/shared/rule")
            .deepCopy();
    List<JsonNode> expiring = new ArrayList<>();
    rules.forEach(
        rule -> {
          if (rule.has("expiration")) {
            expiring.add(rule);
          }
        });
    assertThat(expiring).hasSize(1);
    JsonNode rule = expiring.get(0);
    assertThat(rule.at("/filter/0/prefix").asText()).isEqualTo("api/throughput/state/runs/");
    assertThat(rule.at("/expiration/0/days").asInt()).isEqualTo(RunStore.KEPT.toDays());
    JsonNode output =
        Terraform.json(
            terraform.rendered().at("/defaults/output/bucket_lifecycle_rule_runs").asText());
    assertThat(output.at("/Filter/Prefix").asText()).isEqualTo("api/throughput/" + RunStore.PREFIX);
    assertThat(output.at("/Expiration/Days").asInt())
        .isEqualTo(rule.at("/expiration/0/days").asInt());
    assertThat(output.at("/NoncurrentVersionExpiration/NoncurrentDays").asInt())
        .isEqualTo(rule.at("/noncurrent_version_expiration/0/noncurrent_days").asInt());
    assertThat(output.path("ID").asText()).isEqualTo(rule.path("id").asText());
  }

  /** A longest time below what an object says itself would cut it short at the edge. */
  @Test
  void theCdnKeepsEveryObjectAsLongAsItSays() {
    JsonNode policy = defaults.at("/aws_cloudfront_cache_policy/documents");
    for (ObjectAttributes published :
        List.of(ObjectAttributes.PUBLISHED_JSON, ObjectAttributes.IMMUTABLE_JSON)) {
      Matcher age = MAX_AGE.matcher(published.cacheControl());
      assertThat(age.find()).as(published.cacheControl()).isTrue();
      assertThat(policy.path("max_ttl").asLong())
          .isGreaterThanOrEqualTo(Long.parseLong(age.group(1)));
      assertThat(policy.path("min_ttl").asLong(-1)).isZero();
    }
  }

  @Test
  void secretsAndTheLogAreEncryptedByTheKeysThatAreGiven() {
    JsonNode full = terraform.resources("full");
    String key = "arn:aws:kms:us-east-2:123456789012:key/";
    for (String secret : List.of("rpc", "user_hash_key")) {
      assertThat(full.at("/aws_secretsmanager_secret/" + secret + "/kms_key_id").asText())
          .isEqualTo(key + "secret");
    }
    assertThat(full.at("/aws_cloudwatch_log_group/function/kms_key_id").asText())
        .isEqualTo(key + "log");
    assertThat(defaults.at("/aws_secretsmanager_secret/rpc/kms_key_id").isNull()).isTrue();
    assertThat(defaults.at("/aws_cloudwatch_log_group/function/kms_key_id").isNull()).isTrue();
  }

  @Test
  void theCdnSendsTheHeadersOfThePage() throws IOException {
    Path file = Path.of("site/headers.json");
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    JsonNode policy =
        defaults.at("/aws_cloudfront_response_headers_policy/page/security_headers_config/0");
    JsonNode tls = policy.at("/strict_transport_security/0");
    JsonNode cors = defaults.at("/aws_cloudfront_response_headers_policy/page/cors_config/0");
    assertThat(cors.path("access_control_allow_credentials").asBoolean(true)).isFalse();
    String subdomains = tls.path("include_subdomains").asBoolean() ? "; includeSubDomains" : "";
    ObjectNode sent = new ObjectMapper().createObjectNode();
    sent.put(
            "Content-Security-Policy",
            policy.at("/content_security_policy/0/content_security_policy").asText())
        .put(
            "X-Content-Type-Options",
            policy.at("/content_type_options/0/override").asBoolean() ? "nosniff" : "")
        .put("X-Frame-Options", policy.at("/frame_options/0/frame_option").asText())
        .put(
            "Access-Control-Allow-Origin",
            cors.at("/access_control_allow_origins/0/items/0").asText())
        .put(
            "Access-Control-Expose-Headers",
            cors.at("/access_control_expose_headers/0/items/0").asText())
        .put("Referrer-Policy", policy.at("/referrer_policy/0/referrer_policy").asText())
        .put(
            "Strict-Transport-Security",
            "max-age=" + tls.path("access_control_max_age_sec").asInt() + subdomains);
    assertThat(sent).isEqualTo(Terraform.json(file));
    JsonNode cache =
        defaults.at("/aws_cloudfront_response_headers_policy/page/custom_headers_config/0/items/0");
    assertThat(cache.path("header").asText()).isEqualTo("Cache-Control");
    assertThat(cache.path("override").asBoolean(true)).as("a document's own stays").isFalse();
    assertThat(Files.readString(Path.of("docs/operations.md")))
        .contains("--cache-control '" + cache.path("value").asText() + "'");
  }

  @Test
  void thePageMayAskALiveServerWhereOneIsNamed() {
    String at =
        "/aws_cloudfront_response_headers_policy/page/security_headers_config/0/content_security_policy/0/content_security_policy";
    assertThat(terraform.resources("full").at(at).asText())
        .contains("; connect-src 'self' https://live.example.com; ");
    assertThat(defaults.at(at).asText()).contains("; connect-src 'self'; ");
  }

  @Test
  void noResourceOfAPolicyIsAWildcard() {
    assertThat(wildcards(defaults)).isEmpty();
    assertThat(wildcards(terraform.resources("full"))).isEmpty();
    ObjectNode worse = defaults.deepCopy();
    ObjectNode policy = (ObjectNode) worse.at("/aws_iam_role_policy/function");
    policy.put(
        "policy", policy.path("policy").asText().replace("arn:aws:s3:::prd-tech-website\"", "*\""));
    assertThat(wildcards(worse)).containsExactly("*");
    policy.put("policy", policy.path("policy").asText().replace("s3:PutObject", "s3:*"));
    assertThat(wildcards(worse)).containsExactlyInAnyOrder("*", "s3:*");
  }

  /** Resources and actions that are wider than one prefix, one log or one name. */
  private static List<String> wildcards(JsonNode resources) {
    return Terraform.each(resources.path("aws_iam_role_policy"))
        .flatMap(
            role -> Terraform.each(Terraform.json(role.path("policy").asText()).path("Statement")))
        .flatMap(
            statement ->
                List.of(statement.path("Resource"), statement.path("Action")).stream()
                    .flatMap(Terraform::each))
        .map(JsonNode::asText)
        .filter(text -> text.replaceFirst("(/api/throughput/|[.]arn>:)[*]$", "").contains("*"))
        .toList();
  }

  private JsonNode variables(String scenario) {
    return terraform.resources(scenario).at("/aws_lambda_function/indexer/environment/0/variables");
  }

  private Set<String> environment(String scenario) {
    return variables(scenario).properties().stream().map(each -> each.getKey()).collect(toSet());
  }

  /** The names that the variable settings takes, out of its condition. */
  private Set<String> settingsTaken() {
    String condition = terraform.blocks("variable").at("/settings/validation/0/condition").asText();
    return Pattern.compile("\"([A-Z_]+)\"")
        .matcher(condition)
        .results()
        .map(match -> match.group(1))
        .collect(toSet());
  }
}
