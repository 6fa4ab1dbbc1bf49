package org.mor.throughput.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.opentest4j.TestAbortedException;

/**
 * The Terraform files as the real parser reads them, and what they come to for some values of the
 * variables. Trees are shared: a test that changes one copies it first.
 *
 * @param files by name: "text", "tree" and "formatted"
 * @param references every reference: "file" and "to"
 * @param rendered by scenario: "resource" (by type, by name), "output" and "refused"
 * @param crooked two crooked lines as the formatter writes them
 */
record Terraform(JsonNode files, JsonNode references, JsonNode rendered, String crooked) {
  static final String SCENARIOS =
      """
      {"defaults": {},
       "full": {"manage_bucket_policy": true, "manage_bucket_versioning": true,
         "manage_bucket_lifecycle": true, "snap_start": true, "dashboard": true, "backfill": true,
         "user_hash_key_secret": true, "live_url": "https://live.example.com",
         "bucket_kms_key_arn": "arn:aws:kms:us-east-2:123456789012:key/bucket",
         "secret_kms_key_arn": "arn:aws:kms:us-east-2:123456789012:key/secret",
         "log_kms_key_arn": "arn:aws:kms:us-east-2:123456789012:key/log",
         "cloudfront_distribution_id": "E1A2B3C4D5E6F7",
         "settings": {"TPS_CLAMP": "400"},
         "alarm_topic_arns": ["arn:aws:sns:us-east-2:123456789012:on-call"],
         "bucket_policy_base": "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Sid\\":\\"Cdn\\",\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"Service\\":\\"cloudfront.amazonaws.com\\"},\\"Action\\":\\"s3:GetObject\\",\\"Resource\\":\\"arn:aws:s3:::prd-tech-website/*\\"}]}"},
       "one-statement": {"manage_bucket_policy": true, "name": "stg-indexer",
         "bucket_policy_base": "{\\"Version\\":\\"2008-10-17\\",\\"Id\\":\\"site\\",\\"Statement\\":{\\"Sid\\":\\"Cdn\\",\\"Effect\\":\\"Allow\\",\\"Principal\\":\\"*\\",\\"Action\\":\\"s3:GetObject\\",\\"Resource\\":\\"arn:aws:s3:::prd-tech-website/*\\"}}"},
       "merged-before": {"manage_bucket_policy": true,
         "bucket_policy_base": "{\\"Statement\\":[{\\"Sid\\":\\"ThroughputRefusesUnconditionalPuts\\",\\"Effect\\":\\"Deny\\"}]}"},
       "no-statement": {"bucket_policy_base": "{\\"Statement\\":\\"Allow\\"}"},
       "no-json": {"bucket_policy_base": "Statement"},
       "plain-key": {"user_hash_key": "sixteen-characters"},
       "alias": {"bucket_kms_key_arn": "arn:aws:kms:us-east-2:123456789012:alias/site",
         "secret_kms_key_arn": "alias/site", "log_kms_key_arn": "11111111-2222"},
       "slow": {"timeout_seconds": 900},
       "unnamed": {"settings": {"BASE_RPC_URL": "https://example.com"}},
       "paused": {"schedule_enabled": false},
       "athena": {"enable_athena": true, "athena_scan_limit_gb": 2},
       "athena-limit": {"athena_scan_limit_gb": 0.5},
       "unreserved": {"backfill": true, "reserved_concurrency": -1},
       "unreserved-few": {"backfill": true, "reserved_concurrency": -1, "backfill_concurrency": 2},
       "wiping": {"manage_bucket_policy": true}}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Read once for all tests; a test that asks is skipped where the parser is not to be had. */
  static Terraform read() {
    if (Once.READ instanceof TestAbortedException skipped) {
      throw skipped;
    }
    return (Terraform) Once.READ;
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return json(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  /** All blocks of a kind ("variable", "output", "resource", ...) of all files, by name. */
  ObjectNode blocks(String kind) {
    ObjectNode all = JSON.createObjectNode();
    for (JsonNode file : files) {
      for (Map.Entry<String, JsonNode> each : file.path("tree").path(kind).properties()) {
        if (kind.equals("resource") || kind.equals("data")) {
          all.withObjectProperty(each.getKey()).setAll((ObjectNode) each.getValue());
        } else {
          all.set(each.getKey(), each.getValue().get(0));
        }
      }
    }
    return all;
  }

  /** The names of all locals. */
  List<String> locals() {
    List<String> names = new ArrayList<>();
    for (JsonNode file : files) {
      for (JsonNode block : file.path("tree").path("locals")) {
        block.fieldNames().forEachRemaining(names::add);
      }
    }
    return names;
  }

  /** The resources of a scenario, by type and name. */
  JsonNode resources(String scenario) {
    return rendered.path(scenario).path("resource");
  }

  static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static final class Once {
    /** What was read, or why it could not be. */
    private static final Object READ = now();

    private static Object now() {
      try {
        String folder = Path.of("terraform").toAbsolutePath().toString();
        JsonNode all = json(TerraformTools.run("read.mjs", SCENARIOS, folder));
        return new Terraform(
            all.get("files"),
            all.get("references"),
            all.get("rendered"),
            all.get("crooked").asText());
      } catch (TestAbortedException skipped) {
        return skipped;
      }
    }
  }
}
