package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Sha256;

/**
 * A whole HTTP answer but for its connection. What goes out is made once, so that an answer that is
 * kept costs neither a hash nor a compression again. Safe for use by many threads.
 */
final class Answer {
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=utf-8";

  private final int status;
  private final String contentType;
  private final String cacheControl;
  private final byte[] body;
  private volatile @Nullable Form plain;
  private volatile @Nullable Form small;

  /**
   * An answer as it goes out.
   *
   * @param etag a strong validator: the content's hash, the same in every store; empty where the
   *     answer is not kept by anybody
   * @param fields all headers of the answer alone
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Form(String etag, List<HttpField> fields, byte[] body) {}

  Answer(int status, String contentType, String cacheControl, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.cacheControl = cacheControl;
    this.body = body;
  }

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

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  /** The form for a reader: compressed where it takes gzip and the answer is worth it. */
  Form form(boolean gzip, Compression compression) {
    boolean smaller = gzip && status == 200 && Compression.isUseful(body);
    Form known = smaller ? small : plain;
    if (known != null) {
      return known;
    }
    Form made = made(smaller, compression);
    if (smaller) {
      small = made;
    } else {
      plain = made;
    }
    return made;
  }

  private Form made(boolean smaller, Compression compression) {
    List<HttpField> fields = new ArrayList<>();
    fields.add(new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, contentType));
    fields.add(new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, cacheControl));
    if (status != 200) {
      return new Form("", List.copyOf(fields), body);
    }
    String hash = Sha256.hex(body);
    String etag = smaller ? "\"" + hash + "-gzip\"" : "\"" + hash + "\"";
    fields.add(new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding"));
    fields.add(new PreEncodedHttpField(HttpHeader.ETAG, etag));
    return new Form(etag, List.copyOf(fields), smaller ? compression.gzip(hash, body) : body);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
