package org.mor.throughput.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.store.MemoryObjectStore;

/** The description against the server it describes. */
class OpenApiTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private StoreServer server;
  private JsonNode description;

  @BeforeEach
  void start() throws Exception {
    MemoryObjectStore store = new MemoryObjectStore();
    PublishedStore.publish(
        store, ListedRows.random(1, 300, PublishedStore.NOW - 30 * 86400L, PublishedStore.NOW), 1);
    server = StoreServer.start(store, 0);
    description = json(get("/openapi.json"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyDescribedPathAnswersItsExampleInItsShape() throws Exception {
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      JsonNode get = path.getValue().path("get");
      HttpResponse<String> answer = get(example(path.getKey(), get));
      assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(200);
      JsonNode schema = get.at("/responses/200/content/application~1json/schema");
      check(path.getKey(), json(answer), schema);
    }
  }

  @Test
  void everyRouteAndEveryParameterIsDescribed() throws IOException {
    Set<String> routes =
        Pattern.compile("case \"(/[^\"]+)\"")
            .matcher(
                Files.readString(Path.of("src/main/java/org/mor/throughput/serve/Routes.java")))
            .results()
            .map(route -> route.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    routes.remove("/");
    routes.add("/api/throughput/{document}");
    Set<String> described = new TreeSet<>();
    description.path("paths").fieldNames().forEachRemaining(described::add);
    assertThat(described).isEqualTo(routes);
    Set<String> parameters = new TreeSet<>();
    for (JsonNode parameter :
        description.path("paths").path("/api/analytics/throughput").at("/get/parameters")) {
      parameters.add(parameter.path("name").asText());
    }
    assertThat(parameters).isEqualTo(Question.PARAMETERS);
  }

  @Test
  void whatIsRefusedHasTheShapeOfAnError() throws Exception {
    for (String path :
        Set.of(
            "/api/analytics/throughput?groupBy=user",
            "/api/throughput/none.json",
            "/api/analytics/throughput?from=%ff")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isIn(400, 404);
      check(
          path,
          json(answer),
          JsonMapper.builder()
              .build()
              .createObjectNode()
              .put("$ref", "#/components/schemas/Error"));
    }
  }

  private static String example(String path, JsonNode get) {
    String filled = path;
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : get.path("parameters")) {
      String value = parameter.path("example").asText();
      if (parameter.path("in").asText().equals("path")) {
        filled = filled.replace("{" + parameter.path("name").asText() + "}", value);
      } else {
        query.append(query.isEmpty() ? "?" : "&").append(parameter.path("name").asText());
        query.append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return filled + query;
  }

  /** Required fields are there, and the types of the described ones are right. */
  private void check(String where, JsonNode value, JsonNode schema) {
    JsonNode own =
        schema.has("$ref") ? description.at(schema.path("$ref").asText().substring(1)) : schema;
    own.path("allOf").forEach(part -> check(where, value, part));
    own.path("required")
        .forEach(
            field -> assertThat(value.has(field.asText())).as("%s: %s", where, field).isTrue());
    own.path("properties")
        .properties()
        .forEach(
            property -> {
              if (value.has(property.getKey())) {
                check(
                    where + "." + property.getKey(),
                    value.path(property.getKey()),
                    property.getValue());
              }
            });
    if (own.has("items")) {
      value.forEach(element -> check(where + "[]", element, own.path("items")));
    }
    if (own.path("type").asText().equals("integer")) {
      assertThat(value.isIntegralNumber()).as(where).isTrue();
    }
    if (own.path("type").asText().equals("string")) {
      assertThat(value.isTextual()).as(where).isTrue();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create(server.address().toString().replaceFirst("/$", "") + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    return new JsonMapper().readTree(answer.body());
  }
}
