package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.chain.Bytes;

/** The error object of a JSON-RPC answer, whole. */
record RpcError(long code, String message, JsonNode data) {
  /** Nothing was said. */
  static final RpcError NONE = new RpcError(0, "", MissingNode.getInstance());

  private static final int REVERTED = 3;
  private static final Pattern HEX = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");

  /** Some nodes put a bare string or nothing where the error object belongs. */
  static RpcError read(JsonNode error) {
    return error.isTextual()
        ? new RpcError(0, error.textValue(), error.path("data"))
        : new RpcError(
            error.path("code").asLong(), error.path("message").asText(""), error.path("data"));
  }

  boolean isRevert() {
    return code == REVERTED || message.toLowerCase(Locale.ROOT).contains("execution reverted");
  }

  /** What the contract reverted with: plain hex, hex behind a word, or in an object. */
  Bytes revertData() {
    JsonNode holder = data.isObject() ? data.path("data") : data;
    Matcher hex = HEX.matcher(holder.asText(""));
    return hex.find() ? Bytes.fromHex(hex.group()) : Bytes.EMPTY;
  }

  /** Message and data: providers put the telling part in either. */
  String text() {
    return data.isMissingNode() || data.isNull() ? message : message + "\n" + data;
  }
}
