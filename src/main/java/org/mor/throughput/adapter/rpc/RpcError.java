package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.chain.Bytes;

/** The error object of a JSON-RPC answer, whole. */
record RpcError(long code, String message, JsonNode data) {
  /** Nothing was said. */
  static final RpcError NONE = new RpcError(0, "", MissingNode.getInstance());

  /** Codes that mean a rate in whatever words; -32005 is "limit exceeded" in EIP-1474. */
  private static final Set<Long> RATES = Set.of(429L, -32005L, -32007L, -32012L, -32016L, -32029L);

  private static final long UNKNOWN_METHOD = -32601;
  private static final int REVERTED = 3;
  private static final int VM_EXECUTION_ERROR = -32015;
  private static final Pattern HEX = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");
  private static final String REVERT = "execution reverted";

  /** What some nodes put behind the words though it is no reason: empty data, the gas supplied. */
  private static final Pattern NO_REASON = Pattern.compile("\\([^)]*\\)|\\b0x\\b|[\\s:.!]+");

  /** Some nodes put a bare string or nothing where the error object belongs. */
  static RpcError read(JsonNode error) {
    return error.isTextual()
        ? new RpcError(0, error.textValue(), error.path("data"))
        : new RpcError(
            error.path("code").asLong(), error.path("message").asText(""), error.path("data"));
  }

  boolean isRate() {
    return RATES.contains(code);
  }

  boolean isUnknownMethod() {
    return code == UNKNOWN_METHOD;
  }

  boolean isRevert() {
    return code == REVERTED || lower(message).contains(REVERT) || isNethermindRevert();
  }

  /** Whether a revert neither has data nor says why: a call that ran out of gas ends like this. */
  boolean isBareRevert() {
    if (!isRevert() || !revertData().isEmpty()) {
      return false;
    }
    int words = lower(message).indexOf(REVERT);
    String reason = words < 0 ? message : message.substring(words + REVERT.length());
    return isNethermindRevert() || NO_REASON.matcher(reason).replaceAll("").isEmpty();
  }

  /** "VM execution error.", with "Reverted 0x..." as data. */
  private boolean isNethermindRevert() {
    return code == VM_EXECUTION_ERROR && lower(data.asText("")).startsWith("reverted");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
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
