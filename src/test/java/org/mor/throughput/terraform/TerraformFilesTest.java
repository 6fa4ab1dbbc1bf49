package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What holds of every file: its form, its names, and that each check sees what it is there for. */
class TerraformFilesTest {
  private static final JsonNode SCHEMA =
      Terraform.json(Path.of("terraform/checks/aws-schema.json"));

  private final Terraform terraform = Terraform.read();

  @Test
  void everyFileIsWrittenAsTerraformFmtWritesIt() {
    assertThat(terraform.files().properties())
        .hasSizeGreaterThanOrEqualTo(12)
        .allSatisfy(
            file ->
                assertThat(file.getValue().path("text").asText())
                    .as(file.getKey())
                    .isEqualTo(file.getValue().path("formatted").asText()));
    assertThat(terraform.crooked()).isEqualTo("a    = 1\nlong = 2\n");
  }

  @Test
  void everyResourceIsOneTheProviderKnows() {
    assertThat(SchemaCheck.problems(terraform.blocks("resource"), SCHEMA)).isEmpty();
  }

  @Test
  void aWrongResourceIsSeen() {
    assertThat(schemaProblemsOf("aws_sqs_queue", "failed_runs", queue -> queue.put("nam", "x")))
        .containsExactly("aws_sqs_queue.failed_runs: no argument nam");
    assertThat(schemaProblemsOf("aws_lambda_alias", "live", alias -> alias.remove("name")))
        .containsExactly("aws_lambda_alias.live: lacks the required name");
    assertThat(
            schemaProblemsOf(
                "aws_scheduler_schedule",
                "indexer",
                schedule ->
                    ((ObjectNode) schedule.at("/target/0/retry_policy/0")).put("attempts", 1)))
        .containsExactly(
            "aws_scheduler_schedule.indexer.target.retry_policy: no argument attempts");
    assertThat(
            schemaProblemsOf(
                "aws_lambda_function",
                "indexer",
                function ->
                    ((ObjectNode) function.at("/dynamic/snap_start/0/content/0"))
                        .remove("apply_on")))
        .containsExactly("aws_lambda_function.indexer.snap_start: lacks the required apply_on");
    ObjectNode renamed = terraform.blocks("resource").deepCopy();
    renamed.set("aws_sqs_quewe", renamed.remove("aws_sqs_queue"));
    assertThat(SchemaCheck.problems(renamed, SCHEMA))
        .containsExactly("aws_sqs_quewe: no such resource in aws-schema.json");
  }

  @Test
  void everyReferenceLeadsSomewhereAndNothingIsDeclaredForNothing() {
    assertThat(terraform.references().size()).isGreaterThan(100);
    assertThat(ReferenceCheck.problems(terraform)).isEmpty();
  }

  @Test
  void aBrokenReferenceIsSeen() {
    ArrayNode more = (ArrayNode) terraform.references().deepCopy();
    for (String to :
        List.of(
            "var.nmae", "local.nothing", "aws_sqs_queue.lost.arn", "data.aws_region.here.name")) {
      more.addObject().put("file", "x.tf").put("to", to);
    }
    assertThat(
            ReferenceCheck.problems(
                new Terraform(terraform.files(), more, terraform.rendered(), "")))
        .containsExactly(
            "x.tf: there is no var.nmae",
            "x.tf: there is no local.nothing",
            "x.tf: there is no aws_sqs_queue.lost.arn",
            "x.tf: there is no data.aws_region.here.name");
    ObjectNode files = (ObjectNode) terraform.files().deepCopy();
    ((ObjectNode) files.at("/variables.tf/tree/variable")).putArray("idle").addObject();
    assertThat(
            ReferenceCheck.problems(
                new Terraform(files, terraform.references(), terraform.rendered(), "")))
        .containsExactly("var.idle is declared and used nowhere");
  }

  @Test
  void everyVariableIsTypedDescribedAndNeverNull() {
    assertThat(variableProblems(terraform.blocks("variable"))).isEmpty();
    ObjectNode worse = terraform.blocks("variable").deepCopy();
    ((ObjectNode) worse.get("bucket")).remove("description");
    ((ObjectNode) worse.get("prefix")).remove("type");
    ((ObjectNode) worse.get("region")).put("nullable", true);
    assertThat(variableProblems(worse)).containsExactlyInAnyOrder("bucket", "prefix", "region");
  }

  @Test
  void everyOutputIsDescribed() {
    assertThat(terraform.blocks("output").properties())
        .hasSizeGreaterThan(8)
        .allSatisfy(
            output ->
                assertThat(output.getValue().path("description").asText())
                    .as(output.getKey())
                    .endsWith("."));
  }

  @Test
  void valuesThatWouldDoHarmAreRefused() {
    assertThat(refused("defaults")).isEmpty();
    assertThat(refused("full")).isEmpty();
    assertThat(refused("slow"))
        .hasSize(1)
        .first()
        .asString()
        .contains("timeout_seconds must be below");
    assertThat(refused("unnamed")).hasSize(1).first().asString().contains("belongs in the secret");
    assertThat(refused("wiping"))
        .hasSize(1)
        .first()
        .asString()
        .contains("replaces the whole policy");
    assertThat(refused("no-statement")).hasSize(1).first().asString().contains("one statement or");
    assertThat(refused("no-json")).isEqualTo(refused("no-statement"));
    assertThat(refused("plain-key"))
        .hasSize(1)
        .first()
        .asString()
        .contains("put the same key into");
    assertThat(refused("alias"))
        .hasSize(3)
        .allMatch(refusal -> refusal.contains("not of an alias"));
  }

  /**
   * One off, or everything destroyed, would take away what the whole site or every wallet needs.
   */
  @Test
  void whatOthersNeedIsNeverDestroyed() {
    for (String guarded :
        List.of(
            "aws_s3_bucket_policy/shared",
            "aws_s3_bucket_versioning/shared",
            "aws_s3_bucket_lifecycle_configuration/shared",
            "aws_secretsmanager_secret/user_hash_key")) {
      JsonNode lifecycle =
          terraform.blocks("resource").at("/" + guarded + "/0/lifecycle/0/prevent_destroy");
      assertThat(lifecycle.asBoolean()).as(guarded).isTrue();
    }
  }

  private List<String> refused(String scenario) {
    return Terraform.each(terraform.rendered().path(scenario).path("refused"))
        .map(JsonNode::asText)
        .toList();
  }

  private List<String> schemaProblemsOf(String type, String name, Consumer<ObjectNode> change) {
    ObjectNode resources = terraform.blocks("resource").deepCopy();
    change.accept((ObjectNode) resources.path(type).path(name).get(0));
    return SchemaCheck.problems(resources, SCHEMA);
  }

  private static List<String> variableProblems(JsonNode variables) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : variables.properties()) {
      JsonNode variable = each.getValue();
      boolean good =
          variable.has("type")
              && variable.path("description").asText().endsWith(".")
              && variable.path("nullable").isBoolean()
              && !variable.path("nullable").asBoolean();
      if (!good) {
        problems.add(each.getKey());
      }
    }
    return problems;
  }
}
