package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.store.ObjectKey;
import wiremock.com.networknt.schema.InputFormat;
import wiremock.com.networknt.schema.JsonSchema;
import wiremock.com.networknt.schema.JsonSchemaFactory;
import wiremock.com.networknt.schema.SchemaLocation;
import wiremock.com.networknt.schema.SpecVersion.VersionFlag;

/**
 * The schemas of {@code docs/schema} against every golden document. The validator is the one that
 * WireMock carries.
 */
class SchemasTest {
  private static final Path SCHEMAS = Path.of("docs/schema").toAbsolutePath();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> SERIES =
      Set.of("hourly", "daily", "daily-recent", "weekly", "monthly");

  /** Fields that some documents do not have, each with the reason in its schema. */
  private static final Set<String> OPTIONAL =
      Set.of("generation", "rewind", "sparseFrom", "tags", "nonce", "proven", "count", "strays");

  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  static Stream<Arguments> documents() throws IOException {
    List<Arguments> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(GoldenDocumentsTest.GOLDEN)) {
      for (Path file : files.sorted().filter(f -> f.toString().endsWith(".json")).toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        documents.add(Arguments.of(name, (ObjectNode) JSON.readTree(Files.readString(file))));
      }
    }
    return documents.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void aDocumentFitsItsSchema(String name, ObjectNode document) {
    assertThat(faults(name, document)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void aFieldThatNoSchemaKnowsIsRefusedAnywhere(String name, ObjectNode document) {
    shorten(document);
    List<ObjectNode> objects = objects(document);
    assertThat(objects).isNotEmpty();
    for (ObjectNode object : objects) {
      object.put("surprise", 1);
      assertThat(faults(name, document)).as("in %s", object).isNotEmpty();
      object.remove("surprise");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void aFieldThatIsMissingIsRefused(String name, ObjectNode document) {
    shorten(document);
    for (ObjectNode object : objects(document)) {
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        boolean isFree =
            OPTIONAL.contains(field.getKey())
                || field.getKey().endsWith(".json")
                || (field.getKey().equals("asOfBlock") && object.has("state"));
        if (!isFree) {
          object.remove(field.getKey());
          assertThat(faults(name, document)).as("without %s", field.getKey()).isNotEmpty();
          object.set(field.getKey(), field.getValue());
        }
      }
    }
  }

  @Test
  void everyDocumentOfARewoundStoreFitsToo() throws IOException {
    DocumentHead head = Published.head();
    AsOf rewound = new AsOf(head.asOf().block(), head.asOf().time(), 3);
    DocumentHead again =
        new DocumentHead(head.network(), head.diamond(), rewound, head.generatedAt());
    for (Document document : Published.documents(Published.rows(), 1, again)) {
      ObjectNode json = (ObjectNode) JSON.readTree(document.body());
      assertThat(json.path("generation").asInt()).isEqualTo(3);
      assertThat(faults(nameOf(document.key()), json)).as("%s", document.key()).isEmpty();
    }
  }

  @Test
  void everySchemaIsUsed() throws IOException {
    Set<String> used = new TreeSet<>(Set.of("common.schema.json"));
    documents().forEach(document -> used.add(schemaOf((String) document.get()[0])));
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(used);
    }
  }

  private static String nameOf(ObjectKey key) {
    return key.value().replaceFirst("^rollup/", "").replaceFirst("\\.json$", "");
  }

  private static String schemaOf(String name) {
    String kind =
        SERIES.contains(name) ? "series" : name.startsWith("month-") ? "performance-month" : name;
    return kind + ".schema.json";
  }

  private static Set<?> faults(String name, ObjectNode document) {
    String file = SCHEMAS.resolve(schemaOf(name)).toUri().toString();
    JsonSchema schema = FACTORY.getSchema(SchemaLocation.of(file));
    return schema.validate(document.toString(), InputFormat.JSON);
  }

  /** Leaves two objects of each list, so that many validations take little time. */
  private static void shorten(JsonNode node) {
    if (node instanceof ArrayNode list && list.path(0).isObject()) {
      while (list.size() > 2) {
        list.remove(list.size() - 1);
      }
    }
    node.forEach(SchemasTest::shorten);
  }

  /** The document's objects; of a list the first alone. */
  private static List<ObjectNode> objects(JsonNode node) {
    List<ObjectNode> objects = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      objects.add(object);
      object.forEach(field -> objects.addAll(objects(field)));
    } else if (node.isArray() && !node.isEmpty()) {
      objects.addAll(objects(node.get(0)));
    }
    return objects;
  }
}
