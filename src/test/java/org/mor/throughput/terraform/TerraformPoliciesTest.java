package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.terraform.PolicyDecision.Answer;
import org.mor.throughput.terraform.PolicyDecision.Request;

/** What the policies allow and refuse, decided the way IAM decides. */
class TerraformPoliciesTest {
  private static final String BUCKET = "arn:aws:s3:::prd-tech-website";
  private static final String ROLE =
      "arn:aws:iam::123456789012:role/prd-morpheus-throughput-indexer";
  private static final String CDN = "cloudfront.amazonaws.com";
  private static final String CLOSES = BUCKET + "/api/throughput/raw/closes/2026-05.ndjson.gz";
  private static final String CURSOR = BUCKET + "/api/throughput/state/cursor.json";
  private static final String SUMMARY = BUCKET + "/api/throughput/summary.json";

  private final Terraform terraform = Terraform.read();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3:GetObject                    | arn:aws:s3:::prd-tech-website/api/throughput/state/cursor.json | ALLOWED
          s3:PutObject                    | arn:aws:s3:::prd-tech-website/api/throughput/raw/opens/2026-05.ndjson.gz | ALLOWED
          s3:PutObject                    | arn:aws:s3:::prd-tech-website/api/throughput/rollup/daily.json | ALLOWED
          s3:DeleteObject                 | arn:aws:s3:::prd-tech-website/api/throughput/summary.json | SILENT
          s3:DeleteObjectVersion          | arn:aws:s3:::prd-tech-website/api/throughput/summary.json | SILENT
          s3:PutObjectAcl                 | arn:aws:s3:::prd-tech-website/api/throughput/summary.json | SILENT
          s3:PutBucketPolicy              | arn:aws:s3:::prd-tech-website | SILENT
          s3:GetObject                    | arn:aws:s3:::prd-tech-website/index.html | SILENT
          s3:PutObject                    | arn:aws:s3:::prd-tech-website/api/throughput.html | SILENT
          s3:PutObject                    | arn:aws:s3:::prd-tech-website/api/prices.json | SILENT
          s3:PutObject                    | arn:aws:s3:::another-bucket/api/throughput/summary.json | SILENT
          secretsmanager:GetSecretValue   | <aws_secretsmanager_secret.rpc.arn> | ALLOWED
          secretsmanager:GetSecretValue   | <aws_secretsmanager_secret.user_hash_key.arn> | ALLOWED
          secretsmanager:PutSecretValue   | <aws_secretsmanager_secret.rpc.arn> | SILENT
          secretsmanager:GetSecretValue   | arn:aws:secretsmanager:us-east-2:123456789012:secret:other | SILENT
          cloudfront:CreateInvalidation   | arn:aws:cloudfront::123456789012:distribution/E1A2B3C4D5E6F7 | ALLOWED
          cloudfront:UpdateDistribution   | arn:aws:cloudfront::123456789012:distribution/E1A2B3C4D5E6F7 | SILENT
          cloudfront:CreateInvalidation   | arn:aws:cloudfront::123456789012:distribution/EOTHER | SILENT
          logs:PutLogEvents               | <aws_cloudwatch_log_group.function.arn>:log-stream:x | ALLOWED
          logs:CreateLogGroup             | <aws_cloudwatch_log_group.function.arn>:log-stream:x | SILENT
          logs:PutLogEvents               | arn:aws:logs:us-east-2:123456789012:log-group:other:log-stream:x | SILENT
          sqs:SendMessage                 | <aws_sqs_queue.failed_runs.arn> | ALLOWED
          sqs:ReceiveMessage              | <aws_sqs_queue.failed_runs.arn> | SILENT
          lambda:InvokeFunction           | <aws_lambda_alias.live.arn> | SILENT
          """)
  void theFunctionMayDoThisAndNoMore(String action, String resource, Answer answer) {
    assertThat(role("full", "function").on(new Request(ROLE, action, resource, Map.of())))
        .isEqualTo(answer);
  }

  @Test
  void theFunctionListsBelowThePrefixOnly() {
    PolicyDecision role = role("full", "function");
    assertThat(List.of("api/throughput/", "api/throughput/state/cursor.json"))
        .allMatch(prefix -> role.on(list(Map.of("s3:prefix", prefix))) == Answer.ALLOWED);
    assertThat(role.on(list(Map.of("s3:prefix", "")))).isEqualTo(Answer.SILENT);
    assertThat(role.on(list(Map.of("s3:prefix", "api/other/")))).isEqualTo(Answer.SILENT);
    assertThat(role.on(list(Map.of()))).isEqualTo(Answer.SILENT);
  }

  @Test
  void withoutADistributionNothingMayBeInvalidated() {
    assertThat(statements("defaults", "function").findValuesAsText("Sid"))
        .doesNotContain("InvalidateTheDistribution")
        .hasSize(5);
  }

  /** With a customer-managed key, S3 answers 403 to whoever may not use the key. */
  @ParameterizedTest
  @CsvSource({
    "kms:Decrypt, bucket, s3.us-east-2.amazonaws.com, ALLOWED",
    "kms:GenerateDataKey, bucket, s3.us-east-2.amazonaws.com, ALLOWED",
    "kms:Decrypt, secret, secretsmanager.us-east-2.amazonaws.com, ALLOWED",
    "kms:GenerateDataKey, secret, secretsmanager.us-east-2.amazonaws.com, SILENT",
    "kms:Decrypt, bucket, secretsmanager.us-east-2.amazonaws.com, SILENT",
    "kms:Decrypt, bucket, s3.eu-west-1.amazonaws.com, SILENT",
    "kms:Decrypt, other, s3.us-east-2.amazonaws.com, SILENT",
    "kms:Decrypt, log, s3.us-east-2.amazonaws.com, SILENT",
    "kms:ScheduleKeyDeletion, bucket, s3.us-east-2.amazonaws.com, SILENT",
  })
  void keysAreUsedThroughTheirServiceOnly(String action, String key, String via, Answer answer) {
    Request request =
        new Request(
            ROLE,
            action,
            "arn:aws:kms:us-east-2:123456789012:key/" + key,
            Map.of("kms:ViaService", via));
    assertThat(role("full", "function").on(request)).isEqualTo(answer);
    assertThat(role("defaults", "function").on(request)).isEqualTo(Answer.SILENT);
  }

  @Test
  void oneStatementWithoutAListIsKeptAndSoAreIdAndVersion() {
    JsonNode policy = bucketPolicy("one-statement");
    assertThat(policy.path("Id").asText()).isEqualTo("site");
    assertThat(policy.path("Version").asText()).isEqualTo("2008-10-17");
    assertThat(policy.findValuesAsText("Sid")).hasSize(4).startsWith("Cdn");
    PolicyDecision bucket = new PolicyDecision(policy.path("Statement"));
    assertThat(bucket.on(get(CDN, SUMMARY, Map.of()))).isEqualTo(Answer.ALLOWED);
    assertThat(bucket.on(get(CDN, CLOSES, Map.of()))).isEqualTo(Answer.DENIED);
  }

  @Test
  void aStatementOfOursThatWasMergedByHandIsReplaced() {
    assertThat(bucketPolicy("merged-before").path("Statement"))
        .isEqualTo(Terraform.json(output("defaults", "bucket_policy_statements")));
  }

  @Test
  void theScheduleInvokesTheAliasAndNothingElse() {
    PolicyDecision role = role("defaults", "schedule");
    assertThat(role.on(ask("lambda:InvokeFunction", "<aws_lambda_alias.live.arn>")))
        .isEqualTo(Answer.ALLOWED);
    assertThat(role.on(ask("lambda:InvokeFunction", "<aws_lambda_function.indexer.arn>")))
        .isEqualTo(Answer.SILENT);
    assertThat(role.on(ask("lambda:UpdateFunctionCode", "<aws_lambda_alias.live.arn>")))
        .isEqualTo(Answer.SILENT);
    assertThat(role.on(ask("sqs:SendMessage", "<aws_sqs_queue.undelivered.arn>")))
        .isEqualTo(Answer.ALLOWED);
  }

  @Test
  void theStateMachineInvokesItsFunctionAndNothingElse() {
    PolicyDecision role = role("full", "backfill");
    assertThat(role.on(ask("lambda:InvokeFunction", "<aws_lambda_function.backfill.arn>")))
        .isEqualTo(Answer.ALLOWED);
    for (String other :
        List.of("<aws_lambda_alias.live.arn>", "<aws_lambda_function.indexer.arn>")) {
      assertThat(role.on(ask("lambda:InvokeFunction", other))).isEqualTo(Answer.SILENT);
    }
    assertThat(
            role("full", "function")
                .on(
                    ask(
                        "logs:PutLogEvents",
                        "<aws_cloudwatch_log_group.backfill.arn>:log-stream:x")))
        .isEqualTo(Answer.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {CLOSES, CURSOR})
  void rowsAndStateAreNeverPutWithoutACondition(String object) {
    PolicyDecision bucket = bucket();
    assertThat(bucket.on(put(object, Map.of("s3:ObjectCreationOperation", "true"))))
        .isEqualTo(Answer.DENIED);
    for (String condition : List.of("s3:if-match", "s3:if-none-match")) {
      Map<String, String> context =
          Map.of(
              "s3:ObjectCreationOperation",
              "true",
              condition,
              "x",
              "aws:PrincipalAccount",
              "123456789012");
      assertThat(bucket.on(put(object, context))).as(condition).isEqualTo(Answer.SILENT);
    }
  }

  @Test
  void documentsAndOtherPartsOfTheBucketArePutAsBefore() {
    Map<String, String> context = Map.of("s3:ObjectCreationOperation", "true");
    assertThat(bucket().on(put(SUMMARY, context))).isEqualTo(Answer.SILENT);
    assertThat(bucket().on(put(BUCKET + "/index.html", context))).isEqualTo(Answer.SILENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {CLOSES, CURSOR})
  void theCdnThePublicAndOtherAccountsReadNoRowsAndNoState(String object) {
    PolicyDecision bucket = bucket();
    assertThat(bucket.on(get(CDN, object, Map.of()))).isEqualTo(Answer.DENIED);
    assertThat(bucket.on(get("*", object, Map.of()))).isEqualTo(Answer.DENIED);
    assertThat(bucket.on(get("*", object, Map.of("aws:PrincipalAccount", "999999999999"))))
        .isEqualTo(Answer.DENIED);
    assertThat(bucket.on(get(ROLE, object, Map.of("aws:PrincipalAccount", "123456789012"))))
        .isEqualTo(Answer.SILENT);
  }

  @Test
  void theCdnReadsTheDocumentsAndTheSiteAsBefore() {
    assertThat(bucket().on(get(CDN, SUMMARY, Map.of()))).isEqualTo(Answer.ALLOWED);
    assertThat(bucket().on(get(CDN, BUCKET + "/index.html", Map.of()))).isEqualTo(Answer.ALLOWED);
  }

  @Test
  void whatIsMergedByHandIsWhatWouldBeManaged() {
    JsonNode byHand = Terraform.json(output("defaults", "bucket_policy_statements"));
    ArrayNode managed = (ArrayNode) bucketStatements().deepCopy();
    managed.remove(0);
    assertThat(byHand).isEqualTo(managed);
  }

  @Test
  void aPolicyThatIsChangedForTheWorseIsSeen() {
    ArrayNode changed = (ArrayNode) bucketStatements().deepCopy();
    ((ObjectNode) changed.get(1).path("Condition").path("Null")).remove("s3:if-none-match");
    changed.remove(2);
    changed.remove(2);
    PolicyDecision bucket = new PolicyDecision(changed);
    assertThat(bucket.on(get(CDN, CLOSES, Map.of()))).isEqualTo(Answer.ALLOWED);
    assertThat(
            bucket.on(
                put(CLOSES, Map.of("s3:ObjectCreationOperation", "true", "s3:if-none-match", "*"))))
        .isEqualTo(Answer.DENIED);
    ObjectNode wide = (ObjectNode) statements("full", "function").get(0).deepCopy();
    wide.put("Action", "s3:*");
    assertThat(
            new PolicyDecision(Terraform.json("[" + wide + "]"))
                .on(ask("s3:DeleteObject", SUMMARY)))
        .isEqualTo(Answer.ALLOWED);
  }

  private static Request list(Map<String, String> context) {
    return new Request(ROLE, "s3:ListBucket", BUCKET, context);
  }

  private static Request ask(String action, String resource) {
    return new Request(ROLE, action, resource, Map.of());
  }

  private static Request put(String object, Map<String, String> context) {
    return new Request(ROLE, "s3:PutObject", object, context);
  }

  private static Request get(String principal, String object, Map<String, String> context) {
    return new Request(principal, "s3:GetObject", object, context);
  }

  private PolicyDecision role(String scenario, String name) {
    return new PolicyDecision(statements(scenario, name));
  }

  private JsonNode statements(String scenario, String name) {
    JsonNode policy = terraform.resources(scenario).path("aws_iam_role_policy").path(name);
    return Terraform.json(policy.path("policy").asText()).path("Statement");
  }

  private PolicyDecision bucket() {
    return new PolicyDecision(bucketStatements());
  }

  private JsonNode bucketStatements() {
    return bucketPolicy("full").path("Statement");
  }

  private JsonNode bucketPolicy(String scenario) {
    JsonNode policy = terraform.resources(scenario).path("aws_s3_bucket_policy").path("shared");
    return Terraform.json(policy.path("policy").asText());
  }

  private String output(String scenario, String name) {
    return terraform.rendered().path(scenario).path("output").path(name).asText();
  }
}
