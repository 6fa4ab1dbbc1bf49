package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.store.ObjectKey;

/**
 * A whole HTTP answer but for its connection. What goes out is made once, so that an answer that is
 * kept costs neither a hash nor a compression again. Safe for use by many threads.
 */
final class Answer {
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=utf-8";
  private static final int USEFUL_BYTES = 1024;

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

  /** A published document, page or image, for as long as it may be kept. */
  static Answer published(ObjectKey key, byte[] body) {
    String name = key.value();
    String type = name.endsWith(".html") ? HTML : name.endsWith(".svg") ? "image/svg+xml" : JSON;
    boolean immutable = PublishedKeys.isImmutable(key);
    String cache = immutable ? "public, max-age=31536000, immutable" : "public, max-age=60";
    return new Answer(200, type, cache, body);
  }

  static Answer page(String html) {
    return new Answer(200, HTML, "no-store", utf8(html));
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
  Form form(boolean gzip) {
    boolean smaller = gzip && status == 200 && body.length > USEFUL_BYTES;
    Form known = smaller ? small : plain;
    if (known != null) {
      return known;
    }
    Form made = made(smaller);
    if (smaller) {
      small = made;
    } else {
      plain = made;
    }
    return made;
  }

  private Form made(boolean smaller) {
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
    return new Form(etag, List.copyOf(fields), smaller ? gzip(body) : body);
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("Compressing in memory", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
