package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.mor.throughput.chain.Sha256;

/** A whole HTTP answer but for its connection. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Answer(int status, String contentType, String cacheControl, byte[] body) {
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=utf-8";

  /** A published document, for as long as it may be kept. */
  static Answer document(byte[] body, boolean immutable) {
    String cache = immutable ? "public, max-age=31536000, immutable" : "public, max-age=60";
    return new Answer(200, JSON, cache, body);
  }

  static Answer page(String html) {
    return new Answer(200, HTML, "no-store", utf8(html));
  }

  /** A published page, for as long as it may be kept. */
  static Answer publishedPage(byte[] html) {
    return new Answer(200, HTML, "public, max-age=60", html);
  }

  /** A published image in SVG. */
  static Answer publishedImage(byte[] svg) {
    return new Answer(200, "image/svg+xml", "public, max-age=60", svg);
  }

  /** What was computed for one question. */
  static Answer computed(JsonNode result) {
    return new Answer(200, JSON, "no-cache", utf8(result + "\n"));
  }

  static Answer health(int status, String state) {
    ObjectNode health = JsonNodeFactory.instance.objectNode().put("status", state);
    return new Answer(status, JSON, "no-store", utf8(health + "\n"));
  }

  /** {@code message} is one of our own texts; it repeats at most a harmless parameter name. */
  static Answer error(int status, String message) {
    ObjectNode error =
        JsonNodeFactory.instance.objectNode().put("status", status).put("error", message);
    return new Answer(status, JSON, "no-store", utf8(error + "\n"));
  }

  /** A strong validator: the content's hash, the same in every store. */
  String etag() {
    return '"' + Sha256.hex(body) + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
